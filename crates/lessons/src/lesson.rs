//! A lesson as data: what an author writes, what the page fetches as JSON, what the gates check.
//!
//! The order of a lesson follows the template of the course: hook, locked prediction, run to the
//! critical event, observation, explanation by contrast, breaking it, fixing it, quiz, sandbox.
//! Every run in it is a [`Trial`]: settings and a script, never a recording.

mod asked;
mod goal;
mod layout;
mod matching;
mod source;
mod tools;

use faultline_sim::Scenario;
use serde::{Deserialize, Serialize};

pub use asked::{Answer, Choice, Critical, Observation, Prediction, Question, QuestionKind, Seen};
pub use goal::{Fix, Goal, Par, Searched};
pub use layout::{Layout, LayoutError, Region, Spot};
pub use matching::{FEWEST_PAIRS, MOST_PAIR_WORDS, MOST_PAIRS, Matching, Pair};
pub use source::{Mark, Number, Source};
pub use tools::{CodeLine, Panel, Verb};

use crate::prose::{Block, Inline};

/// A lesson has at most so many steps.
pub const MOST_STEPS: usize = 7;
/// A step's prose has at most so many words.
pub const MOST_WORDS: usize = 40;
/// A quiz has exactly so many questions.
pub const QUIZ_LENGTH: usize = 5;

/// A whole lesson.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    /// Its place in the course: "L31".
    pub id: String,
    /// Its name in addresses: "raft-elections".
    pub slug: String,
    /// Its title for people.
    pub title: String,
    /// The chapter that it belongs to, 1 to 9.
    pub chapter: u8,
    /// How long it takes, in minutes.
    pub minutes: u8,
    /// One sentence for cards and previews.
    pub summary: String,
    /// What a learner can do afterwards.
    pub objectives: Vec<String>,
    /// Slugs of the lessons to take before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prerequisites: Vec<String>,
    /// The protocol that every run uses unless its settings name another.
    pub protocol: String,
    /// How many servers there are unless a run says otherwise.
    pub nodes: u16,
    /// The seed of every run unless it says otherwise.
    pub seed: u64,
    /// The knobs that differ from the protocol's defaults, in every run of the same protocol.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<Setting>,
    /// How the stage arranges the nodes.
    pub layout: Layout,
    /// What is shown beside the stage.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub panels: Vec<Panel>,
    /// The faults that the learner may cause in any step.
    pub palette: Vec<Verb>,
    /// The knobs that the learner may turn, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub knobs: Vec<String>,
    /// Figures and tables that the reader can measure, in the order in which they are offered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub experiments: Vec<Offer>,
    /// For teachers: what was decided where the course plan left room.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The steps, at most [`MOST_STEPS`].
    pub steps: Vec<Step>,
    /// The quiz, [`QUIZ_LENGTH`] questions; asked after the last step's goals.
    pub quiz: Vec<Question>,
    /// Where the claims come from.
    pub sources: Vec<Source>,
}

/// An experiment as a page offers it before anything of it has run; all else comes from the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The experiment's slug: "raft-figure-16".
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What is done in one trial, and what of it the source does not say.
    pub about: String,
    /// How many trials each curve has; 1 when nothing is left to chance.
    pub trials: u32,
}

/// One knob set to a value, both as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// The knob's name.
    pub knob: String,
    /// The value as the knob reads it.
    pub value: String,
}

/// What differs from the lesson's own scenario in one run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Another protocol; then the lesson's own knobs do not apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// Another number of servers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodes: Option<u16>,
    /// Another seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Knobs, set after the lesson's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<Setting>,
}

/// A run: from which settings, and what happens in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// What differs from the run that it stands beside.
    #[serde(default)]
    pub settings: Settings,
    /// What happens, in the script language.
    pub script: String,
}

/// One step of a lesson: one screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its title.
    pub title: String,
    /// What is read before anything is done; at most [`MOST_WORDS`] words.
    pub prose: Vec<Block>,
    /// The run that it shows. `None`: the run of the step before stays on stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// The faults on offer in this step; `None` offers the lesson's whole palette.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub palette: Option<Vec<Verb>>,
    /// Asked and locked before the run may start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prediction: Option<Prediction>,
    /// A prediction of another kind, in its place: a step has one of the two at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matching: Option<Matching>,
    /// Where playing pauses by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critical: Option<Critical>,
    /// Asked at the critical event; the right answer unlocks the explanation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observation: Option<Observation>,
    /// Why it happened; counted apart from the prose, with the same limit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explanation: Vec<Block>,
    /// The failing run beside the fixed one; unlocked with the explanation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contrast: Option<Contrast>,
    /// What the learner must make true.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<Goal>,
}

/// The run of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// What differs from the lesson's scenario.
    #[serde(default)]
    pub settings: Settings,
    /// Played at once on entering; the learner starts where it ends.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// What then happens while the learner watches: it is played ahead and the cursor set back to the
    /// end of `before`, so that "Play" runs into it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub script: String,
}

/// Two runs side by side: the same happenings without and with the rule that matters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contrast {
    /// What differs, one sentence.
    pub about: Vec<Inline>,
    /// The run that goes wrong; its script's last `expect` states how. Both sides have the step's settings
    /// and start at the beginning, without `before`.
    pub failing: Side,
    /// The run that does not; its script's last `expect` states so.
    pub fixed: Side,
}

/// One side of a contrast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// Its name: "votedFor in memory".
    pub label: String,
    /// The run.
    pub trial: Trial,
}

impl Lesson {
    /// The scenario of a run with these settings.
    pub fn scenario(&self, settings: &Settings) -> Scenario {
        let own: &[Setting] = if settings.protocol.is_none() { &self.set } else { &[] };
        let set = own.iter().chain(&settings.set).map(|s| (s.knob.clone(), s.value.clone()));
        Scenario {
            protocol: settings.protocol.clone().unwrap_or_else(|| self.protocol.clone()),
            lesson: Some(self.slug.clone()),
            nodes: settings.nodes.unwrap_or(self.nodes),
            seed: settings.seed.unwrap_or(self.seed),
            set: set.collect(),
        }
    }

    /// The step whose stage is in force at `step`: its own, or the nearest before it that has one.
    pub fn staged_by(&self, step: usize) -> Option<(usize, &Stage)> {
        let upto = self.steps.iter().take(step.saturating_add(1)).enumerate();
        upto.rev().find_map(|(index, step)| step.stage.as_ref().map(|stage| (index, stage)))
    }

    /// The settings that are in force at `step`.
    pub fn settings_at(&self, step: usize) -> Settings {
        self.staged_by(step).map(|(_, stage)| stage.settings.clone()).unwrap_or_default()
    }

    /// The protocols of all its runs, its own first, each once.
    pub fn protocols(&self) -> Vec<&str> {
        let mut found = vec![self.protocol.as_str()];
        let trials =
            self.steps.iter().flat_map(Step::trials).chain(self.quiz.iter().flat_map(Question::trials));
        let staged = self.steps.iter().filter_map(|step| Some(&step.stage.as_ref()?.settings));
        let goals = self.steps.iter().flat_map(|step| &step.goals);
        let mended = goals.filter_map(|goal| Some(&goal.resists.as_ref()?.settings));
        for settings in staged.chain(trials.map(|trial| &trial.settings)).chain(mended) {
            if let Some(name) = settings.protocol.as_deref().filter(|name| !found.contains(name)) {
                found.push(name);
            }
        }
        found
    }

    /// The faults on offer at `step`.
    pub fn palette_at(&self, step: usize) -> &[Verb] {
        self.steps.get(step).and_then(|step| step.palette.as_deref()).unwrap_or(&self.palette)
    }
}

impl Step {
    /// Whether something is to be predicted before its run starts.
    pub fn predicts(&self) -> bool {
        self.prediction.is_some() || self.matching.is_some()
    }

    /// Whether it asks something of its run, before it or after.
    pub fn asks(&self) -> bool {
        self.predicts() || self.observation.is_some()
    }

    /// The runs that it tries out beside its own.
    fn trials(&self) -> impl Iterator<Item = &Trial> {
        let beliefs = self.prediction.iter().flat_map(|asked| &asked.options);
        let sides =
            self.contrast.iter().flat_map(|contrast| [&contrast.failing.trial, &contrast.fixed.trial]);
        let paired = self.matching.iter().flat_map(|matching| &matching.pairs).map(|pair| &pair.run);
        beliefs.filter_map(|option| option.belief.as_ref()).chain(paired).chain(sides)
    }
}

impl Question {
    /// The runs that it tries out.
    fn trials(&self) -> impl Iterator<Item = &Trial> {
        self.stage.iter().chain(self.options.iter().filter_map(|option| option.belief.as_ref()))
    }
}

impl Settings {
    /// These settings with `over` on top of them.
    #[must_use]
    pub fn with(&self, over: &Settings) -> Settings {
        let keeps = over.protocol.is_none() || over.protocol == self.protocol;
        let mut set = if keeps { self.set.clone() } else { vec![] };
        set.retain(|own| over.set.iter().all(|other| other.knob != own.knob));
        set.extend(over.set.iter().cloned());
        Settings {
            protocol: over.protocol.clone().or_else(|| self.protocol.clone()),
            nodes: over.nodes.or(self.nodes),
            seed: over.seed.or(self.seed),
            set,
        }
    }
}
