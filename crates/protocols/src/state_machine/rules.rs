//! The rules of the replicated account.

faultline_model::rules! {
    /// A replica boots with nothing applied.
    START = "start", "starts with the opening balance", "Schneider 1990 §2";
    /// A replica boots with its log.
    RECOVER = "recover", "applies the commands of its log again, in their order, and has its state back",
        "Schneider 1990 §2";
    /// Its own command at once.
    APPLY_OWN = "apply-own", "applies its own command at once, answers, and tells the others",
        "Lamport 1978, without its total order";
    /// A command as it comes.
    APPLY = "apply", "applies the command as it comes", "Lamport 1978, without its total order";
    /// A command in the order of its issuer.
    APPLY_FIFO = "apply-fifo", "applies the command: it has applied all that its issuer issued before",
        "Schneider 1990 §3, FIFO order";
    /// A command in causal order.
    APPLY_CAUSAL = "apply-causal",
        "applies the command: it has applied all that its issuer had applied before issuing it",
        "Schneider 1990 §3, causal order";
    /// A command in the sequencer's order.
    APPLY_ORDERED = "apply-ordered", "applies the command: its place is the next", "Schneider 1990 §3.1, order";
    /// Too early.
    HOLD_BACK = "hold-back", "holds the command back: another has to come before it", "Schneider 1990 §3.1.1, stability";
    /// Had before.
    KNOWN = "known", "has this command already", "Schneider 1990 §3";
    /// To the sequencer.
    SUBMIT = "submit", "asks the sequencer for a place in the order", "Schneider 1990 §3.2.3";
    /// The sequencer's next number.
    GIVE_PLACE = "give-place", "gives the command the next place in the order, applies it, and tells the others",
        "Schneider 1990 §3.2.3";
    /// The sequencer has seen it.
    HAS_A_PLACE = "has-a-place", "has given this command a place already and says which", "Schneider 1990 §3.2.3";
    /// Asked for what did not come.
    TELL_AGAIN = "tell-again", "says again what it has ordered from that place on", "Schneider 1990 §3.2.3";
    /// No answer from the sequencer.
    SUBMIT_AGAIN = "submit-again", "has heard nothing of its command and asks the sequencer again",
        "Schneider 1990 §3.2.3";
    /// A stray submission.
    NOT_THE_SEQUENCER = "not-the-sequencer", "is not the sequencer and ignores it", "Schneider 1990 §3.2.3";
    /// A read at one copy.
    READ = "read", "answers from its own copy", "Schneider 1990 §2";
}
