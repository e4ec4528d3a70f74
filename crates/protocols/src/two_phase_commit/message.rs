//! What the nodes say, what can be asked of them, and what they wait for.

use std::fmt;
use std::hash::Hash;
use std::str::FromStr;

use faultline_model::{NodeId, OpId, Renamed, Renaming, StableHasher, Unordered};
use serde::Serialize;

use super::council::Vote;

/// The largest amount that one participant can pay another.
pub const MAX_AMOUNT: i64 = 1_000_000;

/// The most participants that one transfer can have.
pub const MAX_PARTICIPANTS: usize = 16;

/// A transaction; its number is that of the operation that began it, so none is used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Tx(pub u32);

impl From<OpId> for Tx {
    fn from(op: OpId) -> Tx {
        Tx(op.0)
    }
}

impl fmt::Display for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{}", self.0)
    }
}

/// How a transaction has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It has taken effect.
    Committed,
    /// It has had no effect.
    Aborted,
}

/// What coordinator and participants say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// The coordinator asks for a vote.
    Prepare {
        /// On which transaction.
        tx: Tx,
        /// By how much the receiver's balance is to change.
        delta: i64,
        /// The other participants, whom it can ask for the outcome.
        others: Vec<NodeId>,
    },
    /// The participant can do either, and will do what it is told.
    Yes {
        /// On which transaction.
        tx: Tx,
    },
    /// The participant has aborted.
    No {
        /// On which transaction.
        tx: Tx,
    },
    /// The decision is to commit.
    Commit {
        /// Which transaction.
        tx: Tx,
    },
    /// The decision is to abort.
    Abort {
        /// Which transaction.
        tx: Tx,
    },
    /// The participant has committed, and will not ask about it any more.
    Ack {
        /// Which transaction.
        tx: Tx,
    },
    /// A participant in doubt asks what was decided.
    Inquire {
        /// On which transaction.
        tx: Tx,
    },
    /// Among coordinators: one begins a ballot on a decision that it does not know.
    TakeOver {
        /// On which transaction.
        tx: Tx,
        /// The ballot.
        ballot: u64,
    },
    /// Among coordinators: the sender accepts nothing of a lower ballot from now on.
    Promise {
        /// On which transaction.
        tx: Tx,
        /// The ballot that it promises.
        ballot: u64,
        /// What it has accepted last.
        accepted: Option<Vote>,
    },
    /// Among coordinators: the leader of a ballot proposes an outcome.
    Propose {
        /// Of which transaction.
        tx: Tx,
        /// In which ballot.
        ballot: u64,
        /// The outcome.
        outcome: Outcome,
    },
    /// Among coordinators: the sender has accepted it.
    Accepted {
        /// Of which transaction.
        tx: Tx,
        /// In which ballot.
        ballot: u64,
    },
}

impl Msg {
    /// The message that tells an outcome.
    pub fn outcome(tx: Tx, outcome: Outcome) -> Msg {
        match outcome {
            Outcome::Committed => Msg::Commit { tx },
            Outcome::Aborted => Msg::Abort { tx },
        }
    }
}

impl Renamed for Msg {
    fn hash_renamed(&self, names: &Renaming, state: &mut StableHasher) {
        match self {
            Msg::Prepare { tx, delta, others } => {
                (tx, delta).hash(state);
                Unordered(others).hash_renamed(names, state);
            }
            nameless => nameless.hash(state),
        }
    }
}

/// What nodes wait for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// The coordinator waits for votes.
    Votes(Tx),
    /// The coordinator waits for acknowledgements of a commit.
    Resend(Tx),
    /// A participant that has voted yes waits for the decision.
    Doubt(Tx),
    /// A coordinator that was asked gives the others so long to decide.
    TakeOver(Tx),
}

/// What can be asked of the coordinator.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {
    /// One participant pays every other one the amount.
    Transfer {
        /// How much each of them gets.
        amount: i64,
        /// Who pays, by its number: 1 is P1.
        from: u16,
        /// Who gets it.
        to: Vec<u16>,
    },
}

impl Renamed for Op {
    fn hash_renamed(&self, names: &Renaming, state: &mut StableHasher) {
        let Op::Transfer { amount, from, to } = self;
        (amount, names.of(NodeId(*from))).hash(state);
        let to: Vec<NodeId> = to.iter().copied().map(NodeId).collect();
        Unordered(&to).hash_renamed(names, state);
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Op::Transfer { amount, from, to } = self;
        write!(f, "transfer {amount} P{from}")?;
        to.iter().try_for_each(|each| write!(f, " P{each}"))
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        let right = || {
            format!(
                "write `transfer 30 P1 P2`: P1 pays 30 to P2, and to every participant that follows; at most \
                 {MAX_AMOUNT}, and at most {MAX_PARTICIPANTS} participants, each once"
            )
        };
        let mut words = text.split_whitespace();
        let (Some("transfer"), Some(amount)) = (words.next(), words.next()) else {
            return Err(right());
        };
        let amount: i64 = amount.parse().map_err(|_| right())?;
        let number = |word: &str| word.strip_prefix('P').and_then(|digits| digits.parse::<u16>().ok());
        let named: Option<Vec<u16>> = words.take(MAX_PARTICIPANTS + 1).map(number).collect();
        let named = named.ok_or_else(right)?;
        let twice = named.iter().enumerate().any(|(i, one)| named[..i].contains(one));
        if !(1..=MAX_AMOUNT).contains(&amount)
            || twice
            || named.contains(&0)
            || !(2..=MAX_PARTICIPANTS).contains(&named.len())
        {
            return Err(right());
        }
        Ok(Op::Transfer { amount, from: named[0], to: named[1..].to_vec() })
    }
}

/// What the one who asked gets back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ret {
    /// The transaction is committed.
    Committed,
    /// The transaction is aborted.
    Aborted,
    /// This node is not the coordinator, or there is no such participant.
    Refused,
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Ret::Committed => "committed",
            Ret::Aborted => "aborted",
            Ret::Refused => "refused",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transfer_is_written_so_that_it_reads_back() {
        for text in ["transfer 30 P1 P2", "transfer 1 P3 P1 P2", "transfer 1000000 P12 P7"] {
            assert_eq!(text.parse::<Op>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_transfer_is_refused_with_an_example() {
        let many = format!("transfer 1 {}", (1..=17).map(|n| format!("P{n} ")).collect::<String>());
        for text in [
            "",
            "transfer",
            "transfer 30",
            "transfer 30 P1",
            "transfer 30 P1 P1",
            "transfer 0 P1 P2",
            "transfer -1 P1 P2",
            "transfer 1000001 P1 P2",
            "transfer 99999999999999999999 P1 P2",
            "transfer 30 P0 P1",
            "transfer 30 C P1",
            "transfer 30 P1 P99999",
            &many,
        ] {
            assert!(text.parse::<Op>().unwrap_err().contains("transfer 30 P1 P2"), "{text}");
        }
    }
}
