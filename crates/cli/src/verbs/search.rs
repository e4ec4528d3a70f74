//! `faultline search`: whether a protocol can break within bounds, and how.

use std::fmt::Write;

use faultline_check::bounded::Limits;
use faultline_check::{Bounds, Counterexample, Search, SearchError, Verdict, offered_requests, play, shrink};
use faultline_lessons::catalogue;
use faultline_model::{KnobKind, Span};
use faultline_sim::{AnyWorld, Scenario, Timeline, script};
use miette::{IntoDiagnostic, Result, miette};
use serde::Serialize;

use crate::memory::mebibytes;
use crate::outcome::{Outcome, print, print_json};
use crate::stopwatch::timed;
use crate::together;

/// The arguments of `faultline search`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The protocol's slug.
    protocol: String,
    /// A rule to switch off, by its name; may be given more than once.
    #[arg(long = "off", value_name = "RULE")]
    off: Vec<String>,
    /// A knob, such as `clients=0`; may be given more than once.
    #[arg(long = "set", value_name = "KNOB=VALUE", value_parser = super::run::knob)]
    set: Vec<(String, String)>,
    /// The property that is to be broken; any unless given.
    #[arg(long)]
    property: Option<String>,
    /// How many servers.
    #[arg(long, default_value_t = 3)]
    nodes: u16,
    /// Timers that may fire, in any order.
    #[arg(long, default_value_t = 2)]
    timeouts: u8,
    /// Messages that may be dropped.
    #[arg(long, default_value_t = 0)]
    drops: u8,
    /// Messages that may be duplicated.
    #[arg(long, default_value_t = 0)]
    duplicates: u8,
    /// Nodes that may crash for good.
    #[arg(long, default_value_t = 0)]
    crashes: u8,
    /// Nodes that may crash and restart with their disks.
    #[arg(long, default_value_t = 0)]
    restarts: u8,
    /// Drops, duplicates, crashes and restarts altogether.
    #[arg(long, default_value_t = u8::MAX, hide_default_value = true)]
    faults: u8,
    /// Operations that may be invoked, taken in turn from what the nodes accept.
    #[arg(long, default_value_t = 0)]
    requests: u8,
    /// Timers fire in the order of the nodes' clocks, and not at any time.
    #[arg(long)]
    clocks: bool,
    /// The most messages in flight; more is a violation of its own, `bounded`.
    #[arg(long)]
    most_in_flight: Option<u32>,
    /// The most inputs that may wait at a node; more is a violation of its own, `bounded`.
    #[arg(long)]
    most_waiting: Option<u32>,
    /// States that differ only in the names of interchangeable nodes count one by one.
    #[arg(long)]
    no_symmetry: bool,
    /// The longest run, in steps.
    #[arg(long, default_value_t = 40)]
    depth: u32,
    /// The most states kept.
    #[arg(long, default_value_t = 2_000_000)]
    max_states: u32,
    /// The most memory, MiB.
    #[arg(long, default_value_t = 4_096)]
    memory: u64,
    /// Which runs are tried first.
    #[arg(long, value_enum, default_value_t)]
    order: Tried,
    /// How many threads; the answer is the same. All cores unless given.
    #[arg(long)]
    threads: Option<usize>,
}

/// Which runs are tried first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Tried {
    /// The shortest: what is found is one of the shortest.
    #[default]
    Breadth,
    /// The longest: little is kept open, and what is found is shrunk until every action is needed.
    Depth,
    /// All of one step, then all of two …: one of the shortest, in the least memory, and slower.
    Deepening,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    states: u32,
    depth: u32,
    exhausted: bool,
    states_per_second: u64,
    /// Whether the bound on memory ended it.
    out_of_memory: bool,
    bounds: Bounds,
    property: Option<String>,
    steps: Option<u32>,
    script: Option<String>,
}

/// Searches and prints; the status says whether the protocol holds.
pub fn run(args: &Args, json: bool) -> Result<Outcome> {
    let scenario = scenario(args)?;
    let world = catalogue::build(&scenario).into_diagnostic()?;
    let bounds = bounds(args, world.as_ref())?;
    let new = |world: &dyn AnyWorld| {
        let search = Search::new(world, args.property.as_deref(), bounds.clone())?;
        Ok::<Search, SearchError>(match args.order {
            Tried::Breadth => search,
            Tried::Depth => search.depth_first(),
            Tried::Deepening => search.deepening(),
        })
    };
    let mut search = new(world.as_ref()).into_diagnostic()?;
    let again = || {
        // What could be begun once can be begun again.
        let world = catalogue::build(&scenario).expect("the same scenario");
        new(world.as_ref()).expect("the same search")
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = if args.order == Tried::Breadth { args.threads.unwrap_or(cores).clamp(1, 64) } else { 1 };
    let full = || mebibytes() > args.memory;
    let mut out_of_memory = false;
    let seconds = timed(|| {
        if threads > 1 {
            out_of_memory = together::search(&mut search, threads, &again, &full);
        }
        while search.go_on(256).is_none() {
            if full() {
                out_of_memory = true;
                search.give_up();
            }
        }
    })
    .as_secs_f64();
    let verdict = search.finish().clone();
    let progress = search.progress();
    let mut found = Found {
        states: progress.states,
        depth: progress.depth,
        exhausted: verdict == Verdict::Exhausted && !search.cut_off(),
        states_per_second: (f64::from(progress.states) / seconds) as u64,
        out_of_memory,
        bounds: search.bounds().clone(),
        property: None,
        steps: None,
        script: None,
    };
    if let Verdict::Found(counterexample) = verdict {
        found.tell(args, scenario, world, counterexample)?;
    }
    if json {
        print_json(&found)?
    } else {
        print(&describe(&found, args.order))
    }
    Ok(Outcome::of(found.script.is_none()))
}

impl Found {
    /// Puts the counterexample into words that `run` replays.
    fn tell(
        &mut self,
        args: &Args,
        scenario: Scenario,
        world: Box<dyn AnyWorld>,
        counterexample: Counterexample,
    ) -> Result<()> {
        let counterexample = match args.order {
            Tried::Depth => shrink(world.as_ref(), &counterexample),
            Tried::Breadth | Tried::Deepening => counterexample,
        };
        let mut timeline = Timeline::new(scenario, world);
        play(&mut timeline, &counterexample).into_diagnostic()?;
        // A script knows the properties of its protocol, and no limits.
        let expected = match counterexample.property.as_str() {
            Limits::PROPERTY => String::new(),
            property => format!("expect violated {property}\n"),
        };
        self.script = Some(script::export(&mut timeline).to_string() + &expected);
        self.steps = Some(counterexample.steps);
        self.property = Some(counterexample.property);
        Ok(())
    }
}

fn describe(found: &Found, order: Tried) -> String {
    let Found { states, depth, states_per_second, .. } = found;
    let mut text = String::new();
    if let (Some(property), Some(steps), Some(script)) = (&found.property, found.steps, &found.script) {
        let short = match order {
            Tried::Breadth | Tried::Deepening => "no shorter run does it",
            Tried::Depth => "every action of it is needed, but there may be shorter runs",
        };
        let _ = writeln!(text, "# {property} breaks in {steps} steps; {short}");
        let _ = write!(text, "{script}");
    } else if found.exhausted {
        let _ =
            writeln!(text, "# exhausted: nothing breaks within these bounds, which is no proof beyond them");
    } else if found.out_of_memory {
        let _ = writeln!(text, "# not exhausted: nothing broke as far as the bound on memory let it look");
    } else {
        let _ = writeln!(
            text,
            "# not exhausted: nothing broke as far as the bounds on states and depth let it look"
        );
    }
    let _ = writeln!(text, "# bounds: {}", found.bounds.words());
    let _ = writeln!(text, "# {states} distinct states, depth {depth}, {states_per_second} states a second");
    text
}

fn bounds(args: &Args, world: &dyn AnyWorld) -> Result<Bounds> {
    let requests = offered_requests(world, args.requests.into());
    if requests.len() < usize::from(args.requests) {
        return Err(miette!("no node of this protocol takes operations"));
    }
    Ok(Bounds {
        timeouts: args.timeouts,
        drops: args.drops,
        duplicates: args.duplicates,
        restarts: args.restarts,
        crashes: args.crashes,
        faults: args.faults,
        requests,
        clocks: args.clocks,
        symmetry: !args.no_symmetry,
        limits: Limits { in_flight: args.most_in_flight, waiting: args.most_waiting, ..Limits::default() },
        pace: Span::ZERO,
        depth: args.depth,
        states: args.max_states,
    })
}

fn scenario(args: &Args) -> Result<Scenario> {
    let info = catalogue::describe(&args.protocol).into_diagnostic()?;
    let rules = || {
        info.knobs.iter().filter_map(|knob| match knob.knob.kind {
            KnobKind::Rule { rule } => Some((knob.knob.name, rule)),
            _ => None,
        })
    };
    let mut set = args.set.clone();
    for off in &args.off {
        let Some((knob, _)) = rules().find(|(knob, rule)| knob == off || rule == off) else {
            let known: Vec<&str> = rules().map(|(knob, _)| knob).collect();
            return Err(miette!(
                "{} has no rule `{off}` to switch off; there are: {}",
                info.name,
                known.join(", ")
            ));
        };
        set.push((knob.to_owned(), "off".to_owned()));
    }
    let protocol = args.protocol.clone();
    Ok(Scenario { protocol, lesson: None, nodes: args.nodes, seed: 1, set })
}
