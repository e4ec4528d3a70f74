//! What sites say to each other, what they wait for, and what they can be asked.

use std::fmt;
use std::str::FromStr;

use faultline_model::Time;
use serde::Serialize;

use super::{Key, Update};

/// The longest value, in characters.
pub const MAX_VALUE: usize = 32;

/// What sites say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// Here are rumors.
    Push {
        /// They.
        updates: Vec<Update>,
    },
    /// What rumors have you? Here are mine, if any.
    Pull {
        /// Those of who asks; none where rumors only go to who asks.
        updates: Vec<Update>,
    },
    /// What of a push was news.
    Feedback {
        /// For each update, in order, its key and whether it was known before this round.
        useless: Vec<(Key, bool)>,
    },
    /// Hashes of nodes of the sender's tree, all of one level.
    Hashes {
        /// Number of the node, from 1 at the root, 2 and 3 below it, and its hash.
        nodes: Vec<(u32, u64)>,
    },
    /// Entries of the database.
    Entries {
        /// When they were sent, by the sender's clock.
        at: Time,
        /// Of which leaves of the tree; none means of the whole database.
        leaves: Vec<u32>,
        /// They.
        updates: Vec<Update>,
        /// Whether it answers the other side's entries.
        answer: bool,
    },
}

/// What sites wait for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// A round of rumors begins.
    Round,
    /// Databases are to be compared.
    Compare,
    /// A tombstone may be old enough to be thrown away.
    Collect(Key),
}

/// What can be asked of a site.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {
    /// Give the key this value.
    Write(Key, String),
    /// Take the key away.
    Delete(Key),
    /// The value of the key.
    Read(Key),
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Write(key, value) => write!(f, "write {key}={value}"),
            Op::Delete(key) => write!(f, "delete {key}"),
            Op::Read(key) => write!(f, "read {key}"),
        }
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        let right = || {
            format!(
                "write `write k1=news`, `delete k1` or `read k1`; keys are k1 to k{}, and a value is a word of at \
                 most {MAX_VALUE} characters",
                u16::MAX
            )
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        let key = |text| Key::read(text).ok_or_else(right);
        match words[..] {
            ["read", name] => Ok(Op::Read(key(name)?)),
            ["delete", name] => Ok(Op::Delete(key(name)?)),
            ["write", assignment] => match assignment.split_once('=') {
                Some((name, value)) if !value.is_empty() && value.chars().count() <= MAX_VALUE => {
                    Ok(Op::Write(key(name)?, value.to_owned()))
                }
                _ => Err(right()),
            },
            _ => Err(right()),
        }
    }
}

/// What comes back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ret {
    /// It is written here.
    Ok,
    /// The value, if there is one.
    Value(Option<String>),
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Ret::Ok => "ok",
            Ret::Value(value) => value.as_deref().unwrap_or("nothing"),
        })
    }
}
