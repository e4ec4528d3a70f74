//! Time travel: a run as a list of interventions, with checkpoints, branches and a cursor.
//!
//! History is interventions: everything else follows from scenario and seed, so any moment can be
//! had again by replaying from the checkpoint before it. What is kept per event is one compact
//! [`Event`] of at most 64 bytes; checkpoints are thinned with distance.

use std::rc::Rc;

use faultline_model::{StableHasher, Time};

use crate::run::{Intervention, Scenario};
use crate::{Action, AnyWorld, Event, Measure, Refused, Sentence, Testimony};

mod branches;
mod measured;
mod past;
mod planned;
mod restore;
mod walk;

pub use past::LONGEST_NAME;
pub use restore::{RestoreError, Restoring};
pub use walk::Walk;

/// Distance between checkpoints among the last [`NEAR`] events.
const DENSE: u32 = 64;
const NEAR: u32 = 1_024;
/// Distance among the last [`FAR`] events.
const MIDDLE: u32 = 512;
const FAR: u32 = 16_384;
/// Distance beyond: replaying so many events takes a few milliseconds, also in WebAssembly.
const SPARSE: u32 = 8_192;
/// A seek leaves one more checkpoint so far before its target, so that stepping back is quick anywhere.
const RUN_UP: u32 = 128;

/// The longest run that a link or file may ask for.
pub const MAX_EVENTS: u32 = 2_000_000;

/// One line of development: what was done, and what came of it.
struct Branch {
    /// Which branch it left, and after which event.
    parent: Option<usize>,
    base: u32,
    interventions: Vec<Intervention>,
    checkpoints: Vec<Rc<dyn AnyWorld>>,
    /// Events after `base`; empty while the branch is the current one, whose events are in the log.
    tail: Vec<Event>,
    /// What was measured by events after `base`, in their order; of the first branch, at boot too.
    measured: Vec<Measure>,
    /// What was testified in them.
    testimony: Vec<Testimony>,
    /// What the learner calls it.
    name: Option<String>,
    /// What is planned on it, and how far that has come.
    progress: planned::Progress,
}

/// A branch as people see it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BranchView {
    /// Its number, from 0.
    pub index: usize,
    /// The branch that it left.
    pub parent: Option<usize>,
    /// After how many events it left its parent.
    pub base: u32,
    /// How many events it has, from the start of the run.
    pub length: u32,
    /// Whether it is the one with the cursor.
    pub current: bool,
    /// What the learner calls it, else what made it different, in a sentence.
    pub label: String,
    /// Whether the label is the learner's.
    pub named: bool,
}

/// A run with its past, its futures and a cursor.
pub struct Timeline {
    scenario: Scenario,
    branches: Vec<Branch>,
    current: usize,
    /// All events of the current branch, from the start of the run.
    log: Vec<Event>,
    /// The world at the cursor.
    world: Box<dyn AnyWorld>,
    /// A checkpoint that the last seek left behind it.
    run_up: Option<Rc<dyn AnyWorld>>,
}

impl Timeline {
    /// A run that has not begun; `world` must be at its start.
    pub fn new(scenario: Scenario, world: Box<dyn AnyWorld>) -> Timeline {
        debug_assert_eq!(world.events(), 0, "a timeline begins at the beginning");
        let root = Branch {
            parent: None,
            base: 0,
            interventions: vec![],
            checkpoints: vec![Rc::from(world.fork())],
            tail: vec![],
            measured: world.measures().to_vec(),
            testimony: world.testimony().to_vec(),
            name: None,
            progress: planned::Progress::default(),
        };
        Timeline { scenario, branches: vec![root], current: 0, log: vec![], world, run_up: None }
    }

    /// What the run starts from.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The world at the cursor.
    pub fn world(&self) -> &dyn AnyWorld {
        self.world.as_ref()
    }

    /// How many events lie before the cursor.
    pub fn cursor(&self) -> u32 {
        self.world.events()
    }

    /// How many events the current branch has so far.
    pub fn len(&self) -> u32 {
        self.log.len() as u32
    }

    /// Whether nothing has happened yet on the current branch.
    pub fn is_empty(&self) -> bool {
        self.log.is_empty()
    }

    /// All events of the current branch; event number `n` is at `n - 1`.
    pub fn events(&self) -> &[Event] {
        &self.log
    }

    /// What was done on the current branch, in order, those beyond the cursor included.
    pub fn interventions(&self) -> &[Intervention] {
        &self.branches[self.current].interventions
    }

    /// The intervention that is event number `event`, if it is one.
    pub fn action_at(&self, event: u32) -> Option<&Action> {
        let after = event.checked_sub(1)?;
        let all = self.interventions();
        let found = all.binary_search_by_key(&after, |intervention| intervention.after).ok()?;
        Some(&all[found].action)
    }

    /// Event number `event` as a sentence.
    pub fn narrate(&self, event: u32) -> Option<Sentence> {
        let record = self.log.get((event as usize).checked_sub(1)?)?;
        Some(self.world.narrate(record, self.action_at(event)))
    }

    /// The digest of the trace up to the cursor; see [`StableHasher::NAME`].
    pub fn digest(&self) -> u64 {
        self.world.digest()
    }

    /// [`Timeline::digest`] as it is printed: sixteen hexadecimal digits.
    pub fn digest_text(&self) -> String {
        format!("{:016x}", self.digest())
    }

    /// The name of the digest's algorithm.
    pub const DIGEST: &'static str = StableHasher::NAME;

    /// When the next event is due: the recorded one if the cursor is in the past, else what the schedule or
    /// the plan has next.
    pub fn next_due(&mut self) -> Option<Time> {
        match self.log.get(self.cursor() as usize) {
            Some(event) => Some(event.at),
            None => self.planned_due().or_else(|| self.world.next_due()),
        }
    }

    /// One event forward: the recorded future if there is one, else what the schedule or the plan has
    /// next.
    pub fn step(&mut self) -> Option<Event> {
        if self.cursor() < self.len() {
            let interventions = &self.branches[self.current].interventions;
            return Some(redo(self.world.as_mut(), interventions));
        }
        if self.planned_due().is_some() {
            return self.perform_planned();
        }
        let event = self.world.step()?;
        self.keep(event);
        Some(event)
    }

    /// One event back; false at the start.
    pub fn back(&mut self) -> bool {
        let cursor = self.cursor();
        if cursor == 0 {
            return false;
        }
        self.seek(cursor - 1);
        true
    }

    /// Puts the cursor behind event number `event`, or at the end when there are not so many.
    pub fn seek(&mut self, event: u32) {
        let target = event.min(self.len());
        let branch = &self.branches[self.current];
        let near_enough = self.cursor() <= target && target - self.cursor() <= DENSE;
        if !near_enough || self.world.now() > self.time_of(self.cursor()) {
            let place = branch.checkpoints.partition_point(|world| world.events() <= target);
            let kept = &branch.checkpoints[place - 1];
            let from = match &self.run_up {
                Some(world) if (kept.events()..=target).contains(&world.events()) => world,
                _ => kept,
            };
            self.world = from.fork();
        }
        if target - self.world.events() > RUN_UP {
            replay(self.world.as_mut(), &branch.interventions, target - RUN_UP);
            self.run_up = Some(Rc::from(self.world.fork()));
        }
        replay(self.world.as_mut(), &branch.interventions, target);
    }

    /// Puts the cursor behind the last recorded event that is not later than `time`, and lets the time
    /// since pass.
    pub fn seek_time(&mut self, time: Time) {
        let events = self.log.partition_point(|event| event.at <= time) as u32;
        self.seek(events);
        let next = self.next_due();
        let until = next.map_or(time, |next| next.min(time));
        if events < self.len() {
            self.world.wait(until);
        }
    }

    /// Lets time pass up to `time`. Nothing may be due before.
    pub fn wait(&mut self, time: Time) {
        debug_assert!(self.next_due().is_none_or(|due| due >= time), "something is due before {time}");
        self.world.wait(time);
    }

    /// Does everything that is due up to and including `time`, then lets the time since pass. Stops
    /// after `most` events; true when `time` was reached.
    pub fn run_to(&mut self, time: Time, most: u32) -> bool {
        for _ in 0..most {
            match self.next_due() {
                Some(due) if due <= time => self.step(),
                _ => {
                    self.wait(time);
                    return true;
                }
            };
        }
        false
    }

    /// Intervenes at the cursor. In the past this starts a branch; the old future stays.
    pub fn act(&mut self, action: Action) -> Result<Event, Refused> {
        let after = self.cursor();
        let at = self.world.now();
        let event = self.world.apply(&action)?;
        if after < self.len() {
            self.branch(after);
        }
        self.branches[self.current].interventions.push(Intervention { after, at, action });
        self.keep(event);
        Ok(event)
    }

    /// Starts a branch at the cursor; the old future stays.
    pub fn fork(&mut self) {
        self.branch(self.cursor());
    }

    /// The current branch gets a sibling that shares its first `base` events, and which becomes current.
    fn branch(&mut self, base: u32) {
        let parent = &mut self.branches[self.current];
        parent.tail = self.log[parent.base as usize..].to_vec();
        let shared = parent.interventions.partition_point(|intervention| intervention.after < base);
        let interventions = parent.interventions[..shared].to_vec();
        let kept = parent.checkpoints.partition_point(|world| world.events() <= base);
        let checkpoints = parent.checkpoints[..kept].to_vec();
        let progress = parent.progress.at(base);
        self.log.truncate(base as usize);
        self.drop_run_up_beyond(base);
        let parent = Some(self.current);
        let (tail, measured, testimony, name) = (vec![], vec![], vec![], None);
        let branch =
            Branch { parent, base, interventions, checkpoints, tail, measured, testimony, name, progress };
        self.branches.push(branch);
        self.current = self.branches.len() - 1;
    }

    /// A checkpoint of one future must not serve another.
    fn drop_run_up_beyond(&mut self, event: u32) {
        if self.run_up.as_ref().is_some_and(|world| world.events() > event) {
            self.run_up = None;
        }
    }

    /// Records an event that has just happened at the end of the log.
    fn keep(&mut self, event: Event) {
        self.log.push(event);
        let branch = &mut self.branches[self.current];
        branch.measured.extend_from_slice(self.world.measures());
        branch.testimony.extend_from_slice(self.world.testimony());
        let count = self.len();
        if count.is_multiple_of(DENSE) {
            let branch = &mut self.branches[self.current];
            branch.checkpoints.push(Rc::from(self.world.fork()));
            if count.is_multiple_of(NEAR) {
                thin(&mut branch.checkpoints, count);
            }
        }
    }

    fn time_of(&self, event: u32) -> Time {
        (event as usize).checked_sub(1).and_then(|i| self.log.get(i)).map_or(Time::ZERO, |event| event.at)
    }
}

/// Keeps a checkpoint the more rarely the longer ago it is.
fn thin(checkpoints: &mut Vec<Rc<dyn AnyWorld>>, count: u32) {
    checkpoints.retain(|world| {
        let event = world.events();
        let ago = count - event;
        let spacing = if ago <= NEAR {
            DENSE
        } else if ago <= FAR {
            MIDDLE
        } else {
            SPARSE
        };
        event.is_multiple_of(spacing)
    });
}

/// The next recorded event again.
fn redo(world: &mut dyn AnyWorld, interventions: &[Intervention]) -> Event {
    let after = world.events();
    match interventions.binary_search_by_key(&after, |intervention| intervention.after) {
        Ok(found) => {
            world.wait(interventions[found].at);
            world.apply(&interventions[found].action).expect("what could be done once can be done again")
        }
        Err(_) => world.step().expect("what happened once happens again"),
    }
}

/// Replays recorded events up to event number `target`.
fn replay(world: &mut dyn AnyWorld, interventions: &[Intervention], target: u32) {
    let mut next = interventions.partition_point(|intervention| intervention.after < world.events());
    while world.events() < target {
        match interventions.get(next) {
            Some(intervention) if intervention.after == world.events() => {
                world.wait(intervention.at);
                world.apply(&intervention.action).expect("what could be done once can be done again");
                next += 1;
            }
            _ => {
                world.step().expect("what happened once happens again");
            }
        }
    }
}
