//! One breadth-first search in several shares, with the answer of a single one.
//!
//! Worlds stay where they are: each share looks at the successors of its own states, a step at a time.
//! Several may find the same new state; it is whoever found it first in the order of a single search that
//! keeps it, told by its [`Key`]. So states get the same numbers, and the same run is found. This crate
//! knows no threads: whoever drives the shares brings them together after each step.

use std::collections::BTreeMap;

use crate::answer::{Counterexample, Verdict};
use crate::moves::Used;
use crate::search::{Open, Origin, Search, copy, fingerprint};
use crate::seen::Seen;
use faultline_sim::AnyWorld;

/// When a single search would have found a state: after every one with a smaller key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    parent: u32,
    place: u16,
}

/// A new state that a share has found first.
#[derive(Clone, Copy, Debug)]
pub struct Winner {
    key: Key,
    fingerprint: u64,
    broken: Option<&'static str>,
}

/// What all shares know together: every state seen, and how it was reached. Plain data.
#[derive(Debug)]
pub struct Joint {
    seen: Seen,
    origins: Vec<Origin>,
    /// The numbers of the states of the last step.
    last: BTreeMap<Key, u32>,
    /// How many steps the states have that are looked at next.
    depth: u32,
    most_states: u32,
    most_depth: u32,
    end: Option<End>,
}

#[derive(Clone, Copy, Debug)]
enum End {
    Found(u32, &'static str),
    Exhausted,
    TooDeep,
    TooMany,
}

/// A part of a search.
pub struct Share {
    search: Search,
    held: Vec<Held>,
}

/// A state that may be new.
struct Held {
    key: Key,
    fingerprint: u64,
    used: Used,
    /// `None` when the search ends with this step anyway.
    world: Option<Box<dyn AnyWorld>>,
    broken: Option<&'static str>,
}

impl Search {
    /// Goes on until so many states are open, all of them equally far from the start, so that the rest can
    /// be shared; true unless there is a verdict before. Only for a search breadth first.
    pub fn widen(&mut self, open: usize) -> bool {
        loop {
            let ends = [self.frontier.front(), self.frontier.back()];
            let level = ends[0].map(|open| open.depth) == ends[1].map(|open| open.depth);
            if self.verdict.is_some() || level && self.frontier.len() >= open {
                return self.verdict.is_none();
            }
            self.go_on(1);
        }
    }

    /// What this search knows, for all shares of it; its own is gone.
    pub fn join(&mut self) -> Joint {
        let bounds = self.bounds();
        Joint {
            most_states: bounds.states,
            most_depth: bounds.depth,
            depth: self.frontier.front().map_or(0, |open| open.depth),
            seen: std::mem::replace(&mut self.seen, Seen::new()),
            origins: std::mem::take(&mut self.origins),
            last: BTreeMap::new(),
            end: None,
        }
    }

    /// The verdict that shares came to together.
    pub fn conclude(&mut self, joint: Joint) -> &Verdict {
        let Joint { seen, origins, depth, end, .. } = joint;
        (self.seen, self.origins, self.depth) = (seen, origins, depth);
        self.cut_off |= matches!(end, Some(End::TooDeep));
        self.frontier.clear();
        let verdict = match end {
            Some(End::Found(number, property)) => {
                let (steps, actions) = (depth + 1, self.path(number));
                let (property, limits) = (property.to_owned(), self.bounds().limits);
                Verdict::Found(Counterexample { property, steps, actions, limits })
            }
            Some(End::Exhausted | End::TooDeep) => Verdict::Exhausted,
            Some(End::TooMany) | None => Verdict::TooMany,
        };
        self.verdict.insert(verdict)
    }
}

impl Joint {
    /// Whether a state was seen in an earlier step.
    pub fn knows(&self, fingerprint: u64) -> bool {
        self.seen.has(fingerprint)
    }

    /// Whether so many more states end the search: then no share needs to keep theirs.
    pub fn would_be_full(&self, more: usize) -> bool {
        self.seen.len() + more >= self.most_states as usize
    }

    /// Distinct states seen, and how far from the start.
    pub fn reached(&self) -> (u32, u32) {
        (self.seen.len() as u32, self.depth)
    }

    /// Takes in the new states of a step; true when the search has ended.
    pub fn settle(&mut self, mut winners: Vec<Winner>) -> bool {
        winners.sort_unstable_by_key(|winner| winner.key);
        self.last.clear();
        if self.depth >= self.most_depth {
            self.end = Some(End::TooDeep);
            return true;
        }
        for Winner { key, fingerprint, broken } in winners {
            let number = self.origins.len() as u32;
            self.origins.push(Origin { parent: key.parent, place: key.place });
            self.seen.insert(fingerprint);
            if let Some(property) = broken {
                self.end = Some(End::Found(number, property));
                return true;
            }
            if self.seen.len() as u32 >= self.most_states {
                self.end = Some(End::TooMany);
                return true;
            }
            self.last.insert(key, number);
        }
        if self.last.is_empty() {
            self.end = Some(End::Exhausted);
            return true;
        }
        self.depth += 1;
        false
    }

    /// Ends the search for want of memory.
    pub fn give_up(&mut self) {
        self.end = Some(End::TooMany);
    }
}

impl Share {
    /// The `index`th of `of` shares of a search that has been widened. Every share needs such a search of
    /// its own.
    pub fn of(mut search: Search, index: usize, of: usize) -> Share {
        let mut place = 0..;
        search.frontier.retain(|_| place.next().is_some_and(|place: usize| place % of == index));
        Share { search, held: vec![] }
    }

    /// Looks at the successors of its states. `claim` notes that a state was found under that key, and says
    /// whether nobody has found it under a smaller one; `full` says that the search ends with this step;
    /// `stop` that it ends now.
    pub fn expand(
        &mut self,
        joint: &Joint,
        claim: &dyn Fn(u64, Key) -> bool,
        full: &dyn Fn() -> bool,
        stop: &dyn Fn() -> bool,
    ) {
        let deepest = joint.depth >= joint.most_depth;
        let clocks = self.search.bounds().clocks;
        let mut listed = std::mem::take(&mut self.search.listed);
        while let Some(Open { world, used, number, .. }) = self.search.frontier.pop_front() {
            if deepest || stop() {
                continue;
            }
            self.search.moves.list(world.as_ref(), used, &mut listed);
            for (place, step) in listed.iter().enumerate() {
                let mut next = copy(&mut self.search.spare, world.as_ref());
                let key = Key { parent: number, place: place as u16 };
                let taken = self.search.moves.take(next.as_mut(), &step.step);
                let fingerprint = fingerprint(next.as_ref(), step.used, clocks);
                if !taken || joint.knows(fingerprint) || !claim(fingerprint, key) {
                    self.search.spare.push(next);
                    continue;
                }
                let mut held = Held { key, fingerprint, used: step.used, world: None, broken: None };
                if full() {
                    held.broken = self.search.moves.broken(next.as_ref(), self.search.property.as_deref());
                    self.search.spare.push(next);
                } else {
                    held.world = Some(next);
                }
                self.held.push(held);
            }
            self.search.spare.push(world);
        }
        self.search.listed = listed;
    }

    /// Those of the states found that are this share's: `won` says whether a key is the smallest under
    /// which a state was found.
    pub fn winners(&mut self, won: &dyn Fn(u64, Key) -> bool) -> Vec<Winner> {
        let mut winners = vec![];
        for mut held in std::mem::take(&mut self.held) {
            if !won(held.fingerprint, held.key) {
                self.search.spare.extend(held.world);
                continue;
            }
            if let Some(world) = &held.world {
                held.broken = self.search.moves.broken(world.as_ref(), self.search.property.as_deref());
            }
            winners.push(Winner { key: held.key, fingerprint: held.fingerprint, broken: held.broken });
            self.held.push(held);
        }
        winners
    }

    /// What was found becomes what is looked at next.
    pub fn adopt(&mut self, joint: &Joint) {
        for held in std::mem::take(&mut self.held) {
            if let (Some(world), Some(&number)) = (held.world, joint.last.get(&held.key)) {
                let (used, depth) = (held.used, joint.depth);
                self.search.frontier.push_back(Open { world, used, number, depth, asleep: vec![] });
            }
        }
    }
}
