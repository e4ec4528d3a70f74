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

pub mod history;
pub mod linear;
mod moves;
mod search;
mod seen;
pub mod sessions;
pub mod spec;

pub use moves::{Bounds, Request, Used};
pub use search::{Counterexample, Progress, Search, SearchError, Verdict};
