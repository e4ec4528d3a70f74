//! Typed reflection: any serializable state as one kind of tree, and what changed in it.
//!
//! Nothing here knows a protocol, and nothing parses `Debug`: [`Tree::of`] reads a value through
//! serde, [`rows`] writes it for the inspector, [`Tree::get`] finds a part of it for scripts and
//! goals, [`TreeJson`] hands it to JavaScript.

mod diff;
mod json;
mod path;
mod render;
mod serialize;

use faultline_model::NodeId;

pub use json::TreeJson;
pub use path::Absent;
pub use render::rows;

/// A value as the inspector shows it, scripts compare it and `window.faultline.detail` returns it.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// Nothing: `None`, `()`.
    Nothing,
    /// True or false.
    Flag(bool),
    /// A whole number.
    Int(i64),
    /// A node.
    Node(NodeId),
    /// A point in time or a length of time, microseconds.
    Time(u64),
    /// Text.
    Text(String),
    /// A sequence or a set.
    List(Vec<Tree>),
    /// A map, in key order.
    Map(Vec<(Tree, Tree)>),
    /// Named fields; the name is the struct's or variant's.
    Record(&'static str, Vec<(&'static str, Tree)>),
    /// A variant without named fields: its name and what it holds.
    Variant(&'static str, Vec<Tree>),
}

impl Tree {
    /// Whether it is one value without parts.
    pub fn is_scalar(&self) -> bool {
        match self {
            Tree::List(_) | Tree::Map(_) | Tree::Record(..) => false,
            Tree::Variant(_, held) => held.is_empty(),
            Tree::Nothing | Tree::Flag(_) | Tree::Int(_) | Tree::Node(_) | Tree::Time(_) | Tree::Text(_) => {
                true
            }
        }
    }
}

/// A piece of a rendered value: text, and whether the last event changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it is new or different since the state before.
    pub lit: bool,
}

/// One line of the inspector's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The field's name as in the paper.
    pub label: String,
    /// Its value.
    pub pieces: Vec<Piece>,
    /// Whether anything in it differs from the state before. A removal lights no piece, for what is
    /// gone cannot be lit; it shows here only.
    pub changed: bool,
}

#[cfg(test)]
mod tests;
