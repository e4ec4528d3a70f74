//! Raft without the rule about the candidate's log: M26, and the same with it.
//!
//! The searches begin where a leader has been elected: what comes before is everybody's first election.

use faultline_check::Bounds;
use faultline_protocols::raft::Raft;
use faultline_sim::{Action, AnyWorld, World};

mod within;
use within::{exhausted, found, requests, world};

fn fire_election(world: &mut World<Raft>, name: &str) {
    let view = world.view();
    let node = view.nodes.iter().find(|node| node.id == name).expect("a server");
    let timer = node.timers.iter().find(|timer| timer.kind == "election").expect("its election timer runs");
    world.apply(&Action::Fire(node.node, timer.arming)).expect("it can fire");
}

/// Three servers of which S1 leads term 1, with nothing in flight.
fn led_by_s1(set: &[(&str, &str)]) -> World<Raft> {
    let mut world = world::<Raft>(3, &[&[("clients", "0")], set].concat());
    fire_election(&mut world, "S1");
    while let Some(flight) = world.view().flights.first() {
        world.apply(&Action::Deliver(flight.msg)).expect("it is in flight");
    }
    assert_eq!(world.view().nodes[0].role, "leader");
    world
}

fn bounds(world: &World<Raft>, timeouts: u8, asked: &[&str]) -> Bounds {
    Bounds { timeouts, requests: requests(world, asked), states: 6_000_000, ..Bounds::default() }
}

/// M26: par 9 from scratch, of which the first election takes 3.
#[test]
fn without_the_up_to_date_check_a_leader_lacks_what_was_committed() {
    let world = led_by_s1(&[("up-to-date", "off")]);
    let bounds = bounds(&world, 1, &["S1: write x=1"]);
    assert_eq!(found(&world, "leader-completeness", bounds).steps, 6);
}

/// As long as S1 goes on leading, the missing rule changes nothing.
#[test]
fn without_another_election_nobody_lacks_anything() {
    let world = led_by_s1(&[("up-to-date", "off")]);
    let bounds = bounds(&world, 0, &["S1: write x=1"]);
    assert_eq!(exhausted(&world, Some("leader-completeness"), bounds), 10);
}
