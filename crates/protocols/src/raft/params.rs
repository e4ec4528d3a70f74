//! The knobs of Raft.

use faultline_model::{KnobKind, Span, choice, params};

choice! {
    /// What the servers' disks hold when the run begins.
    pub enum Start {
        /// Nothing: every server starts in term 0 with an empty log.
        Empty = "empty",
        /// The logs of Fig. 7: S1, about to stand for term 8, and followers a to f; always seven servers.
        Figure7 = "figure-7",
        /// Fig. 8 (a): S1 leads term 2 and has its entry on S2 only; always five servers.
        Figure8 = "figure-8",
        /// As for Fig. 16: S1 leads and broadcasts a heartbeat; the others have logs of different lengths.
        ShorterLogs = "shorter-logs",
    }
}

choice! {
    /// How reads are served.
    pub enum Reads {
        /// Through the log, like writes.
        Log = "log",
        /// By the leader from its state machine, without the log (Raft §8).
        Leader = "leader",
    }
}

/// The shortest and the longest length of time that a timer of Raft can be set to.
const TIMEOUT: KnobKind = KnobKind::Span { min: Span::millis(1), max: Span::secs(60) };

params! {
    /// The knobs of Raft. The defaults of the timeouts are those of Raft §9.3: 150–300 ms.
    pub struct RaftParams {
        /// The shortest election timeout (Raft §5.2, §9.3).
        "election-min" election_min: Span = Span::millis(150), TIMEOUT;
        /// The longest election timeout; each is drawn between the two (Raft §5.2).
        "election-max" election_max: Span = Span::millis(300), TIMEOUT;
        /// How often a leader sends AppendEntries (Raft §5.2; half of election-min in §9.3).
        "heartbeat" heartbeat: Span = Span::millis(50), TIMEOUT;
        /// How many clients there are.
        "clients" clients: u64 = 1, KnobKind::Count { min: 0, max: 16 };
        /// How long a client waits for an answer before it asks another server (Raft §8).
        "client-timeout" client_timeout: Span = Span::millis(250), TIMEOUT;
        /// How many entries one AppendEntries carries at most (Raft §5.3).
        "max-batch" max_batch: u64 = 16, KnobKind::Count { min: 1, max: 1_000 };
        /// After how many applied entries a server takes a snapshot; 0 is never (Raft §7).
        "snapshot-after" snapshot_after: u64 = 0, KnobKind::Count { min: 0, max: 1_000_000 };
        /// What the disks hold when the run begins.
        "start" start: Start = Start::Empty, KnobKind::Choice { options: Start::WORDS };
        /// Whether a server asks first whether it could win, before it raises its term (dissertation §9.6).
        "pre-vote" pre_vote: bool = false, KnobKind::Flag;
        /// Whether a new leader appends a blank entry of its term at once (Raft §8).
        "no-op" no_op: bool = false, KnobKind::Flag;
        /// Whether a follower tells the conflicting term, so that the leader backs up a term at a time (Raft §5.3).
        "conflict-term" conflict_term: bool = false, KnobKind::Flag;
        /// Whether a vote is on disk before it is given (Raft Fig. 2).
        "persist-vote" persist_vote: bool = true, KnobKind::Rule { rule: "persist-vote" };
        /// Whether a vote is refused to a candidate whose log is less up-to-date (Raft §5.4.1).
        "up-to-date" up_to_date: bool = true, KnobKind::Rule { rule: "up-to-date" };
        /// Whether only entries of the leader's current term are committed by counting (Raft §5.4.2).
        "commit-current-term" commit_current_term: bool = true,
            KnobKind::Rule { rule: "commit-current-term" };
        /// How reads are served: through the log like writes, or by the leader from its state machine (Raft §8).
        "reads" reads: Reads = Reads::Log, KnobKind::Choice { options: Reads::WORDS };
        /// Whether a leader that serves reads without the log first makes sure that it still leads (Raft §8).
        "confirm-leadership" confirm_leadership: bool = true, KnobKind::Rule { rule: "confirm-leadership" };
    }
}
