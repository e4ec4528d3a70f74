//! An outside check of the explorer: the specification `TwoPhase` of Gray and Lamport (*Consensus on
//! Transaction Commit*, 2006) has as many states as others have counted, through the same engine,
//! fingerprints and frontier as every other protocol.

use faultline_check::{Bounds, Search, Verdict};

mod tla;
use tla::{Managers, world};

fn search(rm: u64, managers: Managers, symmetry: bool) -> Search {
    let world = world(rm, managers);
    // Every action changes something for good, so a run has at most three steps a manager and one more.
    let bounds = Bounds { timeouts: u8::MAX, depth: 3 * rm as u32 + 2, symmetry, ..Bounds::default() };
    Search::new(&world, Some("consistent"), bounds).expect("a property")
}

fn states(mut search: Search) -> u32 {
    assert_eq!(search.finish(), &Verdict::Exhausted);
    assert!(!search.cut_off());
    search.progress().states
}

#[test]
fn the_specification_has_the_states_that_others_have_counted() {
    // While the manager is undecided each of n resource managers is in one of 4 conditions, after an abort
    // in one of 6, after a commit in one of 2: 4^n + 6^n + 2^n.
    for (rm, expected) in [(1, 12), (2, 56), (3, 288), (5, 8_832)] {
        let new = || search(rm, Managers::ByNumber, false);
        assert_eq!(states(new()), expected, "{rm} resource managers");
        assert_eq!(states(new().depth_first()), expected, "{rm} resource managers");
    }
}

#[test]
fn resource_managers_are_interchangeable() {
    // Multisets of n out of 4, 6 and 2 conditions.
    for (rm, expected) in [(2, 10 + 21 + 3), (3, 20 + 56 + 4), (5, 56 + 252 + 6)] {
        let new = || search(rm, Managers::ByNumber, true);
        assert_eq!(states(new()), expected, "{rm} resource managers");
        assert_eq!(states(new().depth_first()), expected, "{rm} resource managers");
    }
}

#[test]
fn sorted_by_state_alone_and_depth_first_there_are_as_many_as_in_stateright() {
    // It asserts 665, a number of its order of search: that sorting leaves more than one representative
    // of a state, and which of them are met depends on the order. All that differ are the 314 above.
    assert_eq!(states(search(5, Managers::ByState, false).depth_first()), 665);
    assert_eq!(states(search(5, Managers::ByState, false)), 508);
}
