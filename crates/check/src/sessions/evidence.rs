//! What breaks causal consistency, and evidence in words.

use super::node::{Node, Source};
use super::{Guarantee, Sessions, Violation};

impl Sessions<'_> {
    /// Evidence: the write that the read misses comes first of `nodes`, the read last.
    pub(super) fn violation(&self, guarantee: Guarantee, nodes: &[usize], source: Source) -> Violation {
        let mut operations: Vec<usize> = nodes.iter().map(|&node| self.nodes[node].place).collect();
        operations.dedup();
        if let Source::Write(write) = source {
            operations.insert(0, self.nodes[write].place);
        }
        let [due, .., read] = *nodes else { unreachable!("evidence names a write and a read") };
        let (due, read) = (self.text(due), self.text(read));
        let nothing = source == Source::Nothing;
        let what = if nothing { "finds nothing" } else { "shows something older" };
        let than = if nothing {
            "finds nothing, not even the first"
        } else {
            "shows something older than the first"
        };
        let sentence = match guarantee {
            Guarantee::Causal => format!("`{due}` is causally before `{read}`, which {what}"),
            Guarantee::ReadYourWrites => format!("after `{due}`, `{read}` {what}"),
            Guarantee::MonotonicReads => {
                format!("after `{}` had shown `{due}`, `{read}` {what}", self.text(nodes[1]))
            }
            Guarantee::MonotonicWrites | Guarantee::WritesFollowReads => {
                let (second, shown) = (self.text(nodes[1]), self.text(nodes[2]));
                let writes = guarantee == Guarantee::MonotonicWrites;
                let came = if writes { "came before" } else { "had been read before" };
                format!(
                    "`{due}` {came} `{second}`, and although `{shown}` had shown the second, `{read}` {than}"
                )
            }
        };
        Violation { operations, sentence }
    }

    /// Operations that are causally before themselves.
    pub(super) fn cycle(&self) -> Option<Violation> {
        let node = (0..self.nodes.len()).find(|&node| self.before.reaches(node, node))?;
        let path = self.before.path(node, node);
        let texts: Vec<String> = path[1..].iter().map(|&node| format!("`{}`", self.text(node))).collect();
        let operations = path[1..].iter().map(|&node| self.nodes[node].place).collect();
        let sentence =
            format!("each of these is before the next, and the last before the first: {}", texts.join(", "));
        Some(Violation { operations, sentence })
    }

    /// A read of a value that nobody wrote.
    pub(super) fn thin_air(&self) -> Option<Violation> {
        let node = self.nodes.iter().find(|node| node.read == Some(Source::Nowhere))?;
        let sentence = format!("`{}` shows a value that nobody wrote", self.all[node.place].describe());
        Some(Violation { operations: vec![node.place], sentence })
    }

    /// A read of what was overwritten before it, or of nothing although something was written before it.
    pub(super) fn overwritten(&self) -> Option<Violation> {
        for (read, source) in self.readers() {
            let is_due = |&due: &usize| {
                let Node { writes, key, .. } = self.nodes[due];
                writes && key == self.nodes[read].key && due != read && self.before.reaches(due, read)
            };
            let newer_than = |write: usize, due: usize| due != write && self.before.reaches(write, due);
            let missed = (0..self.nodes.len()).filter(is_due).find(|&due| match source {
                Source::Nothing => true,
                Source::Write(write) => newer_than(write, due),
                Source::Nowhere => false,
            });
            let Some(due) = missed else { continue };
            let mut path = match source {
                Source::Write(write) => self.before.path(write, due),
                _ => vec![due],
            };
            path.extend(self.before.path(due, read).into_iter().skip(1));
            let operations = path.into_iter().map(|node| self.nodes[node].place).collect();
            let sentence = self.violation(Guarantee::Causal, &[due, read], source).sentence;
            return Some(Violation { operations, sentence });
        }
        None
    }
}
