//! How often the later of two writes is lost when clocks decide.

use faultline_model::{NodeId, Purpose, Span, Time};
use faultline_sim::Action;

use crate::drive::{field, invoke, named, run_to};
use crate::{Arm, Axis, Basis, Curve, Drawn, Experiment, Mark, Results, Tolerance, Trial, Unit};

/// How much later the second write is asked for, seconds, by arm.
const GAPS: [u64; 5] = [0, 1, 2, 5, 8];

/// Each clock is off by at most so much, either way.
const OFF: Span = Span::secs(5);

/// By how much a clock is off.
const OFFSET: Purpose = Purpose::new("offset of a clock");

/// The share of later writes that are lost.
pub static EXPERIMENT: Experiment = Experiment {
    slug: "last-writer-wins",
    protocol: "last-writer-wins",
    title: "How often the later write is lost",
    about: "Two replicas with clocks off by up to 5 s, drawn alike. One client writes at A; g seconds later, in \
            real time, another writes at B, and both are acknowledged. The later write is lost when the first \
            one survives.",
    source: "Computed: two offsets from U(−d, d), P = (2d − g)² / 8d² for g < 2d",
    arms: &[
        Arm::new("g = 0 s"),
        Arm::new("g = 1 s"),
        Arm::new("g = 2 s"),
        Arm::new("g = 5 s"),
        Arm::new("g = 8 s"),
    ],
    measures: &["whether the later write is lost"],
    trials: 1_000,
    seed: 1,
    trial: two_writes,
    x: Axis::linear("seconds between the writes", Unit::Number, (0.0, 10.0)),
    y: Axis::linear("later writes lost", Unit::Share, (0.0, 0.6)),
    curves,
    references,
    claims: &[
        LOST.claim("g = 0 s, d = 5 s", "50 %", 0.5, |results| results.of(0).mean()),
        LOST.claim("g = 1 s, d = 5 s", "40.5 %", 0.405, |results| results.of(1).mean()),
        LOST.claim("g = 2 s, d = 5 s", "32 %", 0.32, |results| results.of(2).mean()),
        LOST.claim("g = 5 s, d = 5 s", "12.5 %", 0.125, |results| results.of(3).mean()),
        LOST.claim("g = 8 s, d = 5 s", "2 %", 0.02, |results| results.of(4).mean()),
    ],
};

/// The shares of writes that are lost, as computed.
const LOST: Basis = Basis {
    oracle: "T11",
    tolerance: Tolerance::Share(1),
    unit: Unit::Share,
    mark: Mark::C,
    place: "P = (2d − g)² / 8d²",
};

fn two_writes(trial: &Trial<'_>) -> Vec<f64> {
    let mut world = trial.world("last-writer-wins", 2, &[("latency", "constant 1ms")]);
    for node in [0, 1] {
        let drawn = trial.draw(OFFSET, node).between(0, 2 * OFF.0) as i64 - OFF.0 as i64;
        world.apply(&Action::Skew(NodeId(node as u16), drawn)).expect("a clock can be set");
    }
    let first = Time::ZERO + Span::secs(10);
    for (client, value, after) in [("C1", "red", 0), ("C2", "blue", GAPS[trial.arm])] {
        run_to(world.as_mut(), first + Span::secs(after));
        let client = named(world.as_ref(), client);
        invoke(world.as_mut(), client, &format!("write x={value}"));
    }
    run_to(world.as_mut(), first + Span::secs(20));
    let survives = field(world.as_ref(), "A", "x.value");
    vec![f64::from(u8::from(survives.as_deref() == Some("red")))]
}

fn curves(results: &Results) -> Vec<Curve> {
    let points = results.means(0, GAPS.map(|gap| gap as f64));
    vec![Curve::measured("measured", 0, Drawn::Points, points)]
}

fn references() -> Vec<Curve> {
    let point = |step: u32| {
        let (gap, d) = (f64::from(step) / 5.0, 5.0);
        (gap, (2.0 * d - gap) * (2.0 * d - gap) / (8.0 * d * d))
    };
    let points = (0..=50).map(point).collect();
    vec![Curve::of_source("(2d − g)² / 8d²", Some(0), Drawn::Line, points, ("computed", Mark::C))]
}
