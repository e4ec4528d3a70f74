//! Going along a recorded branch beside the timeline, without moving its cursor.

use super::{Timeline, redo};
use crate::run::Intervention;
use crate::{AnyWorld, Event, Scenario};

/// A world of its own that goes along the current branch of a timeline, event by event: for what is
/// not in the log, such as digests, queue lengths and measured values. It goes on as the branch grows.
pub struct Walk {
    scenario: Scenario,
    branch: usize,
    /// The interventions that it has gone through.
    done: Vec<Intervention>,
    last: Option<Event>,
    world: Box<dyn AnyWorld>,
}

impl Walk {
    /// A walk that stands at the start of the current branch.
    pub fn along(timeline: &Timeline) -> Walk {
        Walk {
            scenario: timeline.scenario.clone(),
            branch: timeline.current,
            done: vec![],
            last: None,
            world: timeline.branches[timeline.current].checkpoints[0].fork(),
        }
    }

    /// Whether what it has gone through is still how the current branch begins.
    pub fn follows(&self, timeline: &Timeline) -> bool {
        let gone = self.world.events() as usize;
        let last = gone.checked_sub(1).and_then(|last| timeline.log.get(last));
        self.branch == timeline.current
            && last == self.last.as_ref()
            && timeline.interventions().get(..self.done.len()) == Some(&self.done)
            && self.scenario == timeline.scenario
    }

    /// The next recorded event; `None` at the end of the branch. It must follow the timeline.
    pub fn step(&mut self, timeline: &Timeline) -> Option<Event> {
        let gone = self.world.events();
        if gone >= timeline.len() {
            return None;
        }
        let all = timeline.interventions();
        let event = redo(self.world.as_mut(), all);
        if let Some(next) = all.get(self.done.len()).filter(|next| next.after == gone) {
            self.done.push(next.clone());
        }
        self.last = Some(event);
        Some(event)
    }

    /// The world behind the event that it has gone through last.
    pub fn world(&self) -> &dyn AnyWorld {
        self.world.as_ref()
    }
}
