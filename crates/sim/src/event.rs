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
    /// The number of the event that sent that message, armed that timer or asked for that write; 0 is the
    /// start of the run.
    pub cause: u32,
    /// The kind of message or timer, the name of its variant; empty when there is neither.
    pub kind: &'static str,
    /// The rule that the handler named.
    pub rule: Option<RuleId>,
    /// The epoch (term, ballot) of the message, if it has one.
    pub epoch: Option<u32>,
    /// Whether the message is a lie: its sender was made to lie.
    pub lie: bool,
    /// Whether the node's clock was changed by it: by hand, or by the node itself.
    pub clock: bool,
}

impl Event {
    /// An event with nothing but when, what and where.
    pub fn new(at: Time, what: What, node: NodeId) -> Event {
        Event {
            at,
            what,
            node,
            peer: None,
            msg: None,
            cause: 0,
            kind: "",
            rule: None,
            epoch: None,
            lie: false,
            clock: false,
        }
    }
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
    /// Clients began to ask by themselves.
    WorkloadBegun,
    /// They stopped.
    WorkloadEnded,
    /// An operation of the workload found its client down.
    Missed,
    /// A node joined.
    Joined,
    /// A node left for good.
    Left,
    /// A node began to lie.
    Lies,
    /// A node stopped lying.
    Honest,
    /// Something planned could not be done.
    Skipped,
    /// From now on, messages of one kind on a directed link are dropped.
    DroppedAll,
    /// They are no longer dropped.
    LetThrough,
    /// A directed link was held: nothing on it arrives.
    Held,
    /// A held link goes on.
    Released,
    /// A node's process stopped; writes under way reached the disk.
    Killed,
    /// A node's clock was corrected by another's.
    ClockSynced,
    /// A node's disk was made slow, fast, full, or given room.
    DiskSet,
    /// A record on a node's disk was damaged.
    Corrupted,
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
    /// All messages of its kind are dropped on that link.
    Alike,
}

impl What {
    /// Whether it happened at the node that the event names, and not to links, messages on their way, or
    /// what is planned and asked from outside, whose events only stand under a node's number.
    pub fn is_at_its_node(self) -> bool {
        !matches!(
            self,
            What::Lost(_)
                | What::Delayed
                | What::Duplicated
                | What::Cut
                | What::Healed
                | What::Partitioned
                | What::HealedAll
                | What::LinkSet
                | What::DroppedAll
                | What::LetThrough
                | What::Held
                | What::Released
                | What::WorkloadBegun
                | What::WorkloadEnded
                | What::Missed
                | What::Skipped
        )
    }

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
            What::WorkloadBegun => 40,
            What::WorkloadEnded => 41,
            What::Missed => 42,
            What::Joined => 43,
            What::Left => 44,
            What::Lies => 45,
            What::Honest => 46,
            What::Skipped => 47,
            What::DroppedAll => 22,
            What::LetThrough => 23,
            What::Held => 24,
            What::Released => 25,
            What::Killed => 26,
            What::ClockSynced => 27,
            What::DiskSet => 28,
            What::Corrupted => 29,
        }
    }

    /// Whether this is something a learner or a fault plan did, not the protocol.
    pub fn is_intervention(self) -> bool {
        !matches!(
            self,
            What::Delivered
                | What::Queued
                | What::Lost(Loss::Chance | Loss::Cut | Loss::Down | Loss::Alike)
                | What::Fired
                | What::FireQueued
                | What::Synced
                | What::Missed
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_to_links_or_planned_happens_at_no_node() {
        for what in [What::Held, What::DroppedAll, What::LinkSet, What::WorkloadBegun, What::Skipped] {
            assert!(!what.is_at_its_node(), "{what:?}");
        }
        for what in [What::Delivered, What::Queued, What::Crashed, What::DiskSet, What::Joined] {
            assert!(what.is_at_its_node(), "{what:?}");
        }
    }
}
