//! Where claims and numbers come from.

pub use faultline_experiments::Mark;
use serde::{Deserialize, Serialize};

use crate::prose::Inline;

/// One claim and where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Authors, title, place, year.
    pub citation: String,
    /// Section, figure or table.
    pub section: String,
    /// What it says there.
    pub what: Vec<Inline>,
    /// A number of it, if one is quoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Number>,
    /// How it was verified.
    pub status: Mark,
}

/// A number from a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "author", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Number {
    /// Which row of the project's table of reference numbers it is: "E2".
    pub oracle: String,
    /// The number as that row gives it: "287 ms".
    pub value: String,
}
