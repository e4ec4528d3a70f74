//! `cargo xtask build`: the page, by Trunk. What Trunk leaves undone is done by `cargo xtask pages`,
//! which Trunk calls as its post-build hook.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::setup;
use crate::shell::{self, cargo, find, in_ci, program, root};

/// Carries `--site` through Trunk to `cargo xtask pages`.
pub const SITE_VARIABLE: &str = "FAULTLINE_SITE";

/// What `cargo xtask build` takes.
#[derive(clap::Args)]
pub struct Args {
    /// Optimise for size, as visitors get it
    #[arg(long)]
    pub release: bool,
    /// Where the site will live, such as https://example.org/faultline/. Pages work anywhere
    /// without it; social previews need it, and the links of the page for missing addresses
    #[arg(long, value_name = "URL")]
    pub site: Option<String>,
}

/// `cargo xtask build`.
pub fn run(args: &Args) -> Result<()> {
    setup::ensure(if args.release { setup::TO_RELEASE } else { setup::TO_BUILD })?;
    build(args)?;
    println!("\nThe site is in dist/: copy that folder to any static host, under any path.");
    Ok(())
}

/// Fetches crates and runs Trunk, offline: it must never download a tool that is not pinned.
pub fn build(args: &Args) -> Result<()> {
    println!("\nBuilding the page");
    let mut fetch = cargo();
    fetch.args(["fetch", "--quiet", "--target", "wasm32-unknown-unknown"]);
    if in_ci() {
        fetch.arg("--locked");
    }
    shell::run(&mut fetch).context("the crates could not be fetched")?;

    let trunk = find("trunk").context("trunk is missing: run `cargo xtask setup`")?;
    let mut command = program(trunk);
    command.args(["build", "--offline", "true"]).arg(root().join("index.html"));
    if args.release {
        command.args(["--release", "--features", "split"]);
        // Cargo adds these to the flags of its configuration.
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", short_paths());
    }
    // What went wrong is in Cargo's words above; where in Trunk it was noticed helps nobody.
    command.env("RUST_BACKTRACE", "0");
    // Trunk reads NO_COLOR as true or false, and refuses the usual 1.
    if std::env::var_os("NO_COLOR").is_some() {
        command.env("NO_COLOR", "true");
    }
    match &args.site {
        Some(site) if !site.contains("://") || !site.ends_with('/') => {
            bail!(
                "--site {site}: give a whole address that ends in /, such as https://example.org/faultline/"
            )
        }
        Some(site) => command.env(SITE_VARIABLE, site),
        None => command.env_remove(SITE_VARIABLE),
    };
    shell::run(&mut command)
}

/// Panics name the file they come from. The page that visitors get shall not say where the crates lay on
/// the machine that built it, and be the same wherever it is built.
fn short_paths() -> String {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let sources = home.and_then(|home| home.join("registry/src").read_dir().ok());
    let registries = sources.into_iter().flatten().flatten().map(|registry| registry.path());
    let flags = registries.map(|registry| format!("--remap-path-prefix={}/=", registry.display()));
    // Cargo splits the variable at spaces: a path with one stays as it is.
    flags.filter(|flag| !flag.contains(char::is_whitespace)).collect::<Vec<_>>().join(" ")
}
