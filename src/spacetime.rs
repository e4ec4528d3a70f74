//! The space-time diagram: every node a lane, every message an arrow at its real times.
//!
//! [`trace`], [`geometry`], [`picture`], [`crowd`], [`cones`] and [`axis`] are plain data and arithmetic; the
//! rest binds them to the session. Only what is visible is in the document, few marks as SVG, many on a
//! canvas, and of a crowd only its counts, so that a run of a million events is as quick as one of a
//! hundred.

mod axis;
mod bands;
mod board;
mod chain;
mod clocks;
mod conditions;
mod cones;
mod controls;
mod crowd;
mod diagram;
mod geometry;
mod gestures;
mod lanes;
mod lighting;
mod palette;
mod picture;
mod plate;
mod plot;
mod pointer;
mod spots;
mod story;
mod trace;
mod viewport;

pub use geometry::Frame;
pub use palette::hue_word;
pub use picture::{Picture, Stroke};
pub use story::Story;
pub use trace::Condition;

use std::rc::Rc;

use faultline_chunk::chunk;
use leptos::prelude::*;

use crate::widgets::Room;

chunk! { panes: pub fn show_diagram() -> Room { Rc::new(|| view! { <diagram::Diagram/> }.into_any()) } }
