//! "Drop all like this", "hold all on this link", and bandwidth.

use std::collections::BTreeSet;

use faultline_model::{Bandwidth, Habitat, Latency, MsgId, NodeId, Span, Time};
use faultline_sim::{Action, AnyWorld, Event, FlightView, LinkView, Loss, What, World};
use proptest::prelude::*;

use super::common::{Toy, setup};
use super::{C1, S1, S2, S3, after, habitat, refusal, run, same_elsewhere};

fn link(world: &World<Toy>, from: NodeId, to: NodeId) -> LinkView {
    let links = world.view().links;
    links.iter().find(|link| (link.from.node, link.to.node) == (from, to)).expect("a link").clone()
}

fn on(flights: &[FlightView], from: NodeId, to: NodeId) -> Vec<MsgId> {
    let there = |flight: &&FlightView| (flight.from.node, flight.to.node) == (from, to);
    flights.iter().filter(there).map(|flight| flight.msg).collect()
}

/// Lets the system run until a message of that kind is in flight on the link.
fn until_in_flight(world: &mut World<Toy>, from: NodeId, to: NodeId, kind: &str) {
    let there = |flight: &FlightView| {
        (flight.from.node, flight.to.node) == (from, to) && flight.kind == kind && !flight.doomed
    };
    for _ in 0..2_000 {
        if world.view().flights.iter().any(there) {
            return;
        }
        world.step().expect("it goes on");
    }
    panic!("no {kind} was sent");
}

fn arrives(event: &Event, from: NodeId, to: NodeId) -> bool {
    event.what == What::Delivered && (event.peer, event.node) == (Some(from), to)
        || event.what == What::Queued && (event.peer, event.node) == (Some(from), to)
}

#[test]
fn all_of_a_kind_are_dropped_now_and_later_until_they_are_let_through() {
    let mut world = after(3, 0);
    until_in_flight(&mut world, S1, S2, "Beat");
    let (now, before) = (world.now(), world.view().flights);
    let said = world.apply(&Action::DropAll(S1, S2, "beat".to_owned())).unwrap();
    let text = world.view().because.expect("a sentence").text;
    assert_eq!(text, "from now on every beat on the link S1→S2 is lost.");
    assert_eq!((said.what, said.node, said.peer), (What::DroppedAll, S1, Some(S2)));
    assert_eq!(link(&world, S1, S2).dropped, ["beat"]);

    // Those in flight die at once, each as an event of its own; the others keep their time.
    let hit = |flight: &FlightView| (flight.from.node, flight.to.node) == (S1, S2) && flight.kind == "Beat";
    for (old, new) in before.iter().zip(&world.view().flights) {
        assert_eq!((new.due, new.doomed), if hit(old) { (now, true) } else { (old.due, old.doomed) });
    }
    let count = before.iter().filter(|flight| hit(flight)).count();
    for lost in run(&mut world, count as u32) {
        assert_eq!((lost.at, lost.what, lost.kind), (now, What::Lost(Loss::Alike), "Beat"));
    }
    let later = run(&mut world, 2_000);
    let beats = |events: &[Event], what: What| {
        let between = |event: &&Event| match event.what {
            What::Lost(_) => (event.node, event.peer) == (S1, Some(S2)),
            _ => (event.peer, event.node) == (Some(S1), S2),
        };
        events.iter().filter(between).filter(|event| event.kind == "Beat" && event.what == what).count()
    };
    assert_eq!(beats(&later, What::Delivered) + beats(&later, What::Queued), 0);
    assert!(beats(&later, What::Lost(Loss::Alike)) > 20);
    assert!(later.iter().any(|event| arrives(event, S1, S2) && event.kind == "Answer"), "only of that kind");
    assert!(later.iter().any(|event| arrives(event, S1, S3) && event.kind == "Beat"), "only on that link");

    world.apply(&Action::LetThrough(S1, S2, "BEAT".to_owned())).unwrap();
    assert!(link(&world, S1, S2).dropped.is_empty());
    assert!(beats(&run(&mut world, 2_000), What::Delivered) > 20);
}

#[test]
fn what_is_dropped_dies_by_hand_too() {
    let mut world = after(3, 0);
    until_in_flight(&mut world, S1, S2, "Beat");
    let flights = world.view().flights;
    let beat = flights.iter().find(|flight| flight.kind == "Beat" && flight.to.node == S2).unwrap().msg;
    let mut by_hand = world.by_hand();
    by_hand.apply(&Action::DropAll(S1, S2, "Beat".to_owned())).unwrap();
    let lost = by_hand.apply(&Action::Deliver(beat)).unwrap();
    assert_eq!(lost.what, What::Lost(Loss::Alike));
}

#[test]
fn refusals_of_rules_on_links_say_why() {
    let mut world = after(1, 0);
    let drop = |kind: &str| Action::DropAll(S1, S2, kind.to_owned());
    assert_eq!(refusal(&mut world, &Action::Release(S1, S2)), "the link S1→S2 is not held");
    let through = Action::LetThrough(S1, S2, "Beat".to_owned());
    assert_eq!(refusal(&mut world, &through), "Beat is not dropped on the link S1→S2");
    assert!(refusal(&mut world, &drop("")).contains("named by its word"));
    assert!(refusal(&mut world, &drop(&"x".repeat(101))).contains("named by its word"));
    world.apply(&drop("Beat")).unwrap();
    assert_eq!(refusal(&mut world, &drop("beat")), "every beat on the link S1→S2 is dropped already");
    world.apply(&Action::Hold(S1, S2)).unwrap();
    assert_eq!(refusal(&mut world, &Action::Hold(S1, S2)), "the link S1→S2 is already held");
    assert_eq!(refusal(&mut world, &Action::Hold(C1, C1)), "there is no link C1→C1");
    for number in 1..32 {
        world.apply(&drop(&format!("Kind{number}"))).unwrap();
    }
    assert!(refusal(&mut world, &drop("OneMore")).contains("32 kinds already"));
}

#[test]
fn a_held_link_delivers_nothing_and_then_everything() {
    let mut world = after(5, 0);
    until_in_flight(&mut world, S1, S2, "Beat");
    world.apply(&Action::Hold(S1, S2)).unwrap();
    assert!(link(&world, S1, S2).held);
    let meanwhile = run(&mut world, 600);
    assert!(!meanwhile.iter().any(|event| arrives(event, S1, S2)));
    assert!(meanwhile.iter().filter(|event| arrives(event, S2, S1)).count() > 10, "the other way goes on");
    let view = world.view();
    let waiting = on(&view.flights, S1, S2);
    assert!(waiting.len() > 10);
    let marked = |flight: &&FlightView| flight.held;
    assert_eq!(view.flights.iter().filter(marked).map(|flight| flight.msg).collect::<Vec<_>>(), waiting);
    assert!(view.next.iter().all(|next| next.msg.is_none_or(|msg| !waiting.contains(&msg))));

    let now = world.now();
    world.apply(&Action::Release(S1, S2)).unwrap();
    let overdue: Vec<MsgId> = world
        .view()
        .flights
        .iter()
        .filter(|f| waiting.contains(&f.msg) && f.due == now)
        .map(|f| f.msg)
        .collect();
    assert!(overdue.len() > 5);
    let first = run(&mut world, overdue.len() as u32);
    assert!(first.iter().all(|event| event.at == now));
    assert_eq!(
        first.iter().filter_map(|event| event.msg).collect::<Vec<_>>(),
        overdue,
        "in the order of sending"
    );
}

#[test]
fn a_held_message_can_be_delivered_dropped_and_delayed_by_hand() {
    let mut world = after(5, 0);
    world.apply(&Action::Hold(S1, S2)).unwrap();
    run(&mut world, 400);
    let waiting = on(&world.view().flights, S1, S2);
    assert_eq!(world.apply(&Action::Deliver(waiting[1])).unwrap().msg, Some(waiting[1]));
    world.apply(&Action::Drop(waiting[0])).unwrap();
    world.apply(&Action::Delay(waiting[2], Span::millis(500))).unwrap();
    let now = world.now();
    world.apply(&Action::Release(S1, S2)).unwrap();
    let flights = world.view().flights;
    let due = |msg: MsgId| flights.iter().find(|flight| flight.msg == msg).map(|flight| flight.due);
    assert_eq!((due(waiting[0]), due(waiting[1])), (None, None));
    assert_eq!(due(waiting[2]), Some(now + Span::millis(500)));
}

#[test]
fn nothing_is_at_rest_while_a_link_is_held_or_drops() {
    for rule in [Action::Hold(C1, S1), Action::DropAll(C1, S1, "Add".to_owned())] {
        let mut world = after(1, 0);
        assert!(world.global().is_quiet());
        world.apply(&rule).unwrap();
        assert!(!world.global().is_quiet(), "{rule:?}");
    }
}

#[test]
fn messages_queue_for_the_bandwidth_of_their_link() {
    let steady = Habitat { latency: Latency::Constant(Span::millis(5)), ..Habitat::default() };
    let mut world = World::new(setup(2, steady));
    // `Add(300)` is 1 byte for the variant, 2 for the number zigzagged, and 66 of headers.
    world.apply(&Action::Bandwidth(C1, S1, Some(Bandwidth(6_900)))).unwrap();
    assert_eq!(world.view().because.unwrap().text, "the link C1→S1 changes: its bandwidth is 6900B/s.");
    for _ in 0..3 {
        world.apply(&Action::Invoke(C1, "add 300".to_owned())).unwrap();
    }
    let flights = world.view().flights;
    let on_it: Vec<_> = flights.iter().map(|f| (f.bytes, f.queued_until, f.due)).collect();
    let at = |millis: u64| Time(millis * 1_000);
    assert_eq!(
        on_it,
        [(Some(69), None, at(15)), (Some(69), Some(at(10)), at(25)), (Some(69), Some(at(20)), at(35))]
    );
    assert_eq!(link(&world, C1, S1).queue, 2);
    assert_eq!(link(&world, C1, S1).bandwidth.as_deref(), Some("6900B/s"));
    // Wider again, but nothing overtakes what still queues.
    world.apply(&Action::Bandwidth(C1, S1, None)).unwrap();
    world.apply(&Action::Invoke(C1, "add 300".to_owned())).unwrap();
    assert_eq!(world.view().flights[3].due, at(35), "it left when the line was free, and took 5 ms");
}

#[test]
fn a_habitat_can_limit_every_link() {
    let narrow = Habitat { bandwidth: Bandwidth(2_000), ..habitat() };
    let mut world = World::new(setup(2, narrow));
    let mut queued = 0;
    for _ in 0..500 {
        world.step();
        queued =
            queued.max(world.view().flights.iter().filter(|flight| flight.queued_until.is_some()).count());
    }
    assert!(queued > 3, "{queued}");
}

proptest! {
    #[test]
    fn held_and_released_at_once_is_as_if_nothing_had_been_done(seed: u64, events in 0u32..200) {
        let (mut one, mut two) = (after(seed, events), after(seed, events));
        one.apply(&Action::Hold(S1, S2)).unwrap();
        one.apply(&Action::Release(S1, S2)).unwrap();
        let without_numbers = |event: Event| Event { cause: 0, ..event };
        let (one, two) = (run(&mut one, 200), run(&mut two, 200));
        prop_assert_eq!(
            one.into_iter().map(without_numbers).collect::<Vec<_>>(),
            two.into_iter().map(without_numbers).collect::<Vec<_>>()
        );
    }

    #[test]
    fn holding_loses_nothing_and_changes_no_other_link(seed: u64, events in 0u32..100, held in 1u32..200) {
        let (mut one, two) = (after(seed, events), after(seed, events));
        one.apply(&Action::Hold(S1, S2)).unwrap();
        let mut arrived = BTreeSet::new();
        let mut note = |events: Vec<Event>| {
            for event in events {
                assert!(!matches!(event.what, What::Lost(_)), "{event:?}");
                arrived.extend(event.msg.filter(|_| arrives(&event, S1, S2)));
            }
        };
        note(run(&mut one, held));
        let waiting = on(&one.view().flights, S1, S2);
        one.apply(&Action::Release(S1, S2)).unwrap();
        note(run(&mut one, 2_000));
        for msg in waiting {
            prop_assert!(arrived.contains(&msg), "{:?}", msg);
        }
        let (mut one, mut two) = (after(seed, events), two);
        one.apply(&Action::Hold(S1, S2)).unwrap();
        same_elsewhere(&mut one, &mut two, (S1, S2));
    }

    #[test]
    fn bandwidth_changes_no_arrival_on_another_link(seed: u64, events in 0u32..100, bytes in 500u64..50_000) {
        let (mut one, mut two) = (after(seed, events), after(seed, events));
        let before = one.view().flights;
        one.apply(&Action::Bandwidth(S1, S2, Some(Bandwidth(bytes)))).unwrap();
        // What is on its way was sent before.
        let due = |flights: &[FlightView]| flights.iter().map(|flight| flight.due).collect::<Vec<_>>();
        prop_assert_eq!(due(&one.view().flights), due(&before));
        same_elsewhere(&mut one, &mut two, (S1, S2));
    }

    #[test]
    fn a_link_never_carries_more_than_its_bandwidth(seed: u64, bytes in 500u64..5_000) {
        let mut world = after(seed, 0);
        world.apply(&Action::Bandwidth(S1, S2, Some(Bandwidth(bytes)))).unwrap();
        let mut sent: Vec<(MsgId, Time, u32)> = vec![];
        for _ in 0..400 {
            world.step();
            for flight in &world.view().flights {
                let new = sent.last().is_none_or(|(last, ..)| flight.msg > *last);
                if (flight.from.node, flight.to.node) == (S1, S2) && new {
                    let leaves = flight.queued_until.unwrap_or(flight.sent_at);
                    sent.push((flight.msg, leaves, flight.bytes.expect("limited")));
                }
            }
        }
        prop_assert!(sent.len() > 3);
        for pair in sent.windows(2) {
            let takes = Bandwidth(bytes).time_for(pair[0].2);
            prop_assert!(pair[1].1 >= pair[0].1 + takes, "{:?}", pair);
        }
    }

    #[test]
    fn a_rule_on_one_link_changes_no_other_link(seed: u64, events in 0u32..100) {
        let (mut one, mut two) = (after(seed, events), after(seed, events));
        one.apply(&Action::DropAll(S1, S2, "Beat".to_owned())).unwrap();
        same_elsewhere(&mut one, &mut two, (S1, S2));
    }
}
