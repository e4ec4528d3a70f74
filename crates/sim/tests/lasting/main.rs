//! Faults that last: rules on links, bandwidth, clocks, disks. What each does, what it must not change, and
//! what it says when it cannot be done.

mod clocks;
#[expect(dead_code, reason = "each test binary uses its own part")]
#[path = "../common/mod.rs"]
mod common;
mod disks;
mod links;

use std::collections::BTreeMap;

use common::{Toy, setup};
use faultline_model::{Habitat, Latency, MsgId, NodeId, Span};
use faultline_sim::{Action, AnyWorld, Event, World};

const S1: NodeId = NodeId(0);
const S2: NodeId = NodeId(1);
const S3: NodeId = NodeId(2);
const C1: NodeId = NodeId(3);

/// A network that loses nothing and on which messages overtake each other.
fn habitat() -> Habitat {
    Habitat { latency: Latency::Exponential(Span::millis(20)), disk: Span::millis(3), ..Habitat::default() }
}

/// A system that has run for so many events.
fn after(seed: u64, events: u32) -> World<Toy> {
    let mut world = World::new(setup(seed, habitat()));
    (0..events).for_each(|_| assert!(world.step().is_some()));
    world
}

fn run(world: &mut dyn AnyWorld, events: u32) -> Vec<Event> {
    (0..events).filter_map(|_| world.step()).collect()
}

/// Why an action cannot be done; nothing changes.
fn refusal(world: &mut World<Toy>, action: &Action) -> String {
    let before = common::fingerprint(world);
    let refused = world.apply(action).expect_err("it cannot be done").to_string();
    assert_eq!(common::fingerprint(world), before, "what is refused changes nothing");
    refused
}

/// How long each message that leaves from now on takes and whether it dies, in order, by link.
fn fates(world: &mut dyn AnyWorld, events: u32) -> BTreeMap<(NodeId, NodeId), Vec<(Span, bool)>> {
    let mut seen = world.view().flights.iter().map(|flight| flight.msg).max().unwrap_or(MsgId(0));
    let mut fates = BTreeMap::<_, Vec<_>>::new();
    for _ in 0..events {
        world.step();
        let flights = world.view().flights;
        for flight in flights.iter().filter(|flight| flight.msg > seen) {
            let fate = (flight.due.since(flight.sent_at), flight.doomed);
            fates.entry((flight.from.node, flight.to.node)).or_default().push(fate);
        }
        seen = flights.iter().map(|flight| flight.msg).fold(seen, Ord::max);
    }
    fates
}

/// The n-th message on every other link meets the same fate in both worlds, whenever it is sent.
fn same_elsewhere(one: &mut dyn AnyWorld, two: &mut dyn AnyWorld, link: (NodeId, NodeId)) {
    let (one, two) = (fates(one, 300), fates(two, 300));
    assert!(one.len() > 4 && two.len() > 4);
    for (other, fates) in one.iter().filter(|(other, _)| **other != link) {
        let Some(others) = two.get(other) else { continue };
        let common = fates.len().min(others.len());
        assert_eq!(&fates[..common], &others[..common], "on {other:?}");
    }
}
