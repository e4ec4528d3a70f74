//! The one language in which runs are written: golden tests, lessons, exported sessions,
//! counterexamples and bug reports.
//!
//! One command a line; `#` begins a comment at the start of a line, or within one when it stands
//! between blanks. Messages and timers are matched by what they are, never by a number that another
//! seed would change.
//!
//! ```text
//! protocol raft                     # the header, optional: lesson, nodes, seed, set election-min = 150ms
//! at 1.2s crash S2                  # what is due up to then happens first
//! after event 57 pause S4           # or: after 57 events
//! drop S1->S3 AppendEntries #2      # the second of those in flight, in the order of sending
//! drop all S1->S3 AppendEntries     # those in flight and all later, until: let through S1->S3 AppendEntries
//! hold S1->S3                       # nothing on it arrives, until: release S1->S3
//! delay S1->S3 Vote by 20ms         # duplicate, deliver; the kind only where there is a choice
//! fire S1 election                  # sync S1, take S1
//! cut S1->S2                        # one way; cut S1<->S2 both ways; heal likewise, heal all
//! partition S1 S2 | S3 S4 S5
//! lose S1->S2 10%                   # latency S1->S2 constant 80ms, or default
//! bandwidth S1->S2 100KB/s          # or default, or unlimited; what does not fit through queues
//! restart S2 with empty disk        # crash, pause, resume
//! crash S2 keeping writes           # the process is killed, what it was writing still reaches the disk
//! jump S2 -2s                       # sync clock S2 with S1 step, or slew
//! disk S2 latency 20ms              # or default; disk S2 slow 300%, disk S2 full, disk S2 free
//! corrupt S2                        # a record on its disk no longer fits its checksum
//! skew S2 +5s                       # drift S2 +200ppm, slow S2 150%
//! invoke C1 write x=1
//! workload open 50/s read 90% write 10% keys 10 zipf 0.99   # or closed 1 think 10ms; workload stop
//! add node                          # remove S4
//! lie S2 forget-promises            # honest S2
//! plan at 3s crash S2               # done when time reaches it; the script itself goes on at once
//! chaos 10/min crash partition down 1 within 5s from 0s until 60s seed 7
//! run 50ms                          # run 3 events, run until leader
//! expect S1.log.3.term = 2          # 2 leader, quiet, violated X, holds X, time < 2s,
//! expect not in flight S1->S3 Vote  # S1.role, S1.status, C1.operation
//! ```

mod act;
mod parse;
mod print;
mod run;

use faultline_model::{Bandwidth, Chance, Latency, Span, Time};

use crate::{Chaos, Compare, Correction, Predicate, Scenario, Workload};

pub(crate) use parse::is_name;

pub use act::{describe_action, export};
pub use parse::ScriptError;
pub use run::{Done, PerformError, Player, ScriptFailure, Transcript, Why, perform};

/// A script, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    /// Its lines, blank ones and comments included.
    pub lines: Vec<Line>,
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// What it says; `None` for a blank line or a comment alone.
    pub statement: Option<Statement>,
    /// What stands behind the `#`. Behind a statement it is empty or begins with a blank.
    pub comment: Option<String>,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// What the run starts from.
    Header(Header),
    /// Something that happens.
    Step(Step),
}

/// A line of the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Header {
    /// `protocol raft`
    Protocol(String),
    /// `lesson raft-elections`
    Lesson(String),
    /// `nodes 5`
    Nodes(u16),
    /// `seed 42`
    Seed(u64),
    /// `set election-min = 150ms`
    Set(String, String),
}

/// A command and when it is due.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// When so many events have happened.
    pub after: Option<u32>,
    /// At this true time. Alone, all that is due up to then happens first; together with `after`, only
    /// time passes.
    pub at: Option<Time>,
    /// What happens.
    pub command: Command,
}

/// What happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Somebody intervenes.
    Act(Act),
    /// `plan at 1.2s crash S2`: it will be done then, see [`crate::Plan`].
    Plan(Time, Act),
    /// `chaos 10/min crash pause down 1 within 5s from 0s until 60s seed 7`: random faults are planned.
    Chaos(Box<Chaos>),
    /// `run 50ms`: everything due within that time, then the rest of it passes.
    RunFor(Span),
    /// `run 3 events`
    RunEvents(u32),
    /// `run until leader`
    RunUntil(Condition),
    /// `expect S1.role = leader`
    Expect(Condition),
}

/// An intervention, by content.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// `deliver S1->S3 RequestVote`
    Deliver(Which),
    /// `drop S1->S3 AppendEntries #2`
    Drop(Which),
    /// `duplicate S1->S3`
    Duplicate(Which),
    /// `delay S1->S3 Vote by 20ms`
    Delay(Which, Span),
    /// `fire S1 election`: the node, the timer's kind, and which of several.
    Fire(String, Option<String>, Option<u32>),
    /// `sync S1`
    Sync(String),
    /// `take S1`
    Take(String),
    /// `invoke C1 write x=1`
    Invoke(String, String),
    /// `cut S1->S2`
    Cut(Ends),
    /// `heal S1<->S2`
    Heal(Ends),
    /// `heal all`
    HealAll,
    /// `partition S1 S2 | S3 S4 S5`
    Partition(Vec<Vec<String>>),
    /// `lose S1->S2 10%`
    Lose(Ends, Chance),
    /// `repeat S1->S2 10%`
    Repeat(Ends, Chance),
    /// `order S1->S2 kept`, or `free`
    Order(Ends, bool),
    /// `latency S1->S2 constant 80ms`; `None` is `default`.
    Latency(Ends, Option<Latency>),
    /// `crash S2`
    Crash(String),
    /// `restart S2`, and whether `with empty disk`.
    Restart(String, bool),
    /// `pause S2`
    Pause(String),
    /// `resume S2`
    Resume(String),
    /// `skew S2 +5s`: microseconds ahead.
    Skew(String, i64),
    /// `drift S2 +200ppm`
    Drift(String, i32),
    /// `slow S2 150%`
    Slow(String, u32),
    /// `drop all S1->S3 AppendEntries`
    DropAll(Ends, String),
    /// `let through S1->S3 AppendEntries`
    LetThrough(Ends, String),
    /// `hold S1->S3`
    Hold(Ends),
    /// `release S1->S3`
    Release(Ends),
    /// `bandwidth S1->S3 100KB/s`; `None` is `default`.
    Bandwidth(Ends, Option<Bandwidth>),
    /// `crash S2 keeping writes`
    Kill(String),
    /// `jump S2 +5s`: microseconds forwards.
    Jump(String, i64),
    /// `sync clock S2 with S1 step`, or `slew`.
    SyncClock(String, String, Correction),
    /// `disk S2 latency 20ms`; `None` is `default`.
    DiskLatency(String, Option<Span>),
    /// `disk S2 slow 300%`
    DiskSlow(String, u32),
    /// `disk S2 full`, or `free`.
    DiskFull(String, bool),
    /// `corrupt S2`
    Corrupt(String),
    /// `workload open 50/s read 90% write 10% keys 10 zipf 0.99`
    Workload(Box<Workload<String>>),
    /// `workload stop`
    EndWorkload,
    /// `arrive`, or `arrive #2` for the second session.
    Arrive(u32),
    /// `add node`
    Add,
    /// `remove S4`
    Remove(String),
    /// `lie S2 forget-promises`
    Lie(String, String),
    /// `honest S2`
    Honest(String),
    /// `skip` and why something planned was not done.
    Skip(String),
}

/// A message in flight, by content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Which {
    /// Its sender.
    pub from: String,
    /// Its receiver.
    pub to: String,
    /// Its kind; may be left out when only one message fits.
    pub kind: Option<String>,
    /// Which of those that fit, in the order of sending, counted from 1.
    pub ordinal: Option<u32>,
}

/// The ends of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    /// The sender's end.
    pub from: String,
    /// The receiver's end.
    pub to: String,
    /// Whether the other direction is meant, too.
    pub both: bool,
}

/// Something that can be waited for and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `not`
    pub negated: bool,
    /// What.
    pub test: Test,
}

/// A simple statement about a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// `S1.log.3.term = 2`: node, path, comparison, value.
    Field(String, String, Compare, String),
    /// `leader` (at least one), `2 leader` (exactly so many).
    Role(Option<u32>, String),
    /// `violated election-safety`
    Violated(String),
    /// `holds election-safety`
    Holds(String),
    /// `in flight S1->S3 Vote`: link and kind, each optional.
    InFlight(Option<(String, String)>, Option<String>),
    /// `quiet`
    Quiet,
    /// `time < 2s`
    Before(Time),
    /// `time >= 2s`
    From(Time),
}

impl Script {
    /// The longest text, bytes.
    pub const MAX_BYTES: usize = 256 * 1024;
    /// The most lines.
    pub const MAX_LINES: usize = 10_000;

    /// The lines of its header, in order.
    pub fn header(&self) -> impl Iterator<Item = &Header> {
        self.lines.iter().filter_map(|line| match &line.statement {
            Some(Statement::Header(header)) => Some(header),
            _ => None,
        })
    }

    /// What its run starts from: `base`, with what the header says instead. A knob that the header sets
    /// is set after those of `base`.
    pub fn scenario(&self, base: Scenario) -> Scenario {
        self.header().fold(base, |mut scenario, header| {
            match header.clone() {
                Header::Protocol(slug) => scenario.protocol = slug,
                Header::Lesson(slug) => scenario.lesson = Some(slug),
                Header::Nodes(count) => scenario.nodes = count,
                Header::Seed(seed) => scenario.seed = seed,
                Header::Set(name, value) => scenario.set.push((name, value)),
            }
            scenario
        })
    }

    /// Its commands with their line numbers, counted from 1.
    pub fn steps(&self) -> impl Iterator<Item = (usize, &Step)> {
        self.lines.iter().enumerate().filter_map(|(i, line)| match &line.statement {
            Some(Statement::Step(step)) => Some((i + 1, step)),
            _ => None,
        })
    }
}

impl Condition {
    /// The goal that says the same.
    pub fn predicate(&self) -> Predicate {
        let predicate = match self.test.clone() {
            Test::Field(node, path, compare, value) => Predicate::Field { node, path, compare, value },
            Test::Role(count, role) => {
                Predicate::Role { role, amount: count.map_or(crate::Amount::SOME, crate::Amount::exactly) }
            }
            Test::Violated(id) => Predicate::Violated(id),
            Test::Holds(id) => Predicate::Holds(id),
            Test::InFlight(link, kind) => {
                let (from, to) = link.unzip();
                Predicate::InFlight { from, to, kind }
            }
            Test::Quiet => Predicate::Quiet,
            Test::Before(time) => Predicate::Before(time),
            Test::From(time) => Predicate::After(time),
        };
        if self.negated { Predicate::Not(Box::new(predicate)) } else { predicate }
    }
}

#[cfg(test)]
mod tests;
