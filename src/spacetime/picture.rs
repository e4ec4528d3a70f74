//! A window of the run as paths: all arrows of one colour are one element, so that thousands of
//! events cost the browser a handful of shapes.

use std::collections::{HashMap, HashSet};

use faultline_model::{Hue, Time, sort_by_key};

use super::crowd;
use super::geometry::Frame;
use super::trace::{Dot, Mark, Trace, Wire};

/// How a kind of message is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ink {
    /// Its hue.
    pub hue: Hue,
    /// Whether it answers another message: its arrowhead is hollow.
    pub reply: bool,
}

/// How the kinds of [`Trace::kinds`] are drawn, in the same order.
pub type Inks = [Ink];

/// Which part of the picture a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The way of a message that arrived.
    Way,
    /// The ways of a crowd, column by column.
    Crowd,
    /// The ways of all messages of a hue in one stretch of time.
    Bundle,
    /// The way of a message that died.
    Gone,
    /// Arrowheads of requests.
    Head,
    /// Arrowheads of replies.
    Hollow,
    /// Where messages died.
    Cross,
    /// Events, by their mark.
    Dot(Mark),
    /// Many events, counted.
    Bulk,
}

impl Part {
    /// The class in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Part::Way => "way",
            Part::Crowd => "way crowd",
            Part::Bundle => "way bundle",
            Part::Gone => "way gone",
            Part::Head => "head",
            Part::Hollow => "head hollow",
            Part::Cross => "cross",
            Part::Dot(Mark::Received) => "dot received",
            Part::Dot(Mark::Waiting) => "dot waiting",
            Part::Dot(Mark::Timer) => "dot timer",
            Part::Dot(Mark::Request) => "dot request",
            Part::Dot(Mark::Disk) => "dot disk",
            Part::Dot(Mark::Crash) => "cross crash",
            Part::Dot(Mark::Fault | Mark::Network) => "dot fault",
            Part::Dot(Mark::Nothing) => "dot",
            Part::Bulk => "dot bulk",
        }
    }
}

/// One path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stroke {
    /// What it is.
    pub part: Part,
    /// In which hue.
    pub hue: Hue,
    /// Its SVG path.
    pub path: String,
}

/// A word in the picture, its middle at a point.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Where.
    pub x: f64,
    /// Where, the foot of its letters.
    pub y: f64,
    /// What.
    pub text: String,
}

/// A window of the run, drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// Bottom to top.
    pub strokes: Vec<Stroke>,
    /// How many events of a crowd stand where, over the strokes.
    pub labels: Vec<Label>,
    /// How many ways and events are in it, before those that coincide were left out.
    pub shown: usize,
}

/// Beyond so many events in a window they are counted in circles.
const MOST_SINGLE: usize = 7_000;
/// And beyond so many a pixel of one lane: marks would cover each other.
const DENSEST: f64 = 0.6;
/// From so many ways and events on a picture is drawn on a canvas: half the time of as many shapes in the
/// document (33 against 17 ms for 5,000 arrows at each step of a zoom, in Chromium without a GPU).
const LARGE: usize = 1_500;

/// From so many marks on, those that would fall on the same pixels as their neighbours are left out.
const CROWD: usize = 1_500;
/// In a crowd, a way that is narrower is next to vertical,
const STEEP_PX: f64 = 4.0;
/// and a column is so wide.
const COLUMN_PX: f64 = 2.0;
const DOT_PX: f64 = 3.4;
const HEAD_PX: f64 = 8.5;
const HEAD_HALF_PX: f64 = 3.5;
const CROSS_PX: f64 = 4.2;

impl Picture {
    /// Whether it has so many marks that a canvas draws it faster than the document does.
    pub fn is_large(&self) -> bool {
        self.shown > LARGE
    }

    /// Draws what happens between `from` and `to`.
    pub fn of(trace: &Trace, frame: &Frame, (from, to): (Time, Time), inks: &Inks) -> Picture {
        let count = trace.count_in(from, to);
        if is_crowd(trace, frame, (from, to)) {
            return crowd::picture(trace, frame, (from, to), inks);
        }
        let mut canvas = Canvas { frame, inks, strokes: HashMap::new() };
        let ways = canvas.ways(trace, from, to);
        canvas.dots(trace, trace.events_in(from, to), count > CROWD);
        Picture { strokes: canvas.finish(), labels: vec![], shown: ways + count }
    }
}

/// Whether the events of a window are counted in circles rather than drawn one by one.
pub fn is_crowd(trace: &Trace, frame: &Frame, (from, to): (Time, Time)) -> bool {
    let width = to.min(trace.end()).since(from).0 as f64 / frame.per_px;
    let lanes = (0..trace.lanes()).map(|lane| trace.count_on(lane, from, to));
    let (count, densest) = lanes.fold((0, 0), |(sum, most), count| (sum + count, most.max(count)));
    count > MOST_SINGLE || (count > CROWD && densest as f64 > DENSEST * width)
}

/// Strokes in the making.
pub(super) struct Canvas<'a> {
    pub frame: &'a Frame,
    pub inks: &'a Inks,
    pub strokes: HashMap<(Part, u8), Stroke>,
}

impl Canvas<'_> {
    /// All strokes, bottom to top.
    pub fn finish(self) -> Vec<Stroke> {
        let mut strokes: Vec<Stroke> = self.strokes.into_values().collect();
        sort_by_key(&mut strokes, |stroke| (stroke.part, stroke.hue as u8));
        strokes
    }

    pub fn ink(&self, kind: u16) -> Ink {
        self.inks.get(usize::from(kind)).copied().unwrap_or(Ink { hue: Hue::Grey, reply: false })
    }

    /// The path of a part in a hue, to be added to.
    pub fn pen(&mut self, part: Part, hue: Hue) -> &mut String {
        let blank = || Stroke { part, hue, path: String::new() };
        &mut self.strokes.entry((part, hue as u8)).or_insert_with(blank).path
    }

    /// Draws every message's way; returns how many there are. In a crowd, ways that are next to
    /// vertical become one line for each hue and column of pixels.
    fn ways(&mut self, trace: &Trace, from: Time, to: Time) -> usize {
        let crowded = trace.wires_in(from, to).nth(CROWD).is_some();
        let mut columns = Columns::default();
        let mut count = 0;
        for wire in trace.wires_in(from, to) {
            count += 1;
            if self.frame.is_folded(wire.from) && self.frame.is_folded(wire.to) {
                continue;
            }
            let (start, end) = self.frame.ends(wire);
            if crowded && (end.0 - start.0).abs() < STEEP_PX {
                let hue = self.ink(wire.kind).hue;
                columns.add(hue, wire.is_lost(), start, end);
            } else {
                self.way(wire, start, end);
            }
        }
        for ((_, column), (hue, top, foot)) in columns.lines {
            let x = column as f64 * COLUMN_PX;
            line(self.pen(Part::Crowd, hue), (x, top), (x, foot));
        }
        for (x, y) in columns.deaths {
            let place = (x as f64 * 2.0 * COLUMN_PX, y as f64);
            cross(self.pen(Part::Cross, Hue::Red), place, CROSS_PX);
        }
        count
    }

    fn way(&mut self, wire: &Wire, start: (f64, f64), end: (f64, f64)) {
        let Ink { hue, reply } = self.ink(wire.kind);
        if wire.is_lost() {
            line(self.pen(Part::Gone, hue), start, end);
            cross(self.pen(Part::Cross, Hue::Red), end, CROSS_PX);
        } else if wire.from != wire.to {
            line(self.pen(Part::Way, hue), start, end);
            head(self.pen(if reply { Part::Hollow } else { Part::Head }, hue), start, end);
        }
    }

    fn dots(&mut self, trace: &Trace, events: impl Iterator<Item = u32>, crowded: bool) {
        let mut last: HashMap<(u16, Mark), i64> = HashMap::new();
        let frame = self.frame;
        let open = |dot: &&Dot| dot.mark == Mark::Network || !frame.is_folded(dot.node);
        for dot in events.filter_map(|event| trace.dot(event)).filter(open) {
            let (x, y) = self.frame.place(trace, dot);
            let pixel = (x / COLUMN_PX).round() as i64;
            let before = last.insert((dot.node.0, dot.mark), pixel);
            if crowded && before == Some(pixel) {
                continue;
            }
            let hue = match dot.mark {
                Mark::Received | Mark::Waiting => self.ink(dot.kind).hue,
                _ => Hue::Grey,
            };
            let path = self.pen(Part::Dot(dot.mark), hue);
            match dot.mark {
                Mark::Nothing => {}
                Mark::Received => disc(path, (x, y), DOT_PX),
                Mark::Waiting | Mark::Timer => disc(path, (x, y), DOT_PX - 0.4),
                Mark::Request => diamond(path, (x, y), DOT_PX, DOT_PX),
                Mark::Disk => triangle(path, (x, y)),
                Mark::Crash => cross(path, (x, y), CROSS_PX + 0.6),
                Mark::Fault | Mark::Network => diamond(path, (x, y), 4.6, 0.0),
            }
        }
    }
}

/// The ways of a crowd, column by column.
#[derive(Default)]
struct Columns {
    /// By hue and column: the hue, and from where to where the line goes.
    lines: HashMap<(u8, i64), (Hue, f64, f64)>,
    /// Where messages died, by pair of columns and height.
    deaths: HashSet<(i64, i64)>,
}

impl Columns {
    fn add(&mut self, hue: Hue, lost: bool, start: (f64, f64), end: (f64, f64)) {
        let column = (end.0 / COLUMN_PX).round() as i64;
        let line = self.lines.entry((hue as u8, column)).or_insert((hue, start.1, start.1));
        line.1 = line.1.min(start.1).min(end.1);
        line.2 = line.2.max(start.1).max(end.1);
        if lost {
            let column = (end.0 / (2.0 * COLUMN_PX)).round() as i64;
            self.deaths.insert((column, end.1.round() as i64));
        }
    }
}

/// Writes a coordinate with one decimal.
fn number(path: &mut String, value: f64) {
    let tenths = (value * 10.0).round() as i64;
    if tenths < 0 {
        path.push('-');
    }
    let size = tenths.unsigned_abs();
    let mut digits = [0u8; 20];
    let mut place = digits.len();
    let mut whole = size / 10;
    loop {
        place -= 1;
        digits[place] = b'0' + (whole % 10) as u8;
        whole /= 10;
        if whole == 0 {
            break;
        }
    }
    for digit in &digits[place..] {
        path.push(char::from(*digit));
    }
    if !size.is_multiple_of(10) {
        path.push('.');
        path.push(char::from(b'0' + (size % 10) as u8));
    }
}

/// A command of a path and its point.
pub fn point(path: &mut String, command: char, (x, y): (f64, f64)) {
    path.push(command);
    number(path, x);
    path.push(' ');
    number(path, y);
}

/// A straight line, added to a path.
pub fn line(path: &mut String, start: (f64, f64), end: (f64, f64)) {
    point(path, 'M', start);
    point(path, 'L', end);
}

/// An arrowhead whose tip touches the dot at `end`.
fn head(path: &mut String, start: (f64, f64), end: (f64, f64)) {
    let (dx, dy) = (end.0 - start.0, end.1 - start.1);
    let length = (dx * dx + dy * dy).sqrt();
    if length < HEAD_PX {
        return;
    }
    let (ux, uy) = (dx / length, dy / length);
    let back = |by: f64| (end.0 - ux * by, end.1 - uy * by);
    let (tip, base) = (back(DOT_PX - 0.6), back(DOT_PX - 0.6 + HEAD_PX));
    point(path, 'M', tip);
    point(path, 'L', (base.0 - uy * HEAD_HALF_PX, base.1 + ux * HEAD_HALF_PX));
    point(path, 'L', (base.0 + uy * HEAD_HALF_PX, base.1 - ux * HEAD_HALF_PX));
    path.push('Z');
}

/// A cross of that half size.
pub fn cross(path: &mut String, (x, y): (f64, f64), size: f64) {
    line(path, (x - size, y - size), (x + size, y + size));
    line(path, (x - size, y + size), (x + size, y - size));
}

/// A circle that is drawn out to both sides, `half` from its middle to its edge.
pub fn capsule(path: &mut String, (x, y): (f64, f64), radius: f64, half: f64) {
    let straight = (half - radius).max(0.0);
    for (edge, sign) in [(x - straight, -1.0), (x + straight, 1.0)] {
        point(path, if sign < 0.0 { 'M' } else { 'L' }, (edge, y - sign * radius));
        path.push('A');
        number(path, radius);
        path.push(' ');
        number(path, radius);
        path.push_str(" 0 0 1 ");
        number(path, edge);
        path.push(' ');
        number(path, y + sign * radius);
    }
    path.push('Z');
}

/// A circle.
fn disc(path: &mut String, (x, y): (f64, f64), radius: f64) {
    point(path, 'M', (x - radius, y));
    for sign in [1.0, -1.0] {
        path.push('a');
        number(path, radius);
        path.push(' ');
        number(path, radius);
        path.push_str(" 0 1 0 ");
        number(path, sign * 2.0 * radius);
        path.push_str(" 0");
    }
}

/// A diamond when `corner` is 0, a square when it is the size.
fn diamond(path: &mut String, (x, y): (f64, f64), size: f64, corner: f64) {
    point(path, 'M', (x - corner, y - size));
    point(path, 'L', (x + size, y - corner));
    point(path, 'L', (x + corner, y + size));
    point(path, 'L', (x - size, y + corner));
    path.push('Z');
}

fn triangle(path: &mut String, (x, y): (f64, f64)) {
    point(path, 'M', (x - 4.0, y - 3.0));
    point(path, 'L', (x + 4.0, y - 3.0));
    point(path, 'L', (x, y + 4.0));
    path.push('Z');
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
