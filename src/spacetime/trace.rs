//! The run as the diagram needs it: one dot an event, one wire a message, one band a condition that
//! lasts. Built event by event, so that a step costs a step and not the whole run.
//!
//! It knows nothing of pixels, the document or the session.

use std::collections::BTreeMap;
use std::ops::Range;

use faultline_model::{MsgId, NodeId, Time};
use faultline_sim::{Action, Event, Loss, What};

use super::conditions::Conditions;
pub use super::conditions::{Band, Condition};

/// What a dot looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mark {
    /// A message was handled.
    Received,
    /// Something arrived and waits in the inbox.
    Waiting,
    /// A timer fired.
    Timer,
    /// A client asked for something.
    Request,
    /// A write reached the disk.
    Disk,
    /// A node went down.
    Crash,
    /// Somebody did something else to a node or a message: restarted, paused, delayed, set a clock.
    Fault,
    /// Somebody changed links; it belongs to no lane.
    Network,
    /// Nothing of its own: the wire's end says it (a lost message).
    Nothing,
}

/// One event as a dot on its node's lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dot {
    /// True time; on a logical axis, see [`super::axis`], its place on that.
    pub at: Time,
    /// Where.
    pub node: NodeId,
    /// What it looks like.
    pub mark: Mark,
    /// Which kind of message or timer, an index into [`Trace::kinds`].
    pub kind: u16,
    /// The wire that ends with this event, an index into [`Trace::wires`].
    pub wire: Option<u32>,
}

/// How a message's way ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It reached the receiver.
    Arrived,
    /// It died, and there: 0 is the sender's lane and 255 the receiver's.
    Lost(Loss, u8),
}

/// One message's way from lane to lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wire {
    /// The message.
    pub msg: MsgId,
    /// Sender.
    pub from: NodeId,
    /// Receiver.
    pub to: NodeId,
    /// When it was sent, true time.
    pub sent: Time,
    /// When it arrived or died.
    pub ended: Time,
    /// The number of the event with which its way ended.
    pub event: u32,
    /// The number of the event that sent it; 0 is the start of the run.
    pub cause: u32,
    /// Which kind, an index into [`Trace::kinds`].
    pub kind: u16,
    /// How it ended.
    pub end: End,
}

impl Wire {
    /// Whether the message died on its way.
    pub fn is_lost(&self) -> bool {
        matches!(self.end, End::Lost(..))
    }
}

/// Dots and wires are looked through in chunks of so many.
const CHUNK: usize = 128;

/// From when to when something lies.
type Span = (Time, Time);

/// Takes the next of a list into the span of its chunk; `index` is its place in the list.
fn widen(spans: &mut Vec<Span>, index: usize, (from, until): Span) {
    if index.is_multiple_of(CHUNK) {
        spans.push((from, until));
    } else if let Some(span) = spans.last_mut() {
        *span = (span.0.min(from), span.1.max(until));
    }
}

/// The ranges of a list whose chunks touch a window.
fn chunks_in(spans: &[Span], from: Time, to: Time) -> impl Iterator<Item = Range<usize>> {
    let touching = spans.iter().enumerate().filter(move |(_, span)| span.0 <= to && span.1 >= from);
    touching.map(|(chunk, _)| chunk * CHUNK..(chunk + 1) * CHUNK)
}

/// Inserts into a list that is sorted by time; nearly always at its end.
fn insert(list: &mut Vec<u32>, item: u32, at: Time, time: impl Fn(u32) -> Time) {
    let after = list.iter().rev().take_while(|&&other| time(other) > at).count();
    list.insert(list.len() - after, item);
}

/// Messages that go the same way, are of one kind and end alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flow {
    /// Sender.
    pub from: NodeId,
    /// Receiver.
    pub to: NodeId,
    /// Which kind, an index into [`Trace::kinds`].
    pub kind: u16,
    /// Whether they died on their way.
    pub lost: bool,
}

/// Everything that the diagram can show of a run.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    dots: Vec<Dot>,
    wires: Vec<Wire>,
    /// From when to when the dots of each chunk lie, so that those beside a window are skipped.
    dot_spans: Vec<Span>,
    /// The same of the wires' ways.
    wire_spans: Vec<Span>,
    /// The events of each lane, by time.
    lanes: Vec<Vec<u32>>,
    /// The latest time of any event.
    end: Time,
    /// The wires of each flow, by their end; indices into `wires`.
    flows: BTreeMap<Flow, Vec<u32>>,
    conditions: Conditions,
    kinds: Vec<&'static str>,
    /// Which event ended each message's way; 0 when none has.
    ends: Vec<u32>,
    /// Sum and number of the latencies of messages that arrived.
    latencies: (u64, u64),
    /// The mean latency of the first messages.
    opening: Option<f64>,
}

/// The natural scale of a run is that of so many messages; it then stays the same.
const OPENING: u64 = 8;

impl Trace {
    /// How many events it holds.
    pub fn len(&self) -> u32 {
        self.dots.len() as u32
    }

    /// All dots; event number n stands at n - 1.
    pub fn dots(&self) -> &[Dot] {
        &self.dots
    }

    /// The dot of an event, counted from 1.
    pub fn dot(&self, event: u32) -> Option<&Dot> {
        self.dots.get((event as usize).checked_sub(1)?)
    }

    /// All wires, in the order in which their ways ended.
    pub fn wires(&self) -> &[Wire] {
        &self.wires
    }

    /// All bands, in the order in which they began.
    pub fn bands(&self) -> &[Band] {
        self.conditions.bands()
    }

    /// The names of the kinds of message and timer, in the order of their appearance.
    pub fn kinds(&self) -> &[&'static str] {
        &self.kinds
    }

    /// Whether the recorded run says how this message ended.
    pub fn has_ended(&self, msg: MsgId) -> bool {
        self.ends.get(msg.0 as usize).is_some_and(|&event| event != 0)
    }

    /// The wire of a message.
    pub fn wire_of(&self, msg: MsgId) -> Option<&Wire> {
        let event = *self.ends.get(msg.0 as usize)?;
        self.wires.get(self.dot(event)?.wire? as usize)
    }

    /// The mean latency of the messages that arrived, microseconds.
    pub fn mean_latency(&self) -> Option<f64> {
        let (sum, count) = self.latencies;
        (count > 0).then(|| sum as f64 / count as f64)
    }

    /// The mean latency of the run's first messages, microseconds.
    pub fn opening_latency(&self) -> Option<f64> {
        self.opening
    }

    /// The numbers of the events within a window of time.
    pub fn events_in(&self, from: Time, to: Time) -> impl Iterator<Item = u32> {
        let indices = chunks_in(&self.dot_spans, from, to).flatten();
        let dots = indices.map_while(|index| Some((index, self.dots.get(index)?)));
        dots.filter(move |(_, dot)| (from..=to).contains(&dot.at)).map(|(index, _)| index as u32 + 1)
    }

    /// How many events lie within a window of time.
    pub fn count_in(&self, from: Time, to: Time) -> usize {
        (0..self.lanes.len()).map(|lane| self.count_on(lane, from, to)).sum()
    }

    /// The latest time of any event.
    pub fn end(&self) -> Time {
        self.end
    }

    /// How many lanes have events.
    pub fn lanes(&self) -> usize {
        self.lanes.len()
    }

    /// The events of a node's lane, by time.
    pub fn lane(&self, node: NodeId) -> &[u32] {
        self.lanes.get(node.index()).map_or(&[], Vec::as_slice)
    }

    /// How many of a lane's events lie within a window of time, both its ends included.
    pub fn count_on(&self, lane: usize, from: Time, to: Time) -> usize {
        let events = self.lanes.get(lane).map_or(&[][..], Vec::as_slice);
        let before = events.partition_point(|&event| self.time_of(event) < from);
        let until = events.partition_point(|&event| self.time_of(event) <= to);
        until.saturating_sub(before)
    }

    /// All flows of messages, each with its wires (indices into [`Trace::wires`]) by their end.
    pub fn flows(&self) -> impl Iterator<Item = (&Flow, &[u32])> {
        self.flows.iter().map(|(flow, wires)| (flow, wires.as_slice()))
    }

    /// How many of a flow's wires end within a window of time, both its ends included.
    pub fn count_of(&self, wires: &[u32], from: Time, to: Time) -> usize {
        let before = wires.partition_point(|&wire| self.wires[wire as usize].ended < from);
        let until = wires.partition_point(|&wire| self.wires[wire as usize].ended <= to);
        until.saturating_sub(before)
    }

    fn time_of(&self, event: u32) -> Time {
        self.dot(event).map_or(Time::ZERO, |dot| dot.at)
    }

    /// The wires that touch a window of time.
    pub fn wires_in(&self, from: Time, to: Time) -> impl Iterator<Item = &Wire> {
        let indices = chunks_in(&self.wire_spans, from, to).flatten();
        indices
            .map_while(|index| self.wires.get(index))
            .filter(move |wire| wire.ended >= from && wire.sent <= to)
    }

    /// Takes in the next event. `action` is the intervention behind it, `name` tells a node's name.
    pub fn push<'a>(&mut self, event: &Event, action: Option<&Action>, name: impl Fn(NodeId) -> &'a str) {
        let number = self.len() + 1;
        let kind = self.kind(event.kind);
        let wire = self.wire(number, event, kind);
        if let Some(wire) = wire {
            self.keep(wire);
        }
        self.conditions.push(event, action, name);
        let dot = Dot {
            at: event.at,
            node: event.node,
            mark: mark(event.what),
            kind,
            wire: wire.map(|_| self.wires.len() as u32 - 1),
        };
        widen(&mut self.dot_spans, self.dots.len(), (dot.at, dot.at));
        self.dots.push(dot);
        self.end = self.end.max(dot.at);
        let lane = dot.node.index();
        if self.lanes.len() <= lane {
            self.lanes.resize(lane + 1, vec![]);
        }
        let time = |event: u32| self.dots[event as usize - 1].at;
        insert(&mut self.lanes[lane], number, dot.at, time);
    }

    fn kind(&mut self, name: &'static str) -> u16 {
        let place = self.kinds.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.kinds.push(name);
            self.kinds.len() - 1
        });
        place as u16
    }

    /// The wire that ends with this event, if one does.
    fn wire(&mut self, number: u32, event: &Event, kind: u16) -> Option<Wire> {
        let (msg, peer) = (event.msg?, event.peer?);
        let (from, to) = match event.what {
            What::Delivered | What::Queued => (peer, event.node),
            What::Lost(_) => (event.node, peer),
            _ => return None,
        };
        if self.has_ended(msg) {
            return None;
        }
        // What a node sent while it booted has no event of that node behind it.
        let sender = self.dot(event.cause).filter(|dot| dot.node == from);
        let (sent, cause) = sender.map_or((Time::ZERO, 0), |dot| (dot.at, event.cause));
        let took = event.at.since(sent).0;
        let end = match event.what {
            What::Lost(loss) => End::Lost(loss, self.how_far(loss, took)),
            _ => {
                self.latencies.0 += took;
                self.latencies.1 += 1;
                if self.latencies.1 <= OPENING {
                    self.opening = self.mean_latency();
                }
                End::Arrived
            }
        };
        Some(Wire { msg, from, to, sent, ended: event.at, event: number, cause, kind, end })
    }

    /// How far a message had come when it died, of 255.
    fn how_far(&self, loss: Loss, took: u64) -> u8 {
        match loss {
            Loss::Down => 255,
            // What the network loses dies half-way.
            Loss::Chance => 128,
            // By hand or by a cut it can die anywhere; the others' mean latency tells about where.
            Loss::Dropped | Loss::Cut | Loss::Alike => {
                let share = self.mean_latency().map_or(0.5, |mean| took as f64 / mean.max(1.0));
                (share.clamp(0.2, 0.86) * 255.0) as u8
            }
        }
    }

    fn keep(&mut self, wire: Wire) {
        let msg = wire.msg.0 as usize;
        if self.ends.len() <= msg {
            self.ends.resize(msg + 1, 0);
        }
        self.ends[msg] = wire.event;
        let index = self.wires.len();
        widen(&mut self.wire_spans, index, (wire.sent, wire.ended));
        self.wires.push(wire);
        let flow = Flow { from: wire.from, to: wire.to, kind: wire.kind, lost: wire.is_lost() };
        let flow = self.flows.entry(flow).or_default();
        insert(flow, index as u32, wire.ended, |wire| self.wires[wire as usize].ended);
    }
}

fn mark(what: What) -> Mark {
    match what {
        What::Delivered => Mark::Received,
        What::Queued | What::FireQueued | What::InvokeQueued => Mark::Waiting,
        What::Lost(_) => Mark::Nothing,
        What::Fired => Mark::Timer,
        What::Synced => Mark::Disk,
        What::Invoked => Mark::Request,
        What::Crashed | What::Killed => Mark::Crash,
        What::Cut | What::Healed | What::Partitioned | What::HealedAll | What::LinkSet => Mark::Network,
        What::DroppedAll | What::LetThrough | What::Held | What::Released => Mark::Network,
        What::WorkloadBegun | What::WorkloadEnded | What::Skipped => Mark::Network,
        _ => Mark::Fault,
    }
}

#[cfg(test)]
#[path = "trace_tests.rs"]
mod tests;
