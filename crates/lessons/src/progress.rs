//! What a learner has done, as it is kept between visits.

use faultline_model::SortedMap;
use serde::{Deserialize, Serialize};

use crate::Comeback;

/// The version of this layout; another one is not read as this one.
pub const PROGRESS_VERSION: u16 = 1;

/// One learner's progress through the course.
///
/// Maps have text for keys and lists hold the rest: that is what a browser's own JSON gives back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// Which layout this is: [`PROGRESS_VERSION`].
    pub version: u16,
    /// By lesson slug.
    #[serde(default)]
    pub lessons: SortedMap<String, LessonProgress>,
    /// What the learner was certain of and wrong about, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comebacks: Vec<Comeback>,
}

/// Progress through one lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LessonProgress {
    /// The step on screen, from 0.
    pub step: u32,
    /// The furthest step reached, from 0.
    pub reached: u32,
    /// Locked predictions, at most one a step.
    pub predictions: Vec<Predicted>,
    /// Locked matchings, at most one a step.
    pub matchings: Vec<Matched>,
    /// Observations, at most one a step.
    pub observations: Vec<Observed>,
    /// Goals met, by the goal's id.
    pub goals: SortedMap<String, Met>,
    /// Quiz answers, at most one a question: what was chosen first.
    pub quiz: Vec<Answered>,
    /// How many hints were taken, by the goal's id.
    pub hints: SortedMap<String, u32>,
    /// Whether every goal is met and every question answered.
    pub completed: bool,
}

/// A locked prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Predicted {
    /// In which step, from 0.
    pub step: u32,
    /// Which option, from 0.
    pub option: u32,
    /// How sure the learner was.
    pub confidence: Confidence,
    /// Whether it was right.
    pub right: bool,
}

/// A locked matching.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// In which step, from 0.
    pub step: u32,
    /// For each cause the effect that it was paired with, both by their places in the lesson.
    pub effects: Vec<u32>,
    /// How sure the learner was.
    pub confidence: Confidence,
}

impl Matched {
    /// Whether the cause in that place was paired with its own effect.
    pub fn is_right(&self, cause: usize) -> bool {
        self.effects.get(cause).is_some_and(|&effect| effect as usize == cause)
    }

    /// How many causes were paired with their own effects.
    pub fn rights(&self) -> usize {
        (0..self.effects.len()).filter(|&cause| self.is_right(cause)).count()
    }
}

/// How sure a learner is of a prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// A guess.
    Guess,
    /// Fairly sure.
    Fairly,
    /// Certain.
    Certain,
}

/// An observation check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// In which step, from 0.
    pub step: u32,
    /// How many wrong answers came first.
    pub wrong: u32,
    /// Whether the right one has been given.
    pub right: bool,
}

/// A goal that was met; the best of all attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Met {
    /// Steps used.
    pub steps: u32,
    /// Faults used, drops among them.
    pub faults: u32,
}

/// A quiz answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Which question, from 0.
    pub question: u32,
    /// Which option, from 0.
    pub option: u32,
    /// Whether it was right.
    pub right: bool,
}

impl Default for Progress {
    fn default() -> Progress {
        Progress { version: PROGRESS_VERSION, lessons: SortedMap::new(), comebacks: vec![] }
    }
}

impl LessonProgress {
    /// Whether anything has been done in it.
    pub fn begun(&self) -> bool {
        self.reached > 0 || !self.goals.is_empty() || self.predicted().1 > 0
    }

    /// How many predictions were right, and how many there were; each pair of a matching is one.
    pub fn predicted(&self) -> (usize, usize) {
        let right = self.predictions.iter().filter(|known| known.right).count();
        let pairs: usize = self.matchings.iter().map(|known| known.effects.len()).sum();
        let paired: usize = self.matchings.iter().map(Matched::rights).sum();
        (right + paired, self.predictions.len() + pairs)
    }
}

impl Progress {
    /// How many lessons are completed.
    pub fn completed(&self) -> usize {
        self.lessons.values().filter(|lesson| lesson.completed).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_survives_json_and_ignores_what_it_does_not_know() {
        let mut progress = Progress::default();
        let lesson = progress.lessons.entry("raft-elections".to_owned()).or_default();
        let predicted = Predicted { step: 1, option: 2, confidence: Confidence::Certain, right: true };
        lesson.predictions.push(predicted);
        lesson.goals.insert("two-leaders".to_owned(), Met { steps: 3, faults: 1 });
        lesson.completed = true;
        let json = serde_json::to_string(&progress).unwrap();
        assert_eq!(serde_json::from_str::<Progress>(&json).unwrap(), progress);
        assert_eq!(progress.completed(), 1);
        let older = r#"{"version":1,"lessons":{"x":{"step":3,"later":true}}}"#;
        assert_eq!(serde_json::from_str::<Progress>(older).unwrap().lessons["x"].step, 3);
    }
}
