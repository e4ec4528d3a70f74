//! Which key is how popular.

/// Zipf's law over the keys 1 to n: key k is drawn with a probability proportional to 1/kˢ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zipf {
    /// The probability of a key up to and including this one, in units of 2⁻⁵³; the last is 2⁵³.
    upto: Vec<u64>,
}

/// What 100 % is in whole numbers: all that a double holds exactly.
const WHOLE: u64 = 1 << 53;

impl Zipf {
    /// The law for `keys` keys (at least one) with the exponent `thousandths` / 1,000. Calculated with
    /// `libm` and rounded once to whole numbers, so that every platform draws the same keys.
    pub fn new(keys: u32, thousandths: u32) -> Zipf {
        let exponent = f64::from(thousandths) / 1_000.0;
        let weight = |key: u32| libm::pow(f64::from(key), -exponent);
        let sum: f64 = (1..=keys).map(weight).sum();
        let mut so_far = 0.0;
        let mut upto: Vec<u64> = (1..=keys)
            .map(|key| {
                so_far += weight(key);
                (so_far / sum * WHOLE as f64) as u64
            })
            .collect();
        if let Some(last) = upto.last_mut() {
            *last = WHOLE;
        }
        Zipf { upto }
    }

    /// The key for sixty-four random bits, from 1.
    pub fn key(&self, bits: u64) -> u32 {
        let place = bits >> 11;
        self.upto.partition_point(|&upto| upto <= place) as u32 + 1
    }

    /// The probability of a key, counted from 1.
    pub fn probability(&self, key: u32) -> f64 {
        let upto = |i: usize| self.upto.get(i).copied().unwrap_or(WHOLE);
        let before = (key as usize).checked_sub(2).map_or(0, upto);
        (upto((key as usize).saturating_sub(1)) - before) as f64 / WHOLE as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Draw, Purpose};

    #[test]
    fn zipf_gives_every_key_the_probability_of_the_formula() {
        for (keys, exponent) in [(1, 990), (10, 0), (10, 990), (1_000, 1_500), (10_000, 990)] {
            let zipf = Zipf::new(keys, exponent);
            let weight = |key: u32| libm::pow(f64::from(key), -f64::from(exponent) / 1_000.0);
            let sum: f64 = (1..=keys).map(weight).sum();
            for key in 1..=keys {
                let (exact, found) = (weight(key) / sum, zipf.probability(key));
                assert!((exact - found).abs() < 1e-12, "{keys} {exponent} {key}: {exact} {found}");
            }
            assert_eq!(zipf.key(0), 1);
            assert_eq!(zipf.key(u64::MAX), keys);
        }
    }

    #[test]
    fn keys_are_drawn_as_often_as_zipf_says() {
        let zipf = Zipf::new(20, 990);
        let draws = 100_000u32;
        let mut found = std::collections::BTreeMap::<u32, f64>::new();
        for ordinal in 0..draws {
            let bits = Draw::new(1, Purpose::new("keys"), 0, ordinal.into()).bits();
            *found.entry(zipf.key(bits)).or_default() += 1.0;
        }
        // Pearson's statistic with 19 degrees of freedom exceeds 43.8 once in a thousand times.
        let expected = |key| zipf.probability(key) * f64::from(draws);
        let off = |key: u32| {
            let more = found.get(&key).copied().unwrap_or(0.0) - expected(key);
            more * more / expected(key)
        };
        let statistic: f64 = (1..=20).map(off).sum();
        assert!(statistic < 43.8, "{statistic}");
    }
}
