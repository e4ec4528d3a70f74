//! Two generals and the last messenger.

use super::*;

fn generals(depth: u32, retries: u32, last_word: &str) -> World<UnreliableLink> {
    let (depth, retries) = (depth.to_string(), retries.to_string());
    usual(&[("mode", "generals"), ("ack-depth", &depth), ("retries", &retries), ("last-word", last_word)])
}

#[test]
fn without_losses_both_generals_attack_at_every_depth() {
    for depth in 0..=7 {
        for last_word in ["A", "B"] {
            let mut world = generals(depth, 1, last_word);
            run_dropping(&mut world, &[]);
            assert_eq!(decided(&world, A), Some(Decision::Attack), "depth {depth}, last word {last_word}");
            assert_eq!(decided(&world, B), Some(Decision::Attack), "depth {depth}, last word {last_word}");
            assert!(verdict(&world, "coordinated-attack").holds);
        }
    }
}

#[test]
fn at_every_depth_two_drops_make_a_attack_alone_and_one_does_not() {
    let alone = |depth, dropped: &[u32]| {
        let mut world = generals(depth, 1, "A");
        run_dropping(&mut world, dropped);
        let alone =
            (decided(&world, A), decided(&world, B)) == (Some(Decision::Attack), Some(Decision::Wait));
        let verdict = verdict(&world, "agreement-of-generals");
        assert_eq!(verdict.holds, !alone && decided(&world, A) == decided(&world, B), "{verdict:?}");
        assert!(!alone || verdict.why.starts_with("A attacks and B waits"), "{}", verdict.why);
        (alone, verdict.holds)
    };
    for depth in 0..=7 {
        let last = 2 * (depth + 1) + 2;
        for one in 1..=last {
            assert_eq!(alone(depth, &[one]), (false, true), "depth {depth}, message {one} lost");
        }
        let pairs = (1..=last).flat_map(|one| (one + 1..=last).map(move |two| [one, two]));
        let found = pairs.into_iter().find(|pair| alone(depth, pair).0);
        assert!(found.is_some(), "depth {depth}: A never attacks alone");
    }
}

#[test]
fn with_the_other_last_word_it_is_b_who_attacks_alone() {
    for depth in 0..=7u32 {
        let mut world = generals(depth, 0, "B");
        run_dropping(&mut world, &[depth + 1]);
        assert_eq!(decided(&world, A), Some(Decision::Wait), "depth {depth}");
        assert_eq!(decided(&world, B), Some(Decision::Attack), "depth {depth}");
        assert!(verdict(&world, "agreement-of-generals").why.starts_with("B attacks and A waits"));
    }
}

#[test]
fn with_r_retries_the_last_message_takes_r_plus_1_drops() {
    for retries in 0..=3u32 {
        let run = |drops: u32| {
            let mut world = generals(2, retries, "A");
            let mut left = drops;
            loop {
                for flight in world.view().flights.iter().filter(|flight| flight.verb == "ack 2") {
                    if left > 0 {
                        left -= 1;
                        world.apply(&Action::Drop(flight.msg)).unwrap();
                    }
                }
                if world.step().is_none() {
                    return decided(&world, B);
                }
            }
        };
        assert_eq!(run(retries), Some(Decision::Attack), "{retries} retries");
        assert_eq!(run(retries + 1), Some(Decision::Wait), "{retries} retries");
    }
}

#[test]
fn a_decision_survives_a_crash_and_is_never_changed() {
    let mut world = generals(2, 1, "A");
    run_to(&mut world, at(40));
    assert_eq!(decided(&world, A), Some(Decision::Attack));
    world.apply(&Action::Crash(A)).unwrap();
    world.apply(&Action::Restart(A, Disk::Kept)).unwrap();
    run_dropping(&mut world, &[]);
    assert_eq!(decided(&world, A), Some(Decision::Attack));
    assert!(verdict(&world, "decided-once").holds);

    // With its disk gone it forgets, and what it decides then depends on whether B can be reached.
    world.apply(&Action::Crash(A)).unwrap();
    world.apply(&Action::Cut(A, B)).unwrap();
    world.apply(&Action::Restart(A, Disk::Empty)).unwrap();
    run_dropping(&mut world, &[]);
    assert_eq!(decided(&world, A), Some(Decision::Wait));
    assert!(verdict(&world, "decided-once").broken());
    assert!(verdict(&world, "agreement-of-generals").broken());
}

#[test]
fn the_last_messenger_leaves_only_when_the_decision_is_on_disk() {
    let habitat = Habitat {
        disk: Span::millis(50),
        latency: Latency::Constant(Span::millis(5)),
        ..UnreliableLink::habitat()
    };
    let mut world = link(1, habitat.clone(), &[("mode", "generals"), ("ack-depth", "2"), ("retries", "0")]);
    run_to(&mut world, at(59));
    assert_eq!(decided(&world, A), None, "the write began at 10 ms and takes 50");
    assert!(world.view().flights.is_empty(), "{:?}", world.view().flights);
    run_to(&mut world, at(60));
    assert_eq!(decided(&world, A), Some(Decision::Attack));
    assert_eq!(world.view().flights[0].verb, "ack 2");

    let mut crashed = link(1, habitat, &[("mode", "generals"), ("ack-depth", "2"), ("retries", "0")]);
    run_to(&mut crashed, at(30));
    crashed.apply(&Action::Crash(A)).unwrap();
    run_dropping(&mut crashed, &[]);
    assert_eq!(decided(&crashed, B), Some(Decision::Wait));
    assert!(verdict(&crashed, "agreement-of-generals").holds);
}

#[test]
fn a_messenger_who_comes_after_the_deadline_changes_nothing() {
    let mut world = generals(1, 0, "B");
    let ack = loop {
        if let Some(flight) = world.view().flights.iter().find(|flight| flight.kind == "Ack") {
            break flight.msg;
        }
        world.step().unwrap();
    };
    world.apply(&Action::Delay(ack, Span::secs(1))).unwrap();
    run_dropping(&mut world, &[]);
    assert!(world.now() > at(1_000));
    assert_eq!(decided(&world, A), Some(Decision::Wait));
    assert!(verdict(&world, "decided-once").holds);
    assert!(verdict(&world, "agreement-of-generals").broken(), "being late is as bad as being lost");
}

#[test]
fn under_random_loss_no_node_stops_and_no_decision_changes() {
    let mut split = 0;
    for seed in 0..300 {
        let habitat =
            Habitat { loss: Chance(300_000), duplication: Chance(100_000), ..UnreliableLink::habitat() };
        let depth = (seed % 8).to_string();
        let mut world = link(seed, habitat, &[("mode", "generals"), ("ack-depth", &depth), ("retries", "1")]);
        run_dropping(&mut world, &[]);
        assert!(decided(&world, A).is_some() && decided(&world, B).is_some(), "seed {seed}");
        assert!(verdict(&world, "decided-once").holds, "seed {seed}");
        split += usize::from(decided(&world, A) != decided(&world, B));
        assert_ne!(
            (decided(&world, A), decided(&world, B)),
            (Some(Decision::Wait), Some(Decision::Attack)),
            "seed {seed}: who receives the last message never attacks alone"
        );
    }
    assert!(split > 0, "a link that loses 30% splits some pairs");
}

#[test]
fn a_general_who_waits_sends_no_more_messengers() {
    let habitat = Habitat { latency: Latency::Constant(Span::millis(5)), ..UnreliableLink::habitat() };
    let knobs = [("mode", "generals"), ("ack-depth", "2"), ("retries", "1")];
    let mut world = link(1, habitat, &knobs);
    run_to(&mut world, at(5));
    world.apply(&Action::Cut(B, A)).unwrap();
    run_to(&mut world, at(30));
    let copy = world.view().flights.into_iter().find(|flight| flight.kind == "Attack").unwrap().msg;
    world.apply(&Action::Delay(copy, Span::secs(1))).unwrap();
    run_to(&mut world, at(900));
    world.apply(&Action::Heal(B, A)).unwrap();
    assert_eq!(rules_at(&mut world, B, at(2_000)), ["too-late"]);
    assert_eq!((decided(&world, A), decided(&world, B)), (Some(Decision::Wait), Some(Decision::Wait)));
    assert!(world.view().flights.is_empty());
}
