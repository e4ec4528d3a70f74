//! A lease by clocks: two clients never believe that they hold the lock if the margin covers how far the
//! clocks run apart (Gray and Cheriton 1989), and they do if it does not. Timers fire in the order of the
//! nodes' clocks; messages take as long as they like; nobody stands still.

use faultline_check::Bounds;
use faultline_protocols::lease_lock::LeaseLock;
use faultline_sim::{Action, AnyWorld, World};

mod within;
use within::{exhausted, found, requests, world};

/// Two clients that each ask once for a lease of 10 s. The first one's clock runs so many millionths fast.
fn lock(margin: &str, drift: i32) -> (World<LeaseLock>, Bounds) {
    let mut world = world::<LeaseLock>(2, &[("retry", "0s"), ("margin", margin)]);
    let first = world.cast().find("C1").expect("a client");
    if drift != 0 {
        world.apply(&Action::Drift(first, drift)).expect("its clock can drift");
    }
    let requests = requests(&world, &["C1: lock", "C2: lock"]);
    (world, Bounds { timeouts: 4, clocks: true, requests, ..Bounds::default() })
}

#[test]
fn a_margin_that_covers_the_drift_keeps_beliefs_apart() {
    for (margin, drift) in [("1ms", 0), ("1ms", 100_000), ("1200ms", -100_000)] {
        let (world, bounds) = lock(margin, drift);
        exhausted(&world, Some("exclusion-of-belief"), bounds);
    }
}

/// M29: par 5 in a model where the lease is there at the beginning.
#[test]
fn a_clock_that_is_slower_than_the_margin_covers_does_not() {
    let (world, bounds) = lock("900ms", -100_000);
    // C1's clock needs 9.1 s · 10/9 = 10.1 s for what the lock service counts as 10 s.
    assert_eq!(found(&world, "exclusion-of-belief", bounds).steps, 7);
}

/// Where timers may fire at any time no margin is large enough.
#[test]
fn without_clocks_no_margin_helps() {
    let (world, bounds) = lock("9s", 0);
    found(&world, "exclusion-of-belief", Bounds { clocks: false, ..bounds });
}
