//! Two clients may always believe that they hold the lock; what fencing keeps out is the older write.

use faultline_check::Bounds;
use faultline_protocols::lease_lock::LeaseLock;
use faultline_sim::World;

mod within;
use within::{exhausted, found, requests};

fn world(set: &[(&str, &str)]) -> World<LeaseLock> {
    let usual = [("retry", "0s")];
    within::world(2, &[&usual, set].concat())
}

fn bounds(world: &World<LeaseLock>, timeouts: u8) -> Bounds {
    let requests = requests(world, &["C1: lock", "C2: lock", "C1: write red", "C2: write blue"]);
    Bounds { timeouts, requests, ..Bounds::default() }
}

#[test]
fn belief() {
    for fencing in ["on", "off"] {
        let world = world(&[("fencing", fencing)]);
        println!("{:?}", found(&world, "exclusion-of-belief", bounds(&world, 1)).steps);
    }
}
#[test]
fn effect() {
    let world = world(&[("fencing", "off")]);
    println!("{:?}", found(&world, "exclusion-of-effect", bounds(&world, 1)).steps);
}
#[test]
fn x_exhaust() {
    let world = world(&[]);
    for (timeouts, restarts) in [(1, 0), (2, 0), (3, 0), (1, 1), (2, 1)] {
        let t = std::time::Instant::now();
        let n = exhausted(&world, Some("exclusion-of-effect"), Bounds { restarts, ..bounds(&world, timeouts) });
        println!("{timeouts} {restarts} {n} {:?}", t.elapsed());
    }
}
