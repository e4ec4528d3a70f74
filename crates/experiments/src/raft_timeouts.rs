//! The dissertation's §9.1: how soon the earliest of several randomized timers runs out.

use faultline_model::NodeId;
use faultline_sim::{Action, What};

use crate::{Arm, Axis, Claim, Curve, Drawn, Experiment, Mark, Results, Tolerance, Trial, Unit};

/// Of five servers so many are up.
const SURVIVORS: [u16; 3] = [4, 3, 2];
const SERVERS: u16 = 5;

const PLACE: &str = "Ongaro (dissertation) §9.1";

/// The earliest of s timers.
pub static EXPERIMENT: Experiment = Experiment {
    slug: "raft-timeouts",
    protocol: "raft",
    title: "The earliest of several election timeouts",
    about: "Five servers start together with timeouts drawn between 1 and 2 s; some of them are down. What \
            counts is when the first timer runs out, as a share of that range.",
    source: "Diego Ongaro: Consensus: Bridging Theory and Practice (dissertation). 2014",
    arms: &[Arm::new("4 up"), Arm::new("3 up"), Arm::new("2 up")],
    measures: &["first timeout, as a share of the range"],
    trials: 1_000,
    seed: 1,
    trial: earliest,
    x: Axis::linear("first timeout, as a share of the range", Unit::Share, (0.0, 1.0)),
    y: Axis::SHARE,
    curves,
    references,
    claims: &[
        Claim {
            oracle: "E7",
            what: "4 up: a timeout within the first quarter of the range",
            printed: "0.68",
            expected: 0.683_593_75,
            tolerance: Tolerance::Share(1),
            unit: Unit::Number,
            mark: Mark::P,
            place: PLACE,
            measured: |results| results.of(0).share(|share| share <= 0.25),
        },
        Claim {
            oracle: "E7",
            what: "4 up: mean of the first timeout, 1/(s+1)",
            printed: "1/5",
            expected: 0.2,
            // √(s / ((s+1)²(s+2))), the deviation of the least of s uniform values.
            tolerance: Tolerance::Mean(0.163_3),
            unit: Unit::Number,
            mark: Mark::C,
            place: PLACE,
            measured: |results| results.of(0).mean(),
        },
    ],
};

fn earliest(trial: &Trial<'_>) -> Vec<f64> {
    let set = [("clients", "0"), ("election-min", "1s"), ("election-max", "2s")];
    let mut world = trial.world("raft", SERVERS, &set);
    for down in SURVIVORS[trial.arm]..SERVERS {
        world.apply(&Action::Crash(NodeId(down))).expect("it is up");
    }
    let mut events = std::iter::from_fn(|| world.step());
    let first = events.find(|event| event.what == What::Fired).expect("some timer runs out");
    vec![(first.at.0 as f64 - 1e6) / 1e6]
}

fn curves(results: &Results) -> Vec<Curve> {
    Curve::distributions(EXPERIMENT.arms, results)
}

/// P(earliest ≤ t) = 1 − (1 − t)^s.
fn references() -> Vec<Curve> {
    let formula = |(arm, &up): (usize, &u16)| {
        let point = |step: u32| {
            let t = f64::from(step) / 50.0;
            (t, 1.0 - libm::pow(1.0 - t, f64::from(up)))
        };
        Curve::of_source(
            "1 − (1 − t)ˢ, s servers up",
            Some(arm),
            Drawn::Line,
            (0..=50).map(point).collect(),
            (PLACE, Mark::P),
        )
    };
    SURVIVORS.iter().enumerate().map(formula).collect()
}
