//! Which parts of a value are new or different.

use super::Tree;

/// What a part was before the last event.
#[derive(Clone, Copy, Debug)]
pub(super) enum Was<'t> {
    /// The same as it is now, or unknown: nothing is lit.
    Same,
    /// Not there: all of it is lit.
    New,
    /// This; what differs is lit.
    Other(&'t Tree),
}

impl<'t> Was<'t> {
    pub fn of(before: Option<&'t Tree>, now: &Tree) -> Was<'t> {
        match before {
            None => Was::New,
            Some(before) if before == now => Was::Same,
            Some(before) => Was::Other(before),
        }
    }

    /// Whether a value without parts is lit.
    pub fn lights(self) -> bool {
        !matches!(self, Was::Same)
    }

    /// The same verdict for parts that cannot be compared one by one.
    pub fn whole(self) -> Was<'static> {
        if self.lights() { Was::New } else { Was::Same }
    }
}

/// Beyond this many comparisons the unmatched middle of two lists is lit as a whole.
const MOST_COMPARISONS: usize = 1 << 16;

/// What each element of `now` was: elements are matched along a longest common subsequence, so that an
/// insertion into a set or an append to a log lights just what came; a run of elements replaced by as
/// many others is compared pair by pair.
pub(super) fn elements<'t>(before: &'t [Tree], now: &[Tree]) -> Vec<Was<'t>> {
    let head = before.iter().zip(now).take_while(|(a, b)| a == b).count();
    let (old, new) = (&before[head..], &now[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    let mut verdicts = vec![Was::Same; head];
    let mut from = (0, 0);
    for (i, j) in common(old, new).into_iter().chain([(old.len(), new.len())]) {
        gap(&old[from.0..i], j - from.1, &mut verdicts);
        if j < new.len() {
            verdicts.push(Was::Same);
        }
        from = (i + 1, j + 1);
    }
    verdicts.extend(std::iter::repeat_n(Was::Same, tail));
    verdicts
}

/// `count` elements stand where `old` stood.
fn gap<'t>(old: &'t [Tree], count: usize, verdicts: &mut Vec<Was<'t>>) {
    if old.len() == count {
        verdicts.extend(old.iter().map(Was::Other));
    } else {
        verdicts.extend(std::iter::repeat_n(Was::New, count));
    }
}

/// The index pairs of a longest common subsequence; none when the two are too long to compare.
fn common(old: &[Tree], new: &[Tree]) -> Vec<(usize, usize)> {
    if old.len().saturating_mul(new.len()) > MOST_COMPARISONS {
        return vec![];
    }
    let width = new.len() + 1;
    let mut longest = vec![0u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            longest[i * width + j] = if old[i] == new[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, vec![]);
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}
