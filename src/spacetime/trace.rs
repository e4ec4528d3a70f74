//! The run as the diagram needs it: one dot an event, one wire a message, one band a condition that
//! lasts. Built event by event, so that a step costs a step and not the whole run.
//!
//! It knows nothing of pixels, the document or the session.

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
    /// True time.
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

/// Wires are looked through in chunks of so many.
const CHUNK: usize = 128;

/// Everything that the diagram can show of a run.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    dots: Vec<Dot>,
    wires: Vec<Wire>,
    /// The earliest sending among each chunk of wires, so that chunks right of a window are skipped.
    earliest: Vec<Time>,
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

    /// The events within a window of true time, as a range of indices into [`Trace::dots`].
    pub fn dots_in(&self, from: Time, to: Time) -> std::ops::Range<usize> {
        let start = self.dots.partition_point(|dot| dot.at < from);
        let end = self.dots.partition_point(|dot| dot.at <= to);
        start..end.max(start)
    }

    /// The wires that touch a window of true time.
    pub fn wires_in(&self, from: Time, to: Time) -> impl Iterator<Item = &Wire> {
        let first = self.wires.partition_point(|wire| wire.ended < from);
        let chunks = self.wires.chunks(CHUNK).enumerate().skip(first / CHUNK);
        chunks
            .filter(move |(chunk, _)| self.earliest[*chunk] <= to)
            .flat_map(|(_, wires)| wires)
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
        self.dots.push(Dot {
            at: event.at,
            node: event.node,
            mark: mark(event.what),
            kind,
            wire: wire.map(|_| self.wires.len() as u32 - 1),
        });
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
            Loss::Dropped | Loss::Cut => {
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
        if self.wires.len().is_multiple_of(CHUNK) {
            self.earliest.push(wire.sent);
        }
        if let Some(earliest) = self.earliest.last_mut() {
            *earliest = (*earliest).min(wire.sent);
        }
        self.wires.push(wire);
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
        What::Crashed => Mark::Crash,
        What::Cut | What::Healed | What::Partitioned | What::HealedAll | What::LinkSet => Mark::Network,
        _ => Mark::Fault,
    }
}

#[cfg(test)]
#[path = "trace_tests.rs"]
mod tests;
