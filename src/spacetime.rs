//! The space-time diagram: every node a lane, every message an arrow at its real times.
//!
//! [`trace`], [`geometry`] and [`picture`] are plain data and arithmetic; the rest binds them to the
//! session. Only what is visible is in the document, so that a run of a hundred thousand events is
//! as quick as one of a hundred.

mod bands;
mod board;
mod chain;
mod conditions;
mod controls;
mod diagram;
mod geometry;
mod gestures;
mod palette;
mod picture;
mod plot;
mod pointer;
mod spots;
mod story;
mod trace;
mod viewport;

pub use diagram::Diagram;
pub use geometry::Frame;
pub use palette::hue_word;
pub use picture::{Picture, Stroke};
pub use story::Story;
pub use trace::Condition;
