//! The runs of a lesson on stage: putting them there, watching them, taking them away again.

use faultline_lessons::runner::{self, Outcome, Phase, Runner, Sighting, Trying, Watch};
use faultline_lessons::{Goal, Setting};
use faultline_sim::{Facts, Moment, Progress, Timeline, Truth};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use super::super::card::came_of_it;
use super::super::pace::fitting_speed;
use super::super::sight::{one_pane_at_a_time, show_stage};
use super::{OnStage, PAUSED, Study};
use crate::session::{Flow, Tone};

/// Replaying begins so many events before the outcome.
const REPLAYED: u32 = 10;

impl Study {
    /// Puts the step's run on stage from its beginning.
    pub fn set_stage(self) {
        let (lesson, step) = self.runner.with_untracked(|runner| (runner.lesson().clone(), runner.step()));
        let over = self.over.get_untracked();
        // Before the prediction is locked the future is not there to be peeked at.
        let ready = if self.runner.with_untracked(Runner::may_play) {
            runner::stage(&lesson, step, &over).map(|rehearsed| (rehearsed.timeline, rehearsed.outcome))
        } else {
            runner::opening(&lesson, step, &over).map(|timeline| (timeline, None))
        };
        match ready {
            Ok((timeline, outcome)) => {
                self.linked.set_value(false);
                self.pace(&timeline, outcome.as_ref());
                self.session.open(timeline);
                self.follow();
                self.outcome.set_value(outcome);
            }
            Err(error) => self.session.notify(Tone::Warning, error.to_string()),
        }
        self.publish();
    }

    /// Sets a knob of the step's run, which starts again; or says why it cannot be set so.
    pub fn turn_knob(self, knob: &str, value: &str) -> Result<(), String> {
        let (lesson, step) = self.runner.with_untracked(|runner| (runner.lesson().clone(), runner.step()));
        let mut over = self.over.get_untracked();
        over.set.retain(|setting| setting.knob != knob);
        over.set.push(Setting { knob: knob.to_owned(), value: value.to_owned() });
        runner::opening(&lesson, step, &over).map_err(|error| error.to_string())?;
        self.over.set(over);
        self.set_stage();
        self.session.announce(format!("{knob} is {value}: the run starts again."));
        Ok(())
    }

    /// Puts all knobs back to what the step has them at.
    pub fn put_knobs_back(self) {
        self.over.update(|over| over.set.clear());
        self.set_stage();
    }

    /// Whether a knob has been turned; then goals do not count. Subscribes.
    pub fn turned(self) -> bool {
        self.over.with(|over| !over.set.is_empty())
    }

    /// Until the learner chooses a speed, each run gets one at which it can be followed.
    fn pace(self, timeline: &Timeline, outcome: Option<&Outcome>) {
        let speed = self.session.speed.get_untracked();
        if self.paced.get_value() == speed {
            let fitting = fitting_speed(timeline, outcome);
            self.paced.set_value(fitting);
            self.session.speed.set(fitting);
        }
    }

    /// Begins to watch the run that is on stage, from where it stands.
    pub(super) fn follow(self) {
        let (lesson, step) = self.runner.with_untracked(|runner| (runner.lesson().clone(), runner.step()));
        let watch = untrack(|| self.session.look(|timeline| Watch::over(&lesson, step, timeline)));
        self.watch.set_value(watch);
        self.outcome.set_value(None);
        self.seen_at.set_value(None);
        self.stash.set_value(None);
        self.on_stage.set(OnStage::Own);
        self.publish();
    }

    /// Shows the last moments before the outcome again.
    pub fn replay(self) {
        self.put_back();
        let mark = self.watch.with_value(|watch| watch.as_ref().map_or(0, Watch::mark));
        let Some(seen) = self.seen_at.get_value() else {
            return;
        };
        self.session.seek(seen.saturating_sub(REPLAYED).max(mark));
        show_stage();
        self.session.play();
    }

    /// Puts a run of the lesson on stage beside the step's own, which is kept.
    pub fn try_out(self, what: Trying) {
        let (lesson, step) = self.runner.with_untracked(|runner| (runner.lesson().clone(), runner.step()));
        let tried = match runner::attempt(&lesson, step, what) {
            Some(Ok(tried)) => tried,
            Some(Err(error)) => return self.session.notify(Tone::Warning, error.to_string()),
            None => return,
        };
        let mut timeline = tried.timeline;
        if let Trying::Side { fixed } = what
            && let Some(Ok(other)) = runner::attempt(&lesson, step, Trying::Side { fixed: !fixed })
        {
            // Both sides begin where they part: the next event is the difference.
            timeline.seek(runner::parting(&timeline, &other.timeline));
        }
        if self.on_stage.get_untracked() == OnStage::Own {
            self.stash.set_value(untrack(|| self.session.run()));
        }
        let words = came_of_it(what, tried.failure.as_deref());
        self.on_stage.set(OnStage::Tried(what, tried.failure));
        self.session.open(timeline);
        // What is to be stepped through, and not read, is brought into sight.
        if matches!(what, Trying::Side { .. } | Trying::Question(_)) && one_pane_at_a_time().is_some() {
            self.ask_on_stage(words);
            show_stage();
        } else {
            self.session.announce(words);
        }
        self.publish();
    }

    /// Puts the step's own run back, as the learner left it.
    pub fn put_back(self) {
        if self.on_stage.get_untracked() == OnStage::Own {
            return;
        }
        self.on_stage.set(OnStage::Own);
        self.asked_no_more();
        let stashed = self.stash.try_update_value(Option::take).flatten();
        if stashed.is_none_or(|run| self.session.restore(&run).is_err()) {
            self.set_stage();
        }
        self.publish();
    }

    /// How a goal stands now, part by part; subscribes.
    pub fn truth(self, goal: &Goal) -> Option<Truth> {
        self.session.look(|timeline| {
            let facts = Facts::at_cursor(timeline);
            let moment = Moment::new(timeline.world(), &facts);
            let known =
                self.watch.with_value(|watch| watch.as_ref().and_then(|w| w.progress(&goal.id).cloned()));
            goal.predicate.truth(&moment, &known.unwrap_or_else(|| Progress::new(&goal.predicate)))
        })
    }

    /// The run has gone on by one event that is new.
    pub(super) fn told(self, timeline: &Timeline) -> Flow {
        if self.on_stage.with_untracked(|shown| *shown != OnStage::Own) {
            return Flow::On;
        }
        let noticed = self.watch.try_update_value(|watch| Some(watch.as_mut()?.observe(timeline)));
        let Some(noticed) = noticed.flatten() else {
            return Flow::On;
        };
        let cursor = timeline.cursor();
        let planned = self.outcome.with_value(|outcome| {
            outcome.as_ref().filter(|outcome| outcome.event == cursor).map(|outcome| outcome.sighting.clone())
        });
        let phase = self.runner.with_untracked(Runner::phase);
        let mut flow = Flow::On;
        if let Some(sighting) = noticed.critical.or(planned)
            && matches!(phase, Phase::Watching | Phase::Observing)
        {
            self.reach(sighting, cursor);
            flow = Flow::Pause;
        }
        let mut first = vec![];
        // With other rules than the step's own a goal would say something else.
        let counts = self.over.with_untracked(|over| over.set.is_empty());
        for (goal, cost) in noticed.goals.iter().filter(|_| counts) {
            if self.runner.try_update(|runner| runner.meet(goal, *cost)) == Some(true) {
                first.push(goal.clone());
            }
        }
        if !first.is_empty() {
            flow = Flow::Pause;
            // After the sentence of the event, which is said first.
            Timeout::new(700, move || self.session.announce("Goal met.")).forget();
        }
        self.publish_with(timeline.world().cast());
        flow
    }

    fn reach(self, sighting: Sighting, event: u32) {
        if self.seen_at.get_value().is_none() {
            let session = self.session;
            Timeout::new(700, move || {
                // Who has answered by then is not told to look.
                if self.runner.try_with_untracked(Runner::phase) != Some(Phase::Observing) {
                    return;
                }
                if one_pane_at_a_time().is_some() {
                    self.ask_on_stage(PAUSED.to_owned());
                } else {
                    session.announce("Paused at the moment that matters.");
                }
            })
            .forget();
        }
        self.seen_at.set_value(Some(event));
        self.runner.update(|runner| {
            runner.reached(sighting);
        });
    }

    /// Who jumps over the outcome of the scripted run is taken back to it: it must not be missed.
    pub(super) fn keep_outcome_in_sight(self) {
        Effect::new(move |_| {
            let cursor = self.session.cursor();
            let waiting = self.runner.with_untracked(Runner::phase) == Phase::Watching;
            let own = self.on_stage.with_untracked(|shown| *shown == OnStage::Own);
            let outcome =
                self.outcome.get_value().filter(|outcome| waiting && own && cursor >= outcome.event);
            let Some(outcome) = outcome else { return };
            let first =
                untrack(|| self.session.branches()).iter().any(|branch| branch.current && branch.index == 0);
            if first {
                self.reach(outcome.sighting, outcome.event);
                self.session.pause();
                if cursor > outcome.event {
                    self.session.seek(outcome.event);
                }
                self.publish();
            }
        });
    }
}
