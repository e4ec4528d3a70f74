//! After how much silence φ reaches its thresholds.

use faultline_sim::Action;

use crate::drive::named;
use crate::{Arm, Axis, Basis, Curve, Drawn, Experiment, Mark, Results, Tolerance, Trial, Unit};

/// The distributions, by arm, and the values of φ, by measure.
const DISTRIBUTIONS: [&str; 2] = ["normal", "exponential"];
const LEVELS: [u8; 4] = [1, 2, 3, 8];

/// φ by its definition.
pub static EXPERIMENT: Experiment = Experiment {
    slug: "phi-silence",
    protocol: "failure-detector",
    title: "How much silence makes φ",
    about: "A peer whose heartbeats came every 1000 ± 200 ms falls silent. The time is taken at which the monitor \
            finds φ = 1, 2, 3 and 8, with the times between heartbeats taken for normal and for exponential.",
    source: "Hayashibara, Défago, Yared, Katayama: The φ Accrual Failure Detector. SRDS 2004",
    arms: &[Arm::once("normal, 1000 ± 200 ms"), Arm::once("exponential, mean 1000 ms")],
    measures: &["φ = 1", "φ = 2", "φ = 3", "φ = 8"],
    trials: 1,
    seed: 1,
    trial: silence,
    x: Axis::linear("silence", Unit::Millis, (0.0, 20_000.0)),
    y: Axis::linear("φ", Unit::Number, (0.0, 9.0)),
    curves,
    references,
    claims: &[
        SILENCE.claim("normal, φ = 1", "1256 ms", 1_256.0, |results| results.measure(0, 0).mean()),
        SILENCE.claim("normal, φ = 2", "1465 ms", 1_465.0, |results| results.measure(0, 1).mean()),
        SILENCE.claim("normal, φ = 3", "1618 ms", 1_618.0, |results| results.measure(0, 2).mean()),
        SILENCE.claim("normal, φ = 8", "2122 ms", 2_122.0, |results| results.measure(0, 3).mean()),
        SILENCE.claim("exponential, φ = 1", "2303 ms", 2_303.0, |results| results.measure(1, 0).mean()),
        SILENCE.claim("exponential, φ = 2", "4605 ms", 4_605.0, |results| results.measure(1, 1).mean()),
        SILENCE.claim("exponential, φ = 3", "6908 ms", 6_908.0, |results| results.measure(1, 2).mean()),
        SILENCE.claim("exponential, φ = 8", "18421 ms", 18_421.0, |results| results.measure(1, 3).mean()),
    ],
};

/// The lengths of silence that make φ so high, to the millisecond that is printed.
const SILENCE: Basis = Basis {
    oracle: "T12",
    tolerance: Tolerance::Within(0.501),
    unit: Unit::Millis,
    mark: Mark::C,
    place: "definition of φ",
};

fn silence(trial: &Trial<'_>) -> Vec<f64> {
    let mut world = trial.world("failure-detector", 2, &[("distribution", DISTRIBUTIONS[trial.arm])]);
    let peer = named(world.as_ref(), "LAN");
    world.apply(&Action::Crash(peer)).expect("it is up");
    let mut at = vec![];
    while at.len() < usize::from(LEVELS[LEVELS.len() - 1]) {
        let event = world.step().expect("silence goes on");
        if event.kind == "Phi" {
            at.push(event.at.0 as f64 / 1_000.0);
        }
    }
    LEVELS.map(|level| at[usize::from(level) - 1]).to_vec()
}

fn curves(results: &Results) -> Vec<Curve> {
    let curve = |(arm, name): (usize, &Arm)| {
        let point =
            |(measure, &level): (usize, &u8)| (results.measure(arm, measure).mean(), f64::from(level));
        Curve::measured(name.name, arm, Drawn::Points, LEVELS.iter().enumerate().map(point).collect())
    };
    EXPERIMENT.arms.iter().enumerate().map(curve).collect()
}

/// φ = −log₁₀ of the chance of a longer silence.
fn references() -> Vec<Curve> {
    let curve = |arm: usize, name: &str, later: fn(f64) -> f64, end: u32| {
        let point = |step: u32| {
            let silence = f64::from(step * end) / 60.0;
            (silence, -libm::log10(later(silence)))
        };
        let points = (0..=60).map(point).collect();
        Curve::of_source(name, Some(arm), Drawn::Line, points, ("definition of φ", Mark::C))
    };
    let normal = |silence: f64| 0.5 * libm::erfc((silence - 1_000.0) / (200.0 * std::f64::consts::SQRT_2));
    let exponential = |silence: f64| libm::exp(-silence / 1_000.0);
    vec![
        curve(0, "−log₁₀ P(later), normal", normal, 2_200),
        curve(1, "−log₁₀ P(later), exponential", exponential, 20_000),
    ]
}
