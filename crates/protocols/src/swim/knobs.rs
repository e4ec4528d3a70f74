//! The knobs of SWIM.

use faultline_model::{KnobKind, Span, choice, params};

choice! {
    /// How members find out who has failed.
    pub enum Detector {
        /// Each pings one other a period.
        Swim = "swim",
        /// Each sends a heartbeat to each other a period.
        AllToAll = "all-to-all",
    }
}

const SPAN: KnobKind = KnobKind::Span { min: Span::millis(1), max: Span::secs(3_600) };

params! {
    /// The knobs of SWIM.
    pub struct Knobs {
        /// How members find out who has failed: by SWIM, or by heartbeats from everybody to everybody.
        "detector" detector: Detector = Detector::Swim, KnobKind::Choice { options: Detector::WORDS };
        /// The protocol period T.
        "period" period: Span = Span::secs(1), SPAN;
        /// How long a direct ping may take before others are asked.
        "ping-timeout" ping_timeout: Span = Span::millis(200), SPAN;
        /// How many others are asked to ping: k.
        "helpers" helpers: u64 = 3, KnobKind::Count { min: 0, max: 16 };
        /// Whether a member that does not answer is suspected first, and may refute that.
        "suspicion" suspicion: bool = true, KnobKind::Rule { rule: "suspect" };
        /// How long a suspect has to refute; with heartbeats, how much silence is too much.
        "suspicion-timeout" suspicion_timeout: Span = Span::secs(3), SPAN;
        /// Whether members are pinged in turn, and not at random.
        "round-robin" round_robin: bool = false, KnobKind::Flag;
        /// How often a piece of news is passed on: λ times the logarithm to base 2 of the number of members.
        "lambda" lambda: u64 = 3, KnobKind::Count { min: 1, max: 10 };
        /// How many pieces of news a message carries at most.
        "piggyback" piggyback: u64 = 6, KnobKind::Count { min: 0, max: 64 };
    }
}
