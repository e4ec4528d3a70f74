//! Bounds in words, and the operations that a search may have clients ask.

use faultline_model::{NodeId, Span};
use faultline_sim::{AnyWorld, NodeView};

use crate::bounded::Limits;
use crate::moves::{Bounds, Request};

impl Bounds {
    /// The bounds in words, for an answer that holds within them: "2 timeouts, no drops, no duplicates,
    /// 1 crash with restart, no crashes for good, no requests, at most 40 steps".
    pub fn words(&self) -> String {
        let mut words = vec![
            amount(self.timeouts.into(), "timeout", "timeouts"),
            amount(self.drops.into(), "drop", "drops"),
            amount(self.duplicates.into(), "duplicate", "duplicates"),
            amount(self.restarts.into(), "crash with restart", "crashes with restart"),
            amount(self.crashes.into(), "crash for good", "crashes for good"),
        ];
        let all = [self.drops, self.duplicates, self.restarts, self.crashes];
        if usize::from(self.faults) < all.into_iter().map(usize::from).sum() {
            words.push(format!("{} altogether", amount(self.faults.into(), "fault", "faults")));
        }
        words.push(match self.requests.len() {
            0 => "no requests".to_owned(),
            count => {
                let ops: Vec<&str> = self.requests.iter().map(|request| request.op.as_str()).collect();
                format!("{} ({})", amount(count, "request", "requests"), ops.join(", "))
            }
        });
        if self.clocks {
            words.push("timers in the order of the clocks".to_owned());
        }
        let Limits { in_flight, waiting, writing, memory } = self.limits;
        let limits = [
            (in_flight, "messages in flight"),
            (waiting, "inputs waiting at a node"),
            (writing, "writes of a node waiting for its disk"),
            (memory, "bytes remembered by a node"),
        ];
        let limited = |(most, what): (Option<u32>, &str)| most.map(|most| format!("at most {most} {what}"));
        words.extend(limits.into_iter().filter_map(limited));
        if self.pace > Span::ZERO && !self.requests.is_empty() {
            words.push(format!("{} before each request", self.pace));
        }
        if self.symmetry {
            words.push("interchangeable nodes told apart by what they do only".to_owned());
        }
        words.push(format!("at most {}", amount(self.depth as usize, "step", "steps")));
        words.join(", ")
    }
}

fn amount(count: usize, one: &str, many: &str) -> String {
    match count {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}

/// The classes of nodes that a search within these bounds may take for the same. `failing` are the nodes
/// that may crash.
pub(crate) fn classes(world: &dyn AnyWorld, bounds: &Bounds, failing: &[NodeId]) -> Vec<Vec<NodeId>> {
    if !bounds.symmetry || bounds.clocks {
        return vec![];
    }
    let alike = |one: NodeId, other: NodeId| {
        let same = |request: &Request| {
            ![one, other].contains(&request.node) && world.is_same_for(&request.op, one, other)
        };
        failing.contains(&one) == failing.contains(&other) && bounds.requests.iter().all(same)
    };
    let mut classes: Vec<Vec<NodeId>> = vec![];
    for node in world.interchangeable() {
        match classes.iter_mut().find(|class| alike(class[0], node)) {
            Some(class) => class.push(node),
            None => classes.push(vec![node]),
        }
    }
    classes.retain(|class| class.len() > 1);
    classes
}

/// So many operations for a search, from what the nodes that are up accept: from clients where there are
/// any, for they are who asks. The nodes take turns, and each begins one further down its list than the one
/// before it, so that two requests are already a write here and a read there. Fewer than `count` only if
/// nobody takes any.
pub fn offered_requests(world: &dyn AnyWorld, count: usize) -> Vec<Request> {
    let view = world.view();
    let takers = || view.nodes.iter().filter(|node| !node.operations.is_empty());
    let clients = takers().any(|node| node.client);
    let asking: Vec<_> = takers().filter(|node| node.client == clients).collect();
    let rounds =
        (0..).flat_map(|round| asking.iter().enumerate().map(move |(turn, node)| (round + turn, node)));
    let chosen = rounds.take(if asking.is_empty() { 0 } else { count });
    let request = |(place, node): (usize, &&NodeView)| {
        let op = node.operations[place % node.operations.len()].clone();
        Request { node: node.node, op }
    };
    chosen.map(request).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_named_one_by_one() {
        let bounds = Bounds { restarts: 1, drops: 2, ..Bounds::default() };
        assert_eq!(
            bounds.words(),
            "2 timeouts, 2 drops, no duplicates, 1 crash with restart, no crashes for good, no requests, \
             at most 40 steps"
        );
        let request = Request { node: NodeId(3), op: "write x=1".to_owned() };
        let bounds = Bounds { faults: 1, requests: vec![request], ..bounds };
        assert!(bounds.words().contains("1 fault altogether, 1 request (write x=1), at most"));
    }
}
