//! Counting and summing up what happened: percentiles, histograms, windows of time.
//!
//! Whole numbers throughout, so that native code and WebAssembly count alike.

use faultline_model::Time;

/// The smallest of `sorted` such that at least `per_mille` thousandths of the values are not larger: the
/// nearest-rank method (Hyndman and Fan 1996, definition 1), which always answers with a value that was
/// measured. `None` without values.
pub fn percentile(sorted: &[u64], per_mille: u32) -> Option<u64> {
    debug_assert!(sorted.is_sorted(), "percentiles are taken of sorted values");
    let count = sorted.len() as u64;
    let rank = (count * u64::from(per_mille.min(1_000))).div_ceil(1_000).max(1);
    sorted.get(rank as usize - 1).copied()
}

/// How many values fall into each of equally wide buckets from 0 on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    /// The width of a bucket, in the unit of the values: bucket `i` holds `i * width ..= (i + 1) * width - 1`.
    pub width: u64,
    /// How many values each bucket holds; the last one holds the largest value.
    pub counts: Vec<u32>,
}

impl Histogram {
    /// Counts `values` into at most `most` buckets of a round width.
    pub fn of(values: &[u64], most: usize) -> Histogram {
        let largest = values.iter().copied().max().unwrap_or(0);
        let width = round_up((largest / most.max(1) as u64).saturating_add(1));
        let mut counts = vec![0; (largest / width) as usize + 1];
        for value in values {
            counts[(value / width) as usize] += 1;
        }
        Histogram { width, counts }
    }
}

/// The next larger of 1, 2, 5, 10, 20, 50 …: where an axis ends, or how wide a window is.
pub fn round_up(value: u64) -> u64 {
    let mut ten = 1u64;
    loop {
        for step in [ten, ten.saturating_mul(2), ten.saturating_mul(5)] {
            if step >= value {
                return step;
            }
        }
        ten = ten.saturating_mul(10);
    }
}

/// A span of time from 0 on, cut into equal windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// How long a window is, microseconds.
    pub width: u64,
    /// How many there are.
    pub count: usize,
}

impl Windows {
    /// At most `most` windows of a round length, the last of which holds `until`.
    pub fn over(until: Time, most: usize) -> Windows {
        let width = round_up((until.0 / most.max(1) as u64).saturating_add(1));
        Windows { width, count: (until.0 / width) as usize + 1 }
    }

    /// The window that `at` falls into; what is later falls into the last one.
    pub fn index(self, at: Time) -> usize {
        ((at.0 / self.width) as usize).min(self.count - 1)
    }

    /// When window `index` begins.
    pub fn start(self, index: usize) -> Time {
        Time(self.width * index as u64)
    }

    /// How many of `times` fall into each window.
    pub fn counts(self, times: impl IntoIterator<Item = Time>) -> Vec<u32> {
        let mut counts = vec![0; self.count];
        for at in times {
            counts[self.index(at)] += 1;
        }
        counts
    }

    /// `count` within one window as a rate, in thousandths of one a second, rounded to the nearest.
    pub fn rate(self, count: u32) -> u64 {
        (u64::from(count) * 1_000_000_000 + self.width / 2) / self.width
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        // The example of the nearest-rank method in Hyndman and Fan's sense, five ordered values.
        let values = [15, 20, 35, 40, 50];
        let found = [50, 300, 400, 500, 1_000].map(|per_mille| percentile(&values, per_mille));
        assert_eq!(found, [15, 20, 20, 35, 50].map(Some));
        assert_eq!(percentile(&[], 500), None);
        assert_eq!(percentile(&[7], 0), Some(7));
        assert_eq!(percentile(&[7, 9], 2_000), Some(9));
    }

    #[test]
    fn a_percentile_splits_the_values_as_it_says() {
        let values: Vec<u64> = (0..997).map(|i| i * i % 613).collect();
        let mut sorted = values.clone();
        sorted.sort_unstable();
        for per_mille in [1, 250, 500, 900, 990, 999] {
            let found = percentile(&sorted, per_mille).unwrap();
            let not_larger = values.iter().filter(|value| **value <= found).count() as u32;
            let smaller = values.iter().filter(|value| **value < found).count() as u32;
            assert!(not_larger * 1_000 >= per_mille * 997 && smaller * 1_000 < per_mille * 997);
        }
    }

    #[test]
    fn a_histogram_counts_every_value_once() {
        let values = [0, 1, 9, 10, 99, 100, 399];
        let histogram = Histogram::of(&values, 40);
        assert_eq!((histogram.width, histogram.counts.len()), (10, 40));
        assert_eq!(histogram.counts.iter().sum::<u32>(), 7);
        assert_eq!((histogram.counts[0], histogram.counts[1], histogram.counts[39]), (3, 1, 1));
        assert_eq!(Histogram::of(&[], 40), Histogram { width: 1, counts: vec![0] });
        assert!(Histogram::of(&[u64::MAX], 40).counts.len() <= 41);
    }

    #[test]
    fn axes_end_at_round_numbers() {
        let ends = [0, 1, 3, 6, 11, 51, 999, 1_001].map(round_up);
        assert_eq!(ends, [1, 1, 5, 10, 20, 100, 1_000, 2_000]);
        assert_eq!(round_up(u64::MAX), u64::MAX);
    }

    #[test]
    fn windows_are_round_and_hold_everything() {
        let windows = Windows::over(Time(1_871_000), 40);
        assert_eq!(windows, Windows { width: 50_000, count: 38 });
        let counts = windows.counts([0, 49_999, 50_000, 1_871_000, 9_999_999].map(Time));
        assert_eq!((counts[0], counts[1], counts[37]), (2, 1, 2));
        assert_eq!(windows.start(2), Time(100_000));
        assert_eq!(Windows::over(Time::ZERO, 40), Windows { width: 1, count: 1 });
    }

    #[test]
    fn rates_are_thousandths_a_second() {
        let windows = Windows { width: 50_000, count: 4 };
        assert_eq!([0, 1, 3].map(|count| windows.rate(count)), [0, 20_000, 60_000]);
        assert_eq!(Windows { width: 3_000_000, count: 1 }.rate(1), 333);
    }
}
