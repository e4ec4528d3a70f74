//! What the stage draws of a node and of a message, without knowing the protocol.

use serde::{Deserialize, Serialize};

/// The outline that marks a role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// An ordinary server.
    #[default]
    Circle,
    /// One that leads or coordinates: a circle with a second ring.
    Ringed,
    /// One that stands for something, such as a candidate.
    Hexagon,
    /// A client.
    Square,
    /// A storage or a shared resource.
    Cylinder,
}

/// One of eight hues from Okabe and Ito's palette; the style sheet says which colour it is.
///
/// Hues never carry meaning alone: a role has its word and shape, a message its verb.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hue {
    /// Sky blue: the ordinary role.
    #[default]
    Sky,
    /// Orange: the one that leads.
    Amber,
    /// Pink: the one that stands for election.
    Rose,
    /// Violet: votes and ballots.
    Violet,
    /// Teal: data being copied.
    Teal,
    /// Green: success, decided.
    Green,
    /// Red: failure, refusal.
    Red,
    /// Grey: nothing special.
    Grey,
}

/// A short labelled value under a node: `votes 2/3`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cell {
    /// What it is, one word.
    pub label: String,
    /// Its value, short.
    pub text: String,
    /// What is drawn instead of the text where there is room: a log, one box an entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boxes: Vec<CellBox>,
}

impl Cell {
    /// A cell.
    pub fn new(label: &str, text: impl ToString) -> Cell {
        Cell { label: label.to_owned(), text: text.to_string(), boxes: vec![] }
    }

    /// A cell that is drawn as a row of boxes; the text says the same in words.
    pub fn row(label: &str, text: impl ToString, boxes: Vec<CellBox>) -> Cell {
        Cell { boxes, ..Cell::new(label, text) }
    }
}

/// One box of a row: an entry of a log.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CellBox {
    /// What stands in it, one to three characters.
    pub text: String,
    /// The epoch whose colour it has.
    pub epoch: Option<u64>,
    /// Whether it is final, such as committed: a filled box.
    pub firm: bool,
}

/// A node at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Glance {
    /// The role in one word of the field: "leader".
    pub role: String,
    /// The shape of that role.
    pub shape: Shape,
    /// The hue of that role.
    pub hue: Hue,
    /// Term, ballot, view or version, where the protocol has one: drawn as a colour and a number.
    pub epoch: Option<u64>,
    /// What the epoch is called: "term". Empty when there is none.
    pub epoch_name: &'static str,
    /// At most three short values under the node.
    pub cells: Vec<Cell>,
    /// The timer that the arc round the node shows, by its kind name; none draws no arc.
    pub arc: Option<&'static str>,
}

/// A message at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Caption {
    /// What it does, in a word or two: "grant vote". Together with `text` it is the label on stage.
    pub verb: String,
    /// What it carries, short: "x=7".
    pub text: String,
    /// Hue of this kind of message.
    pub hue: Hue,
    /// Whether it answers another message: answers are drawn hollow.
    pub reply: bool,
}
