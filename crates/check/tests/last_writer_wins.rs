//! Last writer wins: M03, clocks that disagree, and M04, ties that a rule by arrival does not settle.

use faultline_check::{Bounds, Search, Verdict, play};
use faultline_model::{NodeId, Span};
use faultline_protocols::last_writer_wins::LastWriterWins;
use faultline_sim::{Action, AnyWorld, Scenario, Timeline, World};

mod within;
use within::{exhausted, found, requests, world};

/// Two replicas whose clocks stand at the same second, and a write at each.
fn tie(rule: &str) -> (World<LastWriterWins>, Bounds) {
    let world = world::<LastWriterWins>(2, &[("tie", rule), ("client-retries", "0")]);
    let clients: Vec<String> = {
        let view = world.view();
        view.nodes.iter().filter(|node| node.client).map(|node| node.id.clone()).collect()
    };
    let asked = [format!("{}: write x=red", clients[0]), format!("{}: write x=blue", clients[1])];
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    let requests = requests(&world, &asked);
    (world, Bounds { timeouts: 0, requests, ..Bounds::default() })
}

/// M04: par 4, where writes begin at the replicas; here a request and an answer travel for each, so 8.
#[test]
fn when_the_first_or_the_last_to_arrive_wins_a_tie_the_replicas_differ_for_good() {
    for rule in ["keep", "incoming", "none"] {
        let (world, bounds) = tie(rule);
        assert_eq!(found(&world, "convergence", bounds).steps, 8, "{rule}");
    }
}

#[test]
fn when_the_higher_node_wins_a_tie_they_agree() {
    let (world, bounds) = tie("node-id");
    assert_eq!(exhausted(&world, Some("convergence"), bounds.clone()), 91);
    assert_eq!(exhausted(&world, Some("convergence"), Bounds { duplicates: 1, ..bounds }), 641);
}

/// Two replicas, of which B's clock is ahead by so much, and a write at each, a millisecond apart.
fn ahead(offset: i64) -> (World<LastWriterWins>, Bounds) {
    let mut world = world::<LastWriterWins>(2, &[("client-retries", "0")]);
    world.apply(&Action::Skew(NodeId(1), offset)).expect("its clock can be set");
    let requests = requests(&world, &["C1: write x=red", "C2: write x=blue"]);
    (world, Bounds { timeouts: 0, requests, pace: Span::millis(1), ..Bounds::default() })
}

/// M03: par 3, where writes begin at the replicas; here a request and an answer travel for each, so 7.
#[test]
fn a_later_write_is_lost_although_it_was_acknowledged_when_clocks_disagree() {
    let (world, bounds) = ahead(5_000_000);
    let mut search = Search::new(&world, Some("no-lost-acknowledged-write"), bounds).expect("a property");
    let Verdict::Found(lost) = search.finish().clone() else { panic!("not found") };
    println!("{} states", search.progress().states);
    assert_eq!(lost.steps, 7);
    let start = within::world::<LastWriterWins>(2, &[("client-retries", "0")]);
    let mut timeline = Timeline::new(Scenario::default(), start.fork());
    timeline.act(Action::Skew(NodeId(1), 5_000_000)).expect("its clock can be set");
    play(&mut timeline, &lost).expect("it can be played");
    assert_eq!(timeline.world().broken(None), Some("no-lost-acknowledged-write"));
}

/// Half a millisecond is less than lies between the writes.
#[test]
fn nothing_acknowledged_is_lost_when_clocks_agree_well_enough() {
    for (offset, states) in [(0, 129), (500, 117)] {
        let (world, bounds) = ahead(offset);
        assert_eq!(exhausted(&world, Some("no-lost-acknowledged-write"), bounds), states, "{offset}");
    }
}
