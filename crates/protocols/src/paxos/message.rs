//! What the nodes say, what can be asked of them, and what they wait for.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// The longest value, in characters.
pub const MAX_VALUE: usize = 32;

/// A value that can be chosen: one word.
pub type Value = String;

/// A value accepted in a ballot. The higher ballot is the greater vote.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Vote {
    /// The ballot: the number of the proposal.
    pub ballot: u64,
    /// Its value.
    pub value: Value,
}

/// What proposers, acceptors and learners say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// Phase 1a: a proposer asks for a promise.
    Prepare {
        /// The ballot that it begins.
        ballot: u64,
    },
    /// Phase 1b: an acceptor accepts nothing of a lower ballot from now on.
    Promise {
        /// The ballot that it promises.
        ballot: u64,
        /// What it has accepted last.
        accepted: Option<Vote>,
    },
    /// Phase 2a: a proposer asks acceptors to accept a value.
    Accept(Vote),
    /// Phase 2b: an acceptor has accepted it.
    Accepted(Vote),
    /// An acceptor has promised a higher ballot (§2.2, an optimization).
    Rejected {
        /// The ballot that it refuses.
        ballot: u64,
        /// The ballot that it has promised.
        promised: u64,
    },
    /// A learner tells what is chosen (§2.3).
    Chosen {
        /// The value.
        value: Value,
    },
}

impl Msg {
    /// The ballot that it speaks of.
    pub fn ballot(&self) -> Option<u64> {
        match self {
            Msg::Prepare { ballot } | Msg::Promise { ballot, .. } | Msg::Rejected { ballot, .. } => {
                Some(*ballot)
            }
            Msg::Accept(vote) | Msg::Accepted(vote) => Some(vote.ballot),
            Msg::Chosen { .. } => None,
        }
    }
}

/// What nodes wait for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// A proposer has heard of nothing chosen.
    Retry,
}

/// What can be asked of a proposer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {
    /// Have this value chosen, or another.
    Propose(Value),
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Op::Propose(value) = self;
        write!(f, "propose {value}")
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        let words: Vec<&str> = text.split_whitespace().take(3).collect();
        match words[..] {
            ["propose", value]
                if value.chars().count() <= MAX_VALUE && !value.chars().any(char::is_control) =>
            {
                Ok(Op::Propose(value.to_owned()))
            }
            _ => Err(format!("write `propose A`; a value is one word of at most {MAX_VALUE} characters")),
        }
    }
}

/// What the one who asked gets back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ret {
    /// The value that is chosen, its own or another.
    Chosen(Value),
    /// This node is no proposer.
    Refused,
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ret::Chosen(value) => f.write_str(value),
            Ret::Refused => f.write_str("refused"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_is_one_word() {
        assert_eq!("propose A".parse::<Op>().unwrap().to_string(), "propose A");
        let long = format!("propose {}", "x".repeat(33));
        for text in ["", "propose", "propose A B", "write A", &long, "propose \u{7}"] {
            assert!(text.parse::<Op>().unwrap_err().contains("propose A"), "{text}");
        }
    }

    #[test]
    fn votes_are_ordered_by_their_ballots() {
        let vote = |ballot, value: &str| Vote { ballot, value: value.to_owned() };
        assert!(vote(2, "A") > vote(1, "B"));
    }
}
