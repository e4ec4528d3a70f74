//! What acknowledgements and copies tell, and what they do not.

use super::*;

#[test]
fn with_acknowledgements_a_lost_tail_is_noticed_by_a() {
    let mut world = usual(&[("sequence-numbers", "on"), ("ack-depth", "1")]);
    lose(&mut world, "Message", "3:m3");
    run_to(&mut world, at(200));
    assert_eq!(sender(&world).unacknowledged.len(), 1);
    assert!(verdict(&world, "everything-noticed").holds);
}

#[test]
fn to_a_a_lost_acknowledgement_looks_like_a_lost_message() {
    let knobs = [("ack-depth", "1")];
    let mut message_lost = usual(&knobs);
    lose(&mut message_lost, "Message", "m3");
    run_to(&mut message_lost, at(200));
    let mut ack_lost = usual(&knobs);
    lose(&mut ack_lost, "Ack", "m3");
    run_to(&mut ack_lost, at(200));

    assert_eq!(sender(&message_lost), sender(&ack_lost));
    assert_eq!(message_lost.detail(A), ack_lost.detail(A));
    assert_eq!(texts(&receiver(&message_lost).received), "m1 m2");
    assert_eq!(texts(&receiver(&ack_lost).received), "m1 m2 m3");
}

#[test]
fn at_every_depth_one_end_is_left_without_an_answer_when_the_last_acknowledgement_is_lost() {
    for depth in 1..=7u8 {
        let text = depth.to_string();
        let mut world = usual(&[("ack-depth", &text), ("messages", "1")]);
        run_dropping(&mut world, &[u32::from(depth) + 1]);
        let (left, other) = if depth % 2 == 1 {
            (&sender(&world).unacknowledged, &receiver(&world).unacknowledged)
        } else {
            (&receiver(&world).unacknowledged, &sender(&world).unacknowledged)
        };
        let outstanding: Vec<_> = left.values().copied().collect();
        assert_eq!(outstanding, [Outstanding { depth: depth - 1, copies: 1 }], "depth {depth}");
        assert!(other.is_empty(), "depth {depth}: {other:?}");
    }
}

#[test]
fn without_faults_every_acknowledgement_arrives_at_every_depth() {
    for depth in 0..=7u32 {
        let text = depth.to_string();
        let mut world = usual(&[("ack-depth", &text), ("retries", "2"), ("sequence-numbers", "on")]);
        run_dropping(&mut world, &[]);
        assert!(sender(&world).unacknowledged.is_empty(), "depth {depth}");
        assert!(receiver(&world).unacknowledged.is_empty(), "depth {depth}");
        assert_eq!(texts(&receiver(&world).received), "1:m1 2:m2 3:m3", "depth {depth}");
    }
}

#[test]
fn a_copy_makes_up_for_a_lost_message_or_a_lost_acknowledgement() {
    for lost in [1, 2] {
        let knobs = [("sequence-numbers", "on"), ("ack-depth", "1"), ("retries", "1"), ("messages", "1")];
        let mut world = usual(&knobs);
        run_dropping(&mut world, &[lost]);
        assert!(sender(&world).unacknowledged.is_empty(), "message {lost} lost");
        assert_eq!(texts(&receiver(&world).received), "1:m1", "message {lost} lost");
    }
}

#[test]
fn without_sequence_numbers_a_copy_is_taken_for_another_message() {
    let mut world = usual(&[("ack-depth", "1"), ("retries", "1"), ("messages", "1")]);
    run_dropping(&mut world, &[2]);
    assert_eq!(texts(&receiver(&world).received), "m1 m1");
}

#[test]
fn a_send_is_answered_with_all_that_a_can_know() {
    let result = |knobs: &[(&str, &str)], dropped: &[u32]| {
        let mut world = usual(&[&[("messages", "0")], knobs].concat());
        world.apply(&Action::Invoke(A, "send hello".to_owned())).unwrap();
        run_dropping(&mut world, dropped);
        world.history()[0].result.clone()
    };
    assert_eq!(result(&[], &[1]).as_deref(), Some("sent"), "without acknowledgements A cannot tell");
    assert_eq!(result(&[("ack-depth", "1")], &[]).as_deref(), Some("acknowledged"));
    assert_eq!(result(&[("ack-depth", "1")], &[1]).as_deref(), Some("unknown"), "the message was lost");
    assert_eq!(
        result(&[("ack-depth", "1")], &[2]).as_deref(),
        Some("unknown"),
        "the acknowledgement was lost"
    );
}

#[test]
fn who_is_asked_again_answers_again_at_once() {
    let habitat = Habitat { latency: Latency::Constant(Span::millis(5)), ..UnreliableLink::habitat() };
    let mut world = link(1, habitat, &[("messages", "1"), ("ack-depth", "3"), ("retries", "1")]);
    run_to(&mut world, at(10));
    let msg = flight(&world, "Ack", "m1");
    world.apply(&Action::Drop(msg)).unwrap();
    // B repeats its acknowledgement at 35 ms; it arrives at 40.
    assert_eq!(rules_at(&mut world, A, at(40)), ["answer-again"]);
}
