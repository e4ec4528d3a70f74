//! The form in which goals are written: flat maps with one key that says what the goal is about.
//!
//! serde's own errors for such maps ("data did not match any variant") help no author, so the map is
//! read as it stands and then turned into a [`Predicate`] with errors that say what is missing.

use faultline_model::Time;
use serde::{Deserialize, Serialize};

use super::error::SUBJECTS;
use super::{Amount, Compare, Predicate, PredicateError};
use crate::VERBS;

mod write;

/// A goal as it is written.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct Plain {
    /// So many nodes have this role.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    /// A part of a node's state.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<PlainField>,
    /// A property that must always hold does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    violated: Option<String>,
    /// A property holds or has been reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    holds: Option<String>,
    /// A client operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<PlainOperation>,
    /// A fault, by its verb in scripts, or any.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
    /// A message in flight.
    #[serde(skip_serializing_if = "Option::is_none")]
    in_flight: Option<PlainFlight>,
    /// Whether nothing is in flight and nothing waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    quiet: Option<bool>,
    /// It is earlier than this: 2s.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    /// It is this time or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    /// The run has cost no more than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<PlainWithin>,
    /// All of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    all: Option<Vec<Predicate>>,
    /// At least one of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    any: Option<Vec<Predicate>>,
    /// Not this.
    #[serde(skip_serializing_if = "Option::is_none")]
    not: Option<Box<Predicate>>,
    /// First this, at a later event that.
    #[serde(skip_serializing_if = "Option::is_none")]
    then: Option<Vec<Predicate>>,
    /// Exactly so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    /// At least so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    at_least: Option<u32>,
    /// At most so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most: Option<u32>,
}

/// A value as YAML writes it; compared as text.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
enum Scalar {
    Flag(bool),
    Int(i64),
    Text(String),
}

impl Scalar {
    fn into_text(self) -> String {
        match self {
            Scalar::Flag(flag) => flag.to_string(),
            Scalar::Int(number) => number.to_string(),
            Scalar::Text(text) => text,
        }
    }
}

/// A part of a node's state and what it is compared to.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct PlainField {
    /// The node's name.
    node: String,
    /// Where in its state: `log.3.term`.
    path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    is: Option<Scalar>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    is_not: Option<Scalar>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_least: Option<Scalar>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_most: Option<Scalar>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    less_than: Option<Scalar>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    more_than: Option<Scalar>,
}

/// A client operation; what is left out matches anything.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct PlainOperation {
    #[serde(skip_serializing_if = "Option::is_none")]
    process: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    call: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<String>,
}

/// A message in flight; what is left out matches anything.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct PlainFlight {
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
}

/// A budget.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct PlainWithin {
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    faults: Option<u32>,
}

impl TryFrom<Plain> for Predicate {
    type Error = PredicateError;

    fn try_from(mut plain: Plain) -> Result<Predicate, PredicateError> {
        let given = plain.given();
        let subject = *given.first().ok_or(PredicateError::NoSubject)?;
        if let Some(second) = given.get(1) {
            return Err(PredicateError::TwoSubjects(subject, second));
        }
        let amount = plain.amount()?;
        if amount.is_some() && !matches!(subject, "role" | "fault" | "operation") {
            return Err(PredicateError::Uncounted(subject));
        }
        let predicate = plain.take(amount.unwrap_or(Amount::SOME))?.ok_or(PredicateError::NoSubject)?;
        if predicate.depth() > Predicate::MAX_DEPTH || predicate.size() > Predicate::MAX_PARTS {
            return Err(PredicateError::TooLarge);
        }
        Ok(predicate)
    }
}

impl Plain {
    /// The keys given that say what the goal is about.
    fn given(&self) -> Vec<&'static str> {
        let given = [
            self.role.is_some(),
            self.field.is_some(),
            self.violated.is_some(),
            self.holds.is_some(),
            self.operation.is_some(),
            self.fault.is_some(),
            self.in_flight.is_some(),
            self.quiet.is_some(),
            self.before.is_some(),
            self.after.is_some(),
            self.within.is_some(),
            self.all.is_some(),
            self.any.is_some(),
            self.not.is_some(),
            self.then.is_some(),
        ];
        SUBJECTS.into_iter().zip(given).filter(|(_, given)| *given).map(|(name, _)| name).collect()
    }

    fn amount(&self) -> Result<Option<Amount>, PredicateError> {
        match (self.count, self.at_least, self.at_most) {
            (None, None, None) => Ok(None),
            (Some(count), None, None) => Ok(Some(Amount::exactly(count))),
            (None, least, most) if most.is_none_or(|most| least.unwrap_or(0) <= most) => {
                Ok(Some(Amount { least: least.unwrap_or(0), most }))
            }
            _ => Err(PredicateError::Amount),
        }
    }

    /// The goal that the one key given means.
    fn take(&mut self, amount: Amount) -> Result<Option<Predicate>, PredicateError> {
        if let Some(role) = self.role.take() {
            return Ok(Some(Predicate::Role { role, amount }));
        }
        if let Some(field) = self.field.take() {
            return field.read().map(Some);
        }
        if let Some(PlainOperation { process, call, result }) = self.operation.take() {
            return Ok(Some(Predicate::Operation { process, call, result, amount }));
        }
        if let Some(verb) = self.fault.take() {
            if verb != "any" && !VERBS.contains(&verb.as_str()) {
                return Err(PredicateError::Verb(verb));
            }
            return Ok(Some(Predicate::Fault { verb, amount }));
        }
        let time =
            |text: String| text.parse::<Time>().map_err(|error| PredicateError::Time(error.to_string()));
        if let Some(text) = self.before.take() {
            return time(text).map(|time| Some(Predicate::Before(time)));
        }
        if let Some(text) = self.after.take() {
            return time(text).map(|time| Some(Predicate::After(time)));
        }
        let simple = self.combined()?.or_else(|| self.violated.take().map(Predicate::Violated));
        Ok(simple
            .or_else(|| self.holds.take().map(Predicate::Holds))
            .or_else(|| {
                self.in_flight.take().map(|f| Predicate::InFlight { from: f.from, to: f.to, kind: f.kind })
            })
            .or_else(|| self.within.take().map(|w| Predicate::Within { events: w.events, faults: w.faults }))
            .or_else(|| self.not.take().map(Predicate::Not))
            .or_else(|| match self.quiet.take()? {
                true => Some(Predicate::Quiet),
                false => Some(Predicate::Not(Box::new(Predicate::Quiet))),
            }))
    }

    /// The combination, if it is one.
    fn combined(&mut self) -> Result<Option<Predicate>, PredicateError> {
        for (name, parts, make) in [
            ("all", &mut self.all, Predicate::All as fn(Vec<Predicate>) -> Predicate),
            ("any", &mut self.any, Predicate::Any),
            ("then", &mut self.then, Predicate::Then),
        ] {
            match parts.take() {
                Some(parts) if parts.is_empty() => return Err(PredicateError::Empty(name)),
                Some(parts) => return Ok(Some(make(parts))),
                None => {}
            }
        }
        Ok(None)
    }
}

impl PlainField {
    fn read(self) -> Result<Predicate, PredicateError> {
        let given = [
            (Compare::Is, self.is),
            (Compare::IsNot, self.is_not),
            (Compare::AtLeast, self.at_least),
            (Compare::AtMost, self.at_most),
            (Compare::Less, self.less_than),
            (Compare::More, self.more_than),
        ];
        let mut given = given.into_iter().filter_map(|(compare, value)| Some((compare, value?)));
        match (given.next(), given.next()) {
            (Some((compare, value)), None) => {
                Ok(Predicate::Field { node: self.node, path: self.path, compare, value: value.into_text() })
            }
            _ => Err(PredicateError::Comparison),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Predicate {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Goal".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Plain::json_schema(generator)
    }
}
