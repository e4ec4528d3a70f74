//! Chandy and Lamport's snapshot: golden scripts, and random runs with markers and without.

use faultline_model::{Chance, Draw, Latency, NodeId, Protocol, Purpose, Span};
use faultline_protocols::snapshot::{Knobs, Snapshot, Start};
use faultline_sim::{Action, AnyWorld, Setup, World};

mod golden;

#[test]
fn every_golden_script_plays_as_it_says() {
    golden::play_all::<Snapshot>(8);
}

/// The run in which the marker overtakes the token goes another way on channels that keep order.
#[test]
fn the_overtaking_marker_counts_right_on_ordered_channels() {
    let script = golden::script_without::<Snapshot>("overtaken", "ordered-channels");
    let mut timeline = golden::timeline::<Snapshot>(&script);
    script.run(&mut timeline).expect_err("q waits for the token");
    let verdicts = timeline.world().verdicts();
    assert!(verdicts.iter().all(|verdict| verdict.property != "conservation" || verdict.holds));
}

const WHO: Purpose = Purpose::new("who begins in the random runs of snapshots");

/// Of 12 random runs of four banks: in how many a property was broken, and in how many a picture was complete
/// that showed no moment.
fn runs(markers: bool, ordered_channels: bool) -> (usize, usize) {
    let (mut broken, mut of_no_moment) = (0, 0);
    for seed in 0..12 {
        let params = Knobs { markers, ordered_channels, start: Start::Banks, pay_every: Span::millis(9) };
        let mut habitat = Snapshot::habitat();
        habitat.latency = Latency::Exponential(Span::millis(15));
        habitat.duplication = Chance(if ordered_channels { 50_000 } else { 0 });
        let mut world =
            World::<Snapshot>::new(Setup { cast: Snapshot::cast(&params, 4), params, habitat, seed });
        let (mut fails, mut never) = (false, false);
        for turn in 0..5 {
            let mut draw = Draw::new(seed, WHO, 0, turn);
            for _ in 0..draw.between(1, 2) {
                let who = NodeId(draw.between(0, 3) as u16);
                world.apply(&Action::Invoke(who, "snapshot".to_owned())).unwrap();
            }
            for _ in 0..100 {
                world.step();
                fails |= world.broken(None).is_some();
                let verdicts = world.verdicts();
                never |= verdicts.iter().any(|v| v.property == "picture-of-no-moment" && v.holds);
            }
        }
        broken += usize::from(fails);
        of_no_moment += usize::from(never);
    }
    (broken, of_no_moment)
}

#[test]
fn with_markers_no_money_is_ever_missing_and_most_pictures_show_no_moment() {
    let (broken, of_no_moment) = runs(true, true);
    assert_eq!(broken, 0);
    assert!(of_no_moment > 6, "{of_no_moment}");
}

#[test]
fn without_markers_or_order_it_is() {
    assert!(runs(false, true).0 > 9);
    assert!(runs(true, false).0 > 9);
}
