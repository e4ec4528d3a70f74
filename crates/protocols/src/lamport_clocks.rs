//! Logical clocks: order without time, and a lock that is built on it.
//!
//! An event *happened before* another if it came earlier at the same process, or if a chain of messages leads
//! from the one to the other. Lamport's clocks count such that what happened before has the smaller timestamp
//! (the Clock Condition): a process moves its clock with every event (IR1), a message carries the timestamp of
//! its sending, and its receiver moves its clock beyond that (IR2). The converse does not hold: the smaller
//! timestamp may belong to an event that is concurrent.
//!
//! Timestamps, with ties broken by the process, put all events in one order that everybody can compute. With
//! it processes give each other a critical section without a server, in five rules. The algorithm assumes
//! that messages between two processes arrive in the order of sending, that all arrive, and that no process
//! fails (L. Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", CACM 21(7), 1978).
//! Ricart and Agrawala's algorithm (CACM 24(1), 1981), which needs fewer messages and no order, is a knob.

mod knobs;
mod look;
mod message;
mod process;
mod properties;
pub mod rules;

use faultline_model::{About, Caption, Cast, Cx, Glance, Kind, NodeId, OpForm, OpId, Property, Protocol};
use serde::Serialize;

pub use knobs::{Algorithm, Knobs};
pub use message::{Msg, Op, Ret, Sent, Stamp, Timer};
pub use process::{Happened, Process, Want};
pub use properties::Witness;

type Ctx<'a> = Cx<'a, LamportClocks>;

/// A node: all are processes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct LamportClocks(pub Process);

/// P, Q … Z, then P12, P13 …
fn name(index: usize) -> String {
    match index {
        0..=10 => char::from(b'P' + index as u8).to_string(),
        _ => format!("P{}", index + 1),
    }
}

impl Protocol for LamportClocks {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Ret;
    type Durable = ();
    type Witness = Witness;
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "lamport-clocks",
        name: "Lamport clocks and mutual exclusion",
        claim: "What happened before has the smaller timestamp, and a lock can be built on that order.",
        source: "Lamport: Time, Clocks, and the Ordering of Events in a Distributed System. CACM 21(7), 1978. \
                 Ricart, Agrawala: An Optimal Algorithm for Mutual Exclusion in Computer Networks. CACM 24(1), 1981.",
        rules: rules::RULES,
    };

    fn cast(_: &Knobs, nodes: usize) -> Cast {
        let names: Vec<String> = (0..nodes).map(name).collect();
        Cast::of(&names.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn default_nodes() -> usize {
        3
    }

    fn boot(_: Option<()>, _: &mut Ctx<'_>) -> LamportClocks {
        LamportClocks(Process::default())
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        self.0.on_message(from, msg, cx);
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Ctx<'_>) {
        match timer {
            Timer::Leave => self.0.on_leave(cx),
        }
    }

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Ctx<'_>) {
        self.0.on_request(id, op, cx);
    }

    fn operations(_: Kind) -> Vec<OpForm> {
        vec![
            OpForm::fixed("Request", "request"),
            OpForm::fixed("Release", "release"),
            OpForm::fixed("Event", "event"),
            OpForm::fixed("Send", "send"),
        ]
    }

    fn glance(&self, _: &Knobs, cast: &Cast) -> Glance {
        look::process(&self.0, cast)
    }

    fn caption(msg: &Msg, _: &Cast) -> Caption {
        look::caption(msg)
    }

    fn epoch(msg: &Msg) -> Option<u64> {
        Some(msg.sent().at)
    }

    fn witness(&self, me: NodeId, seen: &mut Witness) {
        let noted = seen.latest.get(&me).copied().unwrap_or(0);
        self.0.events.iter().filter(|event| event.at > noted).for_each(|&event| seen.note(me, event));
    }

    fn has_news(&self, me: NodeId, seen: &Witness) -> bool {
        self.0.events.last().is_some_and(|event| seen.latest.get(&me).is_none_or(|&noted| event.at > noted))
    }

    fn failed(ret: &Ret) -> bool {
        matches!(ret, Ret::Refused)
    }

    fn properties() -> Vec<Property<LamportClocks>> {
        properties::all()
    }
}
