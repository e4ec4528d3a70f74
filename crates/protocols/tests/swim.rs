//! SWIM, run by the simulator: what the paper says of load and of time.

use faultline_model::{Habitat, Latency, NodeId, Params, Protocol, Span, Time};
use faultline_protocols::swim::{Health, Swim};
use faultline_sim::{Action, AnyWorld, Setup, What, World};

fn group(nodes: usize, seed: u64, knobs: &[(&str, &str)]) -> World<Swim> {
    let mut params = <Swim as Protocol>::Params::default();
    for (name, value) in knobs {
        params.set(name, value).unwrap();
    }
    let habitat = Habitat { latency: Latency::Constant(Span::millis(10)), ..Swim::habitat() };
    World::new(Setup { cast: Swim::cast(&params, nodes), params, habitat, seed })
}

fn run_to(world: &mut World<Swim>, time: Time) {
    while world.next_due().is_some_and(|due| due <= time) {
        world.step();
    }
    world.wait(time);
}

/// G2.
#[test]
fn a_member_sends_two_messages_a_period_however_many_there_are() {
    for nodes in [2, 12, 200] {
        let mut world = group(nodes, 1, &[]);
        let mut delivered = 0;
        while world.next_due().is_some_and(|due| due < Time(10_900_000)) {
            delivered += u32::from(world.step().is_some_and(|event| event.what == What::Delivered));
        }
        // Ten periods have begun.
        assert_eq!(delivered as usize, 2 * 10 * nodes, "{nodes} members");
    }
}

/// The period, from 1, at whose end the first member knows of a crash just before the first period.
fn first_detection(nodes: usize, seed: u64, knobs: &[(&str, &str)]) -> u64 {
    let mut world = group(nodes, seed, &[&[("suspicion", "off"), ("helpers", "0")], knobs].concat());
    let dead = NodeId(0);
    world.apply(&Action::Crash(dead)).unwrap();
    loop {
        let event = world.step().expect("periods go on");
        let knows = event.what == What::Fired
            && world.global().node(event.node).opinion(dead).health == Health::Faulty;
        if knows {
            // A period is 1 s; it ends when the next begins.
            return world.now().0 / 1_000_000 - 1;
        }
    }
}

/// G1: 1/(1 − (1 − 1/(n−1))^(n−1)) periods, sd 0.95.
#[test]
fn the_first_detection_takes_as_many_periods_in_a_large_group() {
    for (nodes, expected) in [(10, 1.530), (50, 1.573), (100, 1.577)] {
        let found = (1..=1_000).map(|seed| first_detection(nodes, seed, &[])).sum::<u64>() as f64 / 1_000.0;
        println!("{nodes} members: {found} periods");
        assert!((found - expected).abs() < 0.09, "{nodes} members: {found}");
    }
}

/// G2: with round-robin every member has pinged every other after 2n − 1 periods at the latest.
#[test]
fn in_turn_the_longest_detection_is_bounded() {
    for seed in 1..=30 {
        let nodes = 6;
        let mut world =
            group(nodes, seed, &[("suspicion", "off"), ("round-robin", "on"), ("piggyback", "0")]);
        // In the middle of a turn.
        let crash = Time(3_500_000 + seed * 1_000_000);
        run_to(&mut world, crash);
        world.apply(&Action::Crash(NodeId(0))).unwrap();
        run_to(&mut world, Time(crash.0 + (2 * nodes as u64) * 1_000_000));
        for judge in 1..nodes as u16 {
            let opinion = world.global().node(NodeId(judge)).opinion(NodeId(0));
            assert_eq!(opinion.health, Health::Faulty, "seed {seed}, member {judge}");
        }
    }
}
