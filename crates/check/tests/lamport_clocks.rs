//! M05: Lamport's mutual exclusion over channels that do not keep order.

use faultline_check::Bounds;
use faultline_protocols::lamport_clocks::LamportClocks;
use faultline_sim::World;

mod within;
use within::{exhausted, found, requests};

fn asking(world: &World<LamportClocks>, who: &[&str]) -> Bounds {
    let asked: Vec<String> = who.iter().map(|who| format!("{who}: request")).collect();
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    Bounds { timeouts: 0, requests: requests(world, &asked), ..Bounds::default() }
}

/// M05: par 8.
#[test]
fn without_ordered_channels_two_processes_enter_at_once() {
    let world = within::world(3, &[("ordered-channels", "off")]);
    assert_eq!(found(&world, "exclusion", asking(&world, &["P", "Q"])).steps, 8);
    // R's own request is as good as two acknowledgements, and saves a step.
    assert_eq!(found(&world, "exclusion", asking(&world, &["P", "Q", "R"])).steps, 7);
    let two = within::world(2, &[("ordered-channels", "off")]);
    assert_eq!(found(&two, "exclusion", asking(&two, &["P", "Q"])).steps, 4);
}

#[test]
fn with_ordered_channels_they_do_not() {
    let world = within::world(3, &[]);
    assert_eq!(exhausted(&world, Some("exclusion"), asking(&world, &["P", "Q"])), 1_061);
}

#[test]
fn ricart_and_agrawala_need_no_order() {
    let world = within::world(3, &[("ordered-channels", "off"), ("algorithm", "ricart-agrawala")]);
    assert_eq!(exhausted(&world, Some("exclusion"), asking(&world, &["P", "Q", "R"])), 78_424);
}
