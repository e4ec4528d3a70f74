//! Every run that a lesson contains, with the settings it starts from and what is played in it.

use crate::lesson::{Choice, Fix, Lesson, Matching, Settings, Stage, Trial};
use crate::prose::plain;

/// One run.
pub(crate) struct LessonRun<'l> {
    /// How a person finds it: "step 3, goal new-leader, solution".
    pub what: String,
    /// The step that it belongs to; `None` in the quiz.
    pub step: Option<usize>,
    /// What part it plays.
    pub part: Part<'l>,
    /// What it starts from.
    pub settings: Settings,
    /// The scripts, one after the other.
    pub scripts: Vec<&'l str>,
}

/// What part a run plays in its lesson.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Part<'l> {
    /// A step's own run.
    Stage,
    /// A belief that holds.
    Right,
    /// A belief that must fail.
    Wrong,
    /// A side of a contrast.
    Side,
    /// A run that a question speaks of.
    Shown,
    /// The solution of that goal.
    Solution(&'l crate::lesson::Goal),
    /// The wrong path for that goal.
    WrongPath(&'l crate::lesson::Goal),
    /// The solution where the goal must be out of reach.
    Resisted(&'l crate::lesson::Goal),
}

/// All runs of a lesson, in its order.
pub(crate) fn all(lesson: &Lesson) -> Vec<LessonRun<'_>> {
    let mut runs = vec![];
    for index in 0..lesson.steps.len() {
        of_step(lesson, index, &mut runs);
    }
    for (index, question) in lesson.quiz.iter().enumerate() {
        let name = format!("quiz question {}", index + 1);
        let base = question.stage.as_ref().map(|trial| trial.settings.clone()).unwrap_or_default();
        let before = question.stage.as_ref().map(|trial| trial.script.as_str());
        if let Some(Trial { settings, script }) = &question.stage {
            let (what, part) = (name.clone(), Part::Shown);
            runs.push(LessonRun {
                what,
                step: None,
                part,
                settings: settings.clone(),
                scripts: vec![script],
            });
        }
        beliefs(&name, None, &question.options, &base, before, &mut runs);
    }
    runs
}

fn of_step<'l>(lesson: &'l Lesson, index: usize, runs: &mut Vec<LessonRun<'l>>) {
    let step = &lesson.steps[index];
    let name = format!("step {} ({})", index + 1, step.title);
    let settings = lesson.settings_at(index);
    let before = lesson.staged_by(index).map(|(_, stage)| stage.before.as_str());
    let mut push = |what: &str, part, settings: Settings, scripts: Vec<&'l str>| {
        runs.push(LessonRun { what: format!("{name}, {what}"), step: Some(index), part, settings, scripts });
    };
    if let Some(Stage { settings, before, script }) = &step.stage {
        push("its run", Part::Stage, settings.clone(), vec![before, script]);
    }
    if let Some(contrast) = &step.contrast {
        for side in [&contrast.failing, &contrast.fixed] {
            let what = format!("contrast “{}”", side.label);
            push(&what, Part::Side, settings.with(&side.trial.settings), vec![&side.trial.script]);
        }
    }
    for goal in &step.goals {
        let scripts = |script: &'l str| before.into_iter().chain([script]).collect::<Vec<_>>();
        let what = |what: &str| format!("goal {}, {what}", goal.id);
        push(&what("solution"), Part::Solution(goal), settings.clone(), scripts(&goal.solution));
        push(&what("wrong path"), Part::WrongPath(goal), settings.clone(), scripts(&goal.wrong));
        if let Some(Fix { settings: fixed, before: instead }) = &goal.resists {
            let first = instead.as_deref().or(before);
            let scripts = first.into_iter().chain([goal.solution.as_str()]).collect();
            push(&what("mended"), Part::Resisted(goal), settings.with(fixed), scripts);
        }
    }
    if let Some(prediction) = &step.prediction {
        beliefs(&name, Some(index), &prediction.options, &settings, before, runs);
    }
    if let Some(matching) = &step.matching {
        pairings(&name, index, matching, runs);
    }
}

/// Each cause with each effect: its own must come of it, and none of the others.
fn pairings<'l>(name: &str, step: usize, matching: &'l Matching, runs: &mut Vec<LessonRun<'l>>) {
    for (cause, made) in matching.pairs.iter().enumerate() {
        for (effect, shown) in matching.pairs.iter().enumerate() {
            runs.push(LessonRun {
                what: format!("{name}, “{}” makes “{}”", plain(&made.cause), plain(&shown.effect)),
                step: Some(step),
                part: if cause == effect { Part::Right } else { Part::Wrong },
                settings: made.run.settings.clone(),
                scripts: vec![&made.run.script, &shown.shows],
            });
        }
    }
}

fn beliefs<'l>(
    name: &str,
    step: Option<usize>,
    options: &'l [Choice],
    base: &Settings,
    before: Option<&'l str>,
    runs: &mut Vec<LessonRun<'l>>,
) {
    for choice in options {
        let Some(belief) = &choice.belief else {
            continue;
        };
        runs.push(LessonRun {
            what: format!("{name}, belief “{}”", plain(&choice.text)),
            step,
            part: if choice.right { Part::Right } else { Part::Wrong },
            settings: base.with(&belief.settings),
            scripts: before.into_iter().chain([belief.script.as_str()]).collect(),
        });
    }
}
