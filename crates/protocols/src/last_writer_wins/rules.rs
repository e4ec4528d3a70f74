//! The rules of last writer wins.

faultline_model::rules! {
    /// A client's write is the latest that its replica knows of.
    ACCEPT = "accept", "stamps its client's write, keeps it, acknowledges it and tells its peers: no other write \
        it knows has a later timestamp", "Johnson & Thomas 1975, RFC 677";
    /// A client's write is older, by the clock, than what its replica holds.
    OUTDATED_ON_ARRIVAL = "outdated-on-arrival", "acknowledges its client's write and drops it: what it holds has a \
        later timestamp", "Kleppmann 2017, ch. 8";
    /// A peer's write has the later timestamp.
    ADOPT = "adopt", "takes over the write: its timestamp is later", "Johnson & Thomas 1975, RFC 677";
    /// A peer's write has the earlier timestamp.
    REJECT = "reject", "drops the write: what it holds has a later timestamp", "Johnson & Thomas 1975, RFC 677";
    /// The same write again.
    KNOWN = "known", "has this very write", "Johnson & Thomas 1975, RFC 677";
    /// Equal timestamps, no rule.
    TIE_UNNOTICED = "tie-unnoticed", "takes the write for the one that it has: the timestamps are equal",
        "Kleppmann 2017, ch. 8";
    /// Equal timestamps, the present value stays.
    TIE_KEEP = "tie-keep", "keeps what it has: the timestamps are equal", "Kleppmann 2017, ch. 8";
    /// Equal timestamps, the incoming value wins.
    TIE_INCOMING = "tie-incoming", "takes what comes: the timestamps are equal", "Kleppmann 2017, ch. 8";
    /// Equal timestamps, the incoming write has the greater id or value.
    TIE_HIGHER = "tie-higher", "takes over the write: the timestamps are equal, and its writer's id, or else its \
        value, is greater", "Johnson & Thomas 1975, RFC 677";
    /// Equal timestamps, the present write has the greater id or value.
    TIE_LOWER = "tie-lower", "keeps what it has: the timestamps are equal, and its writer's id, or else its value, \
        is greater", "Johnson & Thomas 1975, RFC 677";
    /// A delete is kept as a version without a value.
    KEEP_TOMBSTONE = "keep-tombstone", "keeps the delete with its timestamp, so that an earlier write cannot undo it",
        "Johnson & Thomas 1975, RFC 677";
    /// A delete is carried out and forgotten.
    FORGET = "forget", "deletes the value and forgets when: an earlier write that comes later will bring it back",
        "Johnson & Thomas 1975, RFC 677";
    /// A read is answered from the copy at hand.
    READ = "read", "answers from its own copy", "DeCandia et al. 2007 §4.5";
    /// A client repeats a write that was carried out.
    ANSWER_AGAIN = "answer-again", "has carried out this request and answers again", "Birrell & Nelson 1984 §3";
    /// What is held goes to all peers.
    REPAIR = "repair", "tells its peers again what it holds", "DeCandia et al. 2007 §4.7";
    /// A repair with nothing to tell.
    NOTHING_TO_REPAIR = "nothing-to-repair", "holds nothing that it could tell its peers",
        "DeCandia et al. 2007 §4.7";
    /// A client asks.
    ASK = "ask", "asks its replica", "Birrell & Nelson 1984 §3";
    /// A client is busy with an earlier operation.
    QUEUE = "queue", "keeps the operation until the one before it is over", "Birrell & Nelson 1984 §3";
    /// An answer arrives.
    DONE = "done", "has its answer", "Birrell & Nelson 1984 §3";
    /// An answer to what is over.
    LATE_ANSWER = "late-answer", "ignores the answer: that operation is over", "Birrell & Nelson 1984 §3";
    /// An answer is overdue.
    RETRY = "retry", "asks again: no answer came in time", "Birrell & Nelson 1984 §3";
    /// No answer and no more attempts.
    GIVE_UP = "give-up", "gives up: whether the operation took effect it cannot know", "Birrell & Nelson 1984 §3";
    /// Operations go to clients.
    NOT_A_CLIENT = "not-a-client", "refuses: operations are handed to clients", "DeCandia et al. 2007 §4.5";
    /// A replica has been added.
    JOIN = "join", "asks all replicas for what they hold", "DeCandia et al. 2007 §4.9";
    /// A newcomer asks.
    TELL_NEWCOMER = "tell-newcomer", "tells the newcomer what it holds", "DeCandia et al. 2007 §4.9";
}
