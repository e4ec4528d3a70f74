//! The rules of the quorum register.

faultline_model::rules! {
    /// A write begins; the writer is the only one.
    NUMBER = "number", "numbers its write, notes the number on disk and sends the write to all N replicas",
        "Gifford 1979 §3";
    /// A write begins; there are other writers.
    ASK_FIRST = "ask-first", "asks for the latest number: others write too", "Gifford 1979 §3";
    /// R replicas have named the latest number.
    HIGHER = "higher", "takes a number above all that R replicas know and sends its write to all N", "Gifford 1979 §3";
    /// A read begins.
    READ = "read", "asks all N replicas what they hold", "DeCandia et al. 2007 §4.5";
    /// Not yet enough answers.
    WAIT = "wait", "notes the answer; it is not yet a quorum", "DeCandia et al. 2007 §4.5";
    /// W have taken the write.
    WRITTEN = "written", "has W acknowledgements: the write is done", "DeCandia et al. 2007 §4.5";
    /// R have answered.
    READ_DONE = "read-done", "has R answers and returns the one with the highest number", "DeCandia et al. 2007 §4.5";
    /// A reader finds replicas behind.
    READ_REPAIR = "read-repair", "sends what it returns to replicas that answered with something older",
        "DeCandia et al. 2007 §5";
    /// An answer that is no longer needed.
    LATE = "late", "ignores the answer: it has a quorum already", "DeCandia et al. 2007 §4.5";
    /// Replicas are silent, and only they count.
    STRICT_QUORUM = "strict-quorum", "asks the silent replicas again: nobody else counts", "Gifford 1979 §2";
    /// Replicas are silent, and the standby counts too.
    SLOPPY_QUORUM = "sloppy-quorum", "asks the silent replicas again, and the standby in their stead",
        "DeCandia et al. 2007 §4.6";
    /// Nothing is under way.
    NOTHING_TO_RETRY = "nothing-to-retry", "waits for nothing", "DeCandia et al. 2007 §4.5";
    /// A replica is asked.
    ANSWER = "answer", "tells what it holds", "DeCandia et al. 2007 §4.5";
    /// The standby is asked.
    ANSWER_FOR_OTHERS = "answer-for-others", "tells the latest that it keeps for others", "DeCandia et al. 2007 §4.6";
    /// A replica gets something later.
    ADOPT = "adopt", "takes the value over, as its number is higher", "Gifford 1979 §3";
    /// A replica gets something that is not later.
    KEEP = "keep", "holds something as late or later", "Gifford 1979 §3";
    /// The standby keeps a write for a silent replica.
    HINT = "hint", "keeps the write with a hint for whom it is, and acknowledges it", "DeCandia et al. 2007 §4.6";
    /// The standby tries to hand over.
    HANDOFF = "handoff", "hands over what it keeps to those whom it is for", "DeCandia et al. 2007 §4.6";
    /// A replica has taken over what was kept for it.
    HANDOFF_DONE = "handoff-done", "forgets what has been taken over", "DeCandia et al. 2007 §4.6";
    /// A replica has taken over what is no longer the latest.
    HANDOFF_LATE = "handoff-late", "keeps what it has: it is later than what was taken over, or gone",
        "DeCandia et al. 2007 §4.6";
    /// A client is busy with an earlier operation.
    QUEUE = "queue", "keeps the operation until the one before it is over", "Herlihy & Wing 1990 §2";
    /// Only some clients write, and only clients take operations.
    NOT_FOR_ME = "not-for-me", "refuses: this node does not take that operation", "DeCandia et al. 2007 §6.4";
}
