//! What a lesson sets on the stage around it, and what it tells of itself.

use faultline_lessons::{Layout, Verb};
use faultline_model::NodeId;
use serde::Serialize;

/// How the stage is set. A lesson writes it; without a lesson everything is allowed.
#[derive(Clone, Debug, PartialEq)]
pub struct Staging {
    /// How the nodes are arranged.
    pub layout: Layout,
    /// The faults on offer; `None` is all of them.
    pub palette: Option<Vec<Verb>>,
    /// Nodes that stay bright while the rest is dimmed; empty dims nothing.
    pub focus: Vec<NodeId>,
    /// Why time must not run yet ("Choose what you expect first."); `None` lets it run.
    pub hold: Option<String>,
}

impl Default for Staging {
    fn default() -> Staging {
        Staging { layout: Layout::Ring, palette: None, focus: vec![], hold: None }
    }
}

impl Staging {
    /// Whether that fault is on offer.
    pub fn offers(&self, verb: Verb) -> bool {
        self.palette.as_ref().is_none_or(|palette| palette.contains(&verb))
    }
}

/// Where the learner stands in the lesson: what `window.faultline.lesson()` returns.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LessonStatus {
    /// The lesson's slug.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The step on screen, from 1.
    pub step: u32,
    /// How many steps there are.
    pub steps: u32,
    /// Locked predictions.
    pub predictions: Vec<PredictionStatus>,
    /// The goals of all steps.
    pub goals: Vec<GoalStatus>,
    /// Whether everything is done.
    pub completed: bool,
}

/// One locked prediction.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PredictionStatus {
    /// In which step, from 1.
    pub step: u32,
    /// What was chosen, in words.
    pub choice: String,
    /// How sure the learner was: "guess", "fairly", "certain".
    pub confidence: String,
    /// Whether it was right.
    pub right: bool,
}

/// One goal.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GoalStatus {
    /// Its id.
    pub id: String,
    /// What must become true, in words.
    pub text: String,
    /// Whether it has been met.
    pub met: bool,
}

/// A move through the lesson's steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// One step on.
    Next,
    /// One step back.
    Back,
}
