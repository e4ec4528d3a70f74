//! Runs that are tried out beside the learner's own.

use super::*;

#[test]
fn trials_say_where_a_belief_fails_and_runs_say_where_they_part() {
    let trial = |script: &str| Trial { settings: Settings::default(), script: script.to_owned() };
    let mut lesson = lesson();
    let question = lesson.steps[0].prediction.as_mut().unwrap();
    question.options[0].belief = Some(trial("run until leader\nexpect 2 leader"));
    question.options[1].belief = Some(trial("run until leader\nexpect 1 leader"));
    let side = |label: &str, script| Side { label: label.to_owned(), trial: trial(script) };
    lesson.steps[0].contrast = Some(Contrast {
        about: vec![],
        failing: side("crash", "run 3 events\ncrash S1\nrun 50ms"),
        fixed: side("none", "run until leader"),
    });
    let play = |what| attempt(&lesson, 0, what).unwrap().unwrap();
    assert_eq!(play(Trying::Belief(1)).failure, None);
    assert!(play(Trying::Belief(0)).failure.is_some_and(|why| why.starts_with("Expected: ")));
    let (crashed, whole) = (play(Trying::Side { fixed: false }), play(Trying::Side { fixed: true }));
    assert_eq!(parting(&crashed.timeline, &whole.timeline), 3);
    assert!(attempt(&lesson, 0, Trying::Belief(7)).is_none());
    assert!(attempt(&lesson, 1, Trying::Side { fixed: true }).is_none());
    assert!(attempt(&lesson, 0, Trying::Answer(0, 0)).is_none());
    lesson.quiz[0].stage = Some(trial("launch S1"));
    assert!(attempt(&lesson, 0, Trying::Question(0)).unwrap().is_err(), "no script");
}

#[test]
fn a_belief_begins_where_the_learner_does() {
    let mut lesson = lesson();
    lesson.steps[0].stage = Some(Stage { before: "crash S1".to_owned(), ..Stage::default() });
    let belief = Trial { settings: Settings::default(), script: "expect S1.status = down".to_owned() };
    lesson.steps[0].prediction.as_mut().unwrap().options[0].belief = Some(belief.clone());
    assert_eq!(attempt(&lesson, 0, Trying::Belief(0)).unwrap().unwrap().failure, None);
    lesson.quiz[0].options[0].belief = Some(belief);
    assert!(
        attempt(&lesson, 2, Trying::Answer(0, 0)).unwrap().unwrap().failure.is_some(),
        "a quiz begins anew"
    );
}

#[test]
fn unknown_protocols_are_named() {
    let mut lesson = lesson();
    lesson.protocol = "rafft".to_owned();
    let error = stage(&lesson, 0, &Settings::default()).err().unwrap();
    assert!(matches!(error, RehearsalError::Scenario(catalogue::ScenarioError::Protocol { .. })));
}
