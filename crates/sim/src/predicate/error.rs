//! What can be wrong with a goal.

use super::Predicate;
use crate::VERBS;

/// The keys that say what a goal is about.
pub(super) const SUBJECTS: [&str; 15] = [
    "role",
    "field",
    "violated",
    "holds",
    "operation",
    "fault",
    "in-flight",
    "quiet",
    "before",
    "after",
    "within",
    "all",
    "any",
    "not",
    "then",
];

/// Why something is no goal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PredicateError {
    /// No key says what it is about.
    #[error("a goal needs one of these keys: {}", SUBJECTS.join(", "))]
    NoSubject,
    /// Two keys do.
    #[error("`{0}` and `{1}` cannot stand in one goal; write `all: [{{ {0}: … }}, {{ {1}: … }}]`")]
    TwoSubjects(&'static str, &'static str),
    /// A count where nothing is counted.
    #[error("`count`, `at-least` and `at-most` belong to `role` or `fault`, not to `{0}`")]
    Uncounted(&'static str),
    /// The range is empty or said twice.
    #[error("write either `count`, or `at-least` and `at-most` with the smaller number first")]
    Amount,
    /// A field without exactly one comparison.
    #[error("a field needs exactly one of: is, is-not, at-least, at-most, less-than, more-than")]
    Comparison,
    /// A time that cannot be read.
    #[error("{0}")]
    Time(String),
    /// A fault that does not exist.
    #[error("there is no fault `{0}`; write any, or one of: {known}", known = VERBS.join(", "))]
    Verb(String),
    /// An empty combination.
    #[error("`{0}` needs at least one part")]
    Empty(&'static str),
    /// A goal without end.
    #[error("a goal may be nested {} deep and have {} parts", Predicate::MAX_DEPTH, Predicate::MAX_PARTS)]
    TooLarge,
    /// A node that does not exist.
    #[error("there is no node `{name}`; the nodes are: {known}")]
    NoSuchNode {
        /// The name.
        name: String,
        /// The nodes that exist.
        known: String,
    },
    /// A property that does not exist.
    #[error("there is no property `{name}`; the properties are: {known}")]
    NoSuchProperty {
        /// The name.
        name: String,
        /// The properties that exist.
        known: String,
    },
}
