//! What has happened: one compact record an event, without payloads.

use faultline_model::{MsgId, NodeId, RuleId, Time};
use serde::Serialize;

/// One event of a run. Plain, small and the same for every protocol: a million of them are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// True time.
    pub at: Time,
    /// What happened.
    pub what: What,
    /// Where it happened; for what concerns a link, its sender's end.
    pub node: NodeId,
    /// The other end: the sender of a delivered message, the receiver of a dropped one.
    pub peer: Option<NodeId>,
    /// The message that it concerns.
    pub msg: Option<MsgId>,
    /// The number of the event that sent that message or armed that timer; 0 is the start of the run.
    pub cause: u32,
    /// The kind of message or timer, the name of its variant; empty when there is neither.
    pub kind: &'static str,
    /// The rule that the handler named.
    pub rule: Option<RuleId>,
    /// The epoch (term, ballot) of the message, if it has one.
    pub epoch: Option<u32>,
}

/// The kinds of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A message arrived and its handler ran.
    Delivered,
    /// A message arrived at a node that is busy or paused and waits in its inbox.
    Queued,
    /// A message was lost, see [`Loss`].
    Lost(Loss),
    /// A timer fired and its handler ran.
    Fired,
    /// A timer ran out at a node that is busy or paused; it waits in the inbox.
    FireQueued,
    /// A write reached the disk.
    Synced,
    /// A client operation was handed to a node.
    Invoked,
    /// A client operation was handed to a node that is busy or paused; it waits in the inbox.
    InvokeQueued,
    /// The learner delayed a message.
    Delayed,
    /// The learner duplicated a message.
    Duplicated,
    /// A directed link was cut.
    Cut,
    /// A directed link was healed.
    Healed,
    /// The network was partitioned.
    Partitioned,
    /// Every link was healed.
    HealedAll,
    /// A link's loss or latency was set.
    LinkSet,
    /// A node crashed.
    Crashed,
    /// A node restarted with its disk.
    Restarted,
    /// A node restarted with an empty disk.
    RestartedEmpty,
    /// A node was paused.
    Paused,
    /// A node was resumed.
    Resumed,
    /// A node's clock was set or its drift changed.
    ClockSet,
    /// A node's speed was changed.
    SpeedSet,
}

/// Why a message was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// The learner dropped it.
    Dropped,
    /// The network lost it by chance.
    Chance,
    /// The link was cut.
    Cut,
    /// The receiver is down.
    Down,
}

impl What {
    /// A number that stays the same from version to version, for the digest. Losses are numbered apart.
    pub(crate) fn code(self) -> u64 {
        match self {
            What::Delivered => 1,
            What::Queued => 2,
            What::Lost(loss) => 64 + loss as u64,
            What::Fired => 3,
            What::FireQueued => 4,
            What::Synced => 5,
            What::Invoked => 6,
            What::InvokeQueued => 7,
            What::Delayed => 8,
            What::Duplicated => 9,
            What::Cut => 10,
            What::Healed => 11,
            What::Partitioned => 12,
            What::HealedAll => 13,
            What::LinkSet => 14,
            What::Crashed => 15,
            What::Restarted => 16,
            What::RestartedEmpty => 17,
            What::Paused => 18,
            What::Resumed => 19,
            What::ClockSet => 20,
            What::SpeedSet => 21,
        }
    }

    /// Whether this is something a learner or a fault plan did, not the protocol.
    pub fn is_intervention(self) -> bool {
        !matches!(
            self,
            What::Delivered
                | What::Queued
                | What::Lost(Loss::Chance | Loss::Cut | Loss::Down)
                | What::Fired
                | What::FireQueued
                | What::Synced
        )
    }
}
