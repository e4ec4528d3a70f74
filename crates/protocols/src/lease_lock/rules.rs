//! The rules of the lease lock.

faultline_model::rules! {
    /// The lock is free.
    GRANT = "grant",
        "gives the lock away for one lease, with a token higher than every one before",
        "Gray and Cheriton 1989; Chubby §2.4";
    /// The lock is not free.
    NOT_FREE = "not-free",
        "does not answer: another client holds the lock, and who wants it will ask again", "Chubby §2.4";
    /// A request that was granted.
    GRANT_AGAIN = "grant-again",
        "has given this client the lock already: says so again and begins the lease anew",
        "Gray and Cheriton 1989";
    /// The lease is over.
    EXPIRE = "expire",
        "takes the lock back: the lease is over, whatever its holder believes", "Gray and Cheriton 1989";
    /// The holder gives the lock back.
    RELEASED = "released", "has the lock back before the lease is over", "Chubby §2.4";
    /// Somebody gives back what is not its own.
    RELEASE_IGNORED = "release-ignored",
        "ignores it: that token is not the holder's", "Chubby §2.4";
    /// A longer lease.
    RENEW = "renew", "begins the lease anew", "Gray and Cheriton 1989";
    /// No longer lease.
    REFUSE_RENEWAL = "refuse-renewal",
        "does not renew: that token is no longer the holder's", "Gray and Cheriton 1989";
    /// The lock service starts with what its disk holds.
    RECOVER_SERVICE = "recover-service",
        "recovers who holds the lock and the last token; the lease begins anew, so that it does not end early",
        "Gray and Cheriton 1989";

    /// The storage takes a write.
    ACCEPT_WRITE = "accept-write", "stores the value", "Kleppmann 2016";
    /// The storage refuses a write.
    FENCE = "fencing",
        "refuses the write: it has seen a higher token, so this client has lost the lock",
        "Chubby §2.4; Kleppmann 2016";
    /// The rule `fencing` is off.
    UNFENCED = "unfenced",
        "stores the value, although a client with a higher token has written since", "against Kleppmann 2016";
    /// A write that it has stored.
    WRITTEN_ALREADY = "written-already", "has stored this write already, and says so again", "Kleppmann 2016";
    /// The storage starts with what its disk holds.
    RECOVER_STORAGE = "recover-storage",
        "recovers the value and the highest token that it has seen", "Kleppmann 2016";

    /// A client asks for the lock.
    ASK = "ask-for-lock", "asks for the lock", "Chubby §2.4";
    /// A client has the lock.
    HOLD = "hold",
        "holds the lock until the lease, counted from when it asked, is over", "Gray and Cheriton 1989";
    /// A grant came when its lease was over.
    GRANT_TOO_LATE = "grant-too-late",
        "gives the lock back: the lease was over before it heard of it", "Gray and Cheriton 1989";
    /// A grant that it does not want.
    GIVE_BACK = "give-back", "gives back a lock that it no longer asks for", "Chubby §2.4";
    /// A grant that it knows of.
    KNOWN_GRANT = "known-grant", "holds the lock under that token already", "Chubby §2.4";
    /// A client's lease is over.
    LEASE_OVER = "lease-over",
        "no longer believes that it holds the lock: by its clock the lease is over",
        "Gray and Cheriton 1989";
    /// A client asks for a longer lease.
    ASK_RENEWAL = "ask-renewal", "asks for a longer lease", "Gray and Cheriton 1989";
    /// A client has a longer lease.
    HOLD_LONGER = "hold-longer",
        "holds the lock for another lease, counted from when it asked", "Gray and Cheriton 1989";
    /// A client is told that it has lost the lock.
    HEAR_LOSS = "hear-loss", "hears that it has lost the lock", "Gray and Cheriton 1989";
    /// A client writes.
    WRITE = "write",
        "writes, and sends its token along: it believes that it holds the lock", "Kleppmann 2016";
    /// A client may not write.
    NOT_HELD = "not-held", "does nothing: it does not believe that it holds the lock", "Chubby §2.4";
    /// A client is busy.
    BUSY = "busy", "does nothing: it has not finished what it was asked before", "Chubby §2.4";
    /// A client gives the lock back.
    RELEASE = "release", "gives the lock back", "Chubby §2.4";
    /// A write is answered.
    WRITE_DONE = "write-done", "knows that its write is stored", "Kleppmann 2016";
    /// A write is refused.
    WRITE_REFUSED = "write-refused",
        "learns from the storage that it has lost the lock", "Kleppmann 2016";
    /// An answer is overdue.
    RETRY = "retry", "has had no answer, and asks again", "Chubby §2.4";
    /// An answer that no longer matters.
    LATE_ANSWER = "late-answer", "ignores an answer to what is over", "Chubby §2.4";
    /// A timer ran out while the node stood still, and what it waited for has come.
    TIMER_OVERTAKEN = "timer-overtaken",
        "need not do anything: what it waited for has come meanwhile", "Gray and Cheriton 1989";
    /// A message that is meant for another role.
    NOT_ADDRESSED = "not-addressed", "ignores what is not meant for its role", "Chubby §2.4";
}
