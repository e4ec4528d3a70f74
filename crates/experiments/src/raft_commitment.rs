//! Raft Figure 8: an entry of an earlier term on a majority can still be overwritten, and when it cannot.

use crate::drive::field;
use crate::{Arm, Axis, Basis, Curve, Experiment, Mark, Tolerance, Trial, Unit};

/// The figure's story as scripts, which also check every state on the way.
const STORIES: [&str; 2] = [
    include_str!("../../protocols/scripts/raft/figure-8.txt"),
    include_str!("../../protocols/scripts/raft/figure-8-e.txt"),
];

const OVERWRITTEN: usize = 0;
const COMMITTED: usize = 1;

/// What a trial measures.
const PLAYED: usize = 0;
const VOTES: usize = 1;
const TERM: usize = 2;

/// Raft Figure 8.
pub static EXPERIMENT: Experiment = Experiment {
    slug: "raft-figure-8",
    protocol: "raft",
    title: "Raft Figure 8: a majority is not a commit",
    about: "The story of the figure, message by message: S1 spreads its entry of term 2 to S1, S2 and S3 in \
            term 4, then crashes, without (d) or after (e) an entry of term 4 has reached a majority. Then \
            S5 asks for votes.",
    source: "Diego Ongaro, John Ousterhout: In Search of an Understandable Consensus Algorithm (Extended \
             Version). 2014",
    arms: &[Arm::once("(a) to (d)"), Arm::once("(a) to (c), then (e)")],
    measures: &["the story could be played", "votes for S5 from S2, S3, S4", "term of S2’s entry at index 2"],
    trials: 1,
    seed: 1,
    trial: story,
    x: Axis::linear("story", Unit::Count, (0.0, 1.0)),
    y: Axis::linear("votes", Unit::Count, (0.0, 3.0)),
    curves: |_| -> Vec<Curve> { vec![] },
    references: Vec::new,
    claims: &[
        FIGURE_8.claim("both stories play, each state as in the figure", "(a)–(e)", 2.0, |results| {
            results.measure(OVERWRITTEN, PLAYED).mean() + results.measure(COMMITTED, PLAYED).mean()
        }),
        FIGURE_8.claim("(d): votes for S5 from S2, S3, S4", "S2, S3, S4", 3.0, |results| {
            results.measure(OVERWRITTEN, VOTES).mean()
        }),
        FIGURE_8.claim("(d): term of S2’s entry at index 2, overwritten", "3", 3.0, |results| {
            results.measure(OVERWRITTEN, TERM).mean()
        }),
        FIGURE_8.claim(
            "(e): votes for S5 from S2, S3, S4: no majority of five",
            "cannot win",
            1.0,
            |results| results.measure(COMMITTED, VOTES).mean(),
        ),
        FIGURE_8.claim("(e): term of S2’s entry at index 2, kept", "2", 2.0, |results| {
            results.measure(COMMITTED, TERM).mean()
        }),
    ],
};

/// What the figure and its caption say.
const FIGURE_8: Basis = Basis {
    oracle: "E14",
    tolerance: Tolerance::Exact,
    unit: Unit::Count,
    mark: Mark::P,
    place: "Raft (extended) §5.4.2, Fig. 8",
};

fn story(trial: &Trial<'_>) -> Vec<f64> {
    let (timeline, played) = trial.play(STORIES[trial.arm]);
    let world = timeline.world();
    let voted = |name| field(world, name, "votedFor").as_deref() == Some("S5");
    let votes = ["S2", "S3", "S4"].into_iter().filter(|name| voted(name)).count();
    let term = field(world, "S2", "log.2.term").and_then(|term| term.parse().ok());
    vec![f64::from(u8::from(played.is_ok())), votes as f64, term.unwrap_or(0.0)]
}
