//! A server: its state (Raft Fig. 2), how it boots, how it changes roles, and what reaches its disk.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use faultline_model::{Draw, NodeId, OpId, Purpose, SortedMap, SortedSet, Span, Time};
use serde::Serialize;

use super::Ctx;
use super::log::{Entry, Log};
use super::machine::{Command, Machine, Op, Ret, Ticket};
use super::message::{Msg, Outcome, Request, Response, Snapshot, Timer};
use super::params::{RaftParams, Reads};
use super::reads::Read;
use super::rules;

/// What a server is at the moment (Raft Fig. 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Only answers others.
    Follower,
    /// Asks whether it could win an election (dissertation §9.6).
    PreCandidate,
    /// Stands for election.
    Candidate,
    /// Takes clients' requests and replicates them.
    Leader,
}

/// The state of a server, with the names of Raft Fig. 2.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Server {
    /// What it is.
    pub role: Role,
    /// Latest term it has seen. On disk.
    pub current_term: u64,
    /// Candidate that received its vote in the current term. On disk.
    pub voted_for: Option<NodeId>,
    /// Its log. On disk.
    pub log: Log,
    /// Index of the highest entry known to be committed.
    pub commit_index: u64,
    /// Index of the highest entry applied to the state machine.
    pub last_applied: u64,
    /// The leader of the current term, as far as it knows.
    pub leader: Option<NodeId>,
    /// Who has granted its vote, for candidates. Its own counts once it is on disk.
    pub votes: SortedSet<NodeId>,
    /// For leaders: index of the next log entry to send to each other server.
    pub next_index: SortedMap<NodeId, u64>,
    /// For leaders: index of the highest entry known to be replicated on each server. Its own is what
    /// has reached its own disk.
    pub match_index: SortedMap<NodeId, u64>,
    /// The state machine.
    pub machine: Machine,
    /// What has replaced the beginning of the log. On disk.
    pub snapshot: Option<Arc<Snapshot>>,
    /// When it last heard from a leader, on its own clock; kept only for Pre-Vote.
    pub heard: Option<Time>,
    /// For leaders: whose commands it will answer when they are applied.
    pub waiting: SortedSet<Ticket>,
    /// For leaders: the reads that wait until it is sure that it leads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<Read>,
}

/// What a server keeps on disk: "Updated on stable storage before responding to RPCs" (Raft Fig. 2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Durable {
    /// Latest term it has seen.
    pub current_term: u64,
    /// Candidate that received its vote in that term.
    pub voted_for: Option<NodeId>,
    /// The log.
    pub log: Log,
    /// What has replaced the beginning of the log.
    pub snapshot: Option<Arc<Snapshot>>,
    /// Set only on a disk that a staged run begins with: after that time the server takes up the
    /// leadership of its term and sends its first heartbeat. The protocol itself never writes it.
    #[serde(skip)]
    pub staged_leader: Option<Span>,
    /// Index of the first entry that does not fit its checksum when it is read. The protocol itself never
    /// writes it: that is what a damaged disk comes to.
    #[serde(skip)]
    pub damaged: Option<u64>,
}

impl Hash for Durable {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.current_term.hash(state);
        self.voted_for.hash(state);
        self.log.hash(state);
        self.snapshot.hash(state);
        self.staged_leader.hash(state);
        // Nothing of a sound disk, so that digests of runs without damage stay what they were.
        if let Some(entry) = self.damaged {
            entry.hash(state);
        }
    }
}

impl Durable {
    /// An entry of the log, any one alike, no longer fits its checksum.
    pub fn corrupt(&mut self, draw: &mut Draw) -> Result<(), &'static str> {
        if self.log.last_index() == self.log.base_index() {
            return Err("its log holds no entries");
        }
        let entry = draw.between(self.log.base_index() + 1, self.log.last_index());
        self.damaged = Some(self.damaged.map_or(entry, |other| other.min(entry)));
        Ok(())
    }
}

const ELECTION_TIMEOUT: Purpose = Purpose::new("raft election timeout");

impl Server {
    /// "When servers start up, they begin as followers" (Raft §5.2).
    pub fn boot(saved: Option<Durable>, cx: &mut Ctx<'_>) -> Server {
        cx.because(match &saved {
            None => rules::START_AS_FOLLOWER,
            Some(_) if cx.params().persist_vote => rules::RECOVER,
            Some(_) => rules::FORGET_VOTE,
        });
        let saved = saved.unwrap_or_default();
        let applied = saved.snapshot.as_ref().map_or(0, |s| s.last_included_index);
        let mut server = Server {
            role: Role::Follower,
            current_term: saved.current_term,
            voted_for: saved.voted_for,
            log: saved.log,
            commit_index: applied,
            last_applied: applied,
            leader: None,
            votes: SortedSet::new(),
            next_index: SortedMap::new(),
            match_index: SortedMap::new(),
            machine: saved.snapshot.as_ref().map(|s| s.machine.clone()).unwrap_or_default(),
            snapshot: saved.snapshot,
            heard: None,
            waiting: SortedSet::new(),
            reads: vec![],
        };
        match saved.staged_leader {
            Some(first_heartbeat) => {
                cx.because(rules::START_AS_LEADER);
                server.take_office(cx);
                cx.arm(Timer::Heartbeat, first_heartbeat);
                // Without the mark, so that a restart is an ordinary one.
                server.save(cx);
            }
            None => server.reset_election_timer(cx),
        }
        server
    }

    /// What must be on disk now.
    pub fn durable(&self, params: &RaftParams) -> Durable {
        Durable {
            current_term: self.current_term,
            voted_for: self.voted_for.filter(|_| params.persist_vote),
            log: self.log.clone(),
            snapshot: self.snapshot.clone(),
            staged_leader: None,
            damaged: None,
        }
    }

    pub(super) fn save(&self, cx: &mut Ctx<'_>) {
        cx.persist(self.durable(cx.params()));
    }

    /// Sends an answer that no crash may belie: behind the write of what has just changed, or else
    /// behind every write that an earlier event began.
    pub(super) fn answer(&self, to: NodeId, msg: Msg, changed: bool, cx: &mut Ctx<'_>) {
        if changed {
            self.save(cx);
        } else {
            cx.flush();
        }
        cx.send(to, msg);
    }

    /// "Raft uses randomized election timeouts to ensure that split votes are rare" (§5.2).
    pub(super) fn reset_election_timer(&self, cx: &mut Ctx<'_>) {
        let (low, high) = (cx.params().election_min.0, cx.params().election_max.0);
        let timeout = cx.pick(ELECTION_TIMEOUT, low, high.max(low));
        cx.arm(Timer::Election, Span(timeout));
    }

    /// Becomes a follower, of `term` if that is a later one; returns whether it is.
    pub(super) fn follow(&mut self, term: u64, cx: &mut Ctx<'_>) -> bool {
        let newer = term > self.current_term;
        if newer {
            self.current_term = term;
            self.voted_for = None;
            self.leader = None;
        }
        if self.role == Role::Leader {
            cx.disarm(Timer::Heartbeat);
            self.reset_election_timer(cx);
            self.next_index.clear();
            self.match_index.clear();
            // Its clients turn to the new leader when they time out. Operations handed to this server
            // itself may still be committed by another leader.
            self.waiting.retain(|ticket| ticket.client == cx.me());
            self.reads.clear();
        }
        self.votes.clear();
        self.role = Role::Follower;
        newer
    }

    /// Becomes the leader of its term: "nextIndex: initialized to leader last log index + 1; matchIndex:
    /// initialized to 0" (Raft Fig. 2).
    pub(super) fn take_office(&mut self, cx: &mut Ctx<'_>) {
        self.role = Role::Leader;
        self.leader = Some(cx.me());
        self.votes.clear();
        let last = self.log.last_index();
        self.next_index = cx.peers().map(|peer| (peer, last + 1)).collect();
        self.match_index = cx.peers().map(|peer| (peer, 0)).collect();
        // Its own log is on disk: it was written together with the vote for itself at the latest.
        self.match_index.insert(cx.me(), last);
        cx.disarm(Timer::Election);
        cx.arm(Timer::Heartbeat, cx.params().heartbeat);
    }

    /// A message arrives. "If one server's current term is smaller than the other's, then it updates its
    /// current term to the larger value. If a candidate or leader discovers that its term is out of date,
    /// it immediately reverts to follower state" (§5.1).
    pub fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        let newer = match msg.term() {
            Some(term) if term > self.current_term => self.follow(term, cx),
            _ => false,
        };
        match msg {
            Msg::RequestVote(ask) => self.on_request_vote(from, ask, newer, cx),
            Msg::PreVote(ask) => self.on_pre_vote(from, ask, cx),
            Msg::AppendEntries(append) => self.on_append_entries(from, append, newer, cx),
            Msg::InstallSnapshot(install) => self.on_install_snapshot(from, install, newer, cx),
            Msg::Request(request) => self.on_client_request(from, request, cx),
            Msg::Confirm(ask) => self.on_confirm(from, ask, newer, cx),
            Msg::Response(_) => cx.because(rules::NOT_ADDRESSED),
            // What is left are answers: there is nothing in them for a server of a later term.
            _ if newer => {
                cx.because(rules::STEP_DOWN);
                self.save(cx);
            }
            Msg::RequestVoteReply(reply) => self.on_vote(from, reply, cx),
            Msg::PreVoteReply(reply) => self.on_pre_vote_reply(from, reply, cx),
            Msg::AppendEntriesReply(reply) => self.on_append_reply(from, reply, cx),
            Msg::InstallSnapshotReply(reply) => self.on_snapshot_reply(from, reply, cx),
            Msg::ConfirmReply(reply) => self.on_confirm_reply(from, reply, cx),
        }
    }

    /// A timer fires.
    pub fn on_timer(&mut self, timer: Timer, cx: &mut Ctx<'_>) {
        match (timer, self.role) {
            (Timer::Election, Role::Leader) | (Timer::Retry, _) => cx.because(rules::NOT_ADDRESSED),
            (Timer::Election, _) if cx.params().pre_vote => self.start_pre_vote(cx),
            (Timer::Election, _) => self.start_election(cx),
            (Timer::Heartbeat, Role::Leader) => self.send_heartbeats(cx),
            (Timer::Heartbeat, _) => cx.because(rules::NOT_ADDRESSED),
        }
    }

    /// A write has reached the disk.
    pub fn on_saved(&mut self, saved: &Durable, cx: &mut Ctx<'_>) {
        if saved.current_term != self.current_term {
            return;
        }
        match self.role {
            Role::Candidate => self.on_own_vote_saved(cx),
            Role::Leader => self.on_own_entries_saved(saved, cx),
            Role::Follower | Role::PreCandidate => {}
        }
    }

    /// An operation is handed to this server directly, without a client in between.
    pub fn on_request(&mut self, id: OpId, op: Op, cx: &mut Ctx<'_>) {
        if self.role != Role::Leader {
            cx.because(rules::REDIRECT);
            cx.reply(id, Ret::NotLeader);
            return;
        }
        self.accept(Ticket { client: cx.me(), serial: id.0 }, op, cx);
    }

    fn on_client_request(&mut self, from: NodeId, request: Request, cx: &mut Ctx<'_>) {
        let Request { serial, op } = request;
        let ticket = Ticket { client: from, serial };
        if self.role != Role::Leader {
            cx.because(rules::REDIRECT);
            let outcome = Outcome::NotLeader(self.leader);
            cx.send(from, Msg::Response(Response { serial, outcome }));
        } else if let Some(result) = self.machine.executed(ticket) {
            cx.because(rules::DUPLICATE);
            let outcome = Outcome::Done(result.clone());
            cx.send(from, Msg::Response(Response { serial, outcome }));
        } else if self.waiting.contains(&ticket) || self.reads.iter().any(|read| read.ticket == ticket) {
            cx.because(rules::IN_PROGRESS);
        } else {
            self.accept(ticket, op, cx);
        }
    }

    /// "The leader appends the command to its log as a new entry, then issues AppendEntries RPCs in
    /// parallel to each of the other servers to replicate the entry" (§5.3). Its own write to disk is one
    /// more replica and goes on in parallel too (dissertation §10.2.1).
    fn accept(&mut self, ticket: Ticket, op: Op, cx: &mut Ctx<'_>) {
        if cx.params().reads == Reads::Leader && matches!(op, Op::Read(_)) {
            return self.take_read(ticket, op, cx);
        }
        cx.because(rules::ACCEPT_REQUEST);
        self.waiting.insert(ticket);
        self.append_own(Command::Do(op, Some(ticket)), cx);
    }

    /// Appends an entry of the current term, sends it out, and writes it to disk.
    pub(super) fn append_own(&mut self, command: Command, cx: &mut Ctx<'_>) {
        self.log.push(Entry { term: self.current_term, command });
        for peer in cx.peers() {
            self.replicate(peer, cx);
        }
        self.save(cx);
    }
}
