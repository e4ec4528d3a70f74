//! Order: M21, replicas without a total order; and consensus that decides on too little.

use faultline_check::{Bounds, Search, Verdict};
use faultline_protocols::ben_or::Process;
use faultline_protocols::state_machine::Replica;
use faultline_sim::World;

mod within;
use within::{exhausted, found, requests, world};

fn two_commands(order: &str) -> (World<Replica>, Bounds) {
    let world = world::<Replica>(2, &[("order", order)]);
    let requests = requests(&world, &["S1: deposit 100", "S2: interest 10"]);
    (world, Bounds { timeouts: 0, requests, ..Bounds::default() })
}

/// M21: par 4.
#[test]
fn without_a_total_order_the_balances_differ_for_good() {
    for order in ["none", "fifo", "causal"] {
        let (world, bounds) = two_commands(order);
        assert_eq!(found(&world, "convergence", bounds).steps, 4, "{order}");
    }
}

#[test]
fn with_a_sequencer_they_agree() {
    let (world, bounds) = two_commands("sequencer");
    assert_eq!(exhausted(&world, Some("convergence"), bounds), 43);
}

/// No order of messages makes two processes decide differently: as far as eight steps from inputs 0, 1, 0.
#[test]
fn ben_or_keeps_agreement_whatever_arrives_first() {
    let world = world::<Process>(3, &[("coin", "none")]);
    let bounds = Bounds { timeouts: 0, depth: 8, ..Bounds::default() };
    let mut search = Search::new(&world, Some("agreement"), bounds).expect("a property");
    assert_eq!(*search.finish(), Verdict::Exhausted);
    assert!(search.cut_off(), "rounds go on for ever");
}
