//! The liveness probe: after everything is mended a fresh request is answered, or it is not.

use faultline_check::probe::{Probe, probe};
use faultline_model::{NodeId, Span};
use faultline_protocols::raft::Raft;
use faultline_protocols::two_phase_commit::TwoPhaseCommit;
use faultline_sim::{Action, AnyWorld};

mod within;
use within::{exhausted, found, requests, world};

fn client(world: &dyn AnyWorld) -> (NodeId, String) {
    let view = world.view();
    let takers = || view.nodes.iter().filter(|node| !node.operations.is_empty());
    let taker = takers().find(|node| node.client).or_else(|| takers().next()).expect("somebody takes one");
    (taker.node, taker.operations[0].clone())
}

#[test]
fn whatever_was_broken_is_mended_first() {
    let mut raft = world::<Raft>(3, &[]);
    let (client, operation) = client(&raft);
    for action in [
        Action::Partition(vec![vec![NodeId(0)], vec![NodeId(1)], vec![NodeId(2)]]),
        Action::Crash(NodeId(0)),
        Action::Pause(NodeId(1)),
        Action::Hold(NodeId(2), NodeId(0)),
        Action::DiskFull(NodeId(2), true),
    ] {
        raft.apply(&action).expect("it can be done");
    }
    let before = raft.digest();
    let answer = probe(&raft, client, &operation, Span::secs(10));
    let Probe::Answered { answer, after } = answer else { panic!("{answer:?}") };
    assert_eq!(answer, "ok");
    assert!(after < Span::secs(5), "{after}");
    assert_eq!(raft.digest(), before, "the run itself is left alone");
}

#[test]
fn a_time_that_is_too_short_is_kept_to() {
    let raft = world::<Raft>(3, &[]);
    let (client, operation) = client(&raft);
    // Nobody leads before an election timeout has passed.
    assert_eq!(probe(&raft, client, &operation, Span::millis(20)), Probe::Silent);
    assert!(matches!(probe(&raft, client, "dance", Span::secs(1)), Probe::Refused(_)));
}

/// The state of two-phase commit in which everybody waits for the coordinator: a search finds it, and once
/// the coordinator is back a new transaction is answered.
#[test]
fn what_blocks_goes_on_once_it_is_mended() {
    let commit = world::<TwoPhaseCommit>(3, &[]);
    let (coordinator, operation) = client(&commit);
    let asked = requests(&commit, &[&format!("{}: {operation}", commit.cast().name(coordinator))]);
    let bounds = faultline_check::Bounds { timeouts: 0, crashes: 1, requests: asked, ..Default::default() };
    let blocked = found(&commit, "non-blocking", bounds.clone());
    let mut stands = commit.fork();
    for action in &blocked.actions {
        stands.apply(action).expect("every action can be done");
    }
    let answer = probe(stands.as_ref(), coordinator, &operation, Span::secs(60));
    assert!(matches!(answer, Probe::Answered { .. }), "{answer:?}");
    exhausted(&commit, Some("non-blocking"), faultline_check::Bounds { crashes: 0, ..bounds });
}
