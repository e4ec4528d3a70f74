use faultline_model::{MsgId, NodeId};
use faultline_sim::{Event, Loss, What};

use super::*;

fn sample(messages: u32) -> Trace {
    let mut trace = Trace::default();
    for i in 0..messages {
        let (at, cause) = (u64::from(i) * 1_000, 2 * i + 1);
        let fired = Event { kind: "Tick", ..Event::new(Time(at), What::Fired, NodeId(0)) };
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
    let frame = Frame::even(2, 38.0, 52.0).at(0.0, 10.0);
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
    let frame = Frame::even(2, 38.0, 52.0).at(0.0, 10.0);
    let inks = [TEAL, Ink { reply: true, ..TEAL }];
    let picture = Picture::of(&sample(4), &frame, WHOLE, &inks);
    assert_eq!(part(&picture, Part::Head), "");
    assert_eq!(part(&picture, Part::Hollow).matches('Z').count(), 3);
}

#[test]
fn a_kind_without_ink_is_grey() {
    let frame = Frame::even(2, 38.0, 52.0).at(0.0, 10.0);
    let picture = Picture::of(&sample(4), &frame, WHOLE, &[]);
    let way = picture.strokes.iter().find(|stroke| stroke.part == Part::Way).unwrap();
    assert_eq!(way.hue, Hue::Grey);
}

#[test]
fn many_marks_cost_no_more_than_the_pixels_they_cover() {
    let trace = sample(3_400);
    // Just not so close that they are counted.
    let frame = Frame::even(2, 38.0, 52.0).at(0.0, 3_400_000.0 / 9_000.0);
    let picture = Picture::of(&trace, &frame, WHOLE, &[TEAL, TEAL]);
    assert_eq!(picture.shown, 3_400 * 3);
    assert!(picture.labels.is_empty() && picture.is_large());
    let squeezed = frame.at(0.0, 3_400_000.0 / 600.0);
    let mut canvas = Canvas { frame: &squeezed, inks: &[TEAL, TEAL], strokes: HashMap::new() };
    canvas.ways(&trace, WHOLE.0, WHOLE.1);
    canvas.dots(&trace, 1..=trace.len(), true);
    let drawn: usize = canvas.finish().iter().map(|stroke| stroke.path.matches('M').count()).sum();
    assert!(drawn < 3_000, "{drawn}");
}

#[test]
fn marks_that_would_cover_each_other_are_counted() {
    let trace = sample(3_000);
    let window = (Time(0), trace.end());
    let at = |width: f64| Frame::even(2, 38.0, 52.0).at(0.0, 3_000_000.0 / width);
    assert!(is_crowd(&trace, &at(1_000.0), window));
    assert!(!is_crowd(&trace, &at(20_000.0), window));
    assert!(is_crowd(&sample(30_000), &at(1e9), WHOLE), "so many are counted however far apart they stand");
    assert!(!is_crowd(&sample(40), &at(1.0), WHOLE), "few are always drawn");
}

#[test]
fn a_capsule_is_a_circle_drawn_out() {
    let mut path = String::new();
    capsule(&mut path, (50.0, 20.0), 8.0, 15.0);
    assert_eq!(path, "M43 28A8 8 0 0 1 43 12L57 12A8 8 0 0 1 57 28Z");
}
