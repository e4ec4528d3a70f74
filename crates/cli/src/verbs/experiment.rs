//! `faultline experiment`: the numbers of a figure or table, beside the source's.

use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

use faultline_experiments::{Experiment, MOST_TRIALS, Plan, Report, Row, Runner, experiments, find};
use faultline_lessons::catalogue;
use miette::{Result, miette};
use serde::Serialize;

use crate::outcome::{Outcome, print, print_json};

/// So many trials a thread takes at a time.
const PORTION: u64 = 16;

/// The arguments of `faultline experiment`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The experiment's slug.
    #[arg(required_unless_present = "list")]
    slug: Option<String>,
    /// List the experiments: slug, trials, the rows of numbers that they reproduce, title.
    #[arg(long, conflicts_with = "slug")]
    list: bool,
    /// How many trials each curve has; the experiment's own number unless given.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_TRIALS)))]
    trials: Option<u32>,
    /// The seed of all trials.
    #[arg(long)]
    seed: Option<u64>,
    /// How many threads; the answer is the same. All cores unless given.
    #[arg(long)]
    threads: Option<usize>,
}

#[derive(Serialize)]
struct Listed {
    slug: &'static str,
    title: &'static str,
    source: &'static str,
    trials: u32,
    seed: u64,
    oracles: Vec<&'static str>,
}

/// Measures and prints; the status says whether every number lies within its tolerance.
pub fn run(args: &Args, json: bool) -> Result<Outcome> {
    let Some(slug) = &args.slug else { return list(json) };
    let experiment = find(slug).ok_or_else(|| {
        let known: Vec<&str> = experiments().iter().map(|experiment| experiment.slug).collect();
        miette!("there is no experiment `{slug}`; there are: {}", known.join(", "))
    })?;
    let build =
        |scenario: &faultline_sim::Scenario| catalogue::build(scenario).map_err(|error| error.to_string());
    let plan = Plan::new(experiment, args.trials, args.seed, build);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let report = measure(plan, args.threads.unwrap_or(cores).clamp(1, 64));
    if json {
        print_json(&report)?
    } else {
        print(&describe(&report, experiment.trials))
    }
    Ok(Outcome::of(report.holds()))
}

fn list(json: bool) -> Result<Outcome> {
    let oracles = |experiment: &Experiment| {
        let mut oracles: Vec<&str> = experiment.claims.iter().map(|claim| claim.oracle).collect();
        oracles.dedup();
        oracles
    };
    let listed = |experiment: &&'static Experiment| Listed {
        slug: experiment.slug,
        title: experiment.title,
        source: experiment.source,
        trials: experiment.trials,
        seed: experiment.seed,
        oracles: oracles(experiment),
    };
    let all: Vec<Listed> = experiments().iter().map(listed).collect();
    if json {
        print_json(&all)?;
        return Ok(Outcome::Holds);
    }
    let mut text = String::new();
    for one in &all {
        let _ = writeln!(
            text,
            "{:<24} {:>7} trials  {:<24} {}",
            one.slug,
            one.trials,
            one.oracles.join(" "),
            one.title
        );
    }
    print(&text);
    Ok(Outcome::Holds)
}

/// Performs all trials on so many threads.
fn measure(plan: Plan, threads: usize) -> Report {
    let (next, count) = (AtomicU64::new(0), plan.count());
    let portions: Mutex<Vec<(u64, Vec<Vec<f64>>)>> = Mutex::default();
    let told = Progress::new(count);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let first = next.fetch_add(PORTION, Ordering::Relaxed);
                    if first >= count {
                        return;
                    }
                    let trials = first..count.min(first + PORTION);
                    let values: Vec<Vec<f64>> = trials.map(|number| plan.perform(number)).collect();
                    told.add(values.len() as u64);
                    portions.lock().unwrap_or_else(PoisonError::into_inner).push((first, values));
                }
            });
        }
    });
    let mut portions = portions.into_inner().unwrap_or_else(PoisonError::into_inner);
    portions.sort_by_key(|(first, _)| *first);
    let mut runner = Runner::new(plan);
    for values in portions.iter().flat_map(|(_, values)| values) {
        runner.note(values);
    }
    runner.report()
}

/// How far it is, on standard error: every tenth on a line of its own, or every hundredth over the last
/// where somebody watches.
struct Progress {
    done: AtomicU64,
    count: u64,
    watched: bool,
}

impl Progress {
    fn new(count: u64) -> Progress {
        Progress { done: AtomicU64::new(0), count, watched: std::io::stderr().is_terminal() }
    }

    fn add(&self, trials: u64) {
        let before = self.done.fetch_add(trials, Ordering::Relaxed);
        let (now, parts) = (before + trials, if self.watched { 100 } else { 10 });
        if before * parts / self.count == now * parts / self.count {
            return;
        }
        if self.watched {
            let end = if now == self.count { "\n" } else { "" };
            eprint!("\r{now} of {} trials{end}", self.count);
        } else {
            eprintln!("{now} of {} trials", self.count);
        }
    }
}

fn describe(report: &Report, usual: u32) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}", report.title);
    let _ = writeln!(text, "{} trials, seed {}; {}", report.trials, report.seed, report.source);
    if report.trials != usual {
        let _ = writeln!(text, "Tolerances that are no mean and no share are those for {usual} trials.");
    }
    let head = ["row", "measured", "source", "agrees from", "to", "", "", "what, where"].map(str::to_owned);
    let cells = |row: &Row| {
        [
            row.oracle.clone(),
            row.unit.text(row.measured),
            row.printed.clone(),
            row.unit.text(row.range.0),
            row.unit.text(row.range.1),
            if row.inside { "inside" } else { "OUTSIDE" }.to_owned(),
            format!("{:?}", row.mark),
            format!("{} ({})", row.what, row.place),
        ]
    };
    let lines: Vec<[String; 8]> = std::iter::once(head).chain(report.rows.iter().map(cells)).collect();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..7).map(width).collect();
    for line in &lines {
        for (cell, width) in line.iter().zip(&widths) {
            let _ = write!(text, "{cell:<width$}  ");
        }
        let _ = writeln!(text, "{}", line[7]);
    }
    text
}
