//! `cargo xtask bench`: the engine's speed, natively and optimised.

use anyhow::Result;

use crate::shell;

/// `cargo xtask bench`.
pub fn run() -> Result<()> {
    shell::run(shell::cargo().args([
        "run",
        "--profile",
        "native",
        "--package",
        "faultline-cli",
        "--",
        "bench",
    ]))
}
