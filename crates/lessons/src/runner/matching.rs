//! Pairs that are made one by one, can be undone, and are locked together.

use super::{Gate, Runner};
use crate::{Confidence, Lesson, Matched};

/// The pairs that a learner has made so far, not locked yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairing {
    effects: Vec<Option<usize>>,
    before: Vec<Vec<Option<usize>>>,
}

impl Pairing {
    /// Nothing is paired yet, of so many causes and as many effects.
    pub fn new(count: usize) -> Pairing {
        Pairing { effects: vec![None; count], before: vec![] }
    }

    /// The effect of a cause.
    pub fn effect(&self, cause: usize) -> Option<usize> {
        self.effects.get(cause).copied().flatten()
    }

    /// The cause of an effect.
    pub fn cause(&self, effect: usize) -> Option<usize> {
        self.effects.iter().position(|paired| *paired == Some(effect))
    }

    /// Pairs a cause with an effect, or with none. An effect that has another cause leaves it, and what this
    /// cause had before goes there instead: the two change places, and nothing falls out of a full list.
    pub fn pair(&mut self, cause: usize, effect: Option<usize>) {
        let count = self.effects.len();
        let unknown = cause >= count || effect.is_some_and(|effect| effect >= count);
        if unknown || self.effects[cause] == effect {
            return;
        }
        self.before.push(self.effects.clone());
        let other = effect.and_then(|effect| self.cause(effect));
        let had = std::mem::replace(&mut self.effects[cause], effect);
        if let Some(other) = other {
            self.effects[other] = had;
        }
    }

    /// Takes the last change back; false when there is none.
    pub fn undo(&mut self) -> bool {
        let before = self.before.pop();
        let some = before.is_some();
        self.effects = before.unwrap_or_else(|| std::mem::take(&mut self.effects));
        some
    }

    /// Whether there is something to take back.
    pub fn can_undo(&self) -> bool {
        !self.before.is_empty()
    }

    /// How many causes have an effect.
    pub fn made(&self) -> usize {
        self.effects.iter().flatten().count()
    }

    /// The effect of every cause; `None` while one has none.
    pub fn complete(&self) -> Option<Vec<u32>> {
        self.effects.iter().map(|effect| effect.map(|effect| effect as u32)).collect()
    }
}

/// Whether a record is one of this edition of the lesson.
pub(super) fn fits(lesson: &Lesson, known: &Matched) -> bool {
    let matching = lesson.steps.get(known.step as usize).and_then(|step| step.matching.as_ref());
    let count = matching.map_or(0, |matching| matching.pairs.len());
    known.effects.len() == count && (0..count as u32).all(|effect| known.effects.contains(&effect))
}

impl Runner {
    /// The matching that was locked in the step on screen.
    pub fn matched(&self) -> Option<&Matched> {
        self.record.matchings.iter().find(|known| known.step == self.record.step)
    }

    /// How sure the learner was of what is locked in the step on screen, of whatever kind it is.
    pub fn locked(&self) -> Option<Confidence> {
        let predicted = self.predicted().map(|known| known.confidence);
        predicted.or_else(|| self.matched().map(|known| known.confidence))
    }

    /// Locks the matching of the step on screen. What is locked stays.
    pub fn pair_up(&mut self, pairing: &Pairing, confidence: Option<Confidence>) -> Result<(), Gate> {
        if self.matched().is_some() {
            return Ok(());
        }
        let effects = pairing.complete().ok_or(Gate::Unpaired)?;
        let confidence = confidence.ok_or(Gate::NoConfidence)?;
        let known = Matched { step: self.record.step, effects, confidence };
        if !fits(&self.lesson, &known) {
            return Err(Gate::Unpaired);
        }
        self.record.matchings.push(known);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_effect_has_one_cause_and_changes_places() {
        let mut pairing = Pairing::new(3);
        pairing.pair(0, Some(2));
        pairing.pair(1, Some(0));
        assert_eq!((pairing.effect(0), pairing.cause(0), pairing.made()), (Some(2), Some(1), 2));
        // What cause 1 had goes to cause 0, which loses effect 2.
        pairing.pair(1, Some(2));
        assert_eq!((pairing.effect(0), pairing.effect(1)), (Some(0), Some(2)));
        assert_eq!(pairing.complete(), None);
        pairing.pair(2, Some(1));
        assert_eq!(pairing.complete(), Some(vec![0, 2, 1]));
        assert!(pairing.undo() && pairing.undo());
        assert_eq!((pairing.effect(0), pairing.effect(1)), (Some(2), Some(0)));
        pairing.pair(0, None);
        assert_eq!(pairing.made(), 1);
        pairing.pair(7, Some(0));
        pairing.pair(0, Some(7));
        assert_eq!(pairing.made(), 1, "what does not exist changes nothing");
    }

    proptest! {
        #[test]
        fn no_effect_is_ever_in_two_places_and_undo_takes_back_everything(
            changes in prop::collection::vec((0usize..9, prop::option::of(0usize..9)), 0..40)
        ) {
            let mut pairing = Pairing::new(8);
            for (cause, effect) in &changes {
                pairing.pair(*cause, *effect);
                for effect in 0..8 {
                    let places = (0..8).filter(|&cause| pairing.effect(cause) == Some(effect)).count();
                    prop_assert!(places <= 1);
                }
            }
            while pairing.undo() {}
            prop_assert_eq!(pairing, Pairing::new(8));
        }
    }
}
