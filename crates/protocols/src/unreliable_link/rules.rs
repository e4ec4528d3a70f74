//! The rules of the stream and of the generals.

faultline_model::rules! {
    /// The stream's next message leaves.
    SEND = "send", "sends its next message and cannot see whether it arrives",
        "Saltzer, Reed, Clark 1984, delivery guarantees";
    /// A copy leaves although nobody will ever answer.
    BLIND_COPY = "blind-copy", "sends another copy, for no answer will ever come",
        "Saltzer, Reed, Clark 1984, delivery guarantees";
    /// An answer is overdue, and there are copies left.
    RETRY = "retry", "sends another copy: no answer came in time, and silence does not say why",
        "Akkoyunlu, Ekanadham, Huber 1975";
    /// An answer is overdue, and there are no copies left.
    GIVE_UP = "give-up", "gives up: it will never know whether its message arrived",
        "Akkoyunlu, Ekanadham, Huber 1975";
    /// A message is taken as it comes.
    RECEIVE = "receive", "takes the message; nothing tells whether there were others",
        "Saltzer, Reed, Clark 1984, delivery guarantees";
    /// A number was skipped.
    GAP = "gap", "takes the message and sees a gap before it: a number is missing",
        "Saltzer, Reed, Clark 1984, FIFO message delivery";
    /// A missing number arrives after all.
    LATE_NOT_LOST = "late-not-lost", "takes the message that was missing: it was late, not lost",
        "Saltzer, Reed, Clark 1984, FIFO message delivery";
    /// A number arrives again.
    DUPLICATE = "duplicate", "drops the message: it has one with this number",
        "Saltzer, Reed, Clark 1984, duplicate message suppression";
    /// An acknowledgement arrives and is itself acknowledged.
    ACK_THE_ACK = "ack-the-ack", "knows that it was heard, and says so", "Gray 1978, the generals paradox";
    /// The last acknowledgement arrives.
    HEARD = "heard", "knows that it was heard; who told does not know that this is known",
        "Gray 1978, the generals paradox";
    /// The other end repeats itself because the answer did not reach it.
    ANSWER_AGAIN = "answer-again", "answers again: its answer may have been lost",
        "Akkoyunlu, Ekanadham, Huber 1975";
    /// An acknowledgement of what this node does not remember, or has dealt with.
    OLD_NEWS = "old-news", "ignores what a later message has already told, or what it no longer remembers",
        "Akkoyunlu, Ekanadham, Huber 1975";
    /// Only A in `stream` mode sends texts.
    NOT_A_SENDER = "not-a-sender", "refuses: only the sender of a stream sends texts",
        "Saltzer, Reed, Clark 1984, delivery guarantees";
    /// The exchange begins.
    PROPOSE = "propose", "proposes the attack", "Gray 1978, the generals paradox";
    /// A general answers a messenger that is not the last.
    CONFIRM = "confirm", "sends the next messenger and waits for the answer", "Gray 1978, the generals paradox";
    /// A general sends the last messenger.
    LAST_WORD = "last-word", "attacks and sends the last messenger: whether it arrives will never be known here",
        "Gray 1978, the generals paradox";
    /// The last messenger arrives.
    ATTACK = "attack", "attacks: the messenger that its rule demands has arrived",
        "Gray 1978, the generals paradox";
    /// The last messenger has not arrived in time.
    WAIT = "wait", "waits: the messenger that its rule demands has not come", "Gray 1978, the generals paradox";
    /// A decision cannot be taken back.
    TOO_LATE = "too-late", "ignores the messenger: it has decided to wait, and a decision stands",
        "Gray 1978, the generals paradox";
}
