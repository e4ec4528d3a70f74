//! Log replication (Raft §5.3) and commitment (§5.4.2).

use faultline_model::{Fact, NodeId, OpId};

use super::Ctx;
use super::log::Entry;
use super::machine::{Command, Ret, Ticket};
use super::message::{
    AppendEntries, AppendEntriesReply, Appended, Conflict, InstallSnapshot, Msg, Outcome, Response, Timer,
};
use super::properties::COMMITS;
use super::rules;
use super::server::{Durable, Role, Server};

impl Server {
    /// Sends a follower what it needs next: entries from nextIndex on, none if it has them all, or the
    /// snapshot if they are gone. What is lost is sent again with the next heartbeat: "the leader retries
    /// AppendEntries RPCs indefinitely" (§5.3).
    pub(super) fn replicate(&self, to: NodeId, cx: &mut Ctx<'_>) {
        let Some(&next) = self.next_index.get(&to) else {
            return;
        };
        let prev_log_index = next - 1;
        let Some(prev_log_term) = self.log.term(prev_log_index) else {
            if let Some(snapshot) = self.snapshot.clone() {
                cx.send(to, Msg::InstallSnapshot(InstallSnapshot { term: self.current_term, snapshot }));
            }
            return;
        };
        let append = AppendEntries {
            term: self.current_term,
            prev_log_index,
            prev_log_term,
            entries: self.log.batch(next, cx.params().max_batch),
            leader_commit: self.commit_index,
        };
        cx.send(to, Msg::AppendEntries(append));
    }

    pub(super) fn send_heartbeats(&mut self, cx: &mut Ctx<'_>) {
        cx.because(rules::SEND_HEARTBEAT);
        for peer in cx.peers() {
            self.replicate(peer, cx);
        }
        cx.arm(Timer::Heartbeat, cx.params().heartbeat);
    }

    /// Follows the sender of a message of the current term as its leader. False when this server leads
    /// that term itself, which no correct run reaches.
    pub(super) fn recognize(&mut self, leader: NodeId, cx: &mut Ctx<'_>) -> bool {
        if self.role == Role::Leader {
            cx.because(rules::RIVAL_LEADER);
            return false;
        }
        self.follow(self.current_term, cx);
        self.leader = Some(leader);
        if cx.params().pre_vote {
            self.heard = Some(cx.now());
        }
        self.reset_election_timer(cx);
        true
    }

    /// The receiver's side of AppendEntries (Raft Fig. 2, steps 1 to 5).
    pub(super) fn on_append_entries(
        &mut self,
        from: NodeId,
        append: AppendEntries,
        newer: bool,
        cx: &mut Ctx<'_>,
    ) {
        let AppendEntries { term, prev_log_index, prev_log_term, entries, leader_commit } = append;
        let refuse = |conflict| Appended::Failure { prev_log_index, conflict };
        let mut changed = newer;
        let outcome = if term < self.current_term {
            cx.because(rules::STALE_REQUEST);
            refuse(None)
        } else if !self.recognize(from, cx) {
            return;
        } else if !self.contains(prev_log_index, prev_log_term) {
            cx.because(rules::CONSISTENCY_CHECK);
            refuse(cx.params().conflict_term.then(|| self.conflict_at(prev_log_index)))
        } else {
            let match_index = prev_log_index + entries.len() as u64;
            changed |= self.store(prev_log_index, entries, cx);
            // What lies beyond the last new entry may not be the leader's.
            let committed = leader_commit.min(match_index);
            if committed > self.commit_index {
                cx.because(rules::LEARN_COMMIT);
                self.commit_index = committed;
                changed |= self.apply_committed(cx);
            }
            Appended::Success { match_index }
        };
        let reply = AppendEntriesReply { term: self.current_term, outcome };
        self.answer(from, Msg::AppendEntriesReply(reply), changed, cx);
    }

    /// "The consistency check" (§5.3). What a snapshot has replaced is committed and therefore matches.
    fn contains(&self, index: u64, term: u64) -> bool {
        index < self.log.base_index() || self.log.term(index) == Some(term)
    }

    fn conflict_at(&self, index: u64) -> Conflict {
        match self.log.term(index) {
            Some(term) => Conflict { term: Some(term), index: self.log.first_of_term_at(index) },
            None => Conflict { term: None, index: self.log.last_index() + 1 },
        }
    }

    /// Stores the entries behind index `prev`; returns whether the log has changed.
    ///
    /// Only a conflict deletes anything: entries that are there already stay, with what follows them. A
    /// delayed AppendEntries with fewer entries must not undo what a later one has brought.
    fn store(&mut self, prev: u64, entries: Vec<Entry>, cx: &mut Ctx<'_>) -> bool {
        if entries.is_empty() {
            cx.because(rules::HEAR_HEARTBEAT);
            return false;
        }
        cx.because(rules::ENTRIES_KNOWN);
        let mut changed = false;
        for (index, entry) in (prev + 1..).zip(entries) {
            if index <= self.log.base_index() || self.log.term(index) == Some(entry.term) {
                continue;
            }
            if index <= self.log.last_index() {
                cx.because(rules::REPAIR_CONFLICT);
                self.log.truncate(index);
            } else if !changed {
                cx.because(rules::APPEND_ENTRIES);
            }
            self.log.push(entry);
            changed = true;
        }
        changed
    }

    pub(super) fn on_append_reply(&mut self, from: NodeId, reply: AppendEntriesReply, cx: &mut Ctx<'_>) {
        if reply.term < self.current_term {
            cx.because(rules::STALE_REPLY);
        } else if self.role != Role::Leader {
            cx.because(rules::NOT_ADDRESSED);
        } else {
            match reply.outcome {
                Appended::Success { match_index } => self.on_matched(from, match_index, cx),
                Appended::Failure { prev_log_index, conflict } => {
                    self.back_up(from, prev_log_index, conflict, cx);
                }
            }
        }
    }

    /// A follower's log matches up to an index: "If successful: update nextIndex and matchIndex for
    /// follower" (Raft Fig. 2).
    pub(super) fn on_matched(&mut self, from: NodeId, index: u64, cx: &mut Ctx<'_>) {
        let known = self.match_index.get(&from).copied().unwrap_or(0);
        let next = self.next_index.get(&from).copied().unwrap_or(1);
        if index < known || index == known && next == known + 1 {
            // An answer that was overtaken, or one to a heartbeat.
            cx.because(rules::ACKNOWLEDGED);
            return;
        }
        self.match_index.insert(from, index);
        self.next_index.insert(from, index + 1);
        cx.because(rules::MATCHED);
        self.advance_commit_index(cx);
        if index < self.log.last_index() {
            self.replicate(from, cx);
        }
    }

    /// "After a rejection, the leader decrements nextIndex and retries the AppendEntries RPC. Eventually
    /// nextIndex will reach a point where the leader and follower logs match" (§5.3).
    fn back_up(&mut self, from: NodeId, failed_at: u64, conflict: Option<Conflict>, cx: &mut Ctx<'_>) {
        let known = self.match_index.get(&from).copied().unwrap_or(0);
        let next = self.next_index.get(&from).copied().unwrap_or(1);
        if failed_at + 1 != next || failed_at <= known {
            cx.because(rules::STALE_REFUSAL);
            return;
        }
        let back = match conflict {
            None => {
                cx.because(rules::BACK_UP);
                failed_at
            }
            Some(conflict) => {
                cx.because(rules::BACK_UP_TERM);
                conflict.index.min(failed_at)
            }
        };
        self.next_index.insert(from, back.max(known + 1));
        self.replicate(from, cx);
    }

    /// The leader's own entries are replicas like any other once they are on its disk. The write is one
    /// of its own term, in which it has only appended, so its log still holds all that was written.
    pub(super) fn on_own_entries_saved(&mut self, saved: &Durable, cx: &mut Ctx<'_>) {
        let index = saved.log.last_index();
        if self.match_index.get(&cx.me()).is_none_or(|&known| index > known) {
            self.match_index.insert(cx.me(), index);
            self.advance_commit_index(cx);
        }
    }

    /// "If there exists an N such that N > commitIndex, a majority of matchIndex[i] ≥ N, and log[N].term
    /// == currentTerm: set commitIndex = N" (Raft Fig. 2; §5.4.2 for the last condition).
    fn advance_commit_index(&mut self, cx: &mut Ctx<'_>) {
        let stored_by = |n: u64| self.match_index.values().filter(|&&m| m >= n).count();
        let majority = cx.majority();
        let candidates = self.match_index.values().copied().filter(|&n| n > self.commit_index);
        let Some(on_majority) = candidates.filter(|&n| stored_by(n) >= majority).max() else {
            return;
        };
        let current = self.log.term(on_majority) == Some(self.current_term);
        if !current && cx.params().commit_current_term {
            cx.because(rules::OLD_TERM_WAITS);
            return;
        }
        cx.because(if current { rules::COMMIT } else { rules::COMMIT_BY_COUNT });
        self.commit_index = on_majority;
        cx.measure("commit", on_majority as i64);
        cx.testify(Fact::Did(COMMITS, self.current_term));
        if self.apply_committed(cx) {
            self.save(cx);
        }
        self.confirm_reads(cx);
    }

    /// "If commitIndex > lastApplied: increment lastApplied, apply log[lastApplied] to state machine"
    /// (Raft Fig. 2), and answer whoever waits for it. Returns whether a snapshot was taken, which has
    /// yet to be written to disk.
    fn apply_committed(&mut self, cx: &mut Ctx<'_>) -> bool {
        // Before and not after: what this event applies stays in the log, where it can be seen.
        let compacted = self.compact_if_due(cx);
        while self.last_applied < self.commit_index {
            // A committed entry can be gone only when a rule is switched off.
            let Some(entry) = self.log.get(self.last_applied + 1) else {
                break;
            };
            if let Command::Do(_, Some(ticket)) = entry.command
                && !self.machine.is_past(ticket)
            {
                cx.testify(Fact::Applies(OpId(ticket.serial)));
            }
            let result = self.machine.apply(&entry.command);
            self.last_applied += 1;
            let Command::Do(_, Some(ticket)) = entry.command else {
                continue;
            };
            let Some(result) = result else { continue };
            if !self.waiting.is_empty() && self.waiting.remove(&ticket) {
                respond(ticket, result, cx);
            }
        }
        compacted
    }
}

/// "After the entry has been safely replicated, the leader applies the entry to its state machine and
/// returns the result of that execution to the client" (§5.3).
pub(super) fn respond(ticket: Ticket, result: Ret, cx: &mut Ctx<'_>) {
    if ticket.client == cx.me() {
        cx.reply(OpId(ticket.serial), result);
    } else {
        let outcome = Outcome::Done(result);
        cx.send(ticket.client, Msg::Response(Response { serial: ticket.serial, outcome }));
    }
}
