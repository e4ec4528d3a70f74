//! Looking at other moments and other branches without moving the cursor.

use std::borrow::Cow;

use super::{Branch, Timeline, replay};
use crate::run::Intervention;
use crate::{AnyWorld, Event, Sentence};

/// A branch's name has at most so many characters.
pub const LONGEST_NAME: usize = 60;

impl Timeline {
    /// The world as it was behind event number `event` of the current branch, or at its end when there
    /// are not so many. The cursor stays where it is.
    pub fn world_after(&self, event: u32) -> Box<dyn AnyWorld> {
        self.world_on(self.current, event)
    }

    /// The world behind event number `event` of any branch, or at that branch's end. A branch that does
    /// not exist counts as the current one.
    pub fn world_on(&self, index: usize, event: u32) -> Box<dyn AnyWorld> {
        let index = if index < self.branches.len() { index } else { self.current };
        let branch = &self.branches[index];
        let target = event.min(self.length_of(index));
        let kept = branch.checkpoints.partition_point(|world| world.events() <= target);
        let mut from = branch.checkpoints[kept - 1].as_ref();
        if let Some(world) = self.run_up.as_deref().filter(|_| index == self.current)
            && (from.events()..=target).contains(&world.events())
        {
            from = world;
        }
        let mut world = from.fork();
        replay(world.as_mut(), &branch.interventions, target);
        world
    }

    /// Behind which events of the current branch, up to `event`, there are checkpoints; the first is 0.
    pub(crate) fn checkpoints_before(&self, event: u32) -> impl DoubleEndedIterator<Item = u32> {
        let all = &self.branches[self.current].checkpoints;
        let kept = all.partition_point(|world| world.events() <= event);
        all[..kept].iter().map(|world| world.events())
    }

    /// Has a world of the current branch do the next recorded event again.
    pub(crate) fn redo_on(&self, world: &mut dyn AnyWorld) {
        let next = world.events() + 1;
        replay(world, self.interventions(), next);
    }

    /// All events of a branch from the start of the run; none for a branch that does not exist.
    pub fn events_of(&self, index: usize) -> Cow<'_, [Event]> {
        if index == self.current {
            return Cow::Borrowed(&self.log);
        }
        if index >= self.branches.len() {
            return Cow::Borrowed(&[]);
        }
        // From the root down, each branch contributes what lies before the next one leaves it.
        let mut chain = vec![index];
        while let Some(parent) = self.branches[chain[chain.len() - 1]].parent {
            chain.push(parent);
        }
        let mut events = vec![];
        for &link in chain.iter().rev() {
            events.truncate(self.branches[link].base as usize);
            events.extend_from_slice(self.own(link));
        }
        Cow::Owned(events)
    }

    /// What was done on a branch, in order; nothing for a branch that does not exist.
    pub fn interventions_of(&self, index: usize) -> &[Intervention] {
        self.branches.get(index).map_or(&[], |branch| &branch.interventions)
    }

    /// Event number `event` of a branch with those `events`, as a sentence.
    pub fn narrate_on(&self, index: usize, events: &[Event], event: u32) -> Option<Sentence> {
        let after = event.checked_sub(1)?;
        let record = events.get(after as usize)?;
        let done = self.interventions_of(index);
        let found = done.binary_search_by_key(&after, |intervention| intervention.after).ok();
        Some(self.world.narrate(record, found.map(|found| &done[found].action)))
    }

    /// Gives a branch a name of the learner's own, without its control characters and blanks at the
    /// ends; an empty one takes the name away. Longer ones are cut. False when there is no such branch.
    pub fn rename(&mut self, index: usize, name: &str) -> bool {
        let Some(branch) = self.branches.get_mut(index) else {
            return false;
        };
        let plain: String = name.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
        branch.name = Some(plain.trim().to_owned()).filter(|name| !name.is_empty());
        true
    }

    /// How many events a branch has from the start of the run.
    fn length_of(&self, index: usize) -> u32 {
        self.branches[index].base + self.own(index).len() as u32
    }

    /// The events of a branch after it left its parent.
    pub(super) fn own(&self, index: usize) -> &[Event] {
        let Branch { base, tail, .. } = &self.branches[index];
        if index == self.current { &self.log[*base as usize..] } else { tail }
    }
}
