//! Two-phase commit blocks, whatever its rules; without one of them it is not even atomic.

use faultline_check::Bounds;
use faultline_protocols::two_phase_commit::TwoPhaseCommit;
use faultline_sim::{Action, World};

mod within;
use within::{exhausted, found, requests};

/// A coordinator, two participants and one transfer between them.
fn world(set: &[(&str, &str)]) -> World<TwoPhaseCommit> {
    within::world(3, set)
}

fn one_transfer(world: &World<TwoPhaseCommit>) -> Bounds {
    let requests = requests(world, &["C: transfer 30 P1 P2"]);
    Bounds { timeouts: 0, requests, ..Bounds::default() }
}

#[test]
fn everyone_is_blocked_when_the_coordinator_crashes_after_the_votes() {
    let world = world(&[]);
    let bounds = Bounds { crashes: 1, ..one_transfer(&world) };
    let blocked = found(&world, "non-blocking", bounds);
    // M34's par.
    assert_eq!(blocked.steps, 4);
    assert!(matches!(blocked.actions[3], Action::Crash(_)));
}

#[test]
fn a_participant_that_aborts_on_timeout_after_voting_yes_breaks_atomicity() {
    let world = world(&[("wait-for-decision", "off")]);
    let bounds = Bounds { timeouts: 1, ..one_transfer(&world) };
    // M35's par.
    assert_eq!(found(&world, "atomic-commit", bounds).steps, 7);
}

#[test]
fn x_vote() {
    let world = world(&[("log-vote", "off")]);
    let bounds = Bounds { restarts: 1, ..one_transfer(&world) };
    found(&world, "atomic-commit", bounds);
}

#[test]
fn x_decision() {
    let world = world(&[("log-decision", "off")]);
    let bounds = Bounds { timeouts: 1, restarts: 1, ..one_transfer(&world) };
    found(&world, "atomic-commit", bounds);
}

#[test]
fn x_exhaust() {
    let world = world(&[]);
    for (timeouts, restarts) in [(0, 0), (1, 0), (2, 0), (1, 1), (2, 1)] {
        let t = std::time::Instant::now();
        let n = exhausted(&world, None, Bounds { timeouts, restarts, ..one_transfer(&world) });
        println!("{timeouts} {restarts} {n} {:?}", t.elapsed());
    }
}
