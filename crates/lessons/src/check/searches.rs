//! The gates that search: par is the least there is, and the mended system has no way at all.

use faultline_check::{Bounds, Counterexample, Search, Verdict};
use faultline_sim::{Predicate, Timeline};

use super::play::cost;
use super::{Gate, Report};
use crate::lesson::{Goal, Lesson, Par, Searched};
use crate::runner::searched;

/// Runs the searches of all goals that have one.
pub(super) fn searches(lesson: &Lesson, report: &mut Report) {
    for (index, step) in lesson.steps.iter().enumerate() {
        for goal in &step.goals {
            let Some(search) = &goal.search else { continue };
            let what = format!("step {} ({}), goal {}, search", index + 1, step.title, goal.id);
            let asked = |mended| match searched(lesson, index, goal, mended)? {
                Ok((timeline, bounds)) => Some(answer(search, timeline, bounds)),
                Err(error) => Some(Err(error.to_string())),
            };
            if let Some(asked) = asked(false) {
                let shortest = asked.and_then(|(verdict, timeline)| shortest(goal, &verdict, timeline));
                report.note(Gate::GoalsCanBeReached, &what, shortest);
            }
            let none = match (asked(true), search.states) {
                (Some(asked), states) => asked.and_then(|(verdict, _)| none(&verdict, states)),
                (None, None) => continue,
                (None, Some(_)) => Err("`states` belongs to a goal that `resists`".to_owned()),
            };
            report.note(Gate::MendedResists, &format!("{what} of the mended system"), none);
        }
    }
}

/// How a search ended, with its states if it tried everything.
enum Ended {
    Found(Counterexample),
    Exhausted(u32),
    CutOff(u32),
}

fn answer(search: &Searched, timeline: Timeline, bounds: Bounds) -> Result<(Ended, Timeline), String> {
    let world = timeline.world();
    let mut asked = Search::new(world, Some(&search.property), bounds).map_err(|error| error.to_string())?;
    let verdict = asked.finish().clone();
    let states = asked.progress().states;
    let ended = match verdict {
        Verdict::Found(found) => Ended::Found(found),
        Verdict::Exhausted if !asked.cut_off() => Ended::Exhausted(states),
        Verdict::Exhausted | Verdict::TooMany => Ended::CutOff(states),
    };
    Ok((ended, timeline))
}

/// A goal that is nothing but the violation has the shortest one as its par.
fn shortest(goal: &Goal, ended: &Ended, mut timeline: Timeline) -> Result<String, String> {
    let Ended::Found(found) = ended else {
        return Err("the search finds no way to break it".to_owned());
    };
    let from = timeline.cursor();
    faultline_check::play(&mut timeline, found).map_err(|refused| refused.to_string())?;
    let least = cost(&timeline, Par::Steps(0), from, timeline.len());
    match goal.par {
        Some(Par::Steps(par)) if least > par => Err(format!(
            "the shortest way that the search finds takes {least} steps and the solution {par}: its bounds are too narrow"
        )),
        Some(Par::Steps(par)) if least < par && matches!(goal.predicate, Predicate::Violated(_)) => {
            Err(format!("par is stated as {par}, and the search finds a way of {least} steps"))
        }
        _ => Ok(format!("the shortest way has {least} steps")),
    }
}

fn none(ended: &Ended, stated: Option<u32>) -> Result<String, String> {
    match (ended, stated) {
        (Ended::Found(found), _) => Err(format!("it breaks in {} steps", found.steps)),
        (Ended::CutOff(states), _) => Err(format!("not everything was tried, only {states} states")),
        (Ended::Exhausted(found), Some(stated)) if *found == stated => {
            Ok(format!("all {found} states within the bounds are good"))
        }
        (Ended::Exhausted(found), _) => Err(format!("it has {found} states: say `states: {found}`")),
    }
}
