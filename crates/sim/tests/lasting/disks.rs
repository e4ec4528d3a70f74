//! Slow, full and damaged disks, and a process that stops without its machine.

use faultline_model::{Habitat, Latency, NodeId, Span, Time};
use faultline_sim::{Action, AnyWorld, Disk, NodeView, What, World};
use proptest::prelude::*;

use super::common::{Toy, setup};
use super::{C1, S1, S2, after, refusal, run, same_elsewhere};

fn steady(disk: Span) -> World<Toy> {
    World::new(setup(1, Habitat { latency: Latency::Constant(Span::millis(1)), disk, ..Habitat::default() }))
}

fn node(world: &World<Toy>, node: NodeId) -> NodeView {
    world.view().nodes.swap_remove(node.index())
}

fn run_to(world: &mut World<Toy>, time: Time) {
    while world.next_due().is_some_and(|due| due <= time) {
        world.step();
    }
    world.wait(time);
}

fn add(world: &mut World<Toy>, what: &str) {
    world.apply(&Action::Invoke(C1, what.to_owned())).unwrap();
}

#[test]
fn a_killed_process_keeps_what_it_was_writing_and_a_crash_does_not() {
    for (action, found) in [(Action::Kill(S1), 3), (Action::Crash(S1), 0)] {
        let mut world = steady(Span::millis(7));
        add(&mut world, "add 3");
        world.step();
        assert_eq!(node(&world, S1).writing, 1);
        world.apply(&action).unwrap();
        assert_eq!(node(&world, S1).writing, 0);
        world.apply(&Action::Restart(S1, Disk::Kept)).unwrap();
        assert_eq!(world.global().node(S1).beats, found, "{action:?}");
        run(&mut world, 60);
        assert_eq!(world.history()[0].result, None, "what stood behind the write is gone");
    }
    let mut world = steady(Span::ZERO);
    world.apply(&Action::Kill(S1)).unwrap();
    let text = world.view().because.unwrap().text;
    assert_eq!(text, "S1’s process stops: its memory is lost, its writes still reach the disk.");
    assert_eq!(refusal(&mut world, &Action::Kill(S1)), "S1 is already down");
}

#[test]
fn a_write_takes_what_the_disk_of_its_node_takes() {
    let took = |actions: &[Action]| {
        let mut world = steady(Span::millis(4));
        for action in actions {
            world.apply(action).unwrap();
        }
        add(&mut world, "add 3");
        loop {
            let event = world.step().expect("it goes on");
            if event.what == What::Synced && event.node == S1 {
                return event.at.since(Time(1_000));
            }
        }
    };
    assert_eq!(took(&[]), Span::millis(4));
    assert_eq!(took(&[Action::DiskLatency(S1, Some(Span::millis(20)))]), Span::millis(20));
    assert_eq!(took(&[Action::DiskSlow(S1, 250)]), Span::millis(10));
    assert_eq!(
        took(&[Action::DiskLatency(S1, Some(Span::millis(20))), Action::DiskSlow(S1, 50)]),
        Span::millis(10)
    );
    assert_eq!(
        took(&[Action::DiskLatency(S1, Some(Span::millis(20))), Action::DiskLatency(S1, None)]),
        Span::millis(4)
    );
    assert_eq!(took(&[Action::DiskSlow(S2, 900)]), Span::millis(4), "it is S1 that writes");
}

#[test]
fn a_faster_disk_does_not_overtake_its_own_writes() {
    let mut world = steady(Span::millis(20));
    add(&mut world, "add 1");
    world.step();
    world.apply(&Action::DiskLatency(S1, Some(Span::millis(1)))).unwrap();
    add(&mut world, "add 2");
    let synced: Vec<_> = run(&mut world, 12)
        .into_iter()
        .filter(|event| event.what == What::Synced && event.node == S1)
        .collect();
    assert_eq!(synced[0].at, Time(21_000), "both are there when the first is");
    assert!(world.global().node(S1).saved >= 3);
}

#[test]
fn on_a_full_disk_writes_wait_for_room_and_nothing_behind_them_leaves() {
    let mut world = steady(Span::millis(4));
    add(&mut world, "add 1");
    world.step();
    world.apply(&Action::DiskFull(S1, true)).unwrap();
    assert_eq!(
        world.view().because.unwrap().text,
        "S1’s disk changes: it is full, and writes wait for room."
    );
    assert_eq!(refusal(&mut world, &Action::DiskFull(S1, true)), "S1’s disk is already full");
    add(&mut world, "add 2");
    run_to(&mut world, Time(300_000));
    let view = node(&world, S1);
    assert!(view.disk_full && view.writing > 0);
    assert_eq!(world.global().node(S1).saved, 1, "the write under way had its room");
    let results = |world: &World<Toy>| {
        world.history().into_iter().map(|operation| operation.result).collect::<Vec<_>>()
    };
    // The toy's client takes the first answer for that to its last request.
    assert_eq!(results(&world), [None, Some("1".to_owned())]);
    assert!(refusal(&mut world, &Action::Sync(S1)).contains("S1’s disk is full"));

    world.apply(&Action::DiskFull(S1, false)).unwrap();
    let now = world.now();
    assert_eq!(refusal(&mut world, &Action::DiskFull(S1, false)), "S1’s disk has room");
    let synced = loop {
        let event = world.step().expect("it goes on");
        if event.what == What::Synced && event.node == S1 {
            break event;
        }
    };
    assert_eq!(synced.at, now + Span::millis(4), "all that waited is written in one go");
    assert!(world.global().node(S1).saved >= 3);
}

#[test]
fn what_waits_for_room_is_lost_with_the_process() {
    let mut world = steady(Span::millis(4));
    world.apply(&Action::DiskFull(S1, true)).unwrap();
    add(&mut world, "add 5");
    run(&mut world, 3);
    assert!(node(&world, S1).writing > 0);
    world.apply(&Action::Kill(S1)).unwrap();
    world.apply(&Action::Restart(S1, Disk::Kept)).unwrap();
    assert_eq!(world.global().node(S1).beats, 0, "the operating system never had it");
    assert!(node(&world, S1).disk_full, "the disk is as it was");
    world.apply(&Action::Crash(S1)).unwrap();
    world.apply(&Action::Restart(S1, Disk::Empty)).unwrap();
    assert!(!node(&world, S1).disk_full, "a new one has room");
}

#[test]
fn damage_shows_at_the_next_restart_and_stays_until_it_is_written_over() {
    let mut world = steady(Span::ZERO);
    assert_eq!(refusal(&mut world, &Action::Corrupt(S1)), "there is nothing on S1’s disk");
    add(&mut world, "add 9");
    run(&mut world, 1);
    assert_eq!(world.global().node(S1).saved, 9);
    world.apply(&Action::Corrupt(S1)).unwrap();
    let text = world.view().because.unwrap().text;
    assert_eq!(text, "a record on S1’s disk no longer fits its checksum.");
    assert_eq!((world.global().node(S1).beats, node(&world, S1).disk_damaged), (9, 1));
    world.apply(&Action::Crash(S1)).unwrap();
    world.apply(&Action::Restart(S1, Disk::Kept)).unwrap();
    assert_eq!((world.global().node(S1).beats, node(&world, S1).disk_damaged), (0, 0), "it has found out");
    world.apply(&Action::Crash(S1)).unwrap();
    world.apply(&Action::Restart(S1, Disk::Kept)).unwrap();
    assert_eq!(world.global().node(S1).beats, 0, "and finds it again");
    add(&mut world, "add 2");
    while world.global().node(S1).saved != 2 {
        world.step().expect("it goes on");
    }
    world.apply(&Action::Crash(S1)).unwrap();
    world.apply(&Action::Restart(S1, Disk::Kept)).unwrap();
    assert_eq!(world.global().node(S1).beats, 2, "until it has written anew");
}

#[test]
fn refusals_about_disks_say_why() {
    let mut world = steady(Span::ZERO);
    let why = refusal(&mut world, &Action::DiskSlow(S1, 300));
    assert!(why.contains("S1’s disk writes in no time"), "{why}");
    assert!(refusal(&mut world, &Action::DiskSlow(S1, 0)).contains("between 1% and 100000%"));
    let long = Action::DiskLatency(S1, Some(Span::secs(3_601)));
    assert_eq!(refusal(&mut world, &long), "a write takes at most an hour");
}

proptest! {
    #[test]
    fn a_disk_changes_nothing_on_other_nodes(seed: u64, events in 0u32..150, which in 0u8..4) {
        let (mut one, mut two) = (after(seed, events), after(seed, events));
        let action = match which {
            0 => Action::DiskFull(S1, true),
            1 => Action::DiskLatency(S1, Some(Span::millis(40))),
            2 => Action::DiskSlow(S1, 1_000),
            _ => Action::Corrupt(S1),
        };
        let before = one.view();
        prop_assume!(one.apply(&action).is_ok());
        let view = one.view();
        prop_assert_eq!(&view.flights, &before.flights);
        prop_assert_eq!(&view.nodes[1..], &before.nodes[1..]);
        prop_assert_eq!(&view.next, &before.next);
        prop_assert_eq!(&view.nodes[0].timers, &before.nodes[0].timers);
        same_elsewhere(&mut one, &mut two, (S1, S1));
    }

    #[test]
    fn damage_changes_nothing_until_the_disk_is_read(seed: u64, events in 20u32..150, later in 0u32..150) {
        let (mut one, mut two) = (after(seed, events), after(seed, events));
        prop_assume!(one.apply(&Action::Corrupt(S1)).is_ok());
        let bare = |event: faultline_sim::Event| faultline_sim::Event { cause: 0, ..event };
        let one: Vec<_> = run(&mut one, later).into_iter().map(bare).collect();
        let two: Vec<_> = run(&mut two, later).into_iter().map(bare).collect();
        prop_assert_eq!(one, two);
    }

    #[test]
    fn a_full_disk_that_gets_room_loses_no_write(seed: u64, events in 0u32..100, full in 1u32..200) {
        let mut world = after(seed, events);
        world.apply(&Action::DiskFull(S1, true)).unwrap();
        run(&mut world, full);
        world.apply(&Action::DiskFull(S1, false)).unwrap();
        let counted = world.global().node(S1).beats;
        while node(&world, S1).writing > 0 && world.global().node(S1).saved < counted {
            world.step().expect("it writes");
        }
        prop_assert!(world.global().node(S1).saved >= counted);
    }

    #[test]
    fn killing_when_nothing_is_written_is_a_crash(seed: u64, events in 0u32..200) {
        let (mut one, mut two) = (after(seed, events), after(seed, events));
        prop_assume!(node(&one, S1).writing == 0);
        one.apply(&Action::Kill(S1)).unwrap();
        two.apply(&Action::Crash(S1)).unwrap();
        for world in [&mut one, &mut two] {
            run(world, 40);
            world.apply(&Action::Restart(S1, Disk::Kept)).unwrap();
        }
        prop_assert_eq!(run(&mut one, 100), run(&mut two, 100));
    }
}
