//! Finds a Chrome or Chromium, and installs one where that can be done without asking.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::{missing, there};
use crate::shell::{ask, find, program, root, run};

/// Names the browser to use, before any that is found.
const VARIABLE: &str = "FAULTLINE_CHROME";

const NAMES: &[&str] =
    &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];

const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// The browser that the tests drive.
pub fn chrome() -> Option<PathBuf> {
    let named = std::env::var_os(VARIABLE).map(PathBuf::from);
    let on_path = || NAMES.iter().find_map(|name| find(name));
    let candidates = named.or_else(on_path).or_else(|| Some(PathBuf::from(MAC)));
    candidates.filter(|path| path.is_file()).or_else(playwrights_own)
}

/// The driver through which Rust's WebAssembly tests reach the browser.
pub fn chromedriver() -> Option<PathBuf> {
    std::env::var_os("CHROMEDRIVER").map(PathBuf::from).or_else(|| find("chromedriver"))
}

/// The one that an earlier `playwright install` put into the user's cache.
fn playwrights_own() -> Option<PathBuf> {
    const SCRIPT: &str =
        "import('playwright-core').then(p => console.log(p.default.chromium.executablePath()))";
    let path = ask(program("node").current_dir(root().join("e2e")).args(["-e", SCRIPT]))?;
    Some(PathBuf::from(path)).filter(|path| path.is_file())
}

/// Makes sure that there is a browser, and its driver where it can be had.
pub fn ensure() -> Result<()> {
    if let Some(path) = std::env::var_os(VARIABLE).map(PathBuf::from)
        && !path.is_file()
    {
        bail!("{VARIABLE} names {}, which is no file", path.display());
    }
    match (chrome(), chromedriver()) {
        (Some(_), Some(_)) => {
            there("Chromium and its driver");
            return Ok(());
        }
        (None, _) => missing("Chromium", "in which the page is tested"),
        (Some(_), None) => missing("chromedriver", "which runs the WebAssembly tests"),
    }
    if let Err(error) = from_debian() {
        println!("  not from Debian's packages: {error:#}");
    }
    if chrome().is_none() {
        run(program("npx").current_dir(root().join("e2e")).args(["playwright", "install", "chromium"]))
            .with_context(|| {
                format!(
                    "no browser could be installed: install Chrome or Chromium, or set {VARIABLE} to its path"
                )
            })?;
    }
    if chromedriver().is_none() {
        println!("  no chromedriver: the WebAssembly tests need one of the browser's own version on PATH");
    }
    Ok(())
}

fn from_debian() -> Result<()> {
    if find("apt-get").is_none() {
        bail!("there is no apt-get here");
    }
    let root = ask(program("id").arg("-u")).is_some_and(|id| id == "0");
    if !root && ask(program("sudo").args(["-n", "true"])).is_none() {
        bail!("that takes root, or sudo without a password");
    }
    let apt = |words: &[&str]| {
        let mut command = if root { program("apt-get") } else { program("sudo") };
        if !root {
            command.args(["-n", "apt-get"]);
        }
        run(command.env("DEBIAN_FRONTEND", "noninteractive").args(words))
    };
    apt(&["update", "-qq"])?;
    apt(&["install", "-y", "-qq", "--no-install-recommends", "chromium", "chromium-driver"])
}
