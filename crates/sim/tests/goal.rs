//! Goals judged on a running system: two lamps that switch themselves on and off.

mod lamp;

use faultline_model::Time;
use faultline_sim::{Facts, Moment, Predicate, Progress, perform};
use lamp::lamps;

fn goal(json: &str) -> Predicate {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

/// Whether the goal is true after these commands.
fn after(commands: &[&str], json: &str) -> bool {
    let mut run = lamps();
    for command in commands {
        perform(&mut run, command).unwrap();
    }
    let goal = goal(json);
    let facts = Facts::at_cursor(&run);
    goal.check(run.world()).unwrap();
    goal.met(&Moment::new(run.world(), &facts), &Progress::new(&goal))
}

#[test]
fn simple_goals_are_true_when_they_should_be() {
    let cases: &[(&str, &[&str], &[&str])] = &[
        (r#"{"role": "lit"}"#, &["run 12ms"], &["run 9ms"]),
        (r#"{"role": "LIT", "count": 2}"#, &["run 16ms"], &["run 12ms"]),
        (r#"{"role": "lit", "at-most": 1}"#, &["run 12ms"], &["run 16ms"]),
        (r#"{"role": "dark", "at-least": 2}"#, &["run 9ms"], &["run 9ms", "crash A"]),
        (r#"{"field": {"node": "A", "path": "lit", "is": true}}"#, &["run 12ms"], &["run 9ms"]),
        (r#"{"field": {"node": "a", "path": "role", "is-not": "dark"}}"#, &["run 12ms"], &["run 9ms"]),
        (r#"{"field": {"node": "A", "path": "since", "at-least": "10ms"}}"#, &["run 12ms"], &["run 9ms"]),
        (r#"{"field": {"node": "B", "path": "log.1", "is": 12}}"#, &["run 12ms"], &["run 9ms"]),
        (r#"{"field": {"node": "B", "path": "log.len", "less-than": 2}}"#, &["run 12ms"], &["run 22ms"]),
        (r#"{"field": {"node": "B", "path": "log.len", "more-than": 1}}"#, &["run 22ms"], &["run 12ms"]),
        (r#"{"field": {"node": "B", "path": "log.len", "at-most": 1}}"#, &["run 12ms"], &["run 22ms"]),
        (r#"{"field": {"node": "B", "path": "status", "is": "down"}}"#, &["crash B"], &["pause B"]),
        (
            r#"{"field": {"node": "A", "path": "operation", "is": "open"}}"#,
            &["invoke A ask"],
            &["run 12ms", "invoke A ask"],
        ),
        (r#"{"violated": "never-both"}"#, &["run 16ms"], &["run 12ms"]),
        (r#"{"holds": "never-both"}"#, &["run 12ms"], &["run 16ms"]),
        (
            r#"{"operation": {"process": "A", "call": "ask", "result": "true"}}"#,
            &["run 12ms", "invoke A ask"],
            &["invoke A ask"],
        ),
        (
            r#"{"operation": {"result": "open"}, "count": 2}"#,
            &["invoke A ask", "invoke B ask"],
            &["invoke A ask"],
        ),
        (r#"{"fault": "crash", "at-most": 1}"#, &["crash A"], &["crash A", "crash B"]),
        (r#"{"fault": "any", "count": 2}"#, &["crash A", "pause B"], &["crash A", "restart A"]),
        (r#"{"in-flight": {"from": "A", "kind": "flipped"}}"#, &["run 11ms"], &["run 16ms"]),
        (r#"{"in-flight": {"to": "A"}}"#, &["run 16ms"], &["run 11ms"]),
        (r#"{"quiet": true}"#, &["run 12ms"], &["run 11ms"]),
        (r#"{"quiet": false}"#, &["run 11ms"], &["run 12ms"]),
        (r#"{"before": "12ms"}"#, &["run 11ms"], &["run 12ms"]),
        (r#"{"after": "12ms"}"#, &["run 12ms"], &["run 11ms"]),
        (r#"{"within": {"events": 2}}"#, &["run 2 events"], &["run 3 events"]),
        (r#"{"within": {"faults": 1}}"#, &["crash A"], &["crash A", "crash B"]),
        (r#"{"all": [{"role": "lit"}, {"quiet": true}]}"#, &["run 12ms"], &["run 11ms"]),
        (
            r#"{"any": [{"role": "lit"}, {"quiet": true}]}"#,
            &["run 9ms"],
            &["crash A", "crash B", "restart A", "fire A", "fire A"],
        ),
        (r#"{"not": {"role": "lit"}}"#, &["run 9ms"], &["run 12ms"]),
    ];
    for (json, met, unmet) in cases {
        assert!(after(met, json), "{json} after {met:?}");
        assert!(!after(unmet, json), "{json} after {unmet:?}");
    }
}

/// At which events, counted from 0, a goal becomes true when every moment of 60 ms is observed.
fn turns_true(json: &str) -> Vec<u32> {
    let (mut run, goal) = (lamps(), goal(json));
    let mut progress = Progress::new(&goal);
    let mut turns = vec![];
    let mut before = false;
    loop {
        let facts = Facts::at_cursor(&run);
        let moment = Moment::new(run.world(), &facts);
        progress.observe(&goal, &moment);
        let met = goal.met(&moment, &progress);
        if met && !before {
            turns.push(run.cursor());
        }
        before = met;
        if run.next_due().is_none_or(|due| due > Time(60_000)) {
            return turns;
        }
        run.step();
    }
}

#[test]
fn a_sequence_needs_its_parts_at_different_events_in_order() {
    let at = |json: &str| turns_true(json).first().copied();
    let lit = turns_true(r#"{"role": "lit"}"#)[0];
    let both = turns_true(r#"{"violated": "never-both"}"#)[0];
    assert!(lit < both);
    assert_eq!(at(r#"{"then": [{"role": "lit"}, {"violated": "never-both"}]}"#), Some(both));
    // The same statement twice needs two events, and a statement that is true from the start the second.
    assert_eq!(at(r#"{"then": [{"before": "1s"}, {"before": "1s"}]}"#), Some(1));
    assert_eq!(at(r#"{"then": [{"before": "1s"}]}"#), Some(0));
    // In the other order it comes true later, and one that never comes never.
    let back = at(r#"{"then": [{"violated": "never-both"}, {"role": "lit", "count": 0}]}"#).unwrap();
    assert!(back > both);
    assert_eq!(at(r#"{"then": [{"role": "green"}, {"role": "lit"}]}"#), None);
    assert_eq!(at(r#"{"then": [{"after": "20ms"}, {"before": "15ms"}]}"#), None);
}

#[test]
fn a_sequence_stays_true_and_counts_within_other_goals() {
    // Once reached it stays: it turns true exactly once, although its last part turns false again.
    assert_eq!(turns_true(r#"{"then": [{"role": "lit"}, {"violated": "never-both"}]}"#).len(), 1);
    assert!(turns_true(r#"{"violated": "never-both"}"#).len() > 1);
    let nested = r#"{"all": [
        {"then": [{"role": "lit", "count": 2}, {"role": "lit", "count": 0}]},
        {"not": {"then": [{"role": "green"}, {"role": "lit"}]}},
        {"then": [{"any": [{"role": "lit"}, {"then": [{"role": "green"}]}]}, {"quiet": true}]},
        {"role": "lit"}
    ]}"#;
    let plain = turns_true(r#"{"then": [{"role": "lit", "count": 2}, {"role": "lit", "count": 0}]}"#)[0];
    assert!(turns_true(nested)[0] > plain);
}

#[test]
fn a_goal_says_how_each_of_its_parts_stands() {
    let goal = goal(
        r#"{"all": [
            {"violated": "never-both"},
            {"field": {"node": "a", "path": "log.1", "is": 3}},
            {"not": {"quiet": true}},
            {"then": [{"role": "lit"}, {"role": "lit", "count": 2}]},
            {"fault": "crash", "at-most": 1},
            {"within": {"events": 3}}
        ]}"#,
    );
    let mut run = lamps();
    let mut progress = Progress::new(&goal);
    for _ in 0..2 {
        let facts = Facts::at_cursor(&run);
        progress.observe(&goal, &Moment::new(run.world(), &facts));
        run.step();
    }
    let facts = Facts::at_cursor(&run);
    let moment = Moment::new(run.world(), &facts);
    progress.observe(&goal, &moment);
    let truth = goal.truth(&moment, &progress);
    assert!(!truth.met);
    let parts: Vec<(String, bool, String)> =
        truth.parts.iter().map(|part| (part.text.clone(), part.met, part.now.clone())).collect();
    let part = |text: &str, met, now: &str| (text.to_owned(), met, now.to_owned());
    assert_eq!(
        parts,
        [
            part("The property never-both is violated", false, "never-both holds"),
            part("A’s log.1 is 3", false, "A: there is no element 1: the list has 0"),
            part("Something is in flight or waits", false, ""),
            part("First at least one node is lit, and later exactly 2 nodes are lit", false, ""),
            part("At most 1 fault “crash” is used", true, "used never so far"),
            part("No more than 3 events are needed", true, "2 events and 0 faults so far"),
        ]
    );
    let sequence = &truth.parts[3].parts;
    assert_eq!((sequence[0].met, sequence[1].met), (true, false));
    assert_eq!(sequence[1].now, "A is lit");
    assert_eq!(truth.parts[2].parts[0].now, "nothing is in flight and nothing waits");
}

#[test]
fn names_that_do_not_exist_are_found_before_the_lesson_starts() {
    let wrong = |json: &str| goal(json).check(lamps().world()).unwrap_err().to_string();
    assert_eq!(
        wrong(r#"{"violated": "never-boht"}"#),
        "there is no property `never-boht`; the properties are: never-both, one-at-most"
    );
    let nested =
        r#"{"all": [{"quiet": true}, {"not": {"field": {"node": "C", "path": "lit", "is": true}}}]}"#;
    assert_eq!(wrong(nested), "there is no node `C`; the nodes are: A, B");
    assert!(wrong(r#"{"operation": {"process": "C1"}}"#).contains("no node `C1`"));
    assert!(wrong(r#"{"in-flight": {"to": "S1"}}"#).contains("no node `S1`"));
}
