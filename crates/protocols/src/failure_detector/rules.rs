//! The rules of the failure detectors.

faultline_model::rules! {
    /// A heartbeat is due.
    BEAT = "beat", "sends a heartbeat", "Chandra & Toueg 1996 §1";
    /// A heartbeat arrives.
    HEAR = "hear", "hears the peer, notes the time since the last heartbeat, and starts to count silence again",
        "Hayashibara et al. 2004";
    /// A heartbeat arrives from a peer that was taken for dead.
    WAS_WRONG = "was-wrong", "hears a peer that it took for dead: that was a mistake, and it trusts it again",
        "Chandra & Toueg 1996 §1";
    /// The fixed timeout.
    TIMEOUT = "timeout", "suspects the peer by the fixed timeout", "Chandra & Toueg 1996 §1";
    /// φ reaches its threshold.
    SUSPECT = "suspect", "suspects the peer: φ has reached its threshold", "Hayashibara et al. 2004";
    /// φ is 1.
    PHI_1 = "phi-1", "finds φ = 1: the chance that the heartbeat is merely late is 10 %", "Hayashibara et al. 2004";
    /// φ is 2.
    PHI_2 = "phi-2", "finds φ = 2: the chance that the heartbeat is merely late is 1 %", "Hayashibara et al. 2004";
    /// φ is 3.
    PHI_3 = "phi-3", "finds φ = 3: the chance that the heartbeat is merely late is 0.1 %", "Hayashibara et al. 2004";
    /// φ is 4.
    PHI_4 = "phi-4", "finds φ = 4: the chance that the heartbeat is merely late is 10⁻⁴", "Hayashibara et al. 2004";
    /// φ is 5.
    PHI_5 = "phi-5", "finds φ = 5: the chance that the heartbeat is merely late is 10⁻⁵", "Hayashibara et al. 2004";
    /// φ is 6.
    PHI_6 = "phi-6", "finds φ = 6: the chance that the heartbeat is merely late is 10⁻⁶", "Hayashibara et al. 2004";
    /// φ is 7.
    PHI_7 = "phi-7", "finds φ = 7: the chance that the heartbeat is merely late is 10⁻⁷", "Hayashibara et al. 2004";
    /// φ is 8.
    PHI_8 = "phi-8", "finds φ = 8: the chance that the heartbeat is merely late is 10⁻⁸", "Hayashibara et al. 2004";
    /// φ is more.
    PHI_MORE = "phi-more", "finds φ one higher: the chance that the heartbeat is merely late is a tenth of it again",
        "Hayashibara et al. 2004";
    /// An operator sets something.
    SET = "set", "takes the new setting", "Hayashibara et al. 2004";
    /// Settings belong to the monitor.
    NOT_THE_MONITOR = "not-the-monitor", "refuses: only the monitor has settings", "Hayashibara et al. 2004";
}
