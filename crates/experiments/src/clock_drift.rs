//! What becomes of a clock between two polls, and without a time server.

use faultline_model::{NodeId, Time};
use faultline_sim::Action;

use crate::drive::{named, run_to};
use crate::{Arm, Axis, Basis, Curve, Drawn, Experiment, Mark, Results, Tolerance, Trial, Unit};

/// How fast the machine's clock runs, in millionths.
const DRIFT: i32 = 200;
/// The machine asks a second after its start, and then every 30 s, by its own clock.
const POLL: f64 = 30.0;
const POLLS: usize = 10;
/// The arm in which the time server stops, and after the answer to which poll it does.
const STOPS: usize = 1;
const LAST_POLL: usize = 3;

/// The sawtooth.
pub static EXPERIMENT: Experiment = Experiment {
    slug: "clock-drift",
    protocol: "clock-synchronisation",
    title: "A clock between two answers",
    about: "A machine’s clock gains 200 µs a second. It asks a time server every 30 s, over links that take 30 ms each \
            way. Its error is taken just before each question and just after each answer: with a server that goes on \
            answering, and with one that stops after a minute and a half.",
    source: "Corbett et al.: Spanner. OSDI 2012, §3: 200 µs/s between polls of 30 s; RFC 5905, 2010",
    arms: &[Arm::once("the server answers"), Arm::once("the server stops after 92 s")],
    measures: &[
        "before poll 1",
        "after poll 1",
        "before poll 2",
        "after poll 2",
        "before poll 3",
        "after poll 3",
        "before poll 4",
        "after poll 4",
        "before poll 5",
        "after poll 5",
        "before poll 6",
        "after poll 6",
        "before poll 7",
        "after poll 7",
        "before poll 8",
        "after poll 8",
        "before poll 9",
        "after poll 9",
        "before poll 10",
        "after poll 10",
    ],
    trials: 1,
    seed: 1,
    trial: sawtooth,
    x: Axis::linear("seconds", Unit::Number, (0.0, 280.0)),
    y: Axis::linear("off by", Unit::Millis, (0.0, 40.0)),
    curves,
    references,
    claims: &[
        DRIFTS.within(0.1).claim("just before a poll", "6 ms", 6.0, |all| all.measure(0, 10).mean()),
        DRIFTS.within(0.1).claim("just after it", "0 ms", 0.0, |all| all.measure(0, 11).mean()),
        DRIFTS.claim("growth without the server", "200 µs/s", 0.2, growth),
    ],
};

/// The growth of the error: Spanner's bound, which is this clock's drift.
const DRIFTS: Basis = Basis {
    oracle: "T1",
    tolerance: Tolerance::Within(0.000_1),
    unit: Unit::Millis,
    mark: Mark::P,
    place: "Spanner §3: 200 µs/s, so 0 to 6 ms in 30 s",
};

/// True times in seconds just before each poll, and just after its answer.
fn times() -> [f64; 2 * POLLS] {
    let rate = 1.0 + f64::from(DRIFT) / 1e6;
    std::array::from_fn(|place| {
        let poll = (1.0 + (place / 2) as f64 * POLL) / rate;
        if place.is_multiple_of(2) { poll - 0.01 } else { poll + 0.07 }
    })
}

fn sawtooth(trial: &Trial<'_>) -> Vec<f64> {
    let mut world = trial.world("clock-synchronisation", 2, &[]);
    let (server, machine) = (named(world.as_ref(), "Time"), named(world.as_ref(), "C1"));
    world.apply(&Action::Drift(machine, DRIFT)).expect("a clock can drift");
    let measure = |(place, seconds): (usize, f64)| {
        run_to(world.as_mut(), Time((seconds * 1e6) as u64));
        let offset = |node: NodeId| world.view().nodes[node.index()].offset;
        let error = (offset(machine) - offset(server)).abs() as f64 / 1e3;
        if trial.arm == STOPS && place == 2 * LAST_POLL + 1 {
            world.apply(&Action::Crash(server)).expect("it is up");
        }
        error
    };
    times().into_iter().enumerate().map(measure).collect()
}

/// Milliseconds a second, from the first poll that nobody answers to the last.
fn growth(results: &Results) -> f64 {
    let (first, last) = (2 * LAST_POLL + 2, 2 * POLLS - 1);
    let gained = results.measure(STOPS, last).mean() - results.measure(STOPS, first).mean();
    gained / (times()[last] - times()[first])
}

fn curves(results: &Results) -> Vec<Curve> {
    let curve = |(arm, name): (usize, &Arm)| {
        let points =
            times().into_iter().enumerate().map(|(place, x)| (x, results.measure(arm, place).mean()));
        Curve::measured(name.name, arm, Drawn::Line, points.collect())
    };
    EXPERIMENT.arms.iter().enumerate().map(curve).collect()
}

fn references() -> Vec<Curve> {
    let begun = times()[2 * LAST_POLL + 1];
    let points = vec![(begun, 0.0), (begun + 190.0, 38.0)];
    vec![Curve::of_source("200 µs/s", Some(STOPS), Drawn::Line, points, ("Spanner §3", Mark::P))]
}
