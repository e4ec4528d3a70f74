//! Raft Figure 7: who votes for the leader of term 8.

use crate::drive::field;
use crate::{Arm, Axis, Basis, Curve, Experiment, Mark, Results, Tolerance, Trial, Unit};

/// S1 stands for term 8 among the logs of the figure.
const SCRIPT: &str = "\
protocol raft
set start = figure-7
set clients = 0
fire S1 election
run 30ms
";

const FOLLOWERS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// Raft Figure 7.
pub static EXPERIMENT: Experiment = Experiment {
    slug: "raft-figure-7",
    protocol: "raft",
    title: "Raft Figure 7: who votes for the leader of term 8",
    about: "Seven servers with the logs of the figure. S1 stands for term 8, and everybody answers.",
    source: "Diego Ongaro, John Ousterhout: In Search of an Understandable Consensus Algorithm (Extended \
             Version). 2014",
    arms: &[Arm::once("the logs of Fig. 7")],
    measures: &["a grants", "b grants", "c grants", "d grants", "e grants", "f grants"],
    trials: 1,
    seed: 1,
    trial: votes,
    x: Axis::linear("server", Unit::Count, (1.0, 6.0)),
    y: Axis::linear("votes granted", Unit::Count, (0.0, 1.0)),
    curves: |_| -> Vec<Curve> { vec![] },
    references: Vec::new,
    claims: &[
        FIGURE_7.claim("votes for S1 with its own, of seven servers", "5 of 7", 5.0, |results| {
            1.0 + (0..FOLLOWERS.len()).map(|follower| granted(results, follower)).sum::<f64>()
        }),
        FIGURE_7.claim("votes of a, b, e and f", "all 4", 4.0, |results| {
            [0, 1, 4, 5].map(|follower| granted(results, follower)).iter().sum()
        }),
        FIGURE_7.claim("votes of c and d, whose logs are more up-to-date", "none", 0.0, |results| {
            granted(results, 2) + granted(results, 3)
        }),
    ],
};

/// What the figure and its caption say.
const FIGURE_7: Basis = Basis {
    oracle: "E13",
    tolerance: Tolerance::Exact,
    unit: Unit::Count,
    // The caption was read; what stands in the figure's boxes was not.
    mark: Mark::R,
    place: "Raft (extended) §5.3, Fig. 7",
};

fn granted(results: &Results, follower: usize) -> f64 {
    results.measure(0, follower).mean()
}

fn votes(trial: &Trial<'_>) -> Vec<f64> {
    let (timeline, played) = trial.play(SCRIPT);
    played.expect("nothing in it can fail");
    let granted = |name| field(timeline.world(), name, "votedFor").as_deref() == Some("S1");
    FOLLOWERS.iter().map(|name| f64::from(u8::from(granted(name)))).collect()
}
