//! `cargo xtask <verb>`: everything one does to this repository, in one place and in Rust, so that
//! a fresh clone needs nothing but `cargo`.
//!
//! It knows where tools come from, how the page is built and what the house rules are. It must
//! never know how a protocol or the simulator works: lessons reach it through
//! `pages/catalogue.rs`, as titles and prose.

mod bench;
#[cfg(feature = "site")]
mod pages;
mod pins;
mod scaffold;
mod serve;
mod setup;
mod shell;
mod size;
mod test;
mod tidy;
mod web;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Faultline's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Install what the other commands need; does nothing the second time
    Setup,
    /// Build the page and serve it on this machine
    Serve(serve::Args),
    /// Build the page into dist/, ready for any static host
    Build(web::Args),
    /// Finish a build: called by Trunk, see Trunk.toml
    #[cfg(feature = "site")]
    #[command(hide = true)]
    Pages,
    /// Check everything: formatting, lints, house rules, tests, the page in a browser
    Test(test::Args),
    /// Check the house rules that no compiler checks
    Tidy,
    /// Print what a visitor downloads and which crates it comes from
    Size,
    /// Measure the engine natively
    Bench(bench::Args),
    /// Start a protocol: a file that compiles and a golden run that fails
    NewProtocol {
        /// How addresses and scripts call it, such as `two-phase-commit`
        slug: String,
    },
    /// Start a lesson: a file that parses and a goal that is not met
    NewLesson {
        /// The chapter's folder under crates/lessons/content
        chapter: String,
        /// How its address calls it, such as `raft-elections`
        slug: String,
    },
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().verb {
        Verb::Setup => setup::everything(),
        Verb::Serve(args) => serve::run(&args),
        Verb::Build(args) => web::run(&args),
        #[cfg(feature = "site")]
        Verb::Pages => pages::run(),
        Verb::Test(args) => test::run(&args),
        Verb::Tidy => tidy::run(),
        Verb::Size => size::run(),
        Verb::Bench(args) => bench::run(&args),
        Verb::NewProtocol { slug } => scaffold::protocol(&slug),
        Verb::NewLesson { chapter, slug } => scaffold::lesson(&chapter, &slug),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
