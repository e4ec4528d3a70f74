//! The `faultline` command.
//!
//! It owns reading arguments and files, printing, and exit status: 0 when what was asked for holds, 1
//! when it does not, 2 for arguments or input that cannot be used. Everything else is the library's.

mod input;
mod memory;
mod outcome;
mod stopwatch;
mod together;
mod verbs;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use outcome::Outcome;

/// A laboratory for distributed systems: run a protocol, break it, see why.
#[derive(Debug, Parser)]
#[command(name = "faultline", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    /// Print one JSON document instead of text.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the lessons: slug, title, chapter, protocol, steps, goals.
    Lessons,
    /// List the protocols: knobs with ranges, rules, properties.
    Protocols(verbs::protocols::Args),
    /// Run a lesson's scenario or a protocol and print the trace; the last line is its digest.
    Run(verbs::run::Args),
    /// Play every lesson's solutions and wrong paths and check what they claim.
    Verify(verbs::verify::Args),
    /// Check lesson files, scripts and exported runs.
    Validate(verbs::validate::Args),
    /// Judge whether recorded histories are linearizable.
    History(verbs::history::Args),
    /// Try everything that can happen within bounds; print the shortest run that breaks a property.
    Search(verbs::search::Args),
    /// Measure the numbers of a figure or table, beside the source's.
    Experiment(verbs::experiment::Args),
    /// Measure the engine on this machine.
    Bench(verbs::bench::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match &cli.verb {
        Verb::Lessons => verbs::lessons::run(cli.json),
        Verb::Protocols(args) => verbs::protocols::run(args, cli.json),
        Verb::Run(args) => verbs::run::run(args, cli.json),
        Verb::Verify(args) => verbs::verify::run(args, cli.json),
        Verb::Validate(args) => verbs::validate::run(args, cli.json),
        Verb::History(args) => verbs::history::run(args, cli.json),
        Verb::Search(args) => verbs::search::run(args, cli.json),
        Verb::Experiment(args) => verbs::experiment::run(args, cli.json),
        Verb::Bench(args) => verbs::bench::run(args, cli.json),
    };
    match outcome {
        Ok(Outcome::Holds) => ExitCode::SUCCESS,
        Ok(Outcome::DoesNotHold) => ExitCode::from(1),
        Err(report) => {
            eprintln!("{report:?}");
            ExitCode::from(2)
        }
    }
}
