//! What a learner is asked: predictions, observations, the quiz.

use faultline_sim::Predicate;
use serde::{Deserialize, Serialize};

use super::Trial;
use crate::prose::Inline;

/// A question that is answered, with a confidence, before its run starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// The question.
    pub question: Vec<Inline>,
    /// Two to four answers.
    pub options: Vec<Choice>,
}

/// One answer that can be chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// The answer.
    pub text: Vec<Inline>,
    /// Whether it is right.
    #[serde(default)]
    pub right: bool,
    /// What is said once it has been chosen.
    pub feedback: Vec<Inline>,
    /// The belief as a run that ends in `expect`: with the right answer it passes, with a wrong one
    /// it fails there, and the failure says what was found instead. In a step it starts like the step's
    /// stage, with its own settings on top and after `before`; in the quiz it starts like the lesson.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub belief: Option<Trial>,
}

/// The event that must not be missed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Critical {
    /// Playing pauses after the first event that makes it true.
    pub until: Predicate,
    /// Nodes that stay bright while the rest is dimmed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub focus: Vec<String>,
}

/// "What is x at B now?", checked against the state, not against a stored answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// The question.
    pub question: Vec<Inline>,
    /// How it is answered.
    pub answer: Answer,
    /// Where to look, said after a wrong answer.
    pub look: Vec<Inline>,
}

/// How an observation is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// By choosing; an option is right when its predicate holds at the critical event, and exactly one
    /// does.
    Options(Vec<Seen>),
    /// By typing the value of a field, as the inspector writes it.
    Field {
        /// The node's name.
        node: String,
        /// The path within its state, such as `log.3.term`.
        path: String,
    },
}

/// One thing that may have been seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// What was seen.
    pub text: Vec<Inline>,
    /// When that is so.
    pub holds: Predicate,
}

/// A question of the quiz.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// What it asks for.
    pub kind: QuestionKind,
    /// The question.
    pub question: Vec<Inline>,
    /// The run that it speaks of, if one is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Trial>,
    /// Its answers, exactly one of them right.
    pub options: Vec<Choice>,
}

/// What a question of the quiz asks for. A quiz has two predictions and one of each other kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "author", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum QuestionKind {
    /// What will happen.
    Prediction,
    /// What is to be seen.
    Observation,
    /// Which invariant broke.
    Invariant,
    /// The same in another system.
    Transfer,
}
