//! What lies under the pointer.

use faultline_model::Time;

use super::geometry::{Frame, distance_to_line};
use super::trace::{Mark, Trace};

/// A dot is hit from so far.
const DOT_REACH_PX: f64 = 11.0;
/// An arrow is hit from so far.
const WIRE_REACH_PX: f64 = 6.0;
/// In a crowd no single mark is under the pointer.
const CROWD: usize = 3_000;

/// The event under a point of the frame: the nearest dot, else the event that ended the nearest arrow.
pub fn event_at(trace: &Trace, frame: &Frame, point: (f64, f64)) -> Option<u32> {
    let from = frame.time(point.0 - DOT_REACH_PX);
    let to = Time(frame.time(point.0 + DOT_REACH_PX).0 + 1);
    if trace.count_in(from, to) > CROWD {
        return None;
    }
    let reached = trace.events_in(from, to).filter_map(|event| {
        let dot = trace.dot(event).filter(|dot| dot.mark != Mark::Nothing || dot.wire.is_some())?;
        let hidden = dot.mark != Mark::Network && frame.is_folded(dot.node);
        let distance = distance_to_line(point, frame.place(trace, dot), frame.place(trace, dot));
        (distance <= DOT_REACH_PX && !hidden).then_some((event, distance))
    });
    let nearest = |all: &mut dyn Iterator<Item = (u32, f64)>| {
        all.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(event, _)| event)
    };
    nearest(&mut { reached }).or_else(|| {
        let mut wires = trace.wires_in(from, to).take(CROWD).filter_map(|wire| {
            let (start, end) = frame.ends(wire);
            let distance = distance_to_line(point, start, end);
            (distance <= WIRE_REACH_PX).then_some((wire.event, distance))
        });
        nearest(&mut wires)
    })
}

#[cfg(test)]
mod tests {
    use faultline_model::{MsgId, NodeId};
    use faultline_sim::{Event, What};

    use super::*;

    #[test]
    fn a_dot_is_preferred_to_the_arrow_below_it() {
        let mut trace = Trace::default();
        let fired = Event { kind: "Tick", ..Event::new(Time(1_000), What::Fired, NodeId(0)) };
        let arrived = Event {
            at: Time(2_000),
            what: What::Delivered,
            node: NodeId(1),
            peer: Some(NodeId(0)),
            msg: Some(MsgId(1)),
            cause: 1,
            ..fired
        };
        trace.push(&fired, None, |_| "");
        trace.push(&arrived, None, |_| "");
        let frame = Frame::even(2, 38.0, 52.0).at(0.0, 10.0);
        let (y1, y2) = (frame.y(NodeId(0)), frame.y(NodeId(1)));
        assert_eq!(event_at(&trace, &frame, (103.0, y1 + 2.0)), Some(1));
        assert_eq!(event_at(&trace, &frame, (197.0, y2 - 3.0)), Some(2));
        assert_eq!(event_at(&trace, &frame, (150.0, (y1 + y2) / 2.0 + 2.0)), Some(2), "on the arrow");
        assert_eq!(event_at(&trace, &frame, (150.0, y1 + 2.0)), None);
        assert_eq!(event_at(&trace, &frame, (-500.0, y1)), None);
    }
}
