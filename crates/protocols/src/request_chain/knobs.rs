//! The knobs of the request chain. Eight of them are the dials; loss, latency and bandwidth belong to the
//! surroundings.

use faultline_model::{KnobKind, Span, choice, params};

choice! {
    /// How the machines write whole numbers.
    pub enum Order {
        /// All with the most significant byte first.
        Same = "same",
        /// The user service with the least significant byte first.
        Mixed = "mixed",
    }
}

const OR_NEVER: KnobKind = KnobKind::Span { min: Span::ZERO, max: Span::secs(600) };

params! {
    /// The knobs of the request chain.
    pub struct Knobs {
        /// How many photos a page has.
        "photos" photos: u64 = 40, KnobKind::Count { min: 1, max: 500 };
        /// How large a photo is, bytes.
        "photo-size" photo_size: u64 = 20_000, KnobKind::Count { min: 0, max: 10_000_000 };
        /// Whether the gateway asks for all photos at once.
        "batching" batching: bool = false, KnobKind::Flag;
        /// Within what time 99 of 100 pages are to be there.
        "objective" objective: Span = Span::millis(200), KnobKind::Span { min: Span::millis(1), max: Span::secs(600) };
        /// How many pages may be under way at the gateway before it counts as flooded.
        "room" room: u64 = 20, KnobKind::Count { min: 1, max: 100_000 };
        /// Whether somebody on the way sees what the browser sends.
        "onlooker" onlooker: bool = false, KnobKind::Flag;
        /// Whether the browser encrypts what it sends.
        "encryption" encryption: bool = false, KnobKind::Flag;
        /// When the photo service moves to another address; 0 is never.
        "move-after" move_after: Span = Span::ZERO, OR_NEVER;
        /// How long the gateway keeps an address before it looks it up again; 0 is for ever.
        "address-lifetime" address_lifetime: Span = Span::ZERO, OR_NEVER;
        /// How many administrators there are. The second one lets the database gather reads for 80 ms; the first one lets the gateway wait for 50 ms.
        "administrators" administrators: u64 = 1, KnobKind::Count { min: 1, max: 2 };
        /// How long a machine works on each message that it reads, to take it apart.
        "parsing" parsing: Span = Span::ZERO, KnobKind::Span { min: Span::ZERO, max: Span::secs(1) };
        /// Whether all machines write numbers alike.
        "byte-order" byte_order: Order = Order::Same, KnobKind::Choice { options: Order::WORDS };
        /// Whether the browser checks what the user service has sent, end to end.
        "checksum" checksum: bool = false, KnobKind::Flag;
    }
}

/// How long the database gathers reads under a second administrator.
pub const GATHER: Span = Span::millis(80);
/// How long the gateway waits for a page under two administrators who have not talked to each other.
pub const DEADLINE: Span = Span::millis(50);
