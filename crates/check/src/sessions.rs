//! The four session guarantees and causal consistency, on what clients saw.
//!
//! Terry et al., *Session Guarantees for Weakly Consistent Replicated Data*, 1994, state the guarantees by
//! what a server's copy holds. A history shows only what clients saw, so here they are, as Jepsen's
//! catalogue of consistency models has them, statements about reads: which writes a read must not be older
//! than. One observation may break two of them, and both verdicts say so.
//!
//! Causal consistency is judged as Bouajjani et al. do, *On Verifying Causal Consistency*, POPL 2017, §3:
//! with values that are written once, a history is causally consistent (their CC) unless the causal order
//! has a cycle, or a read returns what nobody wrote, nothing although there is something before it, or
//! what was overwritten before it. Here "before" is the causal order: each process's own, and from a write
//! to those who read it.
//!
//! An operation precedes another of its process if it ended before the other began. A write with an unknown
//! outcome took effect if it was read, and is otherwise never missed.

mod evidence;
mod node;

use serde::Serialize;

use crate::graph::{Bits, Graph};
use crate::history::{History, Operation};
use node::{Node, Source, nodes};

/// The most operations that are judged: time grows with their cube.
pub const MAX_JUDGED: usize = 2_000;

/// What can be promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guarantee {
    /// A read shows nothing older than what its process wrote before.
    ReadYourWrites,
    /// A read shows nothing older than what its process read before.
    MonotonicReads,
    /// Who has read a write sees what its writer wrote before it.
    MonotonicWrites,
    /// Who has read a write sees what its writer had read before it.
    WritesFollowReads,
    /// A read shows nothing older than anything that is causally before it.
    Causal,
}

/// When one write is older than another to the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Age {
    /// When it is causally before it: true in any system that keeps causes before effects.
    Causal,
    /// Also when it ended before the other began: true where all writes to a key go through one place.
    RealTime,
}

/// A guarantee that is broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The operations that show it, places in [`History::operations`]; the read that should have shown
    /// something else comes last.
    pub operations: Vec<usize>,
    /// What they show, in one sentence.
    pub sentence: String,
}

/// Why a history cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unjudged {
    /// Who reads a value must know who wrote it.
    #[error("`{first}` and `{second}` write the same value: write each value once")]
    Repeated {
        /// The first write.
        first: String,
        /// The second.
        second: String,
    },
    /// Only reads and writes of whole values are judged.
    #[error("`{0}` does not write a whole value: only read, write and cas can be judged")]
    Verb(String),
    /// More than can be judged.
    #[error("{0} operations are more than {MAX_JUDGED}: judge a part")]
    TooMany(usize),
}

/// What clients saw, ready to be judged.
#[derive(Clone, Debug)]
pub struct Sessions<'a> {
    all: &'a [Operation],
    /// The operations that took effect, or may have.
    nodes: Vec<Node>,
    /// The causal order.
    before: Graph,
    /// For each node, the writes that are newer than its own.
    newer: Vec<Bits>,
}

impl<'a> Sessions<'a> {
    /// Reads who saw what out of a history.
    pub fn new(history: &'a History, age: Age) -> Result<Sessions<'a>, Unjudged> {
        let all = history.operations();
        let nodes = nodes(all)?;
        let mut before = Graph::new(nodes.len());
        for (i, node) in nodes.iter().enumerate() {
            if let Some(Source::Write(write)) = node.read {
                before.edge(write, i);
            }
            let later =
                |other: &Node| node.process == other.process && all[node.place].precedes(&all[other.place]);
            (0..nodes.len()).filter(|&j| later(&nodes[j])).for_each(|j| before.edge(i, j));
        }
        let mut aging = before.clone();
        before.close();
        if age == Age::RealTime {
            for (i, j) in pairs(&nodes, |a, b| a.writes && b.writes && a.key == b.key) {
                if all[nodes[i].place].precedes(&all[nodes[j].place]) {
                    aging.edge(i, j);
                }
            }
            aging.close();
        } else {
            aging = before.clone();
        }
        let mut newer = vec![Bits::new(nodes.len()); nodes.len()];
        for (i, j) in pairs(&nodes, |a, b| a.writes && b.writes && a.key == b.key) {
            if aging.reaches(i, j) && !aging.reaches(j, i) {
                newer[i].set(j);
            }
        }
        Ok(Sessions { all, nodes, before, newer })
    }

    /// The first read that breaks the guarantee, in the order of invocations; `None` if none does.
    pub fn judge(&self, guarantee: Guarantee) -> Option<Violation> {
        match guarantee {
            Guarantee::Causal => self.cycle().or_else(|| self.thin_air()).or_else(|| self.overwritten()),
            Guarantee::ReadYourWrites => self.own(guarantee, |node, i| node.writes.then_some(i)),
            Guarantee::MonotonicReads => self.own(guarantee, |node, _| node.source()),
            Guarantee::MonotonicWrites => self.others(guarantee),
            Guarantee::WritesFollowReads => self.cycle().or_else(|| self.others(guarantee)),
        }
    }

    fn operation(&self, node: usize) -> &Operation {
        &self.all[self.nodes[node].place]
    }

    fn text(&self, node: usize) -> String {
        self.operation(node).describe()
    }

    /// The nodes of the same process that ended before this one began.
    fn earlier(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let process = self.nodes[node].process;
        let earlier = move |&other: &usize| {
            self.nodes[other].process == process && self.operation(other).precedes(self.operation(node))
        };
        (0..self.nodes.len()).filter(earlier)
    }

    /// Nodes that read something: a value, or that there is none.
    fn readers(&self) -> impl Iterator<Item = (usize, Source)> + '_ {
        let reader =
            |(i, node): (usize, &Node)| node.read.filter(|source| *source != Source::Nowhere).map(|s| (i, s));
        self.nodes.iter().enumerate().filter_map(reader)
    }

    /// Whether a read that shows `source` is older than the write `due` to its key.
    fn is_older(&self, source: Source, due: usize) -> bool {
        match source {
            Source::Nothing => true,
            Source::Write(write) => self.newer[write].has(due),
            Source::Nowhere => false,
        }
    }

    /// The reads that are older than a write that `due` names of an earlier operation of the process.
    fn own(&self, guarantee: Guarantee, due: impl Fn(&Node, usize) -> Option<usize>) -> Option<Violation> {
        for (read, source) in self.readers() {
            let key = self.nodes[read].key;
            let missed = self.earlier(read).find_map(|earlier| {
                let due = due(&self.nodes[earlier], earlier)?;
                (self.nodes[due].key == key && self.is_older(source, due)).then_some((earlier, due))
            });
            if let Some((earlier, due)) = missed {
                return Some(self.violation(guarantee, &[due, earlier, read], source));
            }
        }
        None
    }

    /// The reads that miss what the writer of something read earlier had written, or read, before.
    fn others(&self, guarantee: Guarantee) -> Option<Violation> {
        let due: Vec<Bits> = (0..self.nodes.len()).map(|node| self.due_with(guarantee, node)).collect();
        for (read, source) in self.readers() {
            let key = self.nodes[read].key;
            for earlier in self.earlier(read) {
                let Some(seen) = self.nodes[earlier].source() else {
                    continue;
                };
                // A value that the writer itself has replaced is older, whatever else is known.
                let same_key = self.nodes[seen].key == key;
                let missed = due[seen].ones().find(|&due| {
                    let replaced = same_key && source == Source::Write(due) && due != seen;
                    self.nodes[due].key == key && (replaced || self.is_older(source, due))
                });
                if let Some(due) = missed {
                    return Some(self.violation(guarantee, &[due, seen, earlier, read], source));
                }
            }
        }
        None
    }

    /// The writes that whoever has read this one must see.
    fn due_with(&self, guarantee: Guarantee, write: usize) -> Bits {
        let mut due = Bits::new(self.nodes.len());
        if !self.nodes[write].writes {
            return due;
        }
        if guarantee == Guarantee::MonotonicWrites {
            self.earlier(write).filter(|&i| self.nodes[i].writes).for_each(|i| due.set(i));
        } else {
            let had_read = self.earlier(write).chain([write]).filter_map(|i| self.nodes[i].source());
            had_read.for_each(|i| due.set(i));
        }
        due
    }
}

fn pairs<'a>(
    nodes: &'a [Node],
    fits: impl Fn(&Node, &Node) -> bool + 'a,
) -> impl Iterator<Item = (usize, usize)> + 'a {
    let all = (0..nodes.len()).flat_map(move |i| (0..nodes.len()).map(move |j| (i, j)));
    all.filter(move |&(i, j)| i != j && fits(&nodes[i], &nodes[j]))
}
