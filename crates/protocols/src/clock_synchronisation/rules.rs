//! The rules of clock synchronisation and of hybrid logical clocks.

faultline_model::rules! {
    /// A machine asks.
    ASK = "ask", "asks the time server and notes when, by its own clock: T1", "RFC 5905 §8";
    /// The time server answers.
    ANSWER = "answer", "answers with when it got the question, T2, and when it answers, T3, by its own clock",
        "RFC 5905 §8";
    /// The time server needs time.
    SERVE = "serve", "notes when it got the question, T2, and takes its time over the answer", "RFC 5905 §8";
    /// A question at a machine that is no time server, or is no longer waiting.
    NO_SERVER = "no-server", "does not answer: it is no time server", "RFC 5905 §3";
    /// A machine makes an offset of an answer.
    BOUND = "bound-by-round-trip",
        "corrects its clock by θ = ((T2 − T1) + (T3 − T4)) / 2 and claims to be off by at most half the round trip",
        "RFC 5905 §8";
    /// The same by Cristian's method.
    HALF = "half-the-round-trip",
        "takes the answer to be half the round trip old, corrects its clock, and claims that half as the most it is off",
        "Cristian 1989 §3";
    /// The rule `bound-by-round-trip` is off.
    TRUST = "trust-the-estimate",
        "corrects its clock and trusts it: it claims as if both ways took equally long", "against RFC 5905 §8";
    /// An answer to an earlier question, or a second copy.
    IGNORE = "ignore-answer", "ignores an answer that does not belong to its last question", "RFC 5905 §8";
    /// A clock far behind.
    UNSET = "clock-at-zero", "measures nothing: its clock has not reached zero yet", "RFC 5905 §8";

    /// A message is sent, or something happens at one machine.
    STAMP = "stamp", "stamps an event: its clock is beyond l, so l is what the clock reads, and c is 0",
        "Kulkarni et al. 2014, Fig. 5";
    /// The same while l is not behind the clock.
    LOGICAL_PART = "logical-part", "stamps an event: its clock is not beyond l, so l stays and c counts",
        "Kulkarni et al. 2014, Fig. 5";
    /// The rule `logical-part` is off.
    STAMP_ANYHOW = "no-logical-part", "stamps an event: its clock is not beyond l, and nothing counts it",
        "against Kulkarni et al. 2014, Fig. 5";
    /// A message is received.
    RECEIVE = "take-the-maximum",
        "gets a message: l is the greatest of its own, the message’s and its clock’s, and c counts on if that is not \
         the clock’s",
        "Kulkarni et al. 2014, Fig. 5";
    /// The rule `take-the-maximum` is off.
    RECEIVE_ANYHOW = "own-clock-only", "gets a message and takes no notice of its time",
        "against Kulkarni et al. 2014, Fig. 5";

    /// A stopwatch.
    START = "start", "notes what its clock reads, to measure a length of time", "Kleppmann 2017, ch. 8";
    /// The stopwatch is read.
    STOP = "stop", "subtracts what it has noted from what its clock reads now", "Kleppmann 2017, ch. 8";
    /// An operation that makes no sense now.
    REFUSE = "refuse", "does nothing: that cannot be asked of it now", "RFC 5905 §3";
}
