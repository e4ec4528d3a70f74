//! The rules of SWIM.

faultline_model::rules! {
    /// A period begins.
    PING = "ping", "begins a protocol period: pings one member", "SWIM §3.1";
    /// A ping is answered.
    ANSWER = "answer", "answers the ping", "SWIM §3.1";
    /// The direct ping has failed.
    ASK_OTHERS = "ask-others", "has no answer in time: asks k others to ping for it", "SWIM §3.1";
    /// Somebody asks for help.
    HELP = "help", "pings the member for somebody else", "SWIM §3.1";
    /// The answer to a helper.
    PASS_ON = "pass-on", "passes the answer on to who asked for the ping", "SWIM §3.1";
    /// The target has answered.
    ANSWERED = "answered", "knows that the member is alive", "SWIM §3.1";
    /// An answer to an old ping.
    LATE_ANSWER = "late-answer", "ignores the answer: that period is over", "SWIM §3.1";
    /// No answer at all, without suspicion.
    DECLARE = "declare", "has had no answer by any way: declares the member faulty, and pings the next",
        "SWIM §3.1";
    /// No answer at all.
    SUSPECT = "suspect", "has had no answer by any way: suspects the member, and pings the next", "SWIM §4.2";
    /// A suspect's time is up.
    CONFIRM = "confirm", "has heard nothing from the suspect: confirms that it is faulty", "SWIM §4.2";
    /// News of a suspicion.
    HEAR_SUSPICION = "hear-suspicion", "hears that the member is suspected, and passes it on", "SWIM §4.2";
    /// News of a failure.
    HEAR_FAULTY = "hear-faulty", "hears that the member is faulty, and passes it on", "SWIM §4.1";
    /// News that a member is alive.
    TRUST_AGAIN = "trust-again", "hears of a higher incarnation: the member is alive, and that is passed on",
        "SWIM §4.2";
    /// A suspect hears of it.
    REFUTE = "refute", "hears that it is suspected itself: raises its incarnation number and says that it is alive",
        "SWIM §4.2";
    /// Everybody to everybody.
    HEARTBEAT = "heartbeat", "sends a heartbeat to every other member", "SWIM §1";
    /// A heartbeat arrives.
    HEAR = "hear", "hears the member, and counts its silence from now", "SWIM §1";
}
