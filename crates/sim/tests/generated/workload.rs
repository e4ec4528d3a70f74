//! Clients that ask by themselves: when, what, and what that leaves alone.

use crate::common::{fingerprint, habitat, play, setup, timeline, world};
use faultline_model::{Chance, Habitat, Latency, NodeId, Span, Time};
use faultline_sim::{
    Action, AnyWorld, Event, Pace, Script, Timeline, What, Workload, World, describe_action, perform,
};
use proptest::prelude::*;

/// A network that neither loses nor repeats.
fn calm() -> Habitat {
    Habitat { loss: Chance(0), duplication: Chance(0), ..habitat() }
}

fn calm_world(seed: u64) -> World<crate::common::Toy> {
    World::new(setup(seed, calm()))
}

fn begin(world: &mut dyn AnyWorld, spec: Workload) {
    world.apply(&Action::Workload(Box::new(spec))).expect("a workload that can be");
}

fn run(world: &mut dyn AnyWorld, until: Time) -> Vec<Event> {
    let mut events = vec![];
    while world.next_due().is_some_and(|due| due <= until) {
        events.extend(world.step());
    }
    events
}

#[test]
fn an_open_workload_keeps_its_rate_whatever_the_system_does() {
    let arrivals = |down: bool| {
        let mut world = calm_world(3);
        if down {
            for node in 0..3 {
                world.apply(&Action::Crash(NodeId(node))).unwrap();
            }
        }
        begin(&mut world, Workload { until: Some(Time(20_000_000)), ..Workload::new(Pace::Open(50_000)) });
        run(&mut world, Time(21_000_000));
        world.history().iter().map(|op| (op.process.clone(), op.invoked, op.call.clone())).collect::<Vec<_>>()
    };
    let healthy = arrivals(false);
    // 50 a second for 20 s: 1,000, with a standard deviation of 32; four of them either way.
    assert!((870..=1_130).contains(&healthy.len()), "{}", healthy.len());
    assert_eq!(healthy, arrivals(true), "arrivals wait for nobody");
}

#[test]
fn a_closed_workload_waits_for_answers_and_thinks() {
    let mut world = calm_world(5);
    let think = Span::millis(7);
    begin(
        &mut world,
        Workload {
            total: Some(60),
            ..Workload::new(Pace::Closed { outstanding: 1, think, patience: Span::secs(5) })
        },
    );
    run(&mut world, Time(20_000_000));
    let history = world.history();
    assert_eq!(history.len(), 60);
    for client in ["C1", "C2"] {
        let own: Vec<_> = history.iter().filter(|op| op.process == client).collect();
        assert!(own.len() > 20, "{client} asked {} times", own.len());
        for pair in own.windows(2) {
            assert_eq!(Some(pair[1].invoked), pair[0].returned.map(|at| at + think), "{pair:?}");
        }
    }
    let view = world.view().workload.unwrap();
    assert!(view.finished && view.issued == 60 && view.missed == 0, "{view:?}");
}

#[test]
fn without_an_answer_a_client_asks_again_when_its_patience_ends() {
    let mut world = calm_world(5);
    for node in 0..3 {
        world.apply(&Action::Crash(NodeId(node))).unwrap();
    }
    let patience = Span::millis(300);
    let pace = Pace::Closed { outstanding: 1, think: Span::ZERO, patience };
    begin(&mut world, Workload { clients: vec![NodeId(4)], total: Some(4), ..Workload::new(pace) });
    run(&mut world, Time(5_000_000));
    let asked: Vec<u64> = world.history().iter().map(|op| op.invoked.0).collect();
    assert_eq!(asked, [0, 300_000, 600_000, 900_000]);
}

#[test]
fn no_two_operations_have_the_same_value_across_workloads_too() {
    let mut world = calm_world(8);
    for pace in
        [Pace::Open(100_000), Pace::Closed { outstanding: 3, think: Span(500), patience: Span(9_000) }]
    {
        let start = world.now();
        begin(&mut world, Workload::new(pace));
        run(&mut world, start + Span::secs(2));
    }
    let calls: Vec<String> = world.history().into_iter().map(|op| op.call).collect();
    let distinct: std::collections::BTreeSet<&String> = calls.iter().collect();
    assert!(calls.len() > 300, "{}", calls.len());
    assert_eq!(distinct.len(), calls.len());
}

#[test]
fn an_operation_for_a_client_that_is_down_is_an_event_and_not_in_the_history() {
    let mut world = calm_world(2);
    world.apply(&Action::Crash(NodeId(4))).unwrap();
    begin(
        &mut world,
        Workload { clients: vec![NodeId(4)], total: Some(3), ..Workload::new(Pace::Open(100_000)) },
    );
    let events = run(&mut world, Time(2_000_000));
    let missed: Vec<&Event> = events.iter().filter(|event| event.what == What::Missed).collect();
    assert_eq!(missed.len(), 3);
    assert_eq!(world.narrate(missed[0], None).text, "an operation (add) finds C2 down.");
    assert!(world.history().is_empty());
    assert_eq!(world.view().workload.map(|view| (view.issued, view.missed)), Some((0, 3)));
}

#[test]
fn what_cannot_be_is_refused_with_a_reason() {
    let refused =
        |spec: Workload| calm_world(1).apply(&Action::Workload(Box::new(spec))).unwrap_err().to_string();
    let open = || Workload::new(Pace::Open(1_000));
    assert_eq!(refused(Workload { clients: vec![NodeId(0)], ..open() }), "S1 takes no operations");
    let twice = vec![NodeId(3), NodeId(3)];
    assert_eq!(refused(Workload { clients: twice, ..open() }), "C1 stands among the clients twice");
    let mix = |word: &str, share| vec![(word.to_owned(), Chance(share))];
    assert_eq!(
        refused(Workload { mix: mix("read", 1_000_000), ..open() }),
        "there is no operation `read`; there are: add"
    );
    assert_eq!(
        refused(Workload { mix: mix("add", 900_000), ..open() }),
        "this workload has shares that make 90% together, and not 100%"
    );
    assert_eq!(
        refused(Workload { keys: 3, ..open() }),
        "these operations have no key: leave `keys` and `zipf` out"
    );
    assert!(refused(Workload::new(Pace::Open(0))).contains("a rate outside 0.001/s"));
    let crowd = Pace::Closed { outstanding: 501, think: Span::ZERO, patience: Span(1) };
    assert!(refused(Workload::new(crowd)).contains("1002 operations would be open at once"));
    assert_eq!(calm_world(1).apply(&Action::EndWorkload).unwrap_err().to_string(), "no workload runs");
    let by_hand = calm_world(1).by_hand().apply(&Action::Workload(Box::new(open())));
    assert!(by_hand.unwrap_err().to_string().contains("a search moves everything by hand"));
}

#[test]
fn a_line_of_a_script_says_it_and_mistakes_are_pointed_out() {
    let mut run = timeline(4);
    perform(&mut run, "workload open 80/s clients C1 add 100% until 2s").unwrap();
    let said = describe_action(&run.interventions()[0].action, run.world());
    assert_eq!(said.as_deref(), Some("workload open 80/s clients C1 add 100% until 2s"));
    assert_eq!(
        run.narrate(1).unwrap().text,
        "clients begin to ask by themselves: open 80/s clients C1 add 100% until 2s."
    );
    perform(&mut run, "run 500ms").unwrap();
    perform(&mut run, "workload stop").unwrap();
    let error = |text: &str| Script::parse(text).unwrap_err().to_string();
    assert!(error("workload").contains("open 50/s"));
    assert!(error("workload soon").contains("`soon` is no pace"));
    assert!(error("workload open 50").contains("`50` is no rate"));
    assert!(error("workload open 0.0005/s").contains("no number with at most three decimals"));
    assert!(error("workload open 5/s keys 0").contains("out of range"));
    assert!(error("workload open 5/s read 90").contains("no share"));
    assert!(error("workload open 5/s read 90%").contains("90%"));
    assert!(
        error("workload open 5/s zipf x").contains("zipf")
            || error("workload open 5/s zipf x").contains("0.99")
    );
    assert!(error("workload open 5/s keys 3 keys 4").contains("twice"));
    assert!(error("workload open 5/s clients C1,,C2").contains("is no node"));
}

/// What servers do among each other.
fn among_servers(timeline: &Timeline) -> Vec<(Time, &'static str, NodeId)> {
    let own = |event: &&Event| ["Pulse", "Beat", "Answer"].contains(&event.kind);
    timeline.events().iter().filter(own).map(|event| (event.at, event.kind, event.node)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_workload_draws_nothing_that_others_draw(seed in 0u64..1_000, rate in 10_000u32..200_000) {
        let seen = |loaded: bool| {
            let mut run = timeline(seed);
            if loaded {
                run.act(Action::Workload(Box::new(Workload::new(Pace::Open(rate))))).unwrap();
            }
            run.run_to(Time(1_000_000), 50_000);
            among_servers(&run)
        };
        // Servers need no time for clients, so nothing among them may move at all.
        prop_assert_eq!(seen(true), seen(false));
    }

    #[test]
    fn an_intervention_moves_no_arrival(seed in 0u64..1_000, plan in prop::collection::vec((0u8..20, crate::common::any_action()), 0..12)) {
        let ends = |action: &Action| matches!(action, Action::Workload(_) | Action::EndWorkload | Action::Arrive(_));
        let plan: Vec<_> = plan.into_iter().filter(|(_, action)| !ends(action)).collect();
        let arrivals = |plan: &[(u8, Action)]| {
            let mut run = timeline(seed);
            run.act(Action::Workload(Box::new(Workload::new(Pace::Open(100_000))))).unwrap();
            play(&mut run, plan, 0);
            run.run_to(Time(3_000_000), 50_000);
            let asked = |event: &&Event| event.kind == "Add" && event.what != What::Lost(faultline_sim::Loss::Down);
            let asked = run.events().iter().filter(asked).filter(|event| event.msg.is_none());
            asked.map(|event| (event.at, event.node)).filter(|(at, _)| at.0 < 3_000_000).collect::<Vec<_>>()
        };
        prop_assert_eq!(arrivals(&plan), arrivals(&[]));
    }

    #[test]
    fn a_workload_replays_seeks_and_travels_in_links(seed in 0u64..1_000, closed: bool) {
        let pace = if closed {
            Pace::Closed { outstanding: 2, think: Span::millis(3), patience: Span::millis(80) }
        } else {
            Pace::Open(60_000)
        };
        let mut original = timeline(seed);
        original.run_to(Time(50_000), 500);
        original.act(Action::Workload(Box::new(Workload::new(pace)))).unwrap();
        original.run_to(Time(2_000_000), 20_000);
        let (end, there) = (original.len(), fingerprint(original.world()));
        original.seek(end / 2);
        original.seek(end);
        prop_assert_eq!(&fingerprint(original.world()).0, &there.0);
        let linked = faultline_sim::link::decode(&faultline_sim::link::encode(&original.run())).unwrap();
        let again = Timeline::restore(&linked, Box::new(world(seed))).unwrap();
        prop_assert_eq!(again.digest(), original.digest());
        let mut scripted = timeline(seed);
        faultline_sim::export(&mut original).run(&mut scripted).unwrap();
        prop_assert_eq!(scripted.digest(), original.digest());
    }
}

#[test]
fn what_comes_next_is_listed_and_can_be_had_at_once() {
    let mut world = World::new(setup(9, Habitat { latency: Latency::Constant(Span::millis(5)), ..calm() }));
    begin(&mut world, Workload { clients: vec![NodeId(3)], ..Workload::new(Pace::Open(1_000)) });
    let next = world.view().next.into_iter().find(|next| matches!(next.action, Action::Arrive(_))).unwrap();
    assert_eq!(next.text, "C1 is asked to add 1");
    world.apply(&next.action).unwrap();
    assert_eq!(world.history()[0].call, "add 1");
    let after = world.view().next.into_iter().find(|next| matches!(next.action, Action::Arrive(_))).unwrap();
    assert!(after.due > next.due, "the one after it keeps its time");
}
