//! A chart as shapes: whole pixels only.

use super::chart::{Chart, Lane, Mark};
use faultline_model::sort;

/// The room left and right of the lanes, pixels.
const EDGE: i32 = 6;
/// The room above a lane for its name.
const HEAD: i32 = 19;
/// The room below the lanes for the axis.
const FOOT: i32 = 20;
/// Labels of rules that would stand closer are left out; the note has all values.
const LABEL: i32 = 30;

/// Where everything of a chart stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The width of the drawing.
    pub width: i32,
    lane: i32,
    lanes: i32,
    /// Where the axis ends, microseconds.
    end: u64,
    low: i64,
    high: i64,
}

impl Frame {
    /// The frame of a chart that is drawn so wide.
    pub fn of(chart: &Chart, width: i32) -> Frame {
        let (low, high) = chart.range();
        Frame {
            width: width.max(120),
            lane: chart.height,
            lanes: chart.lanes.len() as i32,
            end: chart.axis.end(),
            low,
            high: high.max(low + 1),
        }
    }

    /// The height of the drawing.
    pub fn height(&self) -> i32 {
        self.lanes * (self.lane + HEAD) + FOOT
    }

    /// The lower edge of a lane.
    pub fn foot(&self, lane: usize) -> i32 {
        (lane as i32 + 1) * (self.lane + HEAD)
    }

    /// The line on which a lane's name stands.
    pub fn name(&self, lane: usize) -> i32 {
        self.foot(lane) - self.lane - 5
    }

    /// The line on which the axis is written.
    pub fn axis(&self) -> i32 {
        self.height() - 5
    }

    /// The left and the right end of the lanes.
    pub fn ends(&self) -> (i32, i32) {
        (EDGE, self.width - EDGE)
    }

    /// A place along the axis.
    pub fn x(&self, x: u64) -> i32 {
        let room = u128::from((self.width - 2 * EDGE).unsigned_abs());
        EDGE + (u128::from(x.min(self.end)) * room / u128::from(self.end)) as i32
    }

    /// The place along the axis at a pixel.
    pub fn at(&self, pixel: i32) -> u64 {
        let room = (self.width - 2 * EDGE).unsigned_abs();
        let along = (pixel - EDGE).clamp(0, room as i32).unsigned_abs();
        (u128::from(along) * u128::from(self.end) / u128::from(room)) as u64
    }

    fn y(&self, lane: usize, value: i64) -> i32 {
        let share = i128::from(value - self.low) * i128::from(self.lane) / i128::from(self.high - self.low);
        self.foot(lane) - share as i32
    }

    /// The base line of a lane: where its value is 0.
    pub fn base(&self, lane: usize) -> String {
        let (left, right) = self.ends();
        format!("M{left} {}H{right}", self.y(lane, 0))
    }

    /// The points of a lane as a path.
    pub fn path(&self, place: usize, lane: &Lane, mark: Mark) -> String {
        match mark {
            Mark::Steps => self.steps(place, lane),
            Mark::Bars(width) => self.bars(place, lane, width),
            Mark::Dots => self.dots(place, lane),
        }
    }

    /// A line that keeps each value until the next. Points on one column of pixels become one stroke from
    /// the lowest to the highest.
    fn steps(&self, place: usize, lane: &Lane) -> String {
        let mut path = String::new();
        let columns = lane.points.chunk_by(|a, b| self.x(a.x) == self.x(b.x));
        for column in columns {
            let x = self.x(column[0].x);
            let ys = column.iter().map(|point| self.y(place, point.y));
            let (top, foot) = (ys.clone().min().unwrap_or(0), ys.clone().max().unwrap_or(0));
            let last = ys.clone().next_back().unwrap_or(foot);
            path.push_str(&if path.is_empty() { format!("M{x} {last}") } else { format!("H{x}") });
            if top < foot {
                path.push_str(&format!("V{foot}V{top}"));
            }
            path.push_str(&format!("V{last}"));
        }
        if !path.is_empty() {
            path.push_str(&format!("H{}", self.ends().1));
        }
        path
    }

    fn bars(&self, place: usize, lane: &Lane, width: u64) -> String {
        let mut path = String::new();
        for point in lane.points.iter().filter(|point| point.y != 0) {
            let (left, right) = (self.x(point.x), self.x(point.x.saturating_add(width)));
            let right = if right - left > 3 { right - 1 } else { right.max(left + 1) };
            let (top, foot) = (self.y(place, point.y), self.y(place, 0));
            // What is there at all is seen.
            let top = if top == foot { foot - 1 } else { top };
            path.push_str(&format!("M{left} {foot}V{top}H{right}V{foot}Z"));
        }
        path
    }

    fn dots(&self, place: usize, lane: &Lane) -> String {
        let mut all: Vec<(i32, i32)> =
            lane.points.iter().map(|point| (self.x(point.x), self.y(place, point.y))).collect();
        sort(&mut all);
        all.dedup();
        all.iter().map(|(x, y)| format!("M{} {y}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0", x - 3)).collect()
    }

    /// The marked places: name, where its line stands, and where its name does if there is room for it.
    pub fn rules(&self, chart: &Chart) -> Vec<(String, i32, Option<i32>)> {
        let mut free = 0;
        let place = |(name, at): &(String, u64)| {
            let x = self.x(*at);
            // At the right edge the name stands before its line.
            let label = if x + LABEL > self.width { x - LABEL } else { x + 3 };
            let room = label >= free;
            if room {
                free = label + LABEL;
            }
            (name.clone(), x, room.then_some(label))
        };
        chart.rules.iter().map(place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::chart::{Axis, Point, Unit};
    use super::*;
    use faultline_model::Time;

    fn lane(points: &[(u64, i64)]) -> Lane {
        let point = |&(x, y): &(u64, i64)| Point { x, y, at: Time(x) };
        Lane { name: "a".to_owned(), hue: "sky", points: points.iter().map(point).collect() }
    }

    fn chart(points: &[(u64, i64)]) -> Chart {
        Chart {
            id: "a".to_owned(),
            title: "A".to_owned(),
            note: String::new(),
            axis: Axis::Time(1_000),
            unit: Unit::Count,
            mark: Mark::Steps,
            height: 30,
            lanes: vec![lane(points), lane(&[])],
            rules: [("p50", 100), ("p90", 110), ("max", 900)].map(|(name, x)| (name.to_owned(), x)).to_vec(),
            table: None,
        }
    }

    #[test]
    fn pixels_and_places_lead_to_each_other() {
        let frame = Frame::of(&chart(&[(0, 0)]), 212);
        assert_eq!((frame.x(0), frame.x(500), frame.x(1_000), frame.x(9_999)), (6, 106, 206, 206));
        assert_eq!((frame.at(-5), frame.at(6), frame.at(106), frame.at(999)), (0, 0, 500, 1_000));
        assert_eq!((frame.height(), frame.foot(0), frame.foot(1)), (118, 49, 98));
    }

    #[test]
    fn steps_keep_a_value_until_the_next_and_the_last_to_the_end() {
        let chart = chart(&[(0, 0), (500, 3), (501, 1), (900, 3)]);
        let path = Frame::of(&chart, 212).path(0, &chart.lanes[0], Mark::Steps);
        assert_eq!(path, "M6 49V49H106V39V19V39H186V19H206");
    }

    #[test]
    fn values_below_zero_hang_below_the_base_line() {
        let chart = chart(&[(0, -10), (500, 20)]);
        let frame = Frame::of(&chart, 212);
        assert_eq!(frame.base(0), "M6 39H206");
        assert_eq!(frame.path(0, &chart.lanes[0], Mark::Bars(100)), "M6 39V49H25V39ZM106 39V19H125V39Z");
    }

    #[test]
    fn a_small_count_is_still_seen() {
        let chart = chart(&[(0, 1), (10, 10_000)]);
        let path = Frame::of(&chart, 212).path(0, &chart.lanes[0], Mark::Bars(10));
        assert!(path.starts_with("M6 49V48H"), "{path}");
    }

    #[test]
    fn dots_on_the_same_pixel_are_drawn_once_and_close_labels_are_left_out() {
        let chart = chart(&[(500, 2), (501, 2), (900, 1)]);
        let frame = Frame::of(&chart, 212);
        assert_eq!(frame.path(0, &chart.lanes[0], Mark::Dots).matches('M').count(), 2);
        let labels: Vec<Option<i32>> = frame.rules(&chart).into_iter().map(|(_, _, label)| label).collect();
        assert_eq!(labels, [Some(29), None, Some(156)], "the last one stands before its line");
    }
}
