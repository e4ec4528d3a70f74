//! Jumps, and clocks that are corrected by another's.

use faultline_model::{Clock, Habitat, Latency, NodeId, Span, Time};
use faultline_sim::{Action, AnyWorld, Correction, NodeView, What, World};
use proptest::prelude::*;

use super::common::{Toy, setup};
use super::{C1, S1, S2, after, habitat, refusal, run};

fn node(world: &World<Toy>, node: NodeId) -> NodeView {
    world.view().nodes.swap_remove(node.index())
}

/// How far the clock of S2 is ahead of that of S1.
fn apart(world: &World<Toy>) -> i64 {
    node(world, S2).offset - node(world, S1).offset
}

fn any_latency() -> impl Strategy<Value = Latency> {
    prop_oneof![
        (0u64..50_000).prop_map(|micros| Latency::Constant(Span(micros))),
        (0u64..20_000, 0u64..50_000).prop_map(|(low, more)| Latency::Uniform(Span(low), Span(low + more))),
        (1u64..50_000).prop_map(|mean| Latency::Exponential(Span(mean))),
    ]
}

#[test]
fn a_jump_moves_the_clock_and_not_the_timers() {
    let mut world = after(4, 20);
    world.apply(&Action::Skew(S1, 1_000)).unwrap();
    let before = world.view();
    world.apply(&Action::Jump(S1, -2_500_000)).unwrap();
    let view = world.view();
    assert_eq!(view.because.unwrap().text, "S1’s clock changes: it jumps back by 2.5s.");
    assert_eq!(view.nodes[0].offset, 1_000 - 2_500_000);
    assert_eq!(view.nodes[0].timers, before.nodes[0].timers);
    assert_eq!(view.nodes[1..], before.nodes[1..]);
    assert_eq!(view.flights, before.flights);
}

#[test]
fn a_step_brings_the_clocks_together_at_once_and_a_slew_by_and_by() {
    let constant = Habitat { latency: Latency::Constant(Span::millis(7)), ..habitat() };
    let mut world = World::new(setup(1, constant.clone()));
    world.apply(&Action::Skew(S2, 5_000_000)).unwrap();
    world.apply(&Action::Skew(S1, 40_000)).unwrap();
    world.apply(&Action::SyncClock(S2, S1, Correction::Step)).unwrap();
    assert_eq!(apart(&world), 0, "both ways take as long, so nothing is left");
    let synced = node(&world, S2).synced.expect("it was corrected");
    assert_eq!((synced.with.as_str(), synced.round_trip), ("S1", Span::millis(14)));
    assert_eq!((synced.correction, synced.error), (-4_960_000, Span::millis(7)));
    let measured: Vec<_> = world.measures().iter().map(|m| (m.series, m.event, m.node, m.value)).collect();
    let expected =
        [("clock correction", 3, S2, -4_960_000), ("round trip to the reference clock", 3, S2, 14_000)];
    assert_eq!(measured, expected);
    let text = world.view().because.unwrap().text;
    assert_eq!(text, "S2’s clock is set by S1’s, as well as half a round trip tells.");

    let mut world = World::new(setup(1, constant));
    world.apply(&Action::Skew(S2, 83_333)).unwrap();
    world.apply(&Action::SyncClock(S2, S1, Correction::Slew)).unwrap();
    assert_eq!(apart(&world), 83_333, "not yet");
    assert_eq!(node(&world, S2).slewing, Some(Time(1_000_000)), "a twelfth slower for a second");
    while world.next_due().is_some_and(|due| due <= Time(500_000)) {
        world.step();
    }
    world.wait(Time(500_000));
    assert!((apart(&world) - 41_667).abs() <= 2, "{}", apart(&world));
    while world.next_due().is_some_and(|due| due <= Time(1_100_000)) {
        world.step();
    }
    assert!(apart(&world).abs() <= 2, "{}", apart(&world));
    assert_eq!(node(&world, S2).slewing, None);
}

#[test]
fn refusals_to_correct_a_clock_say_why() {
    let mut world = after(1, 0);
    let sync = |a, b| Action::SyncClock(a, b, Correction::Step);
    assert_eq!(refusal(&mut world, &sync(S1, S1)), "S1 cannot be its own reference");
    assert_eq!(refusal(&mut world, &sync(C1, NodeId(4))), "there is no link C1→C2");
    world.apply(&Action::Pause(S1)).unwrap();
    assert_eq!(refusal(&mut world, &sync(S2, S1)), "S1 is paused");
    world.apply(&Action::Crash(S1)).unwrap();
    assert_eq!(refusal(&mut world, &sync(S2, S1)), "S1 is down");
    let third = NodeId(2);
    world.apply(&Action::Cut(third, S2)).unwrap();
    assert_eq!(refusal(&mut world, &sync(S2, third)), "the link S3→S2 is cut");
    world.apply(&Action::Heal(third, S2)).unwrap();
    world.apply(&Action::Hold(S2, third)).unwrap();
    assert_eq!(refusal(&mut world, &sync(S2, third)), "the link S2→S3 is held");
}

proptest! {
    #[test]
    fn the_error_is_at_most_half_the_round_trip(
        seed: u64,
        there in any_latency(),
        back in any_latency(),
        offsets in (-10_000_000i64..10_000_000, -10_000_000i64..10_000_000),
        times in 1usize..4,
    ) {
        let mut world = after(seed, 30);
        world.apply(&Action::Latency(S2, S1, Some(there))).unwrap();
        world.apply(&Action::Latency(S1, S2, Some(back))).unwrap();
        world.apply(&Action::Skew(S1, offsets.0)).unwrap();
        for _ in 0..times {
            world.apply(&Action::Skew(S2, offsets.1)).unwrap();
            world.apply(&Action::SyncClock(S2, S1, Correction::Step)).unwrap();
            let error = node(&world, S2).synced.expect("it was corrected").error;
            prop_assert!(apart(&world).unsigned_abs() <= error.0 + 1, "{} of {error}", apart(&world));
        }
    }

    #[test]
    fn correcting_a_clock_changes_no_other_node_and_no_message(seed: u64, slew: bool, offset in -50_000i64..50_000) {
        let mut world = after(seed, 50);
        world.apply(&Action::Skew(S2, offset)).unwrap();
        let before = world.view();
        let how = if slew { Correction::Slew } else { Correction::Step };
        world.apply(&Action::SyncClock(S2, S1, how)).unwrap();
        let view = world.view();
        prop_assert_eq!(&view.flights, &before.flights);
        prop_assert_eq!(&view.nodes[0], &before.nodes[0]);
        prop_assert_eq!(&view.nodes[2..], &before.nodes[2..]);
        if !slew {
            prop_assert_eq!(&view.nodes[1].timers, &before.nodes[1].timers);
        }
    }

    /// A slewed node's timers take as long as ever on its own clock, and that clock never goes back.
    #[test]
    fn no_timer_fires_early_on_its_own_clock(
        seed: u64,
        changes in prop::collection::vec((1u32..30, -30_000i64..30_000, -500_000i32..500_000, 0u8..4), 1..8),
    ) {
        let mut world = after(seed, 10);
        // Of the running pulse of S2: which arming, and how much of it was left on the clock of S2.
        let left = |world: &World<Toy>, clock: &Clock| {
            let view = node(world, S2);
            // One that has run out may wait in the inbox.
            let timer = view.timers.first()?;
            Some((timer.arming, clock.local_span(world.now(), timer.due.since(world.now())).0))
        };
        let clock = |world: &World<Toy>| world.clock(S2).expect("a node");
        for (events, offset, drift, what) in changes {
            let mut reading = clock(&world).reading(world.now());
            for event in run(&mut world, events) {
                let now = clock(&world).reading(event.at);
                prop_assert!(now >= reading, "back from {} to {}", reading, now);
                reading = now;
            }
            let before = left(&world, &clock(&world));
            let action = match what {
                0 => Action::Jump(S2, offset),
                1 => Action::Drift(S2, drift),
                2 => Action::SyncClock(S2, S1, Correction::Step),
                _ => Action::SyncClock(S2, S1, Correction::Slew),
            };
            world.apply(&action).unwrap();
            let after = left(&world, &clock(&world));
            prop_assert_eq!(after.is_some(), before.is_some());
            if let (Some(before), Some(after)) = (before, after) {
                prop_assert_eq!(after.0, before.0);
                prop_assert!(after.1.abs_diff(before.1) <= 3, "{} became {}", before.1, after.1);
            }
        }
        prop_assert!(run(&mut world, 200).iter().any(|event| event.what == What::Fired && event.node == S2));
    }
}
