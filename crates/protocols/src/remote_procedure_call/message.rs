//! What the nodes say, what can be asked, and what is waited for.

use std::fmt;
use std::str::FromStr;

use faultline_model::OpId;
use serde::Serialize;

/// What programs, their stub and the bank say to each other. Every copy of a call has the same identifier.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// A program calls a procedure, on its own machine.
    Call {
        /// The call's identifier.
        call: OpId,
        /// The procedure and its arguments.
        what: Op,
    },
    /// The stub asks the bank to execute a call.
    Request {
        /// The call's identifier.
        call: OpId,
        /// The procedure and its arguments.
        what: Op,
    },
    /// The bank answers.
    Reply {
        /// The call's identifier.
        call: OpId,
        /// The result: the balance afterwards.
        balance: u64,
    },
    /// The call returns to the program, on its own machine.
    Return {
        /// The call's identifier.
        call: OpId,
        /// The result; `None` when no answer came.
        balance: Option<u64>,
    },
}

/// What nodes wait for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// No answer to that call has come.
    Timeout(OpId),
    /// That thread has done its work.
    Executed(u64),
    /// The lifetime of that identifier is over.
    Forget(OpId),
}

/// A procedure with its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {
    /// Adds so much to the account.
    Credit(u64),
    /// Reads the account.
    Balance,
}

/// No credit is larger, so that no balance overflows.
pub const MOST: u64 = 1_000_000;

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Credit(amount) => write!(f, "credit {amount}"),
            Op::Balance => f.write_str("balance"),
        }
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        let words: Vec<&str> = text.split_whitespace().take(3).collect();
        let amount = |word: &str| word.parse().ok().filter(|amount| (1..=MOST).contains(amount));
        match words[..] {
            ["balance"] => Some(Op::Balance),
            ["credit", word] => amount(word).map(Op::Credit),
            _ => None,
        }
        .ok_or_else(|| format!("write `credit 1` or `balance`; a credit is a whole number from 1 to {MOST}"))
    }
}

/// What the program gets back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ret {
    /// The balance after the call.
    Balance(u64),
    /// No answer came: the call was executed, or was not, or will be.
    Unknown,
    /// This node is no program that calls.
    Refused,
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ret::Balance(balance) => write!(f, "balance {balance}"),
            Ret::Unknown => f.write_str("unknown"),
            Ret::Refused => f.write_str("refused"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn procedures_are_written_so_that_they_read_back() {
        for text in ["credit 1", "credit 1000000", "balance"] {
            assert_eq!(text.parse::<Op>().unwrap().to_string(), text);
        }
        for text in ["", "credit", "credit 0", "credit -1", "credit 1000001", "credit 1 1", "balance 1"] {
            assert!(text.parse::<Op>().unwrap_err().contains("credit 1"), "{text}");
        }
    }
}
