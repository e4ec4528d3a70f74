//! M06: broadcast without the hold-back test; and Dynamo's versions, compared with dots and without.

use faultline_check::Bounds;
use faultline_model::Protocol;
use faultline_protocols::causal_broadcast::CausalBroadcast;
use faultline_protocols::dynamo_versions::DynamoVersions;
use faultline_sim::World;

mod within;
use within::{exhausted, found, requests, world};

fn asked<P: Protocol>(world: &World<P>, asked: &[&str]) -> Bounds {
    Bounds { timeouts: 0, requests: requests(world, asked), ..Bounds::default() }
}

fn broadcast(delivery: &str) -> World<CausalBroadcast> {
    world(3, &[("delivery", delivery)])
}

/// M06: par 3. Numbers of one author are no help: the answer is its author's first message.
#[test]
fn without_the_hold_back_test_an_answer_is_heard_before_its_question() {
    for delivery in ["none", "fifo"] {
        let world = broadcast(delivery);
        let bounds = asked(&world, &["Alice: ask Bob lunch"]);
        assert_eq!(found(&world, "causal-order", bounds).steps, 3, "{delivery}");
    }
}

#[test]
fn with_it_never() {
    let world = broadcast("causal");
    assert_eq!(exhausted(&world, Some("causal-order"), asked(&world, &["Alice: ask Bob lunch"])), 11);
    let three = asked(&world, &["Alice: ask Bob lunch", "Bob: say hello", "Carol: ask Alice tea"]);
    assert_eq!(exhausted(&world, Some("causal-order"), three), 18_471);
}

#[test]
fn a_sequencer_has_all_hear_all_in_one_order() {
    let world = broadcast("total");
    let three = asked(&world, &["Alice: ask Bob lunch", "Bob: say hello", "Carol: say tea"]);
    assert_eq!(exhausted(&world, None, three), 9_717);
}

const SHOPPING: [&str; 3] = ["C1: add milk at Sx", "C2: add tea at Sx", "C1: add rice at Sy"];

#[test]
fn without_dots_a_write_that_nobody_has_seen_is_replaced() {
    let world: World<DynamoVersions> = world(2, &[("dots", "off"), ("clients", "2")]);
    let bounds = asked(&world, &SHOPPING[..2]);
    assert_eq!(found(&world, "nothing-unseen-is-replaced", bounds).steps, 5);
}

#[test]
fn with_dots_none_is_and_siblings_are_in_conflict_indeed() {
    let world: World<DynamoVersions> = world(2, &[("clients", "2")]);
    assert_eq!(exhausted(&world, None, asked(&world, &SHOPPING)), 1_128);
}

#[test]
fn a_clock_that_is_cut_short_keeps_what_has_been_replaced() {
    let world: World<DynamoVersions> = world(2, &[("most-pairs", "1"), ("clients", "1")]);
    let bounds = asked(&world, &["C1: add milk at Sx", "C1: add tea at Sy"]);
    assert_eq!(found(&world, "siblings-are-concurrent", bounds).steps, 6);
}
