//! What A and B say, wait for and are asked.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// The longest text of a message, in characters.
pub const MAX_TEXT: usize = 32;

/// What a message is known by: its text and, with sequence numbers on, its number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    /// The sequence number, counted from 1; `None` when messages carry none.
    pub number: Option<u32>,
    /// The text.
    pub text: String,
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            Some(number) => write!(f, "{number}:{}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

impl Serialize for Label {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What A and B say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// A message of the stream.
    Message {
        /// Which.
        label: Label,
    },
    /// The proposal to attack, which opens the generals' exchange.
    Attack,
    /// An acknowledgement: of the message at depth 1, of the acknowledgement before it beyond that.
    Ack {
        /// Its place in the exchange, from 1.
        depth: u8,
        /// What it is about.
        label: Label,
    },
}

/// What A and B wait for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// A sends the next message of the stream.
    Next,
    /// The answer to what was said about this label is overdue, or the next blind copy is due.
    Retry(Label),
    /// A general decides with what it has.
    Deadline,
}

/// What can be asked of A.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {
    /// Send this text to B.
    Send(String),
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Op::Send(text) = self;
        write!(f, "send {text}")
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        let right =
            || format!("write `send` and a word of at most {MAX_TEXT} characters, such as `send hello`");
        let mut words = text.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some(verb), Some(word), None) if verb.eq_ignore_ascii_case("send") => {
                let fits = word.chars().count() <= MAX_TEXT && !word.chars().any(char::is_control);
                if fits { Ok(Op::Send(word.to_owned())) } else { Err(right()) }
            }
            _ => Err(right()),
        }
    }
}

/// What A can say of a text that it was asked to send.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ret {
    /// It has left. Without acknowledgements nothing more will ever be known.
    Sent,
    /// B has acknowledged it.
    Acknowledged,
    /// No acknowledgement came: the message may have arrived or not.
    Unknown,
    /// This node does not send messages of a stream.
    Refused,
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Ret::Sent => "sent",
            Ret::Acknowledged => "acknowledged",
            Ret::Unknown => "unknown",
            Ret::Refused => "refused",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_written_so_that_they_read_back() {
        for text in ["send hello", "send m3", "send é✓"] {
            assert_eq!(text.parse::<Op>().unwrap().to_string(), text);
        }
        assert_eq!(" SEND   x ".parse(), Ok(Op::Send("x".to_owned())));
        assert!(format!("send {}", "é".repeat(MAX_TEXT)).parse::<Op>().is_ok());
        assert!("send \u{7}".parse::<Op>().is_err());
    }
}
