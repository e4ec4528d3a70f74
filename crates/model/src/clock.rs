//! A node's own clock: an offset from true time and a rate that drifts.

use serde::{Deserialize, Serialize};

use crate::{Span, Time};

const MILLION: i64 = 1_000_000;

/// A clock that is `offset` away from true time and gains `drift` microseconds a second.
///
/// The offset moves what the node reads; only the drift changes how long its timers take, as on a
/// machine whose timers run on a monotonic clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Clock {
    /// True time at which offset or drift last changed.
    since: Time,
    /// Local reading at `since`, in microseconds; may be negative.
    reading: i64,
    /// Parts per million: +100 gains 100 µs a second.
    drift: i32,
}

impl Default for Clock {
    fn default() -> Clock {
        Clock { since: Time::ZERO, reading: 0, drift: 0 }
    }
}

impl Clock {
    /// The widest drift that can be set, in parts per million: a clock at 0.1 to 1.9 times true speed.
    pub const MAX_DRIFT: i32 = 900_000;

    /// Microseconds by which the clock is ahead of true time at `now`; negative when it is behind.
    #[inline]
    pub fn offset(&self, now: Time) -> i64 {
        self.local_signed(now) - now.0 as i64
    }

    /// The drift in parts per million.
    pub fn drift(&self) -> i32 {
        self.drift
    }

    #[inline]
    fn local_signed(&self, now: Time) -> i64 {
        let elapsed = now.since(self.since).0 as i64;
        if self.drift == 0 {
            return self.reading + elapsed;
        }
        // i128: a year of microseconds times two million does not fit 64 bits.
        let gained = i128::from(elapsed) * i128::from(self.drift) / i128::from(MILLION);
        self.reading + elapsed + gained as i64
    }

    /// What the node reads at true time `now`; a clock behind the start of the run reads zero.
    #[inline]
    pub fn local(&self, now: Time) -> Time {
        Time(self.local_signed(now).max(0) as u64)
    }

    /// The true length of what this clock measures as `span`, rounded up.
    #[inline]
    pub fn true_span(&self, span: Span) -> Span {
        if self.drift == 0 {
            return span;
        }
        let rate = i128::from(MILLION + i64::from(self.drift));
        Span(((i128::from(span.0) * i128::from(MILLION) + rate - 1) / rate) as u64)
    }

    /// What this clock measures of a true `span`, rounded down.
    pub fn local_span(&self, span: Span) -> Span {
        let rate = i128::from(MILLION + i64::from(self.drift));
        Span((i128::from(span.0) * rate / i128::from(MILLION)) as u64)
    }

    /// Sets the clock so that it is `offset` microseconds ahead of true time.
    pub fn set_offset(&mut self, now: Time, offset: i64) {
        self.reading = (now.0 as i64).saturating_add(offset);
        self.since = now;
    }

    /// Changes the rate from `now` on; beyond [`Clock::MAX_DRIFT`] it is clamped.
    pub fn set_drift(&mut self, now: Time, drift: i32) {
        self.reading = self.local_signed(now);
        self.since = now;
        self.drift = drift.clamp(-Self::MAX_DRIFT, Self::MAX_DRIFT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offset_moves_the_reading_and_not_the_timers() {
        let mut clock = Clock::default();
        clock.set_offset(Time(1_000), 5_000_000);
        assert_eq!(clock.local(Time(1_000)), Time(5_001_000));
        assert_eq!(clock.true_span(Span::millis(150)), Span::millis(150));
    }

    #[test]
    fn a_fast_clock_fires_early() {
        let mut clock = Clock::default();
        clock.set_drift(Time::ZERO, 500_000);
        assert_eq!(clock.true_span(Span::millis(150)), Span::millis(100));
        assert_eq!(clock.local(Time(100_000)), Time(150_000));
        clock.set_drift(Time(100_000), 0);
        assert_eq!(clock.local(Time(100_000)), Time(150_000));
        assert_eq!(clock.offset(Time(200_000)), 50_000);
    }
}
