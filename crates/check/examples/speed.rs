//! How fast a search is on this machine: Raft with three servers, two timeouts and one restart.
//!
//! ```sh
//! cargo run --profile native -p faultline-check --example speed
//! ```
#![expect(clippy::disallowed_types, reason = "it measures the machine")]

use std::time::Instant;

use faultline_check::{Bounds, Search};
use faultline_model::{Params, Protocol};
use faultline_protocols::raft::{Raft, RaftParams};
use faultline_sim::{Setup, World};

fn main() {
    let mut params = RaftParams::default();
    params.set("clients", "0").expect("a knob of Raft");
    let cast = Raft::cast(&params, 3);
    let world = World::<Raft>::new(Setup { cast, params, habitat: Raft::habitat(), seed: 1 });
    for property in [Some("election-safety"), None] {
        let bounds = Bounds { timeouts: 2, restarts: 1, ..Bounds::default() };
        let start = Instant::now();
        let mut search = Search::new(&world, property, bounds).expect("a property of Raft");
        let verdict = search.finish().clone();
        let (time, progress) = (start.elapsed().as_secs_f64(), search.progress());
        println!(
            "{}: {verdict:?}, {} states in {time:.2} s, {:.0} states/s, {} bytes for what was seen",
            property.unwrap_or("all properties"),
            progress.states,
            f64::from(progress.states) / time,
            progress.bytes,
        );
    }
}
