//! Time in whole microseconds: points ([`Time`]), lengths ([`Span`]) and differences with a sign ([`Offset`]).

use std::fmt;
use std::ops::{Add, AddAssign, Sub};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A point in time, in microseconds since the run began.
///
/// Whether it is the simulator's true time or a node's own reading is said where it is used: a node
/// only ever sees its own clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Time(pub u64);

/// A length of time, in microseconds; never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span(pub u64);

/// How much later one reading of a clock is than another, in microseconds; negative where it is earlier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Offset(pub i64);

/// Why a text is no length of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time: write a number with us, ms or s, such as 150ms or 1.2s")]
pub struct ParseTimeError(pub String);

impl Time {
    /// The beginning of the run.
    pub const ZERO: Time = Time(0);

    /// How long ago `earlier` was; zero when it lies ahead.
    #[inline]
    pub fn since(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// Seconds, for drawing only: no order may depend on it.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);

    /// So many microseconds.
    pub const fn micros(count: u64) -> Span {
        Span(count)
    }
    /// So many milliseconds.
    pub const fn millis(count: u64) -> Span {
        Span(count * 1_000)
    }
    /// So many seconds.
    pub const fn secs(count: u64) -> Span {
        Span(count * 1_000_000)
    }
    /// So many times this span.
    #[must_use]
    pub const fn times(self, factor: u64) -> Span {
        Span(self.0.saturating_mul(factor))
    }
}

impl Add<Span> for Time {
    type Output = Time;
    #[inline]
    fn add(self, span: Span) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}
impl AddAssign<Span> for Time {
    #[inline]
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}
impl Add for Span {
    type Output = Span;
    #[inline]
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}
impl Sub for Span {
    type Output = Span;
    /// The difference; zero when `other` is the longer.
    #[inline]
    fn sub(self, other: Span) -> Span {
        Span(self.0.saturating_sub(other.0))
    }
}

/// Writes microseconds in the largest unit that loses nothing.
fn write_exact(micros: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (unit, per) = match micros {
        0 => return f.write_str("0s"),
        m if m >= 1_000_000 && m % 1_000 == 0 => ("s", 1_000_000),
        m if m >= 1_000 => ("ms", 1_000),
        _ => ("us", 1),
    };
    let (whole, rest) = (micros / per, micros % per);
    if rest == 0 {
        return write!(f, "{whole}{unit}");
    }
    let width = if per == 1_000 { 3 } else { 6 };
    let digits = format!("{rest:0width$}");
    write!(f, "{whole}.{}{unit}", digits.trim_end_matches('0'))
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_exact(self.0, f)
    }
}
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_exact(self.0, f)
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0 < 0 { "−" } else { "" })?;
        write_exact(self.0.unsigned_abs(), f)
    }
}

impl FromStr for Offset {
    type Err = ParseTimeError;

    /// Reads what [`Span`] does, with a minus or hyphen before it where it is negative.
    fn from_str(text: &str) -> Result<Offset, ParseTimeError> {
        let trimmed = text.trim();
        let behind = trimmed.strip_prefix(['-', '−']);
        let Span(size) = behind.unwrap_or(trimmed).parse().map_err(|_| ParseTimeError(text.to_owned()))?;
        let size = i64::try_from(size).map_err(|_| ParseTimeError(text.to_owned()))?;
        Ok(Offset(if behind.is_some() { -size } else { size }))
    }
}

impl FromStr for Span {
    type Err = ParseTimeError;

    /// Reads `150ms`, `1.2s`, `500us`; at most six digits of each part count.
    fn from_str(text: &str) -> Result<Span, ParseTimeError> {
        let bad = || ParseTimeError(text.to_owned());
        let trimmed = text.trim();
        let split = trimmed.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(bad)?;
        let (number, unit) = trimmed.split_at(split);
        let per: u64 = match unit.trim() {
            "us" | "µs" => 1,
            "ms" => 1_000,
            "s" => 1_000_000,
            "min" => 60_000_000,
            _ => return Err(bad()),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() || whole.len() > 12 || fraction.len() > 6 {
            return Err(bad());
        }
        let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| bad())? };
        let scale = 10u64.pow(fraction.len() as u32);
        let part: u64 = if fraction.is_empty() { 0 } else { fraction.parse().map_err(|_| bad())? };
        let micros =
            whole.checked_mul(per).and_then(|w| w.checked_add(part * per / scale)).ok_or_else(bad)?;
        Ok(Span(micros))
    }
}
impl FromStr for Time {
    type Err = ParseTimeError;
    fn from_str(text: &str) -> Result<Time, ParseTimeError> {
        text.parse::<Span>().map(|span| Time(span.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_written_so_that_they_read_back() {
        for micros in [0, 1, 999, 1_000, 1_500, 150_000, 1_200_000, 1_871_003, 60_000_000, 12_345_678] {
            let text = Span(micros).to_string();
            assert_eq!(text.parse::<Span>(), Ok(Span(micros)), "{text}");
        }
        assert_eq!(Span(1_200_000).to_string(), "1.2s");
        assert_eq!(Span(1_500).to_string(), "1.5ms");
    }

    #[test]
    fn offsets_are_read_and_written_with_their_sign() {
        for micros in [0, 1, -1, 1_500, -20_000, 2_000_000, -1_400_000] {
            let text = Offset(micros).to_string();
            assert_eq!(text.parse::<Offset>(), Ok(Offset(micros)), "{text}");
        }
        assert_eq!(Offset(-20_000).to_string(), "−20ms");
        assert_eq!(" -1.4s".parse::<Offset>(), Ok(Offset(-1_400_000)));
        for text in ["", "-", "--3s", "-5", "+5ms"] {
            assert!(text.parse::<Offset>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused_with_an_example() {
        for text in ["", "5", "ms", ".", "1.2", "-3s", "1h", "1.2.3s", "99999999999999s", "1.1234567s"] {
            let error = text.parse::<Span>().unwrap_err().to_string();
            assert!(error.contains("150ms"), "{error}");
        }
    }
}
