//! An order as a graph, and its transitive closure.

use std::collections::VecDeque;

/// A set of small numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    pub fn new(count: usize) -> Bits {
        Bits(vec![0; count.div_ceil(64)])
    }

    pub fn set(&mut self, bit: usize) {
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    pub fn has(&self, bit: usize) -> bool {
        self.0[bit / 64] >> (bit % 64) & 1 == 1
    }

    pub fn add(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    /// Its members, in order.
    pub fn ones(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(place, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
                left &= left - 1;
                Some(64 * place + bit)
            })
        })
    }
}

/// A directed graph.
#[derive(Clone, Debug)]
pub(crate) struct Graph {
    edges: Vec<Bits>,
    /// What can be reached from each node, once it is closed.
    reach: Vec<Bits>,
}

impl Graph {
    pub fn new(nodes: usize) -> Graph {
        Graph { edges: vec![Bits::new(nodes); nodes], reach: vec![] }
    }

    pub fn edge(&mut self, from: usize, to: usize) {
        self.edges[from].set(to);
    }

    /// Finds out what can be reached from where (Warshall, 1962). It may have cycles.
    pub fn close(&mut self) {
        self.reach.clone_from(&self.edges);
        for middle in 0..self.reach.len() {
            let from_middle = self.reach[middle].clone();
            for row in self.reach.iter_mut().filter(|row| row.has(middle)) {
                row.add(&from_middle);
            }
        }
    }

    /// Whether there is a way, of at least one edge.
    pub fn reaches(&self, from: usize, to: usize) -> bool {
        self.reach[from].has(to)
    }

    /// A shortest way of at least one edge, both ends named. There must be one.
    pub fn path(&self, from: usize, to: usize) -> Vec<usize> {
        let mut came_from = vec![None; self.edges.len()];
        let mut open = VecDeque::from([from]);
        while let Some(node) = open.pop_front() {
            for next in self.edges[node].ones() {
                if came_from[next].is_none() {
                    came_from[next] = Some(node);
                    open.push_back(next);
                }
            }
            if came_from[to].is_some() {
                break;
            }
        }
        let mut path = vec![to];
        let mut at = to;
        while let Some(before) = came_from[at] {
            path.push(before);
            at = before;
            if at == from {
                break;
            }
        }
        path.reverse();
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_found_through_cycles_and_over_words() {
        let mut graph = Graph::new(130);
        (0..129).for_each(|i| graph.edge(i, i + 1));
        graph.edge(70, 3);
        graph.close();
        assert!(graph.reaches(0, 129) && !graph.reaches(129, 0));
        assert!(graph.reaches(5, 5) && !graph.reaches(2, 2) && !graph.reaches(71, 70));
        assert_eq!(graph.path(69, 4), [69, 70, 3, 4]);
        assert_eq!(graph.path(3, 3).len(), 69);
        assert_eq!(graph.edges[70].ones().collect::<Vec<_>>(), [3, 71]);
    }
}
