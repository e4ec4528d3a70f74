//! Two clients may always believe that they hold the lock; what fencing keeps out is the older write.
//!
//! A search has no clock: that the lock service's timer fires before the client's is what a pause, a slow
//! clock and a late message come to.

use faultline_check::Bounds;
use faultline_protocols::lease_lock::LeaseLock;
use faultline_sim::World;

mod within;
use within::{exhausted, found, requests};

/// Two clients that ask once.
fn world(set: &[(&str, &str)]) -> World<LeaseLock> {
    within::world(2, &[&[("retry", "0s")], set].concat())
}

/// Each takes the lock and writes.
fn lock_and_write(world: &World<LeaseLock>, timeouts: u8) -> Bounds {
    let requests = requests(world, &["C1: lock", "C2: lock", "C1: write red", "C2: write blue"]);
    Bounds { timeouts, requests, ..Bounds::default() }
}

/// M20, K10a: par 7, with fencing and without.
#[test]
fn two_clients_believe_that_they_hold_the_lock_whether_or_not_there_is_fencing() {
    for fencing in ["on", "off"] {
        let world = world(&[("fencing", fencing)]);
        assert_eq!(found(&world, "exclusion-of-belief", lock_and_write(&world, 1)).steps, 7);
    }
}

/// M20, K10b: par 11.
#[test]
fn without_fencing_an_older_token_overwrites_a_newer_one() {
    let world = world(&[("fencing", "off")]);
    assert_eq!(found(&world, "exclusion-of-effect", lock_and_write(&world, 1)).steps, 11);
}

/// Without the end of a lease nobody is ever overtaken.
#[test]
fn without_timeouts_beliefs_do_not_overlap() {
    let world = world(&[("fencing", "off")]);
    assert_eq!(exhausted(&world, None, lock_and_write(&world, 0)), 617);
}

#[test]
fn with_fencing_it_does_not_within_three_timeouts_and_a_restart() {
    let world = world(&[]);
    let bounds = Bounds { restarts: 1, ..lock_and_write(&world, 3) };
    assert_eq!(exhausted(&world, Some("exclusion-of-effect"), bounds), 19_904);
}

#[test]
fn with_fencing_it_does_not_when_clients_ask_again_and_messages_arrive_twice() {
    let world = world(&[("retry", "1s")]);
    let bounds = Bounds { duplicates: 1, ..lock_and_write(&world, 2) };
    assert_eq!(exhausted(&world, Some("exclusion-of-effect"), bounds), 220_973);
}
