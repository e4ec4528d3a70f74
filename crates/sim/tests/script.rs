//! Scripts on a running engine: what they do, what they say when they fail, and that an exported run
//! comes back to the last bit.

mod common;

use common::{any_action, fingerprint, habitat, setup, timeline, world};
use faultline_model::{Chance, Habitat, Latency, NodeId, Span, Time};
use faultline_sim::script::Why;
use faultline_sim::{
    Action, AnyWorld, Facts, Player, Scenario, Script, Timeline, World, describe_action, export, link,
    perform,
};
use proptest::prelude::*;
use proptest::sample::Index;

/// A toy whose messages take exactly 5 ms and are never lost, and whose disk needs 3 ms.
fn steady(seed: u64) -> Timeline {
    let habitat = Habitat {
        latency: Latency::Constant(Span::millis(5)),
        loss: Chance(0),
        duplication: Chance(0),
        ..habitat()
    };
    let scenario = Scenario { protocol: "toy".to_owned(), nodes: 3, seed, ..Scenario::default() };
    Timeline::new(scenario, Box::new(World::new(setup(seed, habitat))))
}

fn script(text: &str) -> Script {
    Script::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn play(text: &str) -> Timeline {
    let mut run = steady(7);
    script(text).run(&mut run).unwrap_or_else(|failure| panic!("{failure}"));
    run
}

fn why(text: &str) -> Why {
    script(text).run(&mut steady(7)).expect_err(text).why
}

/// What somebody does in a random run. Messages and timers are picked among those that there are, or
/// hardly one would ever be met.
#[derive(Clone, Debug)]
enum Deed {
    Any(Action),
    ToMessage(u8, Index),
    Fire(Index),
    /// Several requests at once put equal messages in flight.
    Ask(u8),
}

impl Deed {
    fn actions(&self, world: &dyn AnyWorld) -> Vec<Action> {
        let view = world.view();
        match self {
            Deed::Any(action) => vec![action.clone()],
            Deed::Ask(times) => {
                (0..*times % 4).map(|n| Action::Invoke(NodeId(3), format!("add {n}"))).collect()
            }
            Deed::ToMessage(verb, index) if !view.flights.is_empty() => {
                let msg = view.flights[index.index(view.flights.len())].msg;
                vec![match verb % 4 {
                    0 => Action::Drop(msg),
                    1 => Action::Deliver(msg),
                    2 => Action::Duplicate(msg),
                    _ => Action::Delay(msg, Span(u64::from(*verb) * 37)),
                }]
            }
            Deed::Fire(index) => {
                let nodes = view.nodes.iter();
                let timers: Vec<(NodeId, u32)> =
                    nodes.flat_map(|node| node.timers.iter().map(|t| (node.node, t.arming))).collect();
                match timers.as_slice() {
                    [] => vec![],
                    timers => {
                        let (node, arming) = timers[index.index(timers.len())];
                        vec![Action::Fire(node, arming)]
                    }
                }
            }
            Deed::ToMessage(..) => vec![],
        }
    }
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => any_action().prop_map(Deed::Any),
        3 => (any::<u8>(), any::<Index>()).prop_map(|(verb, index)| Deed::ToMessage(verb, index)),
        1 => any::<Index>().prop_map(Deed::Fire),
        2 => any::<u8>().prop_map(Deed::Ask),
    ]
}

/// A random run in which time also passes between events.
fn wander(run: &mut Timeline, plan: &[(u8, u8, Deed)], tail: u32) {
    for (events, share, deed) in plan {
        for _ in 0..*events {
            run.step();
        }
        let now = run.world().now();
        if let Some(due) = run.next_due() {
            let wait = due.since(now).0 * u64::from(*share % 5) / 4;
            run.wait(now + Span(wait));
        }
        for action in deed.actions(run.world()) {
            let _ = run.act(action);
        }
    }
    for _ in 0..tail {
        run.step();
    }
}

fn plan() -> impl Strategy<Value = Vec<(u8, u8, Deed)>> {
    prop::collection::vec((0u8..20, any::<u8>(), deed()), 0..20)
}

proptest! {
    #[test]
    fn an_exported_run_replays_to_the_same_digest(seed: u64, plan in plan(), tail in 0u32..60, back in 0u32..80) {
        let mut run = timeline(seed);
        wander(&mut run, &plan, tail);
        run.seek(run.len().saturating_sub(back));
        let before = fingerprint(run.world());
        let exported = export(&mut run);
        prop_assert_eq!(fingerprint(run.world()), before, "exporting moves nothing");

        let text = exported.to_string();
        let read = Script::parse(&text).unwrap();
        prop_assert_eq!(&read, &exported);
        let mut again = timeline(seed);
        read.run(&mut again).map_err(|failure| TestCaseError::fail(format!("{failure}\n{text}")))?;
        prop_assert_eq!(again.digest(), run.digest(), "{}", text);
        prop_assert_eq!(again.cursor(), run.cursor());
        let upto: Vec<_> = run.interventions().iter().filter(|i| i.after < run.cursor()).cloned().collect();
        prop_assert_eq!(again.interventions(), &upto[..]);
    }

    #[test]
    fn a_linked_run_is_restored_to_the_same_digest(
        seed: u64,
        first in prop::collection::vec((0u8..40, any_action()), 0..8),
        plan in plan(),
        back in 0u32..80,
    ) {
        let mut run = timeline(seed);
        common::play(&mut run, &first, 0);
        wander(&mut run, &plan, 30);
        run.seek(run.len().saturating_sub(back));
        let linked = link::decode(&link::encode(&run.run())).unwrap();
        prop_assert_eq!(&linked, &run.run());
        let restored = Timeline::restore(&linked, Box::new(world(seed))).unwrap();
        prop_assert_eq!(restored.digest(), run.digest());
        prop_assert_eq!(restored.run(), run.run());
    }

    #[test]
    fn an_action_and_its_line_do_the_same(seed: u64, plan in plan(), asked in 0u8..4, deed in deed()) {
        let (mut by_action, mut by_line) = (timeline(seed), timeline(seed));
        for run in [&mut by_action, &mut by_line] {
            wander(run, &plan, 0);
            wander(run, &[(0, 0, Deed::Ask(asked))], 0);
        }
        for action in deed.actions(by_line.world()) {
            let line = describe_action(&action, by_line.world());
            let acted = by_action.act(action.clone());
            let Some(line) = line else {
                prop_assert!(acted.is_err(), "{action:?} can be done and must have a line");
                continue;
            };
            let performed = perform(&mut by_line, &line);
            prop_assert_eq!(performed.is_ok(), acted.is_ok(), "{}: {:?}", line, performed);
            prop_assert_eq!(fingerprint(by_line.world()), fingerprint(by_action.world()), "{}", line);
            prop_assert_eq!(by_line.interventions(), by_action.interventions());
        }
    }
}

#[test]
fn time_and_events_are_what_the_script_says() {
    let run = play("run 100ms");
    assert_eq!(run.world().now(), Time(100_000));
    let events = run.cursor();
    assert_eq!(play("run 40ms\nrun 60ms").digest(), run.digest());
    assert_eq!(play(&format!("run {events} events")).digest(), run.digest());
    assert_eq!(play("run 40ms\nat 100ms expect time >= 100ms").digest(), run.digest());
    assert_eq!(play(&format!("after event {events} expect time < 100ms")).digest(), run.digest());
    // What is due at the very moment happens first.
    let due = steady(7).next_due().unwrap();
    assert_eq!(play(&format!("at {due} crash S1")).cursor(), 2);
    // With an event number before it, only time passes.
    let run = play(&format!("after event 0 at {due} crash S1"));
    assert_eq!((run.cursor(), run.world().now()), (1, due));
}

#[test]
fn conditions_are_waited_for_and_checked() {
    let run = play(
        "\
run until S1.beats >= 3
expect S1.beats = 3
expect S1.role = beater
expect not S1.status = down
expect 5 beater
crash S2
expect 4 beater
expect S2.status = down
expect in flight
invoke C1 add 5
expect C1.operation = open
expect in flight C1->S1 add
expect not quiet
run until C1.operation != open
expect S1.beats >= 8
",
    );
    assert!(run.cursor() > 10);
    // Told before it is run, a condition that holds costs nothing.
    assert_eq!(play("run until S1.beats = 0").cursor(), 0);
}

#[test]
fn every_command_does_what_it_says() {
    let run = play("invoke C1 add 1 # a request leaves");
    assert_eq!(run.world().view().flights.len(), 1);
    let run = play("invoke C1 add 1\nduplicate C1->S1\nexpect in flight C1->S1 Add\ndrop C1->S1 Add #2");
    assert_eq!(run.world().view().flights.len(), 1);
    let run = play("invoke C1 add 1\ndelay C1->S1 by 20ms");
    assert_eq!(run.world().view().flights[0].due, Time(25_000));
    let run = play(
        "invoke C1 add 1\ndeliver C1->S1 Add\nexpect S1.beats = 1\nexpect S1.saved = 0\nsync S1\nexpect S1.saved = 1",
    );
    assert_eq!(run.world().now(), Time::ZERO);
    play("fire S1 pulse\nexpect in flight Beat");
    play("crash S1\nrestart S1 with empty disk\nexpect S1.status = up");
    play("pause S1\nexpect S1.status = paused\nrun 200ms\nexpect S1.beats = 0\nresume S1\ntake S1");
    let links = |text: &str| {
        let view = play(text).world().view();
        let cut = view.links.iter().filter(|link| link.cut);
        cut.map(|link| format!("{}{}", link.from.name, link.to.name)).collect::<Vec<_>>()
    };
    assert_eq!(links("cut S1->S2"), ["S1S2"]);
    assert_eq!(links("cut S1<->S2"), ["S1S2", "S2S1"]);
    assert_eq!(links("cut S1->S2\ncut S1<->S2\nheal S2->S1"), ["S1S2"]);
    assert_eq!(links("partition S1 | S2 S3\nheal S1<->S3"), ["S1S2", "S2S1"]);
    assert_eq!(links("partition S1 | S2 S3\nheal all"), [""; 0]);
    let run = play(
        "lose S1<->S2 10%\nlatency S3->S1 uniform 1ms 2ms\nlatency S3->S2 exponential 1ms\nlatency S3->S2 default",
    );
    let texts: Vec<String> = run
        .world()
        .view()
        .links
        .iter()
        .filter_map(|link| {
            let what = link.loss.clone().or_else(|| link.latency.clone())?;
            Some(format!("{}{} {what}", link.from.name, link.to.name))
        })
        .collect();
    assert_eq!(texts, ["S1S2 10%", "S2S1 10%", "S3S1 uniform 1ms 2ms"]);
    let node = play("skew S2 -3s\ndrift S2 +200ppm\nslow S2 150%").world().view().nodes[1].clone();
    assert_eq!((node.offset, node.drift, node.slow), (-3_000_000, 200, 150));
}

#[test]
fn failures_say_where_and_what_was_found() {
    let failure = script("# toy\n\nrun 10ms\nexpect S1.beats = 99").run(&mut steady(7)).unwrap_err();
    assert_eq!(failure.line, 4);
    assert_eq!(
        failure.to_string(),
        "line 4: `expect S1.beats = 99`: expected: S1’s beats is 99; found: S1’s beats is 0"
    );
    let text = |script: &str| why(script).to_string();
    assert_eq!(
        text("expect S1.beets = 1"),
        "expected: S1’s beets is 1; found: S1: there is no `beets`; there is: beats, saved, answers, waiting"
    );
    assert_eq!(text("crash S9"), "there is no node S9; the nodes are: S1, S2, S3, C1, C2");
    assert_eq!(text("expect S9.beats = 0"), "there is no node `S9`; the nodes are: S1, S2, S3, C1, C2");
    assert_eq!(text("drop S1->S2"), "no such message is in flight; in flight: nothing");
    assert_eq!(
        text("invoke C1 add 1\ndrop C1->S1 Beat"),
        "no such message is in flight; in flight: C1->S1 Add"
    );
    assert_eq!(
        text("invoke C1 add 1\ninvoke C1 add 2\ndrop C1->S1"),
        "2 messages fit: #1 C1->S1 Add, #2 C1->S1 Add; say which with #1"
    );
    assert!(text("invoke C1 add 1\ninvoke C1 add 2\ndrop C1->S1 #3").starts_with("only 2 such messages"));
    assert_eq!(text("fire S1 election"), "no such timer runs at S1; there run: pulse");
    assert_eq!(text("restart S1"), "S1 is not down");
    assert_eq!(text("invoke C1 multiply 3"), "`multiply 3` is no operation: write `add 3`");
    assert!(matches!(why("run 50ms\nat 40ms crash S1"), Why::Passed { .. }));
    assert!(matches!(why("run 10 events\nafter event 9 crash S1"), Why::Passed { .. }));
    assert!(matches!(why("after event 0 at 1s crash S1"), Why::TooEarly { event: 1, .. }));
    assert!(matches!(why("seed 8"), Why::OtherRun { .. }));
    assert!(matches!(why("protocol raft"), Why::OtherRun { .. }));
    assert!(matches!(why("set loss = 3%"), Why::OtherRun { .. }));
    assert_eq!(why("nodes 4").to_string(), "this run has 3 nodes");
    let still = "crash S1\ncrash S2\ncrash S3\n";
    assert!(matches!(why(&format!("{still}run 1 event")), Why::AtRest { events: 3, .. }));
    assert!(matches!(why(&format!("{still}run until S1.beats = 1")), Why::AtRest { events: 3, .. }));
    // Time may pass all the same.
    assert_eq!(play(&format!("{still}run 10s")).world().now(), Time(10_000_000));
}

#[test]
fn waiting_in_vain_ends() {
    match why("run until S1.beats = -1") {
        Why::GaveUp { time, events, found } => {
            assert!(time >= Span::secs(3_600) || events >= 200_000, "{time} {events}");
            assert!(found.starts_with("S1’s beats is"), "{found}");
        }
        other => panic!("{other}"),
    }
}

#[test]
fn the_player_goes_line_by_line() {
    let script = script("# start\nrun 3 events\n\ncrash S9\nexpect not quiet # soon\n");
    let mut player = Player::new(&script);
    let mut run = steady(7);
    assert_eq!(player.next_line(), Some(2));
    let done = player.step(&mut run).unwrap().unwrap();
    assert_eq!((done.line, done.events), (2, 0..3));
    assert_eq!(player.step(&mut run).unwrap().unwrap_err().line, 4);
    assert_eq!(player.next_line(), Some(5));
    assert!(player.step(&mut run).is_some());
    assert_eq!(player.next_line(), None);
    assert!(player.step(&mut run).is_none());
}

#[test]
fn one_command_is_performed_at_the_cursor() {
    let mut run = steady(7);
    script("run 20 events").run(&mut run).unwrap();
    run.seek(10);
    let done = perform(&mut run, "partition S1 | S2 S3").unwrap();
    assert_eq!(done.events, 10..11);
    assert_eq!(run.branches().len(), 2, "acting in the past starts a branch");
    for bad in ["", "# nothing", "seed 7", "crash S1\ncrash S2", "crash"] {
        assert!(perform(&mut run, bad).is_err(), "{bad}");
    }
    assert_eq!(perform(&mut run, "restart S1").unwrap_err().to_string(), "S1 is not down");
    assert_eq!(run.cursor(), 11);
}

#[test]
fn facts_count_what_was_done_up_to_the_cursor() {
    let mut run = play(
        "invoke C1 add 1\ndrop C1->S1\ncrash S2\nrestart S2\ncrash S2\nrestart S2 with empty disk\nrun 1 event",
    );
    let facts = Facts::at_cursor(&run);
    assert_eq!((facts.done("crash"), facts.done("drop"), facts.done("invoke")), (2, 1, 1));
    assert_eq!(facts.faults(), 4, "a drop, two crashes and a lost disk");
    assert_eq!((facts.events, facts.time), (7, run.world().now()));
    run.seek(3);
    assert_eq!((Facts::at_cursor(&run).done("crash"), Facts::at_cursor(&run).faults()), (1, 2));
}
