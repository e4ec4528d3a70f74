//! The gates that every lesson passes before it is published; `faultline verify` and the tests run them.
//!
//! They play every run of a lesson on the real engine. That a mended system resists is shown by replaying
//! the goal's own solution and, where the goal has a `search`, by trying everything within its bounds.

mod gates;
mod play;
mod searches;
mod text;

use std::fmt;

use serde::Serialize;

use crate::lesson::Lesson;

/// What is demanded of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// Each wrong prediction, when run, visibly fails; the right one does not.
    WrongBeliefsFail,
    /// Each goal is false at the start and on the wrong path, true after the solution, and costs its par;
    /// where it is searched for, nothing shorter is found.
    GoalsCanBeReached,
    /// The mended system does not reach the goal by the same solution, nor, where it is searched, in any
    /// other way within the bounds; contrasts show what they say.
    MendedResists,
    /// Each step can be entered, reaches its critical event, and plays back and forward to the same
    /// digest; its observation has exactly one right answer.
    StepsAreReversible,
    /// Words, steps and questions are within their limits.
    SizesAreKept,
    /// Numbers on source cards are those of the reference table, with no better mark.
    NumbersAreSourced,
    /// Every fault that a run uses is on the palette of its step.
    ToolsAreOffered,
    /// Played twice and restored from its own record, a run has the same digest.
    ReplaysAreIdentical,
}

impl Gate {
    /// All gates, in the order of the course's own list.
    pub const ALL: [Gate; 8] = [
        Gate::WrongBeliefsFail,
        Gate::GoalsCanBeReached,
        Gate::MendedResists,
        Gate::StepsAreReversible,
        Gate::SizesAreKept,
        Gate::NumbersAreSourced,
        Gate::ToolsAreOffered,
        Gate::ReplaysAreIdentical,
    ];

    /// What it demands, for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Gate::WrongBeliefsFail => "wrong predictions fail when they are run",
            Gate::GoalsCanBeReached => "goals can be reached, not by accident, at par",
            Gate::MendedResists => "the mended system resists",
            Gate::StepsAreReversible => "every step can be entered and played back",
            Gate::SizesAreKept => "texts are short",
            Gate::NumbersAreSourced => "numbers are those of their sources",
            Gate::ToolsAreOffered => "every fault used is on the palette",
            Gate::ReplaysAreIdentical => "replays are identical",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// For which gate.
    pub gate: Gate,
    /// What was looked at.
    pub what: String,
    /// Whether it is as it should be.
    pub passed: bool,
    /// What was found.
    pub why: String,
}

/// What the gates found in one lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The lesson's slug.
    pub slug: String,
    /// Everything that was looked at, gate by gate.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether all is as it should be.
    pub fn passed(&self) -> bool {
        self.findings.iter().all(|finding| finding.passed)
    }

    /// What is not.
    pub fn failures(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| !finding.passed)
    }

    fn note(&mut self, gate: Gate, what: &str, outcome: Result<String, String>) {
        let passed = outcome.is_ok();
        let (Ok(why) | Err(why)) = outcome;
        self.findings.push(Finding { gate, what: what.to_owned(), passed, why });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for gate in Gate::ALL {
            let all = || self.findings.iter().filter(move |finding| finding.gate == gate);
            let failed = all().filter(|finding| !finding.passed).count();
            let mark = if failed == 0 { "✓" } else { "✗" };
            writeln!(f, "{mark} {}: {} looked at, {failed} wrong", gate.sentence(), all().count())?;
            for finding in all().filter(|finding| !finding.passed) {
                writeln!(f, "    {}: {}", finding.what, finding.why)?;
            }
        }
        Ok(())
    }
}

/// Plays a lesson through all gates.
pub fn check(lesson: &Lesson) -> Report {
    let mut report = Report { slug: lesson.slug.clone(), findings: vec![] };
    gates::runs(lesson, &mut report);
    gates::steps(lesson, &mut report);
    searches::searches(lesson, &mut report);
    text::sizes(lesson, &mut report);
    text::numbers(lesson, &mut report);
    report.findings.sort_by_key(|finding| finding.gate);
    report
}
