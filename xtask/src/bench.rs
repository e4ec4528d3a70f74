//! `cargo xtask bench`: the engine's speed, natively and optimised.

use anyhow::Result;

use crate::shell;

/// The arguments of `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The search beside stateright's, on the same models
    #[arg(long)]
    beside: bool,
}

/// `cargo xtask bench`.
pub fn run(args: &Args) -> Result<()> {
    if args.beside {
        return shell::run(shell::cargo().args(["run", "--release", "--manifest-path", "bench/Cargo.toml"]));
    }
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
