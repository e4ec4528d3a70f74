//! Raft without the rules about logs: M26 and M27, and the same with them.
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

fn deliver(world: &mut World<Raft>, kind: &str, from: &str, to: &str) {
    let view = world.view();
    let is_it = |flight: &&faultline_sim::FlightView| {
        flight.kind == kind && &*flight.from.name == from && &*flight.to.name == to
    };
    let flight = view.flights.iter().find(is_it).expect("it is in flight");
    world.apply(&Action::Deliver(flight.msg)).expect("it can be delivered");
}

fn ask(world: &mut World<Raft>, node: &str, op: &str) {
    let node = world.cast().find(node).expect("a server");
    world.apply(&Action::Invoke(node, op.to_owned())).expect("it is up");
}

/// What Figure 8 warns of, with three servers, eight steps after the first election. S1 leads term 1 and has an
/// entry of it that nobody else has. S2 and S1 have stood for terms 2 and 3, S3 has voted for both, S2 leads
/// term 2 and has an entry of it. What is in flight of terms 1 and 2 is lost.
fn two_entries_and_two_votes(set: &[(&str, &str)]) -> World<Raft> {
    let mut world = led_by_s1(set);
    ask(&mut world, "S1", "write x=1");
    fire_election(&mut world, "S2");
    deliver(&mut world, "RequestVote", "S2", "S1");
    fire_election(&mut world, "S1");
    deliver(&mut world, "RequestVote", "S2", "S3");
    deliver(&mut world, "RequestVote", "S1", "S3");
    deliver(&mut world, "RequestVoteReply", "S3", "S2");
    ask(&mut world, "S2", "write x=2");
    for flight in world.view().flights {
        if flight.epoch != Some(3) {
            world.apply(&Action::Drop(flight.msg)).expect("it is in flight");
        }
    }
    world
}

/// M27: par 15 from an elected leader, of which 8 are taken. Here a follower refuses what does not fit, and
/// the leader goes back by one entry and tries again, so 9 are left and not 7.
#[test]
fn commitment_by_counting_alone_loses_what_was_committed() {
    let world = two_entries_and_two_votes(&[("commit-current-term", "off")]);
    let bounds = bounds(&world, 1, &[]);
    assert_eq!(found(&world, "leader-completeness", bounds).steps, 9);
}

#[test]
fn commitment_of_the_current_term_only_loses_nothing_from_there() {
    let world = two_entries_and_two_votes(&[]);
    assert_eq!(exhausted(&world, None, bounds(&world, 1, &[])), 34_036);
}
