//! What the nodes say, what can be asked of a client, and what is waited for.

use std::fmt;
use std::str::FromStr;

use faultline_model::{NodeId, OpId};
use serde::Serialize;

/// The longest value, in characters.
pub const MAX_VALUE: usize = 32;

/// What monitor, servers and clients say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// Are you there?
    Ping,
    /// Yes.
    Pong,
    /// A client writes.
    Write {
        /// Its operation.
        op: OpId,
        /// The value.
        value: String,
    },
    /// The server has stored it.
    Written {
        /// The client's operation.
        op: OpId,
    },
    /// A client asks whom its server holds to be dead.
    Ask {
        /// Its operation.
        op: OpId,
    },
    /// The server says whom.
    Dead {
        /// The client's operation.
        op: OpId,
        /// Those whom it holds to be dead.
        dead: Vec<NodeId>,
    },
}

/// What nodes wait for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// The next round of pings.
    Ping,
    /// That node has been silent for too long.
    Silent(NodeId),
    /// A client's patience with that operation.
    Patience(OpId),
}

/// What can be asked of a client.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {
    /// Write this value at its server.
    Write(String),
    /// Ask its server whom it holds to be dead.
    Dead,
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Write(value) => write!(f, "write {value}"),
            Op::Dead => f.write_str("dead"),
        }
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        let words: Vec<&str> = text.split_whitespace().take(3).collect();
        let fits = |value: &str| value.chars().count() <= MAX_VALUE && !value.chars().any(char::is_control);
        match words[..] {
            ["dead"] => Ok(Op::Dead),
            ["write", value] if fits(value) => Ok(Op::Write(value.to_owned())),
            _ => Err(format!(
                "write `write red` or `dead`; a value is one word of at most {MAX_VALUE} characters"
            )),
        }
    }
}

/// What the one who asked the client gets back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ret {
    /// The write is stored.
    Ok,
    /// The names of those whom the server holds to be dead.
    Dead(String),
    /// No answer came in time.
    Unknown,
    /// This node is no client.
    Refused,
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ret::Ok => f.write_str("ok"),
            Ret::Dead(names) if names.is_empty() => f.write_str("nobody"),
            Ret::Dead(names) => f.write_str(names),
            Ret::Unknown => f.write_str("unknown"),
            Ret::Refused => f.write_str("refused"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_written_so_that_they_read_back() {
        for text in ["write red", "dead"] {
            assert_eq!(text.parse::<Op>().unwrap().to_string(), text);
        }
        for text in ["", "write", "write a b", "dead S1", "write \u{7}", &format!("write {}", "x".repeat(33))]
        {
            assert!(text.parse::<Op>().unwrap_err().contains("write red"), "{text}");
        }
    }
}
