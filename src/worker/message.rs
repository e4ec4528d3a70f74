//! What the page and the worker say to each other, as plain data.

use faultline_check::{Bounds, Forecast};
use faultline_experiments::Report;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

/// What the worker is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Asked {
    /// To search.
    Search(Question),
    /// To measure what a source claims.
    Measure(Trials),
}

/// What the worker says, until it has answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Heard {
    /// It has started and can be asked.
    Ready,
    /// It cannot do what it was asked, or has stopped by a mistake.
    Failed(String),
    /// Of a search.
    Search(Told),
    /// Of an experiment: what is known so far.
    Measured(Box<Measured>),
}

/// Which trials are to be performed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trials {
    /// The experiment's slug.
    pub slug: String,
    /// How many each curve has; the experiment's own number if `None`.
    pub trials: Option<u32>,
    /// The seed; the experiment's own if `None`.
    pub seed: Option<u64>,
}

/// How far an experiment has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Trials that are done.
    pub done: u64,
    /// Of so many.
    pub count: u64,
    /// How long it has been at it, milliseconds.
    pub millis: f64,
    /// What is known so far; all, once all are done.
    pub report: Report,
}

/// What is to be searched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The run that is searched from its cursor, as the text of a link.
    pub run: String,
    /// The property that is to be broken; `None` is any that must always hold.
    pub property: Option<String>,
    /// How far to look.
    pub bounds: Bounds,
    /// The most memory that the search may take, MiB.
    pub memory: u32,
}

/// What is told of a search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Told {
    /// The worker has started and can be asked.
    Ready,
    /// How far the search has come.
    Progress(Reached),
    /// It has ended.
    Done(Box<Answer>),
    /// It cannot begin, or has stopped by a mistake.
    Failed(String),
}

/// How far a search has come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reached {
    /// Distinct states seen.
    pub states: u32,
    /// Steps from where it began.
    pub depth: u32,
    /// How long it has been at it, milliseconds.
    pub millis: f64,
    /// Memory taken, MiB.
    pub memory: u32,
    /// What is to be expected, if that is more than the bounds on states allow.
    pub forecast: Option<Forecast>,
}

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// It found a run that breaks a property.
    Found,
    /// Everything within the bounds was tried.
    Exhausted,
    /// Everything was tried up to the longest run allowed, and longer ones are possible.
    TooDeep,
    /// It reached the most states.
    TooManyStates,
    /// It reached the most memory.
    OutOfMemory,
}

/// What a search came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// How it ended.
    pub ended: Ended,
    /// How far it came.
    pub reached: Reached,
    /// The bounds, in words.
    pub bounds: String,
    /// What it found.
    pub found: Option<Finding>,
}

/// A run that breaks a property.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Which one.
    pub property: String,
    /// How many steps it takes; a crash with its restart is one.
    pub steps: u32,
    /// The whole run as the text of a link; its cursor stands before the last event.
    pub run: String,
    /// After how many of its events the search began.
    pub base: u32,
    /// The whole run as a script.
    pub script: String,
    /// What happens after that, event by event, in sentences.
    pub story: Vec<String>,
}

impl Reached {
    /// States per second.
    pub fn rate(&self) -> f64 {
        if self.millis > 0.0 { f64::from(self.states) * 1_000.0 / self.millis } else { 0.0 }
    }
}

/// A message as it travels.
pub fn pack(message: &impl Serialize) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    message.serialize(&serializer).unwrap_or_default()
}
