//! `faultline validate`: whether files are what they should be.

use std::path::{Path, PathBuf};

use faultline_lessons::{AuthorError, catalogue, check, compile};
use faultline_sim::file::{Comparing, Difference};
use faultline_sim::{Run, RunFile, Timeline, link};
use miette::{IntoDiagnostic, LabeledSpan, MietteDiagnostic, NamedSource, Report, Result, WrapErr, miette};
use serde::Serialize;
use serde_json::Value;

use crate::input;
use crate::outcome::{Outcome, print, print_json};

/// The arguments of `faultline validate`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Lesson files (.md), scripts (.txt), exported runs (.json) or share links; `-` is standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Line {
    file: String,
    kind: &'static str,
    valid: bool,
    findings: Vec<String>,
}

/// Checks each file; input that cannot be read at all is an error.
pub fn run(args: &Args, json: bool) -> Result<Outcome> {
    let lines: Vec<Line> = args.files.iter().map(|file| validate(file)).collect::<Result<_>>()?;
    let valid = lines.iter().all(|line| line.valid);
    if json {
        print_json(&lines)?;
        return Ok(Outcome::of(valid));
    }
    for line in &lines {
        let verdict = if line.valid { "valid" } else { "not valid" };
        print(&format!("{}: {verdict} {}\n", line.file, line.kind));
        line.findings.iter().for_each(|finding| print(&format!("    {finding}\n")));
    }
    Ok(Outcome::of(valid))
}

fn validate(path: &Path) -> Result<Line> {
    let text = input::read(path)?;
    let file = path.display().to_string();
    let start = text.trim_start();
    if start.starts_with("---") {
        validate_lesson(file, &text)
    } else if start.starts_with('{') {
        let no_run = || format!("{file} is no run");
        let value: Value = serde_json::from_str(&text).into_diagnostic().wrap_err_with(no_run)?;
        if value.get("format").is_some() {
            let read: RunFile = serde_json::from_value(value).into_diagnostic().wrap_err_with(no_run)?;
            return Ok(validate_file(file, &read));
        }
        let run: Run = serde_json::from_value(value).into_diagnostic().wrap_err_with(no_run)?;
        Ok(validate_run(file, "run", &run))
    } else if let Some((_, fragment)) = start.split_once("#s=") {
        let run = link::decode(fragment.trim()).into_diagnostic().wrap_err(file.clone())?;
        Ok(validate_run(file, "link", &run))
    } else {
        super::run::parse_script(&file, &text)?;
        Ok(Line { file, kind: "script", valid: true, findings: vec![] })
    }
}

fn validate_lesson(file: String, text: &str) -> Result<Line> {
    let lesson = compile(&file, text).map_err(|error| show(&error, text))?;
    let report = check::check(&lesson);
    let findings = report.failures().map(|finding| format!("{}: {}", finding.what, finding.why)).collect();
    Ok(Line { file, kind: "lesson", valid: report.passed(), findings })
}

fn show(error: &AuthorError, text: &str) -> Report {
    let diagnostic = MietteDiagnostic::new(error.to_string())
        .with_label(LabeledSpan::at(error.span.clone(), error.message.clone()));
    Report::new(diagnostic).with_source_code(NamedSource::new(&error.file, text.to_owned()))
}

/// A run with what its file says of it: it is valid when it plays here as it did there.
fn validate_file(file: String, read: &RunFile) -> Line {
    if let Err(error) = read.check() {
        return Line { file, kind: "run", valid: false, findings: vec![error.to_string()] };
    }
    let mut line = validate_run(file, "run", &read.run);
    let played = catalogue::build(&read.run.scenario).ok();
    let played = played.and_then(|world| Timeline::restore(&read.run, world).ok());
    if let Some(timeline) = played {
        let difference = Comparing::new(read, &timeline).go(&timeline, u32::MAX).flatten();
        line.valid &= !matches!(difference, Some(Difference::Trace { .. }));
        line.findings.extend(difference.map(|difference| difference.to_string()));
    }
    line
}

fn validate_run(file: String, kind: &'static str, run: &Run) -> Line {
    let played = run.check().map_err(|error| miette!("{error}")).and_then(|()| {
        let world = catalogue::build(&run.scenario).into_diagnostic()?;
        Timeline::restore(run, world).into_diagnostic()
    });
    let (valid, finding) = match played {
        Ok(timeline) => (true, format!("{} events, trace {}", timeline.len(), timeline.digest_text())),
        Err(error) => (false, error.to_string()),
    };
    Line { file, kind, valid, findings: vec![finding] }
}
