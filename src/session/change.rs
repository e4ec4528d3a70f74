//! Changing the run: loading, interventions, scripts.

use faultline_lessons::catalogue::{self, ScenarioError};
use faultline_sim::{Action, Event, Refused, Run, Scenario, Timeline, export, perform};
use leptos::prelude::*;

use super::{Engine, Session, Tone};

/// Why something asked of a session was not done. It reads as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble(pub String);

impl From<Refused> for Trouble {
    fn from(refused: Refused) -> Trouble {
        Trouble(refused.0)
    }
}
impl From<ScenarioError> for Trouble {
    fn from(error: ScenarioError) -> Trouble {
        Trouble(error.to_string())
    }
}

impl Session {
    /// Starts a run at its beginning.
    pub fn load(self, scenario: Scenario) -> Result<(), Trouble> {
        let world = catalogue::build(&scenario)?;
        self.open(Timeline::new(scenario, world));
        Ok(())
    }

    /// Opens a run where it was left.
    pub fn restore(self, run: &Run) -> Result<(), Trouble> {
        let world = catalogue::build(&run.scenario)?;
        let timeline = Timeline::restore(run, world).map_err(|error| Trouble(error.to_string()))?;
        self.open(timeline);
        Ok(())
    }

    /// Puts a run on stage that has been prepared elsewhere, where its cursor stands.
    pub fn open(self, timeline: Timeline) {
        self.swap(timeline);
    }

    /// [`Session::open`], which gives back the run that was on stage.
    pub fn swap(self, timeline: Timeline) -> Option<Timeline> {
        self.playing.set(false);
        let before = self.drive(|engine| {
            let cursor = timeline.cursor();
            let before = engine.timeline.replace(timeline);
            engine.story_changed = true;
            engine.seek(cursor);
            before
        });
        self.selected.set(None);
        self.lit.set(None);
        self.settle();
        before
    }

    /// One intervention, at the time that is shown. In the past it starts a branch.
    pub fn act(self, action: Action) -> Result<Event, Trouble> {
        self.change(|timeline| timeline.act(action).map_err(Trouble::from))
    }

    /// One line of the script language, at the time that is shown.
    pub fn perform(self, line: &str) -> Result<(), Trouble> {
        self.change(|timeline| perform(timeline, line).map(drop).map_err(|e| Trouble(e.to_string())))
    }

    /// The run up to the cursor as a script that plays it again.
    pub fn script(self) -> Option<String> {
        self.drive(|engine| engine.timeline.as_mut().map(|timeline| export(timeline).to_string()))
    }

    /// What a menu does: acts, and shows the refusal if there is one.
    pub fn attempt(self, action: Action) {
        if let Err(Trouble(reason)) = self.act(action) {
            self.notify(Tone::Warning, reason);
        }
    }

    fn change<T>(self, act: impl FnOnce(&mut Timeline) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let shown = self.shown();
        let done = self.drive(|engine| {
            engine.wait_until(shown);
            let Some(timeline) = &mut engine.timeline else {
                return Err(Trouble("no run is loaded yet".to_owned()));
            };
            let before = timeline.world().fork();
            let done = act(timeline)?;
            engine.before = Some(before);
            engine.story_changed = true;
            engine.bury();
            Ok(done)
        });
        if done.is_ok() {
            self.tell();
            self.settle();
            self.say_what_happened();
        }
        done
    }
}

impl Engine {
    /// Lets the world's time catch up with the time that is shown between two events.
    fn wait_until(&mut self, shown: faultline_model::Time) {
        let Some(timeline) = &mut self.timeline else {
            return;
        };
        let free = timeline.next_due().is_none_or(|due| due >= shown);
        if free && shown > timeline.world().now() {
            timeline.wait(shown);
        }
    }
}
