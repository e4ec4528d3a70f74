//! The rules of ABD.

faultline_model::rules! {
    /// A write begins; the writer is the only one.
    NUMBER = "number", "numbers its write, notes the number on disk and sends the write to all replicas",
        "Attiya, Bar-Noy & Dolev 1995 §3";
    /// A write begins; there are other writers.
    ASK_FIRST = "ask-first", "asks all replicas for the highest number: others write too",
        "Lynch & Shvartsman 1997";
    /// A majority has named the highest number.
    HIGHER = "higher", "takes a number above all that a majority knows and sends its write to all replicas",
        "Lynch & Shvartsman 1997";
    /// Two writes may take the same number.
    WRITER_ID = "writer-id", "tells writes with the same number apart by their writers' ids",
        "Lynch & Shvartsman 1997";
    /// A read begins.
    READ = "read", "asks all replicas what they hold", "Attiya, Bar-Noy & Dolev 1995 §3";
    /// Not yet a majority.
    WAIT = "wait", "notes the answer; it is not yet a majority", "Attiya, Bar-Noy & Dolev 1995 §3";
    /// A reader has heard from a majority.
    WRITE_BACK = "write-back", "takes the value with the highest number and, before returning it, writes it back to \
        a majority: a later read must find it too", "Attiya, Bar-Noy & Dolev 1995 §3";
    /// A reader has heard from a majority and does not write back.
    RETURN_AT_ONCE = "return-at-once", "returns the value with the highest number at once; a later read may miss it",
        "Attiya, Bar-Noy & Dolev 1995 §3";
    /// A majority holds what was written.
    WRITTEN = "written", "is acknowledged by a majority: the write is done", "Attiya, Bar-Noy & Dolev 1995 §3";
    /// A majority holds what was read.
    READ_DONE = "read-done", "is acknowledged by a majority: it returns what it wrote back",
        "Attiya, Bar-Noy & Dolev 1995 §3";
    /// A replica is asked.
    ANSWER = "answer", "tells what it holds", "Attiya, Bar-Noy & Dolev 1995 §3";
    /// A replica gets something later.
    ADOPT = "adopt", "takes the value over, as its number is higher, and acknowledges once it is on disk",
        "Attiya, Bar-Noy & Dolev 1995 §3";
    /// A replica gets something that is not later.
    KEEP = "keep", "holds something as late or later, and acknowledges", "Attiya, Bar-Noy & Dolev 1995 §3";
    /// An answer that is no longer needed.
    LATE = "late", "ignores the answer: it has a majority already", "Attiya, Bar-Noy & Dolev 1995 §3";
    /// Answers are overdue.
    RETRY = "retry", "asks the replicas again that have not answered: a message may be lost",
        "Attiya, Bar-Noy & Dolev 1995 §2";
    /// Nothing is under way.
    NOTHING_TO_RETRY = "nothing-to-retry", "waits for nothing", "Attiya, Bar-Noy & Dolev 1995 §2";
    /// A client is busy with an earlier operation.
    QUEUE = "queue", "keeps the operation until the one before it is over", "Herlihy & Wing 1990 §2";
    /// Only writers write, and only clients take operations.
    NOT_FOR_ME = "not-for-me", "refuses: this node does not take that operation",
        "Attiya, Bar-Noy & Dolev 1995 §3";
}
