//! Distributions of latencies: drawn, written and read.

use serde::{Deserialize, Serialize};

use crate::{Chance, Draw, KnobKind, ParamField, ParseTimeError, Span};

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
    /// With this chance as the first part says, else as the second.
    Mixture(Chance, Part, Part),
}

/// One part of a mixture: a distribution that is none itself. Lengths are microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// See [`Latency::Constant`].
    Constant(u32),
    /// See [`Latency::Uniform`].
    Uniform(u32, u32),
    /// See [`Latency::Normal`].
    Normal(u32, u32),
    /// See [`Latency::Exponential`].
    Exponential(u32),
    /// See [`Latency::Pareto`].
    Pareto(u32, u32),
}

impl Part {
    /// The distribution by itself.
    pub fn latency(self) -> Latency {
        let span = |micros: u32| Span(micros.into());
        match self {
            Part::Constant(length) => Latency::Constant(span(length)),
            Part::Uniform(low, high) => Latency::Uniform(span(low), span(high)),
            Part::Normal(mean, deviation) => Latency::Normal(span(mean), span(deviation)),
            Part::Exponential(mean) => Latency::Exponential(span(mean)),
            Part::Pareto(scale, shape) => Latency::Pareto(span(scale), shape),
        }
    }

    /// A distribution as a part; `None` for a mixture, and for one beyond [`Latency::LONGEST`].
    pub fn of(latency: Latency) -> Option<Part> {
        let micros = |span: Span| u32::try_from(span.0).ok().filter(|_| span <= Latency::LONGEST);
        Some(match latency {
            Latency::Constant(length) => Part::Constant(micros(length)?),
            Latency::Uniform(low, high) => Part::Uniform(micros(low)?, micros(high)?),
            Latency::Normal(mean, deviation) => Part::Normal(micros(mean)?, micros(deviation)?),
            Latency::Exponential(mean) => Part::Exponential(micros(mean)?),
            Latency::Pareto(scale, shape) => Part::Pareto(micros(scale)?, shape),
            Latency::Mixture(..) => return None,
        })
    }
}

impl Latency {
    /// The longest that can be set, and the longest that is ever drawn.
    pub const LONGEST: Span = Span::secs(3_600);

    /// One latency; at most an hour, so that no draw stops a run.
    #[inline]
    pub fn draw(&self, draw: &mut Draw) -> Span {
        let span = match *self {
            Latency::Constant(span) => span,
            Latency::Uniform(low, high) => Span(draw.between(low.0, high.0.max(low.0))),
            Latency::Normal(mean, deviation) => draw.normal(mean, deviation),
            Latency::Exponential(mean) => draw.exponential(mean),
            Latency::Pareto(scale, shape) => draw.pareto(scale, f64::from(shape) / 1_000.0),
            Latency::Mixture(share, one, other) => {
                let part = if draw.chance(share.0) { one } else { other };
                return part.latency().draw(draw);
            }
        };
        span.min(Latency::LONGEST)
    }

    /// The share of messages that take at most so many microseconds.
    pub fn share_within(&self, micros: f64) -> f64 {
        let float = |span: Span| span.0 as f64;
        match *self {
            _ if micros < 0.0 => 0.0,
            Latency::Constant(length) => f64::from(micros >= float(length)),
            Latency::Uniform(low, high) => {
                // Whole microseconds, both ends included.
                let width = float(high) - float(low) + 1.0;
                ((libm::floor(micros) + 1.0 - float(low)) / width).clamp(0.0, 1.0)
            }
            Latency::Normal(mean, deviation) if deviation.0 == 0 => f64::from(micros >= float(mean)),
            Latency::Normal(mean, deviation) => {
                let away = (micros - float(mean)) / float(deviation);
                (1.0 + libm::erf(away / std::f64::consts::SQRT_2)) / 2.0
            }
            Latency::Exponential(mean) if mean.0 == 0 => 1.0,
            Latency::Exponential(mean) => 1.0 - libm::exp(-micros / float(mean)),
            Latency::Pareto(scale, _) if micros < float(scale) => 0.0,
            Latency::Pareto(scale, _) if scale.0 == 0 => 1.0,
            Latency::Pareto(scale, shape) => {
                1.0 - libm::pow(float(scale) / micros, f64::from(shape) / 1_000.0)
            }
            Latency::Mixture(share, one, other) => {
                let share = f64::from(share.0) / 1e6;
                share * one.latency().share_within(micros)
                    + (1.0 - share) * other.latency().share_within(micros)
            }
        }
    }

    /// Why it cannot be: a length of more than an hour, an empty range, an exponent out of range.
    pub fn check(&self) -> Result<(), &'static str> {
        let (first, second) = match *self {
            Latency::Constant(span) | Latency::Exponential(span) => (span, span),
            Latency::Uniform(low, high) if low > high => return Err("has an empty range of latencies"),
            Latency::Uniform(low, high) => (low, high),
            Latency::Normal(mean, deviation) => (mean, deviation),
            Latency::Pareto(_, shape) if !(100..=100_000).contains(&shape) => {
                return Err("has a Pareto exponent outside 0.1 to 100");
            }
            Latency::Pareto(scale, _) => (scale, scale),
            Latency::Mixture(share, ..) if share.0 > 1_000_000 => {
                return Err("mixes with a share of more than 100%");
            }
            Latency::Mixture(_, one, other) => {
                return one.latency().check().and_then(|()| other.latency().check());
            }
        };
        if first.max(second) > Latency::LONGEST { Err("has a latency of more than an hour") } else { Ok(()) }
    }
}

/// `constant 5ms`, `uniform 3ms 7ms` … without mixtures.
fn plain(words: &[&str]) -> Option<Result<Latency, String>> {
    let span = |word: &str| {
        let span: Span = word.parse().map_err(|e: ParseTimeError| e.to_string())?;
        if span > Latency::LONGEST { Err("at most 3600s".to_owned()) } else { Ok(span) }
    };
    let two = |one: &str, other: &str| Ok((span(one)?, span(other)?));
    Some(match *words {
        ["constant", value] => span(value).map(Latency::Constant),
        [value] if value.parse::<Span>().is_ok() => span(value).map(Latency::Constant),
        ["uniform", low, high] => two(low, high).and_then(|(low, high)| {
            if low > high {
                Err(format!("{low} is longer than {high}"))
            } else {
                Ok(Latency::Uniform(low, high))
            }
        }),
        ["normal", mean, deviation] => two(mean, deviation).map(|(mean, sd)| Latency::Normal(mean, sd)),
        ["exponential", mean] => span(mean).map(Latency::Exponential),
        ["pareto", scale, shape] => span(scale).and_then(|scale| {
            let shape: f64 = shape.parse().map_err(|_| "the exponent is a number, such as 2.5".to_owned())?;
            if !(0.1..=100.0).contains(&shape) {
                return Err("the exponent lies between 0.1 and 100".to_owned());
            }
            Ok(Latency::Pareto(scale, (shape * 1_000.0 + 0.5) as u32))
        }),
        _ => return None,
    })
}

impl ParamField for Latency {
    fn read(text: &str, kind: &KnobKind) -> Result<Latency, String> {
        let unknown = || {
            "write `constant 5ms`, `uniform 3ms 7ms`, `normal 5ms 2ms`, `exponential 5ms`, `pareto 5ms 2.5` or \
             `mixture 90% exponential 5ms else pareto 50ms 1.5`"
                .to_owned()
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        let ["mixture", share, parts @ ..] = words.as_slice() else {
            return plain(&words).unwrap_or_else(|| Err(unknown()));
        };
        let middle = parts.iter().position(|word| *word == "else").ok_or_else(unknown)?;
        let part = |words: &[&str]| -> Result<Part, String> {
            Part::of(plain(words).unwrap_or_else(|| Err(unknown()))?).ok_or_else(unknown)
        };
        let share = Chance::read(share, kind)?;
        Ok(Latency::Mixture(share, part(&parts[..middle])?, part(&parts[middle + 1..])?))
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
            Latency::Mixture(share, one, other) => {
                let (one, other) = (one.latency().write(), other.latency().write());
                format!("mixture {} {one} else {other}", share.write())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Purpose;

    const ALL: [&str; 8] = [
        "constant 5ms",
        "uniform 3ms 7ms",
        "normal 5ms 2ms",
        "normal 1ms 2ms",
        "exponential 5ms",
        "pareto 5ms 2.5",
        // LNKD-SSD in Bailis et al., Probabilistically Bounded Staleness, 2012, Table 3.
        "mixture 91.22% pareto 235us 10 else exponential 602us",
        "mixture 0.5% constant 40ms else uniform 1ms 2ms",
    ];

    fn read(text: &str) -> Result<Latency, String> {
        Latency::read(text, &KnobKind::Latency)
    }

    #[test]
    fn latencies_are_written_so_that_they_read_back() {
        for text in ALL {
            assert_eq!(read(text).unwrap().write(), text);
        }
        for text in [
            "",
            "uniform 7ms 3ms",
            "pareto 5ms 0",
            "constant 2h",
            "normal 5ms",
            "pareto 5ms NaN",
            "mixture",
            "mixture 50% constant 5ms",
            "mixture 120% constant 5ms else constant 6ms",
            "mixture 50% constant 5ms else",
            "mixture 50% mixture 50% constant 1ms else constant 2ms else constant 3ms",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn shares_are_those_of_what_is_drawn() {
        const DRAWS: usize = 20_000;
        for text in ALL {
            let latency = read(text).unwrap();
            let drawn = |i| latency.draw(&mut Draw::new(7, Purpose::new("test"), 1, i as u64)).0;
            let mut all: Vec<u64> = (0..DRAWS).map(drawn).collect();
            all.sort_unstable();
            for place in [1, DRAWS / 10, DRAWS / 2, DRAWS * 9 / 10, DRAWS - 1] {
                let value = all[place];
                let found = all.partition_point(|other| *other <= value) as f64 / DRAWS as f64;
                // Four standard deviations of a share of 20,000 draws are at most 0.0142. What is drawn has
                // no fractions: it lies up to a microsecond before the value.
                let share = latency.share_within(value as f64 + 0.999);
                assert!((share - found).abs() < 0.0142, "{text} within {value}: {share} and {found}");
            }
        }
    }

    #[test]
    fn what_cannot_be_is_found() {
        let hour = 3_600_000_001;
        for latency in [
            Latency::Constant(Span(hour)),
            Latency::Uniform(Span(5), Span(4)),
            Latency::Pareto(Span(5), 1),
            Latency::Mixture(Chance(1_000_001), Part::Constant(1), Part::Constant(2)),
            Latency::Mixture(Chance(1), Part::Uniform(2, 1), Part::Constant(2)),
            Latency::Mixture(Chance(1), Part::Constant(1), Part::Constant(u32::MAX)),
        ] {
            assert!(latency.check().is_err(), "{latency:?}");
        }
        assert_eq!(Part::of(Latency::Constant(Span(hour))), None);
    }
}
