//! The golden runs of both registers, and what their knobs, rules and promises come to.

use std::collections::BTreeSet;

use faultline_model::{KnobKind, NodeId, Params, Protocol};
use faultline_protocols::abd_register::AbdRegister;
use faultline_protocols::quorum_register::QuorumRegister;
use faultline_sim::{Action, AnyWorld, Setup, World};

mod golden;
#[path = "registers/random_runs.rs"]
mod random_runs;

#[test]
fn every_golden_script_plays_as_it_says_and_every_event_names_its_rule() {
    golden::play_all::<AbdRegister>(7);
    golden::play_all::<QuorumRegister>(7);
}

#[test]
fn the_runs_that_break_a_promise_cannot_go_the_same_way_with_the_rule_on() {
    fn mended<P: Protocol>(name: &str, knob: &str) {
        let script = golden::script_without::<P>(name, knob);
        let mut timeline = golden::timeline::<P>(&script);
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
        let script = golden::script::<P>(name);
        let mut timeline = golden::timeline::<P>(&script);
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
