use faultline_model::MsgId;
use faultline_sim::{Event, Loss, What};

use super::*;
use crate::spacetime::picture::Ink;

/// `rounds` times: S1's timer, a message to S2 that arrives, one to S3 of which every tenth dies.
fn sample(rounds: u32) -> Trace {
    let mut trace = Trace::default();
    let event = |at: u64, what, node: u16, message: Option<(u16, u32, u32)>| Event {
        peer: message.map(|(peer, ..)| NodeId(peer)),
        msg: message.map(|(_, msg, _)| MsgId(msg)),
        cause: message.map_or(0, |(.., cause)| cause),
        kind: if message.is_some() { "Ping" } else { "Tick" },
        ..Event::new(Time(at), what, NodeId(node))
    };
    for round in 0..rounds {
        let (at, first) = (u64::from(round) * 1_000, 3 * round + 1);
        trace.push(&event(at, What::Fired, 0, None), None, |_| "");
        let arrived = event(at + 300, What::Delivered, 1, Some((0, 2 * round + 1, first)));
        trace.push(&arrived, None, |_| "");
        let (what, node, peer) =
            if round % 10 == 9 { (What::Lost(Loss::Chance), 0, 2) } else { (What::Delivered, 2, 0) };
        trace.push(&event(at + 400, what, node, Some((peer, 2 * round + 2, first))), None, |_| "");
    }
    trace
}

const TEAL: Ink = Ink { hue: Hue::Teal, reply: false };

#[test]
fn every_event_of_the_window_is_counted_once() {
    let trace = sample(20_000);
    for per_px in [20_000.0, 33_333.3, 5_000_000.0] {
        let frame = Frame::even(3, 40.0, 40.0).at(0.0, per_px);
        let whole = (Time(0), Time(20_000_000));
        let circles = circles(&trace, &frame, whole, 3);
        assert_eq!(circles.iter().map(|circle| circle.count).sum::<usize>(), 60_000);
        // A lost message is an event of its sender's lane.
        let on_lane = |node: u16| {
            circles
                .iter()
                .filter(|circle| circle.node == NodeId(node))
                .map(|circle| circle.count)
                .sum::<usize>()
        };
        assert_eq!([on_lane(0), on_lane(1), on_lane(2)], [22_000, 20_000, 18_000]);
    }
}

#[test]
fn circles_stay_the_same_while_the_window_moves() {
    let trace = sample(20_000);
    let frame = Frame::even(3, 40.0, 40.0).at(0.0, 20_000.0);
    let near = |window| -> Vec<Circle> {
        let all = circles(&trace, &frame, window, 3);
        all.into_iter().filter(|circle| (200.0..400.0).contains(&circle.x)).collect()
    };
    let first = near((Time(0), Time(20_000_000)));
    assert!(!first.is_empty());
    assert_eq!(first, near((Time(1_234_567), Time(15_000_000))));
}

#[test]
fn a_crowd_costs_circles_and_lines_and_not_events() {
    let trace = sample(50_000);
    let frame = Frame::even(3, 40.0, 40.0).at(0.0, 50_000.0);
    let picture = Picture::of(&trace, &frame, (Time(0), Time(50_000_000)), &[TEAL, TEAL]);
    assert_eq!(picture.shown, 150_000 + 100_000);
    let drawn: usize = picture.strokes.iter().map(|stroke| stroke.path.matches('M').count()).sum();
    assert!(drawn < 500, "{drawn}");
    let bulk = picture.strokes.iter().find(|stroke| stroke.part == Part::Bulk).unwrap();
    assert!(bulk.path.matches('M').count() >= 3 * 26);
    assert!(picture.strokes.iter().any(|stroke| stroke.part == Part::Cross), "some died");
    assert!(picture.labels.iter().any(|label| label.text == "1.9k"), "{:?}", picture.labels.first());
}

#[test]
fn a_circle_is_found_under_the_pointer() {
    let trace = sample(20_000);
    let frame = Frame::even(3, 40.0, 40.0).at(0.0, 20_000.0);
    let all = circles(&trace, &frame, (Time(0), Time(20_000_000)), 3);
    for circle in &all[6..12] {
        assert_eq!(circle_at(&trace, &frame, (circle.x + 3.0, circle.y - 3.0)), Some(*circle));
    }
    assert_eq!(circle_at(&trace, &frame, (all[6].x, all[6].y + 18.0)), None);
    assert_eq!(circle_at(&trace, &frame, (-400.0, 40.0)).map(|circle| circle.x < 0.0), None);
}

#[test]
fn counts_are_short() {
    let texts = [1, 999, 1_000, 1_249, 9_999, 35_499, 999_999, 1_100_000].map(short);
    assert_eq!(texts, ["1", "999", "1k", "1.2k", "9.9k", "35k", "999k", "1.1M"]);
}

#[test]
fn a_larger_count_never_has_a_smaller_circle() {
    let radii: Vec<f64> = (1..5_000).map(|count| radius(count, LARGEST_PX)).collect();
    assert!(radii.windows(2).all(|pair| pair[0] <= pair[1]));
    assert_eq!(radius(1_000_000, LARGEST_PX), LARGEST_PX);
}
