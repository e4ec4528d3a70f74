//! Replicas, and the standby that keeps writes for them.

use faultline_model::{Cast, Cell, Cx, Glance, Hue, NodeId, OpId, Shape, SortedMap};
use serde::Serialize;

use super::{Msg, QuorumRegister, Timer, rules};
use crate::register::{Stamp, Version, shown};

type Context<'c, 'a> = &'c mut Cx<'a, QuorumRegister>;

/// What survives a crash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Disk {
    /// What a replica holds; of a client, the stamp of its last write.
    pub held: Version,
    /// What the standby keeps, and for whom.
    pub hints: SortedMap<NodeId, Version>,
}

/// One of the N.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Replica {
    /// What it holds.
    pub held: Version,
}

impl Replica {
    pub(super) fn on_message(&mut self, from: NodeId, msg: Msg, cx: Context<'_, '_>) {
        match msg {
            Msg::Query { op } => {
                cx.because(rules::ANSWER);
                cx.send(from, Msg::Answer { op, version: self.held.clone() });
            }
            Msg::Update { op, version, .. } => {
                self.take(version, cx);
                cx.send(from, Msg::Ack { op });
            }
            Msg::Repair { version } => self.take(version, cx),
            Msg::Handoff { version } => {
                let stamp = version.stamp;
                self.take(version, cx);
                cx.send(from, Msg::HandoffAck { stamp });
            }
            msg => debug_assert!(false, "a replica got {msg:?}"),
        }
    }

    /// Takes a version over if it is later. What is said after this waits until it is on disk.
    fn take(&mut self, version: Version, cx: Context<'_, '_>) {
        if version.stamp > self.held.stamp {
            cx.because(rules::ADOPT);
            self.held = version;
            cx.persist(Disk { held: self.held.clone(), hints: SortedMap::new() });
        } else {
            cx.because(rules::KEEP);
            cx.flush();
        }
    }

    pub(super) fn glance(&self) -> Glance {
        Glance {
            role: "replica".to_owned(),
            epoch: Some(self.held.stamp.number),
            epoch_name: "write",
            cells: vec![Cell::new("x", shown(self.held.value.as_deref()))],
            ..Glance::default()
        }
    }
}

/// Stands in for replicas that do not answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Standby {
    /// What it keeps, and for whom.
    pub hints: SortedMap<NodeId, Version>,
}

impl Standby {
    pub(super) fn boot(hints: SortedMap<NodeId, Version>, cx: Context<'_, '_>) -> Standby {
        let standby = Standby { hints };
        standby.wait(cx);
        standby
    }

    fn wait(&self, cx: Context<'_, '_>) {
        let every = cx.params().handoff_every;
        if !self.hints.is_empty() && every.0 > 0 {
            cx.arm(Timer::Handoff, every);
        }
    }

    pub(super) fn on_message(&mut self, from: NodeId, msg: Msg, cx: Context<'_, '_>) {
        match msg {
            Msg::Query { op } => {
                cx.because(rules::ANSWER_FOR_OTHERS);
                let latest = self.hints.values().max_by_key(|version| version.stamp);
                cx.send(from, Msg::Answer { op, version: latest.cloned().unwrap_or_default() });
            }
            Msg::Update { op, version, meant_for } => self.keep(from, op, &version, &meant_for, cx),
            Msg::HandoffAck { stamp } => self.forget(from, stamp, cx),
            msg => debug_assert!(false, "the standby got {msg:?}"),
        }
    }

    fn keep(&mut self, from: NodeId, op: OpId, version: &Version, meant_for: &[NodeId], cx: Context<'_, '_>) {
        cx.because(rules::HINT);
        for &replica in meant_for {
            let kept = self.hints.entry(replica).or_default();
            if version.stamp > kept.stamp {
                *kept = version.clone();
            }
        }
        self.save(cx);
        cx.send(from, Msg::Ack { op });
        self.wait(cx);
    }

    fn save(&self, cx: Context<'_, '_>) {
        cx.persist(Disk { held: Version::default(), hints: self.hints.clone() });
    }

    fn forget(&mut self, replica: NodeId, stamp: Stamp, cx: Context<'_, '_>) {
        // What is later than what was handed over is still to be handed over.
        if self.hints.get(&replica).is_none_or(|kept| kept.stamp > stamp) {
            cx.because(rules::HANDOFF_LATE);
            return;
        }
        cx.because(rules::HANDOFF_DONE);
        self.hints.remove(&replica);
        self.save(cx);
        if self.hints.is_empty() {
            cx.disarm(Timer::Handoff);
        }
    }

    pub(super) fn on_handoff(&mut self, cx: Context<'_, '_>) {
        cx.because(rules::HANDOFF);
        for (&replica, version) in &self.hints {
            cx.send(replica, Msg::Handoff { version: version.clone() });
        }
        self.wait(cx);
    }

    pub(super) fn glance(&self, cast: &Cast) -> Glance {
        let hint = |(&id, version): (&NodeId, &Version)| Cell::new(cast.name(id), version);
        Glance {
            role: "standby".to_owned(),
            shape: Shape::Cylinder,
            hue: Hue::Violet,
            cells: self.hints.iter().take(3).map(hint).collect(),
            arc: Some("handoff"),
            ..Glance::default()
        }
    }
}
