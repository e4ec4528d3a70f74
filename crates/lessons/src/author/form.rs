//! What an author writes: the front matter and the fenced blocks, as YAML. Their JSON Schema is
//! published for editors.

use std::fmt;

use faultline_sim::Predicate;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_saphyr::Spanned;

use crate::lesson::{Layout, Mark, Number, Panel, Par, QuestionKind, Setting, Verb};

/// Text with its place in the file: a name, a line of Markdown, or a script.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Text(pub Spanned<String>);

impl JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        String::json_schema(generator)
    }
}

/// Knobs and their values, in the order in which they are written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Knobs(pub Vec<Setting>);

impl<'de> Deserialize<'de> for Knobs {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Knobs, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Knobs;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("knobs with their values, such as {election-max: 150ms}")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Knobs, A::Error> {
                let mut set = vec![];
                while let Some((knob, value)) = map.next_entry::<String, String>()? {
                    set.push(Setting { knob, value });
                }
                Ok(Knobs(set))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

impl JsonSchema for Knobs {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Knobs".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "description": "Knobs and their values as they are written in scripts: {election-max: 150ms}",
            "additionalProperties": { "type": ["string", "number", "boolean"] }
        })
    }
}

/// The front matter, between two lines of `---`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Front {
    /// The lesson's place in the course: L31.
    pub id: Text,
    /// Its name in addresses: lower case, digits and hyphens.
    pub slug: Text,
    /// Its title.
    pub title: String,
    /// Its chapter, 1 to 9.
    pub chapter: u8,
    /// How long it takes, in minutes.
    pub minutes: u8,
    /// One sentence for cards and previews.
    pub summary: String,
    /// What a learner can do afterwards.
    pub objectives: Vec<String>,
    /// Slugs of the lessons to take before.
    #[serde(default)]
    pub prerequisites: Vec<String>,
    /// The protocol's slug: raft.
    pub protocol: String,
    /// How many servers; the protocol's usual number if absent.
    #[serde(default)]
    pub nodes: u16,
    /// The seed of every run.
    pub seed: u64,
    /// Knobs that differ from their defaults.
    #[serde(default)]
    pub set: Knobs,
    /// How the stage arranges the nodes.
    pub layout: Layout,
    /// What is shown beside the stage.
    #[serde(default)]
    pub panels: Vec<Panel>,
    /// The faults on offer.
    pub palette: Vec<Verb>,
    /// The knobs that the learner may turn.
    #[serde(default)]
    pub knobs: Vec<String>,
    /// Figures and tables that the reader can measure, by slug: raft-figure-16.
    #[serde(default)]
    pub experiments: Vec<Text>,
    /// For teachers: what was decided where the course plan left room.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// ```` ```stage ````: the settings of a step's run. With it, or with `before` or `script`, the step has
/// a run of its own; without, the run of the step before goes on.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct StageForm {
    /// Another protocol.
    pub protocol: Option<String>,
    /// Another number of servers.
    pub nodes: Option<u16>,
    /// Another seed.
    pub seed: Option<u64>,
    /// Knobs that differ from the lesson's.
    pub set: Knobs,
    /// The faults on offer in this step, if not all of the lesson's.
    pub palette: Option<Vec<Verb>>,
}

/// A run: settings that differ from the step's, and a script.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TrialForm {
    /// Another protocol.
    pub protocol: Option<String>,
    /// Another number of servers.
    pub nodes: Option<u16>,
    /// Another seed.
    pub seed: Option<u64>,
    /// Knobs that differ.
    #[serde(default)]
    pub set: Knobs,
    /// What happens; the last line is an `expect`.
    pub script: Text,
}

/// ```` ```predict ````: asked and locked before the run starts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PredictForm {
    /// The question.
    pub question: Text,
    /// Two to four answers; each with the run of that belief.
    pub options: Vec<ChoiceForm>,
}

/// ```` ```match ````: what is done is paired with what comes of it, in place of `predict`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MatchForm {
    /// The question.
    pub question: Text,
    /// Three to eight pairs that belong together.
    pub pairs: Vec<PairForm>,
}

/// What is done, and what comes of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PairForm {
    /// What is done.
    pub cause: Text,
    /// What comes of it.
    pub effect: Text,
    /// What is said of the two once the answer is known.
    pub feedback: Text,
    /// The cause as a run; it starts like the lesson.
    pub run: TrialForm,
    /// The effect as lines of `expect`: all pass at the end of this run, and one fails at the end of every other.
    pub shows: Text,
}

/// An answer that can be chosen.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChoiceForm {
    /// The answer.
    pub text: Text,
    /// Whether it is right.
    #[serde(default)]
    pub right: bool,
    /// What is said once it has been chosen.
    pub feedback: Text,
    /// The run of this belief: its last `expect` passes for the right answer and fails for a wrong one.
    pub belief: Option<TrialForm>,
}

/// ```` ```critical ````: where playing pauses by itself.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CriticalForm {
    /// Playing pauses after the first event that makes this true.
    pub until: Predicate,
    /// Nodes that stay bright.
    #[serde(default)]
    pub focus: Vec<String>,
}

/// ```` ```observe ````: asked at the critical event.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ObserveForm {
    /// The question.
    pub question: Text,
    /// Answers to choose from; the one whose predicate holds is right. Either these or `field`.
    #[serde(default)]
    pub options: Vec<SeenForm>,
    /// The field whose value is asked for.
    pub field: Option<FieldForm>,
    /// Where to look, said after a wrong answer.
    pub look: Text,
}

/// Something that may have been seen.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SeenForm {
    /// What was seen.
    pub text: Text,
    /// When that is so.
    pub holds: Predicate,
}

/// A field of a node's state.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldForm {
    /// The node's name.
    pub node: String,
    /// The path within its state: log.3.term.
    pub path: String,
}

/// ```` ```contrast ````: a failing run beside a fixed one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ContrastForm {
    /// What differs.
    pub about: Text,
    /// The run that goes wrong.
    pub failing: SideForm,
    /// The run that does not.
    pub fixed: SideForm,
}

/// One side of a contrast.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SideForm {
    /// Its name.
    pub label: String,
    /// Its run.
    pub trial: TrialForm,
}

/// ```` ```goal ````: what the learner must make true.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GoalForm {
    /// Short name, unique in the lesson.
    pub id: Text,
    /// What must become true, in words.
    pub text: Text,
    /// What must become true.
    pub predicate: Predicate,
    /// The least that it takes: {steps: 3}, {drops: 2} or {faults: 1}.
    pub par: Option<Par>,
    /// From vague to explicit.
    pub hints: Vec<Text>,
    /// A script that reaches it from where the step's stage stands after `before`.
    pub solution: Text,
    /// A script that does not.
    pub wrong: Text,
    /// With this the solution must fail: the missing rule is back, or the clock is right.
    pub resists: Option<FixForm>,
    /// The search that shows that par is par, and that the mended system cannot be broken so.
    pub search: Option<SearchForm>,
}

/// A search from where the goal begins: without what `resists` it finds no way shorter than par, with it
/// none at all. The learner can have it run, too.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct SearchForm {
    /// The property that is to be broken; that of the goal's predicate if absent.
    pub property: Option<String>,
    /// A smaller number of servers that shows the same.
    pub nodes: Option<u16>,
    /// Knobs on top of the step's, for a smaller system that shows the same.
    pub set: Knobs,
    /// What is played first instead of the step's `before`.
    pub before: Option<Text>,
    /// Timers that may fire, in any order.
    pub timeouts: u8,
    /// Messages that may be dropped; loss is free without it.
    pub drops: u8,
    /// Messages that may arrive twice.
    pub duplicates: u8,
    /// Nodes that may crash and restart with their disks.
    pub restarts: u8,
    /// Nodes that may crash for good.
    pub crashes: u8,
    /// What may be asked, each once: ["P1: propose A"].
    pub requests: Vec<String>,
    /// Whether timers fire in the order of the nodes' clocks.
    pub clocks: bool,
    /// The longest run, in steps; 40 if absent.
    pub depth: Option<u32>,
    /// How many states the mended system has within these bounds, all of them good.
    pub states: Option<u32>,
}

/// What mends the system that a goal breaks.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FixForm {
    /// Knobs on top of the step's.
    pub set: Knobs,
    /// What is played first instead of the step's `before`.
    pub before: Option<Text>,
}

/// ```` ```quiz ````: a question of the quiz.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct QuizForm {
    /// What it asks for.
    pub kind: QuestionKind,
    /// The question.
    pub question: Text,
    /// The run that it speaks of.
    pub stage: Option<TrialForm>,
    /// Its answers.
    pub options: Vec<ChoiceForm>,
}

/// ```` ```source ````: a claim and where it comes from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceForm {
    /// Authors, title, place, year.
    pub citation: String,
    /// Section, figure or table.
    pub section: String,
    /// What it says there.
    pub what: Text,
    /// A number of it.
    pub number: Option<Number>,
    /// How it was verified.
    pub status: Mark,
}

/// The JSON Schema of the front matter and of every fenced block.
pub fn schema() -> serde_json::Value {
    macro_rules! blocks {
        ($($name:literal: $form:ty,)+) => {
            serde_json::json!({ $($name: schemars::schema_for!($form),)+ })
        };
    }
    blocks! {
        "front": Front,
        "stage": StageForm,
        "predict": PredictForm,
        "match": MatchForm,
        "critical": CriticalForm,
        "observe": ObserveForm,
        "contrast": ContrastForm,
        "goal": GoalForm,
        "quiz": QuizForm,
        "source": SourceForm,
    }
}
