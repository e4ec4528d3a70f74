//! A learner's way through one lesson: which screen is on, what is locked, what is revealed.
//!
//! Pure bookkeeping over a [`Lesson`] and a [`LessonProgress`]. It draws nothing and runs nothing; who
//! shows the lesson tells it what the learner did and what the simulation reached.
//!
//! The order within a step is that of the course's template: a locked prediction with a confidence,
//! the run to the critical event, an observation, and only then the explanation (Crouch et al. 2004;
//! Miller et al. 2013).

mod matching;
mod observation;
mod rehearsal;
mod watch;

use std::sync::Arc;

use crate::{
    Answered, Confidence, Goal, Lesson, LessonProgress, Met, Observed, Predicted, Prediction, Question, Step,
};

pub use matching::Pairing;
pub use observation::{Saw, Sighting};
pub use rehearsal::{
    Outcome, RehearsalError, Rehearsed, Tried, Trying, attempt, opening, parting, searched, stage,
};
pub use watch::{Noticed, Watch, sighting};

/// What the learner sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// A step, from 0.
    Step(usize),
    /// A question of the quiz, from 0.
    Quiz(usize),
    /// What comes after the quiz: result, free play, sources.
    Done,
}

/// How far the learner is within a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// The prediction is not locked yet: the run does not start.
    Predicting,
    /// The run has not reached its outcome yet.
    Watching,
    /// The outcome is on stage; the learner says what it is.
    Observing,
    /// Everything of the step is open.
    Open,
}

/// Why a step forward is not possible yet. It reads as a sentence to the learner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Gate {
    /// There is no answer yet.
    #[error("Choose an answer first.")]
    NoAnswer,
    /// Not everything is paired.
    #[error("Pair them all first.")]
    Unpaired,
    /// There is no confidence yet.
    #[error("Say how sure you are first.")]
    NoConfidence,
    /// A prediction waits.
    #[error("Make your prediction first.")]
    Prediction,
    /// The run has not been seen.
    #[error("Watch the run first: press Play.")]
    Run,
    /// The observation waits.
    #[error("Say what you see first.")]
    Observation,
    /// What was said is not what was to be seen.
    #[error("That is not what is there. Look again.")]
    NotSeen,
    /// The question of the quiz waits.
    #[error("Answer the question first.")]
    Question,
}

/// A learner in a lesson.
#[derive(Clone, Debug)]
pub struct Runner {
    lesson: Arc<Lesson>,
    record: LessonProgress,
    screen: Screen,
    sighting: Option<Sighting>,
}

impl Runner {
    /// Takes up a lesson where it was left. A record of another edition of the lesson is used as far as
    /// it fits.
    pub fn new(lesson: Arc<Lesson>, mut record: LessonProgress) -> Runner {
        let last = lesson.steps.len().saturating_sub(1) as u32;
        record.step = record.step.min(last);
        record.reached = record.reached.clamp(record.step, last);
        record.predictions.retain(|known| {
            let prediction = lesson.steps.get(known.step as usize).and_then(|step| step.prediction.as_ref());
            prediction.is_some_and(|prediction| (known.option as usize) < prediction.options.len())
        });
        record.matchings.retain(|known| matching::fits(&lesson, known));
        record.observations.retain(|known| {
            lesson.steps.get(known.step as usize).is_some_and(|step| step.observation.is_some())
        });
        record.quiz.retain(|known| {
            let question = lesson.quiz.get(known.question as usize);
            question.is_some_and(|question| (known.option as usize) < question.options.len())
        });
        record.goals.retain(|id, _| goals(&lesson).any(|goal| goal.id == *id));
        record.hints.retain(|id, _| goals(&lesson).any(|goal| goal.id == *id));
        let screen = Screen::Step(record.step as usize);
        let mut runner = Runner { lesson, record, screen, sighting: None };
        runner.judge();
        runner
    }

    /// The lesson.
    pub fn lesson(&self) -> &Arc<Lesson> {
        &self.lesson
    }

    /// What there is to keep between visits.
    pub fn record(&self) -> &LessonProgress {
        &self.record
    }

    /// What is on screen.
    pub fn screen(&self) -> Screen {
        self.screen
    }

    /// The step that is on screen or, in the quiz and after it, the last one.
    pub fn step(&self) -> usize {
        self.record.step as usize
    }

    /// That step's content; `None` only in a lesson without steps.
    pub fn content(&self) -> Option<&Step> {
        self.lesson.steps.get(self.step())
    }

    /// How far the learner is within the step on screen.
    pub fn phase(&self) -> Phase {
        let Some(step) = self.content() else { return Phase::Open };
        if step.predicts() && self.locked().is_none() {
            return Phase::Predicting;
        }
        let told = step.asks();
        let passed = self.record.reached > self.record.step || self.observed().is_some_and(|seen| seen.right);
        if self.sighting.is_none() && told && !passed && self.outcome_is_shown() {
            return Phase::Watching;
        }
        if step.observation.is_some() && !self.observed().is_some_and(|seen| seen.right) {
            // Without the critical event on stage there is nothing to be observed.
            return if self.sighting.is_some() { Phase::Observing } else { Phase::Watching };
        }
        Phase::Open
    }

    /// Whether the step has an outcome that is played: a critical event, or a run that is scripted.
    fn outcome_is_shown(&self) -> bool {
        self.content().is_some_and(|step| {
            step.critical.is_some() || step.stage.as_ref().is_some_and(|stage| !stage.script.is_empty())
        })
    }

    /// Whether time may run: never before the prediction is locked.
    pub fn may_play(&self) -> bool {
        self.phase() != Phase::Predicting
    }

    /// Whether the step's explanation and contrast may be read. Where nothing was predicted or observed
    /// they explain the goals, and would give them away.
    pub fn explained(&self) -> bool {
        let Some(step) = self.content() else { return true };
        let asked = step.asks();
        let solved = step.goals.iter().all(|goal| self.record.goals.contains_key(&goal.id));
        self.phase() == Phase::Open && (asked || solved)
    }

    /// The prediction that was locked in the step on screen.
    pub fn predicted(&self) -> Option<Predicted> {
        self.record.predictions.iter().copied().find(|known| known.step == self.record.step)
    }

    /// The observation of the step on screen, as far as it has come.
    pub fn observed(&self) -> Option<Observed> {
        self.record.observations.iter().copied().find(|known| known.step == self.record.step)
    }

    /// Locks the prediction of the step on screen. What is locked stays.
    pub fn predict(
        &mut self,
        option: Option<usize>,
        confidence: Option<Confidence>,
    ) -> Result<Predicted, Gate> {
        if let Some(locked) = self.predicted() {
            return Ok(locked);
        }
        let prediction = self.content().and_then(|step| step.prediction.as_ref());
        let chosen = option.and_then(|option| {
            let choice = prediction.and_then(|prediction: &Prediction| prediction.options.get(option));
            choice.map(|choice| (option, choice.right))
        });
        let (option, right) = chosen.ok_or(Gate::NoAnswer)?;
        let confidence = confidence.ok_or(Gate::NoConfidence)?;
        let locked = Predicted { step: self.record.step, option: option as u32, confidence, right };
        self.record.predictions.push(locked);
        Ok(locked)
    }

    /// The outcome of the step's run is on stage, with this to be seen. False when that was known.
    pub fn reached(&mut self, sighting: Sighting) -> bool {
        let news = self.sighting.as_ref() != Some(&sighting) && self.phase() == Phase::Watching;
        if news {
            self.sighting = Some(sighting);
        }
        news
    }

    /// What was there to be seen at the outcome, if it has been reached in this visit.
    pub fn sighting(&self) -> Option<&Sighting> {
        self.sighting.as_ref()
    }

    /// Answers the observation; says whether that is what was to be seen.
    pub fn observe(&mut self, saw: &Saw) -> Result<bool, Gate> {
        let Some(observation) = self.content().and_then(|step| step.observation.as_ref()) else {
            return Ok(true);
        };
        if self.observed().is_some_and(|seen| seen.right) {
            return Ok(true);
        }
        let sighting = self.sighting.as_ref().ok_or(Gate::Run)?;
        let right = observation::is_seen(observation, sighting, saw).ok_or(Gate::NoAnswer)?;
        let step = self.record.step;
        let known = self.record.observations.iter().position(|known| known.step == step);
        let index = known.unwrap_or_else(|| {
            self.record.observations.push(Observed { step, ..Observed::default() });
            self.record.observations.len() - 1
        });
        let seen = &mut self.record.observations[index];
        seen.right = right;
        seen.wrong += u32::from(!right);
        Ok(right)
    }

    /// A goal has become true at this cost. Keeps the best of all attempts; says whether it is the first.
    pub fn meet(&mut self, goal: &str, cost: Met) -> bool {
        if !goals(&self.lesson).any(|known| known.id == goal) {
            return false;
        }
        let first = !self.record.goals.contains_key(goal);
        let best = self.record.goals.entry(goal.to_owned()).or_insert(cost);
        if (cost.faults, cost.steps) < (best.faults, best.steps) {
            *best = cost;
        }
        self.judge();
        first
    }

    /// At what cost a goal has been met.
    pub fn met(&self, goal: &str) -> Option<Met> {
        self.record.goals.get(goal).copied()
    }

    /// Takes the next rung of a goal's ladder and says how many are taken. The first restates the goal
    /// with its present truth, the others are the author's.
    pub fn hint(&mut self, goal: &str) -> usize {
        let rungs =
            goals(&self.lesson).find(|known| known.id == goal).map_or(0, |known| known.hints.len() + 1);
        if rungs == 0 {
            return 0;
        }
        let taken = self.record.hints.entry(goal.to_owned()).or_default();
        *taken = (*taken + 1).min(rungs as u32);
        *taken as usize
    }

    /// How many rungs of a goal's ladder are taken.
    pub fn hints(&self, goal: &str) -> usize {
        self.record.hints.get(goal).map_or(0, |taken| *taken as usize)
    }

    /// Answers a question of the quiz. What was chosen first counts and stays.
    pub fn answer(&mut self, question: usize, option: Option<usize>) -> Result<bool, Gate> {
        if let Some(answered) = self.answered(question) {
            return Ok(answered.right);
        }
        let chosen = |option: usize| {
            self.lesson.quiz.get(question)?.options.get(option).map(|choice| (option, choice.right))
        };
        let (option, right) = option.and_then(chosen).ok_or(Gate::NoAnswer)?;
        self.record.quiz.push(Answered { question: question as u32, option: option as u32, right });
        self.judge();
        Ok(right)
    }

    /// The answer to a question of the quiz.
    pub fn answered(&self, question: usize) -> Option<Answered> {
        self.record.quiz.iter().copied().find(|known| known.question as usize == question)
    }

    /// The question on screen.
    pub fn question(&self) -> Option<&Question> {
        match self.screen {
            Screen::Quiz(index) => self.lesson.quiz.get(index),
            _ => None,
        }
    }

    /// How many questions were answered rightly at the first attempt.
    pub fn score(&self) -> usize {
        self.record.quiz.iter().filter(|known| known.right).count()
    }

    /// Why "Next" leads nowhere yet. Goals never stand in the way: they are an offer.
    pub fn gate(&self) -> Option<Gate> {
        match self.screen {
            Screen::Step(_) => match self.phase() {
                Phase::Predicting => Some(Gate::Prediction),
                Phase::Watching => Some(Gate::Run),
                Phase::Observing => Some(Gate::Observation),
                Phase::Open => None,
            },
            Screen::Quiz(index) => self.answered(index).is_none().then_some(Gate::Question),
            Screen::Done => None,
        }
    }

    /// One screen on, or why not.
    pub fn advance(&mut self) -> Result<Screen, Gate> {
        if let Some(gate) = self.gate() {
            return Err(gate);
        }
        match self.screen {
            Screen::Step(step) if step + 1 < self.lesson.steps.len() => self.show(step + 1),
            Screen::Step(_) if !self.lesson.quiz.is_empty() => {
                let open = (0..self.lesson.quiz.len()).find(|&question| self.answered(question).is_none());
                self.screen = open.map_or(Screen::Done, Screen::Quiz);
            }
            Screen::Quiz(question) if question + 1 < self.lesson.quiz.len() => {
                self.screen = Screen::Quiz(question + 1);
            }
            _ => self.screen = Screen::Done,
        }
        self.judge();
        Ok(self.screen)
    }

    /// One screen back; nothing at the beginning.
    pub fn back(&mut self) -> Screen {
        match self.screen {
            Screen::Step(step) if step > 0 => self.show(step - 1),
            Screen::Step(_) => {}
            Screen::Quiz(question) if question > 0 => self.screen = Screen::Quiz(question - 1),
            Screen::Done if !self.lesson.quiz.is_empty() => {
                self.screen = Screen::Quiz(self.lesson.quiz.len() - 1);
            }
            _ => self.show(self.lesson.steps.len().saturating_sub(1)),
        }
        self.screen
    }

    /// To a step that has been reached; false for one that has not.
    pub fn go(&mut self, step: usize) -> bool {
        let allowed = step <= self.record.reached as usize && step < self.lesson.steps.len();
        if allowed {
            self.show(step);
        }
        allowed
    }

    /// To any step: what an address names. Its own prediction still comes first.
    pub fn open_at(&mut self, step: usize) {
        self.show(step.min(self.lesson.steps.len().saturating_sub(1)));
    }

    fn show(&mut self, step: usize) {
        self.screen = Screen::Step(step);
        self.sighting = None;
        self.record.step = step as u32;
        self.record.reached = self.record.reached.max(self.record.step);
    }

    /// Completed is who has met every goal and answered every question.
    fn judge(&mut self) {
        let met = goals(&self.lesson).all(|goal| self.record.goals.contains_key(&goal.id));
        let answered = (0..self.lesson.quiz.len()).all(|question| self.answered(question).is_some());
        let through = self.record.reached as usize + 1 >= self.lesson.steps.len();
        self.record.completed |= met && answered && through;
    }
}

fn goals(lesson: &Lesson) -> impl Iterator<Item = &Goal> {
    lesson.steps.iter().flat_map(|step| &step.goals)
}

#[cfg(test)]
mod tests;
