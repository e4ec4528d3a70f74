//! How much a link carries.

use serde::{Deserialize, Serialize};

use crate::{KnobKind, ParamField, Span};

/// How many bytes a second a directed link takes from its sender.
///
/// A message keeps the link busy for its size over this; what is sent meanwhile queues behind it. On its
/// way, for the link's latency, it keeps nobody waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Bandwidth(pub u64);

/// Units of a text, the largest first: bytes a second with their decimal prefixes, then bits.
const UNITS: [(&str, u64); 8] = [
    ("GB/s", 8_000_000_000),
    ("MB/s", 8_000_000),
    ("KB/s", 8_000),
    ("B/s", 8),
    ("Gbit/s", 1_000_000_000),
    ("Mbit/s", 1_000_000),
    ("kbit/s", 1_000),
    ("bit/s", 1),
];

impl Bandwidth {
    /// No limit: a message keeps the link busy for no time at all.
    pub const UNLIMITED: Bandwidth = Bandwidth(u64::MAX);

    /// The widest limit that can be set: a terabyte a second.
    pub const MAX: Bandwidth = Bandwidth(1_000_000_000_000);

    /// Whether there is a limit.
    pub fn is_limited(self) -> bool {
        self != Bandwidth::UNLIMITED
    }

    /// Whether it can be set: no limit, or one from 1 byte to 1 TB a second.
    pub fn is_sound(self) -> bool {
        !self.is_limited() || (1..=Bandwidth::MAX.0).contains(&self.0)
    }

    /// How long the link is busy with a message of so many bytes, rounded up.
    pub fn time_for(self, bytes: u32) -> Span {
        if self.is_limited() {
            Span((u64::from(bytes) * 1_000_000).div_ceil(self.0.max(1)))
        } else {
            Span::ZERO
        }
    }
}

impl ParamField for Bandwidth {
    fn read(text: &str, _: &KnobKind) -> Result<Bandwidth, String> {
        let wrong = || "write bytes or bits a second, such as 100KB/s or 10Mbit/s, or unlimited".to_owned();
        let text = text.trim();
        if text == "unlimited" {
            return Ok(Bandwidth::UNLIMITED);
        }
        let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(wrong)?;
        let (number, unit) = text.split_at(split);
        let same = |name: &str| name.eq_ignore_ascii_case(unit.trim());
        let (_, bits) = UNITS.into_iter().find(|(name, _)| same(name)).ok_or_else(wrong)?;
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() || whole.len() > 13 || part.len() > 9 {
            return Err(wrong());
        }
        let whole: u128 = whole.parse().map_err(|_| wrong())?;
        let scale = 10u128.pow(part.len() as u32);
        let part: u128 = if part.is_empty() { 0 } else { part.parse().map_err(|_| wrong())? };
        let bytes = (whole * scale + part) * u128::from(bits) / (scale * 8);
        match u64::try_from(bytes).map(Bandwidth) {
            Ok(bandwidth) if (1..=Bandwidth::MAX.0).contains(&bandwidth.0) => Ok(bandwidth),
            _ => Err("it lies between 1B/s and 1000GB/s, or is unlimited".to_owned()),
        }
    }

    fn write(&self) -> String {
        if !self.is_limited() {
            return "unlimited".to_owned();
        }
        let fits = |(_, bits): &&(&str, u64)| self.0.is_multiple_of(bits / 8);
        match UNITS[..3].iter().find(fits) {
            Some((unit, bits)) if self.0 > 0 => format!("{}{unit}", self.0 / (bits / 8)),
            _ => format!("{}B/s", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Bandwidth, String> {
        Bandwidth::read(text, &KnobKind::Bandwidth)
    }

    #[test]
    fn bandwidths_are_written_so_that_they_read_back() {
        for text in ["unlimited", "1B/s", "1500B/s", "64KB/s", "10MB/s", "1GB/s", "1000GB/s"] {
            assert_eq!(read(text).unwrap().write(), text);
        }
        assert_eq!(read("10Mbit/s"), Ok(Bandwidth(1_250_000)));
        assert_eq!(read("1.5 KB/s"), Ok(Bandwidth(1_500)));
        for text in ["", "fast", "10", "0B/s", "7bit/s", "1001GB/s", "-1KB/s", "KB/s", "1e9B/s", "1..2KB/s"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_message_takes_its_size_over_the_bandwidth() {
        assert_eq!(Bandwidth(1_000).time_for(500), Span::millis(500));
        assert_eq!(Bandwidth(3).time_for(1), Span(333_334));
        assert_eq!(Bandwidth::UNLIMITED.time_for(u32::MAX), Span::ZERO);
    }
}
