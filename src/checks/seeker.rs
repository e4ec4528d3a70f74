//! The search that the learner has under way, and what earlier ones found. It outlives the panel.

use faultline_lessons::catalogue;
use faultline_model::KnobKind;
use faultline_sim::link;
use leptos::prelude::*;

use super::budget::Budgets;
use crate::session::{Session, Tone, Trouble};
use crate::widgets::focus_on;
use crate::worker::{self, Answer, Ended, Pursuit, Reached, Told};

/// How the search stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Now {
    /// Nobody searches.
    Idle,
    /// It has come so far.
    Searching(Reached),
    /// It could not begin, or stopped by a mistake.
    Failed(String),
}

/// What was asked and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Counts searches.
    pub number: u32,
    /// What was to be broken, in words.
    pub asked: String,
    /// What was different from the protocol, and where the search began: "persist-vote off, from event 12".
    pub setting: String,
    /// What came of it.
    pub answer: Answer,
}

/// So many results are kept.
const KEPT: usize = 8;

/// A handle on the search of this page.
#[derive(Clone, Copy)]
pub struct Seeker {
    session: Session,
    /// How far to look.
    pub budgets: RwSignal<Budgets>,
    /// The property to break; empty is any.
    pub property: RwSignal<String>,
    /// Whether to begin where the run stands, and not at its start.
    pub from_here: RwSignal<bool>,
    /// How the search stands.
    pub now: RwSignal<Now>,
    /// What searches found, newest first.
    pub outcomes: RwSignal<Vec<Outcome>>,
    pursuit: StoredValue<Option<Pursuit>, LocalStorage>,
}

/// Puts the search of this page into the context.
pub fn provide(session: Session) {
    provide_context(Seeker {
        session,
        budgets: RwSignal::new(Budgets::default()),
        property: RwSignal::new(String::new()),
        from_here: RwSignal::new(false),
        now: RwSignal::new(Now::Idle),
        outcomes: RwSignal::new(vec![]),
        pursuit: StoredValue::new_local(None),
    });
}

impl Seeker {
    /// Whether a search is under way; subscribes.
    pub fn searching(self) -> bool {
        self.now.with(|now| matches!(now, Now::Searching(_)))
    }

    /// Begins to search.
    pub fn search(self) {
        let (property, from_here) = (self.property.get_untracked(), self.from_here.get_untracked());
        let wanted = (!property.is_empty()).then_some(property);
        let (asked, setting) = untrack(|| (self.asked(wanted.as_deref()), self.setting(from_here)));
        let budgets = self.budgets.get_untracked();
        let Some(question) = untrack(|| budgets.question(self.session, wanted, from_here)) else { return };
        self.now.set(Now::Searching(Reached::default()));
        self.session.announce("Searching");
        let pursuit = worker::ask(question, move |told| match told {
            Told::Ready => {}
            Told::Progress(reached) => self.now.set(Now::Searching(reached)),
            Told::Failed(why) => {
                self.session.announce(&why);
                self.now.set(Now::Failed(why));
                self.let_go();
            }
            Told::Done(answer) => {
                self.now.set(Now::Idle);
                self.keep(Outcome {
                    number: 0,
                    asked: asked.clone(),
                    setting: setting.clone(),
                    answer: *answer,
                });
                self.let_go();
            }
        });
        self.pursuit.set_value(Some(pursuit));
    }

    /// Ends the search. The run on stage was never touched.
    pub fn cancel(self) {
        self.pursuit.set_value(None);
        self.now.set(Now::Idle);
        self.session.announce("The search was cancelled.");
    }

    /// Not at once: what is dropped is what is being called.
    fn let_go(self) {
        leptos::task::spawn_local(async move {
            self.pursuit.try_set_value(None);
        });
    }

    fn keep(self, mut outcome: Outcome) {
        self.session.announce(summary(&outcome.answer));
        self.outcomes.update(|outcomes| {
            outcome.number = outcomes.first().map_or(1, |last| last.number + 1);
            outcomes.insert(0, outcome);
            outcomes.truncate(KEPT);
        });
        // Once it is drawn.
        request_animation_frame(|| {
            focus_on(".found-list .outcome h3");
        });
    }

    /// Puts what was found on stage: before its last event, or where the search began.
    pub fn play(self, number: u32, from_its_start: bool) {
        let found = self.outcomes.with_untracked(|outcomes| {
            let outcome = outcomes.iter().find(|outcome| outcome.number == number)?;
            outcome.answer.found.clone()
        });
        let Some(found) = found else { return };
        let done =
            link::decode(&found.run).map_err(|error| Trouble(error.to_string())).and_then(|mut run| {
                if from_its_start {
                    run.cursor = found.base;
                }
                self.session.branch_off(&run, found.base)
            });
        match done {
            Err(Trouble(why)) => self.session.notify(Tone::Warning, why),
            Ok(branch) => {
                let how = if branch { "On a branch of its own" } else { "As a run of its own" };
                let next = if from_its_start { "step through it" } else { "one event forward breaks it" };
                self.session.announce(format!("{how}: {next}."));
            }
        }
    }

    fn asked(self, property: Option<&str>) -> String {
        let Some(property) = property else { return "anything that must always hold".to_owned() };
        let view = self.session.view();
        let named = view.verdicts.iter().find(|verdict| verdict.property == property);
        named.map_or_else(|| property.to_owned(), |verdict| verdict.sentence.clone())
    }

    fn setting(self, from_here: bool) -> String {
        let Some(scenario) = self.session.scenario() else { return String::new() };
        let mut words: Vec<String> =
            rules_off(self.session).into_iter().map(|rule| format!("{rule} off")).collect();
        if words.is_empty() {
            words.push("every rule on".to_owned());
        }
        words.push(match scenario.nodes {
            1 => "1 server".to_owned(),
            servers => format!("{servers} servers"),
        });
        words.push(match self.session.cursor() {
            cursor if from_here && cursor > 0 => format!("from event {cursor}"),
            _ => "from the start".to_owned(),
        });
        words.join(", ")
    }
}

/// The names of the rules that are off in the run on stage; subscribes.
pub fn rules_off(session: Session) -> Vec<String> {
    let Some(scenario) = session.scenario() else { return vec![] };
    let knobs = catalogue::describe(&scenario.protocol).map(|info| info.knobs).unwrap_or_default();
    let is_rule = |name: &str| {
        knobs.iter().any(|knob| knob.knob.name == name && matches!(knob.knob.kind, KnobKind::Rule { .. }))
    };
    let off = scenario.set.into_iter().filter(|(name, value)| value == "off" && is_rule(name));
    off.map(|(name, _)| name).collect()
}

/// An answer in one sentence.
pub fn summary(answer: &Answer) -> String {
    let Answer { ended, bounds, found, .. } = answer;
    let steps = found.as_ref().map_or(0, |found| found.steps);
    match ended {
        Ended::Found if steps == 0 => "It is broken already where the search began.".to_owned(),
        Ended::Found if steps == 1 => "It breaks in 1 step.".to_owned(),
        Ended::Found => format!("It breaks in {steps} steps; no shorter run within the bounds does it."),
        Ended::Exhausted => format!("Exhausted: no violation within these bounds: {bounds}."),
        Ended::TooDeep => {
            format!("No violation, but longer runs than allowed are possible. Within these bounds: {bounds}.")
        }
        Ended::TooManyStates => {
            format!(
                "Not exhausted: the bound on states was reached first. Nothing broke so far. Bounds: {bounds}."
            )
        }
        Ended::OutOfMemory => {
            format!("Not exhausted: the memory was used up first. Nothing broke so far. Bounds: {bounds}.")
        }
    }
}
