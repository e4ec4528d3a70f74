use faultline_model::{MsgId, NodeId};
use faultline_sim::{Event, Loss, What};

use super::*;

fn sample(messages: u32) -> Trace {
    let mut trace = Trace::default();
    for i in 0..messages {
        let (at, cause) = (u64::from(i) * 1_000, 2 * i + 1);
        let fired = Event {
            at: Time(at),
            what: What::Fired,
            node: NodeId(0),
            peer: None,
            msg: None,
            cause: 0,
            kind: "Tick",
            rule: None,
            epoch: None,
        };
        let lost = i % 4 == 3;
        let what = if lost { What::Lost(Loss::Chance) } else { What::Delivered };
        let (node, peer) = if lost { (0, 1) } else { (1, 0) };
        let arrived = Event {
            at: Time(at + 400),
            what,
            node: NodeId(node),
            peer: Some(NodeId(peer)),
            msg: Some(MsgId(i + 1)),
            cause,
            kind: "Ping",
            ..fired
        };
        trace.push(&fired, None, |_| "");
        trace.push(&arrived, None, |_| "");
    }
    trace
}

fn part(picture: &Picture, part: Part) -> &str {
    picture.strokes.iter().find(|stroke| stroke.part == part).map_or("", |stroke| &stroke.path)
}

const WHOLE: (Time, Time) = (Time(0), Time(u64::MAX));
const TEAL: Ink = Ink { hue: Hue::Teal, reply: false };

#[test]
fn numbers_have_one_decimal_at_most() {
    for (value, expected) in
        [(0.0, "0"), (12.0, "12"), (12.34, "12.3"), (-0.26, "-0.3"), (-7.0, "-7"), (1234567.89, "1234567.9")]
    {
        let mut text = String::new();
        number(&mut text, value);
        assert_eq!(text, expected);
    }
}

#[test]
fn arrows_of_one_hue_are_one_path() {
    let frame = Frame::fitting(2, 120.0).at(0.0, 10.0);
    let picture = Picture::of(&sample(40), &frame, WHOLE, &[TEAL, TEAL]);
    assert_eq!(picture.shown, 120);
    assert_eq!(part(&picture, Part::Way).matches('M').count(), 30);
    assert_eq!(part(&picture, Part::Head).matches('Z').count(), 30);
    assert_eq!(part(&picture, Part::Gone).matches('M').count(), 10);
    assert_eq!(part(&picture, Part::Cross).matches('M').count(), 20);
    assert_eq!(part(&picture, Part::Dot(Mark::Timer)).matches('M').count(), 40);
    assert!(picture.strokes.len() <= 7, "{}", picture.strokes.len());
}

#[test]
fn an_answer_has_a_hollow_head() {
    let frame = Frame::fitting(2, 120.0).at(0.0, 10.0);
    let inks = [TEAL, Ink { reply: true, ..TEAL }];
    let picture = Picture::of(&sample(4), &frame, WHOLE, &inks);
    assert_eq!(part(&picture, Part::Head), "");
    assert_eq!(part(&picture, Part::Hollow).matches('Z').count(), 3);
}

#[test]
fn a_kind_without_ink_is_grey() {
    let frame = Frame::fitting(2, 120.0).at(0.0, 10.0);
    let picture = Picture::of(&sample(4), &frame, WHOLE, &[]);
    let way = picture.strokes.iter().find(|stroke| stroke.part == Part::Way).unwrap();
    assert_eq!(way.hue, Hue::Grey);
}

#[test]
fn a_crowd_costs_no_more_than_the_pixels_it_covers() {
    let trace = sample(50_000);
    let width = 1_000.0;
    let frame = Frame::fitting(2, 120.0).at(0.0, 50_000_000.0 / width);
    let picture = Picture::of(&trace, &frame, WHOLE, &[TEAL, TEAL]);
    assert_eq!(picture.shown, 150_000);
    let drawn: usize = picture.strokes.iter().map(|stroke| stroke.path.matches('M').count()).sum();
    assert!(drawn < 20_000, "{drawn}");
}
