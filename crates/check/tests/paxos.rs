//! Paxos with a rule off chooses two values; with all of them on it does not, within the same bounds.

use faultline_check::Bounds;
use faultline_protocols::paxos::Paxos;
use faultline_sim::World;

mod within;
use within::{exhausted, found, requests};

fn world(set: &[(&str, &str)]) -> World<Paxos> {
    let usual = [("learners", "0"), ("reject", "off")];
    within::world(3, &[&usual, set].concat())
}

fn bounds(world: &World<Paxos>) -> Bounds {
    let requests = requests(world, &["P1: propose A", "P2: propose B"]);
    Bounds { timeouts: 0, requests, ..Bounds::default() }
}

#[test]
fn m22() {
    let world = world(&[("adopt-highest", "off")]);
    println!("{:?}", found(&world, "agreement", bounds(&world)).steps);
}
#[test]
fn m23() {
    let world = world(&[("keep-promise", "off")]);
    println!("{:?}", found(&world, "agreement", bounds(&world)).steps);
}
#[test]
fn m24() {
    let world = world(&[("persist-acceptor", "off")]);
    println!("{:?}", found(&world, "agreement", Bounds { restarts: 1, ..bounds(&world) }).steps);
}
#[test]
fn x_exhaust() {
    let world = world(&[]);
    for restarts in [0, 1] {
        let t = std::time::Instant::now();
        let n = exhausted(&world, None, Bounds { restarts, ..bounds(&world) });
        println!("{restarts} {n} {:?}", t.elapsed());
    }
}
