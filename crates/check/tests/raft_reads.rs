//! Reads that a Raft leader answers without the log (Raft §8): M28, and the same with the check that it still
//! leads.

use faultline_check::{Bounds, Search, Verdict};
use faultline_protocols::raft::Raft;
use faultline_sim::{Action, AnyWorld, World};

mod within;
use within::{exhausted, found, requests, world};

const AT_ONCE: [(&str, &str); 3] = [("clients", "0"), ("reads", "leader"), ("confirm-leadership", "off")];
const CONFIRMED: [(&str, &str); 2] = [("clients", "0"), ("reads", "leader")];

fn settle(world: &mut World<Raft>) {
    while let Some(flight) = world.view().flights.first() {
        world.apply(&Action::Deliver(flight.msg)).expect("it is in flight");
    }
}

/// Three servers of which S1 leads term 1, with nothing in flight.
fn led_by_s1(set: &[(&str, &str)]) -> World<Raft> {
    let mut world = world::<Raft>(3, set);
    let view = world.view();
    let timer = view.nodes[0].timers.iter().find(|timer| timer.kind == "election").expect("it runs");
    world.apply(&Action::Fire(view.nodes[0].node, timer.arming)).expect("it can fire");
    settle(&mut world);
    world
}

fn write_and_read(world: &World<Raft>, timeouts: u8) -> Bounds {
    Bounds { timeouts, requests: requests(world, &["S2: write x=1", "S1: read x"]), ..Bounds::default() }
}

/// M28: par 7 from an elected leader.
#[test]
fn a_leader_that_does_not_know_that_it_is_deposed_returns_what_is_stale() {
    let world = led_by_s1(&AT_ONCE);
    assert_eq!(found(&world, "no-stale-read", write_and_read(&world, 1)).steps, 7);
}

/// M28: par 10 from scratch.
#[test]
fn it_does_so_from_scratch() {
    let world = world::<Raft>(3, &AT_ONCE);
    assert_eq!(found(&world, "no-stale-read", write_and_read(&world, 2)).steps, 10);
}

#[test]
fn a_leader_that_asks_first_returns_nothing_stale() {
    let world = led_by_s1(&CONFIRMED);
    assert_eq!(exhausted(&world, Some("no-stale-read"), write_and_read(&world, 1)), 4_044);
    let asked = requests(&world, &["S1: write x=1", "S2: write x=2", "S1: read x"]);
    let bounds = Bounds { timeouts: 1, requests: asked, states: 60_000, ..Bounds::default() };
    let mut search = Search::new(&world, Some("no-stale-read"), bounds).expect("a property");
    assert!(!matches!(search.finish(), Verdict::Found(_)));
}

/// Neither is a new leader sure of what is committed, nor does it answer before it is.
#[test]
fn a_read_waits_for_an_entry_of_the_leaders_term_and_is_answered() {
    let mut world = led_by_s1(&CONFIRMED);
    let s1 = world.cast().find("S1").expect("a server");
    let answers = |world: &World<Raft>| {
        world.history().into_iter().map(|operation| operation.result).collect::<Vec<_>>()
    };
    world.apply(&Action::Invoke(s1, "read x".to_owned())).expect("it is up");
    settle(&mut world);
    assert_eq!(answers(&world), [None]);
    world.apply(&Action::Invoke(s1, "write x=7".to_owned())).expect("it is up");
    settle(&mut world);
    assert_eq!(answers(&world), [Some("7".to_owned()), Some("ok".to_owned())]);
    world.apply(&Action::Invoke(s1, "read x".to_owned())).expect("it is up");
    assert_eq!(world.view().flights.iter().filter(|flight| flight.kind == "Confirm").count(), 2);
    settle(&mut world);
    assert_eq!(answers(&world)[2].as_deref(), Some("7"));
}
