//! A seed in JSON. Numbers of JavaScript are exact up to 2^53 only, so larger seeds are written as text.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};

const EXACT: u64 = 1 << 53;

/// Writes a number, or a text of its digits when it is a large one.
pub fn serialize<S: Serializer>(seed: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    if *seed < EXACT { serializer.serialize_u64(*seed) } else { serializer.serialize_str(&seed.to_string()) }
}

/// Reads either.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    deserializer.deserialize_any(Seed)
}

struct Seed;

impl Visitor<'_> for Seed {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a seed: a whole number from 0, or its digits as text")
    }
    fn visit_u64<E: Error>(self, seed: u64) -> Result<u64, E> {
        Ok(seed)
    }
    fn visit_i64<E: Error>(self, seed: i64) -> Result<u64, E> {
        u64::try_from(seed).map_err(|_| E::custom("a seed is not negative"))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<u64, E> {
        text.parse().map_err(|_| E::custom("a seed as text has digits only"))
    }
}

#[cfg(test)]
mod tests {
    use crate::Scenario;

    #[test]
    fn seeds_of_any_size_come_back() {
        for seed in [0, 42, (1 << 53) - 1, 1 << 53, u64::MAX] {
            let scenario = Scenario { seed, ..Scenario::default() };
            let text = serde_json::to_string(&scenario).unwrap();
            assert_eq!(text.contains(&format!("\"{seed}\"")), seed >= 1 << 53, "{text}");
            assert_eq!(serde_json::from_str::<Scenario>(&text).unwrap(), scenario);
        }
        for bad in ["-1", "\"x\"", "1.5", "\"99999999999999999999\"", "null"] {
            let text = format!("{{\"protocol\": \"raft\", \"seed\": {bad}}}");
            assert!(serde_json::from_str::<Scenario>(&text).is_err(), "{bad}");
        }
    }
}
