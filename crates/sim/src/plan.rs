//! Plans: faults and other acts set down on the timeline before their time has come.
//!
//! A [`Plan`] belongs to one branch of a [`crate::Timeline`]. When time reaches an entry, the timeline
//! performs it: it becomes an ordinary intervention, so the log, links and scripts need to know nothing
//! of plans to replay it. What cannot be done then becomes an event, too, that says so and why
//! ([`crate::Action::Skip`]). At the time of an entry, what the schedule has due at that very microsecond
//! happens first, as with `at 1.2s crash S2` in a script.
//!
//! To change a plan at a time that the run has passed already is to go back: the timeline starts a branch
//! there, and the old future stays.

use faultline_model::Time;
use serde::{Deserialize, Serialize};

use crate::script::{Act, Command, Script};
use crate::{Action, Run};

/// One thing that is to happen at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanEntry {
    /// Its number in its plan, from 1; it stays when the entry is moved.
    pub id: u32,
    /// True time.
    pub at: Time,
    /// What.
    pub act: Act,
}

/// What is to happen at which times, soonest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    entries: Vec<PlanEntry>,
    /// The highest number that an entry has had.
    numbered: u32,
    /// How much text all entries have together.
    bytes: usize,
}

/// Why something cannot be planned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(#[from] crate::ScriptError),
    /// It is no act.
    #[error("`{0}` cannot be planned: write something that is done at a time, such as crash S2")]
    NoAct(String),
    /// There is too much already.
    #[error("a plan has at most {} entries and {} bytes of text", Plan::MOST, Plan::MAX_BYTES)]
    Full,
    /// It is too late.
    #[error("{0} is more than ten years after the start")]
    TooLate(Time),
    /// There is no such entry.
    #[error("the plan has no entry number {0}")]
    Unknown(u32),
    /// What a run says has been done of its plan does not fit what was done in it.
    #[error("entry {0} of the plan does not fit the run")]
    Misplaced(usize),
}

/// What a change of the plan did.
#[derive(Clone, Debug, PartialEq)]
pub struct Replaced {
    /// The plan as it was: [`crate::Timeline::set_plan`] takes the change back.
    pub before: Plan,
    /// The branch that was left because the change concerns what had happened already; its future is still
    /// there. `None` when the change concerns only what is to come.
    pub left: Option<usize>,
    /// The entries that were added or moved.
    pub entries: Vec<u32>,
}

/// What has become of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlanState {
    /// Its time has not come on this branch.
    Pending,
    /// It was done.
    Done,
    /// It could not be done; the event says why.
    Skipped,
}

/// An entry as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanView {
    /// Its number, which stays when it is moved.
    pub id: u32,
    /// True time.
    pub at: Time,
    /// What, as a script says it: "crash S2".
    pub text: String,
    /// The first word of that: "crash"; for icons.
    pub verb: String,
    /// What has become of it on this branch, whether before or beyond the cursor.
    pub state: PlanState,
    /// The number of the event that it became.
    pub event: Option<u32>,
}

/// An entry in a link or file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanLine {
    /// True time, microseconds.
    pub at: Time,
    /// What, as a script says it.
    pub act: String,
    /// How many events had happened when it was done; `None` while it is to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<u32>,
}

impl Plan {
    /// The most entries.
    pub const MOST: usize = 1_000;
    /// The most text of all entries together, bytes, so that the run still fits a link or a script.
    pub const MAX_BYTES: usize = 128 * 1_024;

    /// Its entries, soonest first.
    pub fn entries(&self) -> &[PlanEntry] {
        &self.entries
    }

    /// Whether nothing is planned.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds an act at a time. What concerns both directions of a link becomes two entries: an entry is one
    /// event. Returns the entries' numbers.
    pub fn add(&mut self, at: Time, act: Act) -> Result<Vec<u32>, PlanError> {
        if at.0 > Run::MAX_MICROS {
            return Err(PlanError::TooLate(at));
        }
        if matches!(act, Act::Skip(_)) {
            return Err(PlanError::NoAct(act.to_string()));
        }
        let acts = one_way(&act)?;
        let bytes: usize = acts.iter().map(|act| act.to_string().len()).sum();
        if self.entries.len() + acts.len() > Plan::MOST || self.bytes + bytes > Plan::MAX_BYTES {
            return Err(PlanError::Full);
        }
        let mut ids = vec![];
        for act in acts {
            self.numbered += 1;
            self.put(PlanEntry { id: self.numbered, at, act });
            ids.push(self.numbered);
        }
        Ok(ids)
    }

    /// Adds a line of a script, such as "crash S2" or "at 1.2s crash S2"; `at` counts where the line says
    /// no time.
    pub fn add_line(&mut self, at: Time, line: &str) -> Result<Vec<u32>, PlanError> {
        let (time, act) = read(line)?;
        self.add(time.unwrap_or(at), act)
    }

    /// Moves an entry to another time.
    pub fn shift(&mut self, id: u32, to: Time) -> Result<(), PlanError> {
        if to.0 > Run::MAX_MICROS {
            return Err(PlanError::TooLate(to));
        }
        let mut entry = self.remove(id)?;
        entry.at = to;
        self.put(entry);
        Ok(())
    }

    /// Takes an entry out.
    pub fn remove(&mut self, id: u32) -> Result<PlanEntry, PlanError> {
        let place = self.entries.iter().position(|entry| entry.id == id).ok_or(PlanError::Unknown(id))?;
        let entry = self.entries.remove(place);
        self.bytes -= entry.act.to_string().len();
        Ok(entry)
    }

    /// Takes every entry out. Numbers go on behind those that there were.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.bytes = 0;
    }

    /// The plan that a run holds, and how many events had happened before each entry that was performed.
    /// What stands in the run is checked: what was performed comes first, and was an intervention then.
    pub(crate) fn restored(run: &Run) -> Result<(Plan, Vec<u32>), PlanError> {
        let (mut plan, mut done) = (Plan::default(), vec![]);
        for (i, line) in run.plan.iter().enumerate() {
            let misplaced = Err(PlanError::Misplaced(i + 1));
            let ids = plan.add_line(line.at, &line.act)?;
            // One entry a line, soonest first.
            if ids.len() != 1
                || plan.entries.get(i).map(|entry| (entry.id, entry.at)) != Some((ids[0], line.at))
            {
                return misplaced;
            }
            let Some(after) = line.done else { continue };
            let all = &run.interventions;
            let was_done =
                all.binary_search_by_key(&after, |each| each.after).is_ok_and(|k| all[k].at == line.at);
            if done.len() != i || done.last().is_some_and(|&before| before >= after) || !was_done {
                return misplaced;
            }
            done.push(after);
        }
        Ok((plan, done))
    }

    /// Puts an entry where it belongs: by time, and of the same time by number.
    fn put(&mut self, entry: PlanEntry) {
        let place = self.entries.partition_point(|other| (other.at, other.id) < (entry.at, entry.id));
        self.bytes += entry.act.to_string().len();
        self.entries.insert(place, entry);
    }
}

/// The act that a line of a script says, and its time if it says one.
fn read(line: &str) -> Result<(Option<Time>, Act), PlanError> {
    let no_act = || PlanError::NoAct(line.chars().take(60).collect());
    let script = Script::parse(line)?;
    let mut steps = script.steps();
    match (steps.next(), steps.next(), script.lines.len()) {
        (Some((_, step)), None, 1) if step.after.is_none() => match &step.command {
            Command::Act(act) => Ok((step.at, act.clone())),
            _ => Err(no_act()),
        },
        _ => Err(no_act()),
    }
}

/// An act on both directions of a link as one act a direction; any other as it is.
fn one_way(act: &Act) -> Result<Vec<Act>, PlanError> {
    let text = act.to_string();
    let is_text = matches!(act, Act::Invoke(..) | Act::Skip(_));
    let link = text.split(' ').find(|word| word.contains("<->")).filter(|_| !is_text);
    let Some((link, (one, two))) = link.and_then(|link| Some((link, link.split_once("<->")?))) else {
        return Ok(vec![act.clone()]);
    };
    [(one, two), (two, one)]
        .into_iter()
        .map(|(from, to)| read(&text.replacen(link, &format!("{from}->{to}"), 1)).map(|(_, act)| act))
        .collect()
}

impl PlanEntry {
    /// What performs it when its time has come: the action, or why it cannot be done.
    pub(crate) fn action(&self, world: &dyn crate::AnyWorld) -> Result<Action, String> {
        match self.act.resolve(world)?.as_slice() {
            [action] => Ok(action.clone()),
            _ => Err("it is not one act".to_owned()),
        }
    }

    /// The event that says that it could not be done.
    pub(crate) fn skip(&self, why: &str) -> Action {
        // Long enough for every reason of the engine, short enough for every log.
        Action::Skip(format!("{}: {why}", self.act).chars().take(Self::MAX_SKIP).collect())
    }

    /// The longest text of a skipped entry, in characters.
    pub(crate) const MAX_SKIP: usize = 240;
}
