//! How old what was read was, against writes that had been acknowledged before.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::history::{History, Outcome};
use crate::spec::{Ret, Verb, Word};

/// A read that did not show the newest write acknowledged before it began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stale {
    /// The read's place in [`History::operations`].
    pub read: usize,
    /// The newest write to the key that had ended before the read began.
    pub missed: usize,
    /// How many acknowledged writes the value is behind: those that began after the one that wrote it had
    /// ended, and ended before the read began.
    pub versions: u32,
}

/// Every stale read, in the order of invocations. Values must be written once each; a read of a value that
/// nobody wrote, or whose write may still be under way, is not judged here.
pub fn stale_reads(history: &History) -> Vec<Stale> {
    let all = history.operations();
    let mut writes: BTreeMap<&Word, Vec<usize>> = BTreeMap::new();
    for (place, operation) in all.iter().enumerate() {
        let wrote = matches!(operation.call.verb, Verb::Write(_) | Verb::Cas(..))
            && !matches!(operation.outcome, Outcome::Failed | Outcome::Returned(Ret::Mismatch));
        if wrote {
            writes.entry(&operation.call.key).or_default().push(place);
        }
    }
    let mut stale = vec![];
    for (read, operation) in all.iter().enumerate() {
        let (Verb::Read, Some(Ret::Value(value))) = (&operation.call.verb, operation.result()) else {
            continue;
        };
        let writes = writes.get(&operation.call.key).map_or(&[][..], Vec::as_slice);
        let wrote = |place: &usize| match &all[*place].call.verb {
            Verb::Write(written) | Verb::Cas(_, written) => Some(written) == value.as_ref(),
            _ => false,
        };
        let source = writes.iter().copied().find(wrote);
        if value.as_ref().is_some_and(|value| !value.is_empty()) && source.is_none() {
            continue;
        }
        let newer = |&place: &usize| {
            all[place].precedes(operation) && source.is_none_or(|source| all[source].precedes(&all[place]))
        };
        let newer: Vec<usize> = writes.iter().copied().filter(newer).collect();
        if let Some(&missed) = newer.iter().max_by_key(|&&place| all[place].returned) {
            stale.push(Stale { read, missed, versions: newer.len() as u32 });
        }
    }
    stale
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(lines: &[&str]) -> History {
        let text: Vec<String> = lines.iter().map(|line| format!("INFO  jepsen.util - {line}")).collect();
        History::parse(&text.join("\n")).expect("a history")
    }

    #[test]
    fn a_read_is_as_stale_as_there_are_acknowledged_writes_after_its_own() {
        let history = lines(&[
            "0 :invoke :write 1",
            "0 :ok :write 1",
            "0 :invoke :write 2",
            "0 :ok :write 2",
            "1 :invoke :read nil",
            "0 :invoke :write 3",
            "0 :ok :write 3",
            "1 :ok :read 1",
            "2 :invoke :read nil",
            "2 :ok :read 3",
        ]);
        // The third write was under way when the read was: it need not be seen.
        assert_eq!(stale_reads(&history), [Stale { read: 2, missed: 1, versions: 1 }]);
    }

    #[test]
    fn nothing_is_staler_than_everything_that_was_acknowledged() {
        let history = lines(&[
            "0 :invoke :write 1",
            "0 :ok :write 1",
            "0 :invoke :write 2",
            "0 :ok :write 2",
            "1 :invoke :read nil",
            "1 :ok :read nil",
        ]);
        assert_eq!(stale_reads(&history), [Stale { read: 2, missed: 1, versions: 2 }]);
    }

    #[test]
    fn what_may_still_be_under_way_makes_nothing_stale() {
        let history = lines(&[
            "0 :invoke :write 1",
            "0 :info :write 1",
            "1 :invoke :read nil",
            "1 :ok :read nil",
            "2 :invoke :read nil",
            "2 :ok :read 1",
        ]);
        assert_eq!(stale_reads(&history), []);
    }
}
