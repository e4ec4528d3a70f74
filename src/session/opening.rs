//! How a page's run begins: from a link, or from its scenario as the address changes it.

use faultline_lessons::catalogue;
use faultline_model::Time;
use faultline_sim::{Run, Scenario, Timeline};
use leptos::prelude::*;

use super::{Session, Tone, Trouble};

/// What the address says of the run, used once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Opening {
    /// A whole run, from the fragment.
    pub run: Option<Run>,
    /// Another seed.
    pub seed: Option<u64>,
    /// Where the cursor goes.
    pub at: Option<At>,
}

/// A place in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// After so many events.
    Event(u32),
    /// After everything up to that time.
    Time(Time),
}

/// An address may have so many events run before anything is shown.
const MOST_EVENTS: u32 = 100_000;

impl Session {
    /// Starts the page's first run: the one of the link if the address has one, else `scenario` with
    /// the address's seed and place. Later calls are like [`Session::load`].
    ///
    /// Returns whether it was the link's: then what should happen before the learner takes over has
    /// happened already.
    pub fn begin(self, mut scenario: Scenario) -> Result<bool, Trouble> {
        let opening = self.drive(|engine| std::mem::take(&mut engine.opening));
        if let Some(run) = opening.run {
            match self.restore(&run) {
                Ok(()) => return Ok(true),
                Err(Trouble(why)) => {
                    self.notify(Tone::Warning, format!("The linked run could not be opened: {why}."));
                }
            }
        }
        if let Some(seed) = opening.seed {
            scenario.seed = seed;
        }
        self.load(scenario)?;
        match opening.at {
            Some(At::Event(event)) => self.run_ahead(event.min(MOST_EVENTS), None),
            Some(At::Time(time)) => self.run_ahead(MOST_EVENTS, Some(time)),
            None => {}
        }
        Ok(false)
    }

    /// Fetches what [`Session::begin`] takes: the workings of that protocol, and of the linked run's.
    pub async fn fetch(self, protocol: &str) -> Result<(), Trouble> {
        let linked =
            self.drive(|engine| engine.opening.run.as_ref().map(|run| run.scenario.protocol.clone()));
        if let Some(linked) = linked.filter(|linked| linked != protocol) {
            // Opening the run will say what is wrong.
            let _ = catalogue::fetch(&linked).await;
        }
        Ok(catalogue::fetch(protocol).await?)
    }

    /// Has [`Session::begin`] heed the address.
    pub fn set_opening(self, opening: Opening) {
        self.engine.update_value(|engine| engine.opening = opening);
    }

    /// Lets the schedule go on until there are so many events, or until that time.
    pub fn run_ahead(self, events: u32, time: Option<Time>) {
        self.drive(|engine| {
            let Some(timeline) = &mut engine.timeline else {
                return;
            };
            while timeline.len() < events {
                let due = timeline.next_due();
                if due.is_none() || time.is_some_and(|time| due > Some(time)) {
                    break;
                }
                timeline.step();
            }
            engine.story_changed = true;
            let end = engine.timeline.as_ref().map_or(0, Timeline::cursor);
            engine.seek(end);
        });
        self.settle();
    }
}
