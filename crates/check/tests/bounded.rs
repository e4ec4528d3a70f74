//! K18: what waits and what is in flight stays below limits, on a run and in a search.

use faultline_check::bounded::{Limited, Limits};
use faultline_check::{Bounds, Search, Verdict, shrink};
use faultline_model::Protocol;
use faultline_protocols::lease_lock::LeaseLock;
use faultline_protocols::raft::Raft;
use faultline_sim::{Action, AnyWorld, Scenario, Setup, Timeline, World};

#[expect(dead_code, reason = "limits are no properties of a protocol")]
mod within;
use within::{exhausted, world};

fn in_flight(most: u32) -> Limits {
    Limits { in_flight: Some(most), ..Limits::default() }
}

#[test]
fn the_first_moment_beyond_a_limit_is_the_one_that_looking_at_every_moment_finds() {
    let (params, cast) = (Default::default(), Raft::cast(&Default::default(), 5));
    let world = World::<Raft>::new(Setup { cast, params, habitat: Raft::habitat(), seed: 7 });
    let mut timeline = Timeline::new(Scenario::default(), Box::new(world));
    let s2 = timeline.world().cast().find("S2").expect("a server");
    let mut loads = vec![timeline.world().load()];
    for turn in 0..400 {
        if turn == 100 {
            timeline.act(Action::Pause(s2)).expect("it runs");
            loads.push(timeline.world().load());
        }
        timeline.step().expect("there is always something to do");
        loads.push(timeline.world().load());
    }
    let first = |beyond: &dyn Fn(&faultline_sim::Load) -> bool| {
        loads.iter().position(beyond).map(|event| event as u32)
    };
    for most in [0, 3, 4, 5, 8, 1_000] {
        let passed = in_flight(most).first_passed(&timeline).map(|(event, _)| event);
        assert_eq!(passed, first(&|load| load.in_flight > most), "{most} in flight");
        // Nobody else is paused or busy.
        let waiting = Limits { waiting: Some(most), ..Limits::default() };
        let passed = waiting.first_passed(&timeline);
        assert_eq!(passed.map(|(event, _)| event), first(&|load| load.waiting > most), "{most} waiting");
        assert!(
            passed.is_none_or(|(_, excess)| excess.what == Limited::Waiting(s2) && excess.amount == most + 1)
        );
    }
    assert!(loads.iter().any(|load| load.waiting > 8), "something has waited");
    let (_, excess) = in_flight(0).first_passed(&timeline).expect("something was in flight");
    assert!(excess.sentence("").ends_with("messages are in flight, and 0 may be"), "{}", excess.sentence(""));
}

#[test]
fn what_a_node_remembers_is_limited_by_its_size() {
    let raft = world::<Raft>(3, &[]);
    let sizes: Vec<u32> =
        raft.cast().iter().map(|(node, _)| raft.detail(node).expect("a state").bytes()).collect();
    let largest = *sizes.iter().max().expect("a node");
    let memory = |most| Limits { memory: Some(most), ..Limits::default() };
    assert_eq!(memory(largest).passed(&raft), None);
    assert_eq!(memory(largest - 1).passed(&raft).map(|excess| excess.amount), Some(largest));
}

#[test]
fn a_search_finds_the_shortest_way_beyond_a_limit_and_exhausts_what_stays_below() {
    let raft = world::<Raft>(3, &[("clients", "0")]);
    let bounds = Bounds { timeouts: 2, limits: in_flight(3), ..Bounds::default() };
    // Two elections at once: two requests for votes each.
    for symmetry in [false, true] {
        let bounds = Bounds { symmetry, ..bounds.clone() };
        let mut search = Search::new(&raft, Some(Limits::PROPERTY), bounds).expect("there are limits");
        let Verdict::Found(found) = search.finish().clone() else { panic!("not found") };
        assert_eq!((found.property.as_str(), found.steps), (Limits::PROPERTY, 2));
        assert_eq!(shrink(&raft, &found).steps, 2);
    }
    let deep = Bounds { limits: in_flight(4), ..bounds.clone() };
    let mut search =
        Search::new(&raft, Some(Limits::PROPERTY), deep).expect("there are limits").depth_first();
    let Verdict::Found(found) = search.finish().clone() else { panic!("not found") };
    let small = shrink(&raft, &found);
    assert!(small.steps <= found.steps, "{} of {}", small.steps, found.steps);
    let lock = world::<LeaseLock>(2, &[("retry", "0s")]);
    let requests = within::requests(&lock, &["C1: lock", "C2: lock"]);
    let bounds = Bounds { timeouts: 0, requests, limits: in_flight(2), ..Bounds::default() };
    exhausted(&lock, Some(Limits::PROPERTY), bounds);
}

#[test]
fn without_limits_nobody_is_bounded() {
    let raft = world::<Raft>(3, &[]);
    let error = Search::new(&raft, Some(Limits::PROPERTY), Bounds::default()).err().expect("no limits");
    assert!(error.to_string().contains("election-safety"), "{error}");
    let bounds = Bounds { limits: in_flight(9), ..Bounds::default() };
    let said = Search::new(&raft, None, bounds).expect("limits").bounds().words();
    assert!(said.contains("at most 9 messages in flight"), "{said}");
}
