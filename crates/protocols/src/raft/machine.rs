//! The replicated state machine: named registers, and the sessions that keep a retried command from
//! being executed twice.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use faultline_model::{NodeId, SortedMap};
use serde::{Serialize, Serializer};

/// The name of a register or a value in it: 1 to 32 letters, digits, `_`, `-` or `.`.
pub type Word = Arc<str>;

/// What a client can ask.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// Reads a register: `read x`.
    Read(Word),
    /// Writes a register: `write x=1`.
    Write(Word, Word),
    /// Writes the second value if the register holds the first: `cas x 1 2`.
    Cas(Word, Word, Word),
}

/// What comes back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ret {
    /// It was written: `ok`.
    Ok,
    /// The register's value.
    Value(Word),
    /// The register has never been written: `nil`.
    Nil,
    /// The register held another value, so nothing was written: `failed`.
    Failed,
    /// The server that was asked does not lead, so nothing was done: `not leader`.
    NotLeader,
}

fn word(text: &str) -> Result<Word, String> {
    let fits = (1..=32).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    if fits {
        return Ok(text.into());
    }
    let shown: String = text.chars().take(40).collect();
    Err(format!("`{shown}` is no name or value: use 1 to 32 letters, digits, `_`, `-` or `.`"))
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        let words: Vec<&str> = text.split_whitespace().take(6).collect();
        match words[..] {
            ["read", register] => Ok(Op::Read(word(register)?)),
            ["write", assignment] => {
                let (register, value) = assignment
                    .split_once('=')
                    .ok_or_else(|| format!("write what to `{}`? Such as `write x=1`", shorten(assignment)))?;
                Ok(Op::Write(word(register)?, word(value)?))
            }
            ["cas", register, old, new] => Ok(Op::Cas(word(register)?, word(old)?, word(new)?)),
            _ => Err(format!(
                "`{}` is no operation: use `write x=1`, `read x` or `cas x 1 2` (write 2 if x is 1)",
                shorten(text)
            )),
        }
    }
}

fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Read(register) => write!(f, "read {register}"),
            Op::Write(register, value) => write!(f, "write {register}={value}"),
            Op::Cas(register, old, new) => write!(f, "cas {register} {old} {new}"),
        }
    }
}

impl Op {
    /// A form short enough for a log's cell: `x=1`, `x?`, `x:1→2`.
    pub fn short(&self) -> String {
        match self {
            Op::Read(register) => format!("{register}?"),
            Op::Write(register, value) => format!("{register}={value}"),
            Op::Cas(register, old, new) => format!("{register}:{old}→{new}"),
        }
    }
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Ret::Ok => "ok",
            Ret::Value(value) => value,
            Ret::Nil => "nil",
            Ret::Failed => "failed",
            Ret::NotLeader => "not leader",
        })
    }
}

impl Serialize for Op {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Ret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Who asked for a command, and which of that client's commands it is: "the serial number" of Raft §8.
///
/// The number is the operation's own ([`faultline_model::OpId`]): it grows with every command of a client
/// and is never used again, not even by a client that has crashed and forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Ticket {
    /// The client, or the server that an operation was handed to directly.
    pub client: NodeId,
    /// The serial number.
    pub serial: u32,
}

/// What a log entry asks the state machine to do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Nothing: the blank entry with which a leader begins its term (Raft §8).
    NoOp,
    /// An operation. The ticket is missing only in logs that a staged run starts with.
    Do(Op, Option<Ticket>),
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::NoOp => f.write_str("no-op"),
            Command::Do(op, _) => f.write_str(&op.short()),
        }
    }
}

impl Serialize for Command {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The latest command of one client that was executed, and what it gave.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Session {
    /// Its serial number.
    pub serial: u32,
    /// Its result.
    pub result: Ret,
}

/// The state machine. It is the same at all servers that have applied the same entries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Machine {
    /// The registers.
    pub store: SortedMap<Word, Word>,
    /// "The state machine tracks the latest serial number processed for each client, along with the
    /// associated response" (Raft §8). It is part of the replicated state, so that every server
    /// recognises a duplicate at the same entry.
    pub sessions: SortedMap<NodeId, Session>,
}

impl Machine {
    /// The result of a command that has been executed already, if it is the client's latest.
    pub fn executed(&self, ticket: Ticket) -> Option<&Ret> {
        self.sessions
            .get(&ticket.client)
            .filter(|session| session.serial == ticket.serial)
            .map(|session| &session.result)
    }

    /// Whether this command, or a later one of its client, has been executed.
    pub fn is_past(&self, ticket: Ticket) -> bool {
        self.sessions.get(&ticket.client).is_some_and(|session| session.serial >= ticket.serial)
    }

    /// Executes a command unless it has been executed before, and returns its result; `None` for the
    /// blank entry, and for a command older than the client's latest, whose result nobody waits for.
    pub fn apply(&mut self, command: &Command) -> Option<Ret> {
        let Command::Do(op, ticket) = command else {
            return None;
        };
        let Some(ticket) = *ticket else {
            return Some(self.execute(op));
        };
        if self.is_past(ticket) {
            return self.executed(ticket).cloned();
        }
        let result = self.execute(op);
        let session = Session { serial: ticket.serial, result: result.clone() };
        self.sessions.insert(ticket.client, session);
        Some(result)
    }

    /// The value of a register.
    pub fn read(&self, register: &Word) -> Ret {
        self.store.get(register).cloned().map_or(Ret::Nil, Ret::Value)
    }

    fn execute(&mut self, op: &Op) -> Ret {
        match op {
            Op::Read(register) => self.read(register),
            Op::Write(register, value) => {
                self.store.insert(register.clone(), value.clone());
                Ret::Ok
            }
            Op::Cas(register, old, new) => match self.store.get_mut(register) {
                Some(value) if value == old => {
                    value.clone_from(new);
                    Ret::Ok
                }
                _ => Ret::Failed,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn op(text: &str) -> Op {
        text.parse().unwrap()
    }

    #[test]
    fn operations_are_written_so_that_they_read_back() {
        for text in ["write x=1", "read x", "cas x 1 2", "write a.b-c_d=0.5"] {
            assert_eq!(op(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_operation_is_refused_with_an_example() {
        for text in ["", "write", "write x", "read", "cas x 1", "delete x", "read x y", "WRITE x=1"] {
            let error = text.parse::<Op>().unwrap_err();
            assert!(error.contains("write x=1"), "{text}: {error}");
        }
        let long = format!("write x={}", "9".repeat(33));
        for text in ["write =1", "write x=", "write x=1=2", "read ü", long.as_str()] {
            let error = text.parse::<Op>().unwrap_err();
            assert!(error.contains("1 to 32 letters"), "{text}: {error}");
        }
    }

    #[test]
    fn a_command_with_a_known_serial_number_is_not_executed_again() {
        let mut machine = Machine::default();
        let ticket = |serial| Some(Ticket { client: NodeId(9), serial });
        assert_eq!(machine.apply(&Command::Do(op("write x=1"), ticket(1))), Some(Ret::Ok));
        let cas = Command::Do(op("cas x 1 2"), ticket(4));
        assert_eq!(machine.apply(&cas), Some(Ret::Ok));
        assert_eq!(machine.apply(&cas), Some(Ret::Ok), "executed again it would have failed");
        assert_eq!(machine.apply(&Command::Do(op("write x=1"), ticket(1))), None);
        assert_eq!(machine.apply(&Command::Do(op("read x"), ticket(5))), Some(Ret::Value("2".into())));
        assert_eq!(machine.apply(&Command::Do(op("read y"), ticket(6))), Some(Ret::Nil));
        assert_eq!(machine.apply(&Command::Do(op("cas x 1 3"), ticket(7))), Some(Ret::Failed));
    }
}
