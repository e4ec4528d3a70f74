//! What the nodes say, what can be asked of a client, and what they wait for.

use std::fmt;
use std::str::FromStr;

use faultline_model::{OpId, Time};
use serde::Serialize;

use super::Holding;

/// The longest value, in characters.
pub const MAX_VALUE: usize = 32;

/// What clients, the lock service and the storage say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// A client asks for the lock.
    Acquire {
        /// The operation that asks: a repeated request is known by it.
        request: OpId,
        /// When it asks, on its own clock.
        asked: Time,
    },
    /// The lock is the client's for one lease, which cannot have begun before the client asked.
    Granted {
        /// The operation that asked.
        request: OpId,
        /// The number of this grant: higher than that of every earlier one.
        token: u64,
        /// When the client asked, on its own clock.
        asked: Time,
    },
    /// A client asks for a longer lease.
    Renew {
        /// Its token.
        token: u64,
        /// When it asks, on its own clock.
        asked: Time,
    },
    /// The lease begins anew.
    Renewed {
        /// The client's token.
        token: u64,
        /// When it asked, on its own clock.
        asked: Time,
    },
    /// That token is no longer the holder's.
    Lost {
        /// The token.
        token: u64,
    },
    /// A client gives the lock back.
    Release {
        /// Its token.
        token: u64,
    },
    /// A client writes.
    Write {
        /// The operation that writes: a repeated request is known by it.
        request: OpId,
        /// The token under which it believes that it may.
        token: u64,
        /// What it writes.
        value: String,
    },
    /// The storage answers a write.
    Written {
        /// The operation that wrote.
        request: OpId,
        /// The token that it carried.
        token: u64,
        /// Whether the storage took it.
        accepted: bool,
    },
}

impl Msg {
    /// The token that it carries.
    pub fn token(&self) -> Option<u64> {
        match *self {
            Msg::Acquire { .. } => None,
            Msg::Granted { token, .. }
            | Msg::Renew { token, .. }
            | Msg::Renewed { token, .. }
            | Msg::Lost { token }
            | Msg::Release { token }
            | Msg::Write { token, .. }
            | Msg::Written { token, .. } => Some(token),
        }
    }
}

/// What nodes wait for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// The lock service takes the lock back, if the lease of that number is still the one that runs.
    Expiry(u64),
    /// The client gives up the belief that it holds the lock, if it is still that one.
    Lease(Holding),
    /// The client asks for a longer lease.
    Renew,
    /// An answer is overdue.
    Retry,
}

/// What can be asked of a client.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {
    /// Get the lock.
    Lock,
    /// Write this value under the lock.
    Write(String),
    /// Give the lock back.
    Unlock,
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Lock => f.write_str("lock"),
            Op::Write(value) => write!(f, "write {value}"),
            Op::Unlock => f.write_str("unlock"),
        }
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        let words: Vec<&str> = text.split_whitespace().take(3).collect();
        match words[..] {
            ["lock"] => Ok(Op::Lock),
            ["unlock"] => Ok(Op::Unlock),
            ["write", value]
                if value.chars().count() <= MAX_VALUE && !value.chars().any(char::is_control) =>
            {
                Ok(Op::Write(value.to_owned()))
            }
            _ => Err(format!(
                "write `lock`, `write red` or `unlock`; a value is one word of at most {MAX_VALUE} characters"
            )),
        }
    }
}

/// What the one who asked the client gets back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ret {
    /// The client has the lock, with this token.
    Token(u64),
    /// The write is stored, or the lock given back.
    Ok,
    /// The storage did not take the write: its token is too old.
    Rejected,
    /// The client does not believe that it holds the lock.
    NotHeld,
    /// The client has the lock or is waiting for it, or its last write is not answered.
    Busy,
    /// This node is no client.
    Refused,
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ret::Token(token) => write!(f, "token {token}"),
            Ret::Ok => f.write_str("ok"),
            Ret::Rejected => f.write_str("rejected"),
            Ret::NotHeld => f.write_str("not held"),
            Ret::Busy => f.write_str("busy"),
            Ret::Refused => f.write_str("refused"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_written_so_that_they_read_back() {
        for text in ["lock", "write red", "unlock"] {
            assert_eq!(text.parse::<Op>().unwrap().to_string(), text);
        }
        let long = format!("write {}", "x".repeat(33));
        for text in ["", "Lock", "lock x", "write", "write a b", &long, "write \u{7}"] {
            assert!(text.parse::<Op>().unwrap_err().contains("write red"), "{text}");
        }
    }
}
