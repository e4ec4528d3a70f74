//! Things to be paired with what comes of them, each pair a run.

use faultline_model::sort_by_key;
use serde::{Deserialize, Serialize};

use super::Trial;
use crate::prose::{Inline, plain};

/// A matching has at least so many pairs.
pub const FEWEST_PAIRS: usize = 3;
/// A matching has at most so many pairs.
pub const MOST_PAIRS: usize = 8;
/// Either side of a pair has at most so many words.
pub const MOST_PAIR_WORDS: usize = 10;

/// A prediction of another kind: what is done is paired with what comes of it, and locked with a confidence
/// before the step's run starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Matching {
    /// The question.
    pub question: Vec<Inline>,
    /// What belongs together, in the order of its causes.
    pub pairs: Vec<Pair>,
}

/// What is done, and what comes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// What is done.
    pub cause: Vec<Inline>,
    /// What comes of it.
    pub effect: Vec<Inline>,
    /// What is said of the two once the answer is known.
    pub feedback: Vec<Inline>,
    /// The cause as a run. It starts like the lesson, whatever the step's own stage is: all causes begin alike.
    pub run: Trial,
    /// The effect: lines of `expect` that pass at the end of this pair's run, and of which one fails at the
    /// end of every other pair's.
    pub shows: String,
}

impl Matching {
    /// In which order the effects are offered: by their words, which gives nothing away.
    pub fn offered(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.pairs.len()).collect();
        sort_by_key(&mut order, |&index| plain(&self.pairs[index].effect).to_lowercase());
        if order.is_sorted() {
            order.reverse();
        }
        order
    }
}
