//! From a Markdown file to a [`Lesson`].
//!
//! A file has front matter in YAML, then a section a step (`## Title`), each with prose and fenced
//! blocks, then the sections `## Quiz` and `## Sources`. Blocks hold YAML, but for `before` and `script`,
//! which hold the script language, and `explain`, which holds prose.

mod error;
mod form;
mod lower;
mod markdown;
mod matching;
mod step;
mod yaml;

use std::ops::Range;

use faultline_sim::Scenario;

pub use error::AuthorError;
pub use form::schema;

use self::error::{Outcome, Wrong};
use self::form::Front;
use self::lower::Within;
use self::markdown::Part;
use crate::lesson::{Lesson, Settings, Step};
use crate::{catalogue, planned, runs};

/// The longest lesson file, in bytes.
pub const LONGEST_FILE: usize = 128 * 1024;
/// The most parts (paragraphs, lists, headings, blocks) of a lesson file.
pub const MOST_PARTS: usize = 500;

/// Compiles a lesson file; `file` is its name for errors.
pub fn compile(file: &str, text: &str) -> Result<Lesson, AuthorError> {
    lesson(text).map_err(|wrong| wrong.in_file(file, text))
}

fn lesson(text: &str) -> Outcome<Lesson> {
    if text.len() > LONGEST_FILE {
        return Wrong::at(0..0, format!("{} bytes: a lesson file has at most {LONGEST_FILE}", text.len()));
    }
    let (front, body) = split(text)?;
    let mut lesson = meta(text, &front)?;
    let parts = markdown::parts(text, body)?;
    if parts.len() > MOST_PARTS {
        return Wrong::at(0..0, format!("{} parts: a lesson has at most {MOST_PARTS}", parts.len()));
    }
    let mut section = Section::Before;
    for part in parts {
        section = place(text, &mut lesson, section, part)?;
    }
    if lesson.steps.is_empty() {
        return Wrong::at(text.len()..text.len(), "the lesson has no step: write `## Title` and prose");
    }
    every_run_can_start(&lesson, &front)?;
    Ok(lesson)
}

/// The places of the front matter and of the body.
fn split(text: &str) -> Outcome<(Range<usize>, Range<usize>)> {
    let opening = ["---\n", "---\r\n"].into_iter().find(|open| text.starts_with(open));
    let Some(opening) = opening else {
        return Wrong::at(
            0..text.len().min(3),
            "a lesson begins with front matter between two lines of `---`",
        );
    };
    let mut at = opening.len();
    for line in text[at..].split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Ok((opening.len()..at, at + line.len()..text.len()));
        }
        at += line.len();
    }
    Wrong::at(0..3, "the front matter has no end: write a second line of `---`")
}

fn meta(text: &str, range: &Range<usize>) -> Outcome<Lesson> {
    let front: Front = yaml::read(text, range)?;
    let within = Within { text, range: range.clone() };
    if !(1..=9).contains(&front.chapter) {
        return Wrong::at(range.clone(), "`chapter` is a number from 1 to 9");
    }
    check_seed(front.seed, range)?;
    let unknown = front.prerequisites.iter().find(|slug| planned(slug).is_none());
    if let Some(slug) = unknown {
        return Wrong::at(
            range.clone(),
            format!("there is no lesson `{slug}` to take before; a slug is such as `lost-message`"),
        );
    }
    if front.objectives.is_empty() {
        return Wrong::at(range.clone(), "`objectives` says what a learner can do afterwards: at least one");
    }
    check_names(&front, text, range)?;
    Ok(Lesson {
        id: front.id.0.value,
        slug: within.name(front.slug)?,
        title: front.title,
        chapter: front.chapter,
        minutes: front.minutes,
        summary: front.summary,
        objectives: front.objectives,
        prerequisites: front.prerequisites,
        protocol: front.protocol,
        nodes: front.nodes,
        seed: front.seed,
        set: front.set.0,
        layout: front.layout,
        panels: front.panels,
        palette: front.palette,
        knobs: front.knobs,
        experiments: front
            .experiments
            .iter()
            .map(|name| within.experiment(name))
            .collect::<Outcome<Vec<_>>>()?,
        notes: front.notes,
        steps: vec![],
        quiz: vec![],
        sources: vec![],
    })
}

/// A browser's JSON keeps whole numbers only up to here.
const GREATEST_SEED: u64 = (1 << 53) - 1;

fn check_seed(seed: u64, range: &Range<usize>) -> Outcome<()> {
    if seed <= GREATEST_SEED {
        return Ok(());
    }
    Wrong::at(range.clone(), format!("`seed` is a whole number up to {GREATEST_SEED}"))
}

/// The layout's and the panels' names are those of the lesson's own cast and protocol. A protocol or a knob
/// that does not exist is reported where it is used.
fn check_names(front: &Front, text: &str, range: &Range<usize>) -> Outcome<()> {
    let scenario = Scenario {
        protocol: front.protocol.clone(),
        nodes: front.nodes,
        seed: front.seed,
        set: front.set.0.iter().map(|setting| (setting.knob.clone(), setting.value.clone())).collect(),
        ..Scenario::default()
    };
    let Ok(world) = catalogue::build(&scenario) else {
        return Ok(());
    };
    let place = |key: &str| {
        let line = text[range.clone()].lines().scan(range.start, |at, line| {
            let here = *at;
            *at += line.len() + 1;
            Some(here..here + line.len())
        });
        line.into_iter().find(|line| text[line.clone()].starts_with(key)).unwrap_or(range.clone())
    };
    front.layout.check(world.cast()).or_else(|error| Wrong::at(place("layout"), error.to_string()))?;
    let mut panels = front.panels.iter();
    panels
        .try_for_each(|panel| panel.check(world.cast(), world.about()))
        .or_else(|error| Wrong::at(place("panels"), error))
}

/// Which section of the file is being read.
#[derive(Clone, Copy, PartialEq)]
enum Section {
    Before,
    Step,
    Quiz,
    Sources,
}

fn place(text: &str, lesson: &mut Lesson, section: Section, part: Part) -> Outcome<Section> {
    match (section, part) {
        (_, Part::Heading(span, title)) => open(lesson, section, &span, title),
        (Section::Step, Part::Prose(_, block)) => {
            last(lesson).prose.push(block);
            Ok(section)
        }
        (Section::Step, Part::Fence { whole, info, body }) => {
            let fence = step::Fence { text, info: &info, whole, body };
            step::block(last(lesson), &fence)?;
            Ok(section)
        }
        (Section::Quiz, Part::Fence { info, body, .. }) if info == "quiz" => {
            let form = yaml::read(text, &body)?;
            lesson.quiz.push(Within { text, range: body }.question(form)?);
            Ok(section)
        }
        (Section::Sources, Part::Fence { info, body, .. }) if info == "source" => {
            let form = yaml::read(text, &body)?;
            lesson.sources.push(Within { text, range: body }.source(form)?);
            Ok(section)
        }
        (section, Part::Prose(span, _) | Part::Fence { whole: span, .. }) => Wrong::at(
            span,
            match section {
                Section::Before => "a step begins with a heading: write `## Title` before this",
                Section::Quiz => "the section Quiz has `quiz` blocks and nothing else",
                _ => "the section Sources has `source` blocks and nothing else",
            },
        ),
    }
}

fn open(lesson: &mut Lesson, section: Section, span: &Range<usize>, title: String) -> Outcome<Section> {
    match (title.as_str(), section) {
        ("Quiz", Section::Step) => Ok(Section::Quiz),
        ("Sources", Section::Step | Section::Quiz) => Ok(Section::Sources),
        ("Quiz" | "Sources", _) => {
            Wrong::at(span.clone(), "the order is: the steps, then `## Quiz`, then `## Sources`")
        }
        (_, Section::Before | Section::Step) => {
            lesson.steps.push(Step {
                title,
                prose: vec![],
                stage: None,
                palette: None,
                prediction: None,
                matching: None,
                critical: None,
                observation: None,
                explanation: vec![],
                contrast: None,
                goals: vec![],
            });
            Ok(Section::Step)
        }
        _ => Wrong::at(span.clone(), "no step can come after `## Quiz`"),
    }
}

/// The step that is being read; only called within one.
fn last(lesson: &mut Lesson) -> &mut Step {
    lesson.steps.last_mut().expect("a section of a step has its step")
}

/// Builds the world of every run once: a protocol or knob that does not exist fails here.
fn every_run_can_start(lesson: &Lesson, front: &Range<usize>) -> Outcome<()> {
    if let Err(error) = catalogue::build(&lesson.scenario(&Settings::default())) {
        return Wrong::at(front.clone(), error.to_string());
    }
    for run in runs::all(lesson) {
        if let Err(error) = catalogue::build(&lesson.scenario(&run.settings)) {
            return Wrong::at(front.clone(), format!("{}: {error}", run.what));
        }
    }
    let known = catalogue::describe(&lesson.protocol).map(|info| info.knobs).unwrap_or_default();
    match lesson.knobs.iter().find(|name| known.iter().all(|knob| knob.knob.name != name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let known: Vec<_> = known.iter().map(|knob| knob.knob.name).collect();
            Wrong::at(
                front.clone(),
                format!("there is no knob `{name}` to turn; there are: {}", known.join(", ")),
            )
        }
    }
}
