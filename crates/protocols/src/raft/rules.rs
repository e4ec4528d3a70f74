//! The rules of Raft, as its paper states them.

faultline_model::rules! {
    /// A server boots with an empty disk.
    START_AS_FOLLOWER = "start-as-follower",
        "starts as a follower and waits to hear from a leader or a candidate", "Raft §5.2";
    /// A server boots with what its disk holds.
    RECOVER = "persist-vote",
        "recovers its term, its vote and its log from disk, and starts as a follower", "Raft Fig. 2";
    /// The same with the rule `persist-vote` switched off.
    FORGET_VOTE = "forget-vote",
        "recovers its term and its log, but no longer knows for whom it voted", "Raft Fig. 2";
    /// A staged run begins with a leader.
    START_AS_LEADER = "start-as-leader",
        "takes up the leadership with which this scenario begins", "Raft Fig. 8, Fig. 16";

    /// No word from a leader for an election timeout.
    START_ELECTION = "start-election",
        "has heard of no leader for an election timeout: begins a new term, votes for itself and asks \
         the others for their votes", "Raft §5.2";
    /// A candidate's timer ran out.
    RESTART_ELECTION = "restart-election",
        "has won no majority in time: begins another election in a new term", "Raft §5.2";
    /// A vote is given.
    GRANT_VOTE = "grant-vote",
        "grants its vote: it has given no other in this term, and the candidate's log is at least as \
         up-to-date as its own", "Raft §5.2, §5.4.1";
    /// A vote is refused because it is no longer free.
    VOTE_GIVEN = "one-vote-per-term",
        "refuses its vote: it has voted for another in this term, first come, first served", "Raft §5.2";
    /// A vote is refused because of the logs.
    UP_TO_DATE = "up-to-date",
        "refuses its vote: its own log is more up-to-date than the candidate's", "Raft §5.4.1";
    /// A vote came in.
    COUNT_VOTE = "count-vote", "counts the vote; it has no majority yet", "Raft §5.2";
    /// A refusal came in.
    NOTE_REFUSAL = "note-refusal", "was refused this vote and waits for the others", "Raft §5.2";
    /// An answer came in that no longer matters.
    ELECTION_OVER = "election-over", "ignores the answer: that election is over", "Raft §5.2";
    /// A majority of votes.
    WIN_ELECTION = "win-election",
        "has the votes of a majority: becomes leader and says so to every server", "Raft §5.2";

    /// A server asks before it raises its term.
    START_PRE_VOTE = "start-pre-vote",
        "has heard of no leader for an election timeout: asks whether it could win, without beginning \
         a new term", "Raft dissertation §9.6";
    /// A server would vote for the asker.
    GRANT_PRE_VOTE = "grant-pre-vote",
        "would vote for it: it hears from no leader itself, and the other's log is at least as \
         up-to-date as its own", "Raft dissertation §9.6";
    /// A server hears from a leader and sees no need of an election.
    LEADER_ALIVE = "leader-alive",
        "would not vote for it: a leader has been heard within the shortest election timeout",
        "Raft dissertation §9.6";
    /// A server would not vote for the asker.
    REFUSE_PRE_VOTE = "refuse-pre-vote",
        "would not vote for it: the term or the log is not good enough", "Raft dissertation §9.6";

    /// A request of an old term.
    STALE_REQUEST = "reject-stale-term", "rejects the request: its term is over", "Raft §5.1";
    /// An answer of an old term.
    STALE_REPLY = "ignore-stale-reply", "ignores the answer: it belongs to an earlier term", "Raft §5.1";
    /// A higher term in an answer.
    STEP_DOWN = "step-down", "learns of a higher term: adopts it and becomes a follower", "Raft §5.1";
    /// A second leader in one term; only with a rule switched off.
    RIVAL_LEADER = "rival-leader",
        "ignores another leader of its own term: Election Safety is broken", "Raft §5.2, Fig. 3";

    /// A leader's regular sign of life.
    SEND_HEARTBEAT = "heartbeat",
        "sends AppendEntries to every server, so that none begins an election", "Raft §5.2";
    /// A sign of life arrived.
    HEAR_HEARTBEAT = "hear-heartbeat",
        "hears from the leader, whose log matches its own, and waits for another election timeout",
        "Raft §5.2, §5.3";
    /// New entries.
    APPEND_ENTRIES = "append-entries",
        "appends the new entries: its log holds the one before them", "Raft §5.3";
    /// Nothing new in the entries.
    ENTRIES_KNOWN = "entries-known",
        "has all these entries already and keeps its log as it is", "Raft Fig. 2, AppendEntries 3–4";
    /// Conflicting entries.
    REPAIR_CONFLICT = "repair-conflict",
        "deletes the entry that conflicts and all that follow it, and appends the leader's", "Raft §5.3";
    /// The entry before the new ones is missing or another.
    CONSISTENCY_CHECK = "consistency-check",
        "refuses the entries: its log holds no entry with that index and term before them", "Raft §5.3";
    /// The leader's log position at a follower moves back.
    BACK_UP = "back-up",
        "moves nextIndex of that follower back by one and tries again", "Raft §5.3";
    /// The same, a term at a time.
    BACK_UP_TERM = "back-up-term",
        "moves nextIndex of that follower back past the conflicting term and tries again",
        "Raft §5.3, last paragraphs";
    /// A refusal that answers an earlier attempt.
    STALE_REFUSAL = "stale-refusal",
        "ignores the refusal: nextIndex has moved since that attempt", "Raft §5.3";
    /// A follower confirmed what the leader knew.
    ACKNOWLEDGED = "acknowledged",
        "hears that the follower is there; it knew already how far the logs match", "Raft §5.3";
    /// A follower has more than the leader knew.
    MATCHED = "matched",
        "knows now how far the follower's log matches; no further entry is on a majority", "Raft §5.3";
    /// An entry is committed.
    COMMIT = "commit-current-term",
        "commits: a majority stores an entry of its own term, and with it all before", "Raft §5.3, §5.4.2";
    /// An entry is on a majority and still not committed.
    OLD_TERM_WAITS = "old-term-waits",
        "does not commit: the entry is on a majority, but of an earlier term", "Raft §5.4.2";
    /// The same with the rule `commit-current-term` switched off.
    COMMIT_BY_COUNT = "commit-by-count",
        "commits whatever a majority stores, also of an earlier term", "against Raft §5.4.2";
    /// A follower learns of a commit.
    LEARN_COMMIT = "learn-commit",
        "learns from the leader what is committed, and applies it to its state machine", "Raft §5.3";

    /// A leader takes a command.
    ACCEPT_REQUEST = "accept-request",
        "appends the command to its log as a new entry and sends it to every server", "Raft §5.3";
    /// Not the leader.
    REDIRECT = "redirect",
        "is not the leader: rejects the request and says of which leader it last heard", "Raft §8";
    /// A command that has been executed.
    DUPLICATE = "duplicate-request",
        "has executed this serial number already: answers without executing it again", "Raft §8";
    /// A command that is being replicated.
    IN_PROGRESS = "request-in-progress",
        "has this command in its log already and will answer when it is committed", "Raft §8";

    /// A client sends its operation.
    ASK = "ask-server", "sends the operation to the server it believes to be the leader", "Raft §8";
    /// A client has an operation open.
    WAIT_TURN = "wait-turn",
        "keeps the operation until the one before it is answered", "Raft §8";
    /// A client was told who leads.
    FOLLOW_HINT = "follow-hint", "asks the leader that it was told of", "Raft §8";
    /// A client was told that nobody knows.
    NO_HINT = "no-hint", "waits a moment: that server knows of no leader to ask instead", "Raft §8";
    /// A client's timer ran out.
    RETRY = "retry-request",
        "has had no answer in time: asks the next server, with the same serial number", "Raft §8";
    /// A client has its answer.
    ANSWERED = "answered", "has its answer", "Raft §8";
    /// An answer to what is no longer asked.
    LATE_ANSWER = "late-answer", "ignores the answer: it is not to what it asks now", "Raft §8";

    /// A follower takes a leader's snapshot.
    INSTALL_SNAPSHOT = "install-snapshot",
        "takes the snapshot: discards its log and resets its state machine", "Raft §7, Fig. 13";
    /// The snapshot covers a prefix of the log.
    SNAPSHOT_PREFIX = "snapshot-prefix",
        "takes the snapshot in place of the prefix that it covers, and keeps the entries that follow",
        "Raft §7, Fig. 13";
    /// The snapshot holds nothing new.
    SNAPSHOT_KNOWN = "snapshot-known", "ignores the snapshot: it has one as recent", "Raft §7";

    /// A message or a timer for a role that this node does not have.
    NOT_ADDRESSED = "not-addressed", "ignores what is not meant for its role", "Raft §5.1";

    /// An entry that was read from disk does not fit its checksum.
    HALT = "halt",
        "finds an entry of its log that does not fit its checksum, and halts: it cannot know what it has \
         promised",
        "Alagappan et al., FAST 2018, on crashing at a fault";
    /// A halted server takes part in nothing.
    HALTED = "halted", "has halted and answers nothing until its disk is replaced",
        "Alagappan et al., FAST 2018, on crashing at a fault";

    /// A leader is asked for a read that does not go through the log.
    CONFIRM_LEADERSHIP = "confirm-leadership",
        "notes up to where it has committed, and asks the others whether it still leads before it answers the \
         read", "Raft §8";
    /// A new leader is asked for one.
    READ_WAITS = "read-waits",
        "keeps the read: it does not know what is committed until it has committed an entry of its own term",
        "Raft §8";
    /// A follower hears such a question.
    FOLLOWS_STILL = "follows-still", "confirms that it knows of no later leader", "Raft §8";
    /// Not enough have confirmed.
    COUNT_CONFIRMATION = "count-confirmation", "counts the confirmation; it has no majority yet", "Raft §8";
    /// A majority has.
    SERVE_READ = "serve-read",
        "still led when the read was asked, for a majority says so: answers from its state machine", "Raft §8";
    /// A confirmation of what is answered.
    LATE_CONFIRMATION = "late-confirmation", "has answered that read already", "Raft §8";
    /// The rule `confirm-leadership` is off.
    READ_AT_ONCE = "read-at-once",
        "answers the read from its memory, and does not ask whether it still leads", "against Raft §8";
}
