//! Breadth-first search: the first violation found is one of the shortest. Depth-first on request.

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};

use faultline_model::StableHasher;
use faultline_sim::{Action, AnyWorld};
use serde::Serialize;

use crate::moves::{Bounds, Move, Moves, Used, servers};
use crate::seen::Seen;

/// A search that goes on as long as its owner lets it.
pub struct Search {
    moves: Moves,
    /// The property that is asked about; `None` asks about all that must always hold.
    property: Option<String>,
    start: Box<dyn AnyWorld>,
    /// Worlds that are done with: their memory serves the next ones.
    spare: Vec<Box<dyn AnyWorld>>,
    /// The moves of the state that is looked at.
    listed: Vec<Move>,
    frontier: VecDeque<Open>,
    /// Depth first.
    newest_first: bool,
    seen: Seen,
    /// How each state was first reached, by its number.
    origins: Vec<Origin>,
    /// Deepest level reached.
    depth: u32,
    /// Whether the bound on depth cut something off.
    cut_off: bool,
    verdict: Option<Verdict>,
}

/// A state whose successors have not been looked at.
struct Open {
    world: Box<dyn AnyWorld>,
    used: Used,
    number: u32,
    depth: u32,
}

/// The parent's number, and which of its moves led here.
#[derive(Clone, Copy, Debug)]
struct Origin {
    parent: u32,
    place: u16,
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Distinct states seen.
    pub states: u32,
    /// Steps from the start.
    pub depth: u32,
    /// Bytes held for what was seen, the open states not counted.
    pub bytes: usize,
}

/// What a search came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "verdict")]
pub enum Verdict {
    /// A property is broken.
    Found(Counterexample),
    /// Everything within the bounds was tried, and nothing broke. This is no proof.
    Exhausted,
    /// The bound on states was reached before everything was tried.
    TooMany,
}

/// A shortest run to a violation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Counterexample {
    /// The property that it breaks.
    pub property: String,
    /// How many steps it takes; a crash with its restart is one.
    pub steps: u32,
    /// What is done, in order, from the start of the search.
    pub actions: Vec<Action>,
}

/// Why a search cannot begin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// There is no such property.
    #[error("there is no property `{name}` that must always hold; there are: {known}")]
    Property {
        /// What was asked for.
        name: String,
        /// Those that exist.
        known: String,
    },
    /// A request cannot be invoked.
    #[error("`{op}` cannot be asked: {reason}")]
    Request {
        /// The operation.
        op: String,
        /// Why not.
        reason: String,
    },
    /// More requests than are counted.
    #[error("at most 64 requests can be searched over")]
    TooManyRequests,
}

impl Search {
    /// A search from where `world` stands.
    pub fn new(world: &dyn AnyWorld, property: Option<&str>, bounds: Bounds) -> Result<Search, SearchError> {
        check(world, property, &bounds)?;
        let start = world.by_hand();
        let mut seen = Seen::new();
        seen.insert(fingerprint(start.as_ref(), Used::default()));
        let open = Open { world: start.fork(), used: Used::default(), number: 0, depth: 0 };
        let verdict = world.broken(property).map(|broken| {
            Verdict::Found(Counterexample { property: broken.to_owned(), steps: 0, actions: vec![] })
        });
        Ok(Search {
            property: property.map(str::to_owned),
            start,
            moves: Moves::new(bounds, servers(world)),
            spare: vec![],
            listed: vec![],
            frontier: VecDeque::from([open]),
            newest_first: false,
            seen,
            origins: vec![Origin { parent: 0, place: 0 }],
            depth: 0,
            cut_off: false,
            verdict,
        })
    }

    /// The same search depth first: of the states not yet looked at, the one found last comes first. What
    /// it finds is not the shortest. A bound on depth may hide more than it would breadth first, for a
    /// state is not looked at again when it is reached in fewer steps.
    #[must_use]
    pub fn depth_first(mut self) -> Search {
        self.newest_first = true;
        self
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        let bytes = self.seen.bytes() + self.origins.len() * size_of::<Origin>();
        Progress { states: self.seen.len() as u32, depth: self.depth, bytes }
    }

    /// The bounds that an answer holds within.
    pub fn bounds(&self) -> &Bounds {
        self.moves.bounds()
    }

    /// Whether the bound on depth kept something from being tried.
    pub fn cut_off(&self) -> bool {
        self.cut_off
    }

    /// Looks at the successors of at most `portion` states; the verdict once there is one.
    pub fn go_on(&mut self, portion: u32) -> Option<&Verdict> {
        for _ in 0..portion {
            if self.verdict.is_some() {
                break;
            }
            let next = if self.newest_first { self.frontier.pop_back() } else { self.frontier.pop_front() };
            self.verdict = match next {
                Some(open) => self.expand(open),
                None => Some(Verdict::Exhausted),
            };
        }
        self.verdict.as_ref()
    }

    /// Goes on to the end.
    pub fn finish(&mut self) -> &Verdict {
        while self.verdict.is_none() {
            self.go_on(1_024);
        }
        self.verdict.as_ref().expect("there is a verdict now")
    }

    fn expand(&mut self, open: Open) -> Option<Verdict> {
        self.depth = self.depth.max(open.depth);
        if open.depth >= self.bounds().depth {
            self.cut_off = true;
            self.spare.push(open.world);
            return None;
        }
        let mut listed = std::mem::take(&mut self.listed);
        self.moves.list(open.world.as_ref(), open.used, &mut listed);
        let (Open { world, number, depth, .. }, mut found) = (open, None);
        if let Some((last, others)) = listed.split_last() {
            for (place, step) in others.iter().enumerate() {
                let next = self.copy(world.as_ref());
                found = self.visit(next, step, Origin { parent: number, place: place as u16 }, depth);
                if found.is_some() {
                    break;
                }
            }
            if found.is_none() {
                // Nobody needs the state itself any more.
                found = self.visit(world, last, Origin { parent: number, place: others.len() as u16 }, depth);
            }
        }
        self.listed = listed;
        found
    }

    fn copy(&mut self, world: &dyn AnyWorld) -> Box<dyn AnyWorld> {
        if let Some(mut spare) = self.spare.pop()
            && spare.become_copy(world)
        {
            return spare;
        }
        world.fork()
    }

    /// Takes a step from a state at `depth`, and keeps the state after it if it is new.
    fn visit(
        &mut self,
        mut world: Box<dyn AnyWorld>,
        step: &Move,
        origin: Origin,
        depth: u32,
    ) -> Option<Verdict> {
        if !self.moves.take(world.as_mut(), &step.step)
            || !self.seen.insert(fingerprint(world.as_ref(), step.used))
        {
            self.spare.push(world);
            return None;
        }
        let number = self.origins.len() as u32;
        self.origins.push(origin);
        if let Some(broken) = world.broken(self.property.as_deref()) {
            let (property, steps, actions) = (broken.to_owned(), depth + 1, self.path(number));
            return Some(Verdict::Found(Counterexample { property, steps, actions }));
        }
        if self.seen.len() as u32 >= self.bounds().states {
            return Some(Verdict::TooMany);
        }
        self.frontier.push_back(Open { world, used: step.used, number, depth: depth + 1 });
        None
    }

    /// The actions that lead to a state: its moves are found again by going there.
    fn path(&mut self, number: u32) -> Vec<Action> {
        let mut places = vec![];
        let mut at = number;
        while at != 0 {
            let origin = self.origins[at as usize];
            places.push(origin.place);
            at = origin.parent;
        }
        let (mut world, mut used) = (self.start.fork(), Used::default());
        let (mut actions, mut listed) = (vec![], vec![]);
        for place in places.into_iter().rev() {
            self.moves.list(world.as_ref(), used, &mut listed);
            let step = &listed[usize::from(place)];
            used = step.used;
            let taken = self.moves.take(world.as_mut(), &step.step);
            assert!(taken, "what could be done once can be done again");
            actions.extend(self.moves.actions(&step.step));
        }
        actions
    }
}

fn fingerprint(world: &dyn AnyWorld, used: Used) -> u64 {
    let mut hasher = StableHasher::resume(world.fingerprint());
    used.hash(&mut hasher);
    hasher.finish()
}

fn check(world: &dyn AnyWorld, property: Option<&str>, bounds: &Bounds) -> Result<(), SearchError> {
    if bounds.requests.len() > 64 {
        return Err(SearchError::TooManyRequests);
    }
    if let Some(name) = property {
        let always: Vec<String> =
            world.verdicts().into_iter().filter(|v| v.scope == "always").map(|v| v.property).collect();
        if !always.iter().any(|known| known == name) {
            return Err(SearchError::Property { name: name.to_owned(), known: always.join(", ") });
        }
    }
    for request in &bounds.requests {
        let action = Action::Invoke(request.node, request.op.clone());
        world.fork().apply(&action).map_err(|refused| SearchError::Request {
            op: request.op.clone(),
            reason: refused.to_string(),
        })?;
    }
    Ok(())
}
