//! The knobs of last writer wins.

use faultline_model::{KnobKind, Span, choice, params};

choice! {
    /// Which of two different writes with the same timestamp survives.
    pub enum Tie {
        /// No rule: the same timestamp is taken for the same write, and nobody notices.
        SameWrite = "none",
        /// The one that is there stays.
        Keep = "keep",
        /// The one that comes replaces it.
        Incoming = "incoming",
        /// The one that the node with the higher id stamped; from the same node, the greater value.
        NodeId = "node-id",
    }
}

choice! {
    /// Whose clock stamps a write.
    pub enum Stamp {
        /// The clock of the replica that takes it.
        Replica = "replica",
        /// The clock of the client that writes.
        Client = "client",
    }
}

params! {
    /// The knobs of last writer wins.
    pub struct Knobs {
        /// Which of two different writes with the same timestamp survives.
        "tie" tie: Tie = Tie::NodeId, KnobKind::Choice { options: Tie::WORDS };
        /// Whose clock stamps a write.
        "stamped-by" stamped_by: Stamp = Stamp::Replica, KnobKind::Choice { options: Stamp::WORDS };
        /// How coarse timestamps are: readings of the clock are rounded down to a multiple of it.
        "resolution" resolution: Span = Span::micros(1),
            KnobKind::Span { min: Span::micros(1), max: Span::secs(10) };
        /// Whether a delete leaves a mark with its timestamp, so that an earlier write cannot undo it.
        "tombstones" tombstones: bool = true, KnobKind::Rule { rule: "keep-tombstone" };
        /// How often a replica tells its peers again what it holds; 0s never.
        "anti-entropy" anti_entropy: Span = Span::ZERO,
            KnobKind::Span { min: Span::ZERO, max: Span::secs(60) };
        /// How long a client waits for an answer.
        "client-timeout" client_timeout: Span = Span::millis(200),
            KnobKind::Span { min: Span::millis(1), max: Span::secs(60) };
        /// How many more times a client asks when no answer comes.
        "client-retries" client_retries: u64 = 3, KnobKind::Count { min: 0, max: 10 };
    }
}
