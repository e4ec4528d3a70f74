//! Keyed randomness: each draw is a function of what it is for, not of how many came before it.
//!
//! Because a latency depends only on (seed, purpose, link, ordinal on that link), dropping one message
//! does not reshuffle every later one: two branches of a run differ by what the intervention caused.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

use crate::Span;

/// What a draw is for. Two purposes never share a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purpose(u64);

impl Purpose {
    /// The purpose of that name.
    pub const fn new(name: &str) -> Purpose {
        // FNV-1a, 64 bit: a fixed, well-known map from names to numbers.
        let bytes = name.as_bytes();
        let mut hash = 0xcbf2_9ce4_8422_2325u64;
        let mut i = 0;
        while i < bytes.len() {
            hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
            i += 1;
        }
        Purpose(hash)
    }
}

/// A generator for one keyed draw: xoshiro256++, which is value-stable across platforms and versions.
#[derive(Clone, Debug)]
pub struct Draw(Xoshiro256PlusPlus);

impl Draw {
    /// The draw for `(seed, purpose, place, ordinal)`; `place` is a node or a directed link.
    #[inline]
    pub fn new(seed: u64, purpose: Purpose, place: u64, ordinal: u64) -> Draw {
        let mut key = mix(seed ^ purpose.0);
        key = mix(key ^ place.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        key = mix(key ^ ordinal.wrapping_mul(0xbf58_476d_1ce4_e5b9));
        Draw(Xoshiro256PlusPlus::seed_from_u64(key))
    }

    /// Sixty-four random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A whole number from `low` to `high`, both included, without bias beyond 2⁻⁶⁴ of the range.
    #[inline]
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        debug_assert!(low <= high, "an empty range: {low}..={high}");
        let width = u128::from(high.saturating_sub(low)) + 1;
        low + ((u128::from(self.bits()) * width) >> 64) as u64
    }

    /// True in `per_million` of a million cases.
    #[inline]
    pub fn chance(&mut self, per_million: u32) -> bool {
        per_million > 0 && self.between(0, 999_999) < u64::from(per_million)
    }

    /// A number in [0, 1) with 53 random bits.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// An exponentially distributed length with the given mean (inverse transform, through `libm` so
    /// that native and WebAssembly agree to the bit).
    pub fn exponential(&mut self, mean: Span) -> Span {
        Span((-libm::log(1.0 - self.unit()) * mean.0 as f64) as u64)
    }

    /// A normally distributed length (Box–Muller, through `libm`), cut off at zero.
    pub fn normal(&mut self, mean: Span, deviation: Span) -> Span {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        let angle = libm::cos(2.0 * std::f64::consts::PI * self.unit());
        Span((mean.0 as f64 + radius * angle * deviation.0 as f64).max(0.0) as u64)
    }

    /// A Pareto distributed length: at least `scale`, with tail exponent `shape` (inverse transform).
    pub fn pareto(&mut self, scale: Span, shape: f64) -> Span {
        let value = scale.0 as f64 / libm::pow(1.0 - self.unit(), 1.0 / shape);
        Span(value.min(1e15) as u64)
    }
}

/// The finalizer of MurmurHash3: every input bit reaches every output bit.
#[inline]
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    x = (x ^ (x >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    x ^ (x >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEST: Purpose = Purpose::new("test");

    #[test]
    fn draws_are_the_same_for_ever() {
        let first: Vec<u64> = (0..4).map(|i| Draw::new(42, TEST, 7, i).bits()).collect();
        assert_eq!(
            first,
            [
                4_799_971_515_329_268_215,
                15_151_340_733_957_433_443,
                4_008_478_626_655_831_619,
                3_235_090_006_417_188_816
            ],
            "these values are part of the run format: a change breaks every shared link"
        );
    }

    #[test]
    fn neighbouring_keys_do_not_resemble_each_other() {
        let mut ones = [0u32; 64];
        for ordinal in 0..4_000 {
            let bits = Draw::new(1, TEST, 3, ordinal).bits();
            for (bit, count) in ones.iter_mut().enumerate() {
                *count += (bits >> bit & 1) as u32;
            }
        }
        // 4,000 fair coins: sd 31.6; six of them either way.
        assert!(ones.iter().all(|&count| (1_810..=2_190).contains(&count)), "{ones:?}");
    }

    #[test]
    fn ranges_are_reached_at_both_ends() {
        let drawn: std::collections::BTreeSet<u64> =
            (0..200).map(|i| Draw::new(9, TEST, 0, i).between(3, 6)).collect();
        assert_eq!(drawn.into_iter().collect::<Vec<_>>(), [3, 4, 5, 6]);
    }

    #[test]
    fn distributions_have_their_means() {
        let mean = |f: &dyn Fn(&mut Draw) -> Span| {
            (0..20_000).map(|i| f(&mut Draw::new(5, TEST, 1, i)).0).sum::<u64>() as f64 / 20_000.0
        };
        let exponential = mean(&|d| d.exponential(Span(1_000)));
        assert!((970.0..1_030.0).contains(&exponential), "{exponential}");
        let normal = mean(&|d| d.normal(Span(1_000), Span(100)));
        assert!((997.0..1_003.0).contains(&normal), "{normal}");
        let pareto = mean(&|d| d.pareto(Span(1_000), 3.0));
        assert!((1_470.0..1_530.0).contains(&pareto), "{pareto}");
    }
}
