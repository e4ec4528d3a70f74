//! What was to be seen, and whether it was.

use crate::{Answer, Observation};

/// What was there to be seen at the critical event; what an observation is checked against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sighting {
    /// For each option of the observation whether it is so.
    pub options: Vec<bool>,
    /// The field's value as the inspector writes it.
    pub field: Option<String>,
}

/// An answer to an observation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saw {
    /// One of the options, from 0.
    Option(usize),
    /// What was typed.
    Text(String),
}

/// Whether an answer is what was to be seen; `None` when it is no answer at all.
pub(super) fn is_seen(observation: &Observation, sighting: &Sighting, saw: &Saw) -> Option<bool> {
    match (&observation.answer, saw) {
        (Answer::Options(options), Saw::Option(option)) => {
            options.get(*option)?;
            Some(sighting.options.get(*option).copied().unwrap_or(false))
        }
        (Answer::Field { .. }, Saw::Text(text)) => {
            let text = squeezed(text);
            (!text.is_empty()).then(|| sighting.field.as_deref().is_some_and(|field| squeezed(field) == text))
        }
        _ => None,
    }
}

/// Without what people type differently: case, spaces and brackets round a set.
fn squeezed(text: &str) -> String {
    let plain = |c: &char| !c.is_whitespace() && !matches!(c, '{' | '}' | '[' | ']' | '"' | '“' | '”');
    text.chars().filter(plain).flat_map(char::to_lowercase).collect()
}
