//! `cargo xtask test`: everything that must hold before a change is good, in the order in which
//! mistakes are cheapest to find. It stops at the first step that fails.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::setup::{self, Need};
use crate::shell::{cargo, find, program, root, run as start, target_dir};
use crate::{tidy, web};

/// What `cargo xtask test` takes.
#[derive(clap::Args)]
pub struct Args {
    /// Leave out what needs a browser: the WebAssembly tests, the release build, the journeys
    #[arg(long)]
    quick: bool,
}

const WASM: &str = "wasm32-unknown-unknown";

/// What is compiled for the page, each of which is linted as the page compiles it.
const WASM_PACKAGES: &[&str] =
    &["faultline", "faultline-model", "faultline-sim", "faultline-protocols", "faultline-lessons"];

/// Everything but the app, which is linted as WebAssembly, and `tools`, which is two calls. With all
/// features: the lessons' compiler is behind one.
const NATIVE: &[&str] = &["--workspace", "--exclude", "faultline", "--exclude", "tools", "--all-features"];

/// What is tested natively: the app too, whose geometry, forms and words need no browser.
const TESTED: &[&str] = &["--workspace", "--exclude", "tools", "--all-features"];

/// Package and test that run in the browser too, where they must come out as they do natively.
const WASM_TESTS: &[(&str, &str)] = &[("faultline-protocols", "digests")];

/// The site's address in the browser tests: not at a host's top, so that an address which would
/// only work there fails.
const SITE: &str = "http://127.0.0.1:4173/faultline/";

type Step = (&'static str, fn() -> Result<()>);

const QUICK: &[Step] = &[
    ("Crates", crates),
    ("Formatting", formatting),
    ("House rules", tidy::run),
    ("Lints, native", native_lints),
    ("Lints, WebAssembly", wasm_lints),
    ("Native tests", native_tests),
    ("Examples in documentation", doc_tests),
];

const SLOW: &[Step] = &[
    ("Tests in WebAssembly", wasm_tests),
    ("The page, as visitors get it", release_build),
    ("Journeys in the browser", journeys),
];

/// `cargo xtask test`.
pub fn run(args: &Args) -> Result<()> {
    let begun = Instant::now();
    setup::ensure(if args.quick { &[Need::WasmTarget, Need::Nextest] } else { FULL })?;
    let slow = if args.quick { &[] } else { SLOW };
    let steps: Vec<_> = QUICK.iter().chain(slow).collect();
    let mut times = Vec::new();
    for (number, (name, step)) in (1..).zip(&steps) {
        println!("\n== {number} of {}: {name}", steps.len());
        let begun = Instant::now();
        step().with_context(|| format!("step {number}, {name}"))?;
        times.push((name, begun.elapsed()));
    }
    println!("\nAll {} steps passed in {}", steps.len(), shown(begun.elapsed()));
    for (name, time) in times {
        println!("  {:>9}  {name}", shown(time));
    }
    Ok(())
}

const FULL: &[Need] =
    &[Need::WasmTarget, Need::Nextest, Need::Trunk, Need::WasmBindgen, Need::NodePackages, Need::Browser];

fn shown(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f32())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// Everything that Cargo.lock names, which also proves that it is up to date.
fn crates() -> Result<()> {
    start(cargo().args(["fetch", "--locked"]))
}

fn formatting() -> Result<()> {
    start(cargo().args(["fmt", "--all", "--check"])).context("`cargo fmt --all` puts it right")
}

fn native_lints() -> Result<()> {
    let deny = ["--", "-D", "warnings"];
    start(cargo().args(["clippy", "--locked", "--all-targets"]).args(NATIVE).args(deny))
}

fn wasm_lints() -> Result<()> {
    let packages = WASM_PACKAGES.iter().flat_map(|name| ["--package", name]);
    start(
        cargo().args(["clippy", "--locked", "--target", WASM]).args(packages).args(["--", "-D", "warnings"]),
    )
}

fn native_tests() -> Result<()> {
    let mut command = cargo();
    command.args(["nextest", "run", "--locked"]).args(TESTED);
    // A change is judged by the same cases each time; what new ones find, with another seed, gets a
    // test of its own.
    if std::env::var_os(PROPERTY_SEED).is_none() {
        command.env(PROPERTY_SEED, "20260401");
    }
    start(&mut command)
}

/// Where proptest takes the seed of its cases from.
const PROPERTY_SEED: &str = "PROPTEST_RNG_SEED";

fn doc_tests() -> Result<()> {
    start(cargo().args(["test", "--locked", "--doc"]).args(NATIVE))
}

fn wasm_tests() -> Result<()> {
    for (package, test) in WASM_TESTS {
        let mut command = cargo();
        command.args(["test", "--locked", "--target", WASM, "--package", package, "--test", test]);
        start(with_browser(&mut command)?)?;
    }
    Ok(())
}

/// Our webdriver.json with the browser that this machine has.
fn with_browser(command: &mut Command) -> Result<&mut Command> {
    let mut settings: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(root().join("webdriver.json"))?)?;
    let chrome = setup::chrome().context("no browser: run `cargo xtask setup`")?;
    settings["goog:chromeOptions"]["binary"] = chrome.to_string_lossy().into();
    let path = target_dir().join("webdriver.json");
    fs::write(&path, settings.to_string())?;
    let driver = setup::chromedriver()
        .context("no chromedriver: install the one of your browser's version and put it on PATH")?;
    Ok(command.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", path).env("CHROMEDRIVER", driver))
}

fn release_build() -> Result<()> {
    web::build(&web::Args { release: true, site: Some(SITE.to_owned()) })
}

/// This program's file. The build of the page replaces it with one that knows the lessons; Linux then
/// calls the one that runs deleted.
fn own_program() -> Result<PathBuf> {
    let path = std::env::current_exe()?;
    Ok(path.to_str().and_then(|text| text.strip_suffix(" (deleted)")).map(PathBuf::from).unwrap_or(path))
}

fn journeys() -> Result<()> {
    let chrome = setup::chrome().context("no browser: run `cargo xtask setup`")?;
    let npx = find("npx").context("npx is not on PATH: install Node.js 20 or newer")?;
    let e2e = root().join("e2e");
    start(program(&npx).current_dir(&e2e).args(["tsc", "--noEmit"]))?;
    start(
        program(npx)
            .current_dir(e2e)
            .args(["playwright", "test"])
            .env("FAULTLINE_CHROME", chrome)
            .env("FAULTLINE_SITE", SITE)
            .env("FAULTLINE_XTASK", own_program()?),
    )
}
