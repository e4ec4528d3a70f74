//! The knobs of the remote procedure call.

use faultline_model::{KnobKind, Span, choice, params};

choice! {
    /// Where the bank keeps the identifiers of the calls that it has executed.
    pub enum Dedup {
        /// Nowhere: every request is executed.
        Off = "off",
        /// In memory, looked up before a call is executed and noted after it.
        Memory = "memory",
        /// On disk, looked up and written in one step with the effect.
        Durable = "durable",
    }
}

const OR_NEVER: KnobKind = KnobKind::Span { min: Span::ZERO, max: Span::secs(600) };

params! {
    /// The knobs of the remote procedure call.
    pub struct Knobs {
        /// How long the stub waits for an answer before it asks again.
        "timeout" timeout: Span = Span::millis(100), KnobKind::Span { min: Span::millis(1), max: Span::secs(600) };
        /// How often the stub asks again before it gives up.
        "retries" retries: u64 = 1, KnobKind::Count { min: 0, max: 100 };
        /// Where the bank keeps the identifiers of calls that it has executed: nowhere, in memory, or on disk together with the effect.
        "dedup" dedup: Dedup = Dedup::Durable, KnobKind::Choice { options: Dedup::WORDS };
        /// How long the bank keeps an identifier; 0 is for ever.
        "id-lifetime" id_lifetime: Span = Span::ZERO, OR_NEVER;
        /// How long it takes to execute a call.
        "execution" execution: Span = Span::ZERO, OR_NEVER;
        /// How many calls the bank executes at once; 1 is an iterative server.
        "threads" threads: u64 = 1, KnobKind::Count { min: 1, max: 64 };
        /// How many programs call.
        "clients" clients: u64 = 1, KnobKind::Count { min: 1, max: 16 };
    }
}
