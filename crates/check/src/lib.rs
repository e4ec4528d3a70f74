//! Asking "can this break?" and getting a run to play, or an honest bound.
//!
//! [`Search`] tries everything that is enabled, over the same `enabled` and `apply` as the schedule and
//! the learner. It stands above the erasure boundary: compiled once, for every protocol.
//!
//! [`linear`] and [`sessions`] judge what clients saw, in a run or in a recorded [`history`], against a
//! sequential [`spec`].
//!
//! This crate must never know a particular protocol, a browser, a file or a thread. Whoever drives a
//! search gives it time in portions and can stop whenever they like.

mod answer;
pub mod bounded;
mod bounds;
mod deepening;
pub mod detector;
pub mod effects;
mod forecast;
mod graph;
pub mod history;
pub mod linear;
mod moves;
mod playable;
pub mod probe;
pub mod registry;
pub mod run;
mod search;
mod seen;
pub mod sessions;
mod share;
mod shrink;
mod sleep;
pub mod spec;
pub mod staleness;
mod table;
pub mod transactions;

pub use answer::{Counterexample, Progress, SearchError, Verdict};
pub use bounds::offered_requests;
pub use forecast::Forecast;
pub use moves::{Bounds, Request, Used};
pub use playable::play;
pub use search::Search;
pub use share::{Joint, Key, Share, Winner};
pub use shrink::shrink;
