//! Depth-first search with iterative deepening: the shortest violation, in little memory.
//!
//! All runs of one step are tried, then all of two, and so on (Korf, *Depth-First Iterative-Deepening*,
//! Artificial Intelligence 27, 1985). Only the states of the run at hand are kept as worlds; of the others
//! only a fingerprint and how many steps were left when it was looked at. A state is looked at again when
//! more are left, so that a bound on depth hides nothing.

use faultline_sim::{Action, AnyWorld};

use crate::moves::{Move, Moves, Used};
use crate::search::{copy, fingerprint};

/// How many steps were left when a state was last looked at, by its fingerprint.
#[derive(Debug)]
struct Left {
    /// Zero marks an empty place; the fingerprint zero is stored as one.
    table: Vec<(u64, u32)>,
    len: usize,
}

impl Left {
    fn new() -> Left {
        Left { table: vec![(0, 0); 1 << 12], len: 0 }
    }

    fn clear(&mut self) {
        self.table.fill((0, 0));
        self.len = 0;
    }

    /// Notes that a state is looked at with so many steps left; false if that was done before.
    fn improve(&mut self, fingerprint: u64, left: u32) -> bool {
        // At most two thirds full, so that probing stays short.
        if self.len * 3 >= self.table.len() * 2 {
            let larger = vec![(0, 0); self.table.len() * 2];
            for (old, left) in std::mem::replace(&mut self.table, larger) {
                if old != 0 {
                    let at = self.place(old);
                    self.table[at] = (old, left);
                }
            }
        }
        let fingerprint = fingerprint.max(1);
        let at = self.place(fingerprint);
        let (known, before) = self.table[at];
        self.len += usize::from(known == 0);
        let better = known == 0 || before < left;
        if better {
            self.table[at] = (fingerprint, left);
        }
        better
    }

    /// Where a fingerprint is, or belongs.
    fn place(&self, fingerprint: u64) -> usize {
        let mask = self.table.len() - 1;
        let mut at = fingerprint as usize & mask;
        while self.table[at].0 != 0 && self.table[at].0 != fingerprint {
            at = (at + 1) & mask;
        }
        at
    }
}

/// A state on the run at hand.
struct Frame {
    world: Box<dyn AnyWorld>,
    moves: Vec<Move>,
    /// The next of its moves.
    next: usize,
}

/// The run at hand, and what is known of others.
pub(crate) struct Deepening {
    run: Vec<Frame>,
    /// How long runs are in this round.
    limit: u32,
    /// Whether a run of this round could have gone on.
    cut_off: bool,
    left: Left,
    /// Memory of frames that are done with.
    lists: Vec<Vec<Move>>,
}

/// What a portion came to.
pub(crate) enum Deeper {
    /// This breaks, after these actions.
    Found(&'static str, u32, Vec<Action>),
    /// All runs were tried.
    Exhausted,
    /// More states than are kept.
    TooMany,
}

impl Deepening {
    pub fn new() -> Deepening {
        Deepening { run: vec![], limit: 0, cut_off: true, left: Left::new(), lists: vec![] }
    }

    /// Distinct states seen in this round.
    pub fn states(&self) -> u32 {
        self.left.len as u32
    }

    /// How long runs are in this round.
    pub fn limit(&self) -> u32 {
        self.limit
    }

    /// Whether the bound on depth kept something from being tried.
    pub fn cut_off(&self) -> bool {
        self.cut_off
    }

    /// Bytes held for what was seen.
    pub fn bytes(&self) -> usize {
        self.left.table.len() * size_of::<(u64, u32)>()
    }

    /// Takes one step, or goes one back.
    pub fn go_on(
        &mut self,
        start: &dyn AnyWorld,
        property: Option<&str>,
        moves: &mut Moves,
        spare: &mut Vec<Box<dyn AnyWorld>>,
    ) -> Option<Deeper> {
        let depth = self.run.len() as u32;
        let Some(frame) = self.run.last_mut() else {
            return self.next_round(start, moves);
        };
        let Some(step) = frame.moves.get(frame.next) else {
            let done = self.run.pop()?;
            spare.push(done.world);
            self.lists.push(done.moves);
            return None;
        };
        frame.next += 1;
        let used = step.used;
        let mut world = copy(spare, frame.world.as_ref());
        let taken = moves.take(world.as_mut(), &step.step);
        if !taken
            || !self
                .left
                .improve(fingerprint(world.as_ref(), used, moves.bounds().clocks), self.limit - depth)
        {
            spare.push(world);
            return None;
        }
        if depth < self.limit {
            self.push(world, used, moves);
            return None;
        }
        // What takes fewer steps was judged in the round before.
        if let Some(broken) = world.broken(property) {
            let actions = self.run.iter().flat_map(|frame| moves.actions(&frame.moves[frame.next - 1].step));
            return Some(Deeper::Found(broken, depth, actions.collect()));
        }
        if !self.cut_off {
            let mut list = self.lists.pop().unwrap_or_default();
            moves.list(world.as_ref(), used, &mut list);
            self.cut_off = !list.is_empty();
            self.lists.push(list);
        }
        spare.push(world);
        (self.left.len as u32 >= moves.bounds().states).then_some(Deeper::TooMany)
    }

    fn next_round(&mut self, start: &dyn AnyWorld, moves: &mut Moves) -> Option<Deeper> {
        if !self.cut_off || self.limit >= moves.bounds().depth {
            return Some(Deeper::Exhausted);
        }
        self.limit += 1;
        self.cut_off = false;
        self.left.clear();
        self.left.improve(fingerprint(start, Used::default(), moves.bounds().clocks), self.limit);
        self.push(start.fork(), Used::default(), moves);
        None
    }

    fn push(&mut self, world: Box<dyn AnyWorld>, used: Used, moves: &mut Moves) {
        let mut list = self.lists.pop().unwrap_or_default();
        moves.list(world.as_ref(), used, &mut list);
        self.run.push(Frame { world, moves: list, next: 0 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_counts_once_and_is_looked_at_again_only_with_more_steps_left() {
        let mut left = Left::new();
        let key = |i: u64| i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        assert!((0..20_000).all(|i| left.improve(key(i), 3)));
        assert!((0..20_000).all(|i| !left.improve(key(i), 3) && !left.improve(key(i), 2)));
        assert!((0..20_000).all(|i| left.improve(key(i), 4)));
        assert_eq!(left.len, 20_000);
        left.clear();
        assert!(left.improve(0, 0) && !left.improve(0, 0));
        assert_eq!(left.len, 1);
    }
}
