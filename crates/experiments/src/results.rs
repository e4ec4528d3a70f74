//! What the trials measured, and what statistics make of it.

/// What was measured: a sample for each arm and each measure.
#[derive(Clone, Debug)]
pub struct Results {
    /// By arm, then by measure.
    samples: Vec<Vec<Sample>>,
}

impl Results {
    pub(crate) fn new(arms: Vec<Vec<Vec<f64>>>) -> Results {
        let samples = |arm: Vec<Vec<f64>>| arm.into_iter().map(Sample::new).collect();
        Results { samples: arms.into_iter().map(samples).collect() }
    }

    /// The first measure of an arm.
    pub fn of(&self, arm: usize) -> &Sample {
        self.measure(arm, 0)
    }

    /// A measure of an arm.
    pub fn measure(&self, arm: usize, measure: usize) -> &Sample {
        &self.samples[arm][measure]
    }

    /// The means of a measure over all arms, each with its arm's place on the x axis.
    pub fn means(&self, measure: usize, xs: impl IntoIterator<Item = f64>) -> Vec<(f64, f64)> {
        xs.into_iter().enumerate().map(|(arm, x)| (x, self.measure(arm, measure).mean())).collect()
    }
}

/// The values of one measure in all trials of an arm. Statistics of an empty one are not numbers.
#[derive(Clone, Debug)]
pub struct Sample {
    /// By increasing value: no statistic depends on the order of the trials.
    sorted: Vec<f64>,
}

impl Sample {
    fn new(mut values: Vec<f64>) -> Sample {
        values.sort_by(f64::total_cmp);
        Sample { sorted: values }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.sorted.len()
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        self.sorted.iter().sum::<f64>() / self.sorted.len() as f64
    }

    /// The standard deviation of one value, estimated with n − 1.
    pub fn deviation(&self) -> f64 {
        let mean = self.mean();
        let squares: f64 = self.sorted.iter().map(|value| (value - mean) * (value - mean)).sum();
        (squares / (self.sorted.len() as f64 - 1.0)).sqrt()
    }

    /// The least value such that at least this share of all is no greater.
    pub fn quantile(&self, share: f64) -> f64 {
        let rank = libm::ceil(share * self.sorted.len() as f64) as usize;
        let place = rank.clamp(1, self.sorted.len().max(1)) - 1;
        self.sorted.get(place).copied().unwrap_or(f64::NAN)
    }

    /// The median.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// The greatest.
    pub fn worst(&self) -> f64 {
        self.quantile(1.0)
    }

    /// The least.
    pub fn least(&self) -> f64 {
        self.quantile(0.0)
    }

    /// How large a part of all is so.
    pub fn share(&self, is_so: impl Fn(f64) -> bool) -> f64 {
        self.sorted.iter().filter(|&&value| is_so(value)).count() as f64 / self.sorted.len() as f64
    }

    /// The distribution: of each of at most `most` values, how large a part of all is no greater.
    pub fn distribution(&self, most: usize) -> Vec<(f64, f64)> {
        let count = self.sorted.len();
        let mut points: Vec<(f64, f64)> = vec![];
        let stops = most.min(count);
        for stop in 1..=stops {
            let upto = (stop * count).div_ceil(stops);
            let (x, y) = (self.sorted[upto - 1], upto as f64 / count as f64);
            match points.last_mut() {
                Some(last) if last.0 == x => last.1 = y,
                _ => points.push((x, y)),
            }
        }
        points
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_those_of_the_values() {
        let sample = Sample::new(vec![4.0, 1.0, 3.0, 2.0]);
        assert_eq!((sample.mean(), sample.median(), sample.worst(), sample.least()), (2.5, 2.0, 4.0, 1.0));
        assert_eq!((sample.quantile(0.75), sample.quantile(0.76)), (3.0, 4.0));
        assert_eq!(sample.share(|value| value > 1.5), 0.75);
        assert!((sample.deviation() - 1.290_994).abs() < 1e-6);
        assert_eq!(sample.distribution(9), [(1.0, 0.25), (2.0, 0.5), (3.0, 0.75), (4.0, 1.0)]);
        assert_eq!(sample.distribution(2), [(2.0, 0.5), (4.0, 1.0)]);
    }

    #[test]
    fn equal_values_are_one_point_of_the_distribution() {
        let sample = Sample::new(vec![1.0, 2.0, 2.0, 2.0]);
        assert_eq!(sample.distribution(4), [(1.0, 0.25), (2.0, 1.0)]);
    }

    #[test]
    fn an_empty_sample_has_no_statistics() {
        let sample = Sample::new(vec![]);
        assert!(sample.mean().is_nan() && sample.median().is_nan() && sample.worst().is_nan());
        assert!(sample.distribution(5).is_empty());
    }
}
