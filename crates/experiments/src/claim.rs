//! What a source states, and when a measured number agrees with it.

use serde::{Deserialize, Serialize};

use crate::{Results, Unit};

/// How a claim was verified. Nothing that prints a number gives it a better mark than it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Mark {
    /// Read in the primary source.
    P,
    /// Seen as a direct quotation of it.
    Q,
    /// Computed or simulated independently.
    C,
    /// From memory, not yet checked.
    R,
}

impl Mark {
    /// What it means, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Mark::P => "read in the primary source",
            Mark::Q => "seen as a direct quotation",
            Mark::C => "computed independently",
            Mark::R => "from memory, not yet checked",
        }
    }
}

/// One number of a source, beside what the experiment measures.
#[derive(Debug)]
pub struct Claim {
    /// The row of the project's table of reference numbers: "E2".
    pub oracle: &'static str,
    /// What it is the number of: "150–155 ms, median".
    pub what: &'static str,
    /// The number as the source prints it: "287 ms".
    pub printed: &'static str,
    /// The number, in `unit`.
    pub expected: f64,
    /// How far from it a faithful simulation may come out.
    pub tolerance: Tolerance,
    /// What it is measured in.
    pub unit: Unit,
    /// How the number was verified.
    pub mark: Mark,
    /// Where it stands: "Raft (extended) §9.3, Fig. 16 top".
    pub place: &'static str,
    /// The measured number, in `unit`.
    pub measured: fn(&Results) -> f64,
}

/// What the numbers of one table, figure or formula have in common.
#[derive(Clone, Copy, Debug)]
pub struct Basis {
    /// The row of the project's table of reference numbers.
    pub oracle: &'static str,
    /// How far from its numbers a faithful simulation may come out.
    pub tolerance: Tolerance,
    /// What they are measured in.
    pub unit: Unit,
    /// How they were verified.
    pub mark: Mark,
    /// Where they stand.
    pub place: &'static str,
}

impl Basis {
    /// One of the numbers: what it is of, how it is printed, the number, and how it is measured here.
    pub const fn claim(
        self,
        what: &'static str,
        printed: &'static str,
        expected: f64,
        measured: fn(&Results) -> f64,
    ) -> Claim {
        let Basis { oracle, tolerance, unit, mark, place } = self;
        Claim { oracle, what, printed, expected, tolerance, unit, mark, place, measured }
    }

    /// The same with another tolerance: at most so far, either way.
    pub const fn within(self, most: f64) -> Basis {
        Basis { tolerance: Tolerance::Within(most), ..self }
    }
}

/// How far from the source's number a faithful simulation may come out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tolerance {
    /// It is the same number.
    Exact,
    /// Anything from the first to the second.
    Between(f64, f64),
    /// At most so far, either way.
    Within(f64),
    /// The number is a share of so many trials of one arm for each trial asked for: three standard
    /// deviations of a share, 3·√(p(1−p)/n).
    Share(u32),
    /// The number is the mean of one value a trial with this standard deviation: 3·sd/√n.
    Mean(f64),
}

impl Tolerance {
    /// The least and the greatest measured value that agree, for so many trials.
    pub fn range(self, expected: f64, trials: u32) -> (f64, f64) {
        let either_way = |most: f64| (expected - most, expected + most);
        let trials = f64::from(trials.max(1));
        match self {
            // Sums and quotients of exact numbers may differ in their last bit.
            Tolerance::Exact => either_way(1e-9 * expected.abs().max(1.0)),
            Tolerance::Between(least, greatest) => (least, greatest),
            Tolerance::Within(most) => either_way(most),
            Tolerance::Share(times) => {
                let n = trials * f64::from(times);
                either_way(3.0 * (expected * (1.0 - expected) / n).sqrt())
            }
            Tolerance::Mean(deviation) => either_way(3.0 * deviation / trials.sqrt()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tolerances_are_those_of_the_table() {
        let close =
            |(low, high): (f64, f64), (l, h): (f64, f64)| (low - l).abs() < 5e-4 && (high - h).abs() < 5e-4;
        // E7: 0.68 ± 0.044 for 1,000 trials; E9: ± 4.7 percentage points at one half.
        assert!(close(Tolerance::Share(1).range(0.68, 1_000), (0.6357, 0.7243)));
        assert!(close(Tolerance::Share(1).range(0.488, 1_000), (0.4406, 0.5354)));
        assert!(close(Tolerance::Share(100).range(0.0006, 1_000), (0.00037, 0.00083)));
        // T2: 8.00 ms ± 0.33 with a standard deviation of 3.5.
        assert!(close(Tolerance::Mean(3.5).range(8.0, 1_000), (7.668, 8.332)));
        assert!(close(Tolerance::Within(2.0).range(5.0, 1), (3.0, 7.0)));
        assert!(close(Tolerance::Between(1.0, 2.0).range(9.0, 1), (1.0, 2.0)));
        let (low, high) = Tolerance::Exact.range(0.3, 1);
        assert!((low..=high).contains(&(0.1 + 0.2)) && !(low..=high).contains(&0.300_001));
    }
}
