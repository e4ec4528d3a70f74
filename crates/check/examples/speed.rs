//! How fast a search is on this machine: Raft with three servers, two timeouts and one restart, and ABD
//! with a write and two reads.
//!
//! ```sh
//! cargo run --profile native -p faultline-check --example speed
//! ```
#![expect(clippy::disallowed_types, reason = "it measures the machine")]

use std::time::Instant;

use faultline_check::{Bounds, Request, Search};
use faultline_model::{NodeId, Params, Protocol};
use faultline_protocols::abd_register::AbdRegister;
use faultline_protocols::raft::Raft;
use faultline_sim::{AnyWorld, Setup, World};

fn world<P: Protocol>(set: &[(&str, &str)]) -> World<P> {
    let mut params = P::Params::default();
    for (knob, value) in set {
        params.set(knob, value).expect("a knob");
    }
    World::new(Setup { cast: P::cast(&params, 3), params, habitat: P::habitat(), seed: 1 })
}

fn measure(what: &str, world: &dyn AnyWorld, property: Option<&str>, bounds: Bounds) {
    let start = Instant::now();
    let mut search = Search::new(world, property, bounds).expect("a property");
    let verdict = search.finish().clone();
    let (time, progress) = (start.elapsed().as_secs_f64(), search.progress());
    println!(
        "{what}: {verdict:?}, {} states in {time:.2} s, {:.0} states/s, {} bytes for what was seen",
        progress.states,
        f64::from(progress.states) / time,
        progress.bytes,
    );
}

fn main() {
    let raft = world::<Raft>(&[("clients", "0")]);
    let bounds = Bounds { timeouts: 2, restarts: 1, ..Bounds::default() };
    measure("raft, election-safety", &raft, Some("election-safety"), bounds.clone());
    measure("raft, all properties", &raft, None, bounds);
    let request = |(node, op): (u16, &str)| Request { node: NodeId(node), op: op.to_owned() };
    let requests = [(3, "write x=red"), (4, "read x"), (5, "read x")].map(request).to_vec();
    let bounds = Bounds { timeouts: 0, requests, ..Bounds::default() };
    measure("abd-register, all properties", &world::<AbdRegister>(&[]), None, bounds);
}
