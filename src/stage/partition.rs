//! Partitions: drawn across the stage or chosen from a list, with any number of groups.

mod boundary;
mod groups;
mod line;
mod list;
mod sketch;

use leptos::prelude::*;

use super::geometry::Point;

pub use boundary::boundary;
pub use groups::{Standing, divide, standing};
pub use line::{extend, sides};
pub use list::PartitionTool;
pub use sketch::Sketch;

/// The line that is being drawn.
#[derive(Clone, Copy, Debug)]
pub struct Drawing {
    /// Whether a movement of the pointer across the stage draws.
    pub armed: RwSignal<bool>,
    /// The line so far, on the stage.
    pub line: RwSignal<Vec<Point>>,
}

impl Drawing {
    /// Nothing is drawn yet.
    pub fn new() -> Drawing {
        Drawing { armed: RwSignal::new(false), line: RwSignal::new(vec![]) }
    }
}
