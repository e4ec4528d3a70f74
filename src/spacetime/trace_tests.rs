use super::*;

const NAMES: [&str; 5] = ["S1", "S2", "S3", "S4", "S5"];

fn name(node: NodeId) -> &'static str {
    NAMES[node.index()]
}

fn event(at: u64, what: What, node: u16) -> Event {
    Event::new(Time(at), what, NodeId(node))
}

fn message(at: u64, what: What, node: u16, peer: u16, (msg, cause): (u32, u32)) -> Event {
    Event { peer: Some(NodeId(peer)), msg: Some(MsgId(msg)), cause, kind: "Ping", ..event(at, what, node) }
}

fn trace(events: &[Event]) -> Trace {
    let mut trace = Trace::default();
    events.iter().for_each(|event| trace.push(event, None, name));
    trace
}

#[test]
fn a_wire_runs_from_the_event_that_sent_it_to_its_arrival() {
    let trace = trace(&[
        event(100, What::Fired, 0),
        message(180, What::Delivered, 1, 0, (1, 1)),
        message(200, What::Delivered, 2, 0, (2, 1)),
    ]);
    let wire = trace.wire_of(MsgId(2)).unwrap();
    assert_eq!((wire.from, wire.to), (NodeId(0), NodeId(2)));
    assert_eq!((wire.sent, wire.ended, wire.cause, wire.event), (Time(100), Time(200), 1, 3));
    assert_eq!(trace.dot(3).unwrap().wire, Some(1));
    assert_eq!(trace.mean_latency(), Some(90.0));
    assert!(!trace.has_ended(MsgId(3)));
}

#[test]
fn what_was_sent_at_boot_starts_at_the_start_of_the_run() {
    let trace = trace(&[
        event(100, What::Fired, 0),
        message(180, What::Delivered, 1, 2, (1, 0)),
        message(190, What::Delivered, 1, 2, (2, 1)),
    ]);
    for wire in trace.wires() {
        assert_eq!((wire.sent, wire.cause), (Time::ZERO, 0), "{wire:?}");
    }
}

#[test]
fn a_lost_message_ends_where_it_died() {
    let trace = trace(&[
        event(0, What::Fired, 0),
        message(10, What::Lost(Loss::Chance), 0, 1, (1, 1)),
        message(20, What::Delivered, 1, 0, (2, 1)),
        message(20, What::Lost(Loss::Down), 0, 2, (3, 1)),
        message(15, What::Lost(Loss::Dropped), 0, 3, (4, 1)),
    ]);
    let ends: Vec<End> = trace.wires().iter().map(|wire| wire.end).collect();
    assert_eq!(
        ends,
        [
            End::Lost(Loss::Chance, 128),
            End::Arrived,
            End::Lost(Loss::Down, 255),
            End::Lost(Loss::Dropped, 191),
        ]
    );
}

#[test]
fn a_message_that_waits_has_one_wire_and_a_band_until_it_is_handled() {
    let trace = trace(&[
        event(0, What::Fired, 0),
        event(5, What::Paused, 1),
        message(10, What::Queued, 1, 0, (1, 1)),
        event(50, What::Resumed, 1),
        message(50, What::Delivered, 1, 0, (1, 1)),
    ]);
    assert_eq!(trace.wires().len(), 1);
    assert_eq!(trace.wires()[0].ended, Time(10));
    let bands: Vec<_> = trace.bands().iter().map(|band| (band.condition, band.from.0, band.until)).collect();
    assert_eq!(
        bands,
        [
            (Condition::Paused(NodeId(1)), 5, Some(Time(50))),
            (Condition::InInbox(NodeId(1)), 10, Some(Time(50))),
        ]
    );
}

#[test]
fn a_crash_ends_a_pause_and_what_waits_and_lasts_until_the_restart() {
    let trace = trace(&[
        event(5, What::Paused, 1),
        message(10, What::Queued, 1, 0, (1, 0)),
        event(20, What::Crashed, 1),
        event(90, What::RestartedEmpty, 1),
        event(95, What::Crashed, 1),
    ]);
    let until: Vec<_> = trace.bands().iter().map(|band| (band.condition, band.until)).collect();
    assert_eq!(
        until,
        [
            (Condition::Paused(NodeId(1)), Some(Time(20))),
            (Condition::InInbox(NodeId(1)), Some(Time(20))),
            (Condition::Down(NodeId(1)), Some(Time(90))),
            (Condition::Down(NodeId(1)), None),
        ]
    );
}

#[test]
fn a_partition_names_its_groups_and_ends_when_its_last_link_heals() {
    let mut trace = Trace::default();
    let groups = vec![vec![NodeId(0), NodeId(1)], vec![NodeId(2)]];
    trace.push(&event(10, What::Partitioned, 0), Some(&Action::Partition(groups)), name);
    assert_eq!(trace.bands()[0].groups, "{S1 S2} | {S3}");
    let heal = |at, from, to| Event { peer: Some(NodeId(to)), ..event(at, What::Healed, from) };
    for healed in [heal(20, 0, 2), heal(21, 2, 0), heal(22, 1, 2)] {
        trace.push(&healed, None, name);
    }
    assert_eq!(trace.bands()[0].until, None);
    trace.push(&heal(30, 2, 1), None, name);
    assert_eq!(trace.bands()[0].until, Some(Time(30)));
}

#[test]
fn healing_everything_ends_partitions_and_cuts() {
    let cut = Event { peer: Some(NodeId(1)), ..event(5, What::Cut, 0) };
    let trace = trace(&[cut, event(10, What::Partitioned, 0), event(30, What::HealedAll, 0)]);
    assert!(trace.bands().iter().all(|band| band.until == Some(Time(30))), "{:?}", trace.bands());
}

#[test]
fn windows_hold_exactly_what_touches_them() {
    let mut trace = Trace::default();
    let mut all = vec![];
    for i in 0..2_000u32 {
        let cause = 2 * i + 1;
        let at = u64::from(i) * 100;
        // Every hundredth message takes very long, so that its chunk reaches far back.
        let took = if i % 100 == 0 { 30 } else { 7 };
        all.push((at, at + took));
        trace.push(&event(at, What::Fired, 0), None, name);
        trace.push(&message(at + took, What::Delivered, 1, 0, (i + 1, cause)), None, name);
    }
    for (from, to) in [(0, 10), (5_003, 5_005), (10_000, 60_000), (199_905, 900_000), (900_000, 900_001)] {
        let expected = all.iter().filter(|(sent, ended)| *ended >= from && *sent <= to).count();
        assert_eq!(trace.wires_in(Time(from), Time(to)).count(), expected, "{from}..{to}");
        let dots = all.iter().flat_map(|&(a, b)| [a, b]).filter(|at| (from..=to).contains(at)).count();
        assert_eq!(trace.events_in(Time(from), Time(to)).count(), dots, "{from}..{to}");
        assert_eq!(trace.count_in(Time(from), Time(to)), dots, "{from}..{to}");
        let flows = trace.flows().map(|(_, wires)| trace.count_of(wires, Time(from), Time(to)));
        let ended = all.iter().filter(|(_, ended)| (from..=to).contains(ended)).count();
        assert_eq!(flows.sum::<usize>(), ended, "{from}..{to}");
    }
}

#[test]
fn a_trace_on_a_logical_axis_finds_what_stands_in_a_window_whatever_its_number() {
    let mut trace = Trace::default();
    // Numbers and places in different orders, as logical time has them.
    let places: Vec<u64> = (0..1_000u64).map(|n| (n * 7_919) % 1_000 + n / 3).collect();
    for (node, at) in places.iter().enumerate() {
        trace.push(&event(*at, What::Fired, node as u16 % 3), None, name);
    }
    for (from, to) in [(0, 0), (100, 140), (990, 5_000)] {
        let here: Vec<u32> = (1..=1_000).filter(|n| (from..=to).contains(&places[*n as usize - 1])).collect();
        assert_eq!(trace.events_in(Time(from), Time(to)).collect::<Vec<_>>(), here);
        assert_eq!(trace.count_in(Time(from), Time(to)), here.len());
    }
    let on_lane: Vec<u64> = trace.lane(NodeId(1)).iter().map(|n| places[*n as usize - 1]).collect();
    assert!(on_lane.is_sorted() && on_lane.len() == 333);
}
