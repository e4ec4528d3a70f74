//! A matching in place of a prediction.

use super::*;
use crate::{Matching, Pair};

fn pair(cause: &str, effect: &str, script: &str, shows: &str) -> Pair {
    let run = Trial { settings: Settings::default(), script: script.to_owned() };
    let (cause, effect, feedback) = (text(cause), text(effect), text("because"));
    Pair { cause, effect, feedback, run, shows: shows.to_owned() }
}

fn with_pairs() -> Lesson {
    let mut lesson = lesson();
    let pairs = vec![
        pair("nothing", "one leads", "run until leader", "expect 1 leader"),
        pair("all crash", "nobody leads", "crash S1\ncrash S2\ncrash S3\nrun 1s", "expect not leader"),
        pair("no time", "a beginning", "run 1us", "expect time < 1ms"),
    ];
    lesson.steps[0].prediction = None;
    lesson.steps[0].matching = Some(Matching { question: text("What makes what?"), pairs });
    lesson
}

#[test]
fn nothing_runs_before_all_pairs_are_made_and_locked_with_a_confidence() {
    let mut runner = Runner::new(Arc::new(with_pairs()), LessonProgress::default());
    assert_eq!((runner.phase(), runner.gate()), (Phase::Predicting, Some(Gate::Prediction)));
    let mut pairing = Pairing::new(3);
    pairing.pair(0, Some(1));
    pairing.pair(1, Some(0));
    assert_eq!(runner.pair_up(&pairing, Some(Confidence::Guess)), Err(Gate::Unpaired));
    pairing.pair(2, Some(2));
    assert_eq!(runner.pair_up(&pairing, None), Err(Gate::NoConfidence));
    assert_eq!(runner.pair_up(&Pairing::new(0), Some(Confidence::Guess)), Err(Gate::Unpaired));
    assert!(!runner.may_play());
    runner.pair_up(&pairing, Some(Confidence::Certain)).unwrap();
    assert_eq!(runner.phase(), Phase::Watching);
    let known = runner.matched().unwrap().clone();
    assert_eq!((known.rights(), known.is_right(0), known.is_right(2)), (1, false, true));
    pairing.undo();
    runner.pair_up(&pairing, Some(Confidence::Guess)).unwrap();
    assert_eq!(runner.matched(), Some(&known), "what is locked stays");
    assert_eq!(runner.record().predicted(), (1, 3));
    let again = Runner::new(Arc::new(with_pairs()), runner.record().clone());
    assert_eq!(again.matched(), Some(&known));
    let other = Runner::new(Arc::new(lesson()), runner.record().clone());
    assert_eq!(other.matched(), None, "another edition has another question");
}

#[test]
fn each_cause_makes_its_own_effect_and_no_other() {
    let lesson = with_pairs();
    let play = |cause, effect| attempt(&lesson, 0, Trying::Paired(cause, effect)).unwrap().unwrap().failure;
    assert_eq!(play(0, 0), None);
    assert_eq!(play(1, 1), None);
    assert!(play(0, 1).is_some_and(|why| why.starts_with("Expected: ")));
    assert!(play(1, 0).is_some());
    assert!(attempt(&lesson, 0, Trying::Paired(0, 3)).is_none());
    assert!(attempt(&lesson, 1, Trying::Paired(0, 0)).is_none());
    // Each effect once, in an order that says nothing of its cause.
    assert_eq!(lesson.steps[0].matching.as_ref().unwrap().offered(), [2, 1, 0]);
}
