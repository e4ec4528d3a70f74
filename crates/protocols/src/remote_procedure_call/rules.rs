//! The rules of the remote procedure call.

faultline_model::rules! {
    /// A program calls.
    CALL = "call", "calls the procedure as if it were at home", "Birrell and Nelson 1984, §3";
    /// A call returns.
    RETURN = "return", "gets the result: the call has been executed", "Birrell and Nelson 1984, §3";
    /// A call does not return.
    RAISE = "raise",
        "gets an exception instead of a result: nobody knows whether the call was executed",
        "Birrell and Nelson 1984, §3";

    /// The stub asks.
    REQUEST = "request", "sends the request with the call's identifier, and waits", "Birrell and Nelson 1984, §3";
    /// No answer in time.
    RETRY = "retry", "has had no answer, and asks again under the same identifier", "Birrell and Nelson 1984, §3";
    /// No answer at all.
    GIVE_UP = "give-up", "has had no answer to the last copy either, and says so", "Birrell and Nelson 1984, §3";
    /// An answer.
    ANSWERED = "answered", "has the answer, and lets the call return", "Birrell and Nelson 1984, §3";
    /// A call that it has sent already.
    UNDER_WAY = "under-way", "ignores it: that call is under way", "Birrell and Nelson 1984, §3";
    /// An answer to a call that is over.
    LATE_REPLY = "late-reply", "ignores an answer to a call that is over", "Birrell and Nelson 1984, §3";

    /// A credit, whose identifier is noted.
    EXECUTE = "execute", "executes the call, and notes its identifier and its answer", "Birrell and Nelson 1984, §3";
    /// A credit, whose identifier is not noted.
    EXECUTE_ANY = "execute-any",
        "executes the request, without a look at its identifier", "against Birrell and Nelson 1984, §3";
    /// A call without an effect.
    READ = "read", "reads the account: to do that twice does no harm", "Birrell and Nelson 1984, §3";
    /// A copy of a call that has been executed.
    ANSWER_AGAIN = "answer-again",
        "has executed that call before: gives the same answer, and does nothing else", "Birrell and Nelson 1984, §3";
    /// A call that takes its time.
    BEGIN = "begin", "begins to execute the call: it will take some time", "Birrell and Nelson 1984, §3";
    /// No thread is free.
    QUEUE = "queue", "lets the request wait: no thread is free", "Birrell and Nelson 1984, §3";
    /// The lifetime of an identifier is over.
    FORGET = "forget", "forgets an identifier whose lifetime is over", "Birrell and Nelson 1984, §3";
    /// The bank starts with what its disk holds.
    RECOVER = "recover", "recovers the account, and the identifiers that were on disk", "Birrell and Nelson 1984, §3";
    /// A message that is meant for another role.
    NOT_ADDRESSED = "not-addressed", "ignores what is not meant for its role", "Birrell and Nelson 1984, §3";
}
