//! The knobs of clock synchronisation.

use faultline_model::{KnobKind, Span, choice, params};

choice! {
    /// How a machine makes of an answer what its clock is off by.
    pub enum Algorithm {
        /// The server's time is taken to be half of all the time old that asking took.
        Cristian = "cristian",
        /// Four timestamps: the time that the server took does not count.
        Ntp = "ntp",
    }
}

choice! {
    /// How a clock is corrected.
    pub enum Correct {
        /// At once: it may be set back.
        Step = "step",
        /// By running slower or faster until it is there.
        Slew = "slew",
    }
}

params! {
    /// The knobs of clock synchronisation.
    pub struct Knobs {
        /// How an answer becomes an offset.
        "algorithm" algorithm: Algorithm = Algorithm::Ntp, KnobKind::Choice { options: Algorithm::WORDS };
        /// How a machine corrects its clock.
        "correct" correct: Correct = Correct::Step, KnobKind::Choice { options: Correct::WORDS };
        /// How often a machine asks the time server, the first time a second after its start; 0s never by itself.
        "poll" poll: Span = Span::secs(30), KnobKind::Span { min: Span::ZERO, max: Span::secs(3_600) };
        /// How long the time server takes from a question to its answer.
        "service" service: Span = Span::ZERO, KnobKind::Span { min: Span::ZERO, max: Span::secs(10) };
        /// How many millionths a clock is reckoned to drift at most: a claim grows by that with time.
        "drift-bound" drift_bound: u64 = 200, KnobKind::Count { min: 0, max: 100_000 };
        /// A machine claims no smaller an error than half the round trip.
        "bound-by-round-trip" bound_by_round_trip: bool = true, KnobKind::Rule { rule: "bound-by-round-trip" };
        /// At a receipt the hybrid clock takes the greatest of its own time, the message's and the clock's.
        "take-the-maximum" take_the_maximum: bool = true, KnobKind::Rule { rule: "take-the-maximum" };
        /// The hybrid clock counts events that have the same l.
        "logical-part" logical_part: bool = true, KnobKind::Rule { rule: "logical-part" };
        /// How far any two clocks are taken to be apart at most, for the check of hybrid time.
        "epsilon" epsilon: Span = Span::millis(100), KnobKind::Span { min: Span::ZERO, max: Span::secs(3_600) };
    }
}
