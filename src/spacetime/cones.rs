//! What is lit of happened-before: the past and the future of an event, and the way from one to another.

use faultline_model::NodeId;
use faultline_sim::{Causality, Event, What};

use super::geometry::Frame;
use super::picture::{line, point};
use super::trace::{Trace, Wire};

/// A cone reaches so far beyond the outermost lanes.
const BEYOND_PX: f64 = 9.0;
/// So many messages of a cone are lit at most.
const MOST_LIT: usize = 300;
/// A sentence names so many messages of a way.
const MOST_NAMED: usize = 6;

/// What somebody wants lit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lights {
    /// Of which event; 0 is none.
    pub event: u32,
    /// Whether its past is lit.
    pub past: bool,
    /// Whether its future is lit.
    pub future: bool,
    /// To or from which event a way is sought; 0 is none.
    pub goal: u32,
}

impl Lights {
    /// Lights the past or the future of an event, or puts it out. Of another event, that side begins lit.
    #[must_use]
    pub fn toggled(self, event: u32, future: bool) -> Lights {
        let same = self.event == event;
        let mut lights = Lights { event, goal: if same { self.goal } else { 0 }, ..self };
        let side = if future { &mut lights.future } else { &mut lights.past };
        *side = !(same && *side);
        if lights.past || lights.future || lights.goal != 0 { lights } else { Lights::default() }
    }

    /// Whether anything is lit.
    pub fn any(self) -> bool {
        self.past || self.future || self.goal != 0
    }
}

/// A side of an event: for each node the event of its process that bounds it, 0 for none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cone {
    /// Whether it is the future.
    pub future: bool,
    /// The bounds, see [`Causality::past`] and [`Causality::future`].
    pub bounds: Vec<u32>,
}

impl Cone {
    /// The cone of an event.
    pub fn of(causality: &Causality, event: u32, future: bool) -> Cone {
        let bounds = if future { causality.future(event) } else { causality.past(event) };
        Cone { future, bounds }
    }

    fn bound(&self, node: NodeId) -> Option<u32> {
        self.bounds.get(node.index()).copied().filter(|&bound| bound != 0)
    }

    /// Whether the sending and the receipt of a message both lie within.
    fn holds(&self, wire: &Wire) -> bool {
        if wire.is_lost() {
            return false;
        }
        let (first, last) = if self.future { (wire.from, wire.cause) } else { (wire.to, wire.event) };
        self.bound(first).is_some_and(|bound| if self.future { last >= bound } else { last <= bound })
    }

    /// Its outline: through the bounds on all lanes, top to bottom, and away from the event to `limit`.
    pub fn outline(&self, trace: &Trace, frame: &Frame, lanes: &[NodeId], limit: f64) -> String {
        let x = |node: &NodeId| {
            let dot = self.bound(*node).and_then(|bound| trace.dot(bound));
            let x = dot.map_or(limit, |dot| frame.x(dot.at));
            if self.future { x.min(limit) } else { x.max(limit) }
        };
        let (Some(first), Some(last)) = (lanes.first(), lanes.last()) else {
            return String::new();
        };
        let mut corners = vec![(x(first), frame.y(*first) - BEYOND_PX)];
        corners.extend(lanes.iter().map(|node| (x(node), frame.y(*node))));
        let foot = frame.y(*last) + BEYOND_PX;
        corners.extend([(x(last), foot), (limit, foot), (limit, corners[0].1)]);
        closed(&corners)
    }

    /// Its messages within a window, and how far it reaches along each lane, as one path.
    pub fn inside(
        &self,
        trace: &Trace,
        frame: &Frame,
        limit: f64,
        wires: impl Iterator<Item = Wire>,
    ) -> String {
        let mut path = String::new();
        for (node, _) in self.bounds.iter().enumerate() {
            let node = NodeId(node as u16);
            let dot = self.bound(node).and_then(|bound| trace.dot(bound));
            if let Some(x) = dot.map(|dot| frame.x(dot.at)).filter(|x| (*x < limit) == self.future) {
                line(&mut path, (x, frame.y(node)), (limit, frame.y(node)));
            }
        }
        for wire in wires.filter(|wire| self.holds(wire)).take(MOST_LIT) {
            let (start, end) = frame.ends(&wire);
            line(&mut path, start, end);
        }
        path
    }
}

fn closed(corners: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for pair in corners.windows(2) {
        if path.is_empty() {
            line(&mut path, pair[0], pair[1]);
        } else {
            point(&mut path, 'L', pair[1]);
        }
    }
    path.push('Z');
    path
}

/// The way through those events as a path.
pub fn way(trace: &Trace, frame: &Frame, events: &[u32]) -> String {
    let places: Vec<(f64, f64)> =
        events.iter().filter_map(|event| trace.dot(*event)).map(|dot| frame.place(trace, dot)).collect();
    let mut path = String::new();
    for pair in places.windows(2) {
        line(&mut path, pair[0], pair[1]);
    }
    path
}

/// "Event 41: 12 events happened before it, 30 after it; 8 are concurrent with it."
pub fn cone_sentence(causality: &Causality, event: u32) -> String {
    let (before, after, all) = causality.extent(event);
    let count = |n: u32| if n == 1 { "1 event".to_owned() } else { format!("{n} events") };
    let concurrent = all - before - after - u32::from(causality.process(event).is_some());
    format!(
        "Event {event}: {} happened before it, {after} after it; {concurrent} concurrent with it.",
        count(before)
    )
}

/// "Event 3 happened before event 41: RequestVote S3→S1 (12), …", or that they are concurrent.
pub fn way_sentence(events: &[Event], names: &[String], (a, b): (u32, u32), way: Option<&[u32]>) -> String {
    let Some(way) = way else {
        return format!("Events {a} and {b} are concurrent: neither happened before the other.");
    };
    let name = |node: NodeId| names.get(node.index()).map_or("?", String::as_str);
    let hop = |&number: &u32| {
        let event = events.get((number as usize).checked_sub(1)?)?;
        let peer = event.peer.filter(|_| matches!(event.what, What::Delivered | What::Queued))?;
        (number != a).then(|| format!("{} {}→{} (event {number})", event.kind, name(peer), name(event.node)))
    };
    let hops: Vec<String> =
        way.windows(2).filter(|step| travels(events, step)).filter_map(|step| hop(&step[1])).collect();
    let start = format!("Event {a} happened before event {b}");
    match hops.len() {
        0 => {
            let place = events.get(b as usize - 1).map_or("?", |event| name(event.node));
            format!("{start}: both are {place}’s own, in this order.")
        }
        1 => format!("{start} by one message: {}.", hops[0]),
        n if n <= MOST_NAMED => format!("{start} by {n} messages: {}.", hops.join(", then ")),
        n => {
            let (first, last) = (&hops[..MOST_NAMED / 2], &hops[n - MOST_NAMED / 2..]);
            format!("{start} by {n} messages: {}, …, {}.", first.join(", then "), last.join(", then "))
        }
    }
}

/// Whether a step of a way is a message and no stay at a node.
fn travels(events: &[Event], step: &[u32]) -> bool {
    let at = |number: u32| events.get(number as usize - 1);
    match (at(step[0]), at(step[1])) {
        (Some(a), Some(b)) => b.msg.is_some() && (a.msg != b.msg || a.node != b.node),
        _ => false,
    }
}

/// "S1 3, S2 0, S3 5": a vector timestamp with the nodes' names.
pub fn vector_words(vector: &[u32], names: &[String]) -> String {
    let entry =
        |(node, count): (usize, &u32)| format!("{} {count}", names.get(node).map_or("?", String::as_str));
    vector.iter().enumerate().map(entry).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
#[path = "cones_tests.rs"]
mod tests;
