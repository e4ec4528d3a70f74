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
    /// A difference of two readings of clocks, microseconds.
    Offset(i64),
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
            Tree::Nothing | Tree::Flag(_) | Tree::Int(_) | Tree::Node(_) => true,
            Tree::Time(_) | Tree::Offset(_) | Tree::Text(_) => true,
        }
    }
}

impl Tree {
    /// How many bytes it takes in a compact binary form like postcard's: whole numbers in seven-bit
    /// groups, texts, lists and maps behind their length, names not at all.
    pub fn bytes(&self) -> u32 {
        let number = |value: u64| (64 - value.leading_zeros()).div_ceil(7).max(1);
        let all = |parts: &[Tree]| parts.iter().fold(0, |sum: u32, part| sum.saturating_add(part.bytes()));
        match self {
            Tree::Nothing | Tree::Flag(_) => 1,
            Tree::Int(value) | Tree::Offset(value) => number((value << 1 ^ value >> 63) as u64),
            Tree::Node(node) => number(node.0.into()),
            Tree::Time(micros) => number(*micros),
            Tree::Text(text) => number(text.len() as u64).saturating_add(text.len() as u32),
            Tree::List(parts) => number(parts.len() as u64).saturating_add(all(parts)),
            Tree::Map(pairs) => pairs.iter().fold(number(pairs.len() as u64), |sum, (key, value)| {
                sum.saturating_add(key.bytes()).saturating_add(value.bytes())
            }),
            Tree::Record(_, fields) => {
                fields.iter().fold(1, |sum, (_, part)| sum.saturating_add(part.bytes()))
            }
            Tree::Variant(_, held) => all(held).saturating_add(1),
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
