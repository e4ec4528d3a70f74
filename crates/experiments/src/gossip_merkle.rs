//! How many hashes two replicas compare to find one differing key.

use crate::drive::{field, invoke, named, run_to};
use crate::{Arm, Axis, Basis, Curve, Drawn, Experiment, Mark, Results, Tolerance, Trial, Unit};
use faultline_model::Time;

/// Levels below the root, by arm.
const DEPTHS: [u32; 5] = [1, 4, 8, 10, 12];

/// Merkle trees.
pub static EXPERIMENT: Experiment = Experiment {
    slug: "gossip-merkle",
    protocol: "gossip",
    title: "Comparing databases by a tree of hashes",
    about: "Two replicas hold one key for each leaf of the tree and differ in one. They compare the root and then, \
            level by level, both children of what differs; every hash that is compared is counted.",
    source: "Counted from the protocol; DeCandia et al.: Dynamo: Amazon's Highly Available Key-value Store. SOSP \
             2007, §4.7",
    arms: &[
        Arm::once("L = 2"),
        Arm::once("L = 16"),
        Arm::once("L = 256"),
        Arm::once("L = 1024"),
        Arm::once("L = 4096"),
    ],
    measures: &["hashes compared"],
    trials: 1,
    seed: 1,
    trial: compare,
    x: Axis::logarithmic("leaves", Unit::Count, (1.0, 5_000.0)),
    y: Axis::linear("hashes compared", Unit::Count, (0.0, 30.0)),
    curves,
    references,
    claims: &[
        COUNTED.claim("L = 2: 1 + 2 log₂ L", "3", 3.0, |results| results.of(0).mean()),
        COUNTED.claim("L = 16: 1 + 2 log₂ L", "9", 9.0, |results| results.of(1).mean()),
        COUNTED.claim("L = 256: 1 + 2 log₂ L", "17", 17.0, |results| results.of(2).mean()),
        COUNTED.claim("L = 1024: 1 + 2 log₂ L", "21", 21.0, |results| results.of(3).mean()),
        COUNTED.claim("L = 4096: 1 + 2 log₂ L", "25", 25.0, |results| results.of(4).mean()),
    ],
};

/// The numbers of hashes: counted from the protocol.
const COUNTED: Basis =
    Basis { oracle: "G10", tolerance: Tolerance::Exact, unit: Unit::Count, mark: Mark::C, place: "counted" };

fn compare(trial: &Trial<'_>) -> Vec<f64> {
    let depth = DEPTHS[trial.arm];
    let (keys, depth) = ((1_u32 << depth).to_string(), depth.to_string());
    let set = [("mode", "off"), ("keys", &keys), ("depth", &depth), ("anti-entropy", "1000s")];
    let mut world = trial.world("gossip", 2, &set);
    let site = named(world.as_ref(), "S1");
    invoke(world.as_mut(), site, "write k2=new");
    // By then both have begun a comparison once, at different times, and the second finds nothing.
    run_to(world.as_mut(), Time(1_001_000_000));
    let compared = |node| field(world.as_ref(), node, "compared").and_then(|text| text.parse::<f64>().ok());
    let both = compared("S1").zip(compared("S2")).map_or(f64::NAN, |(one, two)| one + two);
    // The second comparison took one hash.
    vec![both - 1.0]
}

fn curves(results: &Results) -> Vec<Curve> {
    let points = results.means(0, DEPTHS.map(|depth| f64::from(1_u32 << depth)));
    vec![Curve::measured("counted", 0, Drawn::Points, points)]
}

fn references() -> Vec<Curve> {
    let points = (0..=12).map(|depth| (f64::from(1_u32 << depth), f64::from(1 + 2 * depth))).collect();
    vec![Curve::of_source("1 + 2 log₂ L", Some(0), Drawn::Line, points, ("counted", Mark::C))]
}
