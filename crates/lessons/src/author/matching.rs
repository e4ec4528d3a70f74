//! From a `match` block to the typed matching.

use std::collections::BTreeSet;

use faultline_sim::Script;
use faultline_sim::script::{Command, Statement, Step};

use super::error::{Outcome, Wrong};
use super::form::{MatchForm, PairForm, Text};
use super::lower::Within;
use crate::lesson::{FEWEST_PAIRS, MOST_PAIRS, Matching, Pair};

impl Within<'_> {
    pub fn matching(&self, form: MatchForm) -> Outcome<Matching> {
        let count = form.pairs.len();
        if !(FEWEST_PAIRS..=MOST_PAIRS).contains(&count) {
            let why = format!("{FEWEST_PAIRS} to {MOST_PAIRS} pairs, and here are {count}");
            return Wrong::at(self.range.clone(), why);
        }
        let mut said = BTreeSet::new();
        for text in form.pairs.iter().flat_map(|pair| [&pair.cause, &pair.effect]) {
            if !said.insert(text.0.value.trim()) {
                let why = "this stands here twice: nobody could tell the two apart";
                return Wrong::at(self.place(text), why);
            }
        }
        let pair = |pair: PairForm| {
            Ok(Pair {
                cause: self.line(&pair.cause)?,
                effect: self.line(&pair.effect)?,
                feedback: self.line(&pair.feedback)?,
                run: self.trial(pair.run)?,
                shows: self.expectations(pair.shows)?,
            })
        };
        let pairs = form.pairs.into_iter().map(pair).collect::<Outcome<_>>()?;
        Ok(Matching { question: self.line(&form.question)?, pairs })
    }

    /// A script of nothing but `expect`, which says what is so where it stands.
    fn expectations(&self, what: Text) -> Outcome<String> {
        let place = self.place(&what);
        let text = self.script(what)?;
        let script = Script::parse(&text).unwrap_or_default();
        let states = |statement: &Statement| match statement {
            Statement::Step(Step { after: None, at: None, command }) => matches!(command, Command::Expect(_)),
            _ => false,
        };
        let mut statements = script.lines.iter().filter_map(|line| line.statement.as_ref()).peekable();
        if statements.peek().is_none() || !statements.all(states) {
            let why = "`shows` has lines of `expect` and nothing else: `expect S1.role = leader`";
            return Wrong::at(place, why);
        }
        Ok(text)
    }
}
