//! What servers and clients say to each other, and what they wait for.
//!
//! The sender of a message is known to its receiver, so the paper's `leaderId` and `candidateId` are not
//! repeated in it.

use std::sync::Arc;

use faultline_model::NodeId;
use serde::Serialize;

use super::log::Entry;
use super::machine::{Machine, Op, Ret};

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// A candidate gathers votes.
    RequestVote(RequestVote),
    /// The answer.
    RequestVoteReply(RequestVoteReply),
    /// A server asks whether it could win, before it raises its term.
    PreVote(RequestVote),
    /// The answer.
    PreVoteReply(RequestVoteReply),
    /// A leader replicates its log, and shows that it is alive.
    AppendEntries(AppendEntries),
    /// The answer.
    AppendEntriesReply(AppendEntriesReply),
    /// A leader brings a follower up to date that needs entries which are no longer in its log.
    InstallSnapshot(InstallSnapshot),
    /// The answer.
    InstallSnapshotReply(InstallSnapshotReply),
    /// A client asks for an operation.
    Request(Request),
    /// The answer.
    Response(Response),
    /// A leader makes sure that it still leads, before it answers a read.
    Confirm(Confirm),
    /// The answer.
    ConfirmReply(Confirm),
}

/// A heartbeat for one read, and its answer (Raft §8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Confirm {
    /// The term of whoever says it.
    pub term: u64,
    /// The serial number of the read.
    pub serial: u32,
}

/// Arguments of RequestVote (Raft Fig. 2), and of PreVote (dissertation §9.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestVote {
    /// The candidate's term; in a PreVote the term that it would begin.
    pub term: u64,
    /// Index of the candidate's last log entry.
    pub last_log_index: u64,
    /// Term of the candidate's last log entry.
    pub last_log_term: u64,
}

/// Results of RequestVote (Raft Fig. 2), and of PreVote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestVoteReply {
    /// The voter's term, for the candidate to update itself; in a granted PreVoteReply the term asked for.
    pub term: u64,
    /// Whether the candidate received the vote.
    pub vote_granted: bool,
}

/// Arguments of AppendEntries (Raft Fig. 2).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AppendEntries {
    /// The leader's term.
    pub term: u64,
    /// Index of the entry immediately before the new ones. With [`AppendEntries::prev_log_term`] it is
    /// the induction step of the Log Matching Property: a follower that has this entry has all before it.
    pub prev_log_index: u64,
    /// Term of that entry.
    pub prev_log_term: u64,
    /// The entries to store; empty for a heartbeat.
    pub entries: Vec<Entry>,
    /// The leader's commitIndex. It rides along because a follower cannot count replicas itself.
    pub leader_commit: u64,
}

/// Results of AppendEntries (Raft Fig. 2).
///
/// The paper's remote procedure calls pair an answer with its question. Messages do not, so the answer
/// says which question it answers: up to where the log matches, or which check failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AppendEntriesReply {
    /// The follower's term, for the leader to update itself.
    pub term: u64,
    /// What came of it.
    pub outcome: Appended,
}

/// Whether a follower's log contained the entry before the new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all_fields = "camelCase")]
pub enum Appended {
    /// It did: success.
    Success {
        /// The follower's log now matches the leader's up to this index.
        match_index: u64,
    },
    /// It did not, or the leader's term is over.
    Failure {
        /// The index at which the check failed.
        prev_log_index: u64,
        /// Where the conflict begins, with the knob `conflict-term`.
        conflict: Option<Conflict>,
    },
}

/// "The term of the conflicting entry and the first index it stores for that term" (Raft §5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Conflict {
    /// The term of the conflicting entry; `None` when the follower's log is too short to have one.
    pub term: Option<u64>,
    /// The first index of that term; one past the end when the log is too short.
    pub index: u64,
}

/// A state machine's contents in place of a prefix of the log (Raft §7).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// The snapshot replaces all entries up through and including this index.
    pub last_included_index: u64,
    /// Term of that entry.
    pub last_included_term: u64,
    /// The state machine after that entry.
    pub machine: Machine,
}

/// Arguments of InstallSnapshot (Raft Fig. 13), in one message instead of chunks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct InstallSnapshot {
    /// The leader's term.
    pub term: u64,
    /// What replaces the beginning of the log.
    pub snapshot: Arc<Snapshot>,
}

/// Results of InstallSnapshot (Raft Fig. 13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InstallSnapshotReply {
    /// The follower's term, for the leader to update itself.
    pub term: u64,
    /// Which snapshot it answers: the follower's log matches up to here. 0 when it was refused.
    pub last_included_index: u64,
}

/// A client's operation (Raft §8).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Request {
    /// The client's serial number for it. A retry carries the same one: a leader may crash after
    /// committing a command and before answering, and the command must not be executed twice.
    pub serial: u32,
    /// What is asked.
    pub op: Op,
}

/// What a server says to a client.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Response {
    /// Which request it answers.
    pub serial: u32,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a client's request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Outcome {
    /// It was committed and executed.
    Done(Ret),
    /// "If the client's first choice is not the leader, that server will reject the client's request and
    /// supply information about the most recent leader it has heard from" (Raft §8).
    NotLeader(Option<NodeId>),
}

/// What a server or a client waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// No word from a leader: time for an election.
    Election,
    /// Time for a leader to be heard again.
    Heartbeat,
    /// No answer from a server: time for a client to ask the next one.
    Retry,
}

impl Msg {
    /// The term that it speaks of, if any.
    #[inline]
    pub fn epoch(&self) -> Option<u64> {
        match self {
            Msg::PreVote(m) => Some(m.term),
            Msg::PreVoteReply(m) => Some(m.term),
            other => other.term(),
        }
    }

    /// The term that a server must adopt when it is higher than its own (Raft §5.1).
    ///
    /// None for clients' messages, and none for a PreVote or its granting: they speak of a term that
    /// has not begun.
    pub fn term(&self) -> Option<u64> {
        match self {
            Msg::RequestVote(m) => Some(m.term),
            Msg::RequestVoteReply(m) => Some(m.term),
            Msg::PreVote(_) => None,
            Msg::PreVoteReply(m) => (!m.vote_granted).then_some(m.term),
            Msg::AppendEntries(m) => Some(m.term),
            Msg::AppendEntriesReply(m) => Some(m.term),
            Msg::InstallSnapshot(m) => Some(m.term),
            Msg::InstallSnapshotReply(m) => Some(m.term),
            Msg::Confirm(m) | Msg::ConfirmReply(m) => Some(m.term),
            Msg::Request(_) | Msg::Response(_) => None,
        }
    }
}
