//! What each fault does, and what it says when it cannot be done.

#[expect(dead_code, reason = "each test binary uses its own part")]
mod common;

use std::collections::BTreeMap;

use common::{habitat, setup};
use faultline_model::{Habitat, Latency, MsgId, NodeId, Span, Time};
use faultline_sim::{Action, AnyWorld, Disk, Loss, What, World};

#[test]
fn a_paused_node_finds_its_inputs_when_it_goes_on() {
    let mut world = World::new(setup(3, Habitat::default()));
    world.apply(&Action::Pause(NodeId(0))).unwrap();
    world.apply(&Action::Invoke(NodeId(3), "add 3".to_owned())).unwrap();
    let until = Time(100_000);
    while world.next_due().is_some_and(|due| due <= until) {
        world.step();
    }
    assert_eq!(world.global().node(NodeId(0)).beats, 0, "it stands still");
    let waiting = world.view().nodes[0].inbox;
    assert!(waiting >= 2, "the request and its own pulse wait: {waiting}");
    world.apply(&Action::Resume(NodeId(0))).unwrap();
    world.step();
    assert_eq!(world.view().nodes[0].inbox, waiting - 1, "one input an event");
    while world.history()[0].returned.is_none() {
        world.step().expect("it goes on");
    }
}

#[test]
fn operations_at_the_same_instant_are_ordered_by_their_events() {
    let mut world = World::new(setup(3, Habitat::default()));
    let invoke = |world: &mut World<common::Toy>, client: u16| {
        world.apply(&Action::Invoke(NodeId(client), "add 1".to_owned())).unwrap();
    };
    let deliver = |world: &mut World<common::Toy>| {
        let message = world.view().flights[0].msg;
        world.apply(&Action::Deliver(message)).unwrap();
    };
    invoke(&mut world, 3);
    deliver(&mut world);
    deliver(&mut world);
    invoke(&mut world, 4);
    let history = world.history();
    let numbers: Vec<_> = history.iter().map(|each| (each.invoked_event, each.returned_event)).collect();
    assert_eq!(numbers, [(1, Some(3)), (4, None)]);
    assert!(history.iter().all(|each| each.invoked == Time::ZERO), "by hand no time has passed");
    assert_eq!(history[0].returned, Some(Time::ZERO));
}

#[test]
fn a_timer_that_waits_in_the_inbox_can_still_be_started_anew() {
    let mut world = World::new(setup(3, Habitat::default()));
    // Paused until its pulse has run out, with a message before it in the inbox that restarts the pulse.
    world.apply(&Action::Pause(NodeId(0))).unwrap();
    world.apply(&Action::Invoke(NodeId(3), "restart".to_owned())).unwrap();
    while world.next_due().is_some_and(|due| due <= Time(60_000)) {
        world.step();
    }
    world.apply(&Action::Resume(NodeId(0))).unwrap();
    let resumed = world.now();
    let fired = loop {
        let event = world.step().expect("it goes on");
        if event.node == NodeId(0) && event.what == What::Fired {
            break event.at;
        }
    };
    assert!(fired.since(resumed) >= Span::millis(10), "the waiting pulse was withdrawn");
}

#[test]
fn busy_nodes_queue_what_arrives_and_slow_ones_longer() {
    let run = |percent| {
        let mut world = World::new(setup(5, habitat()));
        for node in 0..3 {
            world.apply(&Action::Slow(NodeId(node), percent)).unwrap();
        }
        (0..2_000).filter_map(|_| world.step()).filter(|event| event.what == What::Queued).count()
    };
    let (usual, slow) = (run(100), run(500));
    assert!(usual > 0 && slow > 2 * usual, "{usual} queued at usual speed, {slow} at a fifth of it");
}

#[test]
fn a_cut_link_loses_what_is_on_it_and_what_is_sent() {
    let mut world = World::new(setup(1, Habitat::default()));
    world.apply(&Action::Invoke(NodeId(3), "add 3".to_owned())).unwrap();
    world.apply(&Action::Cut(NodeId(3), NodeId(0))).unwrap();
    let lost = world.step().unwrap();
    assert_eq!((lost.what, lost.node, lost.peer), (What::Lost(Loss::Cut), NodeId(3), Some(NodeId(0))));
    assert_eq!(world.narrate(&lost, None).text, "Add from C1 to S1 is lost: the link C1→S1 is cut.");
    world.apply(&Action::Invoke(NodeId(3), "add 4".to_owned())).unwrap();
    let next = world.view().flights;
    assert!(next[0].doomed, "sent into a cut link");
    world.apply(&Action::Heal(NodeId(3), NodeId(0))).unwrap();
    assert!(world.view().flights[0].doomed, "healing does not save what was lost already");
}

#[test]
fn the_view_says_what_was_done_and_by_how_much() {
    let mut world = World::new(setup(1, Habitat::default()));
    world.apply(&Action::Skew(NodeId(0), 5_000_000)).unwrap();
    assert_eq!(world.view().because.unwrap().text, "S1’s clock changes: it is now 5s ahead of true time.");
    world.step();
    assert!(world.view().because.unwrap().text.contains("pulse"));
}

#[test]
fn refusals_say_why() {
    let mut world = World::new(setup(1, Habitat::default()));
    let why = |world: &mut World<common::Toy>, action: Action| world.apply(&action).unwrap_err().0;
    world.apply(&Action::Crash(NodeId(1))).unwrap();
    assert_eq!(why(&mut world, Action::Crash(NodeId(1))), "S2 is already down");
    assert_eq!(why(&mut world, Action::Pause(NodeId(1))), "S2 is down");
    assert_eq!(why(&mut world, Action::Restart(NodeId(0), Disk::Kept)), "S1 is not down");
    assert_eq!(why(&mut world, Action::Resume(NodeId(0))), "S1 is not paused");
    assert_eq!(why(&mut world, Action::Drop(MsgId(99))), "m99 is no longer in flight");
    assert_eq!(why(&mut world, Action::Heal(NodeId(0), NodeId(1))), "the link S1→S2 is not cut");
    assert_eq!(why(&mut world, Action::Cut(NodeId(3), NodeId(4))), "there is no link C1→C2");
    assert_eq!(why(&mut world, Action::Invoke(NodeId(0), "add 1".into())), "S1 takes no operations");
    assert_eq!(
        why(&mut world, Action::Invoke(NodeId(3), "sub 1".into())),
        "`sub 1` is no operation: write `add 3`"
    );
    assert_eq!(why(&mut world, Action::Crash(NodeId(77))), "there is no such node");
    assert_eq!(
        why(&mut world, Action::Partition(vec![vec![NodeId(0)], vec![NodeId(0)]])),
        "S1 stands in two groups"
    );
}

#[test]
fn links_that_keep_order_keep_it() {
    let fifo = Habitat { latency: Latency::Exponential(Span::millis(50)), fifo: true, ..Habitat::default() };
    let free = Habitat { fifo: false, ..fifo.clone() };
    let overtakings = |habitat: Habitat| {
        let mut world = World::new(setup(8, habitat));
        let mut newest = BTreeMap::new();
        let arrivals = (0..5_000).filter_map(|_| world.step()).filter(|event| event.what == What::Delivered);
        let late = arrivals.filter(|event| {
            let newest = newest.entry((event.peer, event.node)).or_insert(MsgId(0));
            let late = event.msg.unwrap() < *newest;
            *newest = (*newest).max(event.msg.unwrap());
            late
        });
        late.count()
    };
    assert_eq!(overtakings(fifo), 0);
    assert!(overtakings(free) > 20);
}

#[test]
fn drift_changes_when_running_timers_fire_and_offset_does_not() {
    let mut world = World::new(setup(1, Habitat::default()));
    let due = |world: &World<common::Toy>| world.view().nodes[0].timers[0].due;
    let before = due(&world);
    world.apply(&Action::Skew(NodeId(0), 5_000_000)).unwrap();
    assert_eq!(due(&world), before);
    world.apply(&Action::Drift(NodeId(0), 500_000)).unwrap();
    assert_eq!(due(&world), Time(before.0.div_ceil(3) * 2).min(Time((before.0 * 2).div_ceil(3))));
}

#[test]
fn a_link_can_repeat_messages_and_keep_their_order_on_its_own() {
    let mut world = World::new(setup(
        6,
        Habitat { latency: Latency::Exponential(Span::millis(40)), ..Habitat::default() },
    ));
    let twice = Action::Repeat(NodeId(0), NodeId(1), faultline_model::Chance(1_000_000));
    world.apply(&twice).unwrap();
    world.apply(&Action::Order(NodeId(0), NodeId(1), true)).unwrap();
    assert_eq!(world.view().links[0].duplication.as_deref(), Some("100%"));
    let arrivals: Vec<_> =
        (0..6_000).filter_map(|_| world.step()).filter(|event| event.what == What::Delivered).collect();
    let on = |from, to| arrivals.iter().filter(move |e| e.peer == Some(NodeId(from)) && e.node == NodeId(to));
    let beats = |from, to| {
        on(from, to).filter(|event| event.kind == "Beat").map(|event| event.cause).collect::<Vec<_>>()
    };
    let kept = beats(0, 1);
    let pairs = kept.chunks_exact(2);
    assert!(kept.len() > 100 && pairs.clone().all(|pair| pair[0] == pair[1]), "every beat arrives twice");
    assert!(kept.is_sorted(), "in the order in which they were sent");
    let free = beats(1, 2);
    assert!(
        free.windows(2).all(|pair| pair[0] != pair[1]) && !free.is_sorted(),
        "other links are as they were"
    );
}
