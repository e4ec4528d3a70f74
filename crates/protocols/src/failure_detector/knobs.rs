//! The knobs of the failure detectors.

use faultline_model::{KnobKind, Span, choice, params};

choice! {
    /// Which distribution the times between arrivals are taken for.
    pub enum Distribution {
        /// Normal, with the window's mean and deviation.
        Normal = "normal",
        /// Exponential, with the window's mean.
        Exponential = "exponential",
    }
}

const SPAN: KnobKind = KnobKind::Span { min: Span::millis(1), max: Span::secs(3_600) };

/// Whether a length of time may be set at run time, too.
pub(super) fn in_range(span: Span) -> bool {
    (Span::millis(1)..=Span::secs(3_600)).contains(&span)
}

params! {
    /// The knobs of the failure detectors.
    pub struct Knobs {
        /// How often a peer sends a heartbeat.
        "interval" interval: Span = Span::secs(1), SPAN;
        /// After how much silence the fixed timeout suspects a peer.
        "timeout" timeout: Span = Span::secs(2), SPAN;
        /// From which φ on the accrual detector suspects a peer; 8 in Akka and in Cassandra.
        "threshold" threshold: u64 = 8, KnobKind::Count { min: 1, max: 16 };
        /// How many times between arrivals are remembered of a peer.
        "window" window: u64 = 100, KnobKind::Count { min: 2, max: 1_000 };
        /// The least standard deviation that is reckoned with, so that a very regular peer is not suspected at once.
        "min-deviation" min_deviation: Span = Span::millis(100), KnobKind::Span { min: Span::millis(1), max: Span::secs(60) };
        /// Which distribution the times between arrivals are taken for.
        "distribution" distribution: Distribution = Distribution::Normal, KnobKind::Choice { options: Distribution::WORDS };
    }
}
