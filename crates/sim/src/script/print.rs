//! A script as text: what [`Script::parse`] reads back as the same script.

use std::fmt::{self, Display, Formatter};

use faultline_model::{ParamField, Span};

use super::{Act, Command, Condition, Ends, Header, Line, Script, Statement, Step, Test, Which};
use crate::{Compare, Correction};

impl Display for Script {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl Display for Line {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (&self.statement, &self.comment) {
            (None, None) => Ok(()),
            (None, Some(comment)) => write!(f, "#{comment}"),
            (Some(statement), None) => write!(f, "{statement}"),
            (Some(statement), Some(comment)) => write!(f, "{statement} #{comment}"),
        }
    }
}

impl Display for Statement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Statement::Header(header) => header.fmt(f),
            Statement::Step(step) => step.fmt(f),
        }
    }
}

impl Display for Header {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Header::Protocol(slug) => write!(f, "protocol {slug}"),
            Header::Lesson(slug) => write!(f, "lesson {slug}"),
            Header::Nodes(count) => write!(f, "nodes {count}"),
            Header::Seed(seed) => write!(f, "seed {seed}"),
            Header::Set(name, value) => write!(f, "set {name} = {}", Rest(value)),
        }
    }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(events) = self.after {
            write!(f, "after event {events} ")?;
        }
        if let Some(time) = self.at {
            write!(f, "at {time} ")?;
        }
        self.command.fmt(f)
    }
}

impl Display for Command {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Command::Act(act) => act.fmt(f),
            Command::Plan(time, act) => write!(f, "plan at {time} {act}"),
            Command::Chaos(chaos) => write!(f, "chaos {chaos}"),
            Command::RunFor(span) => write!(f, "run {span}"),
            Command::RunEvents(1) => write!(f, "run 1 event"),
            Command::RunEvents(count) => write!(f, "run {count} events"),
            Command::RunUntil(condition) => write!(f, "run until {condition}"),
            Command::Expect(condition) => write!(f, "expect {condition}"),
        }
    }
}

impl Display for Act {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Act::Deliver(which) => write!(f, "deliver {which}"),
            Act::Drop(which) => write!(f, "drop {which}"),
            Act::Duplicate(which) => write!(f, "duplicate {which}"),
            Act::Delay(which, by) => write!(f, "delay {which} by {by}"),
            Act::Fire(node, kind, ordinal) => {
                write!(f, "fire {node}")?;
                kind.iter().try_for_each(|kind| write!(f, " {kind}"))?;
                ordinal.iter().try_for_each(|ordinal| write!(f, " #{ordinal}"))
            }
            Act::Sync(node) => write!(f, "sync {node}"),
            Act::Take(node) => write!(f, "take {node}"),
            Act::Invoke(node, operation) => write!(f, "invoke {node} {}", Rest(operation)),
            Act::Cut(ends) => write!(f, "cut {ends}"),
            Act::Heal(ends) => write!(f, "heal {ends}"),
            Act::HealAll => write!(f, "heal all"),
            Act::Partition(groups) => {
                let groups: Vec<String> = groups.iter().map(|group| group.join(" ")).collect();
                write!(f, "partition {}", groups.join(" | "))
            }
            Act::Lose(ends, chance) => write!(f, "lose {ends} {}", chance.write()),
            Act::Repeat(ends, chance) => write!(f, "repeat {ends} {}", chance.write()),
            Act::Order(ends, kept) => write!(f, "order {ends} {}", if *kept { "kept" } else { "free" }),
            Act::Latency(ends, None) => write!(f, "latency {ends} default"),
            Act::Latency(ends, Some(latency)) => write!(f, "latency {ends} {}", latency.write()),
            Act::Crash(node) => write!(f, "crash {node}"),
            Act::Restart(node, false) => write!(f, "restart {node}"),
            Act::Restart(node, true) => write!(f, "restart {node} with empty disk"),
            Act::Pause(node) => write!(f, "pause {node}"),
            Act::Resume(node) => write!(f, "resume {node}"),
            Act::Skew(node, micros) => write!(f, "skew {node} {}", Signed(*micros)),
            Act::Drift(node, ppm) => write!(f, "drift {node} {ppm:+}ppm"),
            Act::Slow(node, percent) => write!(f, "slow {node} {percent}%"),
            Act::DropAll(ends, kind) => write!(f, "drop all {ends} {kind}"),
            Act::LetThrough(ends, kind) => write!(f, "let through {ends} {kind}"),
            Act::Hold(ends) => write!(f, "hold {ends}"),
            Act::Release(ends) => write!(f, "release {ends}"),
            Act::Bandwidth(ends, None) => write!(f, "bandwidth {ends} default"),
            Act::Bandwidth(ends, Some(bandwidth)) => write!(f, "bandwidth {ends} {}", bandwidth.write()),
            Act::Kill(node) => write!(f, "crash {node} keeping writes"),
            Act::Jump(node, micros) => write!(f, "jump {node} {}", Signed(*micros)),
            Act::SyncClock(node, reference, Correction::Step) => {
                write!(f, "sync clock {node} with {reference} step")
            }
            Act::SyncClock(node, reference, Correction::Slew) => {
                write!(f, "sync clock {node} with {reference} slew")
            }
            Act::DiskLatency(node, None) => write!(f, "disk {node} latency default"),
            Act::DiskLatency(node, Some(span)) => write!(f, "disk {node} latency {span}"),
            Act::DiskSlow(node, percent) => write!(f, "disk {node} slow {percent}%"),
            Act::DiskFull(node, true) => write!(f, "disk {node} full"),
            Act::DiskFull(node, false) => write!(f, "disk {node} free"),
            Act::Corrupt(node) => write!(f, "corrupt {node}"),
            Act::Workload(spec) => write!(f, "workload {spec}"),
            Act::EndWorkload => write!(f, "workload stop"),
            Act::Arrive(1) => write!(f, "arrive"),
            Act::Arrive(session) => write!(f, "arrive #{session}"),
            Act::Add => write!(f, "add node"),
            Act::Remove(node) => write!(f, "remove {node}"),
            Act::Lie(node, lie) => write!(f, "lie {node} {lie}"),
            Act::Honest(node) => write!(f, "honest {node}"),
            Act::Skip(why) => write!(f, "skip {}", Rest(why)),
        }
    }
}

/// Microseconds forwards or backwards.
struct Signed(i64);

impl Display for Signed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.0 < 0 { '-' } else { '+' }, Span(self.0.unsigned_abs()))
    }
}

impl Display for Which {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}->{}", self.from, self.to)?;
        self.kind.iter().try_for_each(|kind| write!(f, " {kind}"))?;
        self.ordinal.iter().try_for_each(|ordinal| write!(f, " #{ordinal}"))
    }
}

impl Display for Ends {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.from, if self.both { "<->" } else { "->" }, self.to)
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.negated {
            write!(f, "not ")?;
        }
        match &self.test {
            Test::Field(node, path, compare, value) => {
                write!(f, "{node}.{path} {} {}", symbol(*compare), Rest(value))
            }
            Test::Role(None, role) => write!(f, "{}", Word(role)),
            Test::Role(Some(count), role) => write!(f, "{count} {}", Word(role)),
            Test::Violated(id) => write!(f, "violated {id}"),
            Test::Holds(id) => write!(f, "holds {id}"),
            Test::InFlight(link, kind) => {
                write!(f, "in flight")?;
                link.iter().try_for_each(|(from, to)| write!(f, " {from}->{to}"))?;
                kind.iter().try_for_each(|kind| write!(f, " {kind}"))
            }
            Test::Quiet => write!(f, "quiet"),
            Test::Before(time) => write!(f, "time < {time}"),
            Test::From(time) => write!(f, "time >= {time}"),
        }
    }
}

/// How a comparison is written.
pub(super) fn symbol(compare: Compare) -> &'static str {
    match compare {
        Compare::Is => "=",
        Compare::IsNot => "!=",
        Compare::Less => "<",
        Compare::AtMost => "<=",
        Compare::More => ">",
        Compare::AtLeast => ">=",
    }
}

/// Text up to the end of the line: in quotes only when it would not read back otherwise.
struct Rest<'a>(&'a str);

impl Display for Rest<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = self.0;
        let bare = !text.is_empty()
            && text.trim() == text
            && !text.contains(|c: char| c == '"' || c == '#' || c.is_control());
        if bare { f.write_str(text) } else { quoted(text, f) }
    }
}

/// One word that may be anything, such as a role.
struct Word<'a>(&'a str);

impl Display for Word<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let bare = super::parse::is_name(self.0) && !super::parse::CONDITION_WORDS.contains(&self.0);
        if bare { f.write_str(self.0) } else { quoted(self.0, f) }
    }
}

fn quoted(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("\"")?;
    for letter in text.chars() {
        match letter {
            '"' | '\\' => write!(f, "\\{letter}")?,
            '\n' => f.write_str("\\n")?,
            c if c.is_control() => write!(f, "\\u{{{:x}}}", u32::from(c))?,
            c => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}
