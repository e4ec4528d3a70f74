//! Depth-first search with iterative deepening: the shortest violation, in little memory.
//!
//! All runs of one step are tried, then all of two, and so on (Korf, *Depth-First Iterative-Deepening*,
//! Artificial Intelligence 27, 1985). Only the states of the run at hand are kept as worlds; of the others
//! only a fingerprint and how many steps were left when it was looked at. A state is looked at again when
//! more are left, so that a bound on depth hides nothing.

use faultline_sim::{Action, AnyWorld};

use crate::moves::{Move, Moves, Used};
use crate::search::{copy, fingerprint};
use crate::table::Table;

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
    left: Table,
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
        Deepening { run: vec![], limit: 0, cut_off: true, left: Table::new(), lists: vec![] }
    }

    /// Distinct states seen in this round.
    pub fn states(&self) -> u32 {
        self.left.len() as u32
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
        self.left.bytes()
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
        if let Some(broken) = moves.broken(world.as_ref(), property) {
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
        (self.left.len() as u32 >= moves.bounds().states).then_some(Deeper::TooMany)
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
