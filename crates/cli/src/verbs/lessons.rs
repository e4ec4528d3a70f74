//! `faultline lessons`: one line a lesson.

use std::fmt::Write;

use faultline_lessons::{Lesson, chapters, content};
use miette::{IntoDiagnostic, Result};
use serde::Serialize;

use crate::outcome::{Outcome, print, print_json};

#[derive(Serialize)]
struct Line<'a> {
    slug: &'a str,
    title: &'a str,
    chapter: &'a str,
    protocol: &'a str,
    steps: usize,
    goals: usize,
}

/// Lists all lessons.
pub fn run(json: bool) -> Result<Outcome> {
    let lessons = content::lessons().into_diagnostic()?;
    let lines: Vec<Line<'_>> = lessons.iter().map(line).collect();
    if json {
        print_json(&lines)?;
        return Ok(Outcome::Holds);
    }
    let mut text = String::new();
    for line in lines {
        let Line { slug, title, chapter, protocol, steps, goals } = line;
        let _ = writeln!(
            text,
            "{slug:<20} {title:<50} {chapter:<24} {protocol:<18} {steps} steps, {goals} goals"
        );
    }
    print(&text);
    Ok(Outcome::Holds)
}

fn line(lesson: &Lesson) -> Line<'_> {
    let chapter = chapters().iter().find(|chapter| chapter.number == lesson.chapter);
    Line {
        slug: &lesson.slug,
        title: &lesson.title,
        chapter: chapter.map_or("", |chapter| chapter.title),
        protocol: &lesson.protocol,
        steps: lesson.steps.len(),
        goals: lesson.steps.iter().map(|step| step.goals.len()).sum(),
    }
}
