//! Playing a script on a timeline.

use std::ops::Range;

use faultline_model::{Span, Time};

use super::{Act, Command, Condition, Header, Script, ScriptError, Statement, Step};
use crate::{Facts, MAX_EVENTS, Moment, Progress, Timeline};

/// `run until` gives up after so many events: a second or two of looking at every one of them …
pub const UNTIL_EVENTS: u32 = 200_000;
/// … or after so much simulated time.
pub const UNTIL_TIME: Span = Span::secs(3_600);

/// Plays a script line by line.
#[derive(Clone, Debug)]
pub struct Player<'s> {
    script: &'s Script,
    /// The index of the next line.
    next: usize,
}

/// One line that has been played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The line, counted from 1.
    pub line: usize,
    /// The events that came of it: the cursor before and after.
    pub events: Range<u32>,
    /// Of a check: how things stood. Empty otherwise.
    pub found: String,
}

/// What became of a script that played to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    /// Every statement, in order.
    pub done: Vec<Done>,
    /// How many checks there were; all of them held.
    pub checks: usize,
}

/// Where a script failed, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: `{statement}`: {why}")]
pub struct ScriptFailure {
    /// The line, counted from 1.
    pub line: usize,
    /// What stands there.
    pub statement: String,
    /// What was expected and what was found.
    pub why: Why,
}

/// Why a statement failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// The script is for another run.
    #[error("this run has {found}")]
    OtherRun {
        /// What it has instead.
        found: String,
    },
    /// It cannot be done now.
    #[error("{0}")]
    Refused(String),
    /// A check did not hold.
    #[error("expected: {expected}; found: {found}")]
    Unmet {
        /// What should have been true.
        expected: String,
        /// What was.
        found: String,
    },
    /// Its moment has passed.
    #[error("that has passed: {now}")]
    Passed {
        /// Where the run stands.
        now: String,
    },
    /// Something is due before its moment.
    #[error("event {event} is due at {due}, before that")]
    TooEarly {
        /// The number of the event.
        event: u32,
        /// When it is due.
        due: Time,
    },
    /// The system has come to rest.
    #[error("nothing happens any more after event {events}{found}")]
    AtRest {
        /// How many events there were.
        events: u32,
        /// How the condition that was waited for stands.
        found: String,
    },
    /// The condition did not come true.
    #[error("it did not come true within {events} events and {time}; found: {found}")]
    GaveUp {
        /// How many events were run for it.
        events: u32,
        /// How much time passed.
        time: Span,
        /// How it stands.
        found: String,
    },
    /// The run would get too long.
    #[error("a run has at most {MAX_EVENTS} events")]
    TooLong,
}

/// Why a single command could not be performed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PerformError {
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(#[from] ScriptError),
    /// It is not one command.
    #[error("write one command, such as crash S2")]
    NotOne,
    /// It failed.
    #[error("{}", .0.why)]
    Failed(#[from] ScriptFailure),
}

impl Script {
    /// Plays the whole script from the timeline's cursor on.
    pub fn run(&self, timeline: &mut Timeline) -> Result<Transcript, ScriptFailure> {
        let mut player = Player::new(self);
        let mut transcript = Transcript::default();
        while let Some(done) = player.step(timeline) {
            transcript.done.push(done?);
        }
        transcript.checks =
            self.steps().filter(|(_, step)| matches!(step.command, Command::Expect(_))).count();
        Ok(transcript)
    }
}

impl<'s> Player<'s> {
    /// Before the first line.
    pub fn new(script: &'s Script) -> Player<'s> {
        Player { script, next: 0 }
    }

    /// The next line that says something, counted from 1; `None` at the end.
    pub fn next_line(&self) -> Option<usize> {
        let rest = self.script.lines.get(self.next..)?;
        rest.iter().position(|line| line.statement.is_some()).map(|i| self.next + i + 1)
    }

    /// Plays the next line that says something; `None` at the end. After a failure it goes on behind
    /// the line that failed.
    pub fn step(&mut self, timeline: &mut Timeline) -> Option<Result<Done, ScriptFailure>> {
        let line = self.next_line()?;
        self.next = line;
        let statement = self.script.lines[line - 1].statement.as_ref()?;
        let before = timeline.cursor();
        let result = match statement {
            Statement::Header(header) => check_header(header, timeline).map(|()| String::new()),
            Statement::Step(step) => play(step, timeline),
        };
        Some(match result {
            Ok(found) => Ok(Done { line, events: before..timeline.cursor(), found }),
            Err(why) => Err(ScriptFailure { line, statement: statement.to_string(), why }),
        })
    }
}

/// Performs one command at the timeline's cursor: `act({script: …})`.
pub fn perform(timeline: &mut Timeline, command: &str) -> Result<Done, PerformError> {
    let script = Script::parse(command)?;
    if script.lines.len() != 1 || script.steps().count() != 1 {
        return Err(PerformError::NotOne);
    }
    match Player::new(&script).step(timeline) {
        Some(done) => done.map_err(PerformError::from),
        None => Err(PerformError::NotOne),
    }
}

/// A header that says something else than the run it is played on would be a lie.
fn check_header(header: &Header, timeline: &Timeline) -> Result<(), Why> {
    let scenario = timeline.scenario();
    let found = match header {
        Header::Protocol(slug) if *slug != scenario.protocol => {
            format!("protocol {}", scenario.protocol)
        }
        Header::Seed(seed) if *seed != scenario.seed => format!("seed {}", scenario.seed),
        Header::Nodes(count) if *count != scenario.nodes => match scenario.nodes {
            0 => "the usual number of nodes".to_owned(),
            other => format!("{other} nodes"),
        },
        Header::Set(name, value) => match scenario.set.iter().rev().find(|(set, _)| set == name) {
            Some((_, set)) if set == value => return Ok(()),
            Some((_, set)) => format!("{name} = {set}"),
            None => format!("{name} as it is by default"),
        },
        _ => return Ok(()),
    };
    Err(Why::OtherRun { found })
}

fn play(step: &Step, timeline: &mut Timeline) -> Result<String, Why> {
    go_to(step, timeline)?;
    match &step.command {
        Command::Act(act) => intervene(act, timeline).map(|()| String::new()),
        Command::Plan(at, act) if *at >= timeline.world().now() => {
            timeline.plan_act(*at, act.clone()).map_err(|error| Why::Refused(error.to_string()))?;
            Ok(String::new())
        }
        Command::Chaos(chaos) if chaos.from >= timeline.world().now() => {
            timeline.plan_chaos(chaos).map_err(|error| Why::Refused(error.to_string()))?;
            Ok(String::new())
        }
        // A script never goes back.
        Command::Plan(..) | Command::Chaos(_) => {
            Err(Why::Passed { now: format!("it is {}", timeline.world().now()) })
        }
        Command::RunFor(span) => {
            let until = timeline.world().now() + *span;
            run_to(timeline, until).map(|()| String::new())
        }
        Command::RunEvents(count) => {
            for _ in 0..*count {
                one_event(timeline)?;
            }
            Ok(String::new())
        }
        Command::RunUntil(condition) => {
            check_names(condition, timeline)?;
            run_until(condition, timeline)
        }
        Command::Expect(condition) => {
            check_names(condition, timeline)?;
            let (met, found) = judge(condition, timeline);
            if met {
                return Ok(found);
            }
            Err(Why::Unmet { expected: condition.predicate().describe(timeline.world().cast()), found })
        }
    }
}

/// A misspelt name would be waited for in vain, and its negation would always hold.
fn check_names(condition: &Condition, timeline: &Timeline) -> Result<(), Why> {
    condition.predicate().check(timeline.world()).map_err(|error| Why::Refused(error.to_string()))
}

/// Lets happen what happens before the step.
fn go_to(step: &Step, timeline: &mut Timeline) -> Result<(), Why> {
    if let Some(event) = step.after {
        if timeline.cursor() > event {
            return Err(Why::Passed { now: format!("{} events have happened", timeline.cursor()) });
        }
        while timeline.cursor() < event {
            one_event(timeline)?;
        }
    }
    let Some(time) = step.at else { return Ok(()) };
    if timeline.world().now() > time {
        return Err(Why::Passed { now: format!("it is {}", timeline.world().now()) });
    }
    if step.after.is_none() {
        return run_to(timeline, time);
    }
    match timeline.next_due() {
        Some(due) if due < time => Err(Why::TooEarly { event: timeline.cursor() + 1, due }),
        _ => {
            timeline.wait(time);
            Ok(())
        }
    }
}

fn room(timeline: &Timeline) -> u32 {
    MAX_EVENTS.saturating_sub(timeline.cursor())
}

fn one_event(timeline: &mut Timeline) -> Result<(), Why> {
    if room(timeline) == 0 {
        return Err(Why::TooLong);
    }
    match timeline.step() {
        Some(_) => Ok(()),
        None => Err(Why::AtRest { events: timeline.cursor(), found: String::new() }),
    }
}

fn run_to(timeline: &mut Timeline, time: Time) -> Result<(), Why> {
    // One more try than there is room for, so that a run that is full can still let time pass.
    let most = room(timeline).saturating_add(1);
    if timeline.run_to(time, most) { Ok(()) } else { Err(Why::TooLong) }
}

fn intervene(act: &Act, timeline: &mut Timeline) -> Result<(), Why> {
    let actions = act.resolve(timeline.world()).map_err(Why::Refused)?;
    for action in actions {
        if room(timeline) == 0 {
            return Err(Why::TooLong);
        }
        timeline.act(action).map_err(|refused| Why::Refused(refused.to_string()))?;
    }
    Ok(())
}

fn judge(condition: &Condition, timeline: &Timeline) -> (bool, String) {
    let facts = Facts::default();
    condition.judge(&Moment::new(timeline.world(), &facts))
}

fn run_until(condition: &Condition, timeline: &mut Timeline) -> Result<String, Why> {
    let goal = condition.predicate();
    let progress = Progress::new(&goal);
    let facts = Facts::default();
    let (first, start) = (timeline.cursor(), timeline.world().now());
    loop {
        if goal.met(&Moment::new(timeline.world(), &facts), &progress) {
            return Ok(judge(condition, timeline).1);
        }
        let events = timeline.cursor() - first;
        let time = timeline.world().now().since(start);
        if events >= UNTIL_EVENTS || time >= UNTIL_TIME {
            return Err(Why::GaveUp { events, time, found: judge(condition, timeline).1 });
        }
        match one_event(timeline) {
            Err(Why::AtRest { events, .. }) => {
                let found = format!("; found: {}", judge(condition, timeline).1);
                return Err(Why::AtRest { events, found });
            }
            other => other?,
        }
    }
}
