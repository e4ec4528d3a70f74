//! The golden runs of two-phase commit, Paxos, the lease lock, the replicated state machine and Ben-Or’s
//! consensus: every script plays to its end, and
//! everything that it expects is so.

use std::collections::BTreeSet;

use faultline_model::{KnobKind, Params, Protocol};
use faultline_protocols::ben_or::Process;
use faultline_protocols::lease_lock::LeaseLock;
use faultline_protocols::paxos::Paxos;
use faultline_protocols::state_machine::Replica;
use faultline_protocols::two_phase_commit::TwoPhaseCommit;

mod golden;

#[test]
fn every_golden_script_of_two_phase_commit_plays_as_it_says() {
    golden::play_all::<TwoPhaseCommit>(18);
}

#[test]
fn every_golden_script_of_paxos_plays_as_it_says() {
    golden::play_all::<Paxos>(9);
}

#[test]
fn every_golden_script_of_the_lease_lock_plays_as_it_says() {
    golden::play_all::<LeaseLock>(8);
}

#[test]
fn every_golden_script_of_the_state_machine_plays_as_it_says() {
    golden::play_all::<Replica>(7);
}

#[test]
fn every_golden_script_of_ben_or_plays_as_it_says() {
    golden::play_all::<Process>(5);
}

fn why<P: Protocol>(name: &str, property: &str) -> (String, String) {
    let script = golden::script::<P>(name);
    let mut timeline = golden::timeline::<P>(&script);
    script.run(&mut timeline).unwrap_or_else(|failure| panic!("{name}, {failure}"));
    let verdicts = timeline.world().verdicts();
    let verdict = verdicts.into_iter().find(|v| v.property == property).expect("a property");
    (verdict.why, verdict.nodes.join(" "))
}

#[test]
fn a_violation_says_what_happened_and_to_whom() {
    let said = |(why, nodes): (String, String), expected: (&str, &str)| {
        assert_eq!((why.as_str(), nodes.as_str()), expected);
    };
    said(
        why::<TwoPhaseCommit>("aborts-by-itself", "atomic-commit"),
        ("T1 was committed at P1 and aborted at P2", "P1 P2"),
    );
    said(
        why::<TwoPhaseCommit>("aborts-by-itself", "conservation"),
        ("the accounts hold 170 instead of 200", "P1 P2"),
    );
    said(
        why::<TwoPhaseCommit>("cooperative-blocked", "non-blocking"),
        (
            "C is down, and nobody who is up may commit or abort T1: P1 and P2 and P3 voted yes and hold their \
             locks",
            "P1 P2 P3 C",
        ),
    );
    said(
        why::<Paxos>("acceptor-forgets", "agreement"),
        ("A was chosen in ballot 1 by A2 and A3, and B in ballot 2 by A1 and A2", "A1 A2 A3"),
    );
    said(
        why::<Paxos>("adopt-highest-off", "chosen-value-stays"),
        ("A was chosen in ballot 1, and P2 proposed B in ballot 2", "A1 A2 P2"),
    );
    said(
        why::<LeaseLock>("slow-clock", "exclusion-of-belief"),
        ("C1 under token 33 and C2 under token 34 believe that they hold the lock", "C1 C2"),
    );
    said(
        why::<LeaseLock>("paused-unfenced", "exclusion-of-effect"),
        (
            "C2's `blue` under token 34 was overwritten by C1's `red` under the older token 33",
            "C2 C1 Storage",
        ),
    );
}

/// The same run with the rule on does not break the property; it cannot go the same way to its end.
fn holds_with_the_rule_on<P: Protocol>(name: &str, rule: &str, property: &str) {
    let script = golden::script_without::<P>(name, rule);
    let mut timeline = golden::timeline::<P>(&script);
    script.run(&mut timeline).expect_err("it cannot go the same way");
    let verdicts = timeline.world().verdicts();
    let verdict = verdicts.into_iter().find(|v| v.property == property).expect("a property");
    assert!(verdict.holds, "{name} with {rule}: {}", verdict.why);
}

#[test]
fn the_runs_that_break_a_promise_break_none_with_the_rule_on() {
    holds_with_the_rule_on::<TwoPhaseCommit>("aborts-by-itself", "wait-for-decision", "atomic-commit");
    holds_with_the_rule_on::<TwoPhaseCommit>("decision-forgotten", "log-decision", "atomic-commit");
    holds_with_the_rule_on::<TwoPhaseCommit>("vote-forgotten", "log-vote", "atomic-commit");
    holds_with_the_rule_on::<Paxos>("adopt-highest-off", "adopt-highest", "agreement");
    holds_with_the_rule_on::<Paxos>("keep-promise-off", "keep-promise", "agreement");
    holds_with_the_rule_on::<Paxos>("acceptor-forgets", "persist-acceptor", "agreement");
    holds_with_the_rule_on::<LeaseLock>("paused-unfenced", "fencing", "exclusion-of-effect");
}

fn rule_knobs_name_rules<P: Protocol>(expected: usize) {
    let ids: BTreeSet<&str> = P::ABOUT.rules.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), P::ABOUT.rules.len(), "rules have names of their own");
    let switches = P::Params::knobs().iter().filter_map(|knob| match knob.kind {
        KnobKind::Rule { rule } => Some((knob.name, rule)),
        _ => None,
    });
    let switches: Vec<_> = switches.collect();
    assert_eq!(switches.len(), expected);
    for (knob, rule) in switches {
        assert_eq!(knob, rule);
        assert!(ids.contains(rule), "{rule}");
    }
}

#[test]
fn every_rule_knob_names_a_rule() {
    rule_knobs_name_rules::<TwoPhaseCommit>(3);
    rule_knobs_name_rules::<Paxos>(3);
    rule_knobs_name_rules::<LeaseLock>(1);
}
