//! The knobs of Paxos.

use faultline_model::{KnobKind, Span, params};

const TIMEOUT: KnobKind = KnobKind::Span { min: Span::millis(1), max: Span::secs(60) };

params! {
    /// The knobs of Paxos.
    pub struct Knobs {
        /// How many proposers there are.
        "proposers" proposers: u64 = 2, KnobKind::Count { min: 1, max: 16 };
        /// How many learners there are; without one a value may be chosen and nobody knows, which keeps searches small.
        "learners" learners: u64 = 1, KnobKind::Count { min: 0, max: 16 };
        /// The shortest time after which a proposer that has heard of nothing chosen begins another ballot.
        "retry-min" retry_min: Span = Span::millis(100), TIMEOUT;
        /// The longest such time; each is drawn between the two, so that proposers do not duel for ever (§2.4).
        "retry-max" retry_max: Span = Span::millis(300), TIMEOUT;
        /// Whether an acceptor tells a proposer that it has promised a higher ballot (§2.2).
        "reject" reject: bool = true, KnobKind::Flag;
        /// Whether a proposer takes up the value of the highest ballot that its promises tell of (§2.2, P2c).
        "adopt-highest" adopt_highest: bool = true, KnobKind::Rule { rule: "adopt-highest" };
        /// Whether an acceptor that has promised a higher ballot refuses to accept (§2.2, P1a).
        "keep-promise" keep_promise: bool = true, KnobKind::Rule { rule: "keep-promise" };
        /// Whether promises and what is accepted are on disk before they are sent (§2.5).
        "persist-acceptor" persist_acceptor: bool = true, KnobKind::Rule { rule: "persist-acceptor" };
    }
}
