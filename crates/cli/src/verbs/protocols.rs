//! `faultline protocols`: what can be run, and what can be set.

use std::fmt::Write;

use faultline_lessons::catalogue::{self, KnobInfo, ProtocolInfo};
use faultline_model::KnobKind;
use miette::{IntoDiagnostic, Result};

use crate::outcome::{Outcome, print, print_json};

/// The arguments of `faultline protocols`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only these protocols; all of them when none is named.
    protocols: Vec<String>,
}

/// Lists protocols with knobs, rules and properties.
pub fn run(args: &Args, json: bool) -> Result<Outcome> {
    let slugs: Vec<&str> = if args.protocols.is_empty() {
        catalogue::protocols().iter().map(|entry| entry.slug).collect()
    } else {
        args.protocols.iter().map(String::as_str).collect()
    };
    let infos: Vec<ProtocolInfo> =
        slugs.into_iter().map(catalogue::describe).collect::<Result<_, _>>().into_diagnostic()?;
    if json {
        print_json(&infos)?;
    } else {
        print(&infos.iter().map(describe).collect::<Vec<_>>().join("\n"));
    }
    Ok(Outcome::Holds)
}

fn describe(info: &ProtocolInfo) -> String {
    let mut text = format!("{}  {}: {}\n", info.slug, info.name, info.claim);
    let _ = writeln!(text, "  source      {}", info.source);
    let _ = writeln!(text, "  nodes       {} unless said otherwise", info.nodes);
    for operation in &info.operations {
        let who = if operation.client { "client" } else { "server" };
        let _ = writeln!(text, "  operation   {} (at a {who})", operation.example);
    }
    for knob in &info.knobs {
        let _ = writeln!(text, "  knob        {}", describe_knob(knob));
    }
    for rule in &info.rules {
        let _ = writeln!(text, "  rule        {}: {} [{}]", rule.id, rule.sentence, rule.source);
    }
    for property in &info.properties {
        let _ = writeln!(text, "  property    {}: {} [{}]", property.id, property.sentence, property.source);
    }
    text
}

fn describe_knob(knob: &KnobInfo) -> String {
    let range = match knob.knob.kind {
        KnobKind::Flag => "on, off".to_owned(),
        KnobKind::Rule { rule } => format!("on, off: the rule {rule}"),
        KnobKind::Span { min, max } => format!("{min} to {max}"),
        KnobKind::Count { min, max } => format!("{min} to {max}"),
        KnobKind::Chance => "0% to 100%".to_owned(),
        KnobKind::Choice { options } => options.join(", "),
        KnobKind::Latency => "a distribution".to_owned(),
        KnobKind::Bandwidth => "bytes or bits a second, or unlimited".to_owned(),
    };
    format!("{} = {} ({range}) {}", knob.knob.name, knob.default, knob.knob.about)
}
