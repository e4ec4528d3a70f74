//! The rules of two-phase commit.

faultline_model::rules! {
    /// The coordinator takes a transaction.
    ASK_FOR_VOTES = "ask-for-votes",
        "asks every participant to prepare, and waits for their votes", "Gray 1978";
    /// The transaction names a participant that does not exist.
    NO_SUCH_PARTICIPANT = "no-such-participant",
        "refuses the transfer: it names a participant that does not exist", "Gray 1978";
    /// Operations are handed to the coordinator.
    NOT_THE_COORDINATOR = "not-the-coordinator",
        "refuses the transfer: transactions begin at the coordinator", "Gray 1978";

    /// A participant votes yes.
    VOTE_YES = "log-vote",
        "writes its part to its log and votes yes: from now on it may neither commit nor abort by itself",
        "Bernstein et al. 1987, ch. 7";
    /// A participant votes yes again.
    VOTED_ALREADY = "voted-already", "has voted yes already, and says so again", "Bernstein et al. 1987, ch. 7";
    /// A participant votes no because of the amount.
    VOTE_NO = "vote-no",
        "votes no and aborts: the account does not hold that much", "Bernstein et al. 1987, ch. 7";
    /// A participant votes no because of a lock.
    LOCKED = "locked",
        "votes no and aborts: the account is locked by a transaction in doubt", "Gray 1978";
    /// A participant is asked about what has ended.
    ENDED_ALREADY = "ended-already",
        "is done with this transaction already", "Bernstein et al. 1987, ch. 7";

    /// A vote that is not the last.
    COUNT_VOTE = "count-vote", "counts the vote, and waits for the others", "Bernstein et al. 1987, ch. 7";
    /// A vote after the decision.
    LATE_VOTE = "late-vote", "has decided already and says what", "Bernstein et al. 1987, ch. 7";
    /// All have voted yes.
    DECIDE_COMMIT = "log-decision",
        "has every vote: writes the decision to its log, and then tells all participants to commit",
        "Bernstein et al. 1987, ch. 7";
    /// One has voted no.
    DECIDE_ABORT = "decide-abort",
        "decides to abort, because one participant has, and tells the others", "Bernstein et al. 1987, ch. 7";
    /// Votes are missing.
    VOTES_MISSING = "votes-missing",
        "decides to abort: not every vote has come in time", "Bernstein et al. 1987, ch. 7";

    /// A participant is told to commit.
    COMMIT = "commit",
        "commits: carries out its part, releases the lock and acknowledges", "Bernstein et al. 1987, ch. 7";
    /// A participant is told to abort.
    ABORT = "abort", "aborts and releases the lock", "Bernstein et al. 1987, ch. 7";
    /// A participant is told the opposite of what it has done.
    TOO_LATE = "too-late",
        "has done the opposite already: atomicity is broken", "Bernstein et al. 1987, ch. 7, AC1";
    /// A participant has lost the part that it is to carry out.
    PART_LOST = "part-lost",
        "cannot commit: the crash has taken the part that it voted for", "against Bernstein et al. 1987, ch. 7";

    /// An acknowledgement came in.
    COUNT_ACK = "count-ack", "knows that this participant has committed", "Gray 1978";
    /// Acknowledgements are missing.
    RESEND = "resend",
        "tells those who have not acknowledged once more to commit", "Gray 1978";

    /// A participant in doubt asks the coordinator.
    ASK_COORDINATOR = "wait-for-decision",
        "is in doubt: it has promised to do either, so it can only ask the coordinator and wait",
        "Bernstein et al. 1987, ch. 7";
    /// A participant in doubt asks everyone.
    ASK_EVERYONE = "cooperative-termination",
        "is in doubt: asks the coordinator and the other participants", "Bernstein et al. 1987, ch. 7";
    /// The rule `wait-for-decision` is off.
    ABORT_BY_ITSELF = "abort-by-itself",
        "has waited long enough and aborts by itself, although it voted yes",
        "against Bernstein et al. 1987, ch. 7";
    /// A question that can be answered.
    TELL = "tell-outcome", "tells what was decided", "Bernstein et al. 1987, ch. 7";
    /// The coordinator has no record.
    PRESUME_ABORT = "presume-abort",
        "has no record of this transaction, so it was never committed: says abort",
        "Mohan, Lindsay, Obermarck 1986";
    /// The coordinator does not know yet.
    UNDECIDED = "undecided", "has not decided yet and does not answer", "Bernstein et al. 1987, ch. 7";
    /// Another participant is as much in doubt.
    AS_MUCH_IN_DOUBT = "as-much-in-doubt",
        "is in doubt itself and cannot help", "Bernstein et al. 1987, ch. 7";
    /// Another participant has not voted, and may still abort.
    ABORT_FOR_ANOTHER = "abort-for-another",
        "has not voted and may still abort: does so, which settles it for the one that asks",
        "Bernstein et al. 1987, ch. 7";

    /// The coordinator starts.
    RECOVER_COORDINATOR = "recover-coordinator",
        "recovers its decisions from its log and tells the participants to commit",
        "Mohan, Lindsay, Obermarck 1986";
    /// A participant starts.
    RECOVER_PARTICIPANT = "recover-participant",
        "recovers from its log: what it has voted yes on and knows no outcome of is in doubt",
        "Bernstein et al. 1987, ch. 7";
    /// A timer ran out while the node stood still, and what it waited for has come.
    TIMER_OVERTAKEN = "timer-overtaken",
        "need not do anything: what it waited for has come", "Bernstein et al. 1987, ch. 7";
    /// A message that is meant for another role.
    NOT_ADDRESSED = "not-addressed", "ignores what is not meant for its role", "Gray 1978";

    /// Several coordinators: every vote is yes.
    PROPOSE_COMMIT = "propose-commit",
        "has every vote: proposes to commit to the other coordinators, for the decision is a majority's",
        "Gray and Lamport 2006";
    /// Several coordinators: one is asked and does not know.
    FIND_OUT = "find-out",
        "does not know what was decided: if nobody says so, it will ask the other coordinators",
        "Gray and Lamport 2006";
    /// Several coordinators: one begins a ballot.
    TAKE_OVER = "take-over",
        "begins a higher ballot, and asks the other coordinators what they have accepted",
        "Paxos Made Simple §2.2, phase 1(a)";
    /// Several coordinators: the first one has not proposed, and somebody else begins a ballot.
    GIVE_UP = "give-up",
        "has not proposed to commit, and never will now: aborts, because another coordinator has taken over",
        "Gray and Lamport 2006";
    /// Several coordinators: a promise.
    PROMISE_BALLOT = "promise-ballot",
        "promises to accept nothing of a lower ballot, and says what it has accepted",
        "Paxos Made Simple §2.2, phase 1(b)";
    /// Several coordinators: a ballot that is too low.
    REFUSE_BALLOT = "refuse-ballot", "has promised a higher ballot", "Paxos Made Simple §2.2";
    /// Several coordinators: nobody of a majority has accepted anything.
    PROPOSE_ABORT = "propose-abort",
        "none of a majority has accepted commit, so it was not decided and cannot be any more: proposes to abort",
        "Gray and Lamport 2006";
    /// Several coordinators: somebody of a majority has accepted something.
    ADOPT_DECISION = "adopt-decision",
        "must propose what was accepted in the highest ballot, for it may be decided",
        "Paxos Made Simple §2.2, P2c";
    /// Several coordinators: one accepts.
    ACCEPT_DECISION = "accept-decision",
        "accepts the outcome, on disk, and says so", "Paxos Made Simple §2.2, phase 2(b)";
    /// Several coordinators: not yet a majority.
    COUNT_BALLOT = "count-ballot", "has no majority of coordinators yet", "Paxos Made Simple §2.2";
    /// Several coordinators: a ballot that is over.
    LATE_BALLOT = "late-ballot", "has left that ballot already", "Paxos Made Simple §2.2";
    /// Several coordinators: a majority has accepted.
    DECIDED = "decided",
        "a majority of coordinators has accepted it, so it is decided: tells everyone", "Gray and Lamport 2006";
    /// Several coordinators: one hears of the decision.
    HEAR_DECISION = "hear-decision", "hears what was decided, and writes it down", "Gray and Lamport 2006";
    /// Several coordinators: one starts.
    RECOVER_COUNCIL = "recover-council",
        "recovers what it has promised, accepted and heard", "Paxos Made Simple §2.5";
}
