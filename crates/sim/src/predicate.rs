//! Goals: what must become true, as typed data that can be judged, put into words and taken apart.
//!
//! In a lesson a goal is written as YAML or JSON, one key saying what it is about:
//!
//! ```yaml
//! all:
//!   - { role: leader, count: 2 }                          # or at-least, at-most
//!   - field: { node: A, path: decided, is: attack }       # is-not, at-least, at-most, less-than, more-than
//!   - { violated: election-safety }                       # or holds
//!   - operation: { process: C1, call: "write x=1", result: ok }
//!   - { fault: crash, at-most: 1 }                        # a verb of the script language, or any
//!   - in-flight: { from: S1, to: S3, kind: RequestVote }
//!   - { quiet: true }
//!   - { before: 2s }                                      # or after
//!   - within: { events: 40, faults: 2 }
//!   - then: [ { role: leader }, { role: leader, count: 0 } ]
//! ```
//!
//! and `any`, `not`. It is not a language: what these words cannot say, a protocol can offer as a
//! property by name.

mod error;
mod judge;
mod plain;
mod words;

use faultline_model::Time;
use serde::{Deserialize, Serialize};

use crate::AnyWorld;

pub use error::PredicateError;
pub use judge::{Moment, Progress, Truth};

/// Something that is true or false of a run at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "plain::Plain", into = "plain::Plain")]
pub enum Predicate {
    /// So many nodes that are not down have this role, the word that the stage shows.
    Role {
        /// The role, in any case.
        role: String,
        /// How many.
        amount: Amount,
    },
    /// A part of a node's state compares to a value.
    Field {
        /// The node's name.
        node: String,
        /// A path as [`crate::Tree::get`] reads it, or `role`, `status` (up, busy, paused, down) or
        /// `operation` (the result of the node's last operation; `open`; `none`).
        path: String,
        /// How it compares.
        compare: Compare,
        /// To what: a rendered value, a number or a time.
        value: String,
    },
    /// A property that must always hold does not.
    Violated(String),
    /// A property holds, or has been reached.
    Holds(String),
    /// So many client operations match.
    Operation {
        /// Who asked.
        process: Option<String>,
        /// What was asked.
        call: Option<String>,
        /// What came back; `open` matches an operation without an answer.
        result: Option<String>,
        /// How many.
        amount: Amount,
    },
    /// Something was done by hand so often.
    Fault {
        /// One of [`crate::VERBS`], or `any` for all faults together.
        verb: String,
        /// How often.
        amount: Amount,
    },
    /// A message is in flight.
    InFlight {
        /// Its sender, or any.
        from: Option<String>,
        /// Its receiver, or any.
        to: Option<String>,
        /// Its kind, or any.
        kind: Option<String>,
    },
    /// Nothing is in flight, no input waits and no write is pending. Timers may run.
    Quiet,
    /// It is earlier than this.
    Before(Time),
    /// It is this time, or later.
    After(Time),
    /// The run has cost no more than this.
    Within {
        /// The most events.
        events: Option<u32>,
        /// The most faults.
        faults: Option<u32>,
    },
    /// All of these.
    All(Vec<Predicate>),
    /// At least one of these.
    Any(Vec<Predicate>),
    /// Not this.
    Not(Box<Predicate>),
    /// Each of these was true at some event, each at a later event than the one before it. Once
    /// reached it stays true. Needs a [`Progress`].
    Then(Vec<Predicate>),
}

/// A range of counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The least.
    pub least: u32,
    /// The most, if there is one.
    pub most: Option<u32>,
}

impl Amount {
    /// One or more.
    pub const SOME: Amount = Amount { least: 1, most: None };

    /// Exactly so many.
    pub const fn exactly(count: u32) -> Amount {
        Amount { least: count, most: Some(count) }
    }

    /// Whether `count` lies in it.
    pub fn holds(self, count: u32) -> bool {
        count >= self.least && self.most.is_none_or(|most| count <= most)
    }
}

/// How a value compares to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// The same, in any case.
    Is,
    /// Not the same.
    IsNot,
    /// Smaller.
    Less,
    /// Smaller or the same.
    AtMost,
    /// Greater.
    More,
    /// Greater or the same.
    AtLeast,
}

impl Predicate {
    /// How deep goals may be nested.
    pub const MAX_DEPTH: usize = 12;
    /// How many parts a goal may have.
    pub const MAX_PARTS: usize = 200;

    /// The property that it asks to be violated, alone or among other things.
    pub fn violated(&self) -> Option<&str> {
        match self {
            Predicate::Violated(property) => Some(property),
            Predicate::All(parts) => parts.iter().find_map(Predicate::violated),
            _ => None,
        }
    }

    /// The parts that it is combined of; none for a simple statement.
    pub fn parts(&self) -> &[Predicate] {
        match self {
            Predicate::All(parts) | Predicate::Any(parts) | Predicate::Then(parts) => parts,
            Predicate::Not(part) => std::slice::from_ref(part),
            _ => &[],
        }
    }

    /// Whether the nodes and properties that it names exist in `world`.
    pub fn check(&self, world: &dyn AnyWorld) -> Result<(), PredicateError> {
        let verdicts = world.verdicts();
        self.check_names(world, &verdicts.iter().map(|verdict| verdict.property.as_str()).collect::<Vec<_>>())
    }

    fn check_names(&self, world: &dyn AnyWorld, properties: &[&str]) -> Result<(), PredicateError> {
        let node = |name: &String| match world.cast().find(name) {
            Some(_) => Ok(()),
            None => Err(PredicateError::NoSuchNode {
                name: name.clone(),
                known: world
                    .cast()
                    .iter()
                    .map(|(_, member)| member.name.as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
            }),
        };
        match self {
            Predicate::Field { node: name, .. } => node(name),
            Predicate::Operation { process, .. } => process.iter().try_for_each(node),
            Predicate::InFlight { from, to, .. } => from.iter().chain(to).try_for_each(node),
            Predicate::Violated(id) | Predicate::Holds(id) if !properties.contains(&id.as_str()) => {
                Err(PredicateError::NoSuchProperty { name: id.clone(), known: properties.join(", ") })
            }
            _ => self.parts().iter().try_for_each(|part| part.check_names(world, properties)),
        }
    }

    fn depth(&self) -> usize {
        1 + self.parts().iter().map(Predicate::depth).max().unwrap_or(0)
    }

    fn size(&self) -> usize {
        1 + self.parts().iter().map(Predicate::size).sum::<usize>()
    }

    /// How many sequences it contains, itself included.
    fn sequences(&self) -> usize {
        usize::from(matches!(self, Predicate::Then(_)))
            + self.parts().iter().map(Predicate::sequences).sum::<usize>()
    }
}

#[cfg(test)]
mod tests;
