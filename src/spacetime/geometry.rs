//! Where things stand: true time to the right, one lane a node downwards.
//!
//! Pure arithmetic in CSS pixels and microseconds; no order depends on these floats.

use std::sync::Arc;

use faultline_model::{NodeId, Time, sort_by};

use super::trace::{Dot, End, Mark, Trace, Wire};

/// Room above the first lane: the time axis and the marks of network faults.
pub const TOP_PX: f64 = 38.0;
/// Room below the last lane: the captions of bands.
pub const BOTTOM_PX: f64 = 30.0;
/// Lanes are never closer than so much; beyond that the diagram scrolls.
pub const LEAST_GAP_PX: f64 = 18.0;
/// Nor farther apart.
pub const MOST_GAP_PX: f64 = 96.0;
/// The y of what belongs to no lane.
pub const NETWORK_Y_PX: f64 = 21.0;

/// A mapping from time and node to pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The time at x = 0, microseconds; may lie before the start of the run.
    pub origin: f64,
    /// Microseconds a pixel.
    pub per_px: f64,
    /// The y of each node's lane.
    ys: Arc<[f64]>,
    /// The nodes whose lanes are folded: what happens there is not drawn.
    folded: Arc<[NodeId]>,
}

impl Frame {
    /// The frame with its lanes at those heights, a node each, some of them folded.
    pub fn with_lanes(ys: &[f64], folded: &[NodeId]) -> Frame {
        Frame { origin: 0.0, per_px: 1.0, ys: ys.into(), folded: folded.into() }
    }

    /// The frame whose lanes stand in the order of the nodes, one every `gap` from `top` on.
    pub fn even(lanes: usize, top: f64, gap: f64) -> Frame {
        let ys: Vec<f64> = (0..lanes).map(|lane| top + gap * lane as f64).collect();
        Frame::with_lanes(&ys, &[])
    }

    /// The same lanes with another mapping of time.
    #[must_use]
    pub fn at(&self, origin: f64, per_px: f64) -> Frame {
        Frame { origin, per_px, ..self.clone() }
    }

    /// Whether a node's lane is folded.
    pub fn is_folded(&self, node: NodeId) -> bool {
        self.folded.contains(&node)
    }

    /// The x of a point in time.
    pub fn x(&self, at: Time) -> f64 {
        (at.0 as f64 - self.origin) / self.per_px
    }

    /// The point in time at an x; the start of the run for what lies before it.
    pub fn time(&self, x: f64) -> Time {
        Time((self.origin + x * self.per_px).max(0.0) as u64)
    }

    /// The y of a node's lane.
    pub fn y(&self, node: NodeId) -> f64 {
        self.ys.get(node.index()).copied().unwrap_or_else(|| self.foot())
    }

    /// The y of the lowest lane.
    pub fn foot(&self) -> f64 {
        self.ys.iter().copied().fold(TOP_PX, f64::max)
    }

    /// The smallest distance between two lanes.
    pub fn least_gap(&self) -> f64 {
        let mut ys = self.ys.to_vec();
        sort_by(&mut ys, f64::total_cmp);
        ys.windows(2).map(|pair| pair[1] - pair[0]).fold(MOST_GAP_PX, f64::min)
    }

    /// Where a wire begins and ends.
    pub fn ends(&self, wire: &Wire) -> ((f64, f64), (f64, f64)) {
        let (start, goal) = (self.y(wire.from), self.y(wire.to));
        let y = match wire.end {
            End::Arrived => goal,
            End::Lost(_, share) => start + (goal - start) * f64::from(share) / 255.0,
        };
        ((self.x(wire.sent), start), (self.x(wire.ended), y))
    }

    /// Where an event stands: on its lane, where its message died, or above all lanes.
    pub fn place(&self, trace: &Trace, dot: &Dot) -> (f64, f64) {
        let x = self.x(dot.at);
        match (dot.mark, dot.wire) {
            (Mark::Network, _) => (x, NETWORK_Y_PX),
            (Mark::Nothing, Some(wire)) => self.ends(&trace.wires()[wire as usize]).1,
            _ => (x, self.y(dot.node)),
        }
    }
}

/// Microseconds a pixel before any message has been sent.
const FIRST_PER_PX: f64 = 250.0;

/// A scale at which messages are easily told apart and a few exchanges fit into `width`: the 1-2-5
/// step nearest to it for the mean `latency` in microseconds.
pub fn natural_scale(latency: Option<f64>, width: f64) -> f64 {
    let Some(latency) = latency.filter(|latency| *latency > 0.0) else { return FIRST_PER_PX };
    let message_px = (width / 19.0).clamp(30.0, 60.0);
    nearest_step(latency / message_px)
}

/// The nearest of … 1, 2, 5, 10, 20, 50 … by ratio, at least 1.
fn nearest_step(wanted: f64) -> f64 {
    let mut best = 1.0;
    let ratio = |step: f64| {
        if step > wanted { step / wanted } else { wanted / step }
    };
    for step in steps() {
        if ratio(step) < ratio(best) {
            best = step;
        }
    }
    best
}

/// 1, 2, 5, 10 … up to about three hours.
fn steps() -> impl Iterator<Item = f64> {
    (0..=9).flat_map(|power| {
        let ten = (0..power).fold(1.0, |ten, _| ten * 10.0);
        [ten, 2.0 * ten, 5.0 * ten]
    })
}

/// Labels of the time axis are at least so far apart.
const LABEL_PX: f64 = 92.0;

/// Microseconds between two labels of the time axis, and at least `finest`.
pub fn tick_step(per_px: f64, finest: u64) -> u64 {
    let least = (LABEL_PX * per_px).max(finest as f64);
    steps().find(|step| *step >= least).unwrap_or(1e10) as u64
}

/// The points in time between `from` and `to` that get a label, `step` apart.
pub fn ticks(from: Time, to: Time, step: u64) -> Vec<Time> {
    let step = step.max(1);
    let first = from.0.div_ceil(step);
    (first..=to.0 / step).take(200).map(|n| Time(n * step)).collect()
}

/// A point in time as the diagram writes it: "1.871 s"; `step` says how finely it must tell apart.
pub fn clock_text(at: Time, step: u64) -> String {
    let decimals = match step {
        1_000_000.. => 0,
        100_000.. => 1,
        10_000.. => 2,
        1_000.. => 3,
        100.. => 4,
        10.. => 5,
        _ => 6,
    };
    let unit = 10u64.pow(6 - decimals);
    let rounded = (at.0 + unit / 2) / unit;
    let per_second = 1_000_000 / unit;
    let (whole, rest) = (rounded / per_second, rounded % per_second);
    match decimals {
        0 => format!("{whole} s"),
        _ => format!("{whole}.{rest:0width$} s", width = decimals as usize),
    }
}

/// How far a point lies from the line between two others.
pub fn distance_to_line((px, py): (f64, f64), (ax, ay): (f64, f64), (bx, by): (f64, f64)) -> f64 {
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { ((px - ax) * dx + (py - ay) * dy) / length } else { 0.0 };
    let along = along.clamp(0.0, 1.0);
    let (x, y) = (ax + along * dx - px, ay + along * dy - py);
    (x * x + y * y).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_maps_to_pixels_and_back() {
        let frame = Frame::even(5, TOP_PX, 32.0).at(1_000_000.0, 250.0);
        assert_eq!(frame.x(Time(1_000_000)), 0.0);
        assert_eq!(frame.x(Time(1_250_000)), 1_000.0);
        assert_eq!(frame.time(1_000.0), Time(1_250_000));
        assert_eq!(frame.at(-500.0, 250.0).time(1.0), Time(0), "nothing lies before the start");
    }

    #[test]
    fn lanes_may_stand_in_any_order() {
        let frame = Frame::with_lanes(&[102.0, 38.0, 70.0], &[NodeId(1)]);
        assert_eq!((frame.y(NodeId(0)), frame.y(NodeId(1))), (102.0, 38.0));
        assert!(frame.is_folded(NodeId(1)) && !frame.is_folded(NodeId(0)));
        assert_eq!((frame.foot(), frame.least_gap()), (102.0, 32.0));
        assert_eq!(frame.y(NodeId(9)), 102.0, "a node that is not known stands lowest");
    }

    #[test]
    fn the_natural_scale_suits_the_latency_and_the_width() {
        assert_eq!(natural_scale(Some(10_000.0), 1_000.0), 200.0);
        assert_eq!(natural_scale(Some(50_000.0), 1_000.0), 1_000.0);
        assert_eq!(natural_scale(Some(10_000.0), 330.0), 500.0, "a narrow diagram shows as many exchanges");
        assert_eq!(natural_scale(Some(0.0), 1_000.0), FIRST_PER_PX);
        assert_eq!(natural_scale(None, 1_000.0), FIRST_PER_PX);
    }

    #[test]
    fn ticks_are_round_and_far_enough_apart() {
        let labels: Vec<String> = ticks(Time(1_930_000), Time(2_110_000), tick_step(500.0, 1))
            .into_iter()
            .map(|at| clock_text(at, tick_step(500.0, 1)))
            .collect();
        assert_eq!(labels, ["1.95 s", "2.00 s", "2.05 s", "2.10 s"]);
        for per_px in [1.0, 3.7, 250.0, 8_000.0, 1e6] {
            assert!(tick_step(per_px, 1) as f64 / per_px >= LABEL_PX);
        }
        assert_eq!(tick_step(2.0, 1_000), 1_000, "no half events");
    }

    #[test]
    fn a_clock_is_as_fine_as_it_must_be() {
        assert_eq!(clock_text(Time(1_871_003), 1_000), "1.871 s");
        assert_eq!(clock_text(Time(1_871_003), 1), "1.871003 s");
        assert_eq!(clock_text(Time(59_999_999), 1_000_000), "60 s");
        assert_eq!(clock_text(Time(0), 500_000), "0.0 s");
    }

    #[test]
    fn distance_is_to_the_segment_not_to_its_line() {
        assert_eq!(distance_to_line((5.0, 3.0), (0.0, 0.0), (10.0, 0.0)), 3.0);
        assert_eq!(distance_to_line((13.0, 4.0), (0.0, 0.0), (10.0, 0.0)), 5.0);
        assert_eq!(distance_to_line((3.0, 4.0), (0.0, 0.0), (0.0, 0.0)), 5.0);
    }
}
