//! `faultline search`: whether a protocol can break within bounds, and how.

use std::fmt::Write;

use faultline_check::{Bounds, Request, Search, Verdict};
use faultline_lessons::catalogue;
use faultline_model::{KnobKind, NodeId};
use faultline_sim::{Scenario, Timeline, script};
use miette::{IntoDiagnostic, Result, miette};
use serde::Serialize;

use crate::outcome::{Outcome, print, print_json};
use crate::stopwatch::timed;

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
    /// Operations that may be invoked, taken in turn from what the nodes accept.
    #[arg(long, default_value_t = 0)]
    requests: u8,
    /// The longest run, in steps.
    #[arg(long, default_value_t = 40)]
    depth: u32,
    /// The most states kept.
    #[arg(long, default_value_t = 2_000_000)]
    max_states: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    states: u32,
    depth: u32,
    exhausted: bool,
    states_per_second: u64,
    bounds: Bounds,
    property: Option<String>,
    steps: Option<u32>,
    script: Option<String>,
}

/// Searches and prints; the status says whether the protocol holds.
pub fn run(args: &Args, json: bool) -> Result<Outcome> {
    let scenario = scenario(args)?;
    let world = catalogue::build(&scenario).into_diagnostic()?;
    let bounds = Bounds {
        timeouts: args.timeouts,
        drops: args.drops,
        duplicates: args.duplicates,
        restarts: args.restarts,
        crashes: args.crashes,
        requests: requests(world.as_ref(), args.requests)?,
        depth: args.depth,
        states: args.max_states,
    };
    let mut search = Search::new(world.as_ref(), args.property.as_deref(), bounds).into_diagnostic()?;
    let seconds = timed(|| {
        search.finish();
    })
    .as_secs_f64();
    let verdict = search.finish().clone();
    let progress = search.progress();
    let mut found = Found {
        states: progress.states,
        depth: progress.depth,
        exhausted: verdict == Verdict::Exhausted && !search.cut_off(),
        states_per_second: (f64::from(progress.states) / seconds) as u64,
        bounds: search.bounds().clone(),
        property: None,
        steps: None,
        script: None,
    };
    if let Verdict::Found(counterexample) = &verdict {
        let mut timeline = Timeline::new(scenario, world);
        for action in &counterexample.actions {
            timeline.act(action.clone()).into_diagnostic()?;
        }
        found.property = Some(counterexample.property.clone());
        found.steps = Some(counterexample.steps);
        let expected = format!("expect violated {}\n", counterexample.property);
        found.script = Some(script::export(&mut timeline).to_string() + &expected);
    }
    if json {
        print_json(&found)?
    } else {
        print(&describe(&found))
    }
    Ok(Outcome::of(found.script.is_none()))
}

fn describe(found: &Found) -> String {
    let Found { states, depth, states_per_second, .. } = found;
    let mut text = String::new();
    if let (Some(property), Some(steps), Some(script)) = (&found.property, found.steps, &found.script) {
        let _ = writeln!(text, "# {property} breaks in {steps} steps; no shorter run does it");
        let _ = write!(text, "{script}");
    } else if found.exhausted {
        let _ =
            writeln!(text, "# exhausted: nothing breaks within these bounds, which is no proof beyond them");
    } else {
        let _ = writeln!(
            text,
            "# not exhausted: nothing broke as far as the bounds on states and depth let it look"
        );
    }
    let Bounds { timeouts, drops, duplicates, restarts, crashes, requests, .. } = &found.bounds;
    let _ = writeln!(
        text,
        "# bounds: {timeouts} timeouts, {drops} drops, {duplicates} duplicates, {restarts} restarts, \
         {crashes} crashes, {} requests, {} steps",
        requests.len(),
        found.bounds.depth
    );
    let _ = writeln!(text, "# {states} distinct states, depth {depth}, {states_per_second} states a second");
    text
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

/// Operations for a search: the examples of every node that takes any, in turn.
fn requests(world: &dyn faultline_sim::AnyWorld, count: u8) -> Result<Vec<Request>> {
    let view = world.view();
    let takers = || view.nodes.iter().filter(|node| !node.operations.is_empty());
    // Clients where there are any: they are who asks.
    let clients = takers().any(|node| node.client);
    let offered: Vec<(NodeId, &String)> = takers()
        .filter(|node| node.client == clients)
        .flat_map(|node| node.operations.iter().map(move |op| (node.node, op)))
        .collect();
    if offered.is_empty() && count > 0 {
        return Err(miette!("no node of this protocol takes operations"));
    }
    let chosen = offered.iter().cycle().take(usize::from(count));
    Ok(chosen.map(|&(node, op)| Request { node, op: op.clone() }).collect())
}
