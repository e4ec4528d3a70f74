//! Everything that can happen next, as plain data.

use faultline_model::{Bandwidth, Cast, Chance, Correction, Latency, MsgId, NodeId, Span};
use serde::{Deserialize, Serialize};

use crate::Workload;

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

    /// Clients begin to ask by themselves; a workload that runs ends with it.
    Workload(Box<Workload>),
    /// No further operation of the workload comes.
    EndWorkload,
    /// The workload's next operation comes now; the number is its session's, see [`crate::NextView`].
    Arrive(u32),
    /// A node joins, where the protocol has a rule for it.
    Add,
    /// A node leaves for good, where the protocol has a rule for it.
    Remove(NodeId),
    /// The node tells a lie of the protocol's, by its name, from now on.
    Lie(NodeId, String),
    /// The node no longer lies.
    Honest(NodeId),
    /// Nothing: something planned could not be done, and this says what and why.
    Skip(String),

    /// "Drop all like this": messages of one kind on a directed link are lost, those in flight now and all
    /// that are sent from now on, until they are let through. The kind in upper or lower case.
    DropAll(NodeId, NodeId, String),
    /// Messages of one kind are no longer dropped on a directed link; what was lost stays lost.
    LetThrough(NodeId, NodeId, String),
    /// "Hold all on this link": nothing on a directed link arrives, now in flight or sent from now on,
    /// until the link is released. By hand a held message can be delivered, dropped and delayed.
    Hold(NodeId, NodeId),
    /// A held link goes on: messages whose time has come meanwhile arrive at once, in the order of
    /// sending, the others when they would have.
    Release(NodeId, NodeId),
    /// How many bytes a second a directed link takes of what is sent from now on; `None` is the habitat's.
    Bandwidth(NodeId, NodeId, Option<Bandwidth>),

    /// The process stops and its memory is gone, but what it has handed to the operating system still
    /// reaches the disk: writes under way are kept, what stands behind them is not sent.
    Kill(NodeId),

    /// Moves the node's clock by so many microseconds, forwards or backwards; no timer notices.
    Jump(NodeId, i64),
    /// The first node's clock is corrected by the second's: one exchange of messages (Cristian 1989),
    /// which leaves an error of at most half the round trip.
    SyncClock(NodeId, NodeId, Correction),

    /// How long a write on the node's disk takes from now on; `None` is the habitat's.
    DiskLatency(NodeId, Option<Span>),
    /// The node's disk needs `percent` of its usual time for a write (300: a third as fast).
    DiskSlow(NodeId, u32),
    /// The node's disk has no room: writes asked for from now on, and what stands behind them, wait until
    /// it has room again (`false`).
    DiskFull(NodeId, bool),
    /// One record on the node's disk, picked at random, no longer fits its checksum; the node finds out
    /// when it next reads its disk, at a restart.
    Corrupt(NodeId),
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
        matches!(
            self,
            Action::Deliver(_) | Action::Fire(..) | Action::Sync(_) | Action::Take(_) | Action::Arrive(_)
        )
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

    /// What cannot be done to a node, as the rest of a sentence that begins with its name.
    pub(crate) fn of(cast: &Cast, node: NodeId, why: &str) -> Refused {
        Refused(format!("{} {why}", cast.name(node)))
    }

    /// What cannot be done to a link, likewise.
    pub(crate) fn of_link(cast: &Cast, from: NodeId, to: NodeId, why: &str) -> Refused {
        Refused(format!("the link {}→{} {why}", cast.name(from), cast.name(to)))
    }
}
