//! Lamport's clocks and his algorithm for mutual exclusion, sentence by sentence, and the golden scripts.

use faultline_model::{Chance, Draw, Latency, NodeId, Protocol, Purpose, Span};
use faultline_protocols::lamport_clocks::{Algorithm, Knobs, LamportClocks, Msg};
use faultline_sim::{Action, AnyWorld, Causality, Setup, What, World};

mod golden;

#[test]
fn every_golden_script_plays_as_it_says() {
    golden::play_all::<LamportClocks>(8);
}

/// Duplicates, in parts per million.
fn world(nodes: usize, params: Knobs, seed: u64, duplicated: u32) -> World<LamportClocks> {
    let mut habitat = LamportClocks::habitat();
    habitat.latency = Latency::Uniform(Span::millis(1), Span::millis(40));
    habitat.duplication = Chance(duplicated);
    World::new(Setup { cast: LamportClocks::cast(&params, nodes), params, habitat, seed })
}

/// Row T7: a and b at P, c and d at Q, e and f at R.
#[test]
fn the_example_of_three_processes_has_these_clocks_and_these_vectors() {
    let script = golden::script::<LamportClocks>("counters");
    let mut timeline = golden::timeline::<LamportClocks>(&script);
    script.run(&mut timeline).unwrap();
    let causality = Causality::of(timeline.events());
    let at = |process: u16, place: usize| {
        let events = (1..).zip(timeline.events());
        let mut own = events.filter(|(_, event)| {
            event.node == NodeId(process) && matches!(event.what, What::Invoked | What::Delivered)
        });
        own.nth(place).expect("an event").0
    };
    let (a, b, c) = (at(0, 0), at(0, 1), at(1, 0));
    let (d, e, f) = (at(1, 1), at(2, 0), at(2, 1));
    let vectors = causality.vectors(&[a, b, c, d, e, f]);
    assert_eq!(vectors, [[1, 0, 0], [2, 0, 0], [2, 1, 0], [2, 2, 0], [0, 0, 1], [2, 2, 2]]);
    assert!(!causality.happened_before(c, e) && !causality.happened_before(e, c), "c ∥ e");
}

/// Messages that a run has sent, by asking every process to enter and leave once, one after the other.
fn messages_per_entry(nodes: usize, algorithm: Algorithm) -> usize {
    let mut world = world(nodes, Knobs { algorithm, ..Knobs::default() }, 7, 0);
    let mut sent = 0;
    for process in (0..nodes as u16).map(NodeId) {
        for op in ["request", "release"] {
            world.apply(&Action::Invoke(process, op.to_owned())).unwrap();
            while let Some(event) = world.step() {
                sent += usize::from(event.what == What::Delivered);
            }
        }
    }
    assert!(world.broken(None).is_none());
    assert_eq!(sent % nodes, 0);
    sent / nodes
}

/// Row E19.
#[test]
fn an_entry_costs_three_times_the_others_messages_and_two_times_with_permission() {
    for nodes in 1..=9 {
        assert_eq!(messages_per_entry(nodes, Algorithm::Lamport), 3 * (nodes - 1));
        assert_eq!(messages_per_entry(nodes, Algorithm::RicartAgrawala), 2 * (nodes - 1));
    }
}

const WHO: Purpose = Purpose::new("who asks in the random runs of mutual exclusion");

/// Everybody asks again and again, on a network that reorders and duplicates.
#[test]
fn random_runs_keep_every_promise() {
    for (algorithm, ordered) in
        [(Algorithm::Lamport, true), (Algorithm::RicartAgrawala, true), (Algorithm::RicartAgrawala, false)]
    {
        let mut entries = 0;
        for seed in 0..30 {
            let hold = Span::millis(3);
            let params = Knobs { algorithm, hold, ordered_channels: ordered, ..Knobs::default() };
            let mut world = world(4, params, seed, if ordered { 100_000 } else { 0 });
            for turn in 0..60 {
                let mut draw = Draw::new(seed, WHO, 0, turn);
                let op = ["request", "event", "send"][draw.between(0, 2) as usize];
                world.apply(&Action::Invoke(NodeId(draw.between(0, 3) as u16), op.to_owned())).unwrap();
                for _ in 0..draw.between(0, 6) {
                    world.step();
                    assert_eq!(world.broken(None), None, "seed {seed}");
                }
            }
            while world.step().is_some() {
                assert_eq!(world.broken(None), None, "seed {seed}");
            }
            let view = world.view();
            assert!(view.nodes.iter().all(|node| node.role == "process"), "nobody waits in the end");
            entries += world
                .history()
                .iter()
                .filter(|op| op.result.as_deref().is_some_and(|r| r.starts_with("entered")))
                .count();
        }
        assert!(entries > 200, "{entries}");
    }
}

#[test]
fn without_the_receive_rule_the_clock_condition_breaks_and_with_it_never() {
    for receive_rule in [true, false] {
        let mut broken = 0;
        for seed in 0..20 {
            let mut world = world(3, Knobs { receive_rule, ..Knobs::default() }, seed, 0);
            for turn in 0..30 {
                let mut draw = Draw::new(seed, WHO, 1, turn);
                let op = ["event", "send"][draw.between(0, 1) as usize];
                world.apply(&Action::Invoke(NodeId(draw.between(0, 2) as u16), op.to_owned())).unwrap();
                world.step();
            }
            broken += usize::from(world.broken(Some("clock-condition")).is_some());
        }
        assert_eq!(broken > 0, !receive_rule, "{broken}");
    }
}

#[test]
fn a_message_carries_the_time_of_its_sending() {
    let mut world = world(3, Knobs::default(), 1, 0);
    world.apply(&Action::Invoke(NodeId(0), "event".to_owned())).unwrap();
    world.apply(&Action::Invoke(NodeId(0), "request".to_owned())).unwrap();
    let requests = world.global().in_flight().map(|(_, _, _, msg)| match msg {
        Msg::Request(sent) => sent.at,
        other => panic!("{other:?}"),
    });
    assert_eq!(requests.collect::<Vec<_>>(), [2, 2]);
}

/// The same arrivals, on channels that keep order.
#[test]
fn the_run_in_which_two_enter_does_not_go_that_way_on_ordered_channels() {
    let script = golden::script_without::<LamportClocks>("overtaken", "ordered-channels");
    let mut timeline = golden::timeline::<LamportClocks>(&script);
    script.run(&mut timeline).expect_err("Q does not enter");
    assert!(
        timeline.world().verdicts().iter().all(|verdict| verdict.property != "exclusion" || verdict.holds)
    );
}
