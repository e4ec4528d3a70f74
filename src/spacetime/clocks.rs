//! What the nodes' own clocks tell, for the ticks on the lanes of those that are off.

use faultline_model::{NodeId, Time};
use faultline_sim::NodeView;

/// A clock that is this little off is right, as far as the eye can tell, microseconds.
const RIGHT: f64 = 0.5;
/// So far may a clock be from what is expected before that is noted, microseconds.
const TOLERANCE: f64 = 500.0;
/// So many ticks a lane at most.
const MOST_TICKS: u64 = 60;

/// From a moment on, a clock was so far ahead of true time and gained so much.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Reading {
    node: NodeId,
    since: Time,
    /// Microseconds ahead of true time.
    offset: f64,
    /// Parts per million.
    drift: f64,
}

impl Reading {
    fn of(node: &NodeView, since: Time) -> Reading {
        Reading { node: node.node, since, offset: node.offset as f64, drift: f64::from(node.drift) }
    }

    fn local(&self, at: f64) -> f64 {
        at + self.offset + (at - self.since.0 as f64) * self.drift / 1e6
    }

    /// When, in true time, the clock reads `local`.
    fn when(&self, local: f64) -> f64 {
        let since = self.since.0 as f64;
        since + (local - since - self.offset) / (1.0 + self.drift / 1e6)
    }

    fn is_right(&self) -> bool {
        self.offset.abs() < RIGHT && self.drift == 0.0
    }
}

/// A tick of a node's own clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tick {
    /// Whose clock.
    pub node: NodeId,
    /// When it ticks, true time in microseconds.
    pub at: f64,
    /// What it reads then, microseconds; negative before its zero.
    pub local: i64,
}

/// What the clocks have told so far: of each node that was ever off, since when by how much.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clocks {
    readings: Vec<Reading>,
}

impl Clocks {
    /// Whether every clock has always been right.
    pub fn is_empty(&self) -> bool {
        self.readings.is_empty()
    }

    /// Notes what clocks tell at a moment, where it is not what follows from what is known.
    pub fn note(&mut self, at: Time, nodes: &[NodeView]) {
        for node in nodes {
            let now = Reading::of(node, at);
            let last = self.readings.iter().rev().find(|reading| reading.node == node.node);
            let expected = last.map_or(at.0 as f64, |last| last.local(at.0 as f64));
            let drifts = last.map_or(0.0, |last| last.drift) != now.drift;
            if drifts || (now.local(at.0 as f64) - expected).abs() > TOLERANCE {
                self.readings.push(now);
            }
        }
    }

    /// The ticks of clocks that are off within a window of true time, `step` of local time apart.
    pub fn ticks(&self, (from, to): (Time, Time), step: u64) -> Vec<Tick> {
        let mut ticks = vec![];
        for (place, reading) in self.readings.iter().enumerate() {
            let next = self.readings[place + 1..].iter().find(|next| next.node == reading.node);
            let until = next.map_or(to, |next| next.since.min(to)).0 as f64;
            let from = from.max(reading.since).0 as f64;
            if reading.is_right() || from > until {
                continue;
            }
            let step = step.max(1) as f64;
            let first = (reading.local(from) / step).ceil();
            for n in 0..MOST_TICKS {
                let local = (first + n as f64) * step;
                let at = reading.when(local);
                if at > until {
                    break;
                }
                ticks.push(Tick { node: reading.node, at, local: local as i64 });
            }
        }
        ticks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(node: u16, since: u64, offset: f64, drift: f64) -> Reading {
        Reading { node: NodeId(node), since: Time(since), offset, drift }
    }

    fn ticks(readings: &[Reading], from: u64, to: u64) -> Vec<(f64, i64)> {
        let clocks = Clocks { readings: readings.to_vec() };
        clocks.ticks((Time(from), Time(to)), 1_000).iter().map(|tick| (tick.at, tick.local)).collect()
    }

    #[test]
    fn a_clock_that_is_ahead_ticks_early() {
        let ahead = [reading(0, 0, 250.0, 0.0)];
        assert_eq!(ticks(&ahead, 0, 2_000), [(750.0, 1_000), (1_750.0, 2_000)]);
    }

    #[test]
    fn a_fast_clock_ticks_more_often() {
        let fast = [reading(0, 1_000, 0.0, 1e6)];
        assert_eq!(ticks(&fast, 0, 2_200), [(1_000.0, 1_000), (1_500.0, 2_000), (2_000.0, 3_000)]);
    }

    #[test]
    fn a_clock_that_is_right_has_no_ticks_of_its_own() {
        let set_right = [reading(0, 0, 250.0, 0.0), reading(0, 1_000, 0.0, 0.0), reading(1, 0, -100.0, 0.0)];
        assert_eq!(ticks(&set_right, 0, 2_000), [(750.0, 1_000), (100.0, 0), (1_100.0, 1_000)]);
    }
}
