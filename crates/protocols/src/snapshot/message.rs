//! What processes say, and what can be asked of them.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// What processes say to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// Money, or the token.
    Pay {
        /// The how manieth message on its channel.
        number: u32,
        /// How much.
        amount: u64,
    },
    /// What was sent before it belongs to the snapshot, what is sent after it does not.
    Marker {
        /// The how manieth message on its channel.
        number: u32,
        /// Which snapshot.
        snapshot: u64,
    },
    /// Save your state now: the way without markers. It belongs to no channel and waits for nothing.
    Save {
        /// Which snapshot.
        snapshot: u64,
    },
}

/// What processes wait for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// It pays somebody something.
    Pay,
}

/// What can be asked of a process.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {
    /// Pay that much to the process of that name; without one, to the next.
    Pay(Option<String>, u64),
    /// Begin a snapshot.
    Snapshot,
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Pay(None, amount) => write!(f, "pay {amount}"),
            Op::Pay(Some(to), amount) => write!(f, "pay {to} {amount}"),
            Op::Snapshot => f.write_str("snapshot"),
        }
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        let words: Vec<&str> = text.split_whitespace().take(4).collect();
        let (to, amount) = match words[..] {
            ["snapshot"] => return Ok(Op::Snapshot),
            ["pay", amount] => (None, amount),
            ["pay", to, amount] if to.len() <= 40 => (Some(to.to_owned()), amount),
            _ => (None, ""),
        };
        match amount.parse() {
            Ok(amount @ 1..=1_000_000) => Ok(Op::Pay(to, amount)),
            _ => Err("write `pay 1`, `pay q 1` or `snapshot`, with a whole number up to 1000000".to_owned()),
        }
    }
}

/// What comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ret {
    /// It is on its way.
    Paid,
    /// The part of the snapshot at this process is complete.
    Recorded {
        /// What the process held.
        money: u64,
        /// What was on its way to it.
        coming: u64,
    },
    /// That could not be done now.
    Refused,
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ret::Paid => f.write_str("paid"),
            Ret::Recorded { money, coming: 0 } => write!(f, "recorded {money}"),
            Ret::Recorded { money, coming } => write!(f, "recorded {money}, and {coming} coming"),
            Ret::Refused => f.write_str("refused"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_read_as_they_are_written_and_errors_say_what_would_be_right() {
        for text in ["pay 1", "pay q 1", "pay B 100", "snapshot"] {
            assert_eq!(text.parse::<Op>().unwrap().to_string(), text);
        }
        for text in ["", "pay", "pay 0", "pay q", "pay q -1", "pay q 1000001", "pay q 1 2", "snapshot now"] {
            assert!(text.parse::<Op>().unwrap_err().contains("`pay q 1`"), "{text}");
        }
    }
}
