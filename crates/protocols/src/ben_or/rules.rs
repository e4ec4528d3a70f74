//! The rules of Ben-Or's protocol.

faultline_model::rules! {
    /// The run begins.
    REPORT = "report", "begins round 1 and reports what it wants", "Ben-Or 1983, protocol A, step 1";
    /// Something of the present phase, or of a later one.
    HEAR = "hear", "notes it and waits for more: all but f have to be heard", "Ben-Or 1983, protocol A, step 2";
    /// Something of a phase that is over.
    TOO_LATE = "too-late", "has gone on without it: it could not know whether it would ever come",
        "Fischer, Lynch & Paterson 1985";
    /// More than half reported the same.
    PROPOSE = "propose", "proposes the value that more than half of all reported", "Ben-Or 1983, protocol A, step 2";
    /// No majority.
    PROPOSE_NOTHING = "propose-nothing", "proposes nothing: no value was reported by more than half of all",
        "Ben-Or 1983, protocol A, step 2";
    /// More than f proposals.
    DECIDE = "decide", "decides: more than f processes propose that value", "Ben-Or 1983, protocol A, step 3";
    /// The same with the rule `decide` switched off.
    DECIDE_ALONE = "decide-alone", "decides on a single proposal, of which the others need not have heard",
        "against Ben-Or 1983, protocol A, step 3";
    /// One proposal.
    TAKE_OVER = "take-over", "takes over the value that was proposed, and goes on to the next round",
        "Ben-Or 1983, protocol A, step 3";
    /// No proposal, a coin.
    TOSS = "toss", "has heard no proposal and tosses a coin for its next estimate", "Ben-Or 1983, protocol A, step 3";
    /// No proposal, no coin.
    KEEP = "keep", "has heard no proposal and keeps its estimate: the next round begins as this one did",
        "Fischer, Lynch & Paterson 1985, Lemma 3";
    /// Another has decided.
    LEARN = "learn", "hears that another has decided, and decides the same", "Ben-Or 1983";
    /// It is over.
    OVER = "over", "has decided and ignores it", "Ben-Or 1983";
}
