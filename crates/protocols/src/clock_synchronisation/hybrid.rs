//! The hybrid logical clock: Fig. 5 of the paper.

use faultline_model::Time;
use serde::Serialize;

use super::Knobs;

/// A reading of a hybrid logical clock; readings are ordered by `l`, then by `c`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Hybrid {
    /// The greatest physical time that its process has heard of.
    pub l: Time,
    /// The logical part: how many events it has had to tell apart at the same `l`.
    pub c: u64,
}

impl Hybrid {
    /// An event of its own, or the sending of a message, when the physical clock reads `physical`.
    pub(super) fn event(self, physical: Time, knobs: &Knobs) -> Hybrid {
        let l = self.l.max(physical);
        let c = if l == self.l { self.c + 1 } else { 0 };
        Hybrid { l, c: if knobs.logical_part { c } else { 0 } }
    }

    /// The receipt of a message that was sent at `heard`.
    pub(super) fn receipt(self, heard: Hybrid, physical: Time, knobs: &Knobs) -> Hybrid {
        if !knobs.take_the_maximum {
            return self.event(physical, knobs);
        }
        let l = self.l.max(heard.l).max(physical);
        let c = match (l == self.l, l == heard.l) {
            (true, true) => self.c.max(heard.c) + 1,
            (true, false) => self.c + 1,
            (false, true) => heard.c + 1,
            (false, false) => 0,
        };
        Hybrid { l, c: if knobs.logical_part { c } else { 0 } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(l: u64, c: u64) -> Hybrid {
        Hybrid { l: Time(l), c }
    }

    /// Fig. 5, case by case.
    #[test]
    fn l_is_the_greatest_and_c_counts_as_long_as_l_stays() {
        let knobs = Knobs::default();
        assert_eq!(at(10, 3).event(Time(12), &knobs), at(12, 0));
        assert_eq!(at(10, 3).event(Time(10), &knobs), at(10, 4));
        assert_eq!(at(10, 3).event(Time(7), &knobs), at(10, 4));
        assert_eq!(at(10, 3).receipt(at(10, 5), Time(9), &knobs), at(10, 6));
        assert_eq!(at(10, 3).receipt(at(8, 5), Time(9), &knobs), at(10, 4));
        assert_eq!(at(10, 3).receipt(at(11, 5), Time(9), &knobs), at(11, 6));
        assert_eq!(at(10, 3).receipt(at(11, 5), Time(12), &knobs), at(12, 0));
    }

    /// The paper's claim that HLC is backward compatible: of two readings one after the other the later is greater.
    #[test]
    fn a_reading_is_greater_than_what_came_before_it() {
        let knobs = Knobs::default();
        for (own, heard, physical) in
            (0..64).map(|n: u64| (at(n % 4, n % 2), at(n / 4 % 4, n / 2 % 2), n / 16))
        {
            assert!(own.event(Time(physical), &knobs) > own);
            assert!(own.receipt(heard, Time(physical), &knobs) > own.max(heard));
        }
    }
}
