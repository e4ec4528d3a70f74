//! Details of two-phase commit, Paxos and the lease lock that no golden run shows.

use faultline_model::{Habitat, Latency, NodeId, Params, Protocol, Span};
use faultline_protocols::lease_lock::{LOCK, LeaseLock, Ret, STORAGE};
use faultline_protocols::paxos::{Paxos, Proposer};
use faultline_protocols::two_phase_commit::TwoPhaseCommit;
use faultline_sim::{Action, AnyWorld, Disk, Setup, What, World};

fn world<P: Protocol>(nodes: usize, disk: Span, set: &[(&str, &str)]) -> World<P> {
    let mut params = P::Params::default();
    for (knob, value) in set {
        params.set(knob, value).expect("a knob of the protocol");
    }
    let habitat = Habitat { latency: Latency::Constant(Span::millis(10)), disk, ..P::habitat() };
    World::new(Setup { cast: P::cast(&params, nodes), params, habitat, seed: 1 })
}

fn invoke<P: Protocol>(world: &mut World<P>, node: &str, op: &str) {
    let node = world.cast().find(node).expect("a node");
    world.apply(&Action::Invoke(node, op.to_owned())).expect("an operation");
}

/// Delivers the next message of that kind to that node, now.
fn deliver<P: Protocol>(world: &mut World<P>, kind: &str, to: &str) {
    let flights = world.view().flights;
    let flight = flights.iter().find(|flight| flight.kind == kind && *flight.to.name == *to);
    let msg = flight.unwrap_or_else(|| panic!("no {kind} to {to}")).msg;
    world.apply(&Action::Deliver(msg)).expect("a message in flight");
}

fn results<P: Protocol>(world: &World<P>) -> Vec<Option<String>> {
    world.history().into_iter().map(|operation| operation.result).collect()
}

#[test]
fn a_commit_takes_four_messages_for_each_participant() {
    for participants in 2..=5 {
        let mut world = world::<TwoPhaseCommit>(participants + 1, Span::ZERO, &[]);
        let to: Vec<String> = (2..=participants).map(|number| format!("P{number}")).collect();
        invoke(&mut world, "C", &format!("transfer 1 P1 {}", to.join(" ")));
        let mut delivered = 0;
        while !world.view().flights.is_empty() {
            delivered += u32::from(world.step().expect("something in flight").what == What::Delivered);
        }
        assert_eq!(delivered, 4 * participants as u32, "{participants} participants");
        assert_eq!(results(&world), [Some("committed".to_owned())]);
        assert!(world.next_due().is_none(), "and no timer is left");
    }
}

#[test]
fn a_transfer_of_somebody_who_is_not_there_is_refused() {
    let mut world = world::<TwoPhaseCommit>(3, Span::ZERO, &[]);
    invoke(&mut world, "C", "transfer 1 P1 P3");
    invoke(&mut world, "P1", "transfer 1 P1 P2");
    assert_eq!(results(&world), [Some("refused".to_owned()), Some("refused".to_owned())]);
    assert!(world.view().flights.is_empty());
}

#[test]
fn a_vote_leaves_when_it_is_on_disk_and_not_before() {
    let mut world = world::<TwoPhaseCommit>(3, Span::millis(5), &[]);
    invoke(&mut world, "C", "transfer 30 P1 P2");
    deliver(&mut world, "Prepare", "P1");
    let yes = |world: &World<TwoPhaseCommit>| world.view().flights.iter().any(|f| f.kind == "Yes");
    assert!(!yes(&world));
    world.apply(&Action::Sync(NodeId(1))).expect("a write");
    assert!(yes(&world));
}

#[test]
fn a_timer_that_ran_out_while_the_coordinator_stood_still_does_not_undo_the_decision() {
    let mut world = world::<TwoPhaseCommit>(3, Span::ZERO, &[]);
    invoke(&mut world, "C", "transfer 30 P1 P2");
    deliver(&mut world, "Prepare", "P1");
    deliver(&mut world, "Prepare", "P2");
    world.apply(&Action::Pause(NodeId(0))).expect("it is up");
    // Both votes wait in the inbox, and behind them the timer that ran out.
    while world.next_due().is_some_and(|due| due.0 <= 250_000) {
        world.step();
    }
    assert_eq!(world.view().nodes[0].inbox, 3);
    world.apply(&Action::Resume(NodeId(0))).expect("it is paused");
    while world.view().nodes[0].inbox > 0 {
        world.step();
    }
    let sent: Vec<String> = world.view().flights.into_iter().map(|flight| flight.kind).collect();
    assert_eq!(sent, ["Commit", "Commit"], "and nobody is told to abort");
    assert_eq!(results(&world), [Some("committed".to_owned())]);
}

/// Gotcha: "chosen" is a fact about what acceptors have said, not about what they have in memory.
#[test]
fn what_an_acceptor_accepts_counts_when_it_is_sent() {
    let mut world = world::<Paxos>(3, Span::millis(50), &[("learners", "0")]);
    invoke(&mut world, "P1", "propose A");
    world.apply(&Action::Sync(NodeId(3))).expect("the ballot is written");
    let (a1, a2) = (NodeId(0), NodeId(1));
    for acceptor in ["A1", "A2"] {
        deliver(&mut world, "Prepare", acceptor);
    }
    for acceptor in [a1, a2] {
        world.apply(&Action::Sync(acceptor)).expect("the promise is written");
    }
    deliver(&mut world, "Promise", "P1");
    deliver(&mut world, "Promise", "P1");
    deliver(&mut world, "Accept", "A1");
    deliver(&mut world, "Accept", "A2");
    let votes = |world: &World<Paxos>| -> usize {
        world.global().observe(|lens| lens.witness.votes.values().map(faultline_model::SortedSet::len).sum())
    };
    assert_eq!(votes(&world), 0, "neither has said so");
    world.apply(&Action::Sync(a1)).expect("a write");
    assert_eq!(votes(&world), 1);
    world.apply(&Action::Crash(a2)).expect("it is up");
    world.apply(&Action::Restart(a2, Disk::Kept)).expect("it is down");
    assert_eq!(votes(&world), 1, "A2 has lost it, and nobody ever heard of it");
}

fn proposer<'w>(world: &'w World<Paxos>, name: &str) -> &'w Proposer {
    match world.global().node(world.cast().find(name).expect("a node")) {
        Paxos::Proposer(proposer) => proposer,
        other => panic!("{other:?}"),
    }
}

#[test]
fn no_two_proposers_ever_begin_the_same_ballot() {
    let set = [("proposers", "3"), ("learners", "0")];
    let mut world = world::<Paxos>(3, Span::ZERO, &set);
    for name in ["P1", "P2", "P3"] {
        invoke(&mut world, name, "propose A");
        assert_eq!(proposer(&world, name).ballot, proposer(&world, name).number);
    }
    for _ in 0..2_000 {
        world.step();
        for (place, name) in ["P1", "P2", "P3"].iter().enumerate() {
            assert_eq!(proposer(&world, name).ballot % 3, (place as u64 + 1) % 3);
        }
    }
    assert!(proposer(&world, "P1").ballot > 10);
}

#[test]
fn a_proposer_that_restarts_begins_no_ballot_twice() {
    let mut world = world::<Paxos>(3, Span::ZERO, &[]);
    let p1 = world.cast().find("P1").expect("a node");
    invoke(&mut world, "P1", "propose A");
    world.apply(&Action::Crash(p1)).expect("it is up");
    world.apply(&Action::Restart(p1, Disk::Kept)).expect("it is down");
    invoke(&mut world, "P1", "propose B");
    assert_eq!(proposer(&world, "P1").ballot, 3, "1 may have been promised and accepted");
}

#[test]
fn a_late_copy_of_a_write_does_not_undo_a_later_one_of_the_same_holder() {
    let mut world = world::<LeaseLock>(2, Span::ZERO, &[]);
    invoke(&mut world, "C1", "lock");
    deliver(&mut world, "Acquire", "Lock");
    deliver(&mut world, "Granted", "C1");
    invoke(&mut world, "C1", "write red");
    let msg = world.view().flights[0].msg;
    world.apply(&Action::Duplicate(msg)).expect("a message in flight");
    deliver(&mut world, "Write", "Storage");
    deliver(&mut world, "Written", "C1");
    invoke(&mut world, "C1", "write blue");
    let latest = world.view().flights.last().expect("a write").msg;
    world.apply(&Action::Deliver(latest)).expect("a message in flight");
    deliver(&mut world, "Write", "Storage");
    let LeaseLock::Storage(storage) = world.global().node(STORAGE) else { panic!("no storage") };
    assert_eq!(storage.write.as_ref().map(|write| write.value.as_str()), Some("blue"));
}

#[test]
fn what_a_client_cannot_do_it_says() {
    let mut world = world::<LeaseLock>(2, Span::ZERO, &[]);
    invoke(&mut world, "C1", "write red");
    invoke(&mut world, "C1", "unlock");
    invoke(&mut world, "C1", "lock");
    invoke(&mut world, "C1", "lock");
    let said = results(&world);
    let text = |ret: Ret| Some(ret.to_string());
    assert_eq!(said, [text(Ret::NotHeld), text(Ret::NotHeld), None, text(Ret::Busy)]);
}

/// A renewal that waited in the inbox before the timer ran out must not be undone by it.
#[test]
fn a_timer_that_ran_out_while_the_service_stood_still_does_not_end_a_renewed_lease() {
    let set = [("lease", "100ms"), ("renew", "70ms")];
    let mut world = world::<LeaseLock>(2, Span::ZERO, &set);
    let run_to = |world: &mut World<LeaseLock>, micros: u64| {
        while world.next_due().is_some_and(|due| due.0 <= micros) {
            world.step();
        }
    };
    invoke(&mut world, "C1", "lock");
    run_to(&mut world, 95_000);
    world.apply(&Action::Pause(LOCK)).expect("it is up");
    // C1 has asked for a longer lease at 20 + 70 ms; the lease ends at 10 + 100 ms.
    run_to(&mut world, 120_000);
    assert_eq!(world.view().nodes[0].inbox, 2, "the renewal, and then the end of the lease");
    world.apply(&Action::Resume(LOCK)).expect("it is paused");
    while world.view().nodes[0].inbox > 0 {
        world.step();
    }
    let LeaseLock::Service(service) = world.global().node(LOCK) else { panic!("no service") };
    assert_eq!(service.grant.map(|grant| grant.token), Some(33));
}
