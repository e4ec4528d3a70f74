//! SWIM §4.1: how fast the news of a crash spreads on pings and answers.

use faultline_model::{NodeId, Time};
use faultline_sim::Action;

use crate::drive::rule_of;
use crate::{Arm, Axis, Claim, Curve, Drawn, Experiment, Mark, Results, Tolerance, Trial, Unit};

const MEMBERS: u16 = 64;
const PERIOD: u64 = 1_000_000;

/// For so many periods it is counted who knows.
const WATCHED: usize = 9;

/// Infection-style dissemination.
pub static EXPERIMENT: Experiment = Experiment {
    slug: "swim-dissemination",
    protocol: "swim",
    title: "The news of a crash rides on pings",
    about: "One of 64 members has crashed, and one member finds out. From then on the news rides on pings and \
            answers; at the end of each period it is counted how many of the others know. The curve of the source \
            takes every contact for one between two who meet at random.",
    source: "Das, Gupta, Motivala: SWIM. DSN 2002, §4.1",
    arms: &[Arm::new("n = 64")],
    measures: &["1", "2", "3", "4", "5", "6", "7", "8", "9"],
    trials: 1_000,
    seed: 1,
    trial: spread,
    x: Axis::linear("periods since the first detection", Unit::Count, (0.0, 9.0)),
    y: Axis::linear("share of members that know", Unit::Share, (0.0, 1.0)),
    curves,
    references,
    claims: &[Claim {
        oracle: "G3",
        what: "after 2·ln n = 8.3 periods hardly anybody does not know: n^(−2)",
        printed: "0.0002",
        expected: 0.000_24,
        tolerance: Tolerance::Between(0.0, 0.005),
        unit: Unit::Share,
        mark: Mark::R,
        place: "SWIM §4.1",
        measured: |results| 1.0 - results.measure(0, WATCHED - 1).mean(),
    }],
};

fn spread(trial: &Trial<'_>) -> Vec<f64> {
    let set = [("suspicion", "off"), ("helpers", "0"), ("latency", "constant 10ms")];
    let mut world = trial.world("swim", MEMBERS, &set);
    world.apply(&Action::Crash(NodeId(0))).expect("it is up");
    let mut knows = vec![false; usize::from(MEMBERS)];
    let mut first = None;
    let mut shares = vec![];
    while shares.len() < WATCHED {
        let event = world.step().expect("periods go on");
        if let Some(start) = first
            && event.at >= Time(start + (shares.len() as u64 + 1) * PERIOD)
        {
            let count = knows.iter().filter(|knows| **knows).count();
            shares.push(count as f64 / f64::from(MEMBERS - 1));
        }
        if ["declare", "hear-faulty"].contains(&rule_of(world.as_ref(), &event)) {
            knows[event.node.index()] = true;
            first = first.or(Some(event.at.0));
        }
    }
    shares
}

fn curves(results: &Results) -> Vec<Curve> {
    let point = |period: usize| (period as f64 + 1.0, results.measure(0, period).mean());
    vec![Curve::measured("measured", 0, Drawn::Line, (0..WATCHED).map(point).collect())]
}

/// n/(1 + n·e^(−2t)), as a share of n.
fn references() -> Vec<Curve> {
    let point = |step: u32| {
        let t = f64::from(step) / 4.0;
        (t, 1.0 / (1.0 + f64::from(MEMBERS) * libm::exp(-2.0 * t)))
    };
    let points = (0..=36).map(point).collect();
    vec![Curve::of_source("1/(1 + n·e^(−2t))", Some(0), Drawn::Line, points, ("SWIM §4.1", Mark::R))]
}
