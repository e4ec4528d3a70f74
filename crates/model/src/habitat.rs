//! The surroundings a protocol runs in: links, disks, and what they do by default.

use serde::{Deserialize, Serialize};

use crate::knob::{Chance, ParamField};
use crate::{Draw, KnobKind, Span};

/// How long a message takes from one end of a link to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Latency {
    /// Always the same.
    Constant(Span),
    /// Any value between the two alike.
    Uniform(Span, Span),
    /// Mean and standard deviation, cut off at zero.
    Normal(Span, Span),
    /// Memoryless, with this mean.
    Exponential(Span),
    /// At least this long, with a heavy tail; the exponent in thousandths.
    Pareto(Span, u32),
}

impl Latency {
    /// One latency; at most an hour, so that no draw stops a run.
    #[inline]
    pub fn draw(&self, draw: &mut Draw) -> Span {
        let span = match *self {
            Latency::Constant(span) => span,
            Latency::Uniform(low, high) => Span(draw.between(low.0, high.0.max(low.0))),
            Latency::Normal(mean, deviation) => draw.normal(mean, deviation),
            Latency::Exponential(mean) => draw.exponential(mean),
            Latency::Pareto(scale, shape) => draw.pareto(scale, f64::from(shape) / 1_000.0),
        };
        span.min(Span::secs(3_600))
    }
}

impl ParamField for Latency {
    fn read(text: &str, _: &KnobKind) -> Result<Latency, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let span = |word: &str| {
            let span: Span = word.parse().map_err(|e: crate::ParseTimeError| e.to_string())?;
            if span > Span::secs(3_600) { Err("at most 3600s".to_owned()) } else { Ok(span) }
        };
        match words[..] {
            ["constant", value] => Ok(Latency::Constant(span(value)?)),
            [value] if value.parse::<Span>().is_ok() => Ok(Latency::Constant(span(value)?)),
            ["uniform", low, high] => {
                let (low, high) = (span(low)?, span(high)?);
                if low > high {
                    Err(format!("{low} is longer than {high}"))
                } else {
                    Ok(Latency::Uniform(low, high))
                }
            }
            ["normal", mean, deviation] => Ok(Latency::Normal(span(mean)?, span(deviation)?)),
            ["exponential", mean] => Ok(Latency::Exponential(span(mean)?)),
            ["pareto", scale, shape] => {
                let shape: f64 =
                    shape.parse().map_err(|_| "the exponent is a number, such as 2.5".to_owned())?;
                if !(0.1..=100.0).contains(&shape) {
                    return Err("the exponent lies between 0.1 and 100".to_owned());
                }
                Ok(Latency::Pareto(span(scale)?, (shape * 1_000.0 + 0.5) as u32))
            }
            _ => Err("write `constant 5ms`, `uniform 3ms 7ms`, `normal 5ms 2ms`, `exponential 5ms` or \
                      `pareto 5ms 2.5`"
                .to_owned()),
        }
    }
    fn write(&self) -> String {
        match self {
            Latency::Constant(span) => format!("constant {span}"),
            Latency::Uniform(low, high) => format!("uniform {low} {high}"),
            Latency::Normal(mean, deviation) => format!("normal {mean} {deviation}"),
            Latency::Exponential(mean) => format!("exponential {mean}"),
            Latency::Pareto(scale, shape) => {
                format!("pareto {scale} {}", f64::from(*shape) / 1_000.0)
            }
        }
    }
}

crate::params! {
    /// The knobs of the surroundings, the same for every protocol.
    pub struct Habitat {
        /// How long a message takes from one node to another.
        "latency" latency: Latency = Latency::Uniform(Span::millis(8), Span::millis(12)), KnobKind::Latency;
        /// How many messages the network loses.
        "loss" loss: Chance = Chance(0), KnobKind::Chance;
        /// How many messages arrive twice.
        "duplication" duplication: Chance = Chance(0), KnobKind::Chance;
        /// Whether messages on one link arrive in the order in which they were sent.
        "fifo" fifo: bool = false, KnobKind::Flag;
        /// How long a write takes to be safe on disk.
        "disk" disk: Span = Span::ZERO, KnobKind::Span { min: Span::ZERO, max: Span::secs(60) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_are_written_so_that_they_read_back() {
        for text in ["constant 5ms", "uniform 3ms 7ms", "normal 5ms 2ms", "exponential 5ms", "pareto 5ms 2.5"]
        {
            let latency = Latency::read(text, &KnobKind::Latency).unwrap();
            assert_eq!(latency.write(), text);
        }
        for text in ["", "uniform 7ms 3ms", "pareto 5ms 0", "constant 2h", "normal 5ms", "pareto 5ms NaN"] {
            assert!(Latency::read(text, &KnobKind::Latency).is_err(), "{text}");
        }
    }
}
