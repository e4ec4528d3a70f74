//! Playing a lesson's runs.

use faultline_sim::script::Why;
use faultline_sim::{Action, AnyWorld, Facts, Moment, Predicate, Progress, Script, Timeline, What};

use crate::catalogue;
use crate::lesson::{Lesson, Par, Settings};

/// How a sequence of scripts ended.
pub(super) enum Ended {
    /// All were played.
    Well,
    /// An `expect` was not met; the sentence says what was found instead.
    Unmet(String),
    /// Something else went wrong.
    Broken(String),
}

/// A world of that lesson at its start.
pub(super) fn start(lesson: &Lesson, settings: &Settings) -> Result<Timeline, String> {
    let scenario = lesson.scenario(settings);
    let world = catalogue::build(&scenario).map_err(|error| error.to_string())?;
    Ok(Timeline::new(scenario, world))
}

/// Plays scripts one after the other.
pub(super) fn play(timeline: &mut Timeline, scripts: &[&str]) -> Ended {
    for script in scripts {
        let script = match Script::parse(script) {
            Ok(script) => script,
            Err(error) => return Ended::Broken(error.to_string()),
        };
        if let Err(failure) = script.run(timeline) {
            return match &failure.why {
                Why::Unmet { .. } => Ended::Unmet(failure.to_string()),
                _ => Ended::Broken(failure.to_string()),
            };
        }
    }
    Ended::Well
}

/// The first event after which a goal was met, if any, looking at every moment from event `from` on. The
/// cursor ends at the end of the run.
pub(super) fn first_met(goal: &Predicate, timeline: &mut Timeline, from: u32) -> Option<u32> {
    timeline.seek(from);
    let mut progress = Progress::new(goal);
    let mut found = None;
    loop {
        let facts = Facts::at_cursor(timeline);
        let moment = Moment::new(timeline.world(), &facts);
        progress.observe(goal, &moment);
        if found.is_none() && goal.met(&moment, &progress) {
            found = Some(timeline.cursor());
        }
        if timeline.cursor() == timeline.len() {
            return found;
        }
        timeline.step();
    }
}

/// What a run cost from event `from` up to event `to`, by the measure of that par.
pub(super) fn cost(timeline: &Timeline, par: Par, from: u32, to: u32) -> u32 {
    let done = || timeline.interventions().iter().filter(|each| (from..to).contains(&each.after));
    let count = match par {
        Par::Steps(_) => {
            timeline.events()[from as usize..to as usize].iter().filter(|event| is_step(event.what)).count()
        }
        Par::Drops(_) => {
            done().filter(|each| matches!(each.action, Action::Drop(_) | Action::DropAll(..))).count()
        }
        Par::Faults(_) => done().filter(|each| each.action.is_fault()).count(),
    };
    count as u32
}

/// One event that a learner can click: an invocation, a delivery, a timer, a crash, a restart, a local
/// setting. What happens to a message on its way is none.
fn is_step(what: What) -> bool {
    matches!(
        what,
        What::Delivered
            | What::Fired
            | What::Invoked
            | What::Crashed
            | What::Restarted
            | What::RestartedEmpty
            | What::Paused
            | What::Resumed
            | What::Killed
            | What::ClockSet
            | What::ClockSynced
            | What::SpeedSet
    )
}

/// Whether a predicate holds in a world, with the facts of the run so far.
pub(super) fn holds(predicate: &Predicate, world: &dyn AnyWorld, facts: &Facts) -> bool {
    predicate.met(&Moment::new(world, facts), &Progress::new(predicate))
}
