//! Dynamo's versions and causal broadcast: golden scripts, random runs, and what breaks without the rules.

use faultline_model::{Chance, Draw, Latency, NodeId, Params, Protocol, Purpose, Span};
use faultline_protocols::causal_broadcast::CausalBroadcast;
use faultline_protocols::dynamo_versions::DynamoVersions;
use faultline_sim::{Action, AnyWorld, Setup, World};

mod golden;

#[test]
fn every_golden_script_of_dynamos_versions_plays_as_it_says() {
    golden::play_all::<DynamoVersions>(5);
}

#[test]
fn every_golden_script_of_causal_broadcast_plays_as_it_says() {
    golden::play_all::<CausalBroadcast>(7);
}

/// The same run keeps milk as a sibling when dots are compared.
#[test]
fn the_lost_write_is_not_lost_with_dots() {
    let script = golden::script_without::<DynamoVersions>("dots-off", "dots");
    let mut timeline = golden::timeline::<DynamoVersions>(&script);
    script.run(&mut timeline).expect_err("two versions are kept");
    let verdicts = timeline.world().verdicts();
    assert!(verdicts.iter().all(|verdict| verdict.holds || verdict.property == "siblings"));
}

const WHAT: Purpose = Purpose::new("what is done in the random runs of vector clocks");

fn world<P: Protocol>(seed: u64, set: &[(&str, &str)]) -> World<P> {
    let mut params = P::Params::default();
    for (knob, value) in set {
        params.set(knob, value).expect("a knob");
    }
    let mut habitat = P::habitat();
    habitat.latency = Latency::Exponential(Span::millis(20));
    habitat.duplication = Chance(100_000);
    let cast = P::cast(&params, 3);
    World::new(Setup { cast, params, habitat, seed })
}

/// In how many of 40 random runs one of the properties that must hold was broken.
fn broken<P: Protocol>(set: &[(&str, &str)], operations: &[&str]) -> usize {
    let run = |seed: u64| {
        let mut world = world::<P>(seed, set);
        for turn in 0..40 {
            let mut draw = Draw::new(seed, WHAT, 0, turn);
            let place = draw.between(0, operations.len() as u64 - 1) as usize;
            let (who, op) = operations[place].split_once(": ").expect("a node and an operation");
            let node = world.cast().find(who).expect("a node");
            world.apply(&Action::Invoke(node, op.to_owned())).unwrap();
            for _ in 0..draw.between(0, 5) {
                world.step();
                if world.broken(None).is_some() {
                    return true;
                }
            }
        }
        while world.step().is_some() {}
        world.broken(None).is_some()
    };
    (0..40).filter(|&seed| run(seed)).count()
}

const SPOKEN: [&str; 6] = [
    "Alice: say a",
    "Bob: say b",
    "Carol: say c",
    "Alice: ask Bob d",
    "Bob: ask Carol e",
    "Carol: ask Alice f",
];

#[test]
fn causal_and_total_order_hold_in_random_runs_and_the_weaker_ones_break_it() {
    assert_eq!(broken::<CausalBroadcast>(&[("delivery", "causal")], &SPOKEN), 0);
    assert_eq!(broken::<CausalBroadcast>(&[("delivery", "total")], &SPOKEN), 0);
    assert!(broken::<CausalBroadcast>(&[("delivery", "fifo")], &SPOKEN) > 10);
    assert!(broken::<CausalBroadcast>(&[("delivery", "none")], &SPOKEN) > 20);
}

const SHOPPING: [&str; 9] = [
    "C1: add a at Sx",
    "C2: add b at Sy",
    "C3: add c at Sz",
    "C1: read at Sy",
    "C2: read at Sz",
    "C3: read at Sx",
    "C1: add d at Sy",
    "C2: add e at Sx blindly",
    "C3: add f at Sx blindly",
];

#[test]
fn versions_are_neither_lost_nor_kept_too_long_unless_a_rule_is_off() {
    assert_eq!(broken::<DynamoVersions>(&[], &SHOPPING), 0);
    assert!(broken::<DynamoVersions>(&[("dots", "off")], &SHOPPING) > 10);
    assert!(broken::<DynamoVersions>(&[("most-pairs", "1")], &SHOPPING) > 10);
}

#[test]
fn a_replica_that_restarts_gives_no_counter_twice() {
    let mut world = world::<DynamoVersions>(1, &[]);
    let invoke = |op: &str| Action::Invoke(NodeId(3), op.to_owned());
    for _ in 0..3 {
        world.apply(&invoke("add milk at Sx blindly")).unwrap();
        while world.step().is_some() {}
        world.apply(&Action::Crash(NodeId(0))).unwrap();
        world.apply(&Action::Restart(NodeId(0), faultline_sim::Disk::Kept)).unwrap();
    }
    let cast = world.cast().clone();
    let state = world.detail(NodeId(0)).unwrap();
    assert_eq!(state.get("counter", &cast).unwrap().text(&cast), "3");
    assert_eq!(world.broken(None), None);
}
