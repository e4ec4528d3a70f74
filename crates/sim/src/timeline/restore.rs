//! A timeline as a run in a link or file, and back.

use super::planned::Progress;
use super::{MAX_EVENTS, Timeline};
use crate::AnyWorld;
use crate::run::Run;

/// Why a run cannot be restored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// It asks for more than is kept.
    #[error("this run has {0} events; at most {MAX_EVENTS} can be restored")]
    TooLong(u32),
    /// What it says was done could not have been done.
    #[error("after event {after}, this run does something that cannot be done: {reason}")]
    Refused {
        /// The number of events before it.
        after: u32,
        /// Why it was refused.
        reason: String,
    },
    /// What it plans cannot be planned.
    #[error("the plan of this run cannot be: {0}")]
    Plan(#[from] crate::PlanError),
    /// The system comes to rest before the run says so.
    #[error("this run should have {expected} events, but nothing happens after event {found}")]
    Short {
        /// What the run says.
        expected: u32,
        /// What there is.
        found: u32,
    },
}

/// A run that is being played again, a piece at a time, so that nobody has to wait for a long one without
/// seeing how far it is.
pub struct Restoring {
    run: Run,
    timeline: Timeline,
    /// The index of the next intervention.
    next: usize,
    progress: Progress,
}

impl Restoring {
    /// Before the first event; `world` must be the start of the run's scenario.
    pub fn new(run: Run, world: Box<dyn AnyWorld>) -> Result<Restoring, RestoreError> {
        if run.length > MAX_EVENTS {
            return Err(RestoreError::TooLong(run.length));
        }
        let timeline = Timeline::new(run.scenario.clone(), world);
        let (plan, done) = crate::Plan::restored(&run)?;
        Ok(Restoring { run, timeline, next: 0, progress: Progress { plan, done } })
    }

    /// Goes on by at most `most` events; true when all of it has been played.
    pub fn go(&mut self, most: u32) -> Result<bool, RestoreError> {
        let until = self.timeline.len().saturating_add(most);
        while let Some(intervention) = self.run.interventions.get(self.next) {
            if !grow_to(&mut self.timeline, intervention.after, until)? {
                return Ok(false);
            }
            let after = self.timeline.len();
            let refused = |reason: String| RestoreError::Refused { after, reason };
            let late = self.timeline.next_due().is_some_and(|due| due < intervention.at);
            if intervention.after != after || late {
                return Err(refused("it stands at the wrong time".to_owned()));
            }
            self.timeline.wait(intervention.at);
            self.timeline.act(intervention.action.clone()).map_err(|error| refused(error.to_string()))?;
            self.next += 1;
        }
        grow_to(&mut self.timeline, self.run.length, until)
    }

    /// How many events there are so far, and how many there will be.
    pub fn progress(&self) -> (u32, u32) {
        (self.timeline.len(), self.run.length)
    }

    /// What has been played so far, with the cursor where the run has it or else at the end.
    pub fn finish(mut self) -> Timeline {
        // Only now: what was done of the plan stands among the interventions.
        let (current, length) = (self.timeline.current, self.timeline.len());
        self.timeline.branches[current].progress = self.progress.at(length);
        self.timeline.seek(self.run.cursor);
        self.timeline
    }
}

/// Lets the schedule go on until there are `length` events, or `until`; whether there are `length`.
fn grow_to(timeline: &mut Timeline, length: u32, until: u32) -> Result<bool, RestoreError> {
    if length > MAX_EVENTS {
        return Err(RestoreError::TooLong(length));
    }
    while timeline.len() < length {
        if timeline.len() >= until {
            return Ok(false);
        }
        if timeline.step().is_none() {
            return Err(RestoreError::Short { expected: length, found: timeline.len() });
        }
    }
    Ok(true)
}

impl Timeline {
    /// The current branch as plain data.
    pub fn run(&self) -> Run {
        Run {
            version: Run::VERSION,
            scenario: self.scenario.clone(),
            interventions: self.interventions().to_vec(),
            cursor: self.cursor(),
            length: self.len(),
            plan: self.plan_lines(),
        }
    }

    /// Plays a run again; `world` must be the start of its scenario.
    pub fn restore(run: &Run, world: Box<dyn AnyWorld>) -> Result<Timeline, RestoreError> {
        let mut restoring = Restoring::new(run.clone(), world)?;
        while !restoring.go(u32::MAX)? {}
        Ok(restoring.finish())
    }
}
