//! `faultline verify`: every lesson through its machine gates.

use faultline_lessons::{Lesson, check, content};
use miette::{IntoDiagnostic, Result, miette};

use crate::outcome::{Outcome, print, print_json};

/// The arguments of `faultline verify`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only these lessons; all of them when none is named.
    lessons: Vec<String>,
}

/// Plays lessons and prints what the gates found.
pub fn run(args: &Args, json: bool) -> Result<Outcome> {
    let reports: Vec<check::Report> = chosen(&args.lessons)?.iter().map(check::check).collect();
    let passed = reports.iter().all(check::Report::passed);
    if json {
        print_json(&reports)?;
        return Ok(Outcome::of(passed));
    }
    for report in &reports {
        print(&format!("{}\n{report}\n", report.slug));
    }
    let good = reports.iter().filter(|report| report.passed()).count();
    print(&format!("{good} of {} lessons pass\n", reports.len()));
    Ok(Outcome::of(passed))
}

fn chosen(slugs: &[String]) -> Result<Vec<Lesson>> {
    if slugs.is_empty() {
        return content::lessons().into_diagnostic();
    }
    slugs.iter().map(|slug| lesson(slug)).collect()
}

/// The lesson of that slug, or an error that lists them all.
pub fn lesson(slug: &str) -> Result<Lesson> {
    match content::lesson(slug) {
        Some(lesson) => lesson.into_diagnostic(),
        None => {
            let all = content::lessons().into_diagnostic()?;
            let known: Vec<&str> = all.iter().map(|lesson| lesson.slug.as_str()).collect();
            Err(miette!("there is no lesson `{slug}`; there are: {}", known.join(", ")))
        }
    }
}
