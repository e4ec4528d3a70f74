use faultline_model::{MsgId, Time};
use faultline_sim::Loss;

use super::*;

fn event(at: u64, what: What, node: u16, message: Option<(u16, u32, u32)>) -> Event {
    Event {
        peer: message.map(|(peer, ..)| NodeId(peer)),
        msg: message.map(|(_, msg, _)| MsgId(msg)),
        cause: message.map_or(0, |(.., cause)| cause),
        kind: if message.is_some() { "Ping" } else { "Tick" },
        ..Event::new(Time(at), what, NodeId(node))
    }
}

/// S1 asks S2, S2 asks S3, whose answer to S1 is lost; S1 and S3 have timers of their own.
fn sample() -> Vec<Event> {
    vec![
        event(100, What::Fired, 0, None),
        event(200, What::Delivered, 1, Some((0, 1, 1))),
        event(250, What::Fired, 2, None),
        event(300, What::Delivered, 2, Some((1, 2, 2))),
        event(350, What::Lost(Loss::Chance), 2, Some((0, 3, 4))),
        event(400, What::Fired, 0, None),
    ]
}

fn trace(events: &[Event]) -> Trace {
    let mut trace = Trace::default();
    events.iter().for_each(|event| trace.push(event, None, |_| ""));
    trace
}

fn names() -> Vec<String> {
    ["S1", "S2", "S3"].map(str::to_owned).to_vec()
}

fn sentence(a: u32, b: u32) -> String {
    let events = sample();
    let way = Causality::of(&events).path(a, b);
    way_sentence(&events, &names(), (a, b), way.as_deref())
}

#[test]
fn a_way_is_told_message_by_message() {
    assert_eq!(
        sentence(1, 4),
        "Event 1 happened before event 4 by 2 messages: Ping S1→S2 (event 2), then Ping S2→S3 (event 4)."
    );
    assert_eq!(sentence(2, 4), "Event 2 happened before event 4 by one message: Ping S2→S3 (event 4).");
    assert_eq!(sentence(1, 6), "Event 1 happened before event 6: both are S1’s own, in this order.");
    assert_eq!(sentence(3, 6), "Events 3 and 6 are concurrent: neither happened before the other.");
}

#[test]
fn a_long_way_is_told_by_its_ends() {
    let mut events = vec![event(0, What::Fired, 0, None)];
    for hop in 1..=20u32 {
        let (from, to) = ((hop + 1) as u16 % 2, hop as u16 % 2);
        events.push(event(u64::from(hop) * 100, What::Delivered, to, Some((from, hop, hop))));
    }
    // Both ends are S1's own: of all ways the one without a message is told.
    let way: Vec<u32> = (1..=21).collect();
    let text = way_sentence(&events, &names(), (1, 21), Some(&way));
    assert!(
        text.starts_with("Event 1 happened before event 21 by 20 messages: Ping S1→S2 (event 2)"),
        "{text}"
    );
    assert!(text.contains("…") && text.ends_with("(event 21)."), "{text}");
}

#[test]
fn a_cone_is_told_by_its_counts() {
    let causality = Causality::of(&sample());
    let text = cone_sentence(&causality, 2);
    assert_eq!(text, "Event 2: 1 event happened before it, 1 after it; 2 concurrent with it.");
}

#[test]
fn a_cone_goes_through_its_bounds_and_away_from_the_event() {
    let (events, frame) = (sample(), Frame::even(3, 40.0, 30.0));
    let (trace, causality) = (trace(&events), Causality::of(&events));
    let lanes: Vec<NodeId> = (0..3).map(NodeId).collect();
    let past = Cone::of(&causality, 4, false);
    assert_eq!(past.bounds, [1, 2, 4]);
    let outline = past.outline(&trace, &frame, &lanes, -50.0);
    assert_eq!(outline, "M100 31L100 40L200 70L300 100L300 109L-50 109L-50 31Z");
    let future = Cone::of(&causality, 2, true);
    assert_eq!(future.bounds, [0, 2, 4]);
    let outline = future.outline(&trace, &frame, &lanes, 500.0);
    assert_eq!(outline, "M500 31L500 40L200 70L300 100L300 109L500 109L500 31Z");
}

#[test]
fn a_cone_holds_exactly_the_messages_between_its_events() {
    let (events, frame) = (sample(), Frame::even(3, 40.0, 30.0));
    let (trace, causality) = (trace(&events), Causality::of(&events));
    for event in 1..=6 {
        for future in [false, true] {
            let cone = Cone::of(&causality, event, future);
            let within = |other: u32| {
                let (a, b) = if future { (event, other) } else { (other, event) };
                a == b || causality.happened_before(a, b)
            };
            for wire in trace.wires() {
                let expected = !wire.is_lost() && within(wire.cause) && within(wire.event);
                assert_eq!(cone.holds(wire), expected, "{wire:?} and {event} {future}");
            }
        }
    }
    let cone = Cone::of(&causality, 4, false);
    let inside = cone.inside(&trace, &frame, 0.0, trace.wires().iter().copied());
    assert_eq!(inside.matches('M').count(), 3 + 2, "three lanes and two messages");
}

#[test]
fn lights_go_on_and_off_and_follow_to_another_event() {
    let past = Lights::default().toggled(7, false);
    assert!(past.past && !past.future && past.event == 7);
    let both = past.toggled(7, true);
    assert!(both.past && both.future);
    assert_eq!(both.toggled(7, false).toggled(7, true), Lights::default());
    let moved = past.toggled(9, false);
    assert!(moved.event == 9 && moved.past, "it was lit elsewhere: here it goes on");
}

#[test]
fn a_vector_names_its_nodes() {
    assert_eq!(vector_words(&[3, 0, 5], &names()), "S1 3, S2 0, S3 5");
}
