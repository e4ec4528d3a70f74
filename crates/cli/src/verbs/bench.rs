//! `faultline bench`: how fast the engine is on this machine.

use std::fmt::Write;
use std::hint::black_box;
use std::time::Duration;

use faultline_lessons::catalogue;
use faultline_sim::{AnyWorld, Scenario, Timeline, What};
use miette::{IntoDiagnostic, Result};
use serde::Serialize;

use crate::outcome::{Outcome, print, print_json};
use crate::stopwatch::timed;

/// The arguments of `faultline bench`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The protocol to measure.
    #[arg(long, default_value = "raft")]
    protocol: String,
    /// How many servers; the protocol's own number unless given.
    #[arg(long)]
    nodes: Option<u16>,
    /// How many deliveries each measurement makes.
    #[arg(long, default_value_t = 2_000_000, value_parser = clap::value_parser!(u32).range(1_000..=20_000_000))]
    deliveries: u32,
}

/// What was measured.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    protocol: String,
    nodes: u16,
    deliveries: u32,
    /// Deliveries a second without history.
    bare_per_second: u64,
    /// Deliveries a second with events and checkpoints kept.
    with_time_travel_per_second: u64,
    /// Events in the run that seeks are measured on.
    events: u32,
    /// Nanoseconds for one fork of the whole world.
    fork_nanoseconds: u64,
    /// Microseconds for a seek to a random event: mean and longest of 200.
    seek_mean_microseconds: u64,
    seek_longest_microseconds: u64,
    /// Microseconds for one step back at the end of the run, mean of 200.
    back_mean_microseconds: u64,
}

/// Measures and prints.
pub fn run(args: &Args, json: bool) -> Result<Outcome> {
    let entry = catalogue::find(&args.protocol).into_diagnostic()?;
    let nodes = args.nodes.unwrap_or(entry.default_nodes().into_diagnostic()? as u16);
    let scenario = Scenario { protocol: args.protocol.clone(), nodes, seed: 42, lesson: None, set: vec![] };
    let build = || catalogue::build(&scenario).into_diagnostic();

    let mut bare = build()?;
    let bare_time = timed(|| deliver(bare.as_mut(), args.deliveries));
    let mut timeline = Timeline::new(scenario.clone(), build()?);
    let kept_time = timed(|| deliver_with_history(&mut timeline, args.deliveries));
    let events = timeline.len();
    let fork_time = timed(|| {
        for _ in 0..10_000 {
            black_box(bare.fork());
        }
    });

    let seeks: Vec<Duration> = (0..200u64)
        .map(|i| {
            // A fixed scatter over the whole run: the fractional parts of multiples of the golden ratio.
            let place = ((i.wrapping_mul(0x9e37_79b9) & 0xffff_ffff) * u64::from(events)) >> 32;
            timed(|| timeline.seek(place as u32))
        })
        .collect();
    timeline.seek(events);
    let back_time = timed(|| {
        for _ in 0..200 {
            black_box(timeline.back());
        }
    });

    let per_second = |time: Duration| (f64::from(args.deliveries) / time.as_secs_f64()) as u64;
    let figures = Figures {
        protocol: args.protocol.clone(),
        nodes,
        deliveries: args.deliveries,
        bare_per_second: per_second(bare_time),
        with_time_travel_per_second: per_second(kept_time),
        events,
        fork_nanoseconds: (fork_time.as_nanos() / 10_000) as u64,
        seek_mean_microseconds: (seeks.iter().sum::<Duration>().as_micros() / 200) as u64,
        seek_longest_microseconds: seeks.iter().max().map_or(0, |longest| longest.as_micros() as u64),
        back_mean_microseconds: (back_time.as_micros() / 200) as u64,
    };
    if json {
        print_json(&figures)?
    } else {
        print(&describe(&figures))
    }
    Ok(Outcome::Holds)
}

fn describe(figures: &Figures) -> String {
    let mut text = String::new();
    let mut line = |label: &str, value: String| {
        let _ = writeln!(text, "{label:<34}{value}");
    };
    line("protocol", format!("{}, {} servers", figures.protocol, figures.nodes));
    line("deliveries a second, bare", figures.bare_per_second.to_string());
    line("deliveries a second, time travel", figures.with_time_travel_per_second.to_string());
    line("fork of the whole world", format!("{} ns", figures.fork_nanoseconds));
    let seeks = format!(
        "{} µs mean, {} µs longest",
        figures.seek_mean_microseconds, figures.seek_longest_microseconds
    );
    line(&format!("seek in {} events", figures.events), seeks);
    line("one event back", format!("{} µs", figures.back_mean_microseconds));
    text
}

/// Runs until so many messages have been delivered, or nothing goes on.
fn deliver(world: &mut dyn AnyWorld, deliveries: u32) {
    let mut left = deliveries;
    while left > 0 {
        match world.step() {
            Some(event) if event.what == What::Delivered => left -= 1,
            Some(_) => {}
            None => return,
        }
    }
}

fn deliver_with_history(timeline: &mut Timeline, deliveries: u32) {
    let mut left = deliveries;
    while left > 0 {
        match timeline.step() {
            Some(event) if event.what == What::Delivered => left -= 1,
            Some(_) => {}
            None => return,
        }
    }
}
