//! Putting what a search has found on stage: as a branch of the run that it was found in, if that is still
//! here, else as a run of its own.

use faultline_sim::{Run, Timeline};

use leptos::prelude::*;

use super::{Session, Trouble};

impl Session {
    /// Shows a run whose first `base` events were this run's, where its cursor stands. If they still are,
    /// it becomes a branch of what is on stage, and nothing is lost; true then.
    pub fn branch_off(self, run: &Run, base: u32) -> Result<bool, Trouble> {
        let grafted = self.drive(|engine| {
            let timeline = engine.timeline.as_mut().filter(|timeline| shares(timeline, run, base))?;
            Some(graft(timeline, run, base).map(|()| {
                engine.story_changed = true;
                engine.seek(run.cursor);
            }))
        });
        match grafted {
            None => self.restore(run).map(|()| false),
            Some(done) => {
                done?;
                self.playing.set(false);
                self.settle();
                self.say_what_happened();
                Ok(true)
            }
        }
    }
}

/// Whether the first `base` events of a run are those of the current branch: they are if the same was
/// done to the same.
fn shares(timeline: &Timeline, run: &Run, base: u32) -> bool {
    let own = timeline.interventions().iter().take_while(|done| done.after < base);
    let other = run.interventions.iter().take_while(|done| done.after < base);
    *timeline.scenario() == run.scenario && timeline.len() >= base && own.eq(other)
}

/// Does on a new branch what the run does after `base` events.
fn graft(timeline: &mut Timeline, run: &Run, base: u32) -> Result<(), Trouble> {
    timeline.seek(base);
    timeline.fork();
    for done in run.interventions.iter().filter(|done| done.after >= base) {
        while timeline.len() < done.after && timeline.step().is_some() {}
        let early = timeline.next_due().is_some_and(|due| due < done.at);
        if early || timeline.len() != done.after || timeline.world().now() > done.at {
            return Err(Trouble(format!("event {} of this run does not come about here", done.after + 1)));
        }
        timeline.wait(done.at);
        timeline.act(done.action.clone())?;
    }
    Ok(())
}
