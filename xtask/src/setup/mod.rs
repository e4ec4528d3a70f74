//! Installs what the other commands need, and only that. Each step says what it does and why, does
//! nothing when the thing is there, and never asks.

mod browser;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

pub use browser::{chrome, chromedriver};

use crate::pins;
use crate::shell::{ask, cargo, find, program, root, run, target_dir, tools_dir};

/// Something that a command may need.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Need {
    WasmTarget,
    Trunk,
    WasmBindgen,
    NodePackages,
    Browser,
    Nextest,
}

/// What building the page takes.
pub const TO_BUILD: &[Need] = &[Need::WasmTarget, Need::Trunk, Need::WasmBindgen];

/// What building it for visitors takes.
pub const TO_RELEASE: &[Need] = &[Need::WasmTarget, Need::Trunk, Need::WasmBindgen, Need::NodePackages];

const ALL: &[Need] =
    &[Need::WasmTarget, Need::Trunk, Need::WasmBindgen, Need::NodePackages, Need::Browser, Need::Nextest];

/// `cargo xtask setup`.
pub fn everything() -> Result<()> {
    ensure(ALL)?;
    println!("\nReady. `cargo xtask serve` shows the page, `cargo xtask test` checks everything.");
    Ok(())
}

/// Makes sure that all of these are there.
pub fn ensure(needs: &[Need]) -> Result<()> {
    println!("Setting up");
    for need in needs {
        match need {
            Need::WasmTarget => wasm_target()?,
            Need::Trunk => trunk()?,
            Need::WasmBindgen => wasm_bindgen()?,
            Need::NodePackages => node_packages()?,
            Need::Browser => browser::ensure()?,
            Need::Nextest => nextest()?,
        }
    }
    Ok(())
}

fn there(what: &str) {
    println!("  {what}: already there");
}

fn missing(what: &str, why: &str) {
    println!("  {what}: installing, {why}");
}

fn wasm_target() -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let what = "Rust's standard library for WebAssembly";
    let libs = ask(program("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    if libs.is_some_and(|dir| Path::new(&dir).is_dir()) {
        there(what);
        return Ok(());
    }
    missing(what, "since the page runs as WebAssembly");
    run(program("rustup").args(["target", "add", TARGET]))
        .with_context(|| format!("add the target {TARGET} to this Rust toolchain by hand"))
}

fn trunk() -> Result<()> {
    let what = format!("trunk {}", pins::TRUNK);
    if says("trunk", "--version", &what) {
        there(&what);
        return Ok(());
    }
    missing(&what, "which builds the page (two to four minutes, once)");
    install("trunk", pins::TRUNK)
}

fn nextest() -> Result<()> {
    if find("cargo-nextest").is_some() {
        there("cargo-nextest");
        return Ok(());
    }
    missing("cargo-nextest", "which runs the native tests (some minutes, once)");
    install("cargo-nextest", pins::NEXTEST)
}

/// Into `.tools`, in a folder of its own under `target` so that an interrupted build goes on where
/// it stopped. A debug build takes a third of the time and works as well; what the defaults add is
/// self-update and servers that nobody uses here.
fn install(name: &str, version: &str) -> Result<()> {
    let versioned = format!("{name}@{version}");
    run(cargo()
        .args(["install", "--locked", "--debug", "--no-default-features", &versioned, "--root"])
        .arg(tools_dir())
        .arg("--target-dir")
        .arg(target_dir().join("tools-install")))
}

/// Built from the workspace's own `tools` package and copied beside Trunk, which must find this
/// version first on PATH or it would try to download one.
fn wasm_bindgen() -> Result<()> {
    let what = format!("wasm-bindgen {}", pins::WASM_BINDGEN);
    if says("wasm-bindgen", "--version", &what) {
        there(&what);
        return Ok(());
    }
    missing(&what, "which joins WebAssembly to JavaScript (one to two minutes, once)");
    run(cargo().args(["build", "--package", "tools", "--bins"]))?;
    let name = format!("wasm-bindgen{}", std::env::consts::EXE_SUFFIX);
    let bin = tools_dir().join("bin");
    fs::create_dir_all(&bin)?;
    fs::copy(target_dir().join("debug").join(&name), bin.join(&name))
        .with_context(|| format!("cannot copy {name} to .tools/bin"))?;
    Ok(())
}

/// `npm ci` unless the lock file is the one that was installed last.
fn node_packages() -> Result<()> {
    let what = "Playwright, axe and wasm-opt";
    let e2e = root().join("e2e");
    let lock = fs::read(e2e.join("package-lock.json")).context("e2e/package-lock.json is missing")?;
    let stamp = e2e.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        there(what);
        return Ok(());
    }
    missing(what, "which test the page and shrink its download");
    if find("npm").is_none() {
        bail!("npm is not on PATH: install Node.js 20 or newer, then run this again");
    }
    run(program("npm").current_dir(&e2e).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]))?;
    fs::write(stamp, lock)?;
    Ok(())
}

fn says(name: &str, flag: &str, expected: &str) -> bool {
    find(name).and_then(|path| ask(program(path).arg(flag))).is_some_and(|text| text == expected)
}
