//! What the nodes' own logs would say: a line for each thing that a node knows it did, stamped by its own
//! clock, and merged as an operator merges log files, by these stamps.

use faultline_model::{Clock, NodeId, SortedMap, Time, sort_by_key};

use crate::causes::cause;
use crate::{Event, Timeline, What};

/// One line of a node's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The number of the event.
    pub event: u32,
    /// Whose log it stands in.
    pub node: NodeId,
    /// When it really was.
    pub at: Time,
    /// What the node's clock read then, microseconds; negative before the clock's start.
    pub local: i64,
    /// Whether it stands in the wrong place: the fewest lines that would have to move, so that all stand
    /// in the order in which they were written, are marked.
    pub displaced: bool,
    /// The event that caused it, when that event's line stands below: an effect before its cause.
    pub before_cause: Option<u32>,
}

/// A journal: the lines, and how often their order misleads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    /// The lines in the order of their stamps.
    pub lines: Vec<Line>,
    /// How many lines stand in the wrong place.
    pub displaced: usize,
    /// How many lines stand above the line of what caused them.
    pub before_cause: usize,
    /// How many events before these were left out.
    pub left_out: u32,
}

/// Whether a node can write a line about it. It sees no message that is lost or waits, no crash and no
/// pause of its own; nobody tells it that its clock was set, or that its disk is damaged.
fn is_logged(what: What) -> bool {
    matches!(
        what,
        What::Delivered | What::Fired | What::Synced | What::Invoked | What::Restarted | What::RestartedEmpty
    )
}

impl Timeline {
    /// The merged logs of all nodes up to event number `event` of the current branch; only the last
    /// `most` events are looked at.
    pub fn journal(&self, event: u32, most: u32) -> Journal {
        let events = &self.events()[..event.min(self.len()) as usize];
        let first = (events.len() as u32).saturating_sub(most);
        let start = self.world_after(0);
        let clock = |(node, _)| Some((node, vec![(0, start.clock(node)?)]));
        let mut clocks: SortedMap<NodeId, Vec<(u32, Clock)>> =
            start.cast().iter().filter_map(clock).collect();
        let set = |(_, event): &(u32, &Event)| event.clock;
        for (number, event) in (1..).zip(events).filter(set) {
            let clock = self.world_after(number).clock(event.node).unwrap_or_default();
            clocks.entry(event.node).or_default().push((number, clock));
        }
        let local = |number: u32, event: &Event| {
            let of_node = clocks.get(&event.node).map_or(&[][..], Vec::as_slice);
            let set = of_node.partition_point(|(since, _)| *since <= number);
            let clock = set.checked_sub(1).map(|last| of_node[last].1).unwrap_or_default();
            clock.reading(event.at)
        };
        journal(events, first, local)
    }
}

/// The lines of the events after event number `first`, merged by what `local` says that their nodes'
/// clocks read, microseconds. Stamps that are the same keep the true order.
pub fn journal(events: &[Event], first: u32, local: impl Fn(u32, &Event) -> i64) -> Journal {
    let written = (first + 1..).zip(events.iter().skip(first as usize));
    let mut lines: Vec<Line> = written
        .filter(|(_, event)| is_logged(event.what))
        .map(|(number, event)| Line {
            event: number,
            node: event.node,
            at: event.at,
            local: local(number, event),
            displaced: true,
            before_cause: None,
        })
        .collect();
    sort_by_key(&mut lines, |line| (line.local, line.event));
    let mut place = vec![None; events.len() - (first as usize).min(events.len()) + 1];
    for (index, line) in lines.iter().enumerate() {
        place[(line.event - first) as usize] = Some(index);
    }
    // The line of a cause that is left out would stand above.
    let below = |cause: u32, index: usize| {
        cause.checked_sub(first).is_some_and(|cause| place[cause as usize] > Some(index))
    };
    for index in in_order(&lines) {
        lines[index].displaced = false;
    }
    for (index, line) in lines.iter_mut().enumerate() {
        line.before_cause = logged_cause(events, line.event).filter(|cause| below(*cause, index));
    }
    Journal {
        displaced: lines.iter().filter(|line| line.displaced).count(),
        before_cause: lines.iter().filter(|line| line.before_cause.is_some()).count(),
        left_out: first,
        lines,
    }
}

/// As many lines as possible that stand in the order in which they were written, by their indices: a
/// longest increasing subsequence of the events' numbers.
fn in_order(lines: &[Line]) -> Vec<usize> {
    // The line that ends the best run of each length, and the line before each line in its best run.
    let mut ends: Vec<usize> = vec![];
    let mut before: Vec<Option<usize>> = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let length = ends.partition_point(|&end| lines[end].event < line.event);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    std::iter::successors(ends.last().copied(), |&index| before[index]).collect()
}

/// The nearest direct cause of an event that a node has a line about.
fn logged_cause(events: &[Event], event: u32) -> Option<u32> {
    let mut here = event;
    loop {
        // Most causes are the sender's handler, one step away.
        here = cause(events, here)?.event;
        let what = events.get((here as usize).checked_sub(1)?)?.what;
        if is_logged(what) {
            return Some(here);
        }
    }
}
