//! A crowd of events: too many to be told apart are counted, a circle for each lane and stretch of
//! time, with a line for each colour of message from the highest to the lowest lane that it joins.
//!
//! Nothing here looks at events one by one: counts come from sorted lists, so that a window of a million
//! costs no more than one of ten thousand.

use std::collections::HashMap;

use faultline_model::{Hue, NodeId, SortedMap, Time};

use super::geometry::{Frame, NETWORK_Y_PX};
use super::picture::{Canvas, Inks, Label, Part, Picture, capsule, cross, line};
use super::trace::Trace;

/// A stretch of time has this width.
const STRETCH_PX: f64 = 38.0;
/// A circle is never larger,
const LARGEST_PX: f64 = 14.0;
/// and nor than this share of the distance between lanes, so that lines are seen between circles.
const SHARE: f64 = 0.37;
/// A number needs a circle of this size above and below it.
const LEAST_PX: f64 = 8.0;
/// Room between a number and the circle's edge.
const PAD_PX: f64 = 4.5;
/// A single event is a dot of this size.
const SINGLE_PX: f64 = 3.4;
/// Lines of several colours in one stretch stand so far apart.
const APART_PX: f64 = 3.0;
/// A digit's width, about.
const DIGIT_PX: f64 = 6.8;
/// Beyond so many flows, lines would cover everything.
const MOST_FLOWS: usize = 600;

/// The events of one lane in one stretch of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    /// The middle.
    pub x: f64,
    /// The lane.
    pub y: f64,
    /// How high it is, from its middle.
    pub radius: f64,
    /// How wide it is, from its middle: a circle is drawn out when its number needs the room.
    pub half: f64,
    /// Whose they are.
    pub node: NodeId,
    /// How many.
    pub count: usize,
    /// From when
    pub from: Time,
    /// to when, included.
    pub until: Time,
}

/// The stretches that a window touches. Their bounds depend on the zoom only, so that circles stay the
/// same while the window moves.
fn stretches(trace: &Trace, frame: &Frame, (from, to): (Time, Time)) -> impl Iterator<Item = (Time, Time)> {
    let length = ((STRETCH_PX * frame.per_px) as u64).max(1);
    (from.0 / length..=to.min(trace.end()).0 / length)
        .map(move |n| (Time(n * length), Time((n + 1) * length - 1)))
}

/// The middle of a stretch, as far as there is a run.
fn middle(trace: &Trace, frame: &Frame, (from, until): (Time, Time)) -> f64 {
    (frame.x(from) + frame.x(Time(until.0 + 1).min(trace.end()).max(from))) / 2.0
}

/// The circles of a window.
pub fn circles(trace: &Trace, frame: &Frame, window: (Time, Time), lanes: usize) -> Vec<Circle> {
    let largest = (frame.least_gap() * SHARE).clamp(LEAST_PX, LARGEST_PX);
    let mut circles = vec![];
    for (from, until) in stretches(trace, frame, window) {
        for lane in 0..lanes {
            let count = trace.count_on(lane, from, until);
            let node = NodeId(lane as u16);
            let (x, y) = (middle(trace, frame, (from, until)), frame.y(node));
            if count > 0 && !frame.is_folded(node) {
                let radius = radius(count, largest);
                let letters = if count > 1 { short(count).len() as f64 } else { 0.0 };
                let half = radius.max(letters * DIGIT_PX / 2.0 + PAD_PX * f64::from(u8::from(count > 1)));
                circles.push(Circle { x, y, radius, half, node, count, from, until });
            }
        }
    }
    circles
}

/// Grows with the number of digits and within them: the area of a count tells its order of magnitude.
fn radius(count: usize, largest: f64) -> f64 {
    if count == 1 {
        return SINGLE_PX;
    }
    // Doublings, without a logarithm: which circle is larger must not differ from machine to machine.
    let doublings = f64::from(usize::BITS - count.leading_zeros());
    (LEAST_PX - 1.0 + 0.6 * doublings).clamp(LEAST_PX, largest)
}

/// A count as people read it, short: "340", "1.2k", "35k", "1.1M".
pub fn short(count: usize) -> String {
    let (unit, letter) = match count {
        0..1_000 => return count.to_string(),
        1_000..1_000_000 => (1_000, 'k'),
        _ => (1_000_000, 'M'),
    };
    let tenths = count * 10 / unit;
    match tenths {
        0..100 if !tenths.is_multiple_of(10) => format!("{}.{}{letter}", tenths / 10, tenths % 10),
        _ => format!("{}{letter}", tenths / 10),
    }
}

/// A window whose events are counted, drawn.
pub fn picture(trace: &Trace, frame: &Frame, window: (Time, Time), inks: &Inks) -> Picture {
    let mut canvas = Canvas { frame, inks, strokes: HashMap::new() };
    let mut shown = 0;
    if trace.flows().take(MOST_FLOWS + 1).count() <= MOST_FLOWS {
        for stretch in stretches(trace, frame, window) {
            shown += ways(&mut canvas, trace, stretch);
        }
    }
    let mut labels = vec![];
    for circle in circles(trace, frame, window, trace.lanes()) {
        shown += circle.count;
        capsule(canvas.pen(Part::Bulk, Hue::Grey), (circle.x, circle.y), circle.radius, circle.half);
        if circle.count > 1 {
            labels.push(Label { x: circle.x, y: circle.y + 4.2, text: short(circle.count) });
        }
    }
    Picture { strokes: canvas.finish(), labels, shown }
}

/// The messages that ended within a stretch: a line for each hue, a cross where some died.
fn ways(canvas: &mut Canvas, trace: &Trace, stretch: (Time, Time)) -> usize {
    let frame = canvas.frame;
    let mut lines: SortedMap<u8, (Hue, f64, f64)> = SortedMap::new();
    let mut shown = 0;
    let x = middle(trace, frame, stretch);
    let mut dead = vec![];
    for (flow, wires) in trace.flows() {
        let count = trace.count_of(wires, stretch.0, stretch.1);
        if count == 0 || (frame.is_folded(flow.from) && frame.is_folded(flow.to)) {
            continue;
        }
        shown += count;
        let (start, goal) = (frame.y(flow.from), frame.y(flow.to));
        let hue = canvas.ink(flow.kind).hue;
        let line = lines.entry(hue as u8).or_insert((hue, start, start));
        line.1 = line.1.min(start).min(goal);
        line.2 = line.2.max(start).max(goal);
        if flow.lost {
            dead.push((start + goal) / 2.0);
        }
    }
    let left = x - APART_PX * (lines.len().saturating_sub(1)) as f64 / 2.0;
    for (place, (hue, top, foot)) in lines.into_values().enumerate() {
        let x = left + APART_PX * place as f64;
        line(canvas.pen(Part::Bundle, hue), (x, top), (x, foot));
    }
    for y in dead {
        cross(canvas.pen(Part::Cross, Hue::Red), (x, y), SINGLE_PX);
    }
    shown
}

/// The circle under a point, if the window is a crowd there.
pub fn circle_at(trace: &Trace, frame: &Frame, (x, y): (f64, f64)) -> Option<Circle> {
    let at = frame.time(x);
    let within = |circle: &Circle| {
        let (dx, dy) = ((circle.x - x).abs(), (circle.y - y).abs());
        dx <= circle.half.max(9.0) && dy <= circle.radius.max(9.0) && circle.y > NETWORK_Y_PX
    };
    circles(trace, frame, (at, at), trace.lanes()).into_iter().find(within)
}

#[cfg(test)]
#[path = "crowd_tests.rs"]
mod tests;
