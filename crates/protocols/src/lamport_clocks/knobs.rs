//! The knobs of the logical clocks and of mutual exclusion.

use faultline_model::{KnobKind, Span, choice, params};

choice! {
    /// By which algorithm processes agree who may enter the critical section.
    pub enum Algorithm {
        /// Lamport 1978: requests, acknowledgements, releases; every process keeps the queue.
        Lamport = "lamport",
        /// Ricart and Agrawala 1981: a reply is permission, and is deferred while one's own request is earlier.
        RicartAgrawala = "ricart-agrawala",
    }
}

const TICK: KnobKind = KnobKind::Count { min: 1, max: 1_000 };

params! {
    /// The knobs of the logical clocks and of mutual exclusion.
    pub struct Knobs {
        /// A received message moves the clock beyond its timestamp (rule IR2).
        "receive-rule" receive_rule: bool = true, KnobKind::Rule { rule: "receive-rule" };
        /// A channel hands messages over in the order in which they were sent.
        "ordered-channels" ordered_channels: bool = true, KnobKind::Rule { rule: "ordered-channels" };
        /// How processes agree who may enter the critical section.
        "algorithm" algorithm: Algorithm = Algorithm::Lamport, KnobKind::Choice { options: Algorithm::WORDS };
        /// How far the first process's clock moves with each of its events.
        "tick-p" tick_p: u64 = 1, TICK;
        /// How far the second process's clock moves with each of its events.
        "tick-q" tick_q: u64 = 1, TICK;
        /// How far the clock of every other process moves with each of its events.
        "tick-r" tick_r: u64 = 1, TICK;
        /// How long a process stays in the critical section; 0 is until it is told to release it.
        "hold" hold: Span = Span::ZERO, KnobKind::Span { min: Span::ZERO, max: Span::secs(60) };
    }
}
