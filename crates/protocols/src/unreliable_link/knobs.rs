//! The knobs of the link.

use faultline_model::{KnobKind, Span, choice, params};

choice! {
    /// What A and B do.
    pub enum Mode {
        /// A sends B a stream of messages.
        Stream = "stream",
        /// A and B try to agree on an attack.
        Generals = "generals",
    }
}

choice! {
    /// Which general sends the last message of the exchange.
    pub enum LastWord {
        /// A does, and B is the one that may be left waiting.
        A = "A",
        /// B does, and A is the one that may be left waiting.
        B = "B",
    }
}

params! {
    /// The knobs of the link.
    pub struct Knobs {
        /// Whether A sends a stream of messages or the two are generals.
        "mode" mode: Mode = Mode::Stream, KnobKind::Choice { options: Mode::WORDS };
        /// How many messages A sends by itself.
        "messages" messages: u64 = 3, KnobKind::Count { min: 0, max: 100 };
        /// How long A waits between two messages.
        "interval" interval: Span = Span::millis(10),
            KnobKind::Span { min: Span::millis(1), max: Span::secs(10) };
        /// Whether messages carry a sequence number, so that B can see a gap.
        "sequence-numbers" sequence_numbers: bool = false, KnobKind::Flag;
        /// How far a message is acknowledged: 0 not at all, 1 by B, 2 the acknowledgement by A too, and so on.
        "ack-depth" ack_depth: u64 = 0, KnobKind::Count { min: 0, max: 7 };
        /// How many more copies of a message are sent when its answer does not come.
        "retries" retries: u64 = 0, KnobKind::Count { min: 0, max: 10 };
        /// How long an answer is waited for before the next copy is sent.
        "retry-timeout" retry_timeout: Span = Span::millis(30),
            KnobKind::Span { min: Span::millis(1), max: Span::secs(10) };
        /// Which general sends the last message; who proposes follows from it and from the depth.
        "last-word" last_word: LastWord = LastWord::A, KnobKind::Choice { options: LastWord::WORDS };
        /// How long a general waits for the message that its rule demands.
        "deadline" deadline: Span = Span::millis(500),
            KnobKind::Span { min: Span::millis(1), max: Span::secs(60) };
    }
}
