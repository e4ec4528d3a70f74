//! The log: entries from index 1 on, without the prefix that a snapshot has replaced.

use std::hash::Hash;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::machine::Command;

/// "Each log entry stores a state machine command along with the term number when the entry was received
/// by the leader" (Raft §5.3).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Entry {
    /// The term in which a leader created it.
    pub term: u64,
    /// What the state machine is to do.
    pub command: Command,
}

/// Entries in one chunk.
const CHUNK: u64 = 16;

/// A server's log. Indices begin at 1; index 0 stands for the empty log and has term 0.
///
/// A log that is on disk or in an older checkpoint shares all but the last few entries with the log in
/// memory: cloning costs two pointers, and appending to a shared log copies at most 16 entries (and every
/// sixteenth time one pointer per chunk).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Log {
    base_index: u64,
    base_term: u64,
    /// What lies between multiples of [`CHUNK`]; of the first chunk only what is still there.
    chunks: Arc<Vec<Arc<Vec<Entry>>>>,
    /// What lies behind the last multiple of [`CHUNK`]. So equal logs are stored alike.
    tail: Arc<Vec<Entry>>,
    length: u64,
}

impl Log {
    /// A log with these entries from index 1 on.
    pub fn of(entries: impl IntoIterator<Item = Entry>) -> Log {
        let mut log = Log::default();
        for entry in entries {
            log.push(entry);
        }
        log
    }

    /// The index of the last entry that a snapshot has replaced (lastIncludedIndex); 0 when none has.
    pub fn base_index(&self) -> u64 {
        self.base_index
    }

    /// The index of the last entry; 0 for an empty log.
    #[inline]
    pub fn last_index(&self) -> u64 {
        self.base_index + self.length
    }

    /// The term of the last entry; 0 for an empty log.
    #[inline]
    pub fn last_term(&self) -> u64 {
        self.term(self.last_index()).unwrap_or(0)
    }

    #[inline]
    fn place(&self, index: u64) -> (usize, usize) {
        let chunk = (index - 1) / CHUNK - self.base_index / CHUNK;
        let offset = if chunk == 0 { index - 1 - self.base_index } else { (index - 1) % CHUNK };
        (chunk as usize, offset as usize)
    }

    /// The entry at an index; `None` where the log does not reach or a snapshot has replaced it.
    #[inline]
    pub fn get(&self, index: u64) -> Option<&Entry> {
        if index <= self.base_index || index > self.last_index() {
            return None;
        }
        let (chunk, offset) = self.place(index);
        self.chunks.get(chunk).unwrap_or(&self.tail).get(offset)
    }

    /// The term of the entry at an index, also of the last one that a snapshot has replaced.
    #[inline]
    pub fn term(&self, index: u64) -> Option<u64> {
        if index == self.base_index {
            return Some(self.base_term);
        }
        self.get(index).map(|entry| entry.term)
    }

    /// At most `count` entries from `index` on; allocates nothing when there are none.
    pub fn batch(&self, index: u64, count: u64) -> Vec<Entry> {
        let end = self.last_index().min(index.saturating_add(count).saturating_sub(1));
        (index..=end).filter_map(|i| self.get(i)).cloned().collect()
    }

    /// All entries with their indices, ascending.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, &Entry)> {
        (self.base_index + 1..=self.last_index()).filter_map(|i| self.get(i).map(|entry| (i, entry)))
    }

    /// The first index at which the log holds an entry of the term that `index` has.
    pub fn first_of_term_at(&self, index: u64) -> u64 {
        let term = self.term(index);
        let mut first = index;
        while first > self.base_index + 1 && self.term(first - 1) == term {
            first -= 1;
        }
        first
    }

    /// Whether a log whose last entry has that term and index is at least as up-to-date as this one: "If
    /// the logs have last entries with different terms, then the log with the later term is more
    /// up-to-date. If the logs end with the same term, then whichever log is longer is more up-to-date"
    /// (Raft §5.4.1).
    pub fn is_at_most(&self, last_term: u64, last_index: u64) -> bool {
        (last_term, last_index) >= (self.last_term(), self.last_index())
    }

    /// Appends an entry.
    pub fn push(&mut self, entry: Entry) {
        Arc::make_mut(&mut self.tail).push(entry);
        self.length += 1;
        if self.last_index().is_multiple_of(CHUNK) {
            let full = std::mem::take(&mut self.tail);
            Arc::make_mut(&mut self.chunks).push(full);
        }
    }

    /// Deletes the entry at `index` and all that follow it. What a snapshot has replaced stays.
    pub fn truncate(&mut self, index: u64) {
        let index = index.max(self.base_index + 1);
        if index > self.last_index() {
            return;
        }
        let (chunk, offset) = self.place(index);
        if chunk < self.chunks.len() {
            let chunks = Arc::make_mut(&mut self.chunks);
            self.tail = chunks.swap_remove(chunk);
            chunks.truncate(chunk);
        }
        Arc::make_mut(&mut self.tail).truncate(offset);
        self.length = index - 1 - self.base_index;
    }

    /// Discards the entries up to `index`, which a snapshot has replaced and whose last one had `term`
    /// (Raft §7). An index behind the end leaves an empty log that goes on from there.
    pub fn compact(&mut self, index: u64, term: u64) {
        if index <= self.base_index {
            return;
        }
        if index >= self.last_index() {
            *self = Log { base_index: index, base_term: term, ..Log::default() };
            return;
        }
        let (chunk, offset) = self.place(index + 1);
        let chunks = Arc::make_mut(&mut self.chunks);
        chunks.drain(..chunk);
        let first = chunks.first_mut().unwrap_or(&mut self.tail);
        Arc::make_mut(first).drain(..offset);
        self.length = self.last_index() - index;
        self.base_index = index;
        self.base_term = term;
    }

    /// The terms of the entries in a form short enough for a cell: `1×3 4×2 5`.
    pub fn short(&self) -> String {
        const RUNS: usize = 4;
        let mut runs: Vec<(u64, u64)> = Vec::with_capacity(RUNS + 1);
        for (_, entry) in self.iter().rev() {
            match runs.last_mut() {
                Some((term, count)) if *term == entry.term => *count += 1,
                _ => runs.push((entry.term, 1)),
            }
            if runs.len() > RUNS {
                break;
            }
        }
        let cut = runs.len() > RUNS || self.base_index > 0;
        let shown = runs.iter().take(RUNS).rev().map(|&(term, count)| match count {
            1 => term.to_string(),
            _ => format!("{term}×{count}"),
        });
        let parts: Vec<String> = cut.then(|| "…".to_owned()).into_iter().chain(shown).collect();
        if parts.is_empty() { "empty".to_owned() } else { parts.join(" ") }
    }
}

/// A map from index to entry, so that `log.3.term` is the term at index 3 also after a compaction.
impl Serialize for Log {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(term: u64) -> Entry {
        Entry { term, command: Command::NoOp }
    }

    /// A log of 40 entries, the term of entry `i` being `i`, with the first `base` compacted away.
    fn numbered(base: u64) -> Log {
        let mut log = Log::of((1..=40).map(entry));
        log.compact(base, base);
        log
    }

    #[test]
    fn entries_stay_at_their_indices_through_compaction() {
        for base in 0..=40 {
            let log = numbered(base);
            assert_eq!((log.base_index(), log.last_index(), log.last_term()), (base, 40, 40));
            for index in 0..=42 {
                let there = (base + 1..=40).contains(&index);
                assert_eq!(log.get(index).map(|e| e.term), there.then_some(index));
                assert_eq!(log.term(index), (there || index == base).then_some(index));
            }
        }
    }

    #[test]
    fn truncating_deletes_the_entry_and_all_that_follow() {
        for base in [0, 1, 15, 16, 17, 31, 39] {
            for cut in 1..=41 {
                let mut log = numbered(base);
                log.truncate(cut);
                let last = (cut - 1).max(base);
                assert_eq!(log.last_index(), last);
                assert_eq!(log.last_term(), last);
                log.push(entry(99));
                assert_eq!(log.term(last + 1), Some(99));
            }
        }
    }

    #[test]
    fn equal_logs_are_equal_however_they_came_about() {
        for base in [0, 3, 16, 20] {
            for last in 20..=40 {
                let mut grown = Log::default();
                grown.compact(base, base);
                for term in base + 1..=last {
                    grown.push(entry(term));
                }
                let mut cut = numbered(base);
                cut.truncate(last + 1);
                assert_eq!(grown, cut, "base {base}, last {last}");
                let mut late = Log::of((1..=last).map(entry));
                late.compact(base, base);
                assert_eq!(grown, late);
            }
        }
    }

    #[test]
    fn appending_copies_at_most_one_chunk() {
        let mut log = numbered(0);
        let saved = log.clone();
        log.push(entry(41));
        assert!(Arc::ptr_eq(&log.chunks, &saved.chunks));
        assert!(!Arc::ptr_eq(&log.tail, &saved.tail));
        assert_eq!(saved.last_index(), 40);
    }

    #[test]
    fn the_later_last_term_wins_and_then_the_longer_log() {
        let log = Log::of([entry(1), entry(2)]);
        assert!(log.is_at_most(2, 2));
        assert!(log.is_at_most(2, 3));
        assert!(log.is_at_most(3, 1));
        assert!(!log.is_at_most(2, 1));
        assert!(!log.is_at_most(1, 9));
    }

    #[test]
    fn the_short_form_counts_runs_of_terms() {
        let log = |terms: &[u64]| Log::of(terms.iter().map(|&t| entry(t)));
        assert_eq!(log(&[]).short(), "empty");
        assert_eq!(log(&[1, 1, 1, 4]).short(), "1×3 4");
        assert_eq!(log(&[1, 1, 1, 4, 4, 5, 5, 6, 6, 6]).short(), "1×3 4×2 5×2 6×3");
        assert_eq!(log(&[1, 2, 3, 4, 5]).short(), "… 2 3 4 5");
    }

    #[test]
    fn the_first_index_of_a_term_is_found() {
        let log = Log::of([1, 1, 4, 4, 4].map(entry));
        assert_eq!(log.first_of_term_at(5), 3);
        assert_eq!(log.first_of_term_at(2), 1);
    }
}
