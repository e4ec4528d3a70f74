//! Detection time against false alarms: what a timeout, and what a threshold of φ, trades.

use faultline_model::Time;
use faultline_sim::{Action, AnyWorld, What};

use crate::drive::{field, named, rule_of, run_to};
use crate::{Arm, Axis, Basis, Curve, Drawn, Experiment, Mark, Results, Tolerance, Trial, Unit};

/// The settings, by arm: a threshold of φ and a fixed timeout, for the monitor judges by both at once.
const SETTINGS: [(&str, &str); 4] = [("1", "1250ms"), ("2", "1500ms"), ("3", "2s"), ("8", "3s")];

/// What a trial measures.
const PHI_WRONG: usize = 0;
const PHI_AFTER: usize = 1;
const TIMEOUT_WRONG: usize = 2;
const TIMEOUT_AFTER: usize = 3;

/// The trade.
pub static EXPERIMENT: Experiment = Experiment {
    slug: "failure-detection",
    protocol: "failure-detector",
    title: "Found soon, or rarely wrong",
    about: "A peer sends a heartbeat a second; the times between arrivals are normal, 1000 ± 200 ms. Of 2000 \
            heartbeats it is counted how many had been taken for missing; then the peer crashes, and the silence \
            is measured after which it is suspected. Before, 200 heartbeats fill the window.",
    source: "Hayashibara, Défago, Yared, Katayama: The φ Accrual Failure Detector. SRDS 2004",
    arms: &[
        Arm::new("φ ≥ 1, timeout 1.25 s"),
        Arm::new("φ ≥ 2, timeout 1.5 s"),
        Arm::new("φ ≥ 3, timeout 2 s"),
        Arm::new("φ ≥ 8, timeout 3 s"),
    ],
    measures: &[
        "mistakes of φ a heartbeat",
        "silence until φ suspects, ms",
        "mistakes of the timeout a heartbeat",
        "silence until the timeout suspects, ms",
    ],
    trials: 40,
    seed: 1,
    trial: judge,
    x: Axis::linear("silence until suspicion", Unit::Millis, (1_000.0, 3_200.0)),
    y: Axis::logarithmic("mistakes a heartbeat", Unit::Number, (0.000_01, 1.0)),
    curves,
    references,
    claims: &[
        MISTAKES
            .within(0.008)
            .claim("φ = 1 is wrong once in ten", "10⁻¹", 0.1, |results| wrongly(results, 0)),
        MISTAKES
            .within(0.002)
            .claim("φ = 2 is wrong once in a hundred", "10⁻²", 0.01, |results| wrongly(results, 1)),
        MISTAKES
            .within(0.000_6)
            .claim("φ = 3 is wrong once in a thousand", "10⁻³", 0.001, |results| wrongly(results, 2)),
        MISTAKES.within(0.000_01).claim(
            "φ = 8 is wrong once in a hundred million",
            "10⁻⁸",
            1e-8,
            |results| wrongly(results, 3),
        ),
    ],
};

/// How often a threshold is wrong, by the definition of φ.
const MISTAKES: Basis = Basis {
    oracle: "T12",
    tolerance: Tolerance::Exact,
    unit: Unit::Number,
    mark: Mark::C,
    place: "definition of φ",
};

fn wrongly(results: &Results, arm: usize) -> f64 {
    results.measure(arm, PHI_WRONG).mean()
}

/// The three counts of the monitor after so many seconds: mistakes of φ and of the timeout, heartbeats.
fn counts(world: &mut dyn AnyWorld, seconds: u64) -> [f64; 3] {
    run_to(world, Time(seconds * 1_000_000));
    ["accrual.mistakes", "timeout.mistakes", "heartbeats"].map(|path| {
        let text = field(world, "M", &format!("peers.LAN.{path}"));
        text.and_then(|text| text.parse().ok()).unwrap_or(f64::NAN)
    })
}

fn judge(trial: &Trial<'_>) -> Vec<f64> {
    let (threshold, timeout) = SETTINGS[trial.arm];
    let set = [
        // The difference of two such delays has a deviation of 200 ms.
        ("latency", "normal 1s 141421us"),
        ("window", "1000"),
        ("min-deviation", "1ms"),
        ("threshold", threshold),
        ("timeout", timeout),
    ];
    let mut world = trial.world("failure-detector", 2, &set);
    let before = counts(world.as_mut(), 201);
    let after = counts(world.as_mut(), 2_201);
    let share = |place: usize| (after[place] - before[place]) / (after[2] - before[2]);
    let peer = named(world.as_ref(), "LAN");
    world.apply(&Action::Crash(peer)).expect("it is up");
    let mut last = world.now();
    let (mut phi, mut fixed) = (None, None);
    while phi.is_none() || fixed.is_none() {
        let event = world.step().expect("silence goes on");
        let silence = event.at.since(last).0 as f64 / 1_000.0;
        match rule_of(world.as_ref(), &event) {
            // What was on its way still arrives, and silence begins anew.
            _ if event.what == What::Delivered => (last, phi, fixed) = (event.at, None, None),
            "suspect" => phi = Some(silence),
            "timeout" => fixed = Some(silence),
            _ => {}
        }
    }
    vec![share(0), phi.unwrap_or(f64::NAN), share(1), fixed.unwrap_or(f64::NAN)]
}

fn curves(results: &Results) -> Vec<Curve> {
    let points = |after: usize, wrong: usize| {
        let point = |arm| (results.measure(arm, after).mean(), results.measure(arm, wrong).mean());
        (0..SETTINGS.len()).map(point).collect()
    };
    vec![
        Curve::measured("φ", 0, Drawn::Points, points(PHI_AFTER, PHI_WRONG)),
        Curve::measured("fixed timeout", 1, Drawn::Points, points(TIMEOUT_AFTER, TIMEOUT_WRONG)),
    ]
}

/// How often a normal gap of 1000 ± 200 ms is longer than that.
fn references() -> Vec<Curve> {
    let point = |step: u32| {
        let silence = f64::from(1_000 + 20 * step);
        (silence, 0.5 * libm::erfc((silence - 1_000.0) / (200.0 * std::f64::consts::SQRT_2)))
    };
    let points = (0..=45).map(point).collect();
    vec![Curve::of_source("P(later)", None, Drawn::Line, points, ("definition of φ", Mark::C))]
}
