//! The diagram's horizontal axis: real time, or a logical one that leaves durations out.
//!
//! On a logical axis an event's place takes the role of its time, in units of [`STEP`]; everything else
//! that is drawn knows no difference.

use faultline_model::Time;
use faultline_sim::{Causality, Event};

use super::geometry::clock_text;

/// From one place of a logical axis to the next, in the microseconds that real time is counted in.
pub const STEP: u64 = 1_000;

/// What the horizontal axis tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Axis {
    /// True time: lengths are durations.
    #[default]
    Time,
    /// The number of the event: every event takes the same room.
    Number,
    /// Lamport's logical time: an event stands right of all that happened before it, and no farther.
    Rank,
}

impl Axis {
    /// All, in the order in which they are offered.
    pub const ALL: [Axis; 3] = [Axis::Time, Axis::Number, Axis::Rank];

    /// What a learner chooses it by.
    pub fn name(self) -> &'static str {
        match self {
            Axis::Time => "Real time",
            Axis::Number => "Event number",
            Axis::Rank => "Logical time",
        }
    }

    /// The event as it stands on this axis. `causality` must cover it when the axis needs it.
    pub fn place(self, number: u32, event: &Event, causality: Option<&Causality>) -> Event {
        let step = |place: u32| Time(u64::from(place) * STEP);
        let at = match self {
            Axis::Time => event.at,
            Axis::Number => step(number),
            Axis::Rank => step(causality.map_or(0, |causality| causality.rank(number))),
        };
        Event { at, ..*event }
    }

    /// A place on the axis as it is written: "1.871 s", "event 41", "12"; `fineness` in its units.
    pub fn label(self, at: Time, fineness: u64) -> String {
        match self {
            Axis::Time => clock_text(at, fineness),
            Axis::Number | Axis::Rank => (at.0 / STEP).to_string(),
        }
    }

    /// The same within a sentence: "at 1.42 s", "at event 41".
    pub fn words(self, at: Time) -> String {
        match self {
            Axis::Time => clock_text(at, 10_000),
            Axis::Number => format!("event {}", at.0 / STEP),
            Axis::Rank => format!("logical time {}", at.0 / STEP),
        }
    }

    /// The finest step between two labels.
    pub fn finest(self) -> u64 {
        if self == Axis::Time { 1 } else { STEP }
    }

    /// Units a pixel at which marks are easily told apart, where no latency says so.
    pub fn natural_scale(self) -> Option<f64> {
        match self {
            Axis::Time => None,
            Axis::Number => Some(STEP as f64 / 20.0),
            Axis::Rank => Some(STEP as f64 / 36.0),
        }
    }
}
