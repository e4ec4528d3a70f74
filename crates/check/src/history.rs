//! Recorded histories: what clients asked and what came back, in the order in which it happened.

mod edn;
mod error;
mod line;
mod record;
mod simulated;

use serde::Serialize;

use crate::spec::{Call, Model, Ret, Word};

pub use error::{HistoryError, Trouble};

/// The most operations in a history.
pub const MAX_OPERATIONS: usize = 200_000;

/// What became of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It took effect, and this came back.
    Returned(Ret),
    /// It did not take effect and never will.
    Failed,
    /// Nobody knows: it may take effect at any later time, or never.
    Unknown,
}

/// One operation of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// Who asked.
    pub process: Word,
    /// What was asked.
    pub call: Call,
    /// What became of it.
    pub outcome: Outcome,
    /// The number of the event with which it began; the history's first is 1. No two events have the
    /// same number.
    pub invoked: u32,
    /// The number of the event with which it ended; `None` while its outcome is unknown.
    pub returned: Option<u32>,
}

/// Operations in the order in which they were invoked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct History {
    operations: Vec<Operation>,
    events: u32,
    /// The line of each event in the text that it was read from; empty when there was none.
    lines: Vec<u32>,
}

impl Operation {
    /// Whether it had ended when `other` began.
    pub fn precedes(&self, other: &Operation) -> bool {
        self.returned.is_some_and(|returned| returned < other.invoked)
    }

    /// What it returned, if anybody saw it.
    pub fn result(&self) -> Option<&Ret> {
        match &self.outcome {
            Outcome::Returned(ret) => Some(ret),
            Outcome::Failed | Outcome::Unknown => None,
        }
    }

    /// For people: "process 3: read = 4".
    pub fn describe(&self) -> String {
        let Operation { process, call, outcome, .. } = self;
        match outcome {
            Outcome::Returned(ret @ Ret::Value(_)) => format!("process {process}: {call} = {ret}"),
            Outcome::Returned(Ret::Done) => format!("process {process}: {call}"),
            Outcome::Returned(Ret::Mismatch) => format!("process {process}: {call}, which failed"),
            Outcome::Failed => format!("process {process}: {call}, which had no effect"),
            Outcome::Unknown => format!("process {process}: {call}, outcome unknown"),
        }
    }
}

impl History {
    /// A history of these operations, in the order in which they were invoked.
    pub fn new(operations: Vec<Operation>) -> Result<History, HistoryError> {
        let wrong = |trouble| Err(HistoryError { line: None, trouble });
        if operations.len() > MAX_OPERATIONS {
            return wrong(Trouble::TooMany(MAX_OPERATIONS));
        }
        let mut events: Vec<u32> = operations.iter().map(|operation| operation.invoked).collect();
        let ordered = events.is_sorted();
        events.extend(operations.iter().filter_map(|operation| operation.returned));
        events.sort_unstable();
        let apart = events.windows(2).all(|pair| pair[0] < pair[1]) && events.first() != Some(&0);
        let ends = |operation: &Operation| match operation.returned {
            Some(event) => event > operation.invoked && operation.outcome != Outcome::Unknown,
            None => operation.outcome == Outcome::Unknown,
        };
        match operations.iter().position(|operation| !ends(operation)) {
            _ if !ordered || !apart => wrong(Trouble::Events),
            Some(place) => wrong(Trouble::End { operation: operations[place].describe() }),
            None => Ok(History { events: events.last().copied().unwrap_or(0), operations, lines: vec![] }),
        }
    }

    /// Reads a recorded history: the lines of a Jepsen log, or maps in EDN. It does not matter which
    /// model is meant; see [`History::check_model`].
    ///
    /// A value keeps its text: the number 4 and the string "4" are the same.
    pub fn parse(text: &str) -> Result<History, HistoryError> {
        let records = if edn::looks_like(text) { edn::records(text) } else { line::records(text) };
        record::pair(records?)
    }

    /// The history of a run in the simulator. Of events at the same microsecond, invocations count as
    /// earlier than returns, so that operations which may have overlapped are never said not to have.
    pub fn of_run(operations: &[faultline_sim::Operation]) -> Result<History, HistoryError> {
        simulated::history(operations)
    }

    /// The operations, in the order in which they were invoked.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// What it was after so many events: later ones have not happened yet.
    pub fn prefix(&self, events: u32) -> History {
        let begun = self.operations.iter().filter(|operation| operation.invoked <= events);
        let operations = begun.map(|operation| match operation.returned {
            Some(returned) if returned > events => {
                Operation { outcome: Outcome::Unknown, returned: None, ..operation.clone() }
            }
            _ => operation.clone(),
        });
        let lines = self.lines.iter().copied().take(events as usize).collect();
        History { operations: operations.collect(), events: events.min(self.events), lines }
    }

    /// How many events there are: invocations, returns, and failures to know.
    pub fn events(&self) -> u32 {
        self.events
    }

    /// The line on which an event stands in the text that was read; `None` when nothing was read.
    pub fn line(&self, event: u32) -> Option<u32> {
        self.lines.get((event as usize).checked_sub(1)?).copied()
    }

    /// Whether every operation can be asked of that model; names the first that cannot.
    pub fn check_model(&self, model: Model) -> Result<(), HistoryError> {
        let stranger = self.operations.iter().find(|operation| !model.takes(&operation.call.verb));
        stranger.map_or(Ok(()), |operation| {
            let trouble = Trouble::Verb { call: operation.call.to_string(), model, verbs: model.verbs() };
            Err(HistoryError { line: self.line(operation.invoked), trouble })
        })
    }
}
