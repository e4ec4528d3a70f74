//! Sleep sets: steps that need not be taken, because another order of the same steps was.
//!
//! Two deliveries to different nodes commonly lead to the same state in either order. When a state has been
//! left by `a` and then by `b`, and the two commute, the state behind `b` need not be left by `a` again: that
//! is where `a` and then `b` leads. Such an `a` *sleeps* there, and goes on sleeping as long as it commutes
//! with what is done (Godefroid, *Partial-Order Methods for the Verification of Concurrent Systems*, LNCS
//! 1032, 1996, ch. 5). No state is lost, only ways to reach it.
//!
//! Nor does any shortest way get longer. Steps are told by what they are, not by their numbers, and tried in
//! the order of these labels. Of all shortest runs to a state take the one that comes first in the order of
//! labels, step by step. If one of its steps slept, it could be moved to the front of those that it commutes
//! with, and that run would come before it. Of several ways to a state that are equally long only what
//! sleeps on all of them goes on sleeping; all are known before the state is left, for a search breadth
//! first reaches all states of a length before it leaves one. Longer ways wake nothing: nothing needs them.
//!
//! Steps commute if they happen at different nodes, are about different messages, do not use up the same
//! budget, and change nothing that is noted of the whole run: not the clients' history, and not what was
//! witnessed, unless the protocol says that it comes to the same in any order. That a message may be taken away as moot makes no difference: then the shorter run leads there.

use std::hash::Hasher;

use faultline_model::{NodeId, StableHasher};
use faultline_sim::{Action, AnyWorld};

use crate::answer::Verdict;
use crate::moves::{Bounds, Move, Step, Used};
use crate::search::{Open, Origin, Search, copy, fingerprint};
use crate::table::Table;

/// A step as it is told from others.
#[derive(Clone, Copy, Debug)]
struct Told {
    /// What is done to whom.
    label: u64,
    /// The message that it is about, by its content.
    about: Option<u64>,
    /// Where it happens.
    node: Option<NodeId>,
    /// Where it stands among the moves of its state.
    place: u16,
}

/// The labels of the steps that need not be taken in a state, in order.
pub(crate) type Asleep = Vec<u64>;

/// Every different step of a state, in the order of labels. Of those that are alike the first stands for all.
fn tell(world: &dyn AnyWorld, moves: &[Move], all: &mut Vec<Told>) {
    all.clear();
    for (place, step) in moves.iter().enumerate() {
        let told = match &step.step {
            Step::Act(action) => {
                let (what, node) = world.tell(action);
                let is_message =
                    matches!(action, Action::Deliver(_) | Action::Drop(_) | Action::Duplicate(_));
                let verb = match action {
                    Action::Deliver(_) => 1,
                    Action::Drop(_) => 2,
                    Action::Duplicate(_) => 3,
                    _ => 4,
                };
                Told {
                    label: mixed(what, verb),
                    about: is_message.then_some(what),
                    node,
                    place: place as u16,
                }
            }
            Step::Invoke(request) => {
                Told { label: mixed(u64::from(*request), 5), about: None, node: None, place: place as u16 }
            }
            Step::Restart(node) => {
                Told { label: mixed(node.0.into(), 6), about: None, node: Some(*node), place: place as u16 }
            }
        };
        all.push(told);
    }
    all.sort_unstable_by_key(|told| (told.label, told.place));
    all.dedup_by_key(|told| told.label);
}

fn mixed(what: u64, verb: u64) -> u64 {
    let mut hasher = StableHasher::new();
    hasher.word(what);
    hasher.word(verb);
    hasher.finish()
}

/// Whether two steps that change nothing noted lead to the same state in either order.
fn commute(one: &Told, other: &Told, moves: &[Move], used: Used, bounds: &Bounds) -> bool {
    let apart = one.node.is_none() || one.node != other.node;
    let unrelated = one.about.is_none() || one.about != other.about;
    let after = |told: &Told| moves[usize::from(told.place)].used;
    apart && unrelated && used.allows_both(after(one), after(other), bounds)
}

/// What sleeps in the state behind `taken`: of those that slept before it and those that were taken before
/// it, `resting`, the ones that commute with it.
fn behind(taken: &Told, resting: &[Told], moves: &[Move], used: Used, bounds: &Bounds) -> Asleep {
    let commuting = resting.iter().filter(|other| commute(taken, other, moves, used, bounds));
    let mut asleep: Asleep = commuting.map(|other| other.label).collect();
    asleep.sort_unstable();
    asleep
}

/// What sleeps on both of two ways to a state.
fn on_both_ways(asleep: &mut Asleep, other: &[u64]) {
    asleep.retain(|label| other.binary_search(label).is_ok());
}

/// What a search that lets steps sleep keeps beside its states.
#[derive(Debug)]
pub(crate) struct Sleepers {
    /// The numbers of the states that are one step behind those that are left now, by their fingerprints.
    next: Table,
    /// How many steps those that are left now are from the start.
    depth: u32,
    told: Vec<Told>,
    taken: u64,
    slept: u64,
}

impl Default for Sleepers {
    fn default() -> Sleepers {
        Sleepers { next: Table::new(), depth: 0, told: vec![], taken: 0, slept: 0 }
    }
}

impl Sleepers {
    /// How many steps were taken, and how many not because they slept.
    pub fn counts(&self) -> (u64, u64) {
        (self.taken, self.slept)
    }
}

impl Search {
    /// Takes the steps of a state that do not sleep.
    pub(crate) fn expand_awake(&mut self, open: Open) -> Option<Verdict> {
        let mut sleepers = self.sleepers.take()?;
        if sleepers.depth != open.depth {
            sleepers.next.clear();
            sleepers.depth = open.depth;
        }
        let mut listed = std::mem::take(&mut self.listed);
        self.moves.list(open.world.as_ref(), open.used, &mut listed);
        let mut told = std::mem::take(&mut sleepers.told);
        tell(open.world.as_ref(), &listed, &mut told);
        let sleeps = |step: &Told| open.asleep.binary_search(&step.label).is_ok();
        let mut resting: Vec<Told> = told.iter().copied().filter(|step| sleeps(step)).collect();
        sleepers.slept += resting.len() as u64;
        let mut found = None;
        for step in told.iter().filter(|step| !sleeps(step)) {
            sleepers.taken += 1;
            found = self.take_awake(
                &open,
                &listed[usize::from(step.place)],
                step,
                &mut resting,
                &listed,
                &mut sleepers,
            );
            if found.is_some() {
                break;
            }
        }
        (self.listed, sleepers.told) = (listed, told);
        self.spare.push(open.world);
        self.sleepers = Some(sleepers);
        found
    }

    fn take_awake(
        &mut self,
        open: &Open,
        step: &Move,
        told: &Told,
        resting: &mut Vec<Told>,
        listed: &[Move],
        sleepers: &mut Sleepers,
    ) -> Option<Verdict> {
        let mut world = copy(&mut self.spare, open.world.as_ref());
        if !self.moves.take(world.as_mut(), &step.step) {
            self.spare.push(world);
            return None;
        }
        let mut asleep = vec![];
        if world.has_noted_as(open.world.as_ref()) {
            asleep = behind(told, resting, listed, open.used, self.moves.bounds());
            resting.push(*told);
        }
        let fingerprint = fingerprint(world.as_ref(), step.used, false);
        if let Some(number) = sleepers.next.get(fingerprint) {
            // Its place in the frontier follows from its number: states are numbered as they are found.
            let first = self.frontier.front().map_or(0, |first| first.number);
            if let Some(known) = self.frontier.get_mut((number - first) as usize) {
                on_both_ways(&mut known.asleep, &asleep);
            }
            self.spare.push(world);
            return None;
        }
        let number = self.origins.len() as u32;
        let origin = Origin { parent: open.number, place: told.place };
        let found = self.keep(world, fingerprint, step.used, origin, open.depth, asleep);
        if self.origins.len() as u32 > number {
            sleepers.next.improve(fingerprint, number);
        }
        found
    }
}
