//! `faultline history`: whether recorded histories are linearizable.

use std::fmt::Write;
use std::path::PathBuf;

use faultline_check::history::History;
use faultline_check::linear::{Check, Disorder, Order, OrderVerdict};
use faultline_check::spec::Model;
use miette::{Result, miette};
use serde::Serialize;

use crate::input;
use crate::outcome::{Outcome, print, print_json};

/// What a check may hold, in bytes: more than in a browser.
const BYTES: usize = 1 << 30;

/// The arguments of `faultline history`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What was asked: cas-register, register, or kv for a key-value store.
    #[arg(long)]
    model: Model,
    /// Histories: lines of a Jepsen log, or EDN maps; `-` is standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// What is said of one file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Judged {
    file: String,
    model: Model,
    /// `None` when the bound on memory was reached before an answer was found.
    linearizable: Option<bool>,
    operations: usize,
    events: u32,
    sentence: String,
    /// The shortest prefix that cannot be ordered.
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix: Option<Prefix>,
    /// An order that explains every answer, or all before the end of the prefix.
    order: Vec<Entry>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Prefix {
    events: u32,
    /// Whether there is surely no shorter one.
    shortest: bool,
    /// The line with which it ends.
    line: Option<u32>,
    key: String,
    /// The last change in the order, and the operations under way when the prefix ends.
    concerned: Vec<Entry>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    operation: String,
    /// The lines on which it begins and ends.
    invoked: Option<u32>,
    returned: Option<u32>,
}

/// Judges each file.
pub fn run(args: &Args, json: bool) -> Result<Outcome> {
    // All are read before the first is judged: a mistake in the last is said at once.
    let mut checks = vec![];
    for path in &args.files {
        let file = path.display().to_string();
        let text = input::read(path)?;
        let history = History::parse(&text);
        let check = history.and_then(|history| Check::new(history, args.model, Order::Linearizable, BYTES));
        let check = check.map_err(|error| match error.line {
            Some(line) => miette!("{file}:{line}: {}", error.trouble),
            None => miette!("{file}: {error}"),
        })?;
        checks.push((file, check));
    }
    let mut all = vec![];
    for (file, mut check) in checks {
        let verdict = check.finish().clone();
        let judged = judged(file, args.model, &check, &verdict);
        if !json {
            print(&describe(&judged));
        }
        all.push(judged);
    }
    if json {
        print_json(&all)?;
    }
    if all.iter().any(|judged| judged.linearizable == Some(false)) {
        return Ok(Outcome::DoesNotHold);
    }
    match all.iter().find(|judged| judged.linearizable.is_none()) {
        Some(judged) => Err(miette!("{}: {}: cut it into shorter histories", judged.file, judged.sentence)),
        None => Ok(Outcome::Holds),
    }
}

fn judged(file: String, model: Model, check: &Check, verdict: &OrderVerdict) -> Judged {
    let history = check.history();
    let entry = |&place: &usize| {
        let operation = &history.operations()[place];
        Entry {
            operation: operation.describe(),
            invoked: history.line(operation.invoked),
            returned: operation.returned.and_then(|event| history.line(event)),
        }
    };
    let (linearizable, order, prefix) = match verdict {
        OrderVerdict::Holds { order } => (Some(true), order.as_slice(), None),
        OrderVerdict::Undecided { .. } => (None, &[][..], None),
        OrderVerdict::Broken(Disorder { key, prefix, shortest, concerned, order, .. }) => {
            let prefix = prefix.map(|events| Prefix {
                events,
                shortest: *shortest,
                line: history.line(events),
                key: key.as_deref().unwrap_or_default().to_owned(),
                concerned: concerned.iter().map(entry).collect(),
            });
            (Some(false), order.as_slice(), prefix)
        }
    };
    Judged {
        file,
        model,
        linearizable,
        operations: history.operations().len(),
        events: history.events(),
        sentence: check.sentence().unwrap_or_default(),
        prefix,
        order: order.iter().map(entry).collect(),
    }
}

fn describe(judged: &Judged) -> String {
    let verdict = match judged.linearizable {
        Some(true) => "linearizable",
        Some(false) => "not linearizable",
        None => "undecided",
    };
    let mut text = format!("{}: {verdict}\n", judged.file);
    let Some(prefix) = &judged.prefix else { return text };
    let _ = writeln!(text, "    {}", judged.sentence);
    let lines = |entry: &Entry| match (entry.invoked, entry.returned) {
        (Some(invoked), Some(returned)) => format!("lines {invoked} to {returned}"),
        (Some(invoked), None) => format!("since line {invoked}"),
        _ => String::new(),
    };
    for entry in &prefix.concerned {
        let _ = writeln!(text, "    concerned: {} ({})", entry.operation, lines(entry));
    }
    if !prefix.shortest {
        text.push_str(
            "    there may be a shorter prefix: the bound on memory was reached while looking for it\n",
        );
    }
    text
}
