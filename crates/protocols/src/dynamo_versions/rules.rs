//! The rules of Dynamo's versions.

faultline_model::rules! {
    /// A replica coordinates a write.
    COORDINATE = "coordinate",
        "coordinates the write: the new version’s clock is what the writer had read, with its own counter moved on",
        "Dynamo §4.4";
    /// A clock is too long.
    TRUNCATE = "truncate",
        "coordinates the write, and drops the oldest pair of a clock that has become too long", "Dynamo §4.4";
    /// A version arrives that replaces what is there.
    SUPERSEDE = "supersede", "keeps the version in place of its ancestors", "Dynamo §4.4";
    /// A version arrives that is in conflict.
    SIBLING = "dots",
        "keeps versions side by side: by their clocks none was written with knowledge of the other",
        "Dynamo §4.4; Dotted Version Vectors 2010";
    /// An old version arrives.
    OLD = "old-version", "ignores the version: it has one that was written with knowledge of it", "Dynamo §4.4";
    /// A replica answers a read.
    ANSWER = "answer", "answers with all versions that it cannot reconcile", "Dynamo §4.4";
    /// A replica starts with what its disk holds.
    RECOVER = "recover", "recovers its versions and its counter", "Dynamo §4.4";

    /// A client reads.
    READ = "read", "asks for the cart", "Dynamo §4.4";
    /// A client writes.
    ADD = "add",
        "adds to the cart, and sends along the clock of what it has read or written last", "Dynamo §4.4";
    /// A client writes without having read.
    ADD_BLINDLY = "add-blindly",
        "writes a cart without a clock: it does not say what it has read", "against Dynamo §4.4";
    /// The answer to a read.
    MERGE = "merge", "merges what it has read: all items, and of each node the higher counter", "Dynamo §4.4";
    /// The answer to a write.
    WRITTEN = "written", "knows that its write is stored, and what else the replica keeps", "Dynamo §4.4";
    /// No answer.
    GIVE_UP = "give-up", "has had no answer, and does not know what became of its request", "Dynamo §4.4";
    /// An answer that no longer matters.
    LATE = "late-answer", "ignores an answer that it no longer waits for", "Dynamo §4.4";
    /// Something that cannot be done.
    REFUSE = "refuse", "does nothing: that cannot be asked of it now", "Dynamo §4.4";
}
