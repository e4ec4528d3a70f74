//! Vectors, posts, and what can be said.

use std::fmt;
use std::str::FromStr;

use faultline_model::{Cast, NodeId, SortedMap};
use serde::Serialize;

/// The longest word, in characters.
pub const MAX_WORD: usize = 32;

/// How many messages of each process; none for those that are not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Vector(pub SortedMap<NodeId, u32>);

impl Vector {
    /// How many of that process.
    pub fn count(&self, of: NodeId) -> u32 {
        self.0.get(&of).copied().unwrap_or(0)
    }

    /// At least so many of that process.
    pub fn raise(&mut self, of: NodeId, count: u32) {
        let own = self.0.entry(of).or_default();
        *own = count.max(*own);
    }

    /// All counts in the order of the processes: "1 0 2".
    pub fn text(&self, cast: &Cast) -> String {
        cast.iter().map(|(node, _)| self.count(node).to_string()).collect::<Vec<_>>().join(" ")
    }
}

/// Which message: its author, and the how manieth of that author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct PostId {
    /// Who said it.
    pub author: NodeId,
    /// The how manieth of its author, from 1.
    pub number: u32,
}

/// A message to everybody.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Post {
    /// Which.
    pub id: PostId,
    /// What it says.
    pub text: String,
    /// Of whom an answer is expected.
    pub asks: Option<NodeId>,
    /// How many messages of each process its author had delivered, this one included.
    pub vector: Vector,
    /// Its number in the total order, once the sequencer has given it one.
    pub place: Option<u32>,
}

/// What speakers say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// To everybody.
    Post(Post),
    /// To the sequencer.
    Submit(Post),
}

/// What can be asked of a speaker.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {
    /// Say a word.
    Say(String),
    /// Ask somebody something; that one answers as soon as the question is delivered.
    Ask(String, String),
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Say(word) => write!(f, "say {word}"),
            Op::Ask(whom, word) => write!(f, "ask {whom} {word}"),
        }
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        let words: Vec<&str> = text.split_whitespace().take(4).collect();
        let short = |word: &str| word.chars().count() <= MAX_WORD && !word.chars().any(char::is_control);
        match words[..] {
            ["say", word] if short(word) => Ok(Op::Say(word.to_owned())),
            ["ask", whom, word] if short(whom) && short(word) => {
                Ok(Op::Ask(whom.to_owned(), word.to_owned()))
            }
            _ => Err(format!(
                "write `say hello` or `ask Bob lunch`, with one word of at most {MAX_WORD} characters"
            )),
        }
    }
}

/// What comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ret {
    /// It is said.
    Said,
    /// There is nobody of that name.
    Refused,
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Ret::Said { "said" } else { "refused" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_read_as_they_are_written_and_errors_say_what_would_be_right() {
        for text in ["say hello", "ask Bob lunch"] {
            assert_eq!(text.parse::<Op>().unwrap().to_string(), text);
        }
        let long = format!("say {}", "x".repeat(33));
        for text in ["", "say", "say a b", "ask Bob", "ask Bob a b", &long, "say \u{7}"] {
            assert!(text.parse::<Op>().unwrap_err().contains("`say hello`"), "{text}");
        }
    }
}
