//! Which event can have influenced which: Lamport's happened-before relation over a recorded run.
//!
//! An event happened before another when a chain leads from it to the other, each link of which is
//! either the order of events at one process or the way of one message (L. Lamport, "Time, Clocks,
//! and the Ordering of Events in a Distributed System", 1978). Everything here follows from the
//! recorded [`Event`]s, whatever the protocol. Events are named by their numbers, counted from 1; 0
//! stands for "none" and for the start of the run.
//!
//! What happens to the network and not to a process (a link is cut, a message is lost, delayed or
//! waits in an inbox) belongs to no process: what a node does next was not influenced by it, unless a
//! message tells. Such an event follows from the sending of its message and, if the message arrives
//! after all, comes before its handling.

use std::collections::{BTreeMap, VecDeque};

use faultline_model::NodeId;

use crate::{Event, What};

/// An event's place in the order.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    /// The event before it at its process.
    before: u32,
    /// What sent its message, armed its timer, asked for its write, or last happened to its message.
    cause: u32,
    /// The length of the longest chain that ends with it.
    rank: u32,
    /// How many events its process has had, it included; 0 when it is at no process.
    ordinal: u32,
    node: u16,
}

impl Place {
    fn parents(self) -> impl Iterator<Item = u32> {
        [self.before, self.cause].into_iter().filter(|&event| event != 0)
    }
}

/// The happened-before relation over a run. It grows with the run at constant cost an event.
#[derive(Clone, Debug, Default)]
pub struct Causality {
    places: Vec<Place>,
    /// The first and the last event of each process.
    firsts: Vec<u32>,
    lasts: Vec<u32>,
    /// By message: the last event that concerned it.
    told: Vec<u32>,
    /// Timers and requests that wait in an inbox, oldest first, by node, arming event and kind.
    waiting: BTreeMap<(NodeId, u32, &'static str), VecDeque<u32>>,
    /// The highest rank so far.
    highest: u32,
}

/// How many events a scan looks at together: one bit each.
const AT_ONCE: usize = 64;

impl Causality {
    /// The relation over a run's events, from its start.
    pub fn of(events: &[Event]) -> Causality {
        let mut causality = Causality::default();
        causality.extend(events);
        causality
    }

    /// How many events it covers.
    pub fn len(&self) -> u32 {
        self.places.len() as u32
    }

    /// Whether it covers none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Takes in those of the run's events that it does not cover yet. `events` must be the same run,
    /// from its start.
    pub fn extend(&mut self, events: &[Event]) {
        let new = events.get(self.places.len()..).unwrap_or_default();
        self.places.reserve(new.len());
        for event in new {
            self.push(event, events);
        }
    }

    fn push(&mut self, event: &Event, events: &[Event]) {
        let number = self.len() + 1;
        let node = event.node.index();
        if self.lasts.len() <= node {
            self.firsts.resize(node + 1, 0);
            self.lasts.resize(node + 1, 0);
        }
        let mut place = Place { cause: self.cause_of(number, event, events), ..Place::default() };
        place.node = event.node.0;
        if is_of_process(event.what) {
            place.before = std::mem::replace(&mut self.lasts[node], number);
            place.ordinal = self.place(place.before).map_or(0, |before| before.ordinal) + 1;
            if place.before == 0 {
                self.firsts[node] = number;
            }
        }
        if matches!(event.what, What::Crashed | What::Killed | What::Left) {
            self.waiting.retain(|(node, ..), _| *node != event.node);
        }
        let above = place.parents().filter_map(|parent| self.place(parent)).map(|parent| parent.rank).max();
        // What concerns only the network follows from nothing: it stands where the run is.
        let outside = place.ordinal == 0 && above.is_none();
        place.rank = if outside { self.highest.max(1) } else { above.unwrap_or(0) + 1 };
        self.highest = self.highest.max(place.rank);
        self.places.push(place);
    }

    fn place(&self, event: u32) -> Option<&Place> {
        self.places.get((event as usize).checked_sub(1)?)
    }

    /// The event, other than the one before it at its process, that this one follows from.
    fn cause_of(&mut self, number: u32, event: &Event, events: &[Event]) -> u32 {
        let recorded = |at: NodeId| {
            let index = (event.cause as usize).checked_sub(1)?;
            let cause = events.get(index).filter(|_| event.cause < number)?;
            (cause.node == at).then_some(event.cause)
        };
        if let Some(msg) = event.msg {
            let msg = msg.0 as usize;
            if self.told.len() <= msg {
                self.told.resize(msg + 1, 0);
            }
            let before = std::mem::replace(&mut self.told[msg], number);
            let arrives = matches!(event.what, What::Delivered | What::Queued);
            let sender = if arrives { event.peer.unwrap_or(event.node) } else { event.node };
            return if before != 0 { before } else { recorded(sender).unwrap_or(0) };
        }
        let key = (event.node, event.cause, event.kind);
        match event.what {
            What::FireQueued | What::InvokeQueued => {
                self.waiting.entry(key).or_default().push_back(number);
                recorded(event.node).unwrap_or(0)
            }
            What::Fired | What::Invoked => {
                let waited = self.waiting.get_mut(&key).and_then(VecDeque::pop_front);
                waited.or_else(|| recorded(event.node)).unwrap_or(0)
            }
            What::Synced => recorded(event.node).unwrap_or(0),
            _ => 0,
        }
    }

    /// The event before this one at the same process.
    pub fn before(&self, event: u32) -> Option<u32> {
        self.place(event).map(|place| place.before).filter(|&before| before != 0)
    }

    /// The event that this one follows from besides: what sent its message, armed its timer or asked for
    /// its write. For what waited in an inbox or was delayed by hand, that.
    pub fn cause(&self, event: u32) -> Option<u32> {
        self.place(event).map(|place| place.cause).filter(|&cause| cause != 0)
    }

    /// The events from this one back along [`Causality::cause`], this one first: message by message, write
    /// by write and timer by timer to the client's request or the start of the node from which it comes.
    pub fn chain(&self, event: u32) -> Vec<u32> {
        let start = self.place(event).map(|_| event);
        std::iter::successors(start, |&event| self.cause(event)).collect()
    }

    /// The event's logical time: the length of the longest chain of events that ends with it, as
    /// Lamport's clock counts it. What concerns links only has that of the latest before it.
    pub fn rank(&self, event: u32) -> u32 {
        self.place(event).map_or(0, |place| place.rank)
    }

    /// At which process it happened; `None` for what happened to the network, see above.
    pub fn process(&self, event: u32) -> Option<NodeId> {
        self.place(event).filter(|place| place.ordinal != 0).map(|place| NodeId(place.node))
    }

    /// Whether `first` happened before `second`.
    pub fn happened_before(&self, first: u32, second: u32) -> bool {
        first != 0 && first < second && self.path(first, second).is_some()
    }

    /// A shortest way of influence from one event to another, both included: of all chains of
    /// happened-before one with the fewest messages, and of those the fewest events. `None` when the
    /// first did not happen before the second.
    pub fn path(&self, first: u32, second: u32) -> Option<Vec<u32>> {
        if first == 0 || first > second || second > self.len() {
            return None;
        }
        let index = |event: u32| (event - first) as usize;
        // Parents come before their children, so one pass backwards meets every event after all that
        // it leads to.
        let mut best = vec![(u64::MAX, 0u32); index(second) + 1];
        best[index(second)].0 = 0;
        for event in (first..=second).rev() {
            let (cost, _) = best[index(event)];
            let place = self.places[event as usize - 1];
            for parent in place.parents().filter(|&parent| cost != u64::MAX && parent >= first) {
                let travels = self.places[parent as usize - 1].node != place.node;
                let through = cost + 1 + (u64::from(travels) << 32);
                if through < best[index(parent)].0 {
                    best[index(parent)] = (through, event);
                }
            }
        }
        if best[0].0 == u64::MAX {
            return None;
        }
        let mut path = vec![first];
        let mut event = first;
        while event != second {
            event = best[index(event)].1;
            path.push(event);
        }
        Some(path)
    }

    /// The past of an event: for each node the last event of its process that happened before this
    /// one or is it; 0 where there is none.
    pub fn past(&self, event: u32) -> Vec<u32> {
        self.pasts(&[event]).pop().unwrap_or_default()
    }

    /// The future of an event: for each node the first event of its process that this one happened
    /// before or that is it; 0 where there is none. All later ones of the process follow.
    pub fn future(&self, event: u32) -> Vec<u32> {
        let mut firsts = vec![0; self.lasts.len()];
        if event == 0 || event > self.len() {
            return firsts;
        }
        let mut follows = vec![false; (self.len() - event) as usize + 1];
        let mut unknown = self.lasts.iter().filter(|&&last| last >= event).count();
        for number in event..=self.len() {
            if unknown == 0 {
                break;
            }
            let place = self.places[number as usize - 1];
            let after = |parent: u32| parent >= event && follows[(parent - event) as usize];
            let does = number == event || place.parents().any(after);
            follows[(number - event) as usize] = does;
            let first = &mut firsts[usize::from(place.node)];
            if does && place.ordinal != 0 && *first == 0 {
                *first = number;
                unknown -= 1;
            }
        }
        firsts
    }

    /// Of the events of processes: how many happened before this one, how many after it, and how many
    /// there are.
    pub fn extent(&self, event: u32) -> (u32, u32, u32) {
        let ordinal = |event: u32| self.place(event).map_or(0, |place| place.ordinal);
        let own = u32::from(ordinal(event) != 0);
        let before: u32 = self.past(event).into_iter().map(ordinal).sum();
        let rest =
            |(first, last): (u32, &u32)| if first == 0 { 0 } else { ordinal(*last) - ordinal(first) + 1 };
        let after: u32 = self.future(event).into_iter().zip(&self.lasts).map(rest).sum();
        let all = self.lasts.iter().map(|last| ordinal(*last)).sum();
        (before - own, after - own, all)
    }

    /// The vector timestamp of an event: for each node how many events of its process happened before
    /// this one or are it (C. Fidge 1988, F. Mattern 1989). One event happened before another exactly
    /// when no entry of its vector is greater and the vectors differ; this holds among events of
    /// processes.
    pub fn vector(&self, event: u32) -> Vec<u32> {
        self.vectors(&[event]).pop().unwrap_or_default()
    }

    /// The vector timestamps of several events, at about the cost of one for each 64.
    pub fn vectors(&self, events: &[u32]) -> Vec<Vec<u32>> {
        let count = |last: u32| self.place(last).map_or(0, |place| place.ordinal);
        let mut vectors = self.pasts(events);
        vectors.iter_mut().flatten().for_each(|last| *last = count(*last));
        vectors
    }

    /// [`Causality::past`] of several events.
    fn pasts(&self, events: &[u32]) -> Vec<Vec<u32>> {
        events.chunks(AT_ONCE).flat_map(|some| self.pasts_of_few(some)).collect()
    }

    /// One pass backwards, one bit an event. It ends when every process is known for every event.
    fn pasts_of_few(&self, events: &[u32]) -> Vec<Vec<u32>> {
        let nodes = self.lasts.len();
        let mut lasts = vec![vec![0; nodes]; events.len()];
        let top = events.iter().copied().filter(|&event| event <= self.len()).max().unwrap_or(0);
        let mut marks = vec![0u64; top as usize + 1];
        for (bit, &event) in events.iter().enumerate() {
            if let Some(mark) = marks.get_mut(event as usize) {
                *mark |= 1 << bit;
            }
        }
        // For each process, of which events its last one in the past is already known.
        let mut known = vec![0u64; nodes];
        let begun = |event: &u32| self.firsts.iter().filter(|&first| (1..=*event).contains(first)).count();
        let mut unknown: usize = events.iter().filter(|&&event| event <= top).map(begun).sum();
        for event in (1..=top).rev() {
            if unknown == 0 {
                break;
            }
            let (mark, place) = (marks[event as usize], self.places[event as usize - 1]);
            if mark == 0 {
                continue;
            }
            place.parents().for_each(|parent| marks[parent as usize] |= mark);
            let new = if place.ordinal == 0 { 0 } else { mark & !known[usize::from(place.node)] };
            known[usize::from(place.node)] |= new;
            unknown -= new.count_ones() as usize;
            for (bit, lasts) in lasts.iter_mut().enumerate() {
                if new & (1 << bit) != 0 {
                    lasts[usize::from(place.node)] = event;
                }
            }
        }
        lasts
    }
}

/// Whether an event is one of its node's process. Anything that a process may notice is: so are its
/// crashes and what is done to its clock, which come between what it did before and does after.
fn is_of_process(what: What) -> bool {
    let waits = matches!(what, What::Queued | What::FireQueued | What::InvokeQueued);
    what.is_at_its_node() && !waits
}
