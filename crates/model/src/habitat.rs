//! The surroundings a protocol runs in: links, disks, and what they do by default.

use crate::{Bandwidth, Chance, KnobKind, Latency, Span};

crate::params! {
    /// The knobs of the surroundings, the same for every protocol.
    pub struct Habitat {
        /// How long a message takes from one node to another.
        "latency" latency: Latency = Latency::Uniform(Span::millis(8), Span::millis(12)), KnobKind::Latency;
        /// How many messages the network loses.
        "loss" loss: Chance = Chance(0), KnobKind::Chance;
        /// How many messages arrive twice.
        "duplication" duplication: Chance = Chance(0), KnobKind::Chance;
        /// Whether messages on one link arrive in the order in which they were sent.
        "fifo" fifo: bool = false, KnobKind::Flag;
        /// How much each directed link carries; what does not fit through at once queues.
        "bandwidth" bandwidth: Bandwidth = Bandwidth::UNLIMITED, KnobKind::Bandwidth;
        /// How long a write takes to be safe on disk.
        "disk" disk: Span = Span::ZERO, KnobKind::Span { min: Span::ZERO, max: Span::secs(60) };
    }
}
