//! Plans on a timeline: performing them when their time comes, and changing them, also in the past.

use faultline_model::Time;

use super::Timeline;
use crate::plan::{PlanEntry, PlanLine};
use crate::script::Act;
use crate::{Action, Chaos, Event, Plan, PlanError, PlanState, PlanView, Replaced, WorldView};

/// The plan of a branch and how far it has come.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    pub plan: Plan,
    /// How many events had happened before each entry that has been performed, in order. They are the
    /// first of the plan: nothing is performed before what is due earlier.
    pub done: Vec<u32>,
}

impl Progress {
    /// The same as it was behind event number `base`.
    pub fn at(&self, base: u32) -> Progress {
        let done = self.done.partition_point(|&after| after < base);
        Progress { plan: self.plan.clone(), done: self.done[..done].to_vec() }
    }

    /// The next entry that is to be performed.
    pub fn next(&self) -> Option<&PlanEntry> {
        self.plan.entries().get(self.done.len())
    }
}

impl Timeline {
    /// What is planned on the current branch, what has been done of it included.
    pub fn plan(&self) -> &Plan {
        &self.branches[self.current].progress.plan
    }

    /// The world at the cursor as [`crate::AnyWorld::view`] has it, with the plan, which only a timeline
    /// knows.
    pub fn view(&self) -> WorldView {
        WorldView { plan: self.planned(), ..self.world.view() }
    }

    /// The plan as people see it, soonest first, with what has become of each entry.
    pub fn planned(&self) -> Vec<PlanView> {
        let progress = &self.branches[self.current].progress;
        let view = |(i, entry): (usize, &PlanEntry)| {
            let after = progress.done.get(i).copied();
            let text = entry.act.to_string();
            let skipped = |after: u32| matches!(self.action_at(after + 1), Some(Action::Skip(_)));
            PlanView {
                id: entry.id,
                at: entry.at,
                verb: text.split(' ').next().unwrap_or_default().to_owned(),
                text,
                state: match after {
                    None => PlanState::Pending,
                    Some(after) if skipped(after) => PlanState::Skipped,
                    Some(_) => PlanState::Done,
                },
                event: after.map(|after| after + 1),
            }
        };
        progress.plan.entries().iter().enumerate().map(view).collect()
    }

    /// Replaces the plan. Where that concerns what has happened already (an entry that was done is moved,
    /// changed or taken out, or one is put before the end of what is recorded), the timeline starts a
    /// branch just before, and the cursor stands there if it was beyond; the old future stays.
    ///
    /// To take a change back, either [`Timeline::switch`] to [`Replaced::left`] or set
    /// [`Replaced::before`] again.
    pub fn set_plan(&mut self, plan: Plan) -> Replaced {
        let progress = &self.branches[self.current].progress;
        let before = progress.plan.clone();
        let kept = |entry: &&PlanEntry| before.entries().contains(entry);
        let gone = before
            .entries()
            .iter()
            .zip(&progress.done)
            .filter(|(entry, _)| !plan.entries().contains(entry))
            .map(|(_, &after)| after);
        let place = |at: Time| self.log.partition_point(|event| event.at <= at) as u32;
        let changed: Vec<&PlanEntry> = plan.entries().iter().filter(|entry| !kept(entry)).collect();
        let entries = changed.iter().map(|entry| entry.id).collect();
        let base = gone.chain(changed.iter().map(|entry| place(entry.at))).min().unwrap_or(u32::MAX);
        let mut left = None;
        if base < self.len() {
            left = Some(self.current);
            if self.cursor() > base {
                self.seek(base);
            }
            self.branch(base);
        }
        self.branches[self.current].progress.plan = plan;
        // Time that has passed since the last event passes again when something is planned in it.
        let due = self.branches[self.current].progress.next().map(|entry| entry.at);
        let at_end = self.cursor() == self.len();
        let events = self.cursor();
        if at_end && due.is_some_and(|due| due < self.world.now()) {
            self.seek(events);
        }
        // Nor may the cursor stand at a time that a branch which begins earlier has not reached.
        if left.is_some() && at_end && self.world.now() > self.time_of(events) {
            self.seek(events);
        }
        Replaced { before, left, entries }
    }

    /// Plans a line of a script, such as "crash S2", for a time.
    pub fn plan_add(&mut self, at: Time, line: &str) -> Result<Replaced, PlanError> {
        self.replan(|plan| plan.add_line(at, line).map(drop))
    }

    /// Plans an act for a time.
    pub fn plan_act(&mut self, at: Time, act: Act) -> Result<Replaced, PlanError> {
        self.replan(|plan| plan.add(at, act).map(drop))
    }

    /// Moves an entry to another time.
    pub fn plan_move(&mut self, id: u32, to: Time) -> Result<Replaced, PlanError> {
        self.replan(|plan| plan.shift(id, to))
    }

    /// Takes an entry out of the plan.
    pub fn plan_remove(&mut self, id: u32) -> Result<Replaced, PlanError> {
        self.replan(|plan| plan.remove(id).map(drop))
    }

    /// Takes every entry out that has not been performed before the cursor.
    pub fn plan_clear(&mut self) -> Replaced {
        let progress = &self.branches[self.current].progress;
        let cursor = self.cursor();
        let done = progress.done.partition_point(|&after| after < cursor);
        let ids: Vec<u32> = progress.plan.entries()[done..].iter().map(|entry| entry.id).collect();
        let mut plan = progress.plan.clone();
        for id in ids {
            plan.remove(id).expect("an entry of this plan");
        }
        self.set_plan(plan)
    }

    /// Adds what random chaos would do to this system. The same chaos on the same cast plans the same.
    pub fn plan_chaos(&mut self, chaos: &Chaos) -> Result<Replaced, PlanError> {
        let faults = chaos.faults(self.world());
        self.replan(|plan| faults.into_iter().try_for_each(|(at, act)| plan.add(at, act).map(drop)))
    }

    fn replan(
        &mut self,
        change: impl FnOnce(&mut Plan) -> Result<(), PlanError>,
    ) -> Result<Replaced, PlanError> {
        let mut plan = self.plan().clone();
        change(&mut plan)?;
        Ok(self.set_plan(plan))
    }

    /// When the next entry of the plan comes, if that is before anything that the schedule has due. The
    /// cursor must stand at the end of what is recorded.
    pub(super) fn planned_due(&mut self) -> Option<Time> {
        let at = self.branches[self.current].progress.next()?.at;
        self.world.next_due().is_none_or(|due| due > at).then_some(at)
    }

    /// Performs the next entry of the plan, or says in the log why it cannot be done.
    pub(super) fn perform_planned(&mut self) -> Option<Event> {
        let entry = self.branches[self.current].progress.next()?.clone();
        self.world.wait(entry.at);
        let cursor = self.cursor();
        self.branches[self.current].progress.done.push(cursor);
        let done = match entry.action(self.world()) {
            Ok(action) => self.act(action).map_err(|refused| refused.to_string()),
            Err(why) => Err(why),
        };
        done.or_else(|why| self.act(entry.skip(&why))).ok()
    }

    /// The plan as a run holds it.
    pub(super) fn plan_lines(&self) -> Vec<PlanLine> {
        let progress = &self.branches[self.current].progress;
        let line = |(i, entry): (usize, &PlanEntry)| PlanLine {
            at: entry.at,
            act: entry.act.to_string(),
            done: progress.done.get(i).copied(),
        };
        progress.plan.entries().iter().enumerate().map(line).collect()
    }
}
