//! The rules of the logical clocks and of mutual exclusion.

faultline_model::rules! {
    /// A local event.
    TICK = "tick", "has an event: its clock moves on (rule IR1)", "Lamport 1978, IR1";
    /// A message is sent.
    SEND = "send", "sends a message with the timestamp of the sending (rule IR2a)", "Lamport 1978, IR2";
    /// A message is received.
    RECEIVE = "receive-rule",
        "gets a message: its clock moves on, and beyond the message’s timestamp (rule IR2b)",
        "Lamport 1978, IR2";
    /// The rule `receive-rule` is off.
    RECEIVE_ANYHOW = "receive-anyhow",
        "gets a message: its clock moves on and takes no notice of the timestamp", "against Lamport 1978, IR2";
    /// A message has overtaken another.
    HOLD_BACK = "ordered-channels",
        "holds the message back: one that was sent before it has not come", "Lamport 1978, mutual exclusion";
    /// A second copy of a message.
    COPY = "copy", "ignores a second copy of a message", "Lamport 1978, mutual exclusion";

    /// A process asks.
    REQUEST = "request",
        "asks all others for the critical section and puts its request on its own queue (rule 1)",
        "Lamport 1978, mutual exclusion, rule 1";
    /// A request arrives.
    ACKNOWLEDGE = "acknowledge",
        "puts the request on its queue and acknowledges it (rule 2)", "Lamport 1978, mutual exclusion, rule 2";
    /// A process leaves.
    RELEASE = "release",
        "leaves the critical section, takes its request off its queue and tells all others (rule 3)",
        "Lamport 1978, mutual exclusion, rule 3";
    /// A release arrives.
    HEAR_RELEASE = "hear-release",
        "takes the other’s request off its queue (rule 4)", "Lamport 1978, mutual exclusion, rule 4";
    /// A process enters.
    ENTER = "enter",
        "enters the critical section: its request is the first on its queue, and from everyone it has heard \
         something later (rule 5)",
        "Lamport 1978, mutual exclusion, rule 5";
    /// A request is permitted.
    PERMIT = "permit",
        "replies at once: it does not want the critical section, or its own request is later",
        "Ricart and Agrawala 1981";
    /// A request is not permitted yet.
    DEFER = "defer", "defers its reply: its own request is earlier", "Ricart and Agrawala 1981";
    /// Everyone has replied.
    ENTER_PERMITTED = "enter-permitted",
        "enters the critical section: everyone has replied", "Ricart and Agrawala 1981";
    /// A process leaves.
    PERMIT_DEFERRED = "permit-deferred",
        "leaves the critical section and replies to all whom it had put off", "Ricart and Agrawala 1981";

    /// An operation that makes no sense now.
    REFUSE = "refuse", "does nothing: that cannot be asked of it now", "Lamport 1978";
    /// A message of the other algorithm, or one that no longer matters.
    NO_EFFECT = "no-effect", "takes the timestamp; the message changes nothing else", "Lamport 1978, IR2";
}
