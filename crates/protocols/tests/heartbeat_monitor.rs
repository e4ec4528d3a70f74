//! The monitor with heartbeats, run by the simulator: its golden scripts.

use faultline_model::{NodeId, Time};
use faultline_protocols::heartbeat_monitor::HeartbeatMonitor;
use faultline_sim::Tree;

#[expect(dead_code, reason = "each test binary uses its own part")]
mod golden;

#[test]
fn golden_scripts() {
    golden::play_all::<HeartbeatMonitor>(7);
}

/// What the monitor knows at a time of a golden run.
fn monitor(script: &str, at: Time) -> Tree {
    let script = golden::script::<HeartbeatMonitor>(script);
    let mut timeline = golden::timeline::<HeartbeatMonitor>(&script);
    script.run(&mut timeline).unwrap_or_else(|failure| panic!("{failure}"));
    while timeline.world().now() > at && timeline.back() {}
    timeline.world().detail(NodeId(0)).expect("the monitor has a state")
}

/// Three of the four truths, told of the same server, would leave the same state of the monitor: it has no
/// other field than what it has heard.
#[test]
fn whether_a_server_cannot_be_heard_or_stands_still_makes_no_difference_to_the_monitor() {
    let at = Time(2_400_000);
    assert_eq!(monitor("heard-by-nobody", at), monitor("paused", at));
}
