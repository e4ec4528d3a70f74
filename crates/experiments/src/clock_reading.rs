//! How far off a clock is that has been read over a network.

use faultline_model::{Latency, Span, Time};
use faultline_sim::Action;

use crate::drive::{field, named, run_to};
use crate::{Arm, Axis, Basis, Curve, Drawn, Experiment, Mark, Results, Tolerance, Trial, Unit};

/// How long a message takes there, milliseconds, by arm; back it takes what is left of 60 ms.
const THERE: [u64; 7] = [0, 10, 20, 30, 40, 50, 60];
const ROUND_TRIP: u64 = 60;

/// What a trial measures.
const NTP: usize = 0;
const CRISTIAN: usize = 1;
const CLAIMED: usize = 2;

/// Error against asymmetry.
pub static EXPERIMENT: Experiment = Experiment {
    slug: "clock-reading",
    protocol: "clock-synchronisation",
    title: "What the two ways make of a right clock",
    about: "A machine whose clock is right asks a time server whose clock is right. There and back take 60 ms \
            together, divided differently. Afterwards the machine’s clock is off; what it claims is read from it.",
    source: "Mills et al.: RFC 5905, 2010, §8; Cristian: Probabilistic Clock Synchronization. 1989",
    arms: &[
        Arm::once("0 ms there, 60 back"),
        Arm::once("10 ms there, 50 back"),
        Arm::once("20 ms there, 40 back"),
        Arm::once("30 ms there, 30 back"),
        Arm::once("40 ms there, 20 back"),
        Arm::once("50 ms there, 10 back"),
        Arm::once("60 ms there, 0 back"),
    ],
    measures: &["error, NTP", "error, Cristian", "claimed"],
    trials: 1,
    seed: 1,
    trial: ask_once,
    x: Axis::linear("way there", Unit::Millis, (0.0, 60.0)),
    y: Axis::linear("off by", Unit::Millis, (0.0, 35.0)),
    curves,
    references,
    claims: &[
        ERROR.claim("10 ms there, 50 ms back, NTP", "20 ms", 20.0, |all| all.measure(1, NTP).mean()),
        ERROR
            .claim("10 ms there, 50 ms back, Cristian", "20 ms", 20.0, |all| all.measure(1, CRISTIAN).mean()),
        ERROR.claim("30 ms each", "0 ms", 0.0, |all| all.measure(3, NTP).mean()),
        ERROR.claim("the most: all of it there", "δ/2 = 30 ms", 30.0, |all| all.measure(6, NTP).mean()),
        ERROR.claim("claimed by δ/2, always", "δ/2 = 30 ms", 30.0, |all| all.measure(1, CLAIMED).mean()),
    ],
};

/// Errors: half the difference between the two ways.
const ERROR: Basis = Basis {
    oracle: "T6",
    tolerance: Tolerance::Exact,
    unit: Unit::Millis,
    mark: Mark::C,
    place: "θ = ((T2 − T1) + (T3 − T4)) / 2, |error| ≤ δ/2",
};

fn ask_once(trial: &Trial<'_>) -> Vec<f64> {
    let there = THERE[trial.arm];
    let mut claimed = 0.0;
    let mut error = |algorithm: &str| {
        let mut world = trial.world("clock-synchronisation", 2, &[("algorithm", algorithm)]);
        let (server, machine) = (named(world.as_ref(), "Time"), named(world.as_ref(), "C1"));
        for (from, to, takes) in [(machine, server, there), (server, machine, ROUND_TRIP - there)] {
            let latency = Some(Latency::Constant(Span::millis(takes)));
            world.apply(&Action::Latency(from, to, latency)).expect("a link can be set");
        }
        run_to(world.as_mut(), Time::ZERO + Span::secs(2));
        let says = field(world.as_ref(), "C1", "sample.error");
        claimed =
            says.and_then(|text| text.parse().ok()).map_or(f64::NAN, |Span(micros)| micros as f64 / 1e3);
        let offset = |node: faultline_model::NodeId| world.view().nodes[node.index()].offset;
        (offset(machine) - offset(server)).abs() as f64 / 1e3
    };
    let errors = ["ntp", "cristian"].map(&mut error);
    vec![errors[NTP], errors[CRISTIAN], claimed]
}

fn curves(results: &Results) -> Vec<Curve> {
    let curve = |measure| {
        let points = results.means(measure, THERE.map(|there| there as f64));
        Curve::measured(EXPERIMENT.measures[measure], measure, Drawn::Points, points)
    };
    [NTP, CLAIMED].into_iter().map(curve).collect()
}

fn references() -> Vec<Curve> {
    let curve =
        |name, arm, points| Curve::of_source(name, Some(arm), Drawn::Line, points, ("RFC 5905", Mark::C));
    vec![
        curve("half the difference", NTP, vec![(0.0, 30.0), (30.0, 0.0), (60.0, 30.0)]),
        curve("δ/2", CLAIMED, vec![(0.0, 30.0), (60.0, 30.0)]),
    ]
}
