//! The gates that play runs.

use std::collections::BTreeSet;

use faultline_sim::script::Command;
use faultline_sim::{Facts, Script, Timeline, link};

use super::play::{Ended, cost, first_met, holds, play, start};
use super::{Gate, Report};
use crate::catalogue;
use crate::lesson::{Answer, Goal, Lesson, Observation, Par, Verb};
use crate::prose::plain;
use crate::runs::{self, LessonRun, Part};

/// Plays every run: gates about beliefs, goals, mended systems, palettes and replays.
pub(super) fn runs(lesson: &Lesson, report: &mut Report) {
    for run in runs::all(lesson) {
        let mut timeline = match start(lesson, &run.settings) {
            Ok(timeline) => timeline,
            Err(error) => {
                report.note(Gate::StepsAreReversible, &run.what, Err(error));
                continue;
            }
        };
        let (prefix, main) = run.scripts.split_at(run.scripts.len() - 1);
        if let Ended::Unmet(why) | Ended::Broken(why) = play(&mut timeline, prefix) {
            report.note(Gate::StepsAreReversible, &run.what, Err(format!("`before` fails: {why}")));
            continue;
        }
        let from = timeline.cursor();
        let ended = match states_something(&run) {
            Ok(()) => play(&mut timeline, main),
            Err(why) => Ended::Broken(why),
        };
        outcome(&run, ended, &mut timeline, from, report);
        report.note(Gate::ToolsAreOffered, &run.what, tools(lesson, &run, &timeline, from));
        report.note(Gate::ReplaysAreIdentical, &run.what, replay(lesson, &run, &mut timeline));
    }
}

fn outcome(run: &LessonRun<'_>, ended: Ended, timeline: &mut Timeline, from: u32, report: &mut Report) {
    let what = &run.what;
    match (run.part, ended) {
        (Part::Wrong, Ended::Unmet(why)) => report.note(Gate::WrongBeliefsFail, what, Ok(why)),
        (Part::Wrong, Ended::Well) => {
            report.note(
                Gate::WrongBeliefsFail,
                what,
                Err("this wrong belief holds when it is run".to_owned()),
            );
        }
        (Part::Wrong, Ended::Broken(why)) => {
            let why =
                format!("it fails, but not at an `expect`, so that a learner would see no reason: {why}");
            report.note(Gate::WrongBeliefsFail, what, Err(why));
        }
        (Part::Right, ended) => report.note(Gate::WrongBeliefsFail, what, well(ended)),
        (Part::Stage, ended) => report.note(Gate::StepsAreReversible, what, well(ended)),
        (Part::Side | Part::Shown, ended) => report.note(Gate::MendedResists, what, well(ended)),
        (Part::Solution(goal), ended) => {
            let reached = well(ended).and_then(|_| solved(goal, timeline, from));
            report.note(Gate::GoalsCanBeReached, what, reached);
        }
        (Part::WrongPath(goal), ended) => {
            let missed = well(ended).and_then(|_| missed(goal, timeline, from));
            report.note(Gate::GoalsCanBeReached, what, missed);
        }
        // In the mended system a step of the solution may be impossible: that is resistance, too.
        (Part::Resisted(goal), Ended::Well | Ended::Unmet(_) | Ended::Broken(_)) => {
            report.note(Gate::MendedResists, what, missed(goal, timeline, from));
        }
    }
}

/// A belief and a side of a contrast end in a check, for that is what they have to say.
fn states_something(run: &LessonRun<'_>) -> Result<(), String> {
    if !matches!(run.part, Part::Right | Part::Wrong | Part::Side) {
        return Ok(());
    }
    let script = run.scripts.last().copied().unwrap_or("");
    let script = Script::parse(script).map_err(|error| error.to_string())?;
    match script.steps().last() {
        Some((_, step)) if matches!(step.command, Command::Expect(_)) => Ok(()),
        _ => Err("its script does not end in an `expect`".to_owned()),
    }
}

fn well(ended: Ended) -> Result<String, String> {
    match ended {
        Ended::Well => Ok("played to its end".to_owned()),
        Ended::Unmet(why) | Ended::Broken(why) => Err(why),
    }
}

fn solved(goal: &Goal, timeline: &mut Timeline, from: u32) -> Result<String, String> {
    let met = first_met(&goal.predicate, timeline, from)
        .ok_or_else(|| "the solution does not reach the goal".to_owned())?;
    if met == from {
        return Err("the goal is met before anything has been done".to_owned());
    }
    let Some(par) = goal.par else {
        return Ok(format!("met after event {met}"));
    };
    let (Par::Steps(stated) | Par::Drops(stated) | Par::Faults(stated)) = par;
    let took = cost(timeline, par, from, met);
    if took == stated {
        Ok(format!("met after event {met}, at par: {stated}"))
    } else {
        Err(format!("par is stated as {stated}, but the solution takes {took}"))
    }
}

fn missed(goal: &Goal, timeline: &mut Timeline, from: u32) -> Result<String, String> {
    match first_met(&goal.predicate, timeline, from) {
        None => Ok("does not reach the goal".to_owned()),
        Some(event) => Err(format!("reaches the goal after event {event}")),
    }
}

/// The faults of a run against the palette: what a learner is to do must be on offer in that very step,
/// what is only shown, somewhere in the lesson.
fn tools(lesson: &Lesson, run: &LessonRun<'_>, timeline: &Timeline, from: u32) -> Result<String, String> {
    let by_learner = matches!(run.part, Part::Solution(_) | Part::WrongPath(_));
    let (first, palette) = match run.step {
        Some(step) if by_learner => (from, lesson.palette_at(step)),
        _ => (0, lesson.palette.as_slice()),
    };
    let done = timeline.interventions().iter().filter(|each| each.after >= first);
    let used: BTreeSet<Verb> = done.filter_map(|each| Verb::of(&each.action)).collect();
    let missing: Vec<&str> =
        used.iter().filter(|verb| !palette.contains(verb)).map(|verb| verb.word()).collect();
    if missing.is_empty() {
        Ok(format!("{} kinds of fault, all on the palette", used.len()))
    } else {
        Err(format!("not on the palette: {}", missing.join(", ")))
    }
}

/// Plays the run once more, and restores it from its own link.
fn replay(lesson: &Lesson, run: &LessonRun<'_>, timeline: &mut Timeline) -> Result<String, String> {
    timeline.seek(timeline.len());
    let digest = timeline.digest();
    let mut again = start(lesson, &run.settings)?;
    play(&mut again, &run.scripts);
    again.seek(again.len());
    if again.digest() != digest {
        return Err(format!("played again, the digest is {:016x} instead of {digest:016x}", again.digest()));
    }
    let recorded = link::decode(&link::encode(&timeline.run())).map_err(|error| error.to_string())?;
    let world = catalogue::build(&recorded.scenario).map_err(|error| error.to_string())?;
    let restored = Timeline::restore(&recorded, world).map_err(|error| error.to_string())?;
    if restored.digest() == digest {
        Ok(format!("digest {digest:016x}"))
    } else {
        Err(format!(
            "restored from its link, the digest is {:016x} instead of {digest:016x}",
            restored.digest()
        ))
    }
}

/// Every step entered, played back and forward, and its critical event looked at.
pub(super) fn steps(lesson: &Lesson, report: &mut Report) {
    for (index, step) in lesson.steps.iter().enumerate() {
        let what = format!("step {} ({})", index + 1, step.title);
        report.note(Gate::StepsAreReversible, &what, reversible(lesson, index));
        let beyond = lesson.palette_at(index).iter().find(|verb| !lesson.palette.contains(verb));
        let offered = match beyond {
            None => Ok(format!("{} tools on offer", lesson.palette_at(index).len())),
            Some(verb) => Err(format!("{} is not on the lesson’s palette", verb.word())),
        };
        report.note(Gate::ToolsAreOffered, &what, offered);
        if let Some(observation) = &step.observation {
            report.note(Gate::StepsAreReversible, &what, observed(lesson, index, observation));
        } else if step.critical.is_some() {
            report.note(
                Gate::StepsAreReversible,
                &what,
                at_critical(lesson, index).map(|_| "reached".to_owned()),
            );
        }
    }
}

fn staged(lesson: &Lesson, index: usize) -> Result<(Timeline, u32), String> {
    let (_, stage) = lesson.staged_by(index).ok_or("no step up to this one has a run")?;
    let mut timeline = start(lesson, &stage.settings)?;
    well(play(&mut timeline, &[&stage.before]))?;
    let from = timeline.cursor();
    well(play(&mut timeline, &[&stage.script]))?;
    Ok((timeline, from))
}

fn reversible(lesson: &Lesson, index: usize) -> Result<String, String> {
    let (mut timeline, _) = staged(lesson, index)?;
    let (length, end) = (timeline.len(), timeline.digest());
    while timeline.back() && timeline.cursor() > length.saturating_sub(20) {}
    timeline.seek(0);
    let fresh = start(lesson, &lesson.settings_at(index))?.digest();
    if timeline.digest() != fresh {
        return Err("back at the start the digest is not that of a fresh run".to_owned());
    }
    while timeline.cursor() < length {
        timeline.step().ok_or("the recorded run ends early")?;
    }
    if timeline.digest() == end {
        Ok(format!("{length} events back and forward"))
    } else {
        Err("played forward again, the digest is another".to_owned())
    }
}

/// The timeline at the step's critical event.
fn at_critical(lesson: &Lesson, index: usize) -> Result<Timeline, String> {
    let critical = lesson.steps[index].critical.as_ref().ok_or("an observation needs a `critical` block")?;
    let (mut timeline, from) = staged(lesson, index)?;
    let cast = timeline.world().cast().clone();
    if let Some(name) = critical.focus.iter().find(|name| cast.find(name).is_none()) {
        return Err(format!("`focus` names {name}, which is no node"));
    }
    critical.until.check(timeline.world()).map_err(|error| error.to_string())?;
    let event =
        first_met(&critical.until, &mut timeline, from).ok_or("the critical event is never reached")?;
    if event == from {
        return Err("the critical event is there before anything has happened".to_owned());
    }
    timeline.seek(event);
    Ok(timeline)
}

fn observed(lesson: &Lesson, index: usize, observation: &Observation) -> Result<String, String> {
    let timeline = at_critical(lesson, index)?;
    let facts = Facts::at_cursor(&timeline);
    match &observation.answer {
        Answer::Options(options) => {
            for option in options {
                option.holds.check(timeline.world()).map_err(|error| error.to_string())?;
            }
            let right: Vec<_> =
                options.iter().filter(|option| holds(&option.holds, timeline.world(), &facts)).collect();
            match right[..] {
                [one] => Ok(format!("“{}” is what is to be seen", plain(&one.text))),
                _ => Err(format!("{} options hold at the critical event, and one must", right.len())),
            }
        }
        Answer::Field { node, path } => {
            let id = timeline.world().cast().find(node).ok_or(format!("there is no node {node}"))?;
            let state = timeline.world().detail(id).ok_or(format!("{node} has no state"))?;
            let value = state.get(path, timeline.world().cast()).map_err(|error| error.to_string())?;
            Ok(format!("{node}.{path} is {}", value.text(timeline.world().cast())))
        }
    }
}
