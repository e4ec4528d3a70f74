//! A timeline as a run in a link or file, and back.

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
    /// The system comes to rest before the run says so.
    #[error("this run should have {expected} events, but nothing happens after event {found}")]
    Short {
        /// What the run says.
        expected: u32,
        /// What there is.
        found: u32,
    },
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
        }
    }

    /// Plays a run again; `world` must be the start of its scenario.
    pub fn restore(run: &Run, world: Box<dyn AnyWorld>) -> Result<Timeline, RestoreError> {
        if run.length > MAX_EVENTS {
            return Err(RestoreError::TooLong(run.length));
        }
        let mut timeline = Timeline::new(run.scenario.clone(), world);
        for intervention in &run.interventions {
            timeline.grow_to(intervention.after)?;
            let after = timeline.len();
            let refused = |reason: String| RestoreError::Refused { after, reason };
            if intervention.after != after || timeline.next_due().is_some_and(|due| due < intervention.at) {
                return Err(refused("it stands at the wrong time".to_owned()));
            }
            timeline.wait(intervention.at);
            timeline.act(intervention.action.clone()).map_err(|error| refused(error.to_string()))?;
        }
        timeline.grow_to(run.length)?;
        timeline.seek(run.cursor);
        Ok(timeline)
    }

    fn grow_to(&mut self, length: u32) -> Result<(), RestoreError> {
        if length > MAX_EVENTS {
            return Err(RestoreError::TooLong(length));
        }
        while self.len() < length {
            if self.step().is_none() {
                return Err(RestoreError::Short { expected: length, found: self.len() });
            }
        }
        Ok(())
    }
}
