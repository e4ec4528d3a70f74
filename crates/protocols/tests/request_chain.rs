//! The request chain with eight dials, run by the simulator: a golden script for every fallacy.

use faultline_protocols::request_chain::RequestChain;

#[expect(dead_code, reason = "each test binary uses its own part")]
mod golden;

#[test]
fn golden_scripts() {
    golden::play_all::<RequestChain>(13);
}
