//! What replicas and clients say, and what can be asked of a client.

use std::fmt;
use std::str::FromStr;

use faultline_model::{OpId, SortedSet};
use serde::Serialize;

use super::clock::Clock;
use super::replica::Version;

/// The longest item, in characters.
pub const MAX_ITEM: usize = 32;

/// What replicas and clients say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// A client asks for the cart.
    Get {
        /// Its operation.
        op: OpId,
    },
    /// All versions that the replica keeps.
    Versions {
        /// The client's operation.
        op: OpId,
        /// The versions.
        versions: Vec<Version>,
    },
    /// A client writes the cart.
    Put {
        /// Its operation.
        op: OpId,
        /// The whole cart.
        items: SortedSet<String>,
        /// The clock of what it has read.
        context: Clock,
    },
    /// The write is stored.
    Stored {
        /// The client's operation.
        op: OpId,
        /// All versions that the replica then keeps.
        versions: Vec<Version>,
    },
    /// A replica tells another what it keeps: with a write all that is not replaced by it, so that a counter in
    /// a clock always stands for all smaller ones, too.
    Replicate {
        /// The versions.
        versions: Vec<Version>,
    },
}

/// What nodes wait for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// A client stops waiting for an answer.
    Timeout,
}

/// What can be asked of a client.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {
    /// Add an item to the cart.
    Add {
        /// What.
        item: String,
        /// The replica that coordinates the write.
        at: String,
        /// Whether the client forgets what it has read.
        blindly: bool,
    },
    /// Read the cart.
    Read {
        /// The replica that is asked.
        at: String,
    },
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Add { item, at, blindly: false } => write!(f, "add {item} at {at}"),
            Op::Add { item, at, blindly: true } => write!(f, "add {item} at {at} blindly"),
            Op::Read { at } => write!(f, "read at {at}"),
        }
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        let words: Vec<&str> = text.split_whitespace().take(6).collect();
        let short = |word: &str| word.chars().count() <= MAX_ITEM && !word.chars().any(char::is_control);
        let add =
            |item: &str, at: &str, blindly| Op::Add { item: item.to_owned(), at: at.to_owned(), blindly };
        match words[..] {
            _ if !words.iter().all(|word| short(word)) => {}
            ["add", item, "at", at] => return Ok(add(item, at, false)),
            ["add", item, "at", at, "blindly"] => return Ok(add(item, at, true)),
            ["read", "at", at] => return Ok(Op::Read { at: at.to_owned() }),
            _ => {}
        }
        Err(format!(
            "write `add milk at Sx`, `add milk at Sx blindly` or `read at Sx`; an item is a word of at most \
             {MAX_ITEM} characters"
        ))
    }
}

/// What a client gets back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ret {
    /// The write is stored.
    Ok,
    /// The cart, merged from so many versions.
    Cart(SortedSet<String>, u64),
    /// Nobody answered in time.
    NoAnswer,
    /// That could not be done now.
    Refused,
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ret::Ok => f.write_str("ok"),
            Ret::Cart(items, versions) => {
                let items: Vec<&str> = items.iter().map(String::as_str).collect();
                let cart = if items.is_empty() { "nothing".to_owned() } else { items.join(" ") };
                match versions {
                    0 | 1 => f.write_str(&cart),
                    _ => write!(f, "{cart}, from {versions} siblings"),
                }
            }
            Ret::NoAnswer => f.write_str("no answer"),
            Ret::Refused => f.write_str("refused"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_read_as_they_are_written_and_errors_say_what_would_be_right() {
        for text in ["add milk at Sx", "add milk at Sx blindly", "read at Sy"] {
            assert_eq!(text.parse::<Op>().unwrap().to_string(), text);
        }
        let long = format!("add {} at Sx", "x".repeat(33));
        for text in ["", "add milk", "read Sx", "add a b at Sx", "read at Sx now", &long, "add \u{7} at Sx"] {
            assert!(text.parse::<Op>().unwrap_err().contains("`read at Sx`"), "{text}");
        }
    }
}
