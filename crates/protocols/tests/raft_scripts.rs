//! Raft's golden runs: every script under `scripts/raft` plays to its end, and everything that it expects
//! is so.

use std::collections::BTreeSet;

use faultline_model::{KnobKind, Params};
use faultline_protocols::raft::rules::RULES;
use faultline_protocols::raft::{Raft, RaftParams};
use faultline_sim::Timeline;
use faultline_sim::script::Script;

mod golden;

#[test]
fn every_golden_script_plays_as_it_says_and_every_event_at_a_node_names_its_rule() {
    golden::play_all::<Raft>(17);
}

fn played(name: &str) -> Timeline {
    let script = golden::script::<Raft>(name);
    let mut timeline = golden::timeline::<Raft>(&script);
    script.run(&mut timeline).unwrap_or_else(|failure| panic!("{name}, {failure}"));
    timeline
}

fn why(timeline: &Timeline, property: &str) -> (String, Vec<String>) {
    let verdicts = timeline.world().verdicts();
    let verdict = verdicts.into_iter().find(|v| v.property == property).expect("a property");
    (verdict.why, verdict.nodes)
}

#[test]
fn a_violation_says_what_happened_and_to_whom() {
    let cases = [
        ("vote-forgotten", "election-safety", "S1 and S2 were both elected leader in term 1", "S1 S2"),
        (
            "any-log-may-lead",
            "leader-completeness",
            "S3, leader of term 2, lacks the entry at index 1 that S1 committed in term 1",
            "S3 S1",
        ),
        (
            "any-log-may-lead",
            "state-machine-safety",
            "S3 applied another entry at index 1 than S1, which committed it",
            "S1 S3",
        ),
        (
            "committed-by-counting",
            "leader-completeness",
            "S2, leader of term 4, lacks the entry at index 1 that S1 committed in term 3",
            "S2 S1",
        ),
    ];
    for (script, property, sentence, nodes) in cases {
        let (why, named) = why(&played(script), property);
        assert_eq!((why.as_str(), named.join(" ").as_str()), (sentence, nodes), "{script}");
    }
}

#[test]
fn the_runs_that_break_a_promise_break_none_with_the_rule_on() {
    for (script, rule, property) in [
        ("vote-forgotten", "persist-vote", "election-safety"),
        ("any-log-may-lead", "up-to-date", "leader-completeness"),
        ("committed-by-counting", "commit-current-term", "leader-completeness"),
        ("figure-8-broken", "commit-current-term", "leader-completeness"),
    ] {
        let script = golden::script_without::<Raft>(script, rule);
        let mut timeline = golden::timeline::<Raft>(&script);
        let failure = script.run(&mut timeline).expect_err("it cannot go the same way").to_string();
        assert!(failure.contains("`expect"), "with {rule}: {failure}");
        assert_eq!(why(&timeline, property).0, "", "{property} holds as far as the run goes");
    }
}

#[test]
fn every_rule_knob_names_a_rule_and_rules_have_names_of_their_own() {
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
    let switches = RaftParams::knobs().iter().filter_map(|knob| match knob.kind {
        KnobKind::Rule { rule } => Some((knob.name, rule)),
        _ => None,
    });
    let switches: Vec<_> = switches.collect();
    assert_eq!(switches.len(), 4);
    for (knob, rule) in switches {
        assert_eq!(knob, rule);
        assert!(ids.contains(rule), "{rule}");
    }
}

#[test]
fn a_staged_run_begins_with_every_promise_kept() {
    for start in ["empty", "figure-7", "figure-8", "shorter-logs"] {
        let script = Script::parse(&format!("protocol raft\nset start = {start}")).expect("a header");
        let timeline = golden::timeline::<Raft>(&script);
        for verdict in timeline.world().verdicts().into_iter().filter(|v| v.scope == "always") {
            assert!(verdict.holds, "{start}: {}", verdict.why);
        }
    }
}
