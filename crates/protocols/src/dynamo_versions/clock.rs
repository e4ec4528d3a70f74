//! Vector clocks as Dynamo stores them: pairs of a node and its counter, each with the time of its last change.

use faultline_model::{Cast, NodeId, SortedMap, Time};
use serde::Serialize;

/// A node's entry in a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Pair {
    /// How many writes that node had coordinated.
    pub count: u64,
    /// When it wrote this, on its own clock.
    pub at: Time,
}

/// A vector clock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Clock(pub SortedMap<NodeId, Pair>);

impl Clock {
    /// A node's counter; 0 when it is not in the clock.
    pub fn count(&self, node: NodeId) -> u64 {
        self.0.get(&node).map_or(0, |pair| pair.count)
    }

    /// Whether everything in this clock is in the other: this is its ancestor, or the same.
    pub fn is_at_most(&self, other: &Clock) -> bool {
        self.0.iter().all(|(&node, pair)| pair.count <= other.count(node))
    }

    /// The higher counter of each node.
    pub fn join(&mut self, other: &Clock) {
        for (&node, &pair) in &other.0 {
            if pair.count > self.count(node) {
                self.0.insert(node, pair);
            }
        }
    }

    /// Drops the oldest pairs but that of `kept` until there are at most so many; true if it dropped any.
    pub fn truncate(&mut self, most: u64, kept: NodeId) -> bool {
        let before = self.0.len();
        while self.0.len() as u64 > most {
            let others = self.0.iter().filter(|&(&node, _)| node != kept);
            let Some((&oldest, _)) = others.min_by_key(|(_, pair)| pair.at) else {
                break;
            };
            self.0.remove(&oldest);
        }
        self.0.len() < before
    }

    /// As the paper writes it, without the commas: "Sx:2 Sy:1".
    pub fn text(&self, cast: &Cast) -> String {
        let pairs = self.0.iter().map(|(&node, pair)| format!("{}:{}", cast.name(node), pair.count));
        pairs.collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(counts: &[(u16, u64)]) -> Clock {
        Clock(counts.iter().map(|&(node, count)| (NodeId(node), Pair { count, at: Time(count) })).collect())
    }

    /// Row T9: D1 to D5 of Dynamo's Figure 3.
    #[test]
    fn figure_3_has_these_ancestors_and_this_conflict() {
        let (d1, d2) = (clock(&[(0, 1)]), clock(&[(0, 2)]));
        let (d3, d4) = (clock(&[(0, 2), (1, 1)]), clock(&[(0, 2), (2, 1)]));
        let d5 = clock(&[(0, 3), (1, 1), (2, 1)]);
        for (older, newer) in [(&d1, &d2), (&d2, &d3), (&d2, &d4), (&d3, &d5), (&d4, &d5), (&d1, &d4)] {
            assert!(older.is_at_most(newer) && !newer.is_at_most(older));
        }
        assert!(!d3.is_at_most(&d4) && !d4.is_at_most(&d3), "D3 and D4 are in conflict");
        let mut read = d3;
        read.join(&d4);
        assert_eq!(read, clock(&[(0, 2), (1, 1), (2, 1)]), "the context of a client that has read both");
    }

    #[test]
    fn a_clock_that_is_too_long_drops_the_pair_that_has_not_changed_for_longest() {
        let mut long = clock(&[(0, 3), (1, 1), (2, 5)]);
        assert!(!long.truncate(3, NodeId(1)));
        assert!(long.truncate(2, NodeId(1)), "the oldest pair is kept, for it is the write's own");
        assert_eq!(long, clock(&[(1, 1), (2, 5)]));
        assert!(long.truncate(1, NodeId(2)));
        assert_eq!(long, clock(&[(2, 5)]));
    }
}
