//! What a search leaves out makes no difference to its answer: not the steps that sleep, and not the names
//! of interchangeable nodes, on every protocol and on many that nobody has thought about.

use faultline_check::{Bounds, Search, Verdict, offered_requests};
use faultline_model::NodeId;
use faultline_protocols::abd_register::AbdRegister;
use faultline_protocols::last_writer_wins::LastWriterWins;
use faultline_protocols::lease_lock::LeaseLock;
use faultline_protocols::paxos::Paxos;
use faultline_protocols::quorum_register::QuorumRegister;
use faultline_protocols::raft::Raft;
use faultline_protocols::two_phase_commit::TwoPhaseCommit;
use faultline_protocols::unreliable_link::UnreliableLink;
use faultline_sim::{AnyWorld, World};
use proptest::prelude::*;

mod toy;
#[expect(dead_code, reason = "here two searches are compared")]
mod within;
use toy::toy;
use within::{requests, world};

/// What a search came to: in how many steps it found something, if it did, and how many states it reached
/// first after how many steps.
#[derive(Debug, PartialEq)]
struct Answer {
    steps: Option<u32>,
    levels: Vec<u32>,
}

fn answer(mut search: Search) -> Answer {
    let steps = match search.finish() {
        Verdict::Found(found) => Some(found.steps),
        Verdict::Exhausted => None,
        Verdict::TooMany => panic!("too many states"),
    };
    // The step in which something is found is not looked at to its end.
    let complete = search.levels().len() - usize::from(steps.is_some_and(|steps| steps > 0));
    Answer { steps, levels: search.levels()[..complete].to_vec() }
}

/// The same with all steps and without those that sleep; how many steps were taken of every hundred.
fn sleeping(world: &dyn AnyWorld, property: Option<&str>, bounds: &Bounds) -> u64 {
    let new = || Search::new(world, property, bounds.clone()).expect("a property");
    let mut pruned = new().sleeping();
    pruned.finish();
    let (taken, slept) = pruned.steps_taken().expect("it lets steps sleep");
    assert_eq!(answer(pruned), answer(new()), "{} {property:?} {bounds:?}", world.about().slug);
    taken * 100 / (taken + slept)
}

/// Every property by itself, so that the one found first does not hide the others.
fn every_property(world: &dyn AnyWorld, bounds: &Bounds) {
    let always = world.verdicts().into_iter().filter(|verdict| verdict.scope == "always");
    for property in always.map(|verdict| verdict.property) {
        sleeping(world, Some(&property), bounds);
    }
    let taken = sleeping(world, None, bounds);
    println!("{}: {taken} steps of every hundred were taken", world.about().slug);
}

#[test]
fn steps_that_sleep_are_not_missed_by_any_protocol() {
    let faults = Bounds {
        timeouts: 1,
        drops: 1,
        duplicates: 1,
        restarts: 1,
        crashes: 1,
        faults: 1,
        ..Bounds::default()
    };
    every_property(
        &world::<Raft>(3, &[("clients", "0"), ("persist-vote", "off")]),
        &Bounds { timeouts: 2, ..faults.clone() },
    );
    let small = Bounds { depth: 7, ..faults.clone() };
    let asked = |world: &dyn AnyWorld| Bounds { requests: offered_requests(world, 2), ..small.clone() };
    let clients = world::<Raft>(3, &[("clients", "1")]);
    every_property(&clients, &asked(&clients));
    let paxos = world::<Paxos>(3, &[("keep-promise", "off")]);
    every_property(&paxos, &asked(&paxos));
    let commit = world::<TwoPhaseCommit>(3, &[("log-decision", "off")]);
    every_property(&commit, &Bounds { depth: 40, ..asked(&commit) });
    let lock = world::<LeaseLock>(2, &[("fencing", "off")]);
    every_property(&lock, &asked(&lock));
    let quorum = world::<QuorumRegister>(3, &[("r", "1"), ("w", "1")]);
    every_property(&quorum, &asked(&quorum));
    let abd = world::<AbdRegister>(3, &[("write-back", "off")]);
    every_property(&abd, &asked(&abd));
    let tie = world::<LastWriterWins>(2, &[("tie", "keep")]);
    every_property(&tie, &asked(&tie));
    let link = world::<UnreliableLink>(2, &[]);
    every_property(&link, &asked(&link));
}

#[test]
fn they_are_not_missed_in_deep_runs() {
    let paxos: World<Paxos> = world(3, &[("learners", "0"), ("reject", "off"), ("adopt-highest", "off")]);
    let requests = requests(&paxos, &["P1: propose A", "P2: propose B"]);
    let taken = sleeping(&paxos, Some("agreement"), &Bounds { timeouts: 0, requests, ..Bounds::default() });
    println!("paxos: {taken} steps of every hundred were taken");
    assert!(taken < 60, "{taken}");
}

/// Disks that take time, so that writes are steps of their own.
#[test]
fn they_are_not_missed_where_writes_take_time() {
    use faultline_model::{Params, Protocol, Span};
    use faultline_sim::Setup;
    let mut params = <Raft as Protocol>::Params::default();
    params.set("clients", "0").expect("a knob");
    let mut habitat = Raft::habitat();
    habitat.disk = Span::millis(5);
    let raft = World::<Raft>::new(Setup { cast: Raft::cast(&params, 3), params, habitat, seed: 1 });
    sleeping(&raft, None, &Bounds { timeouts: 1, restarts: 1, ..Bounds::default() });
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn neither_is_missed_by_toys(
        seed in any::<u64>(),
        nodes in 2usize..4,
        (timeouts, drops, duplicates) in (0u8..3, 0u8..2, 0u8..2),
        (restarts, crashes, faults) in (0u8..2, 0u8..2, 0u8..3),
        asked in prop::collection::vec(0u16..2, 0..2),
    ) {
        let toy = toy(seed, nodes);
        let request = |node| faultline_check::Request { node: NodeId(node), op: "go".to_owned() };
        let requests = asked.into_iter().map(request).collect();
        let bounds = Bounds { timeouts, drops, duplicates, restarts, crashes, faults, requests, depth: 6, ..Bounds::default() };
        for property in [None, Some("no-two-angry"), Some("not-all-content"), Some("trust")] {
            let new = |symmetry| Search::new(&toy, property, Bounds { symmetry, ..bounds.clone() }).expect("a property");
            let full = answer(new(false));
            prop_assert_eq!(&full, &answer(new(false).sleeping()));
            let kinds = answer(new(true));
            prop_assert_eq!(full.steps, kinds.steps);
            prop_assert_eq!(full.levels.len(), kinds.levels.len());
        }
    }
}
