//! Exactly once: how often each operation took effect, against what its client was told.
//!
//! Between a client and a server over a network that loses messages there are three kinds of promise: at
//! most once, at least once, and, with an identifier that outlives crashes, exactly once in effect.

use std::collections::BTreeMap;

use serde::Serialize;

/// An operation that did not take effect exactly once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wrong {
    /// It took effect so often.
    Repeated(u32),
    /// Its client was told that it was done, and it never was.
    Lost,
}

/// The operations that took effect more than once, or were acknowledged and never did; in order.
/// `asked` holds every operation's identifier and whether its client was told that it was done; `effects`
/// one identifier for each time that an operation took effect, wherever that was.
pub fn not_exactly_once<Id: Ord + Copy>(asked: &[(Id, bool)], effects: &[Id]) -> Vec<(Id, Wrong)> {
    let mut counts: BTreeMap<Id, u32> = BTreeMap::new();
    effects.iter().for_each(|id| *counts.entry(*id).or_default() += 1);
    let mut wrong = vec![];
    for &(id, acknowledged) in asked {
        match counts.get(&id).copied().unwrap_or(0) {
            0 if acknowledged => wrong.push((id, Wrong::Lost)),
            0 | 1 => {}
            count => wrong.push((id, Wrong::Repeated(count))),
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_effect_is_missed_only_by_who_was_told_of_it() {
        let asked = [(1, true), (2, false), (3, true), (4, false), (5, true)];
        let wrong = not_exactly_once(&asked, &[1, 4, 5, 5]);
        assert_eq!(wrong, [(3, Wrong::Lost), (5, Wrong::Repeated(2))]);
    }
}
