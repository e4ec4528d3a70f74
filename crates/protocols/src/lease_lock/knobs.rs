//! The knobs of the lease lock.

use faultline_model::{KnobKind, Span, params};

const LEASE: KnobKind = KnobKind::Span { min: Span::millis(1), max: Span::secs(600) };
const OR_NEVER: KnobKind = KnobKind::Span { min: Span::ZERO, max: Span::secs(600) };

params! {
    /// The knobs of the lease lock.
    pub struct Knobs {
        /// For how long the lock is given.
        "lease" lease: Span = Span::secs(10), LEASE;
        /// How much earlier than the lock service a client takes its lease to be over, against clocks that differ (Gray and Cheriton 1989).
        "margin" margin: Span = Span::ZERO, OR_NEVER;
        /// How often a client asks for a longer lease; 0 is never.
        "renew" renew: Span = Span::ZERO, OR_NEVER;
        /// How long a client waits for an answer before it asks again; 0 is for ever.
        "retry" retry: Span = Span::secs(1), OR_NEVER;
        /// How many clients there are.
        "clients" clients: u64 = 2, KnobKind::Count { min: 1, max: 16 };
        /// The first token that is given.
        "first-token" first_token: u64 = 33, KnobKind::Count { min: 1, max: 1_000_000 };
        /// Whether the storage refuses a write with an older token than one that it has seen.
        "fencing" fencing: bool = true, KnobKind::Rule { rule: "fencing" };
    }
}
