//! Figures and tables of papers, measured on the real protocols.
//!
//! An [`Experiment`] says what is compared (its arms), what one trial is (a run, or several, of a protocol
//! as everybody else runs it), and what the paper claims of many of them. A [`Runner`] performs the trials:
//! each is a function of (seed, arm, number), so the answer is the same however they are divided among
//! threads, slices or a worker. A [`Report`] is what came of it: curves, and each [`Claim`] beside the
//! number that was measured. No number of a report is written down anywhere: it is measured each time.
//!
//! This crate must never know a browser, a file, a wall clock or a thread; and it builds no world itself:
//! who runs an experiment hands in how a [`faultline_sim::Scenario`] becomes one, so that experiments run
//! on the worlds of the catalogue and cost the web app no second copy of a protocol.

mod claim;
mod clock_drift;
mod clock_reading;
mod curve;
mod drive;
mod experiment;
mod failure_detection;
mod gossip_merkle;
mod gossip_residue;
mod gossip_rounds;
mod last_writer_wins;
mod mutual_exclusion_messages;
mod phi_silence;
mod raft_commitment;
mod raft_figure_16;
mod raft_split_votes;
mod raft_timeouts;
mod raft_votes;
mod report;
mod results;
mod runner;
mod swim_detection;
mod swim_dissemination;
mod trial;
mod two_phase_commit_messages;
mod unit;

pub use claim::{Basis, Claim, Mark, Tolerance};
pub use curve::{Curve, Drawn};
pub use experiment::{Arm, Axis, Experiment, Repeat};
pub use report::{Report, Row};
pub use results::{Results, Sample};
pub use runner::{MOST_TRIALS, Plan, Runner};
pub use trial::{Build, Trial};
pub use unit::Unit;

/// Every experiment that there is, in the order in which the course meets them. A new one is a file
/// `src/<slug>.rs` with a `pub static EXPERIMENT`, its `mod` line above, and its line here.
static EXPERIMENTS: &[&Experiment] = &[
    &last_writer_wins::EXPERIMENT,
    &clock_reading::EXPERIMENT,
    &clock_drift::EXPERIMENT,
    &mutual_exclusion_messages::EXPERIMENT,
    &phi_silence::EXPERIMENT,
    &failure_detection::EXPERIMENT,
    &swim_detection::EXPERIMENT,
    &swim_dissemination::EXPERIMENT,
    &gossip_rounds::EXPERIMENT,
    &gossip_residue::EXPERIMENT,
    &gossip_merkle::EXPERIMENT,
    &raft_figure_16::EXPERIMENT,
    &raft_timeouts::EXPERIMENT,
    &raft_split_votes::EXPERIMENT,
    &raft_votes::EXPERIMENT,
    &raft_commitment::EXPERIMENT,
    &two_phase_commit_messages::EXPERIMENT,
];

/// All experiments.
pub fn experiments() -> &'static [&'static Experiment] {
    EXPERIMENTS
}

/// The experiment of that slug.
pub fn find(slug: &str) -> Option<&'static Experiment> {
    EXPERIMENTS.iter().copied().find(|experiment| experiment.slug == slug)
}
