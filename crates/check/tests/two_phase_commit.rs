//! Two-phase commit blocks, whatever its rules; without one of them it is not even atomic.

use faultline_check::Bounds;
use faultline_protocols::two_phase_commit::{COORDINATOR, TwoPhaseCommit};
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

/// M34, par 4. No rule is off: it is what two-phase commit is, also when participants ask each other.
#[test]
fn everyone_is_blocked_when_the_coordinator_crashes_after_the_votes() {
    for cooperative in ["off", "on"] {
        let world = world(&[("cooperative", cooperative)]);
        let blocked =
            found(&world, "non-blocking", Bounds { timeouts: 1, crashes: 1, ..one_transfer(&world) });
        assert_eq!(blocked.steps, 4);
        assert_eq!(blocked.actions[3], Action::Crash(COORDINATOR));
    }
}

/// Blocked, but never in disagreement.
#[test]
fn a_crash_for_good_costs_progress_and_not_atomicity() {
    let world = world(&[]);
    let bounds = Bounds { timeouts: 2, crashes: 1, ..one_transfer(&world) };
    assert_eq!(exhausted(&world, Some("atomic-commit"), bounds), 5_868);
}

/// M35, par 7.
#[test]
fn a_participant_that_aborts_on_timeout_after_voting_yes_breaks_atomicity() {
    let world = world(&[("wait-for-decision", "off")]);
    let bounds = Bounds { timeouts: 1, ..one_transfer(&world) };
    assert_eq!(found(&world, "atomic-commit", bounds).steps, 7);
}

#[test]
fn a_vote_in_memory_breaks_atomicity() {
    let world = world(&[("log-vote", "off")]);
    let bounds = Bounds { timeouts: 1, restarts: 1, ..one_transfer(&world) };
    // Invoke, two Prepare, two Yes, one Commit, one restart, the other Commit.
    assert_eq!(found(&world, "atomic-commit", bounds).steps, 8);
}

#[test]
fn a_decision_in_memory_breaks_atomicity() {
    let world = world(&[("log-decision", "off")]);
    let bounds = Bounds { timeouts: 1, restarts: 1, ..one_transfer(&world) };
    // As far as one Commit in 6, the restart, the other participant's question and its answer in 3.
    assert_eq!(found(&world, "atomic-commit", bounds).steps, 10);
}

/// The correct twin of all of them, and all properties: also no blocking, for a node that crashes comes
/// back in the same step.
#[test]
fn with_every_rule_on_nothing_breaks_within_three_timeouts_and_a_restart() {
    let world = world(&[]);
    let bounds = Bounds { timeouts: 3, restarts: 1, ..one_transfer(&world) };
    assert_eq!(exhausted(&world, None, bounds), 18_056);
}

#[test]
fn with_every_rule_on_nothing_breaks_with_a_duplicate_and_two_timeouts() {
    let world = world(&[]);
    let bounds = Bounds { timeouts: 2, duplicates: 1, ..one_transfer(&world) };
    assert_eq!(exhausted(&world, None, bounds), 9_048);
}

#[test]
fn asking_each_other_breaks_nothing_within_two_timeouts_and_a_restart() {
    let world = world(&[("cooperative", "on")]);
    let bounds = Bounds { timeouts: 2, restarts: 1, ..one_transfer(&world) };
    assert_eq!(exhausted(&world, None, bounds), 37_494);
}
