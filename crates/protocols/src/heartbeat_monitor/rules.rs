//! The rules of the monitor.

faultline_model::rules! {
    /// A round of pings.
    PING = "ping", "pings everybody whom it watches, also those whom it holds to be dead", "Waldo et al. 1994, §4";
    /// A ping is answered.
    ANSWER = "answer", "answers the ping: it is alive", "Waldo et al. 1994, §4";
    /// An answer in time.
    HEAR = "hear", "hears an answer, and waits anew", "Waldo et al. 1994, §4";
    /// Nobody answered in time.
    DECLARE_DEAD = "declare-dead",
        "has heard nothing for too long, and declares it dead: a guess", "Waldo et al. 1994, §4";
    /// An answer of one who was declared dead.
    ALIVE_AGAIN = "alive-again", "hears from one whom it had declared dead: it was wrong, or it is back",
        "Waldo et al. 1994, §4";
    /// A server writes.
    WRITE = "write", "stores the value and acknowledges it, whatever others believe of it", "Bailis and Kingsbury 2014";
    /// A server says whom it holds to be dead.
    TELL = "tell", "says whom it holds to be dead", "Alquraan et al. 2018";
    /// A server starts with what its disk holds.
    RECOVER = "recover", "recovers the value that was on its disk", "Bailis and Kingsbury 2014";
    /// A client asks its server.
    ASK = "ask", "asks its server", "Bailis and Kingsbury 2014";
    /// The server answers.
    ANSWERED = "answered", "has its answer", "Bailis and Kingsbury 2014";
    /// A client has waited long enough.
    GIVE_UP = "give-up", "gives up: it does not know whether its server has done it", "Waldo et al. 1994, §4";
    /// An answer to what is over.
    LATE_ANSWER = "late-answer", "ignores an answer to what is over", "Waldo et al. 1994, §4";
    /// A message that is meant for another role.
    NOT_ADDRESSED = "not-addressed", "ignores what is not meant for its role", "Waldo et al. 1994, §4";
}
