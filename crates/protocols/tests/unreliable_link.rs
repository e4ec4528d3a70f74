//! The unreliable link, run by the simulator.

use faultline_model::SortedSet;

use faultline_model::{Chance, Habitat, Latency, MsgId, NodeId, Params, Protocol, Span, Time};
use faultline_protocols::unreliable_link::{Decision, Label, Outstanding, Receiver, Sender, UnreliableLink};
use faultline_sim::{Action, AnyWorld, Disk, Setup, Tree, VerdictView, World};

#[path = "unreliable_link/acknowledgements.rs"]
mod acknowledgements;
#[path = "unreliable_link/generals.rs"]
mod generals;

const A: NodeId = NodeId(0);
const B: NodeId = NodeId(1);

/// A world with those knobs, at time zero.
fn link(seed: u64, habitat: Habitat, knobs: &[(&str, &str)]) -> World<UnreliableLink> {
    let mut params = <UnreliableLink as Protocol>::Params::default();
    for (name, value) in knobs {
        params.set(name, value).unwrap();
    }
    World::new(Setup { cast: UnreliableLink::cast(&params, 2), params, habitat, seed })
}

fn usual(knobs: &[(&str, &str)]) -> World<UnreliableLink> {
    link(42, UnreliableLink::habitat(), knobs)
}

fn run_to(world: &mut World<UnreliableLink>, time: Time) {
    while world.next_due().is_some_and(|due| due <= time) {
        world.step();
    }
    world.wait(time);
}

fn at(millis: u64) -> Time {
    Time(millis * 1_000)
}

/// Runs to the end, losing the messages with these numbers (in sending order, from 1).
fn run_dropping(world: &mut World<UnreliableLink>, dropped: &[u32]) {
    loop {
        for flight in world.view().flights {
            if dropped.contains(&flight.msg.0) {
                world.apply(&Action::Drop(flight.msg)).unwrap();
            }
        }
        if world.step().is_none() {
            return;
        }
    }
}

fn flight(world: &World<UnreliableLink>, kind: &str, text: &str) -> MsgId {
    let view = world.view();
    let found = view.flights.iter().find(|flight| flight.kind == kind && flight.text == text);
    found.unwrap_or_else(|| panic!("no {kind} {text} in {:?}", view.flights)).msg
}

/// Lets the stream go on until that message is in flight, and loses it.
fn lose(world: &mut World<UnreliableLink>, kind: &str, text: &str) {
    while !world.view().flights.iter().any(|flight| flight.kind == kind && flight.text == text) {
        world.step().unwrap();
    }
    let msg = flight(world, kind, text);
    world.apply(&Action::Drop(msg)).unwrap();
}

fn sender(world: &World<UnreliableLink>) -> &Sender {
    match world.global().node(A) {
        UnreliableLink::Sender(sender) => sender,
        other => panic!("{other:?}"),
    }
}

fn receiver(world: &World<UnreliableLink>) -> &Receiver {
    match world.global().node(B) {
        UnreliableLink::Receiver(receiver) => receiver,
        other => panic!("{other:?}"),
    }
}

fn decided(world: &World<UnreliableLink>, node: NodeId) -> Option<Decision> {
    match world.global().node(node) {
        UnreliableLink::General(general) => general.decided,
        other => panic!("{other:?}"),
    }
}

fn texts(labels: &[Label]) -> String {
    labels.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn verdict(world: &World<UnreliableLink>, property: &str) -> VerdictView {
    let found = world.verdicts().into_iter().find(|verdict| verdict.property == property);
    found.unwrap_or_else(|| panic!("no property {property}"))
}

#[test]
fn a_sends_three_messages_at_0_10_and_20_ms_and_b_takes_them_in_order() {
    let mut world = usual(&[]);
    let mut sent = vec![];
    let mut arrived = vec![];
    loop {
        sent.extend(world.view().flights.into_iter().map(|flight| (flight.text, flight.sent_at)));
        let Some(event) = world.step() else { break };
        if event.msg.is_some() {
            arrived.push(event.at);
        }
    }
    let sent: SortedSet<_> = sent.into_iter().collect();
    let expected =
        [("m1", at(0)), ("m2", at(10)), ("m3", at(20))].map(|(text, time)| (text.to_owned(), time));
    assert_eq!(sent, SortedSet::from(expected));
    assert_eq!(texts(&receiver(&world).received), "m1 m2 m3");
    for (arrival, sent) in arrived.iter().zip([0, 10, 20]) {
        assert!((at(sent + 3)..=at(sent + 7)).contains(arrival), "{arrival} after {sent}ms");
    }
    assert!(verdict(&world, "everything-noticed").holds);
    assert!(verdict(&world, "all-arrived").holds);
}

/// Everything that can be read off B, at 60 ms: all that it knows.
fn what_b_knows(world: &World<UnreliableLink>) -> (UnreliableLink, Tree, String) {
    let glance = world.view().nodes.into_iter().find(|node| node.node == B).unwrap();
    (world.global().node(B).clone(), world.detail(B).unwrap(), format!("{glance:?}"))
}

#[test]
fn silence_carries_no_information() {
    let mut lost = usual(&[]);
    lose(&mut lost, "Message", "m2");
    run_to(&mut lost, at(60));

    let mut late = usual(&[]);
    run_to(&mut late, at(10));
    let m2 = flight(&late, "Message", "m2");
    late.apply(&Action::Delay(m2, Span::secs(1))).unwrap();
    run_to(&mut late, at(60));

    let mut never_sent = usual(&[("messages", "0")]);
    never_sent.apply(&Action::Invoke(A, "send m1".to_owned())).unwrap();
    run_to(&mut never_sent, at(20));
    never_sent.apply(&Action::Invoke(A, "send m3".to_owned())).unwrap();
    run_to(&mut never_sent, at(60));

    assert_eq!(texts(&receiver(&lost).received), "m1 m3");
    assert_eq!(what_b_knows(&lost), what_b_knows(&late));
    assert_eq!(what_b_knows(&lost), what_b_knows(&never_sent));

    let truth = verdict(&lost, "everything-noticed");
    assert!(truth.broken(), "{truth:?}");
    assert!(truth.why.contains("A sent m2") && truth.why.contains("B holds m1, m3"), "{}", truth.why);
    assert!(verdict(&late, "everything-noticed").holds, "m2 is on its way");
    assert!(verdict(&never_sent, "everything-noticed").holds, "there is nothing to notice");
    run_to(&mut late, at(2_000));
    assert_eq!(texts(&receiver(&late).received), "m1 m3 m2");
}

#[test]
fn sequence_numbers_show_a_gap_but_not_whether_it_is_lost_or_late() {
    let mut lost = usual(&[("sequence-numbers", "on")]);
    lose(&mut lost, "Message", "2:m2");
    run_to(&mut lost, at(60));
    assert_eq!(receiver(&lost).missing, SortedSet::from([2]));
    assert!(verdict(&lost, "gap-noticed").holds);
    assert!(verdict(&lost, "everything-noticed").holds);

    let mut late = usual(&[("sequence-numbers", "on")]);
    run_to(&mut late, at(10));
    let m2 = flight(&late, "Message", "2:m2");
    late.apply(&Action::Delay(m2, Span::secs(1))).unwrap();
    run_to(&mut late, at(60));
    assert_eq!(what_b_knows(&lost), what_b_knows(&late));

    run_to(&mut late, at(2_000));
    assert_eq!(receiver(&late).missing, SortedSet::new());
    assert!(!verdict(&late, "gap-noticed").holds);
}

#[test]
fn sequence_numbers_do_not_show_a_lost_tail() {
    let mut lost = usual(&[("sequence-numbers", "on")]);
    lose(&mut lost, "Message", "3:m3");
    run_to(&mut lost, at(60));
    let mut shorter = usual(&[("sequence-numbers", "on"), ("messages", "2")]);
    run_to(&mut shorter, at(60));

    assert_eq!(what_b_knows(&lost), what_b_knows(&shorter));
    assert!(receiver(&lost).missing.is_empty());
    let truth = verdict(&lost, "everything-noticed");
    assert!(truth.broken(), "{truth:?}");
    assert!(truth.why.contains("3:m3"), "{}", truth.why);
    assert!(verdict(&shorter, "everything-noticed").holds);
    assert!(
        verdict(&lost, "gap-noticed").why.contains("whether 3 exists"),
        "{:?}",
        verdict(&lost, "gap-noticed")
    );
}

#[test]
fn all_k_copies_are_lost_with_probability_p_to_the_k() {
    let (mut sent, mut lost) = (0, 0);
    for seed in 0..20 {
        let habitat = Habitat { loss: Chance(500_000), ..UnreliableLink::habitat() };
        let mut world =
            link(seed, habitat, &[("messages", "100"), ("retries", "2"), ("sequence-numbers", "on")]);
        run_dropping(&mut world, &[]);
        sent += sender(&world).sent.len();
        lost += sender(&world).sent.len() - receiver(&world).received.len();
    }
    assert_eq!(sent, 2_000);
    // 0.5³ = 0.125; four standard deviations of 2,000 trials are 0.03.
    let share = lost as f64 / sent as f64;
    assert!((0.095..=0.155).contains(&share), "{share}");
}

#[test]
fn b_sends_no_stream_and_a_text_that_is_no_operation_is_refused_with_an_example() {
    let mut world = usual(&[]);
    world.apply(&Action::Invoke(B, "send hello".to_owned())).unwrap();
    assert_eq!(world.history()[0].result.as_deref(), Some("refused"));
    for text in ["", "send", "send two words", "shout hello", &format!("send {}", "x".repeat(33))] {
        let refused = world.apply(&Action::Invoke(A, text.to_owned())).unwrap_err().to_string();
        assert!(refused.contains("send hello"), "{refused}");
    }
}

/// The rules named at a node by the deliveries of a run, in order.
fn rules_at(world: &mut World<UnreliableLink>, node: NodeId, until: Time) -> Vec<String> {
    let mut rules = vec![];
    while world.next_due().is_some_and(|due| due <= until) {
        let event = world.step().unwrap();
        if event.node == node && event.msg.is_some() {
            rules.push(world.narrate(&event, None).rule);
        }
    }
    rules
}

#[test]
fn a_message_is_lost_only_when_its_last_copy_is() {
    let habitat = Habitat { latency: Latency::Constant(Span::millis(5)), ..UnreliableLink::habitat() };
    let mut world = link(1, habitat, &[("messages", "1"), ("retries", "1")]);
    for (time, holds) in [(0, true), (30, false)] {
        run_to(&mut world, at(time));
        let msg = flight(&world, "Message", "m1");
        world.apply(&Action::Drop(msg)).unwrap();
        assert_eq!(verdict(&world, "everything-noticed").holds, holds, "copy of {time} ms lost");
    }
}
