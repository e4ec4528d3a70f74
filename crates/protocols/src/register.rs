//! What protocols for one shared register have in common: what clients ask of it, how writes are told
//! apart, and [`Judge`], which decides from what clients asked and got whether it behaves like one.

pub(crate) mod client;
mod judge;
mod lies;
mod properties;

use std::fmt;
use std::rc::Rc;
use std::str::FromStr;

use faultline_model::{NodeId, OpId, renamed};
use serde::Serialize;

pub use judge::{Judge, NotOne, Stale};
pub(crate) use lies::{LIES, lie};
pub(crate) use properties::{inversion, linearizable, stale};

/// The longest value, in characters.
pub const MAX_VALUE: usize = 32;

/// What a client can ask.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {
    /// Give x this value.
    Write(Rc<str>),
    /// The value of x.
    Read,
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Write(value) => write!(f, "write x={value}"),
            Op::Read => f.write_str("read x"),
        }
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        let right = || {
            format!(
                "write `write x=red` or `read x`; x is the only register, and a value is a word of at most \
                 {MAX_VALUE} characters"
            )
        };
        let is_value = |value: &str| {
            !value.is_empty() && value.chars().count() <= MAX_VALUE && !value.chars().any(char::is_control)
        };
        let words: Vec<&str> = text.split_whitespace().take(3).collect();
        match words[..] {
            ["read", "x"] => Ok(Op::Read),
            ["write", assignment] => match assignment.split_once('=') {
                Some(("x", value)) if is_value(value) => Ok(Op::Write(value.into())),
                _ => Err(right()),
            },
            _ => Err(right()),
        }
    }
}

/// What a client gets back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ret {
    /// The write is acknowledged.
    Ok,
    /// This node does not take that operation.
    Refused,
    /// The value of x; `None` when it was never written.
    #[serde(untagged)]
    Value(Option<Rc<str>>),
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Ret::Ok => "ok",
            Ret::Value(value) => shown(value.as_deref()),
            Ret::Refused => "refused",
        })
    }
}

/// A value for people.
pub fn shown(value: Option<&str>) -> &str {
    value.unwrap_or("nothing")
}

/// Which write is later: by number, and of equal numbers by the writer's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Stamp {
    /// Counts writes; 0 stands for the register as it was before the first.
    pub number: u64,
    /// Who wrote.
    pub writer: NodeId,
}

/// What a replica holds: a value and which write it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Version {
    /// Of which write.
    pub stamp: Stamp,
    /// The value; `None` before the first write.
    pub value: Option<Rc<str>>,
}

impl Default for Version {
    fn default() -> Version {
        Version { stamp: Stamp { number: 0, writer: NodeId(0) }, value: None }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} #{}", shown(self.value.as_deref()), self.stamp.number)
    }
}

/// An operation that a client has taken on and not answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Call {
    /// Its number.
    pub id: OpId,
    /// What is asked.
    pub op: Op,
}

/// The last operation that a client has answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Done {
    /// Its number.
    pub id: OpId,
    /// The answer.
    pub ret: Ret,
}

// A stamp names its writer, a verdict its reader. Both are clients, and only replicas are interchangeable.
renamed!(nameless Op, Ret, Version, Call, Done, Judge);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_read_back_as_they_are_written() {
        for text in ["write x=red", "read x"] {
            assert_eq!(text.parse::<Op>().unwrap().to_string(), text);
        }
        for text in ["", "write", "write y=1", "write x=", "write x=1 2", "read y", "delete x"] {
            assert!(text.parse::<Op>().unwrap_err().contains("write x=red"), "{text}");
        }
        assert!(format!("write x={}", "é".repeat(MAX_VALUE)).parse::<Op>().is_ok());
        assert!(format!("write x={}", "e".repeat(MAX_VALUE + 1)).parse::<Op>().is_err());
    }
}
