//! Everything that can happen next, as plain data.

use faultline_model::{Chance, Latency, MsgId, NodeId, Span};
use serde::{Deserialize, Serialize};

/// One thing that can be done to the world: by the schedule, by the learner, or by a search.
///
/// There is no other way to change a world than [`crate::AnyWorld::apply`] with one of these.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// A message arrives now, whatever its latency would have been.
    Deliver(MsgId),
    /// A timer fires now; the number is [`crate::TimerView::arming`].
    Fire(NodeId, u32),
    /// The writes that the disk is busy with complete now.
    Sync(NodeId),
    /// A node that was busy or paused takes the next input from its inbox.
    Take(NodeId),

    /// A client operation is handed to a node, as its text ("write x=1").
    Invoke(NodeId, String),

    /// A message is lost.
    Drop(MsgId),
    /// A message arrives that much later.
    Delay(MsgId, Span),
    /// A second copy of a message is put in flight.
    Duplicate(MsgId),

    /// Nothing sent on that directed link arrives any more, and what is on it is lost.
    Cut(NodeId, NodeId),
    /// The directed link carries messages again.
    Heal(NodeId, NodeId),
    /// Cuts every link between different groups, both ways, and heals those within a group. Nodes that
    /// are in no group keep their links.
    Partition(Vec<Vec<NodeId>>),
    /// Heals every link.
    HealAll,
    /// How many of the messages sent on a directed link from now on are lost.
    Lose(NodeId, NodeId, Chance),
    /// How long messages sent on a directed link from now on take; `None` is the habitat's latency.
    Latency(NodeId, NodeId, Option<Latency>),

    /// The node stops; memory and unfinished writes are gone, the disk stays.
    Crash(NodeId),
    /// A crashed node starts with what its disk holds, or with an empty disk.
    Restart(NodeId, Disk),
    /// The node stands still and does not know it; what arrives waits in its inbox.
    Pause(NodeId),
    /// A paused node goes on.
    Resume(NodeId),

    /// Sets the node's clock so many microseconds ahead of true time (negative: behind).
    Skew(NodeId, i64),
    /// Makes the node's clock gain so many microseconds a second.
    Drift(NodeId, i32),
    /// The node needs `percent` of its usual time for work (200: half as fast).
    Slow(NodeId, u32),

    // Links hold actions by number: what is new comes last.
    /// How many of the messages sent on a directed link from now on arrive twice.
    Repeat(NodeId, NodeId, Chance),
    /// Whether messages sent on a directed link from now on arrive in the order in which they were sent.
    Order(NodeId, NodeId, bool),
}

/// What a crashed node finds when it restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disk {
    /// What had reached the disk.
    Kept,
    /// Nothing.
    Empty,
}

impl Action {
    /// Whether the schedule itself takes this action in the course of time; the others are
    /// interventions.
    pub fn is_natural(&self) -> bool {
        matches!(self, Action::Deliver(_) | Action::Fire(..) | Action::Sync(_) | Action::Take(_))
    }
}

/// Why an action cannot be done now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

impl Refused {
    pub(crate) fn because<T>(reason: impl Into<String>) -> Result<T, Refused> {
        Err(Refused(reason.into()))
    }
}
