//! The knobs of the monitor.

use faultline_model::{KnobKind, Span, choice, params};

choice! {
    /// Who watches.
    pub enum Who {
        /// The monitor.
        Monitor = "monitor",
        /// The monitor, and every server all others.
        All = "all",
    }
}

const SPAN: KnobKind = KnobKind::Span { min: Span::millis(1), max: Span::secs(600) };

params! {
    /// The knobs of the monitor.
    pub struct Knobs {
        /// How often whoever watches pings the others.
        "period" period: Span = Span::millis(500), SPAN;
        /// How long somebody may be silent before it is declared dead.
        "timeout" timeout: Span = Span::millis(1_200), SPAN;
        /// How long a client waits for its server.
        "patience" patience: Span = Span::secs(1), SPAN;
        /// Who watches: only the monitor, or every server as well.
        "watch" watch: Who = Who::Monitor, KnobKind::Choice { options: Who::WORDS };
        /// How many clients there are; the first writes to the first server, and so on in turn.
        "clients" clients: u64 = 2, KnobKind::Count { min: 0, max: 32 };
    }
}
