//! Why a history cannot be used.

use std::fmt;

use crate::spec::Model;

/// Why a history cannot be used, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryError {
    /// The line, counted from 1; `None` when it was not read from a text.
    pub line: Option<u32>,
    /// What is wrong, and what would be right.
    pub trouble: Trouble,
}

impl fmt::Display for HistoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.trouble),
            None => self.trouble.fmt(f),
        }
    }
}

impl std::error::Error for HistoryError {}

/// What is wrong with a history.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// A line of a log that is none.
    #[error(
        "`{0}` is no line of a Jepsen log: write `INFO  jepsen.util - 3 :invoke :write 4`, that is the process, \
             :invoke, :ok, :fail or :info, the function and its value"
    )]
    Line(String),
    /// No EDN.
    #[error("{0}")]
    Edn(String),
    /// An entry that says too little or something else.
    #[error("{0}")]
    Entry(String),
    /// An answer to nothing.
    #[error(
        "process {process} gets an answer ({kind}) but has no operation open: its :invoke must come before"
    )]
    NotOpen {
        /// Whose.
        process: String,
        /// Which kind of answer.
        kind: &'static str,
    },
    /// Two operations of one process at once.
    #[error(
        "process {process} invokes an operation while its last one, of line {since}, is still open: end that one \
             first with :ok, :fail or :info"
    )]
    StillOpen {
        /// Whose.
        process: String,
        /// Where the last one began.
        since: u32,
    },
    /// An answer to another question.
    #[error("process {process} is answered `{answer}`, but what it asked on line {since} was `{asked}`")]
    Answer {
        /// Whose.
        process: String,
        /// What was answered.
        answer: String,
        /// What was asked.
        asked: String,
        /// Where.
        since: u32,
    },
    /// An operation that the model does not have.
    #[error("`{call}` cannot be asked of a {model}: its operations are {verbs}")]
    Verb {
        /// What was asked.
        call: String,
        /// Of what.
        model: Model,
        /// What can be.
        verbs: &'static str,
    },
    /// An operation of a run that no model has.
    #[error(
        "`{0}` is no operation on a register: those are `read x`, `write x=1`, `cas x 1 2` and `delete x`"
    )]
    Call(String),
    /// A value that reads like something else.
    #[error(
        "`{0}` is written as a value, but it also means that there is none, or that nothing was done: write another \
             value"
    )]
    Reserved(String),
    /// Events that are not numbered as they should be.
    #[error(
        "operations must stand in the order of their invocations, and no two events may have the same number, or 0"
    )]
    Events,
    /// An operation whose end does not fit.
    #[error(
        "`{operation}` must end after it began if its outcome is known, and must not end if it is unknown"
    )]
    End {
        /// Which.
        operation: String,
    },
    /// Nothing in it.
    #[error(
        "there is no operation in it: write lines such as `INFO  jepsen.util - 3 :invoke :write 4`, or maps such as \
             `{{:process 3, :type :invoke, :f :write, :value 4}}`"
    )]
    Empty,
    /// More than can be judged.
    #[error("there are more than {0} operations: cut it into shorter histories")]
    TooMany(usize),
}

/// The beginning of a text, for a message.
pub(super) fn shorten(text: &str) -> String {
    let mut shown: String = text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}
