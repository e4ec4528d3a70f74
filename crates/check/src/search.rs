//! Breadth-first search: the first violation found is one of the shortest. Depth-first on request, with
//! iterative deepening or without.

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};

use faultline_model::StableHasher;
use faultline_sim::{Action, AnyWorld};

use crate::answer::{Counterexample, Progress, SearchError, Verdict};
use crate::bounded::Limits;
use crate::bounds::classes;
use crate::deepening::{Deepening, Deeper};
use crate::forecast::Forecast;
use crate::moves::{Bounds, Move, Moves, Used, servers};
use crate::seen::Seen;
use crate::sleep::{Asleep, Sleepers};

/// A search that goes on as long as its owner lets it.
pub struct Search {
    pub(crate) moves: Moves,
    /// The property that is asked about; `None` asks about all that must always hold.
    pub(crate) property: Option<String>,
    start: Box<dyn AnyWorld>,
    /// Worlds that are done with: their memory serves the next ones.
    pub(crate) spare: Vec<Box<dyn AnyWorld>>,
    /// The moves of the state that is looked at.
    pub(crate) listed: Vec<Move>,
    pub(crate) frontier: VecDeque<Open>,
    /// Depth first.
    newest_first: bool,
    /// Depth first, a step deeper each round.
    deepening: Option<Box<Deepening>>,
    /// Breadth first, without steps of which another order was taken.
    pub(crate) sleepers: Option<Box<Sleepers>>,
    pub(crate) seen: Seen,
    /// How many states were first reached after so many steps.
    levels: Vec<u32>,
    /// How each state was first reached, by its number.
    pub(crate) origins: Vec<Origin>,
    /// Deepest level reached.
    pub(crate) depth: u32,
    /// Whether the bound on depth cut something off.
    pub(crate) cut_off: bool,
    pub(crate) verdict: Option<Verdict>,
}

/// A state whose successors have not been looked at.
pub(crate) struct Open {
    pub world: Box<dyn AnyWorld>,
    pub used: Used,
    pub number: u32,
    pub depth: u32,
    /// What need not be done in it.
    pub asleep: Asleep,
}

/// The parent's number, and which of its moves led here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub parent: u32,
    pub place: u16,
}

impl Search {
    /// A search from where `world` stands.
    pub fn new(
        world: &dyn AnyWorld,
        property: Option<&str>,
        mut bounds: Bounds,
    ) -> Result<Search, SearchError> {
        check(world, property, &bounds)?;
        let (mut start, failing) = (world.by_hand(), servers(world));
        let classes = classes(world, &bounds, &failing);
        // An answer claims no more than was done.
        bounds.symmetry = !classes.is_empty();
        start.take_for_alike(classes);
        let mut seen = Seen::new();
        seen.insert(fingerprint(start.as_ref(), Used::default(), bounds.clocks));
        let open = Open { world: start.fork(), used: Used::default(), number: 0, depth: 0, asleep: vec![] };
        let moves = Moves::new(bounds, failing);
        let verdict = moves.broken(world, property).map(|broken| {
            let (property, limits) = (broken.to_owned(), moves.bounds().limits);
            Verdict::Found(Counterexample { property, steps: 0, actions: vec![], limits })
        });
        Ok(Search {
            property: property.map(str::to_owned),
            start,
            moves,
            spare: vec![],
            listed: vec![],
            frontier: VecDeque::from([open]),
            newest_first: false,
            deepening: None,
            sleepers: None,
            seen,
            levels: vec![1],
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
        self.sleepers = None;
        self
    }

    /// The same search without steps of which it has taken another order, see `sleep.rs`:
    /// it finds the same states in as many steps, by fewer ways. Only breadth first; a search that takes
    /// interchangeable nodes for the same or heeds clocks goes on as it is.
    #[must_use]
    pub fn sleeping(mut self) -> Search {
        let bounds = self.moves.bounds();
        let can = !bounds.symmetry && !bounds.clocks && !self.newest_first && self.deepening.is_none();
        self.sleepers = can.then(Box::default);
        self
    }

    /// How many states were first reached after so many steps; all of them but the last are complete.
    pub fn levels(&self) -> &[u32] {
        &self.levels
    }

    /// How many steps were taken to find the states, and how many were not because they slept; for a search
    /// that lets steps sleep.
    pub fn steps_taken(&self) -> Option<(u64, u64)> {
        self.sleepers.as_ref().map(|sleepers| sleepers.counts())
    }

    /// The same search depth first with iterative deepening: what it finds is one of the shortest, as
    /// breadth first, and it keeps no worlds but those of the run at hand; for that it looks at many
    /// states again in every round.
    #[must_use]
    pub fn deepening(mut self) -> Search {
        self.deepening = Some(Box::new(Deepening::new()));
        self.sleepers = None;
        self.frontier.clear();
        self
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        if let Some(deepening) = &self.deepening {
            let (states, depth, bytes) = (deepening.states(), deepening.limit(), deepening.bytes());
            return Progress { states, depth, bytes, open: 0 };
        }
        let bytes = self.seen.bytes() + self.origins.len() * size_of::<Origin>();
        let (states, open) = (self.seen.len() as u32, self.frontier.len() as u32);
        Progress { states, depth: self.depth, bytes, open }
    }

    /// The bounds that an answer holds within.
    pub fn bounds(&self) -> &Bounds {
        self.moves.bounds()
    }

    /// Whether the bound on depth kept something from being tried.
    pub fn cut_off(&self) -> bool {
        self.deepening.as_ref().map_or(self.cut_off, |deepening| deepening.cut_off())
    }

    /// What is to be expected if states go on to multiply as in the last step that was looked at in full;
    /// `None` while that stays within the bounds, and for a search depth first.
    pub fn forecast(&self) -> Option<Forecast> {
        Forecast::of(self.levels.get(..=self.depth as usize)?, self.bounds())
    }

    /// Ends a search that its owner has no memory for.
    pub fn give_up(&mut self) {
        self.verdict.get_or_insert(Verdict::TooMany);
        self.frontier.clear();
        self.spare.clear();
    }

    /// Looks at the successors of at most `portion` states; the verdict once there is one.
    pub fn go_on(&mut self, portion: u32) -> Option<&Verdict> {
        for _ in 0..portion {
            if self.verdict.is_some() {
                break;
            }
            if let Some(deepening) = &mut self.deepening {
                let deeper = deepening.go_on(
                    self.start.as_ref(),
                    self.property.as_deref(),
                    &mut self.moves,
                    &mut self.spare,
                );
                self.verdict = deeper.map(|deeper| match deeper {
                    Deeper::Exhausted => Verdict::Exhausted,
                    Deeper::TooMany => Verdict::TooMany,
                    Deeper::Found(property, steps, actions) => {
                        let (property, limits) = (property.to_owned(), self.moves.bounds().limits);
                        Verdict::Found(Counterexample { property, steps, actions, limits })
                    }
                });
                continue;
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
        if self.sleepers.is_some() {
            return self.expand_awake(open);
        }
        let mut listed = std::mem::take(&mut self.listed);
        self.moves.list(open.world.as_ref(), open.used, &mut listed);
        let (Open { world, number, depth, .. }, mut found) = (open, None);
        if let Some((last, others)) = listed.split_last() {
            for (place, step) in others.iter().enumerate() {
                let next = copy(&mut self.spare, world.as_ref());
                found = self.visit(next, step, Origin { parent: number, place: place as u16 }, depth);
                if found.is_some() {
                    break;
                }
            }
            if found.is_none() {
                // Nobody needs the state itself any more.
                let origin = Origin { parent: number, place: others.len() as u16 };
                found = self.visit(world, last, origin, depth);
            }
        }
        self.listed = listed;
        found
    }

    /// Takes a step from a state at `depth`, and keeps the state after it if it is new.
    fn visit(
        &mut self,
        mut world: Box<dyn AnyWorld>,
        step: &Move,
        origin: Origin,
        depth: u32,
    ) -> Option<Verdict> {
        if !self.moves.take(world.as_mut(), &step.step) {
            self.spare.push(world);
            return None;
        }
        let fingerprint = fingerprint(world.as_ref(), step.used, self.moves.bounds().clocks);
        self.keep(world, fingerprint, step.used, origin, depth, vec![])
    }

    /// Keeps a state that is one step behind `depth` if it is new.
    pub(crate) fn keep(
        &mut self,
        world: Box<dyn AnyWorld>,
        fingerprint: u64,
        used: Used,
        origin: Origin,
        depth: u32,
        asleep: Asleep,
    ) -> Option<Verdict> {
        if !self.seen.insert(fingerprint) {
            self.spare.push(world);
            return None;
        }
        let number = self.origins.len() as u32;
        self.origins.push(origin);
        match self.levels.get_mut(depth as usize + 1) {
            Some(count) => *count += 1,
            None => self.levels.push(1),
        }
        if let Some(broken) = self.moves.broken(world.as_ref(), self.property.as_deref()) {
            let (property, steps, actions) = (broken.to_owned(), depth + 1, self.path(number));
            let limits = self.bounds().limits;
            return Some(Verdict::Found(Counterexample { property, steps, actions, limits }));
        }
        if self.seen.len() as u32 >= self.bounds().states {
            return Some(Verdict::TooMany);
        }
        self.frontier.push_back(Open { world, used, number, depth: depth + 1, asleep });
        None
    }

    /// The actions that lead to a state: its moves are found again by going there.
    pub(crate) fn path(&mut self, number: u32) -> Vec<Action> {
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

/// A copy of a world, in the memory of one that is done with if there is any.
pub(crate) fn copy(spare: &mut Vec<Box<dyn AnyWorld>>, world: &dyn AnyWorld) -> Box<dyn AnyWorld> {
    if let Some(mut spare) = spare.pop()
        && spare.become_copy(world)
    {
        return spare;
    }
    world.fork()
}

/// What tells a state of a search from others: everything that can make a difference later, what is used of
/// the budget, and how long timers have left if the clocks are heeded.
pub(crate) fn fingerprint(world: &dyn AnyWorld, used: Used, clocks: bool) -> u64 {
    let mut hasher = StableHasher::resume(world.fingerprint());
    used.hash(&mut hasher);
    if clocks {
        let mut alarms = vec![];
        world.add_alarms(&mut alarms);
        let now = world.now();
        let mut left: Vec<_> =
            alarms.iter().map(|alarm| (alarm.node, alarm.kind, alarm.due.since(now))).collect();
        left.sort_unstable();
        left.hash(&mut hasher);
    }
    hasher.finish()
}

fn check(world: &dyn AnyWorld, property: Option<&str>, bounds: &Bounds) -> Result<(), SearchError> {
    if bounds.requests.len() > 64 {
        return Err(SearchError::TooManyRequests);
    }
    if let Some(name) = property {
        let mut always: Vec<String> =
            world.verdicts().into_iter().filter(|v| v.scope == "always").map(|v| v.property).collect();
        if !bounds.limits.is_empty() {
            always.push(Limits::PROPERTY.to_owned());
        }
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
