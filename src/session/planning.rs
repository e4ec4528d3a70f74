//! What is planned: changing it, and taking a change back.

use faultline_sim::{Plan, PlanError, Replaced, Timeline};
use leptos::prelude::*;

use super::{Session, Trouble};

impl From<PlanError> for Trouble {
    fn from(error: PlanError) -> Trouble {
        Trouble(match error {
            // Of one line, the place in it says nothing.
            PlanError::Unreadable(error) if error.help.is_empty() => error.message,
            PlanError::Unreadable(error) => format!("{}; {}", error.message, error.help),
            other => other.to_string(),
        })
    }
}

impl Session {
    /// Changes the plan. Where that concerns what has happened already, a branch begins before it.
    pub fn replan(
        self,
        change: impl FnOnce(&mut Timeline) -> Result<Replaced, PlanError>,
    ) -> Result<Replaced, Trouble> {
        let shown = self.display_time.get_untracked();
        let replaced = self.drive(|engine| {
            let Some(timeline) = &mut engine.timeline else {
                return Err(Trouble("no run is loaded yet".to_owned()));
            };
            let replaced = change(timeline)?;
            let cursor = timeline.cursor();
            engine.story_changed = true;
            if replaced.left.is_some() {
                engine.seek(cursor);
            }
            Ok(replaced)
        })?;
        if replaced.left.is_some() {
            self.playing.set(false);
        }
        self.settle();
        // Time that is shown between two events stays, unless something is planned in it now.
        let due = self.moment.with_untracked(|moment| moment.next_due);
        if replaced.left.is_none() && due.is_none_or(|due| due.0 as f64 >= shown) {
            self.display_time.maybe_update(|time| {
                let later = shown > *time;
                *time = shown.max(*time);
                later
            });
        }
        Ok(replaced)
    }

    /// Puts a plan in the place of the one that there is.
    pub fn plan_instead(self, plan: Plan) -> Result<Replaced, Trouble> {
        self.replan(|timeline| Ok(timeline.set_plan(plan)))
    }
}
