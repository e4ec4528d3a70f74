//! M07: Chandy and Lamport's snapshot over channels that do not keep order; and the naive one.

use faultline_check::Bounds;
use faultline_protocols::snapshot::Snapshot;
use faultline_sim::World;

mod within;
use within::{exhausted, found, requests};

/// The single token may go there and back; both may begin.
fn bounds(world: &World<Snapshot>) -> Bounds {
    let asked = ["p: pay q 1", "p: snapshot", "q: pay p 1", "q: snapshot"];
    Bounds { timeouts: 0, requests: requests(world, &asked), ..Bounds::default() }
}

fn world(set: &[(&str, &str)]) -> World<Snapshot> {
    within::world(2, set)
}

/// M07: par 4. What is found first is the missing token, not the doubled one.
#[test]
fn without_order_the_marker_overtakes_the_token() {
    let world = world(&[("ordered-channels", "off")]);
    assert_eq!(found(&world, "conservation", bounds(&world)).steps, 4);
}

#[test]
fn with_order_the_token_is_always_counted_once() {
    let world = world(&[]);
    assert_eq!(exhausted(&world, None, bounds(&world)), 1_558);
}

/// The missing token takes three steps, the doubled one four; only the doubled one shows an inconsistent cut.
#[test]
fn without_markers_the_token_is_missing_or_counted_twice() {
    let world = world(&[("markers", "off")]);
    assert_eq!(found(&world, "conservation", bounds(&world)).steps, 3);
    assert_eq!(found(&world, "consistent-cut", bounds(&world)).steps, 4);
}
