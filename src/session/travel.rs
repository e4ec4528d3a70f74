//! Moving the cursor: steps, seeks, branches, and the passing of time.

use std::sync::Arc;

use faultline_model::Time;
use faultline_sim::Timeline;
use leptos::prelude::*;

use super::{Engine, Flow, Session, Tone};

/// One animation frame works through at most so many events, so that the page stays alive.
const MOST_EVENTS_A_FRAME: u32 = 400;
/// With more messages than this in flight, the world is not copied for every event of a frame.
const MOST_COPIED: usize = 300;

impl Session {
    /// One event forward; false when nothing is due, or when the lesson holds time.
    pub fn step(self) -> bool {
        if self.held() {
            return false;
        }
        let done = self.drive(Engine::step);
        let flow = if done { self.tell() } else { Flow::On };
        self.settle();
        self.say_what_happened();
        if flow == Flow::Pause {
            self.playing.set(false);
        }
        done
    }

    /// So many events forward, as far as there are; shown once, at the end.
    pub fn steps(self, count: u32) {
        if self.held() {
            return;
        }
        for _ in 0..count {
            if !self.drive(Engine::step) {
                break;
            }
            self.tell();
        }
        self.settle();
        self.say_what_happened();
    }

    /// One event back; false at the start.
    pub fn back(self) -> bool {
        let cursor = self.cursor_now();
        if cursor == 0 {
            return false;
        }
        self.seek(cursor - 1);
        true
    }

    /// To the moment after so many events; beyond the end, to the end.
    pub fn seek(self, event: u32) {
        self.drive(|engine| engine.seek(event));
        self.settle();
        self.say_what_happened();
    }

    /// To the last event not after `time`.
    pub fn seek_time(self, time: Time) {
        let event =
            untrack(|| self.look(|timeline| timeline.events().partition_point(|event| event.at <= time)));
        self.seek(event.unwrap_or(0) as u32);
    }

    /// Before the first event.
    pub fn to_start(self) {
        self.seek(0);
    }

    /// After the last event of this branch.
    pub fn to_end(self) {
        self.seek(untrack(|| self.len()));
    }

    /// Starts a branch here: what comes after the cursor stays on the old one.
    pub fn fork(self) {
        self.drive(|engine| {
            if let Some(timeline) = &mut engine.timeline {
                timeline.fork();
            }
        });
        self.settle();
        self.announce(format!("New branch after event {}", self.cursor_now()));
    }

    /// Goes to another branch, at the same event if it has it.
    pub fn switch(self, branch: usize) {
        self.drive(|engine| {
            if let Some(timeline) = &mut engine.timeline {
                timeline.switch(branch);
                let cursor = timeline.cursor();
                engine.seek(cursor);
            }
        });
        self.settle();
        self.announce(format!("Branch {}", branch + 1));
    }

    /// Gives a branch a name; an empty one takes it away.
    pub fn rename(self, branch: usize, name: &str) {
        let done = self.drive(|engine| {
            engine.story_changed = true;
            engine.timeline.as_mut().is_some_and(|timeline| timeline.rename(branch, name))
        });
        self.settle();
        if done {
            let label = untrack(|| self.branches()).get(branch).map(|branch| branch.label.clone());
            self.announce(format!("Branch {} is called {}", branch + 1, label.unwrap_or_default()));
        }
    }

    /// Lets time run. At the end of a branch the schedule adds to it.
    pub fn play(self) {
        if untrack(|| self.loaded()) && !self.playing.get_untracked() && !self.held() {
            self.playing.set(true);
        }
    }

    /// Whether the lesson holds time; then its reason is shown.
    fn held(self) -> bool {
        let reason = self.staging.with_untracked(|staging| staging.hold.clone());
        if let Some(reason) = &reason {
            self.notify(Tone::Info, reason);
        }
        reason.is_some()
    }

    /// Stops time.
    pub fn pause(self) {
        if self.playing.get_untracked() {
            self.playing.set(false);
            if self.drive(Engine::look_back) {
                self.publish();
            }
            self.say_what_happened();
        }
    }

    /// Plays or pauses.
    pub fn toggle(self) {
        if self.playing.get_untracked() {
            self.pause();
        } else {
            self.play();
        }
    }

    /// Time as shown becomes `time`; every event due until then happens. Called once a frame.
    pub fn advance(self, time: f64) {
        let until = Time(time.max(0.0) as u64);
        let (mut happened, mut stopped_at) = (false, None);
        let light = self.moment.with_untracked(|moment| moment.view.flights.len()) <= MOST_COPIED;
        for count in 0.. {
            if !self.drive(|engine| engine.is_due(until)) {
                break;
            }
            if count == MOST_EVENTS_A_FRAME {
                stopped_at = self.drive(|engine| engine.now());
                break;
            }
            let first = !happened;
            happened = true;
            if self.drive(|engine| engine.step_on(first || light)) && self.tell() == Flow::Pause {
                self.playing.set(false);
                stopped_at = self.drive(|engine| engine.now());
                break;
            }
        }
        if happened {
            if !self.playing.get_untracked() {
                self.drive(Engine::look_back);
            }
            self.publish();
        }
        self.display_time.set(stopped_at.map_or(time, |at| at.0 as f64));
    }

    /// Tells the taps of the event at the cursor. They may read the session meanwhile.
    pub(super) fn tell(self) -> Flow {
        let mut taps = self.drive(|engine| std::mem::take(&mut engine.taps));
        let mut flow = Flow::On;
        self.engine.with_value(|engine| {
            let Some(timeline) = &engine.timeline else {
                return;
            };
            for (_, tap) in &mut taps {
                if tap(timeline) == Flow::Pause {
                    flow = Flow::Pause;
                }
            }
        });
        self.drive(|engine| {
            // One that was added meanwhile comes after those that were there.
            taps.append(&mut engine.taps);
            engine.taps = taps;
        });
        flow
    }

    fn cursor_now(self) -> u32 {
        self.moment.with_untracked(|moment| moment.cursor)
    }

    /// Changes the engine without telling anybody yet.
    pub(super) fn drive<T>(self, change: impl FnOnce(&mut Engine) -> T) -> T {
        self.engine.try_update_value(change).expect("the session lives as long as its page")
    }

    /// Publishes the moment and lets the drawn time be the world's.
    pub(super) fn settle(self) {
        self.publish();
        let time = self.moment.with_untracked(|moment| moment.view.time);
        self.display_time.set(time.0 as f64);
    }

    /// Writes the moment: the only place that does.
    fn publish(self) {
        let old = self.moment.get_untracked();
        let new = self.engine.try_update_value(|engine| {
            let timeline = engine.timeline.as_mut()?;
            let mut moment = old.clone();
            moment.revision += 1;
            moment.cursor = timeline.cursor();
            moment.len = timeline.len();
            moment.loaded = true;
            moment.next_due = timeline.next_due();
            moment.view = Arc::new(timeline.view());
            moment.graves = engine.graves.clone();
            let told = std::mem::take(&mut engine.story_changed);
            if told || moment.len != old.len {
                moment.story += 1;
            }
            Some(moment)
        });
        if let Some(new) = new.flatten() {
            self.moment.set(new);
        }
    }

    /// The live region says the sentence of the event at the cursor.
    pub fn say_what_happened(self) {
        let sentence = self
            .moment
            .with_untracked(|moment| moment.view.because.as_ref().map(|because| because.text.clone()));
        self.announce(sentence.unwrap_or_else(|| "The start of the run".to_owned()));
    }
}

impl Engine {
    /// One event forward, with the world before it kept.
    pub(super) fn step(&mut self) -> bool {
        self.step_on(true)
    }

    /// The same among others of one animation frame. Where much is in flight a copy of the world costs
    /// more than the event: then only the first has one, and [`Engine::look_back`] makes up for it once
    /// the run stands still.
    fn step_on(&mut self, copied: bool) -> bool {
        let Some(timeline) = &mut self.timeline else {
            return false;
        };
        let before = copied.then(|| timeline.world().fork());
        let done = timeline.step().is_some();
        if done {
            if let Some(before) = before {
                self.before = Some(before);
            }
            self.bury();
        }
        done
    }

    /// Sees to it that the world before the cursor is the one just before it; whether it was not.
    fn look_back(&mut self) -> bool {
        let Some(timeline) = &mut self.timeline else {
            return false;
        };
        let cursor = timeline.cursor();
        let right = self.before.as_ref().is_none_or(|before| before.events() + 1 == cursor);
        if !right {
            timeline.seek(cursor - 1);
            self.before = Some(timeline.world().fork());
            timeline.seek(cursor);
        }
        !right
    }

    pub(super) fn seek(&mut self, event: u32) {
        let Some(timeline) = &mut self.timeline else {
            return;
        };
        let event = event.min(timeline.len());
        self.before = None;
        if event > 0 {
            timeline.seek(event - 1);
            self.before = Some(timeline.world().fork());
        }
        timeline.seek(event);
        self.graves.clear();
        self.bury();
    }

    fn is_due(&mut self, until: Time) -> bool {
        let due = self.timeline.as_mut().and_then(Timeline::next_due);
        due.is_some_and(|due| due <= until)
    }

    fn now(&self) -> Option<Time> {
        self.timeline.as_ref().map(|timeline| timeline.world().now())
    }
}
