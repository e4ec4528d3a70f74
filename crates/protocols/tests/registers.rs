//! The golden runs of both registers, and what their knobs, rules and promises come to.

use std::collections::BTreeSet;
use std::path::PathBuf;

use faultline_model::{KnobKind, NodeId, Params, Protocol};
use faultline_protocols::abd_register::AbdRegister;
use faultline_protocols::quorum_register::QuorumRegister;
use faultline_sim::script::{Header, Script, Statement};
use faultline_sim::{Action, AnyWorld, Scenario, Setup, Timeline, What, World};

#[path = "registers/random_runs.rs"]
mod random_runs;

fn scripts(slug: &str) -> Vec<(String, Script)> {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "scripts", slug].iter().collect();
    let mut found: Vec<(String, Script)> = std::fs::read_dir(folder)
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
fn timeline<P: Protocol>(script: &Script) -> Timeline {
    let mut scenario = Scenario { seed: 1, ..Scenario::default() };
    let (mut params, mut habitat) = (P::Params::default(), P::habitat());
    for header in script.header() {
        match header.clone() {
            Header::Protocol(protocol) => scenario.protocol = protocol,
            Header::Set(knob, value) => {
                let known = P::Params::knobs().iter().any(|other| other.name == knob);
                let set = if known { params.set(&knob, &value) } else { habitat.set(&knob, &value) };
                set.unwrap_or_else(|error| panic!("{error}"));
                scenario.set.push((knob, value));
            }
            other => panic!("{other:?} is not used by these scripts"),
        }
    }
    assert_eq!(scenario.protocol, P::ABOUT.slug);
    let cast = P::cast(&params, P::default_nodes());
    Timeline::new(scenario, Box::new(World::<P>::new(Setup { cast, params, habitat, seed: 1 })))
}

fn every_script_plays<P: Protocol>(least: usize) {
    let scripts = scripts(P::ABOUT.slug);
    assert!(scripts.len() >= least, "found only {}", scripts.len());
    let mut failures = vec![];
    for (name, script) in &scripts {
        let mut timeline = timeline::<P>(script);
        match script.run(&mut timeline) {
            Ok(transcript) => assert!(transcript.checks > 0, "{name} checks nothing"),
            Err(failure) => failures.push(format!("{name}, {failure}")),
        }
        for (number, event) in timeline.events().iter().enumerate() {
            let handled = matches!(event.what, What::Delivered | What::Fired | What::Invoked);
            assert!(!handled || event.rule.is_some(), "{name}, event {}: {event:?}", number + 1);
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn every_golden_script_plays_as_it_says_and_every_event_names_its_rule() {
    every_script_plays::<AbdRegister>(7);
    every_script_plays::<QuorumRegister>(7);
}

#[test]
fn the_runs_that_break_a_promise_cannot_go_the_same_way_with_the_rule_on() {
    fn mended<P: Protocol>(name: &str, knob: &str) {
        let (_, mut script) = scripts(P::ABOUT.slug).into_iter().find(|(other, _)| other == name).unwrap();
        let lines = script.lines.len();
        script.lines.retain(|line| match &line.statement {
            Some(Statement::Header(Header::Set(set, _))) => set != knob,
            _ => true,
        });
        assert_eq!(script.lines.len(), lines - 1, "it sets {knob}");
        let mut timeline = timeline::<P>(&script);
        script.run(&mut timeline).expect_err("it cannot go the same way");
        for verdict in timeline.world().verdicts() {
            assert!(!verdict.broken(), "{name} with {knob}: {}", verdict.why);
        }
    }
    mended::<AbdRegister>("new-then-old", "write-back");
    mended::<AbdRegister>("two-writers-without-ids", "writer-id");
    mended::<QuorumRegister>("sloppy", "strict-quorum");
    mended::<QuorumRegister>("one-and-one", "w");
    mended::<QuorumRegister>("one-and-one", "r");
}

#[test]
fn a_violation_says_what_happened_and_to_whom() {
    fn why<P: Protocol>(name: &str, property: &str) -> (String, Vec<String>) {
        let (_, script) = scripts(P::ABOUT.slug).into_iter().find(|(other, _)| other == name).unwrap();
        let mut timeline = timeline::<P>(&script);
        script.run(&mut timeline).unwrap();
        let verdict = timeline.world().verdicts().into_iter().find(|v| v.property == property).unwrap();
        (verdict.why, verdict.nodes)
    }
    let r2 = vec!["R2".to_owned()];
    let sentence = "R2 read nothing, although red, which is newer, had been read before that read began";
    assert_eq!(why::<AbdRegister>("new-then-old", "no-new-old-inversion"), (sentence.to_owned(), r2.clone()));
    let sentence = "Since R2's last operation no order explains what clients saw: nothing must come before red, \
                    and red before nothing";
    assert_eq!(why::<AbdRegister>("new-then-old", "linearizable"), (sentence.to_owned(), r2));
    let sentence =
        "C2 read nothing, although red, which is newer, had been acknowledged before that read began";
    assert_eq!(why::<QuorumRegister>("sloppy", "no-stale-read").0, sentence);
}

#[test]
fn every_rule_knob_names_a_rule_and_rules_have_names_of_their_own() {
    fn names<P: Protocol>(switches: &[&str]) {
        let ids: BTreeSet<&str> = P::ABOUT.rules.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), P::ABOUT.rules.len());
        let found = P::Params::knobs().iter().filter_map(|knob| match knob.kind {
            KnobKind::Rule { rule } => Some((knob.name, rule)),
            _ => None,
        });
        let found: Vec<_> = found.collect();
        assert!(found.iter().all(|&(knob, rule)| knob == rule && ids.contains(rule)));
        assert_eq!(found.iter().map(|&(knob, _)| knob).collect::<Vec<_>>(), switches);
    }
    names::<AbdRegister>(&["write-back", "writer-id"]);
    names::<QuorumRegister>(&["strict-quorum", "read-repair"]);
}

#[test]
fn operations_are_for_clients_and_writes_for_writers() {
    fn refused<P: Protocol>(reader: &str) {
        let params = P::Params::default();
        let cast = P::cast(&params, P::default_nodes());
        let mut world = World::<P>::new(Setup { cast, params, habitat: P::habitat(), seed: 1 });
        let reader = world.cast().find(reader).unwrap();
        assert!(world.apply(&Action::Invoke(NodeId(0), "read x".to_owned())).is_err());
        world.apply(&Action::Invoke(reader, "write x=red".to_owned())).unwrap();
        assert_eq!(world.history()[0].result.as_deref(), Some("refused"));
        let unreadable = world.apply(&Action::Invoke(reader, "erase x".to_owned())).unwrap_err();
        assert!(unreadable.to_string().contains("write x=red"));
    }
    refused::<AbdRegister>("R1");
    refused::<QuorumRegister>("C2");
}
