//! The rules of the snapshot.

faultline_model::rules! {
    /// Money leaves.
    PAY = "pay", "pays: the money is on its way and belongs to nobody", "Chandy and Lamport 1985, §2";
    /// Money arrives.
    RECEIVE = "receive", "receives the payment", "Chandy and Lamport 1985, §2";
    /// Money arrives that belongs to the channel's state.
    RECORD_PAYMENT = "record-payment",
        "receives the payment, and records it as on its way: the channel’s marker has not come",
        "Chandy and Lamport 1985, §3, marker-receiving rule";
    /// A process begins a snapshot.
    BEGIN = "begin",
        "records its own state by itself, and sends a marker along every channel before anything else",
        "Chandy and Lamport 1985, §3, marker-sending rule";
    /// The first marker.
    RECORD = "markers",
        "sees a marker for the first time: records its own state, that channel as empty, and sends markers",
        "Chandy and Lamport 1985, §3, marker-receiving rule";
    /// A later marker.
    CLOSE_CHANNEL = "close-channel",
        "has recorded its state before: what has come on that channel since is the channel’s state",
        "Chandy and Lamport 1985, §3, marker-receiving rule";
    /// The last marker.
    COMPLETE = "complete",
        "has its own state and that of every channel to it: its part of the snapshot is complete",
        "Chandy and Lamport 1985, §3";
    /// The rule `markers` is off: a process begins.
    SAVE_ALL = "save-all", "saves its own state and tells everybody to save theirs", "against Chandy and Lamport 1985, §3";
    /// The rule `markers` is off: a process hears of it.
    SAVE = "save", "saves its own state, as it was told, and nothing of the channels", "against Chandy and Lamport 1985, §3";

    /// A message has overtaken another.
    HOLD_BACK = "ordered-channels",
        "holds the message back: one that was sent before it has not come", "Chandy and Lamport 1985, §2";
    /// A second copy.
    COPY = "copy", "ignores a second copy of a message", "Chandy and Lamport 1985, §2";
    /// A marker of a snapshot that is over.
    LATE_MARKER = "late-marker", "ignores a marker that it need not wait for", "Chandy and Lamport 1985, §3";
    /// Nothing to pay with.
    IDLE = "idle", "has nothing to pay with", "Chandy and Lamport 1985, §2";
    /// Something that cannot be done.
    REFUSE = "refuse", "does nothing: that cannot be asked of it now", "Chandy and Lamport 1985, §2";
}
