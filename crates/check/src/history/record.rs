//! From entries of a recorded history to operations.

use std::collections::BTreeMap;

use super::edn::Form;
use super::error::{HistoryError, Trouble};
use super::{History, MAX_OPERATIONS, Operation, Outcome};
use crate::spec::{Call, Ret, Verb, Word};

/// What an entry says of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Invoke,
    Ok,
    Fail,
    Info,
}

impl Kind {
    pub fn named(name: &str) -> Option<Kind> {
        match name {
            "invoke" => Some(Kind::Invoke),
            "ok" => Some(Kind::Ok),
            "fail" => Some(Kind::Fail),
            "info" => Some(Kind::Info),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Kind::Invoke => ":invoke",
            Kind::Ok => ":ok",
            Kind::Fail => ":fail",
            Kind::Info => ":info",
        }
    }
}

/// One entry.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub process: Word,
    pub kind: Kind,
    pub question: Question,
    pub line: u32,
}

/// What an entry asks or answers. The value of a failure or of an unknown outcome says nothing.
#[derive(Clone, Debug)]
pub(super) struct Question {
    function: Function,
    /// `None` when an answer does not repeat it.
    key: Option<Word>,
    value: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    Read,
    Write,
    Cas,
    Append,
    Delete,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    None,
    One(Word),
    Two(Option<Word>, Word),
}

/// The entry that a map makes; `None` when it speaks of no client, as those of the nemesis do.
pub(super) fn record_of_map(entries: &[(Form, Form)], line: u32) -> Result<Option<Record>, HistoryError> {
    let wrong = |text: String| HistoryError { line: Some(line), trouble: Trouble::Entry(text) };
    let get = |name: &str| {
        let named = entries.iter().find(|(key, _)| matches!(key, Form::Keyword(key) if key == name));
        named.map(|(_, value)| value)
    };
    let process = match get("process") {
        Some(Form::Plain(process) | Form::Text(process)) => process,
        Some(Form::Keyword(_)) => return Ok(None),
        _ => {
            return Err(wrong("the entry does not say whose it is: add :process and a number".into()));
        }
    };
    let kind = match get("type") {
        Some(Form::Keyword(kind)) => Kind::named(kind),
        _ => None,
    };
    let kind = kind.ok_or_else(|| wrong("the entry needs a :type: :invoke, :ok, :fail or :info".into()))?;
    let Some(Form::Keyword(function)) = get("f") else {
        return Err(wrong(
            "the entry needs an :f, what is asked: :read, :write, :cas, :get, :put, :append".into(),
        ));
    };
    let question = question(function, get("key"), get("value").unwrap_or(&Form::Nil), kind, line)?;
    Ok(Some(Record { process: process.as_str().into(), kind, question, line }))
}

/// What is asked or answered.
pub(super) fn question(
    function: &str,
    key: Option<&Form>,
    value: &Form,
    kind: Kind,
    line: u32,
) -> Result<Question, HistoryError> {
    let wrong = |text: String| HistoryError { line: Some(line), trouble: Trouble::Entry(text) };
    let function = match function {
        "read" | "get" => Function::Read,
        "write" | "put" => Function::Write,
        "cas" => Function::Cas,
        "append" => Function::Append,
        "delete" => Function::Delete,
        _ => {
            let message = "there is no such :f here: use :read, :write, :cas, :get, :put, :append or :delete";
            return Err(wrong(message.into()));
        }
    };
    let key = match key {
        None => (kind == Kind::Invoke).then(|| "".into()),
        Some(key) => Some(
            word(key).ok_or_else(|| wrong(format!("{} is no key: use a string or number", key.kind())))?,
        ),
    };
    let unsaid = || Question { function, key: key.clone(), value: Value::None };
    if matches!(kind, Kind::Fail | Kind::Info) {
        return Ok(unsaid());
    }
    let value = match (function, value) {
        (Function::Read, _) if kind == Kind::Invoke => Value::None,
        (Function::Read, Form::Nil) | (Function::Delete, _) => Value::None,
        (Function::Cas, Form::Sequence(pair)) => match pair.as_slice() {
            [Form::Nil, new] => word(new).map(|new| Value::Two(None, new)),
            [old, new] => word(old).zip(word(new)).map(|(old, new)| Value::Two(Some(old), new)),
            _ => None,
        }
        .ok_or_else(|| wrong("a :cas needs the old and the new value, such as [1 2]".into()))?,
        (Function::Cas, _) => {
            return Err(wrong("a :cas needs the old and the new value, such as [1 2]".into()));
        }
        (_, value) => {
            let one = word(value)
                .ok_or_else(|| wrong(format!("{} is no value: use a number or a string", value.kind())));
            Value::One(one?)
        }
    };
    Ok(Question { value, ..unsaid() })
}

fn word(form: &Form) -> Option<Word> {
    match form {
        Form::Plain(text) | Form::Text(text) => Some(text.as_str().into()),
        Form::Nil | Form::Keyword(_) | Form::Sequence(_) | Form::Map(_) => None,
    }
}

impl Question {
    fn call(&self) -> Call {
        let verb = match (self.function, &self.value) {
            (Function::Read, _) => Verb::Read,
            (Function::Delete, _) => Verb::Delete,
            (Function::Write, Value::One(value)) => Verb::Write(value.clone()),
            (Function::Append, Value::One(value)) => Verb::Append(value.clone()),
            (Function::Cas, Value::Two(old, new)) => Verb::Cas(old.clone(), new.clone()),
            (function, value) => {
                unreachable!("{function:?} with {value:?} was refused when it was read")
            }
        };
        Call { key: self.key.clone().unwrap_or_default(), verb }
    }
}

/// Pairs invocations with what became of them.
pub(super) fn pair(records: Vec<Record>) -> Result<History, HistoryError> {
    let mut history = History::default();
    let mut open: BTreeMap<Word, usize> = BTreeMap::new();
    for (event, record) in (1u32..).zip(records) {
        history.events = event;
        history.lines.push(record.line);
        let wrong = |trouble| HistoryError { line: Some(record.line), trouble };
        let process = record.process.clone();
        if record.kind == Kind::Invoke {
            if let Some(&last) = open.get(&process) {
                let since = history.line(history.operations[last].invoked).unwrap_or_default();
                return Err(wrong(Trouble::StillOpen { process: process.to_string(), since }));
            }
            if history.operations.len() == MAX_OPERATIONS {
                return Err(wrong(Trouble::TooMany(MAX_OPERATIONS)));
            }
            open.insert(process.clone(), history.operations.len());
            let (call, outcome) = (record.question.call(), Outcome::Unknown);
            history.operations.push(Operation { process, call, outcome, invoked: event, returned: None });
            continue;
        }
        let Some(last) = open.remove(&process) else {
            return Err(wrong(Trouble::NotOpen { process: process.to_string(), kind: record.kind.name() }));
        };
        let since = history.line(history.operations[last].invoked).unwrap_or_default();
        let operation = &mut history.operations[last];
        operation.outcome = outcome(&record, &operation.call, since)?;
        operation.returned = (operation.outcome != Outcome::Unknown).then_some(event);
    }
    if history.operations.is_empty() {
        return Err(HistoryError { line: None, trouble: Trouble::Empty });
    }
    Ok(history)
}

fn outcome(record: &Record, asked: &Call, since: u32) -> Result<Outcome, HistoryError> {
    let question = &record.question;
    let same = match (&asked.verb, question.function) {
        (Verb::Read, Function::Read) | (Verb::Delete, Function::Delete) => true,
        // The value of a failure or of an unknown outcome says nothing.
        (Verb::Write(_), Function::Write)
        | (Verb::Cas(..), Function::Cas)
        | (Verb::Append(_), Function::Append) => {
            record.kind != Kind::Ok || question.call().verb == asked.verb
        }
        _ => false,
    };
    if !same || question.key.as_ref().is_some_and(|key| *key != asked.key) {
        let (process, asked) = (record.process.to_string(), asked.to_string());
        let answer = format!("{} {:?}", record.kind.name(), question.function).to_lowercase();
        return Err(HistoryError {
            line: Some(record.line),
            trouble: Trouble::Answer { process, answer, asked, since },
        });
    }
    Ok(match (record.kind, question.function) {
        (Kind::Ok, Function::Read) => Outcome::Returned(Ret::Value(match &question.value {
            Value::One(value) => Some(value.clone()),
            _ => None,
        })),
        (Kind::Ok, _) => Outcome::Returned(Ret::Done),
        (Kind::Fail, _) => Outcome::Failed,
        (Kind::Info | Kind::Invoke, _) => Outcome::Unknown,
    })
}
