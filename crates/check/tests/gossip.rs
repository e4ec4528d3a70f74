//! Gossip: M09, a tombstone that is thrown away before everybody holds it.

use faultline_check::Bounds;
use faultline_protocols::gossip::Gossip;
use faultline_sim::World;

mod within;
use within::{exhausted, found, requests, world};

/// Two replicas that hold one key, compared entry by entry, and a delete.
fn delete(wait_for_all: &str, timeouts: u8) -> (World<Gossip>, Bounds) {
    let set = [
        ("mode", "off"),
        ("keys", "1"),
        ("depth", "0"),
        ("merkle", "off"),
        ("anti-entropy", "1s"),
        ("grace", "10s"),
        ("wait-for-all", wait_for_all),
    ];
    let world = world::<Gossip>(2, &set);
    let requests = requests(&world, &["S1: delete k1"]);
    (world, Bounds { timeouts, requests, ..Bounds::default() })
}

/// M09, par 3, where databases are compared in one step; here a timer and a message, so 4: the delete, the
/// tombstone’s end, the comparison begins, and its entries arrive.
#[test]
fn a_tombstone_that_goes_too_early_brings_the_key_back() {
    let (world, bounds) = delete("off", 2);
    assert_eq!(found(&world, "no-resurrection", bounds).steps, 4);
}

/// Its twin, within more timeouts than it takes, also when messages arrive twice.
#[test]
fn a_tombstone_that_waits_for_everybody_does_not() {
    let (world, bounds) = delete("on", 4);
    assert_eq!(exhausted(&world, Some("no-resurrection"), bounds.clone()), 16_192);
    let twice = Bounds { timeouts: 3, duplicates: 1, ..bounds };
    assert_eq!(exhausted(&world, Some("no-resurrection"), twice), 19_134);
}

/// What is assumed: that entries do not outlive the process which they were sent to, as on a connection. A
/// site that restarts does not know any more which entries have been overtaken.
#[test]
fn entries_from_before_a_restart_bring_the_key_back_all_the_same() {
    let (world, bounds) = delete("on", 3);
    assert_eq!(found(&world, "no-resurrection", Bounds { restarts: 1, ..bounds }).steps, 7);
}
