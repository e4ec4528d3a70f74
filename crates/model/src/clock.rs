//! A node's own clock: an offset from true time and a rate that drifts.

use serde::{Deserialize, Serialize};

use crate::{Span, Time};

const MILLION: i64 = 1_000_000;

/// A clock that is `offset` away from true time and gains `drift` microseconds a second.
///
/// The offset moves what the node reads; only the rate (drift, and a slew while it lasts) changes how
/// long its timers take, as on machines whose timers run on a monotonic clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Clock {
    /// True time at which offset or rate last changed.
    since: Time,
    /// Local reading at `since`, in microseconds; may be negative.
    reading: i64,
    /// Parts per million: +100 gains 100 µs a second.
    drift: i32,
    /// How much faster it runs until `slewed`, parts per million.
    slew: i32,
    /// True time at which a slew ends; in the past when there is none.
    slewed: Time,
}

/// How a clock is brought to what it has been found to be off by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Correction {
    /// At once: it may jump backwards.
    Step,
    /// By running faster or slower, [`Clock::SLEW_RATE`], until it is there.
    Slew,
}

impl Default for Clock {
    fn default() -> Clock {
        Clock { since: Time::ZERO, reading: 0, drift: 0, slew: 0, slewed: Time::ZERO }
    }
}

/// The true length of what a clock at that rate measures as `span`, rounded up.
#[inline]
fn to_true(span: Span, rate: i32) -> Span {
    if rate == 0 {
        return span;
    }
    let rate = i128::from(MILLION + i64::from(rate));
    Span(((i128::from(span.0) * i128::from(MILLION) + rate - 1) / rate) as u64)
}

/// By how much a clock at that rate has moved on after a true `span`, gain or loss rounded towards none.
#[inline]
fn progress(span: Span, rate: i32) -> i64 {
    if rate == 0 {
        return span.0 as i64;
    }
    (span.0 as i64).saturating_add((i128::from(span.0) * i128::from(rate) / i128::from(MILLION)) as i64)
}

/// What a clock at that rate measures of a true `span`, rounded down.
#[inline]
fn to_local(span: Span, rate: i32) -> Span {
    if rate == 0 {
        return span;
    }
    // i128: a year of microseconds times two million does not fit 64 bits.
    Span((i128::from(span.0) * i128::from(MILLION + i64::from(rate)) / i128::from(MILLION)) as u64)
}

impl Clock {
    /// The widest drift that can be set, in parts per million: a clock at 0.1 to 1.9 times true speed.
    pub const MAX_DRIFT: i32 = 900_000;

    /// How fast a slew corrects, in parts per million of the rate: a twelfth, chrony's default for the
    /// directive `maxslewrate`. The clock goes on forwards all the time.
    pub const SLEW_RATE: i32 = 83_333;

    /// Microseconds by which the clock is ahead of true time at `now`; negative when it is behind.
    #[inline]
    pub fn offset(&self, now: Time) -> i64 {
        self.reading(now) - now.0 as i64
    }

    /// The drift in parts per million.
    pub fn drift(&self) -> i32 {
        self.drift
    }

    /// Until when, in true time, it runs faster or slower to correct itself; `None` when it does not.
    pub fn slewing(&self, now: Time) -> Option<Time> {
        (self.slew != 0 && self.slewed > now).then_some(self.slewed)
    }

    /// How much of a true `span` from `now` on belongs to a slew, the rate meanwhile, and the rest.
    #[inline]
    fn parts(&self, now: Time, span: Span) -> (Span, i32, Span) {
        if self.slew == 0 {
            return (Span::ZERO, self.drift, span);
        }
        let slewing = self.slewed.since(now).min(span);
        (slewing, self.drift + self.slew, span - slewing)
    }

    /// What it reads at true time `now`, in microseconds; negative before its zero.
    #[inline]
    pub fn reading(&self, now: Time) -> i64 {
        let (slewing, rate, rest) = self.parts(self.since, now.since(self.since));
        let passed = progress(slewing, rate).saturating_add(progress(rest, self.drift));
        self.reading.saturating_add(passed)
    }

    /// What the node reads at true time `now`; a clock behind the start of the run reads zero.
    #[inline]
    pub fn local(&self, now: Time) -> Time {
        Time(self.reading(now).max(0) as u64)
    }

    /// The true length of what this clock measures as `span` from true time `now` on, rounded up.
    #[inline]
    pub fn true_span(&self, now: Time, span: Span) -> Span {
        if self.slew == 0 {
            return to_true(span, self.drift);
        }
        let slewing = self.slewed.since(now);
        let measured = to_local(slewing, self.drift + self.slew);
        if span <= measured {
            to_true(span, self.drift + self.slew)
        } else {
            slewing + to_true(span - measured, self.drift)
        }
    }

    /// What this clock measures of a true `span` from true time `now` on, rounded down.
    #[inline]
    pub fn local_span(&self, now: Time, span: Span) -> Span {
        let (slewing, rate, rest) = self.parts(now, span);
        to_local(slewing, rate) + to_local(rest, self.drift)
    }

    /// Whether it runs like `other` from `now` on, wherever the two stand: timers take as long on both.
    pub fn runs_like(&self, other: &Clock, now: Time) -> bool {
        let pace = |clock: &Clock| (clock.drift, clock.slewing(now).map(|until| (until, clock.slew)));
        pace(self) == pace(other)
    }

    /// Sets the clock so that it is `offset` microseconds ahead of true time; a slew ends.
    pub fn set_offset(&mut self, now: Time, offset: i64) {
        self.reading = (now.0 as i64).saturating_add(offset);
        self.since = now;
        self.end_slew();
    }

    /// Moves what it reads by so many microseconds; its rate stays.
    pub fn jump(&mut self, now: Time, by: i64) {
        self.reading = self.reading(now).saturating_add(by);
        self.since = now;
    }

    /// Changes the rate from `now` on; beyond [`Clock::MAX_DRIFT`] it is clamped. A slew goes on.
    pub fn set_drift(&mut self, now: Time, drift: i32) {
        self.reading = self.reading(now);
        self.since = now;
        self.drift = drift.clamp(-Self::MAX_DRIFT, Self::MAX_DRIFT);
    }

    /// Runs faster or slower by [`Clock::SLEW_RATE`] from `now` on until the reading has been moved by so
    /// many microseconds, to within two: what it reads never goes backwards. It replaces a slew that lasts.
    pub fn slew(&mut self, now: Time, by: i64) {
        self.reading = self.reading(now);
        self.since = now;
        self.end_slew();
        if by != 0 {
            let rate = u128::from(Self::SLEW_RATE.unsigned_abs());
            let length = (u128::from(by.unsigned_abs()) * MILLION as u128).div_ceil(rate);
            self.slew = if by > 0 { Self::SLEW_RATE } else { -Self::SLEW_RATE };
            self.slewed = now + Span(u64::try_from(length).unwrap_or(u64::MAX));
        }
    }

    /// Moves what it reads by so many microseconds, at once or little by little.
    pub fn correct(&mut self, now: Time, by: i64, how: Correction) {
        match how {
            Correction::Step => self.jump(now, by),
            Correction::Slew => self.slew(now, by),
        }
    }

    fn end_slew(&mut self) {
        self.slew = 0;
        self.slewed = Time::ZERO;
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
        assert_eq!(clock.true_span(Time::ZERO, Span::millis(150)), Span::millis(150));
    }

    #[test]
    fn a_fast_clock_fires_early() {
        let mut clock = Clock::default();
        clock.set_drift(Time::ZERO, 500_000);
        assert_eq!(clock.true_span(Time::ZERO, Span::millis(150)), Span::millis(100));
        assert_eq!(clock.local(Time(100_000)), Time(150_000));
        clock.set_drift(Time(100_000), 0);
        assert_eq!(clock.local(Time(100_000)), Time(150_000));
        assert_eq!(clock.offset(Time(200_000)), 50_000);
    }

    #[test]
    fn a_slew_moves_the_reading_by_what_was_asked_and_never_backwards() {
        for (drift, by) in
            [(0, 250_000), (0, -250_000), (900_000, -9_999), (-900_000, -77_777), (-900_000, 5)]
        {
            let mut clock = Clock::default();
            clock.set_drift(Time::ZERO, drift);
            let mut slewed = clock;
            slewed.slew(Time(1_000), by);
            let until = slewed.slewing(Time(1_000)).expect("it corrects itself");
            let moved = slewed.reading(until) - clock.reading(until);
            assert!((moved - by).abs() <= 2, "{moved} instead of {by}");
            let later = until + Span::secs(5);
            assert!((slewed.reading(later) - clock.reading(later) - by).abs() <= 2);
            assert_eq!(slewed.slewing(later), None);
            let around = (0..4_000).map(|i| Time((until.0 + i).saturating_sub(2_000).max(1_000)));
            assert!(around.map(|now| slewed.reading(now)).is_sorted(), "drift {drift}, by {by}");
        }
    }

    #[test]
    fn what_a_clock_measures_of_a_true_span_is_that_span_again() {
        let mut clock = Clock::default();
        clock.set_drift(Time::ZERO, -123_456);
        clock.slew(Time(500), 40_000);
        for start in [500, 1_000, 300_000, 480_000, 481_000, 900_000] {
            for span in [0, 1, 7, 1_000, 100_000, 500_000, 3_000_000] {
                let truly = clock.true_span(Time(start), Span(span));
                let measured = clock.local_span(Time(start), truly);
                assert!(measured.0.abs_diff(span) <= 2, "{span} at {start}: {truly}, measured {measured}");
                assert!(clock.reading(Time(start) + truly) - clock.reading(Time(start)) + 2 >= span as i64);
            }
        }
    }

    #[test]
    fn a_jump_moves_the_reading_only() {
        let mut clock = Clock::default();
        clock.set_drift(Time::ZERO, 500_000);
        let before = clock;
        clock.jump(Time(1_000_000), -2_000_000);
        assert_eq!(clock.reading(Time(1_000_000)), -500_000);
        assert_eq!(clock.local(Time(1_000_000)), Time::ZERO);
        assert!(clock.runs_like(&before, Time(1_000_000)));
        assert_eq!(clock.reading(Time(2_000_000)), 1_000_000);
    }
}
