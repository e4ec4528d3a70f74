//! Log compaction (Raft §7).

use std::sync::Arc;

use faultline_model::NodeId;

use super::Ctx;
use super::message::{InstallSnapshot, InstallSnapshotReply, Msg, Snapshot};
use super::rules;
use super::server::{Role, Server};

impl Server {
    /// "Each server takes snapshots independently, covering just the committed entries in its log" (§7).
    /// Returns whether it took one; the caller writes it to disk together with the shortened log.
    pub(super) fn compact_if_due(&mut self, cx: &mut Ctx<'_>) -> bool {
        let after = cx.params().snapshot_after;
        if after == 0 || self.last_applied.saturating_sub(self.log.base_index()) < after {
            return false;
        }
        let Some(last_included_term) = self.log.term(self.last_applied) else {
            return false;
        };
        self.snapshot = Some(Arc::new(Snapshot {
            last_included_index: self.last_applied,
            last_included_term,
            machine: self.machine.clone(),
        }));
        self.log.compact(self.last_applied, last_included_term);
        true
    }

    /// The receiver's side of InstallSnapshot (Raft Fig. 13).
    pub(super) fn on_install_snapshot(
        &mut self,
        from: NodeId,
        install: InstallSnapshot,
        newer: bool,
        cx: &mut Ctx<'_>,
    ) {
        let InstallSnapshot { term, snapshot } = install;
        let mut changed = newer;
        let mut last_included_index = 0;
        if term < self.current_term {
            cx.because(rules::STALE_REQUEST);
        } else if !self.recognize(from, cx) {
            return;
        } else {
            last_included_index = snapshot.last_included_index;
            changed |= self.install(snapshot, cx);
        }
        let reply = InstallSnapshotReply { term: self.current_term, last_included_index };
        self.answer(from, Msg::InstallSnapshotReply(reply), changed, cx);
    }

    /// "If existing log entry has same index and term as snapshot's last included entry, retain log
    /// entries following it"; otherwise "discard the entire log" (Raft Fig. 13, steps 6 and 7).
    fn install(&mut self, snapshot: Arc<Snapshot>, cx: &mut Ctx<'_>) -> bool {
        let (index, term) = (snapshot.last_included_index, snapshot.last_included_term);
        if index <= self.log.base_index() {
            cx.because(rules::SNAPSHOT_KNOWN);
            return false;
        }
        if self.log.term(index) == Some(term) {
            cx.because(rules::SNAPSHOT_PREFIX);
            self.log.compact(index, term);
        } else {
            cx.because(rules::INSTALL_SNAPSHOT);
            self.log.truncate(0);
            self.log.compact(index, term);
        }
        if index > self.last_applied {
            self.machine = snapshot.machine.clone();
            self.last_applied = index;
            self.commit_index = self.commit_index.max(index);
        }
        self.snapshot = Some(snapshot);
        true
    }

    pub(super) fn on_snapshot_reply(&mut self, from: NodeId, reply: InstallSnapshotReply, cx: &mut Ctx<'_>) {
        if reply.term < self.current_term {
            cx.because(rules::STALE_REPLY);
        } else if self.role != Role::Leader {
            cx.because(rules::NOT_ADDRESSED);
        } else {
            self.on_matched(from, reply.last_included_index, cx);
        }
    }
}
