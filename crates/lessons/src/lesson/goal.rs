//! What a learner must make true.

use faultline_check::Bounds;
use faultline_sim::Predicate;
use serde::{Deserialize, Serialize};

use super::Settings;
use crate::prose::Inline;

/// Something that the learner must make true, by any route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// Stable short name, `kebab-case`, unique within the lesson.
    pub id: String,
    /// What must become true, in words.
    pub text: Vec<Inline>,
    /// What must become true.
    pub predicate: Predicate,
    /// The least that it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub par: Option<Par>,
    /// The ladder above "the goal with its present truth", from vague to explicit.
    pub hints: Vec<Vec<Inline>>,
    /// A script that reaches it from the step's stage.
    pub solution: String,
    /// A script that a learner might try and that does not reach it.
    pub wrong: String,
    /// What takes it out of reach of its solution: the missing rule, or a right clock. `None` for a goal
    /// that is possible in the correct protocol, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resists: Option<Fix>,
    /// The search that stands behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Searched>,
}

/// A search that stands behind a goal: the system as it is cannot be broken in fewer steps than par, and
/// the mended one not at all, within these bounds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Searched {
    /// The property that is broken or not.
    pub property: String,
    /// A smaller system that shows the same, on top of the step's settings.
    #[serde(default)]
    pub settings: Settings,
    /// What is played first instead of the stage's `before`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// How far it goes; the requests stand in [`Searched::requests`].
    #[serde(default)]
    pub bounds: Bounds,
    /// What may be asked, as "P1: propose A".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<String>,
    /// How many states the mended system has within the bounds; `None` where no rule mends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub states: Option<u32>,
}

/// What mends the system that a goal breaks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// Settings on top of the step's.
    #[serde(default)]
    pub settings: Settings,
    /// What is played first instead of the stage's `before`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
}

/// The least that a goal takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "author", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Par {
    /// Steps: deliveries, timers, invocations, crashes, restarts and local settings. Losing a message
    /// costs none, for it is only never delivered.
    Steps(u32),
    /// Messages dropped.
    Drops(u32),
    /// Faults of any kind.
    Faults(u32),
}
