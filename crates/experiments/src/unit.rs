//! What numbers are measured in, and how they are written.

use serde::{Deserialize, Serialize};

/// What a number is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Milliseconds of simulated time; a thousand and more are written as seconds.
    Millis,
    /// A share from 0 to 1, written in per cent.
    Share,
    /// Things, whole or on average.
    Count,
    /// A number without a unit.
    Number,
}

impl Unit {
    /// The number as people read it: "287 ms", "5.2 %", "1.58".
    pub fn text(self, value: f64) -> String {
        match self {
            Unit::Millis if value >= 1_000.0 => format!("{} s", figures(value / 1_000.0)),
            Unit::Millis => format!("{} ms", figures(value)),
            Unit::Share => format!("{} %", figures(value * 100.0)),
            Unit::Count | Unit::Number => figures(value),
        }
    }
}

/// Four figures at most, and none that say nothing.
fn figures(value: f64) -> String {
    let size = value.abs();
    let places = match size {
        _ if size >= 1_000.0 => 0,
        _ if size >= 100.0 => 1,
        _ if size >= 10.0 => 2,
        _ if size >= 1.0 => 3,
        _ => 4,
    };
    let text = format!("{value:.places$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    // Next to nothing has no sign.
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_their_unit_and_no_empty_figures() {
        assert_eq!(Unit::Millis.text(287.0), "287 ms");
        assert_eq!(
            (Unit::Millis.text(3_624.0), Unit::Millis.text(10_000.0)),
            ("3.624 s".into(), "10 s".into())
        );
        assert_eq!(Unit::Share.text(0.052_3), "5.23 %");
        assert_eq!(Unit::Share.text(1.0), "100 %");
        assert_eq!(Unit::Count.text(3.0), "3");
        assert_eq!(Unit::Number.text(1.581_98), "1.582");
        assert_eq!(Unit::Number.text(0.0), "0");
        assert_eq!(Unit::Count.text(-1e-9), "0");
        assert_eq!(Unit::Number.text(-0.25), "-0.25");
    }
}
