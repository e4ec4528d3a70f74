//! A whole run as data: where it starts, what was done to it, and where the cursor stands.
//!
//! Everything else follows: the same scenario, seed and interventions give the same trace. Runs come
//! from links and files that strangers wrote, so [`Run::check`] bounds everything in them.

use faultline_model::{NodeId, Span, Time};
use serde::{Deserialize, Serialize};

use crate::Action;
use crate::blocked::LONGEST_KIND;
use crate::plan::PlanLine;

mod seed;

/// What a run starts from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scenario {
    /// The protocol's slug: "raft".
    pub protocol: String,
    /// The slug of the lesson that it was opened from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesson: Option<String>,
    /// How many servers; 0 is the protocol's usual number.
    #[serde(default)]
    pub nodes: u16,
    /// The seed of every draw.
    #[serde(default, with = "seed")]
    pub seed: u64,
    /// Knobs that differ from their defaults, in the order in which they are set: name and value.
    #[serde(default)]
    pub set: Vec<(String, String)>,
}

/// One thing that somebody did to a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intervention {
    /// How many events had happened before.
    pub after: u32,
    /// True time at which it was done, microseconds.
    pub at: Time,
    /// What was done.
    pub action: Action,
}

/// A whole run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Run {
    /// The version of the run format, [`Run::VERSION`].
    pub version: u16,
    /// What it starts from.
    pub scenario: Scenario,
    /// What was done to it, in order.
    pub interventions: Vec<Intervention>,
    /// How many events lie before the cursor.
    pub cursor: u32,
    /// How many events have been run.
    pub length: u32,
    /// What is planned, soonest first; what was done of it stands among the interventions, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plan: Vec<PlanLine>,
}

/// Why a run cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// A newer program wrote it.
    #[error("this run was made by a newer Faultline (run format {found}; this one reads {})", Run::VERSION)]
    Newer {
        /// Its format.
        found: u16,
    },
    /// There is too much of something.
    #[error("{what}: {found}, and at most {most} are allowed")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// How much there is.
        found: u64,
        /// How much may be.
        most: u64,
    },
    /// An intervention that no run can contain.
    #[error("intervention {number} {why}")]
    Intervention {
        /// Which, counted from 1.
        number: usize,
        /// What is wrong with it.
        why: String,
    },
    /// What it plans cannot be planned.
    #[error("its plan cannot be: {0}")]
    Plan(#[from] crate::PlanError),
    /// The cursor stands behind the end.
    #[error("the cursor stands at event {cursor}, but the run has only {length}")]
    Cursor {
        /// Where it stands.
        cursor: u32,
        /// How many events there are.
        length: u32,
    },
}

impl Run {
    /// The run format that this program writes, and the newest that it reads.
    pub const VERSION: u16 = 1;
    /// The most servers.
    pub const MAX_NODES: u16 = 1_000;
    /// The most interventions.
    pub const MAX_INTERVENTIONS: usize = 10_000;
    /// The most entries of the plan.
    pub const MAX_PLAN: usize = crate::Plan::MOST;
    /// The most knobs set.
    pub const MAX_SET: usize = 256;
    /// The longest name, knob value or operation, bytes.
    pub const MAX_TEXT: usize = 1_000;
    /// The most events.
    pub const MAX_EVENTS: u32 = crate::timeline::MAX_EVENTS;
    /// The slowest node: per cent of the usual time.
    pub const MAX_SLOW: u32 = 100_000;
    /// The longest that one write can be made to take.
    pub const LONGEST_WRITE: Span = Span::secs(3_600);
    /// The latest time and the longest span, microseconds: ten years, so that no sum overflows.
    pub const MAX_MICROS: u64 = 10 * 365 * 86_400 * 1_000_000;

    /// Whether everything in it is within bounds. Whether the nodes and messages that it names exist is
    /// found out when it is run.
    pub fn check(&self) -> Result<(), RunError> {
        if self.version > Run::VERSION {
            return Err(RunError::Newer { found: self.version });
        }
        self.scenario.check()?;
        at_most("interventions", self.interventions.len() as u64, Run::MAX_INTERVENTIONS as u64)?;
        at_most("events", self.length.into(), Run::MAX_EVENTS.into())?;
        if self.cursor > self.length {
            return Err(RunError::Cursor { cursor: self.cursor, length: self.length });
        }
        let mut before: Option<&Intervention> = None;
        for (i, intervention) in self.interventions.iter().enumerate() {
            let wrong = |why: String| Err(RunError::Intervention { number: i + 1, why });
            // An intervention is itself an event, so no two share a number.
            if before.is_some_and(|before| before.after >= intervention.after || before.at > intervention.at)
            {
                return wrong("does not come after the one before it".to_owned());
            }
            if intervention.after >= self.length {
                return wrong(format!("comes after the end of the run at event {}", self.length));
            }
            if intervention.at.0 > Run::MAX_MICROS {
                return wrong("happens more than ten years after the start".to_owned());
            }
            check_action(&intervention.action).or_else(wrong)?;
            before = Some(intervention);
        }
        at_most("planned entries", self.plan.len() as u64, Run::MAX_PLAN as u64)?;
        let bytes: usize = self.plan.iter().map(|line| line.act.len()).sum();
        at_most("bytes in the plan", bytes as u64, crate::Plan::MAX_BYTES as u64)?;
        crate::Plan::restored(self).map(drop).map_err(RunError::from)
    }
}

impl Scenario {
    /// Whether everything in it is within bounds. Whether its protocol and knobs exist is for the
    /// catalogue to say.
    pub fn check(&self) -> Result<(), RunError> {
        at_most("servers", self.nodes.into(), Run::MAX_NODES.into())?;
        at_most("knobs", self.set.len() as u64, Run::MAX_SET as u64)?;
        let pairs = self.set.iter().flat_map(|(name, value)| [name, value]);
        for text in pairs.chain([&self.protocol]).chain(&self.lesson) {
            at_most("bytes in one name or value", text.len() as u64, Run::MAX_TEXT as u64)?;
        }
        Ok(())
    }
}

fn at_most(what: &'static str, found: u64, most: u64) -> Result<(), RunError> {
    if found > most { Err(RunError::TooMuch { what, found, most }) } else { Ok(()) }
}

/// Whether the numbers of an action are such that the engine can calculate with them.
pub(crate) fn check_action(action: &Action) -> Result<(), String> {
    let span = |micros: u64| {
        if micros > Run::MAX_MICROS { Err("has a time of more than ten years".to_owned()) } else { Ok(()) }
    };
    match action {
        Action::Delay(_, by) => span(by.0),
        Action::Skew(_, offset) | Action::Jump(_, offset) => span(offset.unsigned_abs()),
        Action::DiskLatency(_, Some(latency)) if *latency > Run::LONGEST_WRITE => {
            Err("has a disk that takes more than an hour".to_owned())
        }
        Action::DropAll(_, _, kind) | Action::LetThrough(_, _, kind) if kind.len() > LONGEST_KIND => {
            Err(format!("names a kind of message with more than {LONGEST_KIND} bytes"))
        }
        Action::Bandwidth(_, _, Some(bandwidth)) if !bandwidth.is_sound() => {
            Err("has a bandwidth outside 1B/s to 1000GB/s".to_owned())
        }
        Action::Drift(_, ppm) if ppm.unsigned_abs() > faultline_model::Clock::MAX_DRIFT.unsigned_abs() => {
            Err(format!("has a drift beyond ±{} ppm", faultline_model::Clock::MAX_DRIFT))
        }
        Action::Slow(_, percent) | Action::DiskSlow(_, percent) if !(1..=Run::MAX_SLOW).contains(percent) => {
            Err("has a speed outside 1% to 100000%".to_owned())
        }
        Action::Lose(_, _, chance) if chance.0 > 1_000_000 => Err("loses more than 100%".to_owned()),
        Action::Repeat(_, _, chance) if chance.0 > 1_000_000 => Err("repeats more than 100%".to_owned()),
        Action::Latency(_, _, Some(latency)) => latency.check().map_err(str::to_owned),
        Action::Invoke(_, text) if text.len() > Run::MAX_TEXT => {
            Err(format!("has an operation of more than {} bytes", Run::MAX_TEXT))
        }
        Action::Partition(groups) => check_groups(groups),
        Action::Workload(spec) => spec.check(),
        Action::Lie(_, text) | Action::Skip(text) if text.len() > Run::MAX_TEXT => {
            Err(format!("has a text of more than {} bytes", Run::MAX_TEXT))
        }
        _ => Ok(()),
    }
}

fn check_groups(groups: &[Vec<NodeId>]) -> Result<(), String> {
    let most = usize::from(Run::MAX_NODES);
    if groups.len() > most || groups.iter().map(Vec::len).sum::<usize>() > 2 * most {
        return Err("partitions more nodes than there can be".to_owned());
    }
    Ok(())
}
