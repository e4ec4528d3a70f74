//! What a search for an order has seen: states, and configurations of them, each kept whole. Nothing is
//! taken for seen because a hash says so.

use std::hash::{Hash, Hasher};

use faultline_model::StableHasher;

/// An open-addressed index into a list that is kept elsewhere. It is never iterated, so its order cannot
/// leak.
#[derive(Debug)]
struct Index {
    /// One more than the place in the list; zero marks an empty slot.
    slots: Vec<u32>,
    len: usize,
}

impl Index {
    fn new() -> Index {
        Index { slots: vec![0; 64], len: 0 }
    }

    fn bytes(&self) -> usize {
        self.slots.len() * size_of::<u32>()
    }

    /// The place for which `same` holds, among those with this hash, or the empty slot where it belongs.
    fn find(&self, hash: u64, same: impl Fn(u32) -> bool) -> Result<u32, usize> {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            match self.slots[at] {
                0 => return Err(at),
                place if same(place - 1) => return Ok(place - 1),
                _ => at = (at + 1) & mask,
            }
        }
    }

    fn fill(&mut self, slot: usize, place: u32) {
        self.slots[slot] = place + 1;
        self.len += 1;
    }

    /// At most two thirds full, so that probing stays short.
    fn grow_when_full(&mut self, hash_of: impl Fn(u32) -> u64) {
        if self.len * 3 < self.slots.len() * 2 {
            return;
        }
        let larger = vec![0; self.slots.len() * 2];
        let old = std::mem::replace(&mut self.slots, larger);
        let mask = self.slots.len() - 1;
        for place in old.into_iter().filter(|&place| place != 0) {
            let mut at = hash_of(place - 1) as usize & mask;
            while self.slots[at] != 0 {
                at = (at + 1) & mask;
            }
            self.slots[at] = place;
        }
    }
}

/// Every state seen, each once, known by its number.
#[derive(Debug)]
pub(super) struct States<T> {
    all: Vec<T>,
    index: Index,
    owned: usize,
}

impl<T: Eq + Hash> States<T> {
    pub fn new() -> States<T> {
        States { all: vec![], index: Index::new(), owned: 0 }
    }

    pub fn get(&self, number: u32) -> &T {
        &self.all[number as usize]
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.owned + self.all.capacity() * size_of::<T>() + self.index.bytes()
    }

    /// The number of a state, which owns `owned` bytes beside its own size.
    pub fn number(&mut self, state: T, owned: usize) -> u32 {
        self.index.grow_when_full(|place| hash_of(&self.all[place as usize]));
        match self.index.find(hash_of(&state), |place| self.all[place as usize] == state) {
            Ok(number) => number,
            Err(slot) => {
                let number = self.all.len() as u32;
                self.index.fill(slot, number);
                self.all.push(state);
                self.owned += owned;
                number
            }
        }
    }
}

fn hash_of(state: &impl Hash) -> u64 {
    let mut hasher = StableHasher::new();
    state.hash(&mut hasher);
    hasher.finish()
}

/// Every configuration seen: a set of operations that have their place, and the state after them.
///
/// A set is written without the full words at its front, which every later set shares, and without the
/// empty ones at its end.
#[derive(Debug)]
pub(super) struct Configurations {
    /// Each is a head (state, words left out, words kept: 32, 16 and 16 bits) and the words kept.
    arena: Vec<u64>,
    index: Index,
}

impl Configurations {
    pub fn new() -> Configurations {
        Configurations { arena: vec![], index: Index::new() }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.arena.capacity() * size_of::<u64>() + self.index.bytes()
    }

    /// Adds one; false when it was there. `set` has at most 2^16 words.
    pub fn insert(&mut self, set: &[u64], state: u32) -> bool {
        let full = set.iter().take_while(|&&word| word == u64::MAX).count();
        let empty = set[full..].iter().rev().take_while(|&&word| word == 0).count();
        let kept = &set[full..set.len() - empty];
        let head = u64::from(state) << 32 | (full as u64) << 16 | kept.len() as u64;
        self.index.grow_when_full(|place| hash_words(entry(&self.arena, place)));
        let hash = hash_words(std::iter::once(&head).chain(kept));
        let same = |place| entry(&self.arena, place).eq(std::iter::once(&head).chain(kept));
        match self.index.find(hash, same) {
            Ok(_) => false,
            Err(slot) => {
                self.index.fill(slot, self.arena.len() as u32);
                self.arena.push(head);
                self.arena.extend_from_slice(kept);
                true
            }
        }
    }
}

fn entry(arena: &[u64], place: u32) -> std::slice::Iter<'_, u64> {
    let place = place as usize;
    let words = (arena[place] & 0xffff) as usize;
    arena[place..=place + words].iter()
}

fn hash_words<'a>(words: impl Iterator<Item = &'a u64>) -> u64 {
    let mut hasher = StableHasher::new();
    words.for_each(|&word| hasher.word(word));
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_is_seen_only_if_that_very_one_was() {
        let mut seen = Configurations::new();
        let sets: Vec<[u64; 3]> = (0..5_000u64).map(|i| [u64::MAX, i, i % 3]).collect();
        for state in 0..3 {
            assert!(sets.iter().all(|set| seen.insert(set, state)));
        }
        for state in 0..3 {
            assert!(sets.iter().all(|set| !seen.insert(set, state)));
        }
        assert!(seen.insert(&[u64::MAX, 7, 1], 3), "another state");
        assert!(seen.insert(&[7, 1, 0], 0), "without the full word");
        assert!(seen.insert(&[u64::MAX, u64::MAX, 1], 0), "one more full word");
    }

    #[test]
    fn equal_states_have_one_number() {
        let mut states = States::new();
        let numbers: Vec<u32> = (0..1_000).map(|i| states.number(format!("{}", i % 500), 3)).collect();
        assert!((0..500).all(|i| numbers[i] == numbers[i + 500] && numbers[i] == i as u32));
        assert_eq!(states.get(499), "499");
        assert!(states.bytes() > 1_500);
    }
}
