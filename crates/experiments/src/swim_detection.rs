//! SWIM §3.1: how soon somebody finds a crash, and what finding it costs.

use faultline_model::{NodeId, Time};
use faultline_sim::{Action, What};

use crate::drive::rule_of;
use crate::{Arm, Axis, Basis, Curve, Drawn, Experiment, Mark, Results, Tolerance, Trial, Unit};

/// Members, by arm.
const MEMBERS: [u16; 4] = [10, 50, 100, 200];

const PERIOD: u64 = 1_000_000;

/// The first detection.
pub static EXPERIMENT: Experiment = Experiment {
    slug: "swim-detection",
    protocol: "swim",
    title: "Periods until the first member finds a crash",
    about: "One of n members crashes just before a protocol period. Each period every other member pings one that it \
            chooses at random. Counted is the period at whose end somebody first finds out, and how many messages \
            a member sends in a period in which all are well.",
    source: "Das, Gupta, Motivala: SWIM: Scalable Weakly-consistent Infection-style Process Group Membership \
             Protocol. DSN 2002",
    arms: &[Arm::new("n = 10"), Arm::new("n = 50"), Arm::new("n = 100"), Arm::new("n = 200")],
    measures: &["periods until the first detection", "messages a member and period"],
    trials: 1_000,
    seed: 1,
    trial: detection,
    x: Axis::linear("periods until the first detection", Unit::Count, (0.0, 8.0)),
    y: Axis::SHARE,
    curves,
    references,
    claims: &[
        DETECTION.claim("n = 10", "1.530", 1.530, |results| results.of(0).mean()),
        DETECTION.claim("n = 50", "1.573", 1.573, |results| results.of(1).mean()),
        DETECTION.claim("n = 100", "1.577", 1.577, |results| results.of(2).mean()),
        DETECTION.claim("n = 200: e/(e − 1)", "1.582", 1.582, |results| results.of(3).mean()),
        LOAD.claim("n = 10: a ping and an answer", "2", 2.0, |results| results.measure(0, 1).mean()),
        LOAD.claim("n = 200: a ping and an answer", "2", 2.0, |results| results.measure(3, 1).mean()),
    ],
};

/// Periods until somebody finds a crash.
const DETECTION: Basis = Basis {
    oracle: "G1",
    tolerance: Tolerance::Mean(0.95),
    unit: Unit::Number,
    mark: Mark::Q,
    place: "SWIM §3.1",
};

/// Messages that a member sends in a period.
const LOAD: Basis =
    Basis { oracle: "G2", tolerance: Tolerance::Exact, unit: Unit::Count, mark: Mark::R, ..DETECTION };

fn detection(trial: &Trial<'_>) -> Vec<f64> {
    let members = MEMBERS[trial.arm];
    let set = [("suspicion", "off"), ("helpers", "0"), ("latency", "constant 10ms")];
    let mut world = trial.world("swim", members, &set);
    // One period in which all are well; its messages have arrived long before the next.
    let mut messages = 0_u32;
    while world.next_due().is_some_and(|due| due < Time(2 * PERIOD - 1)) {
        messages += u32::from(world.step().is_some_and(|event| event.what == What::Delivered));
    }
    world.wait(Time(2 * PERIOD - 1));
    world.apply(&Action::Crash(NodeId(0))).expect("it is up");
    loop {
        let event = world.step().expect("periods go on");
        if rule_of(world.as_ref(), &event) == "declare" {
            let period = event.at.0 / PERIOD - 2;
            return vec![period as f64, f64::from(messages) / f64::from(members)];
        }
    }
}

fn curves(results: &Results) -> Vec<Curve> {
    Curve::distributions(EXPERIMENT.arms, results)
}

/// In a large group, not yet after t periods with probability e^(−t).
fn references() -> Vec<Curve> {
    let points = (0..=8).map(|t| (f64::from(t), 1.0 - libm::exp(-f64::from(t)))).collect();
    vec![Curve::of_source("1 − e^(−t)", Some(3), Drawn::Points, points, ("SWIM §3.1", Mark::Q))]
}
