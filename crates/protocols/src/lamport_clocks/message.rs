//! Timestamps, messages, and what can be asked of a process.

use std::fmt;
use std::str::FromStr;

use faultline_model::{Cast, NodeId};
use serde::Serialize;

/// A timestamp made unique by the process that gave it: Lamport's total order of events compares clocks first
/// and processes then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Stamp {
    /// What the clock read.
    pub at: u64,
    /// Whose clock.
    pub by: NodeId,
}

impl Stamp {
    /// For people: "3 at P".
    pub fn text(self, cast: &Cast) -> String {
        format!("{}:{}", self.at, cast.name(self.by))
    }
}

/// What every message carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Sent {
    /// The timestamp of the sending.
    pub at: u64,
    /// The how manieth message it is from its sender to its receiver.
    pub number: u32,
}

/// What processes say to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// Something that does not concern the critical section.
    Message(Sent),
    /// The sender wants the critical section; the timestamp orders its request.
    Request(Sent),
    /// The sender has put a request on its queue.
    Ack(Sent),
    /// The sender has left the critical section.
    Release(Sent),
    /// The sender permits a request (Ricart and Agrawala).
    Reply(Sent),
}

impl Msg {
    /// Its timestamp and number.
    pub fn sent(&self) -> Sent {
        let (Msg::Message(sent)
        | Msg::Request(sent)
        | Msg::Ack(sent)
        | Msg::Release(sent)
        | Msg::Reply(sent)) = *self;
        sent
    }
}

/// What processes wait for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// The time in the critical section is over.
    Leave,
}

/// What can be asked of a process.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {
    /// Have an event that nobody else hears of.
    Event,
    /// Send a message to the process of that name; without one, to the next.
    Send(Option<String>),
    /// Enter the critical section.
    Request,
    /// Leave it.
    Release,
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Event => f.write_str("event"),
            Op::Send(None) => f.write_str("send"),
            Op::Send(Some(to)) => write!(f, "send {to}"),
            Op::Request => f.write_str("request"),
            Op::Release => f.write_str("release"),
        }
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        let words: Vec<&str> = text.split_whitespace().take(3).collect();
        match words[..] {
            ["event"] => Ok(Op::Event),
            ["send"] => Ok(Op::Send(None)),
            ["send", to] if to.len() <= 40 => Ok(Op::Send(Some(to.to_owned()))),
            ["request"] => Ok(Op::Request),
            ["release"] => Ok(Op::Release),
            _ => Err("write `event`, `send`, `send Q`, `request` or `release`".to_owned()),
        }
    }
}

/// What comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ret {
    /// The event has this timestamp.
    At(u64),
    /// The process is in the critical section; its request had this timestamp.
    Entered(u64),
    /// The process has left the critical section.
    Left,
    /// That could not be done now.
    Refused,
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ret::At(at) => write!(f, "at {at}"),
            Ret::Entered(at) => write!(f, "entered, asked at {at}"),
            Ret::Left => f.write_str("left"),
            Ret::Refused => f.write_str("refused"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_read_as_they_are_written_and_errors_say_what_would_be_right() {
        for text in ["event", "send", "send Q", "request", "release"] {
            assert_eq!(text.parse::<Op>().unwrap().to_string(), text);
        }
        let long = format!("send {}", "x".repeat(41));
        for text in ["", "Event", "send Q R", "request now", &long, "release \u{7}"] {
            assert!(text.parse::<Op>().unwrap_err().contains("`send Q`"), "{text}");
        }
    }
}
