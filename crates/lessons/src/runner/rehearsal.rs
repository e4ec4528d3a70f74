//! The runs of a lesson, made ready for the stage.

use faultline_check::{Bounds, Request};
use faultline_sim::script::Why;
use faultline_sim::{Facts, Moment, Predicate, Progress, Scenario, Script, Timeline};

use super::{Sighting, sighting};
use crate::catalogue::{self, ScenarioError};
use crate::{Goal, Lesson, Observation, Settings, Stage, Trial};

/// Why a run of a lesson could not be made ready.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RehearsalError {
    /// Its settings fit no protocol.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// Its script is not one, or could not be played.
    #[error("the script of this run could not be played: {0}")]
    Script(String),
    /// It asks a node for something in a way that cannot be read.
    #[error("`{0}` is no request to a node; write `C1: write x=1`")]
    Request(String),
}

/// The outcome of a step's run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The number of the event after which it is there.
    pub event: u32,
    /// What is to be seen there.
    pub sighting: Sighting,
}

/// A step's run: played ahead, with the cursor where the learner takes over.
pub struct Rehearsed {
    /// The run.
    pub timeline: Timeline,
    /// Its outcome, when the step's own script leads there.
    pub outcome: Option<Outcome>,
}

/// A trial that has been played to its end, or to where it failed.
pub struct Tried {
    /// The run, its cursor at the end.
    pub timeline: Timeline,
    /// What was expected and what was found instead; `None` when all expectations held.
    pub failure: Option<String>,
}

/// The run of a step as far as it may be seen before the prediction: what has happened, and nothing of
/// what will.
pub fn opening(lesson: &Lesson, step: usize, over: &Settings) -> Result<Timeline, RehearsalError> {
    let bare = Stage::default();
    let (_, stage) = lesson.staged_by(step).unwrap_or((step, &bare));
    begun(lesson, stage, over)
}

/// A stage at the point where the learner takes over.
fn begun(lesson: &Lesson, stage: &Stage, over: &Settings) -> Result<Timeline, RehearsalError> {
    let mut timeline = open(lesson.scenario(&stage.settings.with(over)))?;
    play(&mut timeline, &stage.before)?;
    Ok(timeline)
}

/// Makes the run of a step ready: its own stage, or the nearest before it. `over` is what the
/// learner or the address has changed.
pub fn stage(lesson: &Lesson, step: usize, over: &Settings) -> Result<Rehearsed, RehearsalError> {
    let bare = Stage::default();
    let (index, stage) = lesson.staged_by(step).unwrap_or((step, &bare));
    let mut timeline = begun(lesson, stage, over)?;
    let mark = timeline.cursor();
    play(&mut timeline, &stage.script)?;
    let end = timeline.cursor();
    let content = lesson.steps.get(step);
    if index != step {
        // The run of an earlier step stays on stage: at its beginning where there is something to be
        // done, else where that step left it.
        if content.is_some_and(|step| !step.goals.is_empty()) {
            timeline.seek(mark);
        }
        return Ok(Rehearsed { timeline, outcome: None });
    }
    timeline.seek(mark);
    let critical = content.and_then(|step| step.critical.as_ref()).map(|critical| &critical.until);
    let observation = content.and_then(|step| step.observation.as_ref());
    let outcome = (end > mark).then(|| find(&mut timeline, critical, observation, end));
    timeline.seek(mark);
    Ok(Rehearsed { timeline, outcome })
}

/// Goes on until the critical event, or to the end when there is none.
fn find(
    timeline: &mut Timeline,
    critical: Option<&Predicate>,
    seen: Option<&Observation>,
    end: u32,
) -> Outcome {
    let mut progress = critical.map(Progress::new);
    let mut held = true;
    loop {
        let facts = Facts::at_cursor(timeline);
        let moment = Moment::new(timeline.world(), &facts);
        let holds = match (critical, &mut progress) {
            (Some(critical), Some(progress)) => {
                progress.observe(critical, &moment);
                critical.met(&moment, progress)
            }
            _ => false,
        };
        // The start counts as seen: only what becomes true is an event.
        if timeline.cursor() >= end || holds && !held {
            return Outcome { event: timeline.cursor(), sighting: sighting(seen, &moment) };
        }
        held = holds;
        if timeline.step().is_none() {
            return Outcome { event: timeline.cursor(), sighting: Sighting::default() };
        }
    }
}

/// A run that can be tried out beside the step's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trying {
    /// What an option of the step's prediction believes.
    Belief(usize),
    /// What comes of a cause of the step's matching, held against an effect of it: cause and effect.
    Paired(usize, usize),
    /// The side of the step's contrast that fails, or the one that is fixed.
    Side {
        /// Whether it is the fixed one.
        fixed: bool,
    },
    /// The run that a question of the quiz speaks of.
    Question(usize),
    /// What an answer to a question of the quiz believes: question and option.
    Answer(usize, usize),
}

/// Where the search behind a goal begins, in the system as it is or as mended, and how far it goes; `None`
/// when there is none.
pub fn searched(
    lesson: &Lesson,
    step: usize,
    goal: &Goal,
    mended: bool,
) -> Option<Result<(Timeline, Bounds), RehearsalError>> {
    let search = goal.search.as_ref()?;
    let fix = goal.resists.as_ref().filter(|_| mended);
    if mended && fix.is_none() {
        return None;
    }
    let (mut settings, mut before) = (Settings::default(), "");
    if let Some((_, stage)) = lesson.staged_by(step) {
        (settings, before) = (stage.settings.clone(), &stage.before);
    }
    settings = settings.with(&search.settings);
    if let Some(fix) = fix {
        settings = settings.with(&fix.settings);
    }
    let before = fix.and_then(|fix| fix.before.as_deref()).or(search.before.as_deref()).unwrap_or(before);
    Some(open(lesson.scenario(&settings)).and_then(|mut timeline| {
        play(&mut timeline, before)?;
        let cast = timeline.world().cast();
        let request = |text: &String| {
            let (node, op) = text.split_once(": ")?;
            Some(Request { node: cast.find(node)?, op: op.to_owned() })
        };
        let requests = search.requests.iter().map(|text| request(text).ok_or_else(|| text.clone()));
        let requests = requests.collect::<Result<_, _>>().map_err(RehearsalError::Request)?;
        let bounds = Bounds { requests, ..search.bounds.clone() };
        Ok((timeline, bounds))
    }))
}

/// Plays a run that is tried out in a step; `None` when the lesson has none there. A belief begins where
/// the learner did, the sides of a contrast at their own beginning.
pub fn attempt(lesson: &Lesson, step: usize, what: Trying) -> Option<Result<Tried, RehearsalError>> {
    let content = lesson.steps.get(step);
    let staged = || lesson.staged_by(step).map(|(_, stage)| stage);
    let from = |trial: &Trial, base: &Settings, before: Option<&str>| {
        let scripts: Vec<&str> = before.into_iter().chain([trial.script.as_str()]).collect();
        tried(lesson.scenario(&base.with(&trial.settings)), &scripts)
    };
    match what {
        Trying::Belief(option) => {
            let belief = content?.prediction.as_ref()?.options.get(option)?.belief.as_ref()?;
            Some(from(belief, &lesson.settings_at(step), staged().map(|stage| stage.before.as_str())))
        }
        Trying::Paired(cause, effect) => {
            let pairs = &content?.matching.as_ref()?.pairs;
            let (run, shows) = (&pairs.get(cause)?.run, &pairs.get(effect)?.shows);
            Some(tried(lesson.scenario(&run.settings), &[&run.script, shows]))
        }
        Trying::Side { fixed } => {
            let contrast = content?.contrast.as_ref()?;
            let side = if fixed { &contrast.fixed } else { &contrast.failing };
            Some(from(&side.trial, &lesson.settings_at(step), None))
        }
        Trying::Question(question) => {
            let trial = lesson.quiz.get(question)?.stage.as_ref()?;
            Some(from(trial, &Settings::default(), None))
        }
        Trying::Answer(question, option) => {
            let question = lesson.quiz.get(question)?;
            let belief = question.options.get(option)?.belief.as_ref()?;
            let base = question.stage.as_ref();
            let settings = base.map(|trial| trial.settings.clone()).unwrap_or_default();
            Some(from(belief, &settings, base.map(|trial| trial.script.as_str())))
        }
    }
}

fn tried(scenario: Scenario, scripts: &[&str]) -> Result<Tried, RehearsalError> {
    let mut timeline = open(scenario)?;
    for script in scripts {
        let script = Script::parse(script).map_err(|error| RehearsalError::Script(error.to_string()))?;
        if let Err(failure) = script.run(&mut timeline) {
            let failure = match failure.why {
                Why::Unmet { expected, found } => format!("Expected: {expected}. Found: {found}."),
                why => why.to_string(),
            };
            return Ok(Tried { timeline, failure: Some(failure) });
        }
    }
    Ok(Tried { timeline, failure: None })
}

/// How many events two runs have in common before they part.
pub fn parting(one: &Timeline, other: &Timeline) -> u32 {
    one.events().iter().zip(other.events()).take_while(|(a, b)| a == b).count() as u32
}

fn open(scenario: Scenario) -> Result<Timeline, RehearsalError> {
    let world = catalogue::build(&scenario)?;
    Ok(Timeline::new(scenario, world))
}

fn play(timeline: &mut Timeline, script: &str) -> Result<(), RehearsalError> {
    if script.trim().is_empty() {
        return Ok(());
    }
    let failed = |why: String| RehearsalError::Script(why);
    let script = Script::parse(script).map_err(|error| failed(error.to_string()))?;
    script.run(timeline).map_err(|failure| failed(failure.to_string()))?;
    Ok(())
}
