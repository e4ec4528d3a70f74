//! The knobs of gossip.

use faultline_model::{KnobKind, Span, choice, params};

choice! {
    /// Which way updates go in a round.
    pub enum Mode {
        /// No rumors; only anti-entropy.
        Off = "off",
        /// Who has a rumor tells somebody.
        Push = "push",
        /// Everybody asks somebody.
        Pull = "pull",
        /// Everybody exchanges with somebody.
        PushPull = "push-pull",
    }
}

choice! {
    /// When a site loses interest in a rumor (Demers et al. 1987, §1.4).
    pub enum Stop {
        /// Never.
        Never = "never",
        /// After k contacts in a row that did not need it.
        Counter = "counter",
        /// With probability 1/k after each contact that did not need it.
        Coin = "coin",
    }
}

const OR_NEVER: KnobKind = KnobKind::Span { min: Span::ZERO, max: Span::secs(864_000) };

params! {
    /// The knobs of gossip.
    pub struct Knobs {
        /// Which way updates go in a round: push, pull, both, or off.
        "mode" mode: Mode = Mode::Push, KnobKind::Choice { options: Mode::WORDS };
        /// How long a round is.
        "round" round: Span = Span::millis(100), KnobKind::Span { min: Span::millis(1), max: Span::secs(600) };
        /// How many others a site contacts in a round.
        "fan-out" fan_out: u64 = 1, KnobKind::Count { min: 1, max: 8 };
        /// When a site loses interest in a rumor: never, after k useless contacts in a row, or with probability 1/k after each.
        "stop" stop: Stop = Stop::Never, KnobKind::Choice { options: Stop::WORDS };
        /// The k of the rule by which interest is lost.
        "k" k: u64 = 1, KnobKind::Count { min: 1, max: 20 };
        /// Whether only contacts that knew the rumor count, which they say; without it, every contact counts.
        "feedback" feedback: bool = true, KnobKind::Flag;
        /// How often a site compares its database with somebody's; 0 is never.
        "anti-entropy" anti_entropy: Span = Span::ZERO, OR_NEVER;
        /// Whether databases are compared by a tree of hashes; without it, entry by entry.
        "merkle" merkle: bool = true, KnobKind::Flag;
        /// How many leaves the tree of hashes has, as a power of two: 10 makes 1024.
        "depth" depth: u64 = 10, KnobKind::Count { min: 0, max: 12 };
        /// How many keys (k1, k2, …) every site holds at the start.
        "keys" keys: u64 = 0, KnobKind::Count { min: 0, max: 4_096 };
        /// How long a tombstone is kept at least; 0 is for ever.
        "grace" grace: Span = Span::ZERO, OR_NEVER;
        /// Whether a tombstone is also kept until every site is known to hold it.
        "wait-for-all" wait_for_all: bool = true, KnobKind::Rule { rule: "keep-tombstone" };
    }
}
