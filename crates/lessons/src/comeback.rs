//! What a learner was sure of and was wrong about comes back.
//!
//! Errors made with high confidence are corrected best when they are met again, spaced and in another place
//! (Butterfield & Metcalfe 2001; Pan & Rickard 2018). Each is offered in the next lesson that the learner
//! opens, and from then on in each further one until it has been answered rightly there; and once more a
//! chapter later, or after a week. Right once in each place, it is gone for good. A lesson offers one of them,
//! once, and nobody has to answer.

use serde::{Deserialize, Serialize};

use crate::prose::{Inline, plain};
use crate::{Choice, Confidence, Lesson, Matched, Predicted, Progress, planned};

/// After so many days it is asked a second time, in whatever chapter.
pub const DAYS_BETWEEN: u32 = 7;
/// At most so many are remembered; a course has far fewer predictions.
const MOST: usize = 200;

/// Something that a learner was certain of and that is not so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Comeback {
    /// The lesson in which it was predicted.
    pub lesson: String,
    /// In which step, from 0.
    pub step: u32,
    /// In a matching, of which cause it was said, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<u32>,
    /// What was chosen, an option or an effect, from 0.
    pub chosen: u32,
    /// When, in whole days since 1970.
    pub day: u32,
    /// The lesson in which it was answered rightly the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub once: Option<String>,
    /// The lessons in which it has been answered or put off.
    #[serde(default)]
    pub passed: Vec<String>,
}

/// A question that comes back.
#[derive(Clone, Debug, PartialEq)]
pub struct AskedAgain {
    /// The question.
    pub question: Vec<Inline>,
    /// Its answers, in another order than the first time.
    pub options: Vec<Choice>,
}

impl Comeback {
    /// Whether the other is about the same thing.
    fn is_about(&self, other: &Comeback) -> bool {
        (&self.lesson, self.step, self.cause) == (&other.lesson, other.step, other.cause)
    }

    /// Whether it is to be offered in that lesson on that day.
    fn is_due(&self, lesson: &str, day: u32) -> bool {
        if self.lesson == lesson || self.passed.iter().any(|passed| passed == lesson) {
            return false;
        }
        let chapter = |slug| planned(slug).map(|(chapter, _)| chapter.number);
        let later = chapter(lesson) > chapter(&self.lesson);
        self.once.is_none() || later || day >= self.day.saturating_add(DAYS_BETWEEN)
    }

    /// Its question; `None` when the lesson has another one there by now.
    pub fn question(&self, lesson: &Lesson) -> Option<AskedAgain> {
        let step = lesson.steps.get(self.step as usize)?;
        let chosen = self.chosen as usize;
        let (question, mut options) = match (self.cause, &step.prediction, &step.matching) {
            (None, Some(asked), _) => (asked.question.clone(), asked.options.clone()),
            (Some(cause), _, Some(matching)) => {
                let own = matching.pairs.get(cause as usize)?;
                let offered = matching.offered().into_iter();
                let third = offered.into_iter().find(|&other| other != chosen && other != cause as usize);
                let shown = [Some(cause as usize), Some(chosen), third].into_iter().flatten();
                let option = |effect: usize| {
                    let text = matching.pairs.get(effect)?.effect.clone();
                    let right = effect == cause as usize;
                    Some(Choice { text, right, feedback: own.feedback.clone(), belief: None })
                };
                let mut question = own.cause.clone();
                question.push(Inline::Text(". ".to_owned()));
                question.extend(matching.question.iter().cloned());
                (question, shown.map(option).collect::<Option<Vec<_>>>()?)
            }
            _ => return None,
        };
        if options.iter().all(|option| !option.right) || self.believed(lesson).is_none() {
            return None;
        }
        // Nobody answers by the place where the answer stood.
        match self.once {
            None => options.rotate_left(1),
            Some(_) => options.reverse(),
        }
        Some(AskedAgain { question, options })
    }

    /// What was believed, in words; `None` when it is no answer there any more.
    pub fn believed(&self, lesson: &Lesson) -> Option<String> {
        let step = lesson.steps.get(self.step as usize)?;
        let chosen = self.chosen as usize;
        match self.cause {
            None => Some(plain(&step.prediction.as_ref()?.options.get(chosen)?.text)),
            Some(_) => Some(plain(&step.matching.as_ref()?.pairs.get(chosen)?.effect)),
        }
    }
}

impl Progress {
    /// Remembers a prediction of that lesson if it was certain and wrong.
    pub fn remember(&mut self, lesson: &str, locked: &Predicted, day: u32) {
        if locked.confidence == Confidence::Certain && !locked.right {
            self.keep(lesson, locked.step, None, locked.option, day);
        }
    }

    /// Remembers the wrong pairs of a matching of that lesson if it was certain.
    pub fn remember_pairs(&mut self, lesson: &str, locked: &Matched, day: u32) {
        let wrong = (0..locked.effects.len()).filter(|&cause| !locked.is_right(cause));
        for cause in wrong.filter(|_| locked.confidence == Confidence::Certain) {
            self.keep(lesson, locked.step, Some(cause as u32), locked.effects[cause], day);
        }
    }

    fn keep(&mut self, lesson: &str, step: u32, cause: Option<u32>, chosen: u32, day: u32) {
        let lesson = lesson.to_owned();
        let made = Comeback { lesson, step, cause, chosen, day, once: None, passed: vec![] };
        let known = self.comebacks.iter().any(|known| known.is_about(&made));
        if !known && self.comebacks.len() < MOST {
            self.comebacks.push(made);
        }
    }

    /// What that lesson offers on that day: the oldest that is due, unless it has offered one before.
    pub fn comeback(&self, lesson: &str, day: u32) -> Option<&Comeback> {
        let passed = |known: &Comeback| known.passed.iter().any(|passed| passed == lesson);
        if self.comebacks.iter().any(passed) {
            return None;
        }
        self.comebacks.iter().find(|known| known.is_due(lesson, day))
    }

    /// What was offered in that lesson has been answered, or put off with `None`. Right in both places, it
    /// is gone.
    pub fn answer_comeback(&mut self, asked: &Comeback, lesson: &str, right: Option<bool>) {
        let Some(place) = self.comebacks.iter().position(|known| known.is_about(asked)) else { return };
        let known = &mut self.comebacks[place];
        match (right, &known.once) {
            (Some(true), Some(_)) => {
                self.comebacks.remove(place);
                return;
            }
            (Some(true), None) => known.once = Some(lesson.to_owned()),
            _ => {}
        }
        if !known.passed.iter().any(|passed| passed == lesson) {
            known.passed.push(lesson.to_owned());
        }
    }
}

#[cfg(test)]
mod tests;
