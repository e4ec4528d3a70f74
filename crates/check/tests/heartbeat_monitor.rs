//! No monitor is accurate where messages take as long as they like: silence is all that it has.

use faultline_check::Bounds;
use faultline_protocols::heartbeat_monitor::HeartbeatMonitor;

mod within;
use within::{exhausted, found, requests, world};

#[test]
fn one_timer_that_is_too_early_is_enough() {
    let monitor = world::<HeartbeatMonitor>(3, &[]);
    assert_eq!(found(&monitor, "accuracy", Bounds::default()).steps, 1);
    let all = world::<HeartbeatMonitor>(3, &[("watch", "all")]);
    assert_eq!(found(&all, "one-view", Bounds::default()).steps, 1);
}

/// Declared dead, asked to write, written: three steps, and no fault at all.
#[test]
fn the_dead_go_on_writing() {
    let world = world::<HeartbeatMonitor>(3, &[]);
    let requests = requests(&world, &["C2: write blue"]);
    let bounds = Bounds { timeouts: 1, requests, ..Bounds::default() };
    assert_eq!(found(&world, "the-dead-are-silent", bounds).steps, 3);
}

/// Without the guess there is no wrong guess, and a crash is never noticed.
#[test]
fn who_never_loses_patience_is_never_wrong() {
    let world = world::<HeartbeatMonitor>(2, &[]);
    let requests = requests(&world, &["C1: write red", "C2: write blue"]);
    let bounds = Bounds { timeouts: 0, crashes: 1, requests, ..Bounds::default() };
    assert_eq!(exhausted(&world, None, bounds), 1_026);
}
