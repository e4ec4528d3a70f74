//! Who wrote and who read what: the operations of a history that took effect, or may have.

use std::collections::BTreeMap;

use super::{MAX_JUDGED, Unjudged};
use crate::history::{Operation, Outcome};
use crate::spec::{Ret, Verb, Word};

/// An operation that took effect, or may have.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Its place in the history.
    pub place: usize,
    /// Its key's number.
    pub key: u32,
    /// Its process's number.
    pub process: u32,
    /// Whether it writes.
    pub writes: bool,
    /// What it read, if anything.
    pub read: Option<Source>,
}

/// Where a value that was read comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Nothing had been written.
    Nothing,
    /// The node that wrote it.
    Write(usize),
    /// Nobody wrote it.
    Nowhere,
}

impl Node {
    /// The node that wrote what this one read, if any did.
    pub(super) fn source(&self) -> Option<usize> {
        match self.read {
            Some(Source::Write(write)) => Some(write),
            _ => None,
        }
    }
}

/// The nodes of a history.
pub(super) fn nodes(all: &[Operation]) -> Result<Vec<Node>, Unjudged> {
    if all.len() > MAX_JUDGED {
        return Err(Unjudged::TooMany(all.len()));
    }
    let mut keys: BTreeMap<&Word, u32> = BTreeMap::new();
    let mut processes: BTreeMap<&Word, u32> = BTreeMap::new();
    let mut writers: BTreeMap<(u32, &Word), usize> = BTreeMap::new();
    let (mut nodes, mut values) = (vec![], vec![]);
    for (place, operation) in all.iter().enumerate() {
        let (writes, reads) = match &operation.call.verb {
            Verb::Read => (
                None,
                operation.result().and_then(|ret| match ret {
                    Ret::Value(value) => Some(value),
                    Ret::Done | Ret::Mismatch => None,
                }),
            ),
            Verb::Write(value) => (Some(value), None),
            Verb::Cas(old, new) => (Some(new), operation.returned.map(|_| old)),
            Verb::Append(_) | Verb::Delete => {
                return Err(Unjudged::Verb(operation.call.to_string()));
            }
        };
        let unseen = operation.outcome == Outcome::Unknown && writes.is_none();
        if unseen || matches!(operation.outcome, Outcome::Failed | Outcome::Returned(Ret::Mismatch)) {
            continue;
        }
        let (known_keys, known_processes) = (keys.len() as u32, processes.len() as u32);
        let key = *keys.entry(&operation.call.key).or_insert(known_keys);
        let process = *processes.entry(&operation.process).or_insert(known_processes);
        let other = writes.and_then(|value| writers.insert((key, value), nodes.len()));
        if let Some(other) = other {
            let other: &Node = &nodes[other];
            let (first, second) = (all[other.place].describe(), operation.describe());
            return Err(Unjudged::Repeated { first, second });
        }
        nodes.push(Node { place, key, process, writes: writes.is_some(), read: None });
        values.push(reads);
    }
    for (node, value) in nodes.iter_mut().zip(values) {
        node.read = value.map(|value| {
            match value.as_ref().map(|value| (value, writers.get(&(node.key, value)))) {
                None => Source::Nothing,
                Some((_, Some(&write))) => Source::Write(write),
                // In a store no value and the empty text are the same.
                Some((value, None)) if value.is_empty() => Source::Nothing,
                Some((_, None)) => Source::Nowhere,
            }
        });
    }
    Ok(nodes)
}
