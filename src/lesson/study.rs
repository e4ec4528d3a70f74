//! The lesson at work: what the learner does in the pane, and what the run tells it.
//!
//! [`Runner`] decides what is locked and what is open; this binds it to the session, which has the
//! run, and to the shelf, which keeps the progress.

mod run;

use std::sync::Arc;

use faultline_lessons::runner::{Gate, Outcome, Pairing, Phase, Runner, Saw, Screen, Trying, Watch};
use faultline_lessons::{Confidence, Lesson, Predicted, Settings};
use faultline_model::Cast;
use faultline_sim::Run;
use leptos::prelude::*;

use super::sight::{begin_reading, show_stage};
use super::status::{staging, status};
use crate::exchange::use_exchange;
use crate::progress::{Shelf, today};
use crate::session::{Session, Speed, Tone, Turn};
use crate::widgets::focus_on;

/// Whose run is on stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnStage {
    /// The step's own, as the learner has changed it.
    Own,
    /// One that was tried out beside it.
    Tried(Trying, Option<String>),
}

/// A handle on the lesson of this page.
#[derive(Clone, Copy)]
pub struct Study {
    session: Session,
    shelf: Shelf,
    runner: RwSignal<Runner>,
    watch: StoredValue<Option<Watch>>,
    outcome: StoredValue<Option<Outcome>>,
    /// After which event the outcome was seen.
    seen_at: StoredValue<Option<u32>>,
    stash: StoredValue<Option<Run>>,
    /// The speed that the lesson chose last; another one is the learner's.
    paced: StoredValue<Speed>,
    /// Whether the run on stage came with the link: it is not replaced by the step's own.
    linked: StoredValue<bool>,
    /// What a notice above the stage says for the lesson.
    asked: StoredValue<Option<String>>,
    /// What differs from the lesson: the seed of the address, the knobs that the learner has turned.
    over: RwSignal<Settings>,
    on_stage: RwSignal<OnStage>,
    /// The answer chosen on this screen, not yet checked.
    pub chosen: RwSignal<Option<usize>>,
    /// The pairs that are made on this screen, not yet locked.
    pub pairing: RwSignal<Pairing>,
    /// How sure the learner is, not yet locked.
    pub sure: RwSignal<Option<Confidence>>,
    /// What was typed as an observation.
    pub typed: RwSignal<String>,
    /// What stands in the way of the last attempt to go on.
    pub refusal: RwSignal<Option<Gate>>,
}

/// What stands above the stage of a small screen while the lesson asks.
const PAUSED: &str = "Paused. The lesson asks what you see.";

impl Study {
    /// Takes up a lesson where it was left, or at the step that the address names.
    pub fn begin(session: Session, shelf: Shelf, lesson: Lesson, step: Option<u32>) -> Study {
        let lesson = Arc::new(lesson);
        let record = untrack(|| shelf.lesson(&lesson.slug));
        let mut runner = Runner::new(lesson.clone(), record);
        if let Some(step) = step {
            runner.open_at(step.saturating_sub(1) as usize);
        }
        let base = lesson.scenario(&lesson.settings_at(runner.step()));
        let linked = session.begin(base.clone());
        let (seed, cursor) = untrack(|| (session.scenario().map(|scenario| scenario.seed), session.cursor()));
        let study = Study {
            session,
            shelf,
            runner: RwSignal::new(runner),
            watch: StoredValue::new(None),
            outcome: StoredValue::new(None),
            seen_at: StoredValue::new(None),
            stash: StoredValue::new(None),
            paced: StoredValue::new(Speed::default()),
            linked: StoredValue::new(linked == Ok(true)),
            asked: StoredValue::new(None),
            over: RwSignal::new(Settings {
                seed: seed.filter(|seed| *seed != base.seed),
                ..Settings::default()
            }),
            on_stage: RwSignal::new(OnStage::Own),
            chosen: RwSignal::new(None),
            pairing: RwSignal::new(Pairing::default()),
            sure: RwSignal::new(None),
            typed: RwSignal::new(String::new()),
            refusal: RwSignal::new(None),
        };
        match linked {
            Ok(true) => study.follow(),
            Ok(false) => {
                study.set_stage();
                if cursor > 0 {
                    session.run_ahead(cursor, None);
                    session.seek(cursor);
                }
            }
            Err(trouble) => session.notify(Tone::Warning, trouble.0),
        }
        on_cleanup(session.tap(move |timeline| study.told(timeline)));
        session.on_turn(move |turn| match turn {
            Turn::Next => study.forward(),
            Turn::Back => study.back(),
        });
        study.keep_outcome_in_sight();
        use_exchange().ready(move || {
            // What was opened is not replaced by the step's own run, like a link's.
            study.linked.set_value(true);
            study.follow();
        });
        study
    }

    /// The state of the lesson; subscribes.
    pub fn with<T>(self, read: impl FnOnce(&Runner) -> T) -> T {
        self.runner.with(read)
    }

    /// The lesson.
    pub fn lesson(self) -> Arc<Lesson> {
        self.runner.with_untracked(|runner| runner.lesson().clone())
    }

    /// The session that has the run.
    pub fn session(self) -> Session {
        self.session
    }

    /// Whose run is on stage; subscribes.
    pub fn on_stage(self) -> OnStage {
        self.on_stage.get()
    }

    /// What the first button of the pane does: checks what there is to check, else goes on.
    pub fn forward(self) {
        let (screen, phase, answered) = self.runner.with_untracked(|runner| {
            let answered = match runner.screen() {
                Screen::Quiz(question) => runner.answered(question).is_some(),
                _ => true,
            };
            (runner.screen(), runner.phase(), answered)
        });
        let done = match (screen, phase) {
            (Screen::Step(_), Phase::Predicting) => self.lock(),
            (Screen::Step(_), Phase::Observing) => self.observe(),
            (Screen::Quiz(question), _) if !answered => self.answer(question),
            _ => self.next(),
        };
        self.refusal.set(done.err());
        match done {
            Err(gate) => self.session.announce(gate.to_string()),
            // What was answered is locked and loses the focus: on with the one button.
            Ok(()) if self.runner.with_untracked(Runner::screen) == screen => {
                focus_on(".lesson-ways .forward");
            }
            Ok(()) => {}
        }
    }

    fn next(self) -> Result<(), Gate> {
        let before = self.runner.with_untracked(Runner::step);
        let screen = self.runner.try_update(Runner::advance).unwrap_or(Err(Gate::Run))?;
        self.arrive(before, screen);
        Ok(())
    }

    /// One screen back.
    pub fn back(self) {
        let (before, was) = self.runner.with_untracked(|runner| (runner.step(), runner.screen()));
        if let Some(screen) = self.runner.try_update(Runner::back).filter(|screen| *screen != was) {
            self.arrive(before, screen);
        }
    }

    /// To a step that has been reached.
    pub fn go(self, step: usize) {
        let before = self.runner.with_untracked(Runner::step);
        if self.runner.try_update(|runner| runner.go(step)) == Some(true) {
            self.arrive(before, Screen::Step(step));
        }
    }

    /// A new screen is on: its run, its empty answers, the focus on its heading.
    fn arrive(self, before: usize, screen: Screen) {
        self.session.pause();
        self.chosen.set(None);
        self.sure.set(None);
        self.typed.set(String::new());
        self.refusal.set(None);
        let turned = self.over.with_untracked(|over| !over.set.is_empty());
        if turned {
            self.over.update(|over| over.set.clear());
        }
        self.asked_no_more();
        match screen {
            Screen::Step(step) => {
                let own = self.lesson().steps.get(step).is_some_and(|step| step.stage.is_some());
                let stays =
                    step == before + 1 && !own && !turned && self.on_stage.get_untracked() == OnStage::Own;
                if stays {
                    self.follow();
                } else {
                    self.set_stage();
                }
            }
            Screen::Quiz(question) => {
                let shown = self.lesson().quiz.get(question).is_some_and(|question| question.stage.is_some());
                self.put_back();
                if shown {
                    self.try_out(Trying::Question(question));
                }
                self.publish();
            }
            Screen::Done => {
                self.put_back();
                self.publish();
            }
        }
        begin_reading();
    }

    /// Says above the stage what the lesson has to say, where the stage hides the lesson.
    fn ask_on_stage(self, words: String) {
        self.asked_no_more();
        self.asked.set_value(Some(words.clone()));
        self.session.notify(Tone::Info, words);
    }

    /// What the lesson has said above the stage is over.
    fn asked_no_more(self) {
        let asked = self.asked.try_update_value(Option::take).flatten();
        let notice = |text: String| {
            let notices = self.session.notices;
            notices.with_untracked(|notices| notices.iter().find(|notice| notice.text == text).map(|n| n.id))
        };
        if let Some(id) = asked.and_then(notice) {
            self.session.dismiss(id);
        }
    }

    fn lock(self) -> Result<(), Gate> {
        let (option, sure) = (self.chosen.get_untracked(), self.sure.get_untracked());
        let locked = self.runner.try_update(|runner| {
            if runner.content().is_some_and(|step| step.matching.is_some()) {
                return self.pairing.with_untracked(|pairing| runner.pair_up(pairing, sure));
            }
            runner.predict(option, sure).map(drop)
        });
        let locked = locked.unwrap_or(Err(Gate::NoAnswer));
        let missing = match locked {
            Err(Gate::NoConfidence) => Some(".sure-levels input"),
            Err(Gate::Unpaired) => Some(".pair-effect"),
            Err(_) => Some(".prediction .choice input"),
            Ok(_) => None,
        };
        if let Some(missing) = missing {
            focus_on(missing);
        }
        locked?;
        self.remember();
        // The next question on this screen begins without an answer.
        self.chosen.set(None);
        if self.linked.get_value() {
            self.publish();
        } else {
            self.set_stage();
        }
        if self.runner.with_untracked(Runner::phase) == Phase::Watching {
            show_stage();
            self.session.play();
        }
        Ok(())
    }

    /// What was certain and wrong comes back in another lesson.
    fn remember(self) {
        let day = today();
        self.runner.with_untracked(|runner| {
            if runner.locked() != Some(Confidence::Certain) {
                return;
            }
            let slug = &runner.lesson().slug;
            self.shelf.change(|progress| {
                runner.predicted().iter().for_each(|known| progress.remember(slug, known, day));
                runner.matched().into_iter().for_each(|known| progress.remember_pairs(slug, known, day));
            });
        });
    }

    fn observe(self) -> Result<(), Gate> {
        let typed = self.typed.get_untracked();
        let saw = self.chosen.get_untracked().map_or(Saw::Text(typed), Saw::Option);
        let right = self.runner.try_update(|runner| runner.observe(&saw)).unwrap_or(Err(Gate::Run))?;
        self.publish();
        if !right {
            return Err(Gate::NotSeen);
        }
        self.asked_no_more();
        self.session.announce("Yes, that is what happened.");
        Ok(())
    }

    fn answer(self, question: usize) -> Result<(), Gate> {
        let option = self.chosen.get_untracked();
        let right = self
            .runner
            .try_update(|runner| runner.answer(question, option))
            .unwrap_or(Err(Gate::NoAnswer))?;
        self.session.announce(if right { "Right." } else { "Not right." });
        self.publish();
        Ok(())
    }

    /// Takes the next hint for a goal; gives how many of the author's are taken.
    pub fn hint(self, goal: &str) -> usize {
        let rungs = self.runner.try_update(|runner| runner.hint(goal)).unwrap_or(0);
        self.publish();
        rungs.saturating_sub(1)
    }

    /// What was predicted in the step on screen; subscribes.
    pub fn predicted(self) -> Option<Predicted> {
        self.runner.with(Runner::predicted)
    }

    /// Tells the stage, the API and the shelf what has changed.
    fn publish(self) {
        let cast = untrack(|| self.session.cast());
        self.publish_with(&cast);
    }

    fn publish_with(self, cast: &Cast) {
        let own = self.on_stage.with_untracked(|shown| *shown == OnStage::Own);
        let (staging, status, record) = self
            .runner
            .with_untracked(|runner| (staging(runner, cast, own), status(runner), runner.record().clone()));
        if self.session.staging.with_untracked(|old| *old != staging) {
            self.session.staging.set(staging);
        }
        let slug = status.slug.clone();
        if self.session.lesson.with_untracked(|old| old.as_ref() != Some(&status)) {
            self.session.lesson.set(Some(status));
        }
        if untrack(|| self.shelf.lesson(&slug)) != record {
            self.shelf.keep(&slug, &record);
        }
    }
}
