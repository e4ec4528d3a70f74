//! The rules of Paxos, one decree.

faultline_model::rules! {
    /// A proposer begins a ballot.
    PREPARE = "prepare",
        "begins a ballot higher than all it has heard of, and asks the acceptors for promises",
        "Paxos Made Simple §2.2, phase 1(a)";
    /// A proposer begins another ballot.
    PREPARE_AGAIN = "prepare-again",
        "has heard of nothing chosen: begins a higher ballot", "Paxos Made Simple §2.4";
    /// A proposer is asked a second time.
    WAIT_TURN = "wait-turn",
        "proposes one value at a time, and will answer with what is chosen", "Paxos Made Simple §2.1";
    /// A proposer knows the answer.
    KNOWN_ALREADY = "known-already", "knows already what is chosen", "Paxos Made Simple §2.1";
    /// Only proposers propose.
    NOT_A_PROPOSER = "not-a-proposer", "refuses: it is no proposer", "Paxos Made Simple §2.1";

    /// An acceptor promises.
    PROMISE = "promise",
        "promises to accept nothing of a lower ballot, and says what it has accepted last",
        "Paxos Made Simple §2.2, phase 1(b)";
    /// An acceptor does not promise.
    REFUSE_PROMISE = "refuse-promise",
        "promises nothing: it has promised a ballot that is higher", "Paxos Made Simple §2.2, phase 1(b)";
    /// An acceptor accepts.
    ACCEPT = "accept",
        "accepts the proposal: it has promised no higher ballot", "Paxos Made Simple §2.2, phase 2(b)";
    /// An acceptor keeps its promise.
    KEEP_PROMISE = "keep-promise",
        "does not accept: it has promised a ballot that is higher", "Paxos Made Simple §2.2, P1a";
    /// The rule `keep-promise` is off.
    BREAK_PROMISE = "break-promise",
        "accepts, although it has promised a ballot that is higher", "against Paxos Made Simple §2.2, P1a";
    /// An acceptor starts with what its disk holds.
    RECOVER = "persist-acceptor",
        "recovers its promise and what it has accepted from disk", "Paxos Made Simple §2.5";
    /// An acceptor starts with nothing.
    START = "start-acceptor", "has promised nothing and accepted nothing", "Paxos Made Simple §2.2";

    /// A promise that is not the last of a majority.
    COUNT_PROMISE = "count-promise",
        "counts the promise; it has no majority yet", "Paxos Made Simple §2.2, phase 2(a)";
    /// A majority, and nothing was accepted.
    PROPOSE_OWN = "propose-own",
        "has a majority of promises, and none tells of an accepted value: proposes its own",
        "Paxos Made Simple §2.2, phase 2(a)";
    /// A majority, and something was accepted.
    ADOPT_HIGHEST = "adopt-highest",
        "has a majority of promises: must propose the value of the highest ballot that they tell of, for it \
         may be chosen", "Paxos Made Simple §2.2, P2c";
    /// The rule `adopt-highest` is off.
    IGNORE_ACCEPTED = "ignore-accepted",
        "has a majority of promises and proposes its own value, whatever has been accepted",
        "against Paxos Made Simple §2.2, P2c";
    /// A promise for a ballot that is over, or that has its majority.
    LATE_PROMISE = "late-promise",
        "needs this promise no more", "Paxos Made Simple §2.2, phase 2(a)";
    /// A refusal came in.
    ABANDON = "abandon",
        "abandons its ballot: somebody has begun a higher one", "Paxos Made Simple §2.2";
    /// A refusal that no longer matters.
    LATE_REFUSAL = "late-refusal", "has left that ballot already", "Paxos Made Simple §2.2";

    /// A learner counts.
    COUNT_ACCEPTED = "count-accepted",
        "notes who has accepted what; no majority in one ballot yet", "Paxos Made Simple §2.3";
    /// A learner knows.
    LEARN = "learn",
        "learns the chosen value: a majority has accepted it in one ballot, and tells the proposers",
        "Paxos Made Simple §2.3";
    /// A proposer hears what is chosen.
    HEAR_CHOSEN = "hear-chosen", "hears what is chosen, and stops proposing", "Paxos Made Simple §2.3";
    /// A proposer starts again.
    RECOVER_PROPOSER = "recover-proposer",
        "recovers the highest ballot that it has begun, and proposes nothing until it is asked",
        "Paxos Made Simple §2.5";
    /// A message that is meant for another role.
    NOT_ADDRESSED = "not-addressed", "ignores what is not meant for its role", "Paxos Made Simple §2.2";
}
