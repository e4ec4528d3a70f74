//! What the engine promises for every protocol, on random runs of a protocol that uses all of it.

mod common;

use std::collections::BTreeMap;

use common::{any_action, fingerprint, play, setup, timeline, world};
use faultline_model::{Habitat, Latency, MsgId, NodeId, Span, Time};
use faultline_sim::{Action, AnyWorld, Disk, Event, Timeline, What, World};
use proptest::prelude::*;

const PLAN: std::ops::Range<usize> = 0..12;

proptest! {
    #[test]
    fn the_same_seed_and_interventions_give_the_same_trace(
        seed: u64, plan in prop::collection::vec((0u8..40, any_action()), PLAN),
    ) {
        let (mut one, mut two) = (timeline(seed), timeline(seed));
        play(&mut one, &plan, 50);
        play(&mut two, &plan, 50);
        prop_assert_eq!(fingerprint(one.world()), fingerprint(two.world()));
        prop_assert_eq!(one.events(), two.events());
    }

    #[test]
    fn seeking_anywhere_gives_what_the_straight_run_had(
        seed: u64,
        plan in prop::collection::vec((0u8..80, any_action()), PLAN),
        places in prop::collection::vec(0u32..1_200, 1..8),
    ) {
        let mut straight = timeline(seed);
        let mut seen = vec![fingerprint(straight.world())];
        let mut moments = |timeline: &mut Timeline| seen.push(fingerprint(timeline.world()));
        for (events, action) in &plan {
            for _ in 0..*events {
                straight.step();
                moments(&mut straight);
            }
            if straight.act(action.clone()).is_ok() {
                moments(&mut straight);
            }
        }
        for place in places {
            let place = place % (straight.len() + 1);
            straight.seek(place);
            // Intervening happens at the time of the intervention, which may be later than the last event.
            prop_assert_eq!(straight.digest(), seen[place as usize].0);
            prop_assert_eq!(straight.cursor(), place);
        }
    }

    #[test]
    fn stepping_back_and_forth_changes_nothing(
        seed: u64, plan in prop::collection::vec((0u8..40, any_action()), PLAN), steps in 1u32..150,
    ) {
        let mut run = timeline(seed);
        play(&mut run, &plan, 100);
        let (end, log) = (fingerprint(run.world()), run.events().to_vec());
        let back = (0..steps).filter(|_| run.back()).count();
        for _ in 0..back {
            run.step();
        }
        prop_assert_eq!(fingerprint(run.world()), end);
        prop_assert_eq!(run.events(), &log[..]);
    }

    #[test]
    fn a_step_when_nothing_is_due_changes_nothing(seed: u64, node in 0u16..3) {
        let mut run = timeline(seed);
        for node in (0..3).map(NodeId) {
            run.act(Action::Pause(node)).expect("it runs");
        }
        while run.step().is_some() {}
        run.act(Action::Slow(NodeId(node), 200)).expect("it can be slow");
        let end = fingerprint(run.world());
        prop_assert!(run.step().is_none());
        prop_assert_eq!(fingerprint(run.world()), end);
    }

    #[test]
    fn a_fork_and_its_origin_do_not_touch_each_other(
        seed: u64, plan in prop::collection::vec((0u8..40, any_action()), PLAN),
    ) {
        let mut origin: Box<dyn AnyWorld> = Box::new(world(seed));
        for _ in 0..100 {
            origin.step();
        }
        let before = fingerprint(origin.as_ref());
        let mut fork = origin.fork();
        for (events, action) in &plan {
            for _ in 0..*events {
                fork.step();
            }
            let _ = fork.apply(action);
        }
        prop_assert_eq!(fingerprint(origin.as_ref()), before);
        let mut again = world(seed);
        for _ in 0..150 {
            again.step();
        }
        for _ in 0..50 {
            origin.step();
        }
        prop_assert_eq!(fingerprint(origin.as_ref()), fingerprint(&again));
    }

    #[test]
    fn a_copy_moved_by_hand_can_do_and_comes_to_the_same(
        seed: u64,
        plan in prop::collection::vec((0u8..40, any_action()), PLAN),
        choices in prop::collection::vec((any::<prop::sample::Index>(), any_action()), 1..40),
    ) {
        let mut run = timeline(seed);
        play(&mut run, &plan, 50);
        // In a search nobody asks by himself.
        let _ = run.act(Action::EndWorkload);
        let begins = |action: &Action| matches!(action, Action::Workload(_));
        let mut world = run.world().fork();
        let mut by_hand = world.by_hand();
        for (choice, fault) in choices.into_iter().filter(|(_, fault)| !begins(fault)) {
            let (all, mut other) = (world.enabled(), by_hand.enabled());
            let mut added = vec![];
            by_hand.add_enabled(&mut added);
            for actions in [&mut other, &mut added] {
                let missing: Vec<&Action> = all.iter().filter(|action| !actions.contains(action)).collect();
                prop_assert!(missing.is_empty() && actions.len() == all.len(), "{:?} {:?}", missing, actions);
            }
            if !all.is_empty() {
                let action = &all[choice.index(all.len())];
                prop_assert!(world.apply(action).is_ok() && by_hand.apply(action).is_ok());
            }
            prop_assert_eq!(world.apply(&fault).is_ok(), by_hand.apply(&fault).is_ok());
            prop_assert_eq!(world.fingerprint(), by_hand.fingerprint());
            prop_assert!(by_hand.next_due().is_none() && by_hand.step().is_none());
            let mut copy = run.world().fork();
            prop_assert!(copy.become_copy(by_hand.as_ref()));
            prop_assert_eq!(copy.fingerprint(), world.fingerprint());
        }
    }

    #[test]
    fn branches_keep_both_futures(
        seed: u64, at in 0u32..200, plan in prop::collection::vec((0u8..40, any_action()), 1..6),
    ) {
        let mut run = timeline(seed);
        play(&mut run, &[], 300);
        let first = (fingerprint(run.world()), run.events().to_vec());
        run.seek(at);
        let shared = run.digest();
        play(&mut run, &plan, 200);
        let second = (fingerprint(run.world()), run.events().to_vec());
        if run.branches().len() > 1 {
            prop_assert_eq!(&second.1[..at as usize], &first.1[..at as usize]);
            run.switch(0);
            run.seek(u32::MAX);
            prop_assert_eq!(&(fingerprint(run.world()), run.events().to_vec()), &first);
            run.switch(1);
            run.seek(at);
            prop_assert_eq!(run.digest(), shared);
            run.seek(u32::MAX);
            prop_assert_eq!(&(fingerprint(run.world()), run.events().to_vec()), &second);
        }
    }

    #[test]
    fn a_run_restored_from_its_interventions_is_the_same_run(
        seed: u64, plan in prop::collection::vec((0u8..40, any_action()), PLAN), cursor in 0u32..500,
    ) {
        let mut original = timeline(seed);
        play(&mut original, &plan, 30);
        original.seek(cursor);
        let restored = Timeline::restore(&original.run(), Box::new(world(seed))).expect("a real run");
        prop_assert_eq!(restored.digest(), original.digest());
        prop_assert_eq!(restored.events(), original.events());
        prop_assert_eq!(restored.cursor(), original.cursor());
    }

    /// What charts are made of is noted once, and is what replaying everything would give.
    #[test]
    fn what_was_measured_is_there_up_to_the_cursor_on_every_branch(
        seed: u64,
        plan in prop::collection::vec((0u8..40, any_action()), 1..6),
        forks in prop::collection::vec((0u32..200, any_action()), 0..3),
        place in 0u32..300,
    ) {
        let mut run = timeline(seed);
        play(&mut run, &plan, 100);
        for (at, action) in forks {
            run.seek(at);
            play(&mut run, &[(0, action)], 60);
        }
        for branch in 0..run.branches().len() {
            run.switch(branch);
            run.seek(place);
            let mut seen = vec![];
            for event in 0..=run.cursor() {
                seen.extend_from_slice(run.world_after(event).measures());
            }
            prop_assert_eq!(run.measures().cloned().collect::<Vec<_>>(), seen);
            let by_series: usize = run.series().values().map(Vec::len).sum();
            prop_assert_eq!(by_series, run.measures().count());
        }
    }

    #[test]
    fn what_is_refused_changes_nothing(seed: u64, steps in 0u32..200, action in any_action()) {
        let mut world = world(seed);
        for _ in 0..steps {
            world.step();
        }
        let before = fingerprint(&world);
        if world.apply(&action).is_err() {
            prop_assert_eq!(fingerprint(&world), before);
        } else {
            prop_assert_eq!(world.events(), before.1 + 1);
        }
    }

    /// Dropping one message must not reshuffle the fate of those it has nothing to do with.
    #[test]
    fn an_intervention_changes_only_what_it_caused(seed: u64, steps in 1u32..100, pick: prop::sample::Index) {
        let mut origin = world(seed);
        for _ in 0..steps {
            origin.step();
        }
        while origin.view().flights.is_empty() {
            origin.step();
        }
        let flights = origin.view().flights;
        let dropped = &flights[pick.index(flights.len())];
        let mut branch = origin.fork();
        branch.apply(&Action::Drop(dropped.msg)).expect("it is in flight");
        // Whatever was in flight or armed keeps its time.
        let mut expected = origin.view();
        expected.flights.retain(|flight| flight.msg != dropped.msg);
        prop_assert_eq!(&branch.view().flights, &expected.flights);
        for (before, after) in expected.nodes.iter().zip(&branch.view().nodes) {
            prop_assert_eq!(&before.timers, &after.timers);
        }
        // The n-th message on a link meets the same fate in both, whenever it is sent.
        let (one, two) = (fates(origin.fork()), fates(branch));
        prop_assert_eq!(one.len(), two.len());
        for (link, fates) in &one {
            let common = fates.len().min(two[link].len());
            prop_assert!(common > 0);
            prop_assert_eq!(&fates[..common], &two[link][..common]);
        }
    }
}

/// How long each message that leaves from now on takes and whether it dies, in order, by link.
fn fates(mut world: Box<dyn AnyWorld>) -> BTreeMap<(NodeId, NodeId), Vec<(Span, bool)>> {
    let mut seen = world.view().flights.iter().map(|flight| flight.msg).max().unwrap_or(MsgId(0));
    let mut fates = BTreeMap::<_, Vec<_>>::new();
    for _ in 0..400 {
        world.step();
        for flight in world.view().flights.iter().filter(|flight| flight.msg > seen) {
            let fate = (flight.due.since(flight.sent_at), flight.doomed);
            fates.entry((flight.from.node, flight.to.node)).or_default().push(fate);
        }
        seen = world.view().flights.iter().map(|flight| flight.msg).fold(seen, Ord::max);
    }
    fates
}

#[test]
fn an_event_takes_at_most_64_bytes() {
    assert!(size_of::<Event>() <= 64, "{} bytes", size_of::<Event>());
}

#[test]
fn what_is_armed_at_boot_has_the_start_of_the_run_as_its_cause() {
    let mut world = world(1);
    let first = world.step().expect("a pulse");
    assert_eq!((first.what, first.cause), (What::Fired, 0));
    let sent: Vec<Event> = (0..20).filter_map(|_| world.step()).filter(|event| event.msg.is_some()).collect();
    assert!(!sent.is_empty() && sent.iter().all(|event| event.cause > 0), "{sent:?}");
}

#[test]
fn writes_hold_back_what_stands_behind_them() {
    let constant =
        Habitat { latency: Latency::Constant(Span::millis(5)), disk: Span::millis(7), ..Habitat::default() };
    let mut world = World::new(setup(1, constant));
    world.apply(&Action::Invoke(NodeId(3), "add 3".to_owned())).unwrap();
    let mut at = |what: What, kind: &str| loop {
        let event = world.step().expect("something goes on");
        if event.what == what && event.kind == kind {
            return event.at;
        }
    };
    assert_eq!(at(What::Delivered, "Add"), Time(5_000));
    assert_eq!(at(What::Synced, ""), Time(12_000));
    assert_eq!(at(What::Delivered, "Added"), Time(17_000));
    assert_eq!(world.history()[0].returned, Some(Time(17_000)));
}

#[test]
fn a_crash_before_the_write_loses_it_and_the_answer() {
    let constant =
        Habitat { latency: Latency::Constant(Span::millis(1)), disk: Span::millis(7), ..Habitat::default() };
    let mut world = World::new(setup(1, constant));
    world.apply(&Action::Invoke(NodeId(3), "add 3".to_owned())).unwrap();
    world.step();
    assert_eq!(world.global().node(NodeId(0)).beats, 3, "in memory");
    world.apply(&Action::Crash(NodeId(0))).unwrap();
    world.apply(&Action::Restart(NodeId(0), Disk::Kept)).unwrap();
    assert_eq!(world.global().node(NodeId(0)).beats, 0, "the disk never had it");
    for _ in 0..100 {
        world.step();
    }
    assert_eq!(world.history()[0].returned, None);
}

#[test]
fn a_restart_finds_what_was_written_or_nothing() {
    let mut world = World::new(setup(1, Habitat::default()));
    world.apply(&Action::Invoke(NodeId(3), "add 3".to_owned())).unwrap();
    while world.history()[0].returned.is_none() {
        world.step();
    }
    world.apply(&Action::Crash(NodeId(0))).unwrap();
    world.apply(&Action::Restart(NodeId(0), Disk::Kept)).unwrap();
    assert!(world.global().node(NodeId(0)).beats >= 3);
    world.apply(&Action::Crash(NodeId(0))).unwrap();
    world.apply(&Action::Restart(NodeId(0), Disk::Empty)).unwrap();
    assert_eq!(world.global().node(NodeId(0)).beats, 0);
}
