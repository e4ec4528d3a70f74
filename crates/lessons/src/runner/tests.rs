use faultline_sim::{Action, Amount, Predicate, Timeline};

use super::observation::is_seen;
use super::*;
use crate::prose::Inline;
use crate::{
    Answer, Choice, Contrast, Critical, Goal, Layout, Observation, QuestionKind, Seen, Setting, Settings,
    Side, Stage, Trial, catalogue,
};

mod pairs;
mod trials;

fn text(words: &str) -> Vec<Inline> {
    vec![Inline::Text(words.to_owned())]
}

fn choice(words: &str, right: bool) -> Choice {
    Choice { text: text(words), right, feedback: text("because"), belief: None }
}

fn leaders(count: u32) -> Predicate {
    Predicate::Role { role: "leader".to_owned(), amount: Amount::exactly(count) }
}

fn goal(id: &str, predicate: Predicate) -> Goal {
    Goal {
        id: id.to_owned(),
        text: text(id),
        predicate,
        par: None,
        hints: vec![text("look closer"), text("do it")],
        solution: String::new(),
        wrong: String::new(),
        resists: None,
        search: None,
    }
}

fn step(title: &str) -> Step {
    Step {
        title: title.to_owned(),
        prose: vec![],
        stage: None,
        palette: None,
        prediction: None,
        matching: None,
        critical: None,
        observation: None,
        explanation: vec![],
        contrast: None,
        goals: vec![],
    }
}

/// Watch an election; make the cluster lose its leader; done.
fn lesson() -> Lesson {
    let predict =
        Prediction { question: text("Who leads?"), options: vec![choice("S1", false), choice("One", true)] };
    let seen = |words: &str, count| Seen { text: text(words), holds: leaders(count) };
    let observe = Observation {
        question: text("How many lead?"),
        answer: Answer::Options(vec![seen("none", 0), seen("one", 1), seen("two", 2)]),
        look: text("Count."),
    };
    let first = Step {
        stage: Some(Stage { script: "run until leader\nrun 200ms".to_owned(), ..Stage::default() }),
        prediction: Some(predict),
        critical: Some(Critical { until: leaders(1), focus: vec![] }),
        observation: Some(observe),
        ..step("Watch")
    };
    let lost = Predicate::Then(vec![leaders(1), leaders(0), leaders(1)]);
    let second = Step {
        stage: Some(Stage { before: "run until leader".to_owned(), ..Stage::default() }),
        goals: vec![
            goal("lose", lost),
            goal("crash-two", Predicate::Fault { verb: "crash".to_owned(), amount: Amount::exactly(2) }),
        ],
        ..step("Break it")
    };
    let question = Question {
        kind: QuestionKind::Prediction,
        question: text("And now?"),
        stage: None,
        options: vec![choice("yes", true), choice("no", false)],
    };
    Lesson {
        id: "L99".to_owned(),
        slug: "test".to_owned(),
        title: "Test".to_owned(),
        chapter: 6,
        minutes: 5,
        summary: String::new(),
        objectives: vec![],
        prerequisites: vec![],
        protocol: "raft".to_owned(),
        nodes: 3,
        seed: 7,
        set: vec![Setting { knob: "clients".to_owned(), value: "0".to_owned() }],
        layout: Layout::Ring,
        panels: vec![],
        palette: vec![],
        knobs: vec![],
        experiments: vec![],
        notes: vec![],
        steps: vec![first, second, step("Read")],
        quiz: vec![question.clone(), question],
        sources: vec![],
    }
}

fn runner() -> Runner {
    Runner::new(Arc::new(lesson()), LessonProgress::default())
}

/// A learner who has seen the outcome of the first step.
fn seen() -> Runner {
    let mut runner = runner();
    runner.predict(Some(1), Some(Confidence::Fairly)).unwrap();
    let rehearsed = stage(runner.lesson(), 0, &Settings::default()).unwrap();
    assert!(runner.reached(rehearsed.outcome.unwrap().sighting));
    runner
}

#[test]
fn nothing_runs_before_a_prediction_with_a_confidence_is_locked() {
    let mut runner = runner();
    assert_eq!((runner.phase(), runner.may_play()), (Phase::Predicting, false));
    assert_eq!(runner.predict(None, Some(Confidence::Guess)), Err(Gate::NoAnswer));
    assert_eq!(runner.predict(Some(9), Some(Confidence::Guess)), Err(Gate::NoAnswer));
    assert_eq!(runner.predict(Some(0), None), Err(Gate::NoConfidence));
    assert_eq!(runner.advance(), Err(Gate::Prediction));
    let locked = runner.predict(Some(0), Some(Confidence::Certain)).unwrap();
    assert!(!locked.right && runner.may_play());
    assert_eq!(runner.predict(Some(1), Some(Confidence::Guess)), Ok(locked), "what is locked stays");
}

#[test]
fn only_a_correct_observation_opens_the_explanation() {
    let mut runner = seen();
    assert_eq!((runner.phase(), runner.explained()), (Phase::Observing, false));
    assert_eq!(runner.observe(&Saw::Option(9)), Err(Gate::NoAnswer));
    assert_eq!(runner.observe(&Saw::Option(2)), Ok(false));
    assert_eq!(runner.advance(), Err(Gate::Observation));
    assert_eq!(runner.observe(&Saw::Option(1)), Ok(true));
    assert!(runner.explained());
    assert_eq!(runner.record().observations, [Observed { step: 0, wrong: 1, right: true }]);
    assert_eq!(runner.advance(), Ok(Screen::Step(1)));
}

#[test]
fn the_run_must_have_been_seen() {
    let mut runner = runner();
    runner.predict(Some(1), Some(Confidence::Guess)).unwrap();
    assert_eq!((runner.phase(), runner.advance()), (Phase::Watching, Err(Gate::Run)));
    assert_eq!(runner.observe(&Saw::Option(1)), Err(Gate::Run));
}

#[test]
fn every_step_that_was_reached_can_be_gone_back_to() {
    let mut runner = seen();
    runner.observe(&Saw::Option(1)).unwrap();
    assert!(!runner.go(2), "not reached yet");
    runner.advance().unwrap();
    runner.advance().unwrap();
    assert_eq!(runner.back(), Screen::Step(1));
    assert!(runner.go(0) && runner.explained(), "what is open stays open");
    assert_eq!(runner.back(), Screen::Step(0));
    assert!(runner.go(2));
}

#[test]
fn the_first_answer_of_the_quiz_counts_and_completion_needs_goals_and_quiz() {
    let mut runner = runner();
    runner.open_at(2);
    assert_eq!(runner.advance(), Ok(Screen::Quiz(0)));
    assert_eq!(runner.advance(), Err(Gate::Question));
    assert_eq!(runner.answer(0, None), Err(Gate::NoAnswer));
    assert_eq!(runner.answer(0, Some(1)), Ok(false));
    assert_eq!(runner.answer(0, Some(0)), Ok(false), "what was chosen first");
    assert_eq!(runner.advance(), Ok(Screen::Quiz(1)));
    assert_eq!(runner.answer(1, Some(0)), Ok(true));
    assert_eq!((runner.score(), runner.advance()), (1, Ok(Screen::Done)));
    assert!(!runner.record().completed, "goals are open");
    assert!(runner.meet("lose", Met { steps: 9, faults: 2 }));
    assert!(runner.meet("crash-two", Met { steps: 2, faults: 2 }));
    assert!(runner.record().completed);
    assert_eq!(runner.back(), Screen::Quiz(1));
    assert_eq!((runner.back(), runner.back()), (Screen::Quiz(0), Screen::Step(2)));
}

#[test]
fn an_explanation_does_not_give_a_goal_away() {
    let mut runner = runner();
    runner.open_at(1);
    assert!(!runner.explained());
    runner.meet("lose", Met { steps: 9, faults: 2 });
    assert!(!runner.explained(), "one goal is open");
    runner.meet("crash-two", Met { steps: 2, faults: 2 });
    assert!(runner.explained());
}

#[test]
fn the_best_attempt_at_a_goal_is_kept() {
    let mut runner = runner();
    assert!(runner.meet("lose", Met { steps: 9, faults: 2 }));
    assert!(!runner.meet("lose", Met { steps: 30, faults: 1 }));
    assert!(!runner.meet("lose", Met { steps: 40, faults: 3 }));
    assert_eq!(runner.met("lose"), Some(Met { steps: 30, faults: 1 }));
    assert!(!runner.meet("no-such-goal", Met { steps: 1, faults: 1 }));
}

#[test]
fn hints_come_one_rung_at_a_time_and_end() {
    let mut runner = runner();
    let taken: Vec<usize> = (0..5).map(|_| runner.hint("lose")).collect();
    assert_eq!(taken, [1, 2, 3, 3, 3], "its present truth and two of the author's");
    assert_eq!((runner.hint("no-such-goal"), runner.hints("crash-two")), (0, 0));
}

#[test]
fn a_record_survives_and_one_of_another_edition_is_used_as_far_as_it_fits() {
    let mut runner = seen();
    runner.observe(&Saw::Option(1)).unwrap();
    runner.advance().unwrap();
    let again = Runner::new(Arc::new(lesson()), runner.record().clone());
    assert_eq!((again.screen(), again.record()), (Screen::Step(1), runner.record()));
    let mut odd = runner.record().clone();
    odd.step = 900;
    odd.reached = 3;
    odd.predictions.push(Predicted { step: 7, option: 0, confidence: Confidence::Guess, right: true });
    odd.quiz.push(Answered { question: 44, option: 0, right: true });
    odd.goals.insert("gone".to_owned(), Met { steps: 1, faults: 0 });
    let fitted = Runner::new(Arc::new(lesson()), odd);
    assert_eq!(fitted.screen(), Screen::Step(2));
    assert_eq!(
        (fitted.record().predictions.len(), fitted.record().quiz.len(), fitted.record().goals.len()),
        (1, 0, 0)
    );
}

#[test]
fn a_lesson_without_steps_or_quiz_neither_panics_nor_traps() {
    let mut runner =
        Runner::new(Arc::new(Lesson { steps: vec![], quiz: vec![], ..lesson() }), LessonProgress::default());
    assert_eq!(runner.advance(), Ok(Screen::Done));
    assert_eq!(runner.back(), Screen::Step(0));
    assert_eq!(runner.predict(Some(0), Some(Confidence::Guess)), Err(Gate::NoAnswer));
    runner.open_at(5);
}

#[test]
fn typed_observations_forgive_case_and_brackets() {
    let observation = Observation {
        question: vec![],
        answer: Answer::Field { node: "S1".to_owned(), path: "votes".to_owned() },
        look: vec![],
    };
    let sighting = Sighting { options: vec![], field: Some("{S2, S3}".to_owned()) };
    let saw = |text: &str| is_seen(&observation, &sighting, &Saw::Text(text.to_owned()));
    assert_eq!((saw("s2,s3"), saw("S2 S3"), saw("  ")), (Some(true), Some(false), None));
    assert_eq!(is_seen(&observation, &sighting, &Saw::Option(0)), None);
}

#[test]
fn the_scripted_run_is_played_ahead_to_its_outcome_and_stands_at_its_start() {
    let rehearsed = stage(&lesson(), 0, &Settings::default()).unwrap();
    let outcome = rehearsed.outcome.unwrap();
    assert_eq!(rehearsed.timeline.cursor(), 0);
    assert!(outcome.event > 0 && outcome.event < rehearsed.timeline.len(), "it goes on beyond the outcome");
    assert_eq!(outcome.sighting.options, [false, true, false]);
    assert_eq!(stage(&lesson(), 1, &Settings::default()).unwrap().outcome, None);
    assert_eq!(
        opening(&lesson(), 0, &Settings::default()).unwrap().len(),
        0,
        "nothing of it is seen before the prediction"
    );
    let other = stage(&lesson(), 0, &Settings { seed: Some(8), ..Settings::default() }).unwrap();
    assert_ne!(other.timeline.events(), rehearsed.timeline.events(), "the address may change the seed");
}

#[test]
fn the_watch_sees_the_critical_event_where_the_rehearsal_found_it() {
    let lesson = lesson();
    let mut rehearsed = stage(&lesson, 0, &Settings::default()).unwrap();
    let mut watch = Watch::over(&lesson, 0, &rehearsed.timeline);
    let outcome = rehearsed.outcome.unwrap();
    loop {
        rehearsed.timeline.step().unwrap();
        if let Some(sighting) = watch.observe(&rehearsed.timeline).critical {
            assert_eq!((rehearsed.timeline.cursor(), sighting), (outcome.event, outcome.sighting));
            return;
        }
    }
}

fn crash_the_leader(timeline: &mut Timeline) {
    let view = timeline.world().view();
    let leader = view.nodes.iter().find(|node| node.role == "leader").unwrap().node;
    timeline.act(Action::Crash(leader)).unwrap();
}

/// Lets the schedule run until a goal is met, at most so many events.
fn goals_within(watch: &mut Watch, timeline: &mut Timeline, events: u32) -> Vec<(String, Met)> {
    for _ in 0..events {
        timeline.step().unwrap();
        let noticed = watch.observe(timeline);
        if !noticed.goals.is_empty() {
            return noticed.goals;
        }
    }
    vec![]
}

#[test]
fn a_goal_in_several_acts_is_met_only_after_all_of_them_and_its_cost_is_counted() {
    let lesson = lesson();
    let mut timeline = stage(&lesson, 1, &Settings::default()).unwrap().timeline;
    let mut watch = Watch::over(&lesson, 1, &timeline);
    assert_eq!(goals_within(&mut watch, &mut timeline, 200), [], "nothing was lost yet");
    crash_the_leader(&mut timeline);
    assert_eq!(watch.observe(&timeline).goals, []);
    let met = goals_within(&mut watch, &mut timeline, 5_000);
    assert_eq!(met.len(), 1);
    assert_eq!((met[0].0.as_str(), met[0].1.faults), ("lose", 1));
    let events = timeline.events()[watch.mark() as usize..].len() as u32;
    assert!(met[0].1.steps > 0 && met[0].1.steps <= events);
}

/// A script such as `run 2s` shows only its last event.
#[test]
fn a_goal_that_was_met_on_the_way_to_the_event_shown_is_met_once() {
    let lesson = lesson();
    let mut timeline = stage(&lesson, 1, &Settings::default()).unwrap().timeline;
    let mut watch = Watch::over(&lesson, 1, &timeline);
    let mut slow = watch.clone();
    for _ in 0..200 {
        timeline.step().unwrap();
        slow.observe(&timeline);
    }
    assert_eq!(watch.observe(&timeline).goals, []);
    crash_the_leader(&mut timeline);
    slow.observe(&timeline);
    let met = goals_within(&mut slow, &mut timeline, 5_000);
    for _ in 0..50 {
        timeline.step().unwrap();
        assert_eq!(slow.observe(&timeline).goals, []);
    }
    assert_eq!(watch.observe(&timeline).goals, met, "at the cost up to the event that met it");
    timeline.step().unwrap();
    assert_eq!(watch.observe(&timeline).goals, []);
}

#[test]
fn another_way_from_an_earlier_moment_is_followed_from_the_start_of_the_attempt() {
    let lesson = lesson();
    let mut timeline = stage(&lesson, 1, &Settings::default()).unwrap().timeline;
    let mut watch = Watch::over(&lesson, 1, &timeline);
    let mark = timeline.cursor();
    crash_the_leader(&mut timeline);
    watch.observe(&timeline);
    goals_within(&mut watch, &mut timeline, 5_000);
    // Back to before the crash: in the new future nobody has lost a leader.
    timeline.seek(mark);
    timeline.fork();
    assert_eq!(goals_within(&mut watch, &mut timeline, 300), []);
    let progress = watch.progress("lose").unwrap();
    let facts = faultline_sim::Facts::at_cursor(&timeline);
    let moment = faultline_sim::Moment::new(timeline.world(), &facts);
    assert!(!lesson.steps[1].goals[0].predicate.met(&moment, progress));
    assert_eq!(watch.cost(&timeline).faults, 0, "the crash belongs to the other branch");
}
