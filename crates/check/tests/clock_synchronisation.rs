//! Reading another machine's clock: what is claimed always holds, and the hybrid order keeps to what happened
//! before; each without its rule does not. Time passes before each request, so a search tries ways of different
//! lengths: an answer can be on its way while others have their events.

use faultline_check::{Bounds, Counterexample, Search, Verdict};
use faultline_model::{NodeId, Span, Time};
use faultline_protocols::clock_synchronisation::ClockSynchronisation;
use faultline_sim::{Action, AnyWorld, World};

mod within;
use within::{exhausted, found, requests};

fn world(nodes: usize, set: &[(&str, &str)]) -> World<ClockSynchronisation> {
    within::world(nodes, &[&[("poll", "0s")], set].concat())
}

/// C1 asks twice; four events at the time server let 10 ms pass each, at any moment in between.
fn asking(world: &World<ClockSynchronisation>) -> Bounds {
    let asked = ["C1: sync", "C1: sync", "Time: event", "Time: event", "Time: event", "Time: event"];
    Bounds { timeouts: 0, requests: requests(world, &asked), pace: Span::millis(10), ..Bounds::default() }
}

/// A counterexample in which time passes, played once more to see that it is one. The way it is found, messages
/// take other times than the links give them, so it is moved by hand as the search moves it.
fn found_in_time(world: &World<ClockSynchronisation>, property: &str, bounds: Bounds) -> Counterexample {
    let mut played = world.by_hand();
    let pace = bounds.pace;
    let mut search = Search::new(world, Some(property), bounds).expect("a property");
    let Verdict::Found(found) = search.finish().clone() else {
        panic!("{property}: {:?}", search.progress())
    };
    for action in &found.actions {
        assert_eq!(played.broken(Some(property)), None);
        if matches!(action, Action::Invoke(..)) {
            played.wait(played.now() + pace);
        }
        let event = played.apply(action).expect("every action can be done");
        println!("{}: {}", event.at, played.narrate(&event, None).text);
    }
    assert_eq!(played.broken(Some(property)), Some(property));
    println!("{property}: {} steps, {} states", found.steps, search.progress().states);
    found
}

/// The clock is never off by more than is claimed, whatever the two ways take, by either method.
#[test]
fn whatever_the_two_ways_take_the_claim_holds() {
    for (algorithm, states) in [("ntp", 47_076), ("cristian", 47_076)] {
        let mut world = world(2, &[("algorithm", algorithm)]);
        world.apply(&Action::Skew(NodeId(1), 1_234_567)).expect("its clock can be set");
        let bounds = Bounds { duplicates: 1, ..asking(&world) };
        assert_eq!(exhausted(&world, Some("claimed-interval"), bounds), states, "{algorithm}");
    }
}

/// Without the rule: asked, 10 ms for an event elsewhere, there and back.
#[test]
fn who_trusts_the_estimate_is_off_by_more_than_it_claims() {
    let world = world(2, &[("bound-by-round-trip", "off")]);
    assert_eq!(found_in_time(&world, "claimed-interval", asking(&world)).steps, 4);
}

/// C2's clock is ahead of C1's by 40 ms. Both send to each other, and C1 once more.
fn sending(set: &[(&str, &str)], ahead: i64) -> (World<ClockSynchronisation>, Bounds) {
    let mut world = world(3, set);
    world.wait(Time(1_000_000));
    for (node, offset) in [(1, -ahead / 2), (2, ahead / 2)] {
        world.apply(&Action::Skew(NodeId(node), offset)).expect("its clock can be set");
    }
    let asked = ["C1: send C2", "C2: send C1", "C1: send C2", "C2: event"];
    let bounds = Bounds {
        timeouts: 0,
        requests: requests(&world, &asked),
        pace: Span::millis(15),
        ..Bounds::default()
    };
    (world, bounds)
}

#[test]
fn clocks_that_are_apart_contradict_what_happened_before() {
    let (world, bounds) = sending(&[], 40_000);
    assert_eq!(found_in_time(&world, "clock-order", bounds).steps, 2);
    let (world, bounds) = sending(&[], 0);
    assert_eq!(
        exhausted(&world, Some("clock-order"), Bounds { duplicates: 1, restarts: 1, ..bounds }),
        13_312
    );
}

/// Theorem 1 and Corollary 1, with messages twice and machines that restart.
#[test]
fn the_hybrid_order_never_does_and_stays_within_epsilon() {
    let (world, bounds) = sending(&[("epsilon", "40ms")], 40_000);
    let bounds = Bounds { duplicates: 1, restarts: 1, ..bounds };
    assert_eq!(exhausted(&world, Some("hybrid-order"), bounds.clone()), 14_546);
    assert_eq!(exhausted(&world, Some("near-physical-time"), bounds), 14_546);
    let (world, bounds) = sending(&[("epsilon", "39ms")], 40_000);
    assert_eq!(found_in_time(&world, "near-physical-time", bounds).steps, 2);
}

#[test]
fn without_the_maximum_or_the_logical_part_it_does() {
    for rule in ["take-the-maximum", "logical-part"] {
        let (world, bounds) = sending(&[(rule, "off")], 40_000);
        let bounds = Bounds { pace: Span::ZERO, ..bounds };
        assert_eq!(found(&world, "hybrid-order", bounds).steps, 2, "{rule}");
    }
}
