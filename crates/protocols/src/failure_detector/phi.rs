//! φ: how unlikely a silence is (Hayashibara et al. 2004).
//!
//! Whether φ has reached a threshold is decided by time alone: the length of silence at which it does is
//! reckoned once, to the microsecond, through `libm`.

use faultline_model::Span;

use super::Distribution;

/// Mean and standard deviation (of the window itself, not of what it is a sample of).
pub(super) fn mean_and_deviation(window: impl ExactSizeIterator<Item = Span> + Clone) -> (Span, Span) {
    let count = window.len().max(1) as u128;
    let sum: u128 = window.clone().map(|span| u128::from(span.0)).sum();
    let squares: u128 = window.map(|span| u128::from(span.0).pow(2)).sum();
    // Count² times the variance, without a fraction.
    let spread = (count * squares).saturating_sub(sum * sum);
    let deviation = libm::sqrt(spread as f64) / count as f64;
    (Span((sum / count) as u64), Span(deviation as u64))
}

/// How likely it is that the next heartbeat comes even later than after `silence`.
fn later(silence: u64, mean: Span, deviation: Span, distribution: Distribution) -> f64 {
    let (silence, mean) = (silence as f64, mean.0.max(1) as f64);
    match distribution {
        Distribution::Normal => {
            let away = (silence - mean) / deviation.0.max(1) as f64;
            0.5 * libm::erfc(away / std::f64::consts::SQRT_2)
        }
        Distribution::Exponential => libm::exp(-silence / mean),
    }
}

/// After how much silence φ = −log₁₀ P(later) reaches `level`.
pub fn silence_at(level: u64, mean: Span, deviation: Span, distribution: Distribution) -> Span {
    let target = libm::pow(10.0, -(level as f64));
    // φ of 16 lies within 9 deviations, or 37 means.
    let mut high = mean.0.saturating_mul(64).saturating_add(deviation.0.saturating_mul(16)).saturating_add(1);
    let mut low = 0;
    while low < high {
        let middle = low + (high - low) / 2;
        if later(middle, mean, deviation, distribution) <= target {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Span(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(level: u64, distribution: Distribution) -> u64 {
        let span = silence_at(level, Span::secs(1), Span::millis(200), distribution);
        (span.0 + 500) / 1_000
    }

    /// T12.
    #[test]
    fn the_silence_at_which_phi_reaches_a_threshold_is_that_of_its_definition() {
        let at = |distribution| [1, 2, 3, 8].map(|level| millis(level, distribution));
        assert_eq!(at(Distribution::Normal), [1_256, 1_465, 1_618, 2_122]);
        // The last is 18 420.68, printed as 18 421.
        assert_eq!(at(Distribution::Exponential), [2_303, 4_605, 6_908, 18_421]);
    }

    /// T12: φ = 1, 2, 3, 8 is a chance of 10⁻¹, 10⁻², 10⁻³, 10⁻⁸ that the heartbeat is merely late.
    #[test]
    fn phi_is_the_number_of_zeros_of_the_chance_to_be_wrong() {
        for (level, chance) in [(1, 1e-1), (2, 1e-2), (3, 1e-3), (8, 1e-8)] {
            let silence = silence_at(level, Span::secs(1), Span::millis(200), Distribution::Normal);
            let found = later(silence.0, Span::secs(1), Span::millis(200), Distribution::Normal);
            assert!((found / chance - 1.0).abs() < 1e-3, "{level}: {found}");
        }
    }

    #[test]
    fn mean_and_deviation_are_those_of_the_window() {
        let window = [800, 1_200].map(Span::millis);
        assert_eq!(mean_and_deviation(window.into_iter()), (Span::secs(1), Span::millis(200)));
        assert_eq!(mean_and_deviation([Span::ZERO; 0].into_iter()), (Span::ZERO, Span::ZERO));
        let far = [Span(u64::MAX / 1_000_000); 3];
        assert_eq!(mean_and_deviation(far.into_iter()), (far[0], Span::ZERO));
    }

    #[test]
    fn extremes_end() {
        for span in [Span::ZERO, Span(1), Span(u64::MAX)] {
            for distribution in [Distribution::Normal, Distribution::Exponential] {
                silence_at(16, span, span, distribution);
            }
        }
    }
}
