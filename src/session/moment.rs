//! The values that a session's signals hold.

use std::sync::Arc;

use faultline_model::{MsgId, NodeId, Time};
use faultline_sim::WorldView;

use super::Grave;

/// Everything that changes with the cursor.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// The world at the cursor.
    pub view: Arc<WorldView>,
    /// Counts changes of any kind.
    pub revision: u64,
    /// Counts changes of the events themselves.
    pub story: u64,
    /// How many events lie before the cursor.
    pub cursor: u32,
    /// How many events this branch has.
    pub len: u32,
    /// Whether a run is loaded.
    pub loaded: bool,
    /// When the next event is due, unless somebody intervenes.
    pub next_due: Option<Time>,
    /// Where messages have just died, oldest first.
    pub graves: Vec<Grave>,
}

impl Moment {
    /// Before any run.
    pub fn empty() -> Moment {
        Moment {
            view: Arc::new(WorldView::default()),
            revision: 0,
            story: 0,
            cursor: 0,
            len: 0,
            loaded: false,
            next_due: None,
            graves: vec![],
        }
    }
}

/// Something that has a mark in more than one pane.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// A node.
    Node(NodeId),
    /// A message in flight.
    Msg(MsgId),
    /// A directed link.
    Link(NodeId, NodeId),
    /// An event, counted from 1.
    Event(u32),
    /// Every node in that role.
    Role(String),
    /// Everything of that term, ballot, view.
    Epoch(u64),
    /// Every message of that kind ("AppendEntries").
    Kind(String),
}

/// The views of the run that share the lower pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lower {
    /// The space-time diagram.
    Spacetime,
    /// The nodes' own logs.
    Logs,
    /// The trace of a client's request.
    Trace,
    /// Two branches side by side.
    Compare,
}

impl Lower {
    /// All of them, in their order.
    pub const ALL: [Lower; 4] = [Lower::Spacetime, Lower::Logs, Lower::Trace, Lower::Compare];

    /// What its tab is called.
    pub fn name(self) -> &'static str {
        match self {
            Lower::Spacetime => "Space-time",
            Lower::Logs => "Logs",
            Lower::Trace => "Trace",
            Lower::Compare => "Compare",
        }
    }
}

/// How fast time runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// So many simulated seconds a second.
    Scaled(f64),
    /// Every event takes the same time, whatever lies between.
    ByEvent,
}

impl Default for Speed {
    fn default() -> Speed {
        Speed::Scaled(0.05)
    }
}

impl Speed {
    /// What the learner can choose from, slowest first.
    pub const CHOICES: [Speed; 10] = [
        Speed::ByEvent,
        Speed::Scaled(0.001),
        Speed::Scaled(0.005),
        Speed::Scaled(0.01),
        Speed::Scaled(0.02),
        Speed::Scaled(0.05),
        Speed::Scaled(0.1),
        Speed::Scaled(0.5),
        Speed::Scaled(1.0),
        Speed::Scaled(10.0),
    ];

    /// As it stands in addresses: "0.05", "event".
    pub fn word(self) -> String {
        match self {
            Speed::Scaled(factor) => factor.to_string(),
            Speed::ByEvent => "event".to_owned(),
        }
    }

    /// As people read it: "×0.05".
    pub fn label(self) -> String {
        match self {
            Speed::Scaled(factor) => format!("×{factor}"),
            Speed::ByEvent => "by event".to_owned(),
        }
    }

    /// Reads [`Speed::word`], and any factor from 0.001 to 10.
    pub fn parse(word: &str) -> Option<Speed> {
        if word == "event" {
            return Some(Speed::ByEvent);
        }
        let factor: f64 = word.trim_start_matches('×').parse().ok()?;
        (0.001..=10.0).contains(&factor).then_some(Speed::Scaled(factor))
    }
}

/// How urgent a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Info,
    /// Something asked for was not done.
    Warning,
}

/// A message above the stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Counts notices.
    pub id: u32,
    /// How urgent it is.
    pub tone: Tone,
    /// What it says.
    pub text: String,
}

/// So many at once: an address can have a warning for each of its eight parameters.
const MOST_NOTICES: usize = 8;

impl Notice {
    /// Adds a notice; the oldest goes when there are too many, and so does one that said the same.
    pub fn push(notices: &mut Vec<Notice>, tone: Tone, text: String) {
        let id = notices.last().map_or(1, |last| last.id + 1);
        notices.retain(|notice| notice.text != text);
        notices.push(Notice { id, tone, text });
        if notices.len() > MOST_NOTICES {
            notices.remove(0);
        }
    }
}
