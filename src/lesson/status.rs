//! What the lesson asks of the stage, and what it tells of itself.

use faultline_lessons::runner::{Phase, Runner, Screen};
use faultline_lessons::{Confidence, plain};
use faultline_model::Cast;

use crate::session::{GoalStatus, LessonStatus, PredictionStatus, Staging};

/// How the stage is to be set; `own` says whether the step's own run is on it.
pub fn staging(runner: &Runner, cast: &Cast, own: bool) -> Staging {
    let lesson = runner.lesson();
    let observing = runner.phase() == Phase::Observing && matches!(runner.screen(), Screen::Step(_));
    let critical = runner.content().and_then(|step| step.critical.as_ref()).filter(|_| observing && own);
    let focus = critical.map(|critical| critical.focus.iter().filter_map(|name| cast.find(name)).collect());
    Staging {
        layout: lesson.layout.clone(),
        palette: Some(lesson.palette_at(runner.step()).to_vec()),
        focus: focus.unwrap_or_default(),
        hold: (own && !runner.may_play())
            .then(|| "Make your prediction first: then the run starts.".to_owned()),
    }
}

/// Where the learner stands.
pub fn status(runner: &Runner) -> LessonStatus {
    let (lesson, record) = (runner.lesson(), runner.record());
    let prediction = |known: &faultline_lessons::Predicted| {
        let asked = lesson.steps.get(known.step as usize).and_then(|step| step.prediction.as_ref());
        let choice = asked.and_then(|asked| asked.options.get(known.option as usize));
        PredictionStatus {
            step: known.step + 1,
            choice: choice.map(|choice| plain(&choice.text)).unwrap_or_default(),
            confidence: confidence_word(known.confidence).to_owned(),
            right: known.right,
        }
    };
    let matched = record.matchings.iter().map(|known| PredictionStatus {
        step: known.step + 1,
        choice: format!("{} of {} pairs", known.rights(), known.effects.len()),
        confidence: confidence_word(known.confidence).to_owned(),
        right: known.rights() == known.effects.len(),
    });
    let goals = lesson.steps.iter().flat_map(|step| &step.goals);
    LessonStatus {
        slug: lesson.slug.clone(),
        title: lesson.title.clone(),
        step: runner.step() as u32 + 1,
        steps: lesson.steps.len() as u32,
        predictions: record.predictions.iter().map(prediction).chain(matched).collect(),
        goals: goals
            .map(|goal| GoalStatus {
                id: goal.id.clone(),
                text: plain(&goal.text),
                met: record.goals.contains_key(&goal.id),
            })
            .collect(),
        completed: record.completed,
    }
}

fn confidence_word(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Guess => "guess",
        Confidence::Fairly => "fairly",
        Confidence::Certain => "certain",
    }
}
