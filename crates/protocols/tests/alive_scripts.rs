//! The golden runs of the failure detectors, SWIM and gossip: every script plays to its end, and everything
//! that it expects is so.

use faultline_model::Protocol;
use faultline_protocols::failure_detector::FailureDetector;
use faultline_protocols::gossip::Gossip;
use faultline_protocols::swim::Swim;

mod golden;

#[test]
fn every_golden_script_of_the_failure_detectors_plays_as_it_says() {
    golden::play_all::<FailureDetector>(5);
}

#[test]
fn every_golden_script_of_swim_plays_as_it_says() {
    golden::play_all::<Swim>(8);
}

#[test]
fn every_golden_script_of_gossip_plays_as_it_says() {
    golden::play_all::<Gossip>(10);
}

/// The run goes as the script says, and not so without that knob.
fn depends_on<P: Protocol>(name: &str, knob: &str) {
    let script = golden::script::<P>(name);
    script.run(&mut golden::timeline::<P>(&script)).unwrap_or_else(|failure| panic!("{name}, {failure}"));
    let without = golden::script_without::<P>(name, knob);
    assert!(without.run(&mut golden::timeline::<P>(&without)).is_err(), "{name} without {knob}");
}

#[test]
fn what_a_script_shows_comes_of_the_knob_that_it_sets() {
    depends_on::<Gossip>("deleted-key-returns", "wait-for-all");
    depends_on::<Gossip>("rumor-dies-out", "stop");
    depends_on::<Gossip>("anti-entropy-mends", "anti-entropy");
    depends_on::<Swim>("no-friends", "helpers");
    depends_on::<Swim>("paused-and-declared", "suspicion");
    depends_on::<FailureDetector>("late-detection", "timeout");
}
