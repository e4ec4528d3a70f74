//! What a search says: how far it is, what it came to, why it cannot begin.

use faultline_sim::{Action, AnyWorld};
use serde::Serialize;

use crate::bounded::Limits;

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Distinct states seen.
    pub states: u32,
    /// Steps from the start.
    pub depth: u32,
    /// Bytes held for what was seen, the open states not counted.
    pub bytes: usize,
    /// States whose successors have not been looked at; each is kept as a world.
    pub open: u32,
}

/// What a search came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "verdict")]
pub enum Verdict {
    /// A property is broken.
    Found(Counterexample),
    /// Everything within the bounds was tried, and nothing broke. This is no proof.
    Exhausted,
    /// The bound on states was reached before everything was tried.
    TooMany,
}

/// A shortest run to a violation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Counterexample {
    /// The property that it breaks.
    pub property: String,
    /// How many steps it takes; a crash with its restart is one.
    pub steps: u32,
    /// What is done, in order, from the start of the search.
    pub actions: Vec<Action>,
    /// The limits of the search, of which one is passed if the property is [`Limits::PROPERTY`].
    #[serde(skip)]
    pub limits: Limits,
}

impl Counterexample {
    /// Whether a world shows it.
    pub(crate) fn shows_in(&self, world: &dyn AnyWorld) -> bool {
        match self.property.as_str() {
            Limits::PROPERTY if !self.limits.is_empty() => self.limits.passed(world).is_some(),
            property => world.broken(Some(property)).is_some(),
        }
    }
}

/// Why a search cannot begin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// There is no such property.
    #[error("there is no property `{name}` that must always hold; there are: {known}")]
    Property {
        /// What was asked for.
        name: String,
        /// Those that exist.
        known: String,
    },
    /// A request cannot be invoked.
    #[error("`{op}` cannot be asked: {reason}")]
    Request {
        /// The operation.
        op: String,
        /// Why not.
        reason: String,
    },
    /// More requests than are counted.
    #[error("at most 64 requests can be searched over")]
    TooManyRequests,
}
