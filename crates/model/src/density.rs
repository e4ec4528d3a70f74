//! How likely which latency is, for drawing.

use crate::{Latency, Span};

/// The shape of a distribution of latencies: how likely each is, compared with the likeliest.
#[derive(Clone, Debug, PartialEq)]
pub struct Density {
    /// The longest latency that the curve reaches; it begins at zero. Heavy tails go on beyond it.
    pub end: Span,
    /// Heights from 0 to 1 at equal distances, from zero to [`Density::end`]. A constant latency is a
    /// single one among zeros.
    pub heights: Vec<f64>,
}

impl Latency {
    /// Its density at `count` places (at least two). Only for pictures: no run depends on it.
    pub fn density(&self, count: usize) -> Density {
        let last = count.max(2) - 1;
        let end = self.reach();
        let step = end.0 as f64 / last as f64;
        // The share of messages around each place; what is drawn below zero becomes zero.
        let within = |places: f64| self.share_within(libm::ceil(places * step) - 1.0);
        let mut heights: Vec<f64> =
            (0..=last).map(|i| (within(i as f64 + 0.5) - within(i as f64 - 0.5)).max(0.0)).collect();
        let most = heights.iter().copied().fold(0.0, f64::max);
        if most > 0.0 {
            heights.iter_mut().for_each(|height| *height /= most);
        }
        Density { end, heights }
    }

    /// Up to where it is worth drawing: all of it, or all but its far tail.
    fn reach(&self) -> Span {
        let reach = match *self {
            Latency::Constant(span) => span.0.saturating_mul(2),
            Latency::Uniform(_, high) => high.0.saturating_add(high.0 / 4),
            Latency::Normal(mean, deviation) => mean.0.saturating_add(deviation.0.saturating_mul(4)),
            Latency::Exponential(mean) => mean.0.saturating_mul(5),
            Latency::Pareto(scale, _) => scale.0.saturating_mul(5),
            Latency::Mixture(_, one, other) => one.latency().reach().0.max(other.latency().reach().0),
        };
        Span(reach.max(2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Chance, Draw, Part, Purpose};

    const ALL: [Latency; 6] = [
        Latency::Constant(Span::millis(40)),
        Latency::Uniform(Span::millis(20), Span::millis(60)),
        Latency::Normal(Span::millis(40), Span::millis(10)),
        Latency::Exponential(Span::millis(40)),
        Latency::Pareto(Span::millis(20), 2_500),
        Latency::Mixture(Chance(700_000), Part::Normal(20_000, 4_000), Part::Exponential(60_000)),
    ];

    #[test]
    fn the_curve_is_where_the_draws_are() {
        for latency in ALL {
            let Density { end, heights } = latency.density(41);
            let width = end.0 as f64 / 40.0;
            let mut counts = [0u32; 41];
            for ordinal in 0..20_000 {
                let drawn = latency.draw(&mut Draw::new(7, Purpose::new("density test"), 0, ordinal));
                let place = (drawn.0 as f64 / width + 0.5) as usize;
                if place < counts.len() {
                    counts[place] += 1;
                }
            }
            // Where many are drawn the curve is high, where none is it is at most low. What is drawn below
            // zero becomes zero, and the ends of a step fall on either side: those places say nothing.
            let most = f64::from(counts.iter().skip(1).copied().max().unwrap());
            for i in 1..40 {
                let step = (heights[i - 1] - heights[i + 1]).abs() > 0.4;
                let (share, height) = (f64::from(counts[i]) / most, heights[i]);
                assert!(step || (share - height).abs() < 0.2, "{latency:?} at {i}: {share} and {height}");
            }
        }
    }

    #[test]
    fn extremes_are_drawn_too() {
        let none = Span::ZERO;
        let much = Span(u64::MAX);
        for latency in [
            Latency::Constant(none),
            Latency::Uniform(none, none),
            Latency::Normal(none, none),
            Latency::Exponential(none),
            Latency::Pareto(none, 100),
            Latency::Constant(much),
            Latency::Uniform(none, much),
            Latency::Normal(much, much),
            Latency::Exponential(much),
            Latency::Pareto(much, 100_000),
        ] {
            let Density { end, heights } = latency.density(0);
            assert!(end > none && heights.len() == 2, "{latency:?}");
            assert!(heights.iter().all(|height| (0.0..=1.0).contains(height)), "{latency:?}: {heights:?}");
        }
    }
}
