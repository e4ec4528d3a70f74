//! Breadth first, depth first and depth first with iterative deepening give the same answers; what is
//! found can be played, and nothing of it can be left out.

use faultline_check::{Bounds, Counterexample, Search, Verdict, offered_requests, play, shrink};
use faultline_protocols::lease_lock::LeaseLock;
use faultline_protocols::paxos::Paxos;
use faultline_protocols::raft::Raft;
use faultline_protocols::two_phase_commit::TwoPhaseCommit;
use faultline_sim::{Action, AnyWorld, Disk, Scenario, Timeline};

mod within;
use within::{exhausted, found, requests, world};

fn answer(mut search: Search) -> Verdict {
    search.finish().clone()
}

fn counterexample(search: Search) -> Counterexample {
    match answer(search) {
        Verdict::Found(counterexample) => counterexample,
        other => panic!("{other:?}"),
    }
}

fn breaks(world: &dyn AnyWorld, found: &Counterexample) {
    let mut played = world.fork();
    for (place, action) in found.actions.iter().enumerate() {
        assert_eq!(played.broken(Some(&found.property)), None, "broken before action {place}");
        played.apply(action).expect("every action can be done");
    }
    assert!(played.broken(Some(&found.property)).is_some());
}

#[test]
fn deepening_finds_one_of_the_shortest() {
    let raft = world::<Raft>(3, &[("clients", "0"), ("persist-vote", "off")]);
    let lock = world::<LeaseLock>(2, &[("retry", "0s"), ("fencing", "off")]);
    let asked = requests(&lock, &["C1: lock", "C2: lock", "C1: write red", "C2: write blue"]);
    let cases: [(&dyn AnyWorld, &str, Bounds); 2] = [
        (&raft, "election-safety", Bounds { timeouts: 2, restarts: 1, ..Bounds::default() }),
        (&lock, "exclusion-of-effect", Bounds { timeouts: 1, requests: asked, ..Bounds::default() }),
    ];
    for (world, property, bounds) in cases {
        let new = || Search::new(world, Some(property), bounds.clone()).expect("a property");
        let (breadth, deepening) = (counterexample(new()), counterexample(new().deepening()));
        assert_eq!(breadth.steps, deepening.steps, "{property}");
        breaks(world, &deepening);
    }
}

#[test]
fn deepening_exhausts_the_same_states() {
    let lock = world::<LeaseLock>(2, &[("retry", "0s")]);
    let asked = requests(&lock, &["C1: lock", "C2: lock", "C1: write red", "C2: write blue"]);
    let bounds = Bounds { timeouts: 1, requests: asked, ..Bounds::default() };
    let new = || Search::new(&lock, Some("exclusion-of-effect"), bounds.clone()).expect("a property");
    let mut all = vec![];
    for mut search in [new(), new().deepening(), new().depth_first()] {
        assert_eq!(search.finish(), &Verdict::Exhausted);
        assert!(!search.cut_off());
        all.push(search.progress().states);
    }
    assert!(all.iter().all(|states| *states == all[0]), "{all:?}");
}

/// A bound on depth hides from deepening only what takes more steps.
#[test]
fn deepening_keeps_to_the_bound_on_depth_and_says_so() {
    let raft = world::<Raft>(3, &[("clients", "0"), ("persist-vote", "off")]);
    let search = |depth| {
        let bounds = Bounds { timeouts: 2, restarts: 1, depth, ..Bounds::default() };
        let mut search = Search::new(&raft, Some("election-safety"), bounds).expect("a property").deepening();
        (search.finish().clone(), search.cut_off())
    };
    assert_eq!(search(6), (Verdict::Exhausted, true));
    assert!(matches!(search(7).0, Verdict::Found(_)));
}

/// What a depth-first search finds has much that the violation does not need; after shrinking, leaving
/// out any one action loses it.
#[test]
fn what_is_found_depth_first_shrinks_until_every_action_is_needed() {
    let raft = world::<Raft>(3, &[("clients", "0"), ("persist-vote", "off")]);
    let bounds = Bounds { timeouts: 2, restarts: 1, ..Bounds::default() };
    let search = Search::new(&raft, Some("election-safety"), bounds).expect("a property").depth_first();
    let found = counterexample(search);
    let small = shrink(&raft, &found);
    println!("{} steps, shrunk to {}", found.steps, small.steps);
    assert!(small.steps < found.steps, "{} of {}", small.steps, found.steps);
    breaks(&raft, &small);
    assert_eq!(shrink(&raft, &small).actions, small.actions, "it is small already");
}

#[test]
fn the_shortest_do_not_shrink() {
    let paxos = world::<Paxos>(3, &[("keep-promise", "off")]);
    let asked = requests(&paxos, &["P1: propose red", "P2: propose blue"]);
    let bounds = Bounds { timeouts: 0, requests: asked, ..Bounds::default() };
    let found = found(&paxos, "agreement", bounds);
    assert_eq!(shrink(&paxos, &found).steps, found.steps);
}

/// Two crashes cost two of the faults altogether, whichever they are.
#[test]
fn faults_are_bounded_one_by_one_and_altogether() {
    let commit = world::<TwoPhaseCommit>(3, &[]);
    let states = |faults| {
        let requests = offered_requests(&commit, 1);
        let bounds = Bounds { timeouts: 0, crashes: 1, drops: 1, faults, requests, ..Bounds::default() };
        exhausted(&commit, Some("atomic-commit"), bounds)
    };
    let (none, one, both) = (states(0), states(1), states(2));
    assert!(none < one && one < both, "{none} {one} {both}");
    assert_eq!(both, states(u8::MAX));
}

/// From where a run stands, on the timeline that it stands on.
#[test]
fn a_counterexample_is_played_on_a_branch_of_the_run_that_was_searched_from() {
    let raft = world::<Raft>(3, &[("clients", "0"), ("persist-vote", "off")]);
    let mut timeline = Timeline::new(Scenario::default(), raft.fork());
    for _ in 0..12 {
        timeline.step();
    }
    timeline.seek(3);
    let bounds = Bounds { timeouts: 2, restarts: 1, ..Bounds::default() };
    let search = Search::new(timeline.world(), Some("election-safety"), bounds).expect("a property");
    let found = counterexample(search);
    play(&mut timeline, &found).expect("it can be played");
    assert_eq!(timeline.branches().len(), 2);
    assert_eq!(timeline.cursor(), 3 + found.actions.len() as u32);
    assert_eq!(timeline.world().broken(None), Some("election-safety"));
    assert!(
        found
            .actions
            .windows(2)
            .any(|pair| { matches!(pair, [Action::Crash(a), Action::Restart(b, Disk::Kept)] if a == b) })
    );
    assert!(timeline.world().now() > timeline.events()[2].at, "time passes between what is done");
    timeline.seek(2 + found.actions.len() as u32);
    assert_eq!(timeline.world().broken(None), None, "one event before it nothing is broken");
}

#[test]
fn a_search_that_will_not_end_says_so_while_it_is_small() {
    let raft = world::<Raft>(5, &[("clients", "0")]);
    let bounds = Bounds { timeouts: 6, restarts: 2, states: 2_000_000, ..Bounds::default() };
    let mut search = Search::new(&raft, Some("election-safety"), bounds).expect("a property");
    while search.forecast().is_none() {
        assert_eq!(search.go_on(64), None);
        assert!(search.progress().states < 100_000, "{:?}", search.progress());
    }
    let forecast = search.forecast().expect("one");
    assert!(forecast.tenfold_growth > 15 && forecast.full_at <= 40, "{forecast:?}");
    search.give_up();
    assert_eq!(search.finish(), &Verdict::TooMany);
}

/// What is foretold while a search is small comes about, whatever the search leaves out.
#[test]
fn the_step_in_which_a_search_will_be_full_is_foretold_well() {
    let raft = world::<Raft>(3, &[("clients", "0")]);
    for symmetry in [false, true] {
        let bounds = Bounds { timeouts: 4, restarts: 2, states: 60_000, symmetry, ..Bounds::default() };
        let new = || Search::new(&raft, Some("election-safety"), bounds.clone()).expect("a property");
        for mut search in [new(), new().sleeping()] {
            let foretold = loop {
                assert_eq!(search.go_on(64), None);
                if let Some(forecast) = search.forecast() {
                    break forecast;
                }
            };
            let states = search.progress().states;
            assert!(states < 12_000, "{states}");
            assert_eq!(search.finish(), &Verdict::TooMany);
            // What is being looked at is one step nearer than what is found.
            let full = search.progress().depth + 1;
            assert!(full.abs_diff(foretold.full_at) <= 1, "full at {full}, {foretold:?} at {states} states");
        }
    }
}

#[test]
fn offered_requests_are_spread_over_the_nodes_that_ask_and_over_what_they_ask() {
    let offered = |world: &dyn AnyWorld, count| -> Vec<(u16, String)> {
        offered_requests(world, count).into_iter().map(|request| (request.node.0, request.op)).collect()
    };
    let lock = world::<LeaseLock>(2, &[]);
    let one = &offered(&lock, 1)[0];
    let four = offered(&lock, 4);
    assert_eq!(four[0], *one, "the first is the same, however many");
    assert_eq!(
        four.iter().map(|(node, _)| node).collect::<Vec<_>>(),
        [&one.0, &four[1].0, &one.0, &four[1].0]
    );
    assert_ne!(four[0].0, four[1].0, "two clients");
    assert_ne!(four[0].1, four[1].1, "two kinds: {four:?}");
    assert_ne!(four[0].1, four[2].1, "{four:?}");
    assert!(offered(&lock, 0).is_empty());
    let alone = world::<Raft>(3, &[("clients", "1")]);
    let asked = offered(&alone, 3);
    assert!(asked.iter().all(|(node, _)| *node == asked[0].0) && asked[0].1 != asked[1].1, "{asked:?}");
    let nobody = world::<Raft>(3, &[("clients", "0")]);
    assert!(offered(&nobody, 2).len() == 2, "servers are asked where there is no client");
}
