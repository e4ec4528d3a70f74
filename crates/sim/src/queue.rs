//! The schedule: what is due, soonest first, ties by a stable order.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use faultline_model::{NodeId, Time};

/// Something that happens by itself at a known time, unless somebody intervenes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pending {
    /// The message in that slot of the network arrives.
    Arrival { slot: u32, msg: u32 },
    /// That arming of a timer runs out.
    Timer { node: NodeId, arming: u32 },
    /// The disk finishes what it is writing.
    Disk { node: NodeId },
    /// The node takes the next input from its inbox.
    Take { node: NodeId },
    /// The next operation of a session of that workload comes.
    Issue { workload: u32, session: u32 },
}

/// An entry of the queue. Entries are never removed when they are overtaken by events: whoever pops
/// one checks whether it is still true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    pub at: Time,
    /// Orders what is due at the same time, see [`tie_of_link`] and [`tie_of_node`].
    pub tie: u64,
    pub pending: Pending,
}

/// The order of arrivals among each other: by sender, receiver, and how many messages the link had
/// carried before. It depends on nothing that an intervention elsewhere could shift.
pub(crate) fn tie_of_link(from: NodeId, to: NodeId, ordinal: u32) -> u64 {
    u64::from(from.0) << 46 | u64::from(to.0) << 32 | u64::from(ordinal)
}

/// The order of what happens within nodes; it comes after arrivals at the same microsecond.
pub(crate) fn tie_of_node(node: NodeId, class: Class, ordinal: u32) -> u64 {
    (1 << 63) | (class as u64) << 60 | u64::from(node.0) << 32 | u64::from(ordinal)
}

/// Disk before inbox before timers: an acknowledged write is seen before a timeout at the same time.
#[derive(Clone, Copy)]
pub(crate) enum Class {
    Disk = 0,
    Take = 1,
    Timer = 2,
    /// Clients ask last of all that happens at the same microsecond.
    Issue = 6,
}

impl Ord for Due {
    /// Reversed, so that the standard library's max-heap hands out the soonest first.
    fn cmp(&self, other: &Due) -> Ordering {
        (other.at, other.tie).cmp(&(self.at, self.tie))
    }
}
impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Due) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The queue of everything that is due.
pub(crate) type Queue = BinaryHeap<Due>;
