//! Serializable, strictly serializable, snapshot isolation: through the graph of what depends on what.
//!
//! Adya, Liskov and O'Neil, *Generalized Isolation Level Definitions*, ICDE 2000. A transaction depends on
//! another that wrote the version before its own (*ww*) or the version that it read (*wr*); and one that read
//! a version is overtaken by the one that wrote the next (*rw*). An execution is serializable if and only if
//! the graph has no cycle. Strict serializability adds that what ended before another began precedes it.
//! Snapshot isolation allows a cycle only if two *rw* edges in it follow each other (Fekete et al., *Making
//! Snapshot Isolation Serializable*, TODS 2005).
//!
//! The order of each key's versions must be known: the judge does not guess.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::graph::Graph;
use crate::spec::Word;

/// The number of a version of a key: 0 is what was there before the first write.
pub type Version = u32;

/// A committed transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Transaction {
    /// The versions that it read of keys that it had not written itself.
    pub reads: Vec<(Word, Version)>,
    /// The versions that it wrote.
    pub writes: Vec<(Word, Version)>,
    /// The number of the event with which it began.
    pub began: u32,
    /// The number of the event with which it ended.
    pub ended: u32,
}

/// What can be promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Isolation {
    /// As if one came after the other, in some order.
    Serializable,
    /// In an order that keeps to real time.
    Strict,
    /// Each reads from one moment, and two that ran at once did not write the same.
    Snapshot,
}

/// Why one transaction must come before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dependency {
    /// It wrote the version before.
    WriteWrite,
    /// It wrote what the other read.
    WriteRead,
    /// It read what the other then replaced.
    ReadWrite,
    /// It ended before the other began.
    RealTime,
}

/// A cycle of dependencies: the places of its transactions, each with the reason why it comes before the
/// next; the last comes before the first.
pub type Cycle = Vec<(usize, Dependency)>;

/// Why transactions cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unjudged {
    /// Two wrote the same version.
    #[error("two transactions write version {version} of {key}")]
    Twice {
        /// The key.
        key: Word,
        /// The version.
        version: Version,
    },
    /// Nobody wrote a version that was read, or one lacks in between.
    #[error("nobody writes version {version} of {key}")]
    Missing {
        /// The key.
        key: Word,
        /// The version.
        version: Version,
    },
}

/// A cycle that breaks the promise, a shortest through its first transaction; `None` if it is kept.
pub fn judge(all: &[Transaction], isolation: Isolation) -> Result<Option<Cycle>, Unjudged> {
    let edges = edges(all, isolation)?;
    Ok(match isolation {
        Isolation::Snapshot => unsafe_cycle(all.len(), &edges),
        Isolation::Serializable | Isolation::Strict => {
            let mut graph = Graph::new(all.len());
            edges.keys().for_each(|&(from, to)| graph.edge(from, to));
            graph.close();
            (0..all.len()).find(|&node| graph.reaches(node, node)).map(|node| {
                let path = graph.path(node, node);
                path.windows(2).map(|pair| (pair[0], edges[&(pair[0], pair[1])])).collect()
            })
        }
    })
}

type Edges = BTreeMap<(usize, usize), Dependency>;

fn edges(all: &[Transaction], isolation: Isolation) -> Result<Edges, Unjudged> {
    let mut writers: BTreeMap<(&Word, Version), usize> = BTreeMap::new();
    for (place, transaction) in all.iter().enumerate() {
        for (key, version) in &transaction.writes {
            if writers.insert((key, *version), place).is_some() {
                return Err(Unjudged::Twice { key: key.clone(), version: *version });
            }
        }
    }
    let mut edges = Edges::new();
    // A stronger reason stays: of two for the same pair the first in the enum's order.
    let mut add = |from: usize, to: usize, why: Dependency| {
        if from != to {
            edges.entry((from, to)).and_modify(|old| *old = why.min(*old)).or_insert(why);
        }
    };
    let writer = |key: &Word, version: Version| match version {
        0 => Ok(None),
        _ => match writers.get(&(key, version)) {
            Some(&place) => Ok(Some(place)),
            None => Err(Unjudged::Missing { key: key.clone(), version }),
        },
    };
    for (place, transaction) in all.iter().enumerate() {
        for (key, version) in &transaction.writes {
            if let Some(before) = writer(key, version.saturating_sub(1))? {
                add(before, place, Dependency::WriteWrite);
            }
        }
        for (key, version) in &transaction.reads {
            if let Some(wrote) = writer(key, *version)? {
                add(wrote, place, Dependency::WriteRead);
            }
            if let Some(&next) = writers.get(&(key, version + 1)) {
                add(place, next, Dependency::ReadWrite);
            }
        }
    }
    if isolation == Isolation::Strict {
        for (i, a) in all.iter().enumerate() {
            let later = all.iter().enumerate().filter(|(_, b)| a.ended < b.began);
            later.for_each(|(j, _)| add(i, j, Dependency::RealTime));
        }
    }
    Ok(edges)
}

/// A cycle in which no two *rw* edges follow each other. Nodes of the graph are transactions with what led
/// to them: an *rw* edge may only be taken from one that another kind of edge led to.
fn unsafe_cycle(count: usize, edges: &Edges) -> Option<Cycle> {
    let mut graph = Graph::new(2 * count);
    let overtakes = |why: Dependency| why == Dependency::ReadWrite;
    for (&(from, to), &why) in edges {
        if overtakes(why) {
            graph.edge(from, count + to);
        } else {
            graph.edge(from, to);
            graph.edge(count + from, to);
        }
    }
    graph.close();
    // Any such cycle enters some transaction by an edge that is not rw; or else all its edges are.
    let node = (0..count).find(|&node| graph.reaches(node, node))?;
    let path = graph.path(node, node);
    Some(path.windows(2).map(|pair| (pair[0] % count, edges[&(pair[0] % count, pair[1] % count)])).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transaction(reads: &[(&str, Version)], writes: &[(&str, Version)], time: (u32, u32)) -> Transaction {
        let own = |all: &[(&str, Version)]| all.iter().map(|&(key, version)| (key.into(), version)).collect();
        Transaction { reads: own(reads), writes: own(writes), began: time.0, ended: time.1 }
    }

    fn kinds(all: &[Transaction], isolation: Isolation) -> Option<Vec<Dependency>> {
        let cycle = judge(all, isolation).expect("it can be judged")?;
        let mut kinds: Vec<Dependency> = cycle.into_iter().map(|(_, why)| why).collect();
        kinds.sort_unstable();
        Some(kinds)
    }

    /// The black and white marbles, or two doctors on call (Fekete et al., §1).
    #[test]
    fn write_skew_is_a_snapshot_and_not_serializable() {
        let skew = [
            transaction(&[("x", 0), ("y", 0)], &[("x", 1)], (1, 3)),
            transaction(&[("x", 0), ("y", 0)], &[("y", 1)], (2, 4)),
        ];
        assert_eq!(kinds(&skew, Isolation::Snapshot), None);
        assert_eq!(kinds(&skew, Isolation::Serializable), Some(vec![Dependency::ReadWrite; 2]));
    }

    #[test]
    fn a_lost_update_is_neither() {
        let lost =
            [transaction(&[("x", 0)], &[("x", 1)], (1, 3)), transaction(&[("x", 0)], &[("x", 2)], (2, 4))];
        assert_eq!(
            kinds(&lost, Isolation::Snapshot),
            Some(vec![Dependency::WriteWrite, Dependency::ReadWrite])
        );
        assert!(kinds(&lost, Isolation::Serializable).is_some());
    }

    #[test]
    fn a_read_of_half_a_transaction_is_no_snapshot() {
        let torn = [
            transaction(&[], &[("x", 1), ("y", 1)], (1, 4)),
            transaction(&[("x", 1), ("y", 0)], &[], (2, 3)),
        ];
        assert_eq!(
            kinds(&torn, Isolation::Snapshot),
            Some(vec![Dependency::WriteRead, Dependency::ReadWrite])
        );
    }

    /// A read that comes later in real time and sees what was there before.
    #[test]
    fn a_stale_read_is_serializable_and_not_strictly() {
        let stale = [transaction(&[], &[("x", 1)], (1, 2)), transaction(&[("x", 0)], &[], (3, 4))];
        assert_eq!(kinds(&stale, Isolation::Serializable), None);
        assert_eq!(kinds(&stale, Isolation::Strict), Some(vec![Dependency::ReadWrite, Dependency::RealTime]));
        let fresh = [stale[0].clone(), transaction(&[("x", 1)], &[], (3, 4))];
        assert_eq!(kinds(&fresh, Isolation::Strict), None);
    }

    #[test]
    fn versions_must_be_whole() {
        let twice = [transaction(&[], &[("x", 1)], (1, 2)), transaction(&[], &[("x", 1)], (3, 4))];
        assert!(matches!(judge(&twice, Isolation::Strict), Err(Unjudged::Twice { version: 1, .. })));
        let gap = [transaction(&[], &[("x", 2)], (1, 2))];
        assert!(matches!(judge(&gap, Isolation::Strict), Err(Unjudged::Missing { version: 1, .. })));
        assert!(judge(&[transaction(&[("x", 3)], &[], (1, 2))], Isolation::Strict).is_err());
    }
}
