//! What is lit: an event, a message, a kind, and the chain of messages that led to an event.

use faultline_model::{NodeId, Time};

use super::geometry::Frame;
use super::picture::line;
use super::trace::{Trace, Wire};
use crate::session::Target;

/// A chain is followed back over so many messages.
const LONGEST: usize = 24;
/// Of a kind, so many messages are lit at most.
const MOST_LIT: usize = 400;

/// The messages that led to an event, the latest first: the one that it received, the one that its
/// sender had received when it sent it, and so on.
pub fn chain(trace: &Trace, event: u32) -> Vec<Wire> {
    let mut wires: Vec<Wire> = vec![];
    let mut event = event;
    while let Some(wire) = wire_into(trace, event).filter(|_| wires.len() < LONGEST) {
        wires.push(wire);
        // The cause lies before its effect; a loop would be a bug of the engine, and must not hang.
        if wire.cause >= event {
            break;
        }
        event = wire.cause;
    }
    wires
}

/// The message that an event handled or lost.
fn wire_into(trace: &Trace, event: u32) -> Option<Wire> {
    let wire = trace.dot(event)?.wire?;
    trace.wires().get(wire as usize).copied()
}

/// The wires that a target lights within a window.
pub fn lit_wires(trace: &Trace, target: &Target, (from, to): (Time, Time)) -> Vec<Wire> {
    match target {
        Target::Event(event) => chain(trace, *event),
        Target::Msg(msg) => trace.wire_of(*msg).copied().into_iter().collect(),
        Target::Kind(kind) => {
            let index = trace.kinds().iter().position(|known| known == kind);
            let of_kind = |wire: &&Wire| Some(usize::from(wire.kind)) == index;
            trace.wires_in(from, to).filter(of_kind).take(MOST_LIT).copied().collect()
        }
        Target::Link(a, b) => {
            let on_link = |wire: &&Wire| (wire.from, wire.to) == (*a, *b);
            trace.wires_in(from, to).filter(on_link).take(MOST_LIT).copied().collect()
        }
        Target::Node(_) | Target::Role(_) | Target::Epoch(_) => vec![],
    }
}

/// The lane that a target lights.
pub fn lit_lane(target: &Target) -> Option<usize> {
    match target {
        Target::Node(node) => Some(NodeId::index(*node)),
        _ => None,
    }
}

/// Wires as one path.
pub fn path(wires: &[Wire], frame: &Frame) -> String {
    let mut path = String::new();
    for wire in wires {
        let (start, end) = frame.ends(wire);
        line(&mut path, start, end);
    }
    path
}

#[cfg(test)]
mod tests {
    use faultline_model::MsgId;
    use faultline_sim::{Event, What};

    use super::*;

    fn push(trace: &mut Trace, at: u64, node: u16, message: Option<(u16, u32, u32)>) {
        let event = Event {
            peer: message.map(|(from, _, _)| NodeId(from)),
            msg: message.map(|(_, msg, _)| MsgId(msg)),
            cause: message.map_or(0, |(_, _, cause)| cause),
            kind: if node == 0 { "Pong" } else { "Ping" },
            ..Event::new(
                Time(at),
                if message.is_some() { What::Delivered } else { What::Fired },
                NodeId(node),
            )
        };
        trace.push(&event, None, |_| "");
    }

    /// S1's timer; a ping to S2 and to S3; S2's pong to S1.
    fn sample() -> Trace {
        let mut trace = Trace::default();
        push(&mut trace, 10, 0, None);
        push(&mut trace, 20, 1, Some((0, 1, 1)));
        push(&mut trace, 25, 2, Some((0, 2, 1)));
        push(&mut trace, 40, 0, Some((1, 3, 2)));
        trace
    }

    #[test]
    fn a_chain_goes_back_to_what_no_message_caused() {
        let messages: Vec<u32> = chain(&sample(), 4).iter().map(|wire| wire.msg.0).collect();
        assert_eq!(messages, [3, 1]);
        assert!(chain(&sample(), 1).is_empty());
        assert!(chain(&sample(), 99).is_empty());
    }

    #[test]
    fn a_kind_and_a_link_light_all_their_messages() {
        let window = (Time(0), Time(100));
        let messages = |target: Target| -> Vec<u32> {
            lit_wires(&sample(), &target, window).iter().map(|wire| wire.msg.0).collect()
        };
        assert_eq!(messages(Target::Kind("Ping".to_owned())), [1, 2]);
        assert_eq!(messages(Target::Link(NodeId(0), NodeId(2))), [2]);
        assert_eq!(messages(Target::Msg(MsgId(3))), [3]);
        assert!(messages(Target::Kind("Nothing".to_owned())).is_empty());
    }
}
