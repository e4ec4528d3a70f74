//! Whether a search will end: said while it still holds little.

use serde::Serialize;

use crate::moves::Bounds;

/// What becomes of a search if states go on to multiply as they do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Forecast {
    /// How many times as many states the last step has as the one before it, in tenths.
    pub tenfold_growth: u32,
    /// After how many steps the bound on states will be reached.
    pub full_at: u32,
}

/// A few steps say nothing yet: there is always some growth at first.
const LEAST_STEPS: usize = 5;
const LEAST_STATES: u32 = 500;

impl Forecast {
    /// From how many states were first reached after each number of steps, the last of them complete.
    pub(crate) fn of(levels: &[u32], bounds: &Bounds) -> Option<Forecast> {
        let [.., before, last] = *levels else { return None };
        let seen: u64 = levels.iter().map(|&count| u64::from(count)).sum();
        if levels.len() <= LEAST_STEPS || last < LEAST_STATES {
            return None;
        }
        let tenfold_growth = (u64::from(last) * 10 / u64::from(before.max(1))) as u32;
        let (mut level, mut states, mut steps) = (u64::from(last), seen, levels.len() as u32 - 1);
        while states < u64::from(bounds.states) {
            level = level * u64::from(tenfold_growth) / 10;
            states += level;
            steps += 1;
            if steps > bounds.depth || level == 0 {
                return None;
            }
        }
        Some(Forecast { tenfold_growth, full_at: steps })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_carried_on_to_the_bound_on_states() {
        let bounds = Bounds { states: 100_000, depth: 40, ..Bounds::default() };
        let doubling = [1, 30, 62, 125, 250, 500, 1_000];
        let forecast = Forecast::of(&doubling, &bounds).expect("it doubles");
        // 1,968 so far, then 2,000, 4,000 … : 1,968 + 2,000 · (2⁶ − 1) is the first beyond.
        assert_eq!(forecast, Forecast { tenfold_growth: 20, full_at: 12 });
        assert_eq!(Forecast::of(&doubling, &Bounds { depth: 11, ..bounds.clone() }), None);
        assert_eq!(Forecast::of(&[1, 4_000, 3_000, 2_500, 2_000, 1_600, 1_000], &bounds), None, "it shrinks");
        assert_eq!(Forecast::of(&[1, 2, 4, 8, 16, 32, 64], &bounds), None, "too early to say");
    }
}
