//! `faultline run`: a scenario, played, a sentence an event; the last line is the digest.

use std::path::PathBuf;

use faultline_lessons::{catalogue, content};
use faultline_model::{Span, Time};
use faultline_sim::{
    Chaos, MAX_EVENTS, Scenario, Script, ScriptError, ScriptFailure, Timeline, script::Header,
};
use miette::{IntoDiagnostic, LabeledSpan, MietteDiagnostic, NamedSource, Report, Result, miette};
use serde::Serialize;

use crate::input;
use crate::outcome::{Outcome, print, print_json};

/// The arguments of `faultline run`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A lesson's or a protocol's slug; not needed when the script says `protocol …`.
    what: Option<String>,
    /// The seed of every draw.
    #[arg(long)]
    seed: Option<u64>,
    /// How many servers.
    #[arg(long)]
    nodes: Option<u16>,
    /// A knob, such as `election-min=150ms`; may be given more than once.
    #[arg(long = "set", value_name = "KNOB=VALUE", value_parser = knob)]
    set: Vec<(String, String)>,
    /// A script to play; `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    /// Random faults from a seed, planned before the run begins, such as
    /// "10/min crash partition down 1 within 5s until 30s seed 7".
    #[arg(long, value_name = "CHAOS", value_parser = chaos)]
    chaos: Option<Chaos>,
    /// Run to this simulated time.
    #[arg(long, value_name = "TIME", value_parser = str::parse::<Span>, conflicts_with = "events")]
    until: Option<Span>,
    /// Run this many events.
    #[arg(long, value_parser = clap::value_parser!(u32).range(0..=i64::from(MAX_EVENTS)))]
    events: Option<u32>,
}

/// A knob and its value, as `--set` takes them.
pub fn knob(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) => Ok((name.trim().to_owned(), value.trim().to_owned())),
        None => Err("write it as knob=value, such as election-min=150ms".to_owned()),
    }
}

/// Random faults as `--chaos` takes them: what a script says behind `chaos`.
fn chaos(text: &str) -> Result<Chaos, String> {
    text.parse().map_err(|error: ScriptError| match error.help.as_str() {
        "" => error.message,
        help => format!("{}; {help}", error.message),
    })
}

#[derive(Serialize)]
struct Printed {
    scenario: Scenario,
    events: Vec<Line>,
    failure: Option<String>,
    trace: String,
    algorithm: &'static str,
}

#[derive(Serialize)]
struct Line {
    event: u32,
    time: u64,
    node: String,
    text: String,
    source: String,
}

/// How far a run goes when nothing says otherwise.
const USUAL: Time = Time(1_000_000);

/// Plays and prints.
pub fn run(args: &Args, json: bool) -> Result<Outcome> {
    let script = args.script.as_ref().map(|path| read_script(path)).transpose()?;
    let scenario = scenario(args, script.as_ref())?;
    let world = catalogue::build(&scenario).into_diagnostic()?;
    let mut timeline = Timeline::new(scenario, world);
    if let Some(chaos) = &args.chaos {
        timeline.plan_chaos(chaos).into_diagnostic()?;
    }
    let failure = script.as_ref().and_then(|script| script.run(&mut timeline).err());
    if failure.is_none() {
        go_on(args, script.is_some(), &mut timeline)?;
    }
    if json {
        print_json(&printed(&timeline, failure.as_ref()))?;
    } else {
        print_trace(&timeline, failure.as_ref());
    }
    Ok(Outcome::of(failure.is_none()))
}

fn go_on(args: &Args, scripted: bool, timeline: &mut Timeline) -> Result<()> {
    let until = match (args.until, args.events) {
        (_, Some(events)) => {
            while timeline.len() < events && timeline.step().is_some() {}
            return Ok(());
        }
        (Some(span), None) => Time(span.0),
        (None, None) if scripted => return Ok(()),
        (None, None) => USUAL,
    };
    if timeline.world().now() < until && !timeline.run_to(until, MAX_EVENTS) {
        return Err(miette!("{MAX_EVENTS} events happen before {until}: a run has at most so many"));
    }
    Ok(())
}

/// Arguments win over the script's header, and that over the lesson.
fn scenario(args: &Args, script: Option<&Script>) -> Result<Scenario> {
    let mut scenario = match &args.what {
        Some(slug) if catalogue::find(slug).is_ok() => {
            Scenario { protocol: slug.clone(), ..Scenario::default() }
        }
        Some(slug) => match content::lesson(slug) {
            Some(lesson) => {
                let lesson = lesson.into_diagnostic()?;
                lesson.scenario(&lesson.settings_at(0))
            }
            None => return Err(unknown(slug)),
        },
        None => Scenario::default(),
    };
    for header in script.into_iter().flat_map(Script::header) {
        match header {
            Header::Protocol(slug) => scenario.protocol.clone_from(slug),
            Header::Lesson(slug) => scenario.lesson = Some(slug.clone()),
            Header::Nodes(nodes) => scenario.nodes = *nodes,
            Header::Seed(seed) => scenario.seed = *seed,
            Header::Set(name, value) => scenario.set.push((name.clone(), value.clone())),
        }
    }
    if scenario.protocol.is_empty() {
        return Err(miette!(
            "say what to run: a lesson, a protocol, or a script that begins with `protocol …`"
        ));
    }
    scenario.nodes = args.nodes.unwrap_or(scenario.nodes);
    scenario.seed = args.seed.unwrap_or(scenario.seed);
    scenario.set.extend(args.set.iter().cloned());
    if scenario.nodes == 0 {
        let entry = catalogue::find(&scenario.protocol).into_diagnostic()?;
        scenario.nodes = entry.default_nodes().into_diagnostic()? as u16;
    }
    Ok(scenario)
}

fn unknown(slug: &str) -> Report {
    let protocols = catalogue::protocols().iter().map(|entry| entry.slug);
    let lessons = content::FILES.iter().filter_map(|(file, _)| file.rsplit('/').next()?.strip_suffix(".md"));
    let known: Vec<&str> = lessons.chain(protocols).collect();
    miette!("there is no lesson or protocol `{slug}`; there are: {}", known.join(", "))
}

fn read_script(path: &std::path::Path) -> Result<Script> {
    let text = input::read(path)?;
    parse_script(&path.display().to_string(), &text)
}

/// A script, or an error that shows the place.
pub fn parse_script(file: &str, text: &str) -> Result<Script> {
    Script::parse(text).map_err(|error| {
        let mut diagnostic = MietteDiagnostic::new(error.to_string())
            .with_label(LabeledSpan::at(error.span.clone(), error.message.clone()));
        if !error.help.is_empty() {
            diagnostic = diagnostic.with_help(error.help.clone());
        }
        Report::new(diagnostic).with_source_code(NamedSource::new(file, text.to_owned()))
    })
}

fn lines(timeline: &Timeline) -> impl Iterator<Item = Line> + '_ {
    (1..=timeline.len()).filter_map(|event| {
        let record = timeline.events()[event as usize - 1];
        let sentence = timeline.narrate(event)?;
        Some(Line {
            event,
            time: record.at.0,
            node: timeline.world().cast().name(record.node).to_owned(),
            text: sentence.text,
            source: sentence.source,
        })
    })
}

fn printed(timeline: &Timeline, failure: Option<&ScriptFailure>) -> Printed {
    Printed {
        scenario: timeline.scenario().clone(),
        events: lines(timeline).collect(),
        failure: failure.map(ToString::to_string),
        trace: timeline.digest_text(),
        algorithm: Timeline::DIGEST,
    }
}

fn print_trace(timeline: &Timeline, failure: Option<&ScriptFailure>) {
    for Line { event, time, text, source, .. } in lines(timeline) {
        let source = if source.is_empty() { source } else { format!("  [{source}]") };
        print(&format!("{event:>7}  {:>12}  {text}{source}\n", Time(time).to_string()));
    }
    if let Some(failure) = failure {
        print(&format!("failed: {failure}\n"));
    }
    print(&format!("trace {}\n", timeline.digest_text()));
}
