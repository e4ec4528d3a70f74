//! Where on the lane a time is. Pure.

use faultline_model::Time;

/// The lane's axis: from zero to a round time, microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The right end.
    pub end: u64,
}

/// Round numbers: the axis keeps its scale for a while as time goes on.
const ROUND: [u64; 7] = [10, 15, 20, 30, 40, 60, 80];
/// The shortest axis.
const LEAST: u64 = 1_000_000;

impl Axis {
    /// An axis that shows so much, and a little room to drag into.
    pub fn reaching(micros: u64) -> Axis {
        let wanted = micros.saturating_add(micros / 10).max(LEAST);
        let mut scale = 1u64;
        loop {
            if let Some(end) =
                ROUND.iter().map(|round| round.saturating_mul(scale)).find(|&end| end >= wanted)
            {
                return Axis { end };
            }
            scale = scale.saturating_mul(10);
        }
    }

    /// Where a time is, from 0 to 1.
    pub fn place(self, micros: u64) -> f64 {
        (micros as f64 / self.end as f64).min(1.0)
    }

    /// Which time is at a place, rounded to what a pointer can tell apart.
    pub fn time(self, place: f64) -> u64 {
        let step = (self.step() / 10).max(1);
        let micros = place.clamp(0.0, 1.0) * self.end as f64;
        ((micros / step as f64 + 0.5) as u64).saturating_mul(step).min(self.end)
    }

    /// How far one press of an arrow key goes.
    pub fn step(self) -> u64 {
        let hundredth = self.end / 100;
        let mut scale = 1u64;
        while scale.saturating_mul(10) <= hundredth {
            scale *= 10;
        }
        hundredth / scale * scale
    }

    /// A time that is one step off, to the later or the earlier side.
    pub fn moved(self, micros: u64, steps: i64) -> u64 {
        let by = self.step().saturating_mul(steps.unsigned_abs());
        if steps < 0 { micros.saturating_sub(by) } else { micros.saturating_add(by) }
    }

    /// The first round time that is not before `time`.
    pub fn next(self, time: Time) -> Time {
        let step = self.step() * 10;
        Time(time.0.div_ceil(step).saturating_mul(step))
    }

    /// The times that stand under the lane: its ends and what lies evenly between.
    pub fn ticks(self) -> [Time; 6] {
        [0, 1, 2, 3, 4, 5].map(|i| Time(self.end / 5 * i))
    }
}

/// Markers stand in so many rows at most.
const MOST_ROWS: usize = 4;

/// In which row, from 0, each marker stands so that none covers another; `places` are sorted, and markers
/// less than `apart` from each other would. Where too many come together the last row takes them.
pub fn levels(places: &[f64], apart: f64) -> Vec<usize> {
    let mut taken = [f64::NEG_INFINITY; MOST_ROWS];
    let row = |&place: &f64| {
        let row = taken.iter().position(|last| place - last >= apart).unwrap_or(MOST_ROWS - 1);
        taken[row] = place;
        row
    };
    places.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_has_a_round_end_with_room() {
        assert_eq!(Axis::reaching(0).end, 1_000_000);
        assert_eq!(Axis::reaching(1_000_000).end, 1_500_000);
        assert_eq!(Axis::reaching(5_200_000).end, 6_000_000);
        assert_eq!(Axis::reaching(60_000_000).end, 80_000_000);
        for micros in [1, 999, 123_456_789, 315_360_000_000_000] {
            let axis = Axis::reaching(micros);
            assert!(
                axis.end >= micros && axis.end <= 2 * micros.max(500_000) + micros / 2,
                "{micros}: {axis:?}"
            );
            assert_eq!(axis.ticks()[5].0, axis.end);
        }
    }

    #[test]
    fn markers_close_in_time_stand_in_rows() {
        assert_eq!(levels(&[0.1, 0.11, 0.12, 0.5, 0.51], 0.05), [0, 1, 2, 0, 1]);
        assert_eq!(levels(&[0.1, 0.16, 0.22], 0.05), [0, 0, 0]);
        assert_eq!(levels(&[0.3; 6], 0.05), [0, 1, 2, 3, 3, 3]);
        assert_eq!(levels(&[], 0.05), [0_usize; 0]);
    }

    #[test]
    fn places_and_times_agree() {
        let axis = Axis::reaching(9_000_000);
        assert_eq!((axis.end, axis.step()), (10_000_000, 100_000));
        for micros in [0, 10_000, 1_230_000, 10_000_000] {
            assert_eq!(axis.time(axis.place(micros)), micros);
        }
        assert_eq!((axis.time(-3.0), axis.time(7.0)), (0, 10_000_000));
        assert_eq!((axis.moved(50_000, -1), axis.moved(50_000, 10)), (0, 1_050_000));
        assert_eq!(axis.next(Time(1_000_001)), Time(2_000_000));
        assert_eq!(axis.next(Time(1_000_000)), Time(1_000_000));
    }
}
