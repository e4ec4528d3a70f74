//! The knobs of two-phase commit.

use faultline_model::{KnobKind, Span, params};

const TIMEOUT: KnobKind = KnobKind::Span { min: Span::millis(1), max: Span::secs(600) };

params! {
    /// The knobs of two-phase commit.
    pub struct Knobs {
        /// How long the coordinator waits for votes before it aborts.
        "vote-timeout" vote_timeout: Span = Span::millis(200), TIMEOUT;
        /// How long the coordinator waits for acknowledgements before it says Commit again.
        "resend" resend: Span = Span::millis(200), TIMEOUT;
        /// How long a participant that has voted yes waits for the decision before it asks.
        "doubt-timeout" doubt_timeout: Span = Span::millis(300), TIMEOUT;
        /// Whether a participant in doubt asks the other participants too (Bernstein et al. ch. 7, cooperative termination).
        "cooperative" cooperative: bool = false, KnobKind::Flag;
        /// How many coordinators agree on a decision; with more than one it outlives any minority of them (Gray and Lamport 2006).
        "coordinators" coordinators: u64 = 1, KnobKind::Count { min: 1, max: 5 };
        /// What every account holds at the beginning.
        "balance" balance: u64 = 100, KnobKind::Count { min: 0, max: 1_000_000_000 };
        /// Whether a participant that has voted yes keeps its word and waits for the decision.
        "wait-for-decision" wait_for_decision: bool = true, KnobKind::Rule { rule: "wait-for-decision" };
        /// Whether a participant's yes is on its disk before it is sent.
        "log-vote" log_vote: bool = true, KnobKind::Rule { rule: "log-vote" };
        /// Whether the decision to commit is on the coordinator's disk before it is sent.
        "log-decision" log_decision: bool = true, KnobKind::Rule { rule: "log-decision" };
    }
}
