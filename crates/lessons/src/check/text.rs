//! The gates that need no run: sizes, the quiz, numbers and their sources.

use std::collections::BTreeSet;

use super::{Gate, Report};
use crate::lesson::{
    Goal, Lesson, MOST_PAIR_WORDS, MOST_STEPS, MOST_WORDS, Mark, QUIZ_LENGTH, QuestionKind, Step,
};
use crate::oracles;
use crate::prose::{Inline, plain, words};

/// Steps, words, questions, and what every step must have.
pub(super) fn sizes(lesson: &Lesson, report: &mut Report) {
    let gate = Gate::SizesAreKept;
    let within = |what: &str, found: usize, most: usize| {
        if found <= most {
            Ok(format!("{found} {what}"))
        } else {
            Err(format!("{found} {what}; at most {most}"))
        }
    };
    report.note(gate, "the lesson", within("steps", lesson.steps.len(), MOST_STEPS));
    for (index, step) in lesson.steps.iter().enumerate() {
        let what = format!("step {} ({})", index + 1, step.title);
        report.note(gate, &what, within("words", words(&step.prose), MOST_WORDS));
        report.note(
            gate,
            &format!("{what}, explanation"),
            within("words", words(&step.explanation), MOST_WORDS),
        );
        if step.prose.is_empty() {
            report.note(gate, &what, Err("it has no prose".to_owned()));
        }
        for choice in step.prediction.iter().flat_map(|prediction| &prediction.options) {
            if choice.belief.is_none() {
                let why =
                    "a prediction without the run of its belief is answered by a sentence only".to_owned();
                report.note(gate, &format!("{what}, “{}”", plain(&choice.text)), Err(why));
            }
        }
    }
    for pair in lesson.steps.iter().filter_map(|step| step.matching.as_ref()).flat_map(|all| &all.pairs) {
        for side in [&pair.cause, &pair.effect] {
            let what = format!("“{}”", plain(side));
            report.note(gate, &what, within("words", count(side), MOST_PAIR_WORDS));
        }
    }
    let first = lesson.steps.first();
    let predicts = first.is_some_and(Step::predicts);
    let outcome =
        if predicts { Ok("there".to_owned()) } else { Err("the first run has no prediction".to_owned()) };
    report.note(gate, "prediction before the first run", outcome);
    report.note(gate, "the quiz", quiz(lesson));
    let ids: BTreeSet<&str> = goals(lesson).map(|goal| goal.id.as_str()).collect();
    let unique = ids.len() == goals(lesson).count() && !ids.is_empty();
    let outcome =
        if unique { Ok(format!("{} goals", ids.len())) } else { Err("none, or two of one id".to_owned()) };
    report.note(gate, "the goals", outcome);
}

fn count(line: &[Inline]) -> usize {
    plain(line).split_whitespace().count()
}

fn goals(lesson: &Lesson) -> impl Iterator<Item = &Goal> {
    lesson.steps.iter().flat_map(|step| &step.goals)
}

fn quiz(lesson: &Lesson) -> Result<String, String> {
    use QuestionKind::{Invariant, Observation, Prediction, Transfer};
    let count = |kind| lesson.quiz.iter().filter(|question| question.kind == kind).count();
    let kinds = [Prediction, Observation, Invariant, Transfer].map(count);
    if lesson.quiz.len() == QUIZ_LENGTH && kinds == [2, 1, 1, 1] {
        Ok("two predictions and one of each other kind".to_owned())
    } else {
        Err(format!("{QUIZ_LENGTH} questions, two predictions and one of each other kind; here: {kinds:?}"))
    }
}

/// Numbers and marks of the source cards.
pub(super) fn numbers(lesson: &Lesson, report: &mut Report) {
    let gate = Gate::NumbersAreSourced;
    if lesson.sources.is_empty() {
        report.note(gate, "the sources", Err("there are none".to_owned()));
    }
    for source in &lesson.sources {
        let what = format!("{}, {}", source.citation, source.section);
        let Some(number) = &source.number else {
            report.note(gate, &what, Ok("no number".to_owned()));
            continue;
        };
        let row = oracles::find(&number.oracle, &number.value);
        report.note(
            gate,
            &what,
            match row {
                None => Err(format!("{} is not what row {} of the table says", number.value, number.oracle)),
                Some((_, mark)) if rank(source.status) < rank(mark) => {
                    Err(format!("the mark {:?} is better than the table’s {mark:?}", source.status))
                }
                Some((value, mark)) => Ok(format!("{value} as in row {}, {mark:?}", number.oracle)),
            },
        );
    }
}

/// Marks from the best on.
fn rank(mark: Mark) -> u8 {
    match mark {
        Mark::P => 0,
        Mark::Q => 1,
        Mark::C => 2,
        Mark::R => 3,
    }
}
