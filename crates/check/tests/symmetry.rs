//! A search that takes interchangeable nodes for the same gives the answer of one that does not, and
//! states that it takes for the same can do the same.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use faultline_check::{Bounds, Search, Verdict};
use faultline_model::{NodeId, Protocol};
use faultline_protocols::abd_register::AbdRegister;
use faultline_protocols::paxos::Paxos;
use faultline_protocols::raft::Raft;
use faultline_protocols::two_phase_commit::TwoPhaseCommit;
use faultline_sim::{Action, AnyWorld, Disk, World};

#[expect(dead_code, reason = "here two searches are compared")]
mod within;
use within::{requests, world};

/// The verdict without its run, the steps, and how many states.
fn answer(world: &dyn AnyWorld, property: Option<&str>, bounds: Bounds) -> (Option<u32>, u32) {
    let mut search = Search::new(world, property, bounds).expect("a property");
    let steps = match search.finish().clone() {
        Verdict::Found(found) => {
            let mut played = world.fork();
            for action in &found.actions {
                assert_eq!(played.broken(property), None, "broken before its end");
                played.apply(action).expect("every action can be done");
            }
            assert!(played.broken(property).is_some());
            Some(found.steps)
        }
        Verdict::Exhausted => None,
        Verdict::TooMany => panic!("too many states"),
    };
    assert!(!search.cut_off());
    (steps, search.progress().states)
}

/// The same verdict and the same shortest length; how many states there are in full and of one kind each.
fn both(world: &dyn AnyWorld, property: Option<&str>, bounds: &Bounds) -> (Option<u32>, u32, u32) {
    let (steps, all) = answer(world, property, bounds.clone());
    let (again, kinds) = answer(world, property, Bounds { symmetry: true, ..bounds.clone() });
    assert_eq!(steps, again, "{property:?}");
    (steps, all, kinds)
}

fn paxos(set: &[(&str, &str)]) -> (World<Paxos>, Bounds) {
    let small = [("learners", "0"), ("reject", "off")];
    let world = world::<Paxos>(3, &[&small, set].concat());
    let requests = requests(&world, &["P1: propose A", "P2: propose B"]);
    (world, Bounds { timeouts: 0, requests, ..Bounds::default() })
}

#[test]
fn paxos_has_as_many_kinds_of_states_and_breaks_as_soon() {
    let (correct, bounds) = paxos(&[]);
    assert_eq!(both(&correct, None, &bounds), (None, 60_813, 10_915));
    for rule in ["adopt-highest", "keep-promise"] {
        let (broken, bounds) = paxos(&[(rule, "off")]);
        let (steps, all, kinds) = both(&broken, Some("agreement"), &bounds);
        assert!(steps == Some(14) && kinds * 5 < all, "{rule}: {steps:?}, {kinds} of {all}");
    }
    let (forgetful, bounds) = paxos(&[("persist-acceptor", "off")]);
    let (steps, ..) = both(&forgetful, Some("agreement"), &Bounds { restarts: 1, ..bounds });
    assert_eq!(steps, Some(15));
}

#[test]
fn raft_has_as_many_kinds_of_states_and_breaks_as_soon() {
    let bounds = Bounds { timeouts: 2, restarts: 1, ..Bounds::default() };
    let correct = world::<Raft>(3, &[("clients", "0")]);
    assert_eq!(both(&correct, Some("election-safety"), &bounds), (None, 171_446, 28_636));
    let broken = world::<Raft>(3, &[("clients", "0"), ("persist-vote", "off")]);
    assert_eq!(both(&broken, Some("election-safety"), &bounds).0, Some(7));
    // Who is asked is no longer interchangeable; the others are.
    let broken = world::<Raft>(3, &[("clients", "0"), ("up-to-date", "off")]);
    let bounds = Bounds { timeouts: 2, requests: requests(&broken, &["S1: write x=1"]), ..bounds };
    let (steps, all, kinds) = both(&broken, Some("leader-completeness"), &Bounds { restarts: 0, ..bounds });
    assert!(steps == Some(9) && kinds * 3 / 2 < all, "{steps:?}, {kinds} of {all}");
}

/// P1 pays, so only the others are interchangeable.
#[test]
fn two_phase_commit_has_as_many_kinds_of_states_and_breaks_as_soon() {
    let transfer = |set: &[(&str, &str)]| {
        let world = world::<TwoPhaseCommit>(4, set);
        let requests = requests(&world, &["C: transfer 30 P1 P2 P3"]);
        (world, Bounds { timeouts: 1, requests, ..Bounds::default() })
    };
    let (correct, bounds) = transfer(&[]);
    assert_eq!(both(&correct, None, &bounds), (None, 2_443, 1_292));
    let restarts = Bounds { restarts: 1, ..bounds };
    for (rule, crashes, property) in [
        ("wait-for-decision", 0, "atomic-commit"),
        ("log-vote", 0, "atomic-commit"),
        ("log-decision", 0, "atomic-commit"),
        ("log-decision", 1, "non-blocking"),
    ] {
        let (broken, _) = transfer(&[(rule, "off")]);
        let bounds = Bounds { crashes, ..restarts.clone() };
        assert!(both(&broken, Some(property), &bounds).0.is_some(), "{rule}");
    }
}

#[test]
fn abd_has_as_many_kinds_of_states_and_breaks_as_soon() {
    let register = |set: &[(&str, &str)], asked: &[&str]| {
        let world = world::<AbdRegister>(3, set);
        let requests = requests(&world, asked);
        (world, Bounds { timeouts: 0, requests, ..Bounds::default() })
    };
    let one = ["W1: write x=red", "R1: read x", "R1: read x"];
    let (correct, bounds) = register(&[("readers", "1")], &one);
    assert_eq!(both(&correct, None, &bounds), (None, 46_912, 9_945));
    let (broken, bounds) =
        register(&[("write-back", "off")], &["W1: write x=red", "R1: read x", "R2: read x"]);
    assert_eq!(both(&broken, Some("linearizable"), &bounds).0, Some(12));
}

#[test]
fn exhausting_depth_first_or_deepening_sees_as_many() {
    let (correct, bounds) = paxos(&[]);
    let bounds = Bounds { symmetry: true, ..bounds };
    let new = || Search::new(&correct, None, bounds.clone()).expect("a property");
    for mut search in [new().depth_first(), new().deepening()] {
        assert_eq!(search.finish(), &Verdict::Exhausted);
        assert_eq!(search.progress().states, answer(&correct, None, bounds.clone()).1);
    }
}

/// Whoever is named by a request, or cannot crash because it is down already, is not like the others.
#[test]
fn nodes_that_a_search_does_not_treat_alike_are_told_apart() {
    let mut raft = world::<Raft>(3, &[("clients", "0")]);
    let bounds = Bounds { timeouts: 1, restarts: 1, ..Bounds::default() };
    let (_, all, kinds) = both(&raft, None, &bounds);
    assert!(kinds * 4 < all, "{kinds} of {all}");
    raft.apply(&Action::Crash(NodeId(2))).expect("it is up");
    let (_, all, kinds) = both(&raft, None, &bounds);
    assert!(kinds < all && kinds * 2 >= all, "{kinds} of {all}");
    let named = ["S1: write x=1", "S2: write x=2"];
    let bounds = Bounds { requests: requests(&raft, &named), ..bounds };
    let (_, all, kinds) = both(&raft, None, &bounds);
    assert_eq!(all, kinds);
    // Clocks set timers apart, which a search that heeds them must see.
    let clocks = Bounds { clocks: true, symmetry: true, requests: vec![], ..bounds };
    let told = Bounds { symmetry: false, ..clocks.clone() };
    assert_eq!(answer(&raft, None, clocks), answer(&raft, None, told));
}

/// What can be done in a state, restarts included, for a test that knows nothing of how a search lists it.
fn steps(world: &dyn AnyWorld, timeouts: bool, nodes: &[NodeId]) -> Vec<Box<dyn AnyWorld>> {
    let mut after = vec![];
    for action in world.enabled() {
        if timeouts || !matches!(action, Action::Fire(..)) {
            let mut next = world.fork();
            next.apply(&action).expect("it is enabled");
            after.push(next);
        }
    }
    for &node in nodes {
        let mut next = world.fork();
        next.apply(&Action::Crash(node)).expect("it is up");
        next.apply(&Action::Restart(node, Disk::Kept)).expect("it is down");
        after.push(next);
    }
    after
}

/// Of every two among the first states that are taken for the same, each can do what the other can, up to
/// the same names, and both break the same property or none. That is what makes the reduction sound.
fn alike_can_do_the_same<P: Protocol>(world: &World<P>, timeouts: bool, most: usize) {
    let class: Vec<NodeId> = world.interchangeable();
    let mut start = world.by_hand();
    let kind = |world: &dyn AnyWorld| {
        let mut world = world.fork();
        world.take_for_alike(vec![class.clone()]);
        world.fingerprint()
    };
    let mut seen = BTreeSet::from([start.fingerprint()]);
    let mut kinds: BTreeMap<u64, (BTreeSet<u64>, Option<&'static str>)> = BTreeMap::new();
    let mut compared = 0;
    let mut open = VecDeque::from([std::mem::replace(&mut start, world.fork())]);
    while let Some(world) = open.pop_front() {
        let after = steps(world.as_ref(), timeouts, &class);
        let can: BTreeSet<u64> = after.iter().map(|next| kind(next.as_ref())).collect();
        let broken = world.broken(None);
        match kinds.get(&kind(world.as_ref())) {
            Some(known) => {
                assert_eq!(known, &(can, broken));
                compared += 1;
            }
            None => {
                kinds.insert(kind(world.as_ref()), (can, broken));
            }
        }
        for next in after {
            if seen.len() < most && seen.insert(next.fingerprint()) {
                open.push_back(next);
            }
        }
    }
    println!("{}: {} kinds, {compared} compared", world.about().slug, kinds.len());
    assert!(compared * 2 > kinds.len(), "{compared} compared to {} kinds", kinds.len());
}

fn invoked<P: Protocol>(mut world: World<P>, asked: &[&str]) -> World<P> {
    for request in requests(&world, asked) {
        world.apply(&Action::Invoke(request.node, request.op)).expect("it can be asked");
    }
    world
}

#[test]
fn states_that_are_taken_for_the_same_can_do_the_same() {
    alike_can_do_the_same(&world::<Raft>(3, &[("clients", "0")]), true, 6_000);
    alike_can_do_the_same(
        &world::<Raft>(3, &[("clients", "0"), ("pre-vote", "on"), ("no-op", "on")]),
        true,
        6_000,
    );
    let (paxos, _) = paxos(&[("persist-acceptor", "off")]);
    alike_can_do_the_same(&invoked(paxos, &["P1: propose A", "P2: propose B"]), false, 6_000);
    let abd = world::<AbdRegister>(3, &[]);
    alike_can_do_the_same(&invoked(abd, &["W1: write x=red", "R1: read x"]), false, 6_000);
}

#[test]
fn a_leader_with_requests_has_states_of_the_same_kind_too() {
    let figure_8 = world::<Raft>(5, &[("clients", "0"), ("start", "figure-8"), ("snapshot-after", "1")]);
    // That S1 leads is part of the state, and no reason to tell the servers apart by name.
    alike_can_do_the_same(&figure_8, true, 1_500);
}
