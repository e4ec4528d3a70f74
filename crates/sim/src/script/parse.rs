//! Reading a script. Every error says where it is and what would be right.

mod act;
mod chaos;
mod condition;
mod machine;
mod reader;
mod system;
mod workload;

use std::fmt;
use std::ops::Range;

use faultline_model::Time;

use self::reader::Reader;
use super::{Command, Header, Line, Script, Statement, Step};
use crate::{MAX_EVENTS, Run};

pub(super) use condition::CONDITION_WORDS;
pub(crate) use reader::is_name;

/// Why a text is no script, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ScriptError {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, in characters, counted from 1.
    pub column: usize,
    /// The bytes of the text that are wrong.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What would be right; may be empty.
    pub help: String,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)?;
        if self.help.is_empty() { Ok(()) } else { write!(f, "; {}", self.help) }
    }
}

type Read<T> = Result<T, ScriptError>;

/// The words that a statement can begin with.
const COMMANDS: [&str; 47] = [
    "add",
    "after",
    "arrive",
    "at",
    "bandwidth",
    "chaos",
    "corrupt",
    "crash",
    "cut",
    "delay",
    "deliver",
    "disk",
    "drift",
    "drop",
    "duplicate",
    "expect",
    "fire",
    "heal",
    "hold",
    "honest",
    "invoke",
    "jump",
    "latency",
    "lesson",
    "let",
    "lie",
    "lose",
    "nodes",
    "order",
    "partition",
    "pause",
    "plan",
    "protocol",
    "release",
    "remove",
    "repeat",
    "restart",
    "resume",
    "run",
    "seed",
    "set",
    "skew",
    "skip",
    "slow",
    "sync",
    "take",
    "workload",
];

impl Script {
    /// Reads a script.
    pub fn parse(text: &str) -> Result<Script, ScriptError> {
        if text.len() > Script::MAX_BYTES {
            let (found, most) = (text.len(), Script::MAX_BYTES);
            let message = format!("this script has {found} bytes, and at most {most} are read");
            return Err(whole(1, 0..0, message));
        }
        let mut script = Script::default();
        let mut begun = false;
        let mut start = 0;
        for (i, raw) in text.split_inclusive('\n').enumerate() {
            if i >= Script::MAX_LINES {
                let message = format!("a script has at most {} lines", Script::MAX_LINES);
                return Err(whole(i + 1, start..start, message));
            }
            let content = raw.strip_suffix('\n').unwrap_or(raw);
            let line = line(content, i + 1, start)?;
            match &line.statement {
                Some(Statement::Header(header)) => {
                    check_header(&script, header, begun).map_err(|message| {
                        let from = start + content.len() - content.trim_start().len();
                        whole(i + 1, from..start + content.trim_end().len(), message)
                    })?;
                }
                Some(Statement::Step(_)) => begun = true,
                None => {}
            }
            script.lines.push(line);
            start += raw.len();
        }
        Ok(script)
    }
}

impl Script {
    /// The one command that `verb` and `text` make together. Columns of errors count from the text.
    pub(crate) fn command(verb: &str, text: &str) -> Result<Command, ScriptError> {
        let alone = |mut error: ScriptError| {
            error.column = error.column.saturating_sub(verb.chars().count()).max(1);
            let behind = |at: usize| at.saturating_sub(verb.len());
            error.span = behind(error.span.start)..behind(error.span.end);
            error
        };
        if text.len() > Script::MAX_BYTES || text.contains('\n') {
            return Err(whole(1, 0..text.len(), "this is more than one line".to_owned()));
        }
        let line = format!("{verb}{text}");
        let mut reader = Reader::new(&line, 1, 0);
        let read = command(&mut reader).and_then(|command| reader.end().map(|()| command));
        read.map_err(alone)
    }
}

/// An error about a line or a text as a whole.
fn whole(line: usize, span: Range<usize>, message: String) -> ScriptError {
    ScriptError { line, column: 1, span, message, help: String::new() }
}

fn check_header(script: &Script, header: &Header, begun: bool) -> Result<(), String> {
    if begun {
        return Err("the header stands before the first command".to_owned());
    }
    let same = |other: &Header| match (other, header) {
        (Header::Set(one, _), Header::Set(two, _)) => one == two,
        (one, two) => std::mem::discriminant(one) == std::mem::discriminant(two),
    };
    if script.header().any(same) { Err("this has been said above".to_owned()) } else { Ok(()) }
}

fn line(content: &str, number: usize, start: usize) -> Read<Line> {
    let (code, comment) = split_comment(content);
    let comment = comment.map(|comment| comment.trim_end().to_owned());
    if code.trim().is_empty() {
        return Ok(Line { statement: None, comment });
    }
    let mut reader = Reader::new(code, number, start);
    let statement = statement(&mut reader)?;
    reader.end()?;
    Ok(Line { statement: Some(statement), comment })
}

/// The statement and the text behind the `#` of a comment. Within a line, a comment's `#` stands
/// between blanks, so that `#2` can number messages; in quotes it is text.
fn split_comment(content: &str) -> (&str, Option<&str>) {
    let (mut in_quotes, mut escaped, mut before) = (false, false, None::<char>);
    for (i, letter) in content.char_indices() {
        let opens = before.is_none_or(char::is_whitespace);
        if letter == '#' && !in_quotes && opens {
            let behind = &content[i + 1..];
            let alone = content[..i].trim().is_empty();
            if alone || behind.chars().next().is_none_or(char::is_whitespace) {
                return (&content[..i], Some(behind));
            }
        }
        if letter == '"' && !escaped {
            in_quotes = !in_quotes;
        }
        escaped = in_quotes && letter == '\\' && !escaped;
        before = Some(letter);
    }
    (content, None)
}

fn statement(reader: &mut Reader<'_>) -> Read<Statement> {
    let word = reader.peek("a command")?;
    let header = match word.text {
        "protocol" => Header::Protocol(reader.skip().name("the protocol's name, such as raft")?),
        "lesson" => Header::Lesson(reader.skip().name("the lesson's name, such as raft-elections")?),
        "nodes" => Header::Nodes(
            reader.skip().number("how many servers, such as 5", 1..=u64::from(Run::MAX_NODES))? as u16,
        ),
        "seed" => Header::Seed(reader.skip().number("the seed, a whole number", 0..=u64::MAX)?),
        "set" => {
            let name = reader.skip().name("a knob's name, such as election-min")?;
            reader.keyword("=")?;
            Header::Set(name, reader.rest("the knob's value")?)
        }
        _ => return step(reader).map(Statement::Step),
    };
    Ok(Statement::Header(header))
}

fn step(reader: &mut Reader<'_>) -> Read<Step> {
    let (mut after, mut at) = (None, None);
    if reader.try_keyword("after") {
        if reader.try_keyword("event") {
            after = Some(reader.number("the event's number", 0..=u64::from(MAX_EVENTS))? as u32);
        } else {
            after = Some(reader.number("how many events", 0..=u64::from(MAX_EVENTS))? as u32);
            reader.either_keyword("events", "event")?;
        }
    }
    if reader.try_keyword("at") {
        at = Some(Time(reader.span("a time, such as 1.2s")?.0));
    }
    Ok(Step { after, at, command: command(reader)? })
}

fn command(reader: &mut Reader<'_>) -> Read<Command> {
    let word = reader.peek("a command, such as crash S2 or run 50ms")?;
    match word.text {
        "run" => run(reader.skip()),
        "plan" => chaos::plan(reader.skip()),
        "chaos" => chaos::chaos(reader.skip()).map(|chaos| Command::Chaos(Box::new(chaos))),
        "expect" => Ok(Command::Expect(condition::condition(reader.skip())?)),
        _ => act::act(reader).map(Command::Act),
    }
}

fn run(reader: &mut Reader<'_>) -> Read<Command> {
    const WHAT: &str = "a time, a number of events, or until: run 50ms, run 3 events, run until leader";
    if reader.try_keyword("until") {
        return Ok(Command::RunUntil(condition::condition(reader)?));
    }
    let word = reader.peek(WHAT)?;
    if word.text.bytes().all(|byte| byte.is_ascii_digit()) {
        let count = reader.number(WHAT, 1..=u64::from(MAX_EVENTS))?;
        reader.either_keyword("events", "event")?;
        return Ok(Command::RunEvents(count as u32));
    }
    Ok(Command::RunFor(reader.span(WHAT)?))
}
