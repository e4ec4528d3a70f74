//! Raft's golden runs: every script under `scripts/raft` plays to its end, and everything that it expects
//! is so.

use std::collections::BTreeSet;
use std::path::PathBuf;

use faultline_model::{Habitat, KnobKind, Params, Protocol};
use faultline_protocols::raft::rules::RULES;
use faultline_protocols::raft::{Raft, RaftParams};
use faultline_sim::script::{Header, Script, Statement};
use faultline_sim::{Scenario, Setup, Timeline, What, World};

fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "scripts", "raft"].iter().collect()
}

fn scripts() -> Vec<(String, Script)> {
    let mut found: Vec<(String, Script)> = std::fs::read_dir(folder())
        .expect("the folder of the scripts")
        .map(|file| {
            let path = file.expect("a file").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).expect("a text");
            let script = Script::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, script)
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// A run that starts as the script's header says.
fn timeline(script: &Script) -> Timeline {
    let mut scenario = Scenario { protocol: "raft".to_owned(), seed: 1, ..Scenario::default() };
    for header in script.header() {
        match header.clone() {
            Header::Protocol(protocol) => scenario.protocol = protocol,
            Header::Lesson(lesson) => scenario.lesson = Some(lesson),
            Header::Nodes(nodes) => scenario.nodes = nodes,
            Header::Seed(seed) => scenario.seed = seed,
            Header::Set(knob, value) => scenario.set.push((knob, value)),
        }
    }
    let (mut params, mut habitat) = (RaftParams::default(), Habitat::default());
    for (knob, value) in &scenario.set {
        let known = RaftParams::knobs().iter().any(|other| other.name == knob);
        let set = if known { params.set(knob, value) } else { habitat.set(knob, value) };
        set.unwrap_or_else(|error| panic!("{error}"));
    }
    let nodes = if scenario.nodes == 0 { Raft::default_nodes() } else { scenario.nodes.into() };
    let cast = Raft::cast(&params, nodes);
    let world = World::<Raft>::new(Setup { cast, params, habitat, seed: scenario.seed });
    Timeline::new(scenario, Box::new(world))
}

#[test]
fn every_golden_script_plays_as_it_says() {
    let scripts = scripts();
    assert!(scripts.len() >= 17, "found only {}", scripts.len());
    let mut failures = vec![];
    for (name, script) in &scripts {
        match script.run(&mut timeline(script)) {
            Ok(transcript) => assert!(transcript.checks > 0, "{name} checks nothing"),
            Err(failure) => failures.push(format!("{name}, {failure}")),
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn played(name: &str) -> Timeline {
    let (_, script) = scripts().into_iter().find(|(other, _)| other == name).expect("a golden script");
    let mut timeline = timeline(&script);
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
        let (_, mut script) = scripts().into_iter().find(|(name, _)| name == script).expect("a script");
        let lines = script.lines.len();
        script.lines.retain(|line| match &line.statement {
            Some(Statement::Header(Header::Set(knob, _))) => knob != rule,
            _ => true,
        });
        assert_eq!(script.lines.len(), lines - 1, "it switches {rule} off");
        let mut timeline = timeline(&script);
        let failure = script.run(&mut timeline).expect_err("it cannot go the same way").to_string();
        assert!(failure.contains("`expect"), "with {rule}: {failure}");
        assert_eq!(why(&timeline, property).0, "", "{property} holds as far as the run goes");
    }
}

#[test]
fn every_event_of_every_golden_run_at_a_node_names_its_rule() {
    for (name, script) in scripts() {
        let mut timeline = timeline(&script);
        script.run(&mut timeline).unwrap_or_else(|failure| panic!("{name}, {failure}"));
        for (number, event) in timeline.events().iter().enumerate() {
            let handled = matches!(event.what, What::Delivered | What::Fired | What::Invoked);
            assert!(!handled || event.rule.is_some(), "{name}, event {}: {event:?}", number + 1);
        }
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
    assert_eq!(switches.len(), 3);
    for (knob, rule) in switches {
        assert_eq!(knob, rule);
        assert!(ids.contains(rule), "{rule}");
    }
}

#[test]
fn a_staged_run_begins_with_every_promise_kept() {
    for start in ["empty", "figure-7", "figure-8", "shorter-logs"] {
        let script = Script::parse(&format!("set start = {start}")).expect("a header");
        let timeline = timeline(&script);
        for verdict in timeline.world().verdicts().into_iter().filter(|v| v.scope == "always") {
            assert!(verdict.holds, "{start}: {}", verdict.why);
        }
    }
}
