//! What machines say, what they wait for, and what can be asked of them.

use std::fmt;
use std::str::FromStr;

use faultline_model::{NodeId, Time};
use serde::Serialize;

use super::Hybrid;

/// When something happened, by two clocks of one machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Stamp {
    /// What its clock read.
    pub clock: Time,
    /// What its hybrid logical clock read.
    pub hybrid: Hybrid,
}

/// What machines say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// What time is it?
    Request {
        /// When it left, by the clock of the machine that asks.
        t1: Time,
    },
    /// The time server's answer.
    Response {
        /// The question's.
        t1: Time,
        /// When the question arrived, by the server's clock.
        t2: Time,
        /// When the answer left, by the server's clock.
        t3: Time,
    },
    /// Anything else, with the time of its sending.
    Message(Stamp),
}

/// What machines wait for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// It is time to ask the time server again.
    Poll,
    /// The answer to that machine is ready.
    Service(NodeId),
}

/// What can be asked of a machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {
    /// Ask the time server now.
    Sync,
    /// Send a message to the machine of that name; without one, to the next.
    Send(Option<String>),
    /// Have an event that nobody else hears of.
    Event,
    /// Start the stopwatch.
    Start,
    /// Stop it.
    Stop,
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Op::Sync => "sync",
            Op::Send(None) => "send",
            Op::Send(Some(to)) => return write!(f, "send {to}"),
            Op::Event => "event",
            Op::Start => "start",
            Op::Stop => "stop",
        })
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        let words: Vec<&str> = text.split_whitespace().take(3).collect();
        match words[..] {
            ["sync"] => Ok(Op::Sync),
            ["send"] => Ok(Op::Send(None)),
            ["send", to] if to.len() <= 40 => Ok(Op::Send(Some(to.to_owned()))),
            ["event"] => Ok(Op::Event),
            ["start"] => Ok(Op::Start),
            ["stop"] => Ok(Op::Stop),
            _ => Err("write `sync`, `send`, `send C1`, `event`, `start` or `stop`".to_owned()),
        }
    }
}

/// What comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ret {
    /// It is done, or begun.
    Ok,
    /// The stopwatch measured so many microseconds.
    Elapsed(i64),
    /// That could not be done now.
    Refused,
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ret::Ok => f.write_str("ok"),
            Ret::Elapsed(micros) => write!(f, "elapsed {}", super::look::signed(*micros)),
            Ret::Refused => f.write_str("refused"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_read_as_they_are_written_and_errors_say_what_would_be_right() {
        for text in ["sync", "send", "send C1", "event", "start", "stop"] {
            assert_eq!(text.parse::<Op>().unwrap().to_string(), text);
        }
        let long = format!("send {}", "x".repeat(41));
        for text in ["", "Sync", "send C1 C2", "start now", &long, "stop \u{7}"] {
            assert!(text.parse::<Op>().unwrap_err().contains("`send C1`"), "{text}");
        }
    }
}
