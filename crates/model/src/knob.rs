//! Knobs: what can be set before a run, with real units, ranges and a source.

use std::fmt::Debug;

use serde::Serialize;

use crate::Span;

/// What values a knob takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum KnobKind {
    /// On or off.
    Flag,
    /// A rule of the paper, on unless the learner switches it off; `rule` is its id.
    Rule {
        /// The [`crate::Rule::id`] that is switched.
        rule: &'static str,
    },
    /// A length of time.
    Span {
        /// Shortest.
        min: Span,
        /// Longest.
        max: Span,
    },
    /// A whole number.
    Count {
        /// Smallest.
        min: u64,
        /// Largest.
        max: u64,
    },
    /// A probability, in parts per million inside, in per cent for people.
    Chance,
    /// One of a few words.
    Choice {
        /// The words.
        options: &'static [&'static str],
    },
    /// A distribution of latencies: `constant 5ms`, `uniform 3ms 7ms`, `normal 5ms 2ms`,
    /// `exponential 5ms`, `pareto 5ms 2.5`.
    Latency,
    /// Bytes or bits a second: `100KB/s`, `10Mbit/s`, or `unlimited`.
    Bandwidth,
}

/// One knob of a protocol or of its surroundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Knob {
    /// Its name in scripts, links and `--set`: `kebab-case`.
    pub name: &'static str,
    /// What it changes, one sentence.
    pub about: &'static str,
    /// What values it takes.
    #[serde(flatten)]
    pub kind: KnobKind,
}

/// Why a knob could not be set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KnobError {
    /// There is no knob of that name.
    #[error("there is no knob `{name}`; the knobs are: {known}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// Those that exist.
        known: String,
    },
    /// The text is no value of it.
    #[error("`{text}` is no value for `{name}`: {expected}")]
    Value {
        /// The knob.
        name: String,
        /// What was given.
        text: String,
        /// What would be right.
        expected: String,
    },
}

/// The typed parameters of a protocol. Write them with [`crate::params!`].
pub trait Params: Clone + Debug + Default + PartialEq + Serialize + 'static {
    /// All knobs, in the order in which they are shown.
    fn knobs() -> &'static [Knob];

    /// The value of a knob, written as [`Params::set`] reads it.
    fn get(&self, name: &str) -> Option<String>;

    /// Sets a knob from text; the range of its kind is checked.
    fn set(&mut self, name: &str, text: &str) -> Result<(), KnobError>;

    /// The error for a name that is no knob of these.
    fn unknown(name: &str) -> KnobError {
        let known: Vec<_> = Self::knobs().iter().map(|knob| knob.name).collect();
        KnobError::Unknown { name: name.to_owned(), known: known.join(", ") }
    }
}

/// A type that a knob can have.
pub trait ParamField: Sized {
    /// Reads a value within `kind`'s range; the error says what would be right.
    fn read(text: &str, kind: &KnobKind) -> Result<Self, String>;
    /// Writes it so that `read` gives it back.
    fn write(&self) -> String;
}

impl ParamField for bool {
    fn read(text: &str, _: &KnobKind) -> Result<bool, String> {
        match text {
            "on" | "true" | "yes" | "1" => Ok(true),
            "off" | "false" | "no" | "0" => Ok(false),
            _ => Err("write on or off".to_owned()),
        }
    }
    fn write(&self) -> String {
        (if *self { "on" } else { "off" }).to_owned()
    }
}

impl ParamField for Span {
    fn read(text: &str, kind: &KnobKind) -> Result<Span, String> {
        let span: Span = text.parse().map_err(|e: crate::ParseTimeError| e.to_string())?;
        match kind {
            KnobKind::Span { min, max } if span < *min || span > *max => {
                Err(format!("it lies between {min} and {max}"))
            }
            _ => Ok(span),
        }
    }
    fn write(&self) -> String {
        self.to_string()
    }
}

impl ParamField for u64 {
    fn read(text: &str, kind: &KnobKind) -> Result<u64, String> {
        match kind {
            KnobKind::Count { min, max } => text
                .parse()
                .ok()
                .filter(|n| (*min..=*max).contains(n))
                .ok_or_else(|| format!("write a whole number from {min} to {max}")),
            _ => text.parse().map_err(|_| "write a whole number".to_owned()),
        }
    }
    fn write(&self) -> String {
        self.to_string()
    }
}

/// A probability in parts per million.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize,
)]
pub struct Chance(pub u32);

impl ParamField for Chance {
    fn read(text: &str, _: &KnobKind) -> Result<Chance, String> {
        let wrong = || "write per cent from 0% to 100%, such as 2.5%".to_owned();
        let number: f64 = text.trim().trim_end_matches('%').trim_end().parse().map_err(|_| wrong())?;
        if !(0.0..=100.0).contains(&number) {
            return Err(wrong());
        }
        Ok(Chance((number * 10_000.0 + 0.5) as u32))
    }
    fn write(&self) -> String {
        let (whole, rest) = (self.0 / 10_000, self.0 % 10_000);
        if rest == 0 {
            return format!("{whole}%");
        }
        format!("{whole}.{}%", format!("{rest:04}").trim_end_matches('0'))
    }
}

/// For a protocol without knobs.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct NoParams {}

impl Params for NoParams {
    fn knobs() -> &'static [Knob] {
        &[]
    }
    fn get(&self, _: &str) -> Option<String> {
        None
    }
    fn set(&mut self, name: &str, _: &str) -> Result<(), KnobError> {
        Err(Self::unknown(name))
    }
}

/// Declares typed parameters with their knobs.
///
/// ```
/// use faultline_model::{params, KnobKind, Params, Span};
/// params! {
///     /// The knobs of a toy.
///     pub struct Toy {
///         /// How long it waits for an answer.
///         "timeout" timeout: Span = Span::millis(100),
///             KnobKind::Span { min: Span::millis(1), max: Span::secs(10) };
///         /// Whether it tries again.
///         "retry" retry: bool = true, KnobKind::Flag;
///     }
/// }
/// let mut toy = Toy::default();
/// toy.set("timeout", "250ms").unwrap();
/// assert_eq!(toy.timeout, Span::millis(250));
/// assert!(toy.set("timeout", "1min").unwrap_err().to_string().contains("between 1ms and 10s"));
/// ```
#[macro_export]
macro_rules! params {
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $(#[doc = $about:literal] $knob:literal $field:ident: $type:ty = $default:expr, $kind:expr;)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, ::serde::Serialize)]
        $vis struct $name {
            $(#[doc = $about] pub $field: $type,)+
        }
        impl Default for $name {
            fn default() -> Self {
                $name { $($field: $default,)+ }
            }
        }
        impl $crate::Params for $name {
            fn knobs() -> &'static [$crate::Knob] {
                const KNOBS: &[$crate::Knob] = &[
                    $($crate::Knob { name: $knob, about: $about.trim_ascii(), kind: $kind },)+
                ];
                KNOBS
            }
            fn get(&self, name: &str) -> Option<String> {
                match name {
                    $($knob => Some($crate::ParamField::write(&self.$field)),)+
                    _ => None,
                }
            }
            fn set(&mut self, name: &str, text: &str) -> Result<(), $crate::KnobError> {
                match name {
                    $($knob => {
                        self.$field = $crate::ParamField::read(text, &$kind).map_err(|expected| {
                            $crate::KnobError::Value {
                                name: name.to_owned(),
                                text: text.to_owned(),
                                expected,
                            }
                        })?;
                        Ok(())
                    })+
                    _ => Err(<Self as $crate::Params>::unknown(name)),
                }
            }
        }
    };
}

/// Declares an enum that a [`KnobKind::Choice`] knob can have, with the words for its values.
///
/// ```
/// faultline_model::choice! {
///     /// How a tie is broken.
///     pub enum Tie {
///         /// The one that is there stays.
///         Keep = "keep",
///         /// The one that comes wins.
///         Incoming = "incoming",
///     }
/// }
/// assert_eq!(Tie::WORDS, ["keep", "incoming"]);
/// ```
#[macro_export]
macro_rules! choice {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $(#[$doc:meta] $value:ident = $word:literal,)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ::serde::Serialize)]
        $vis enum $name { $(#[$doc] $value,)+ }
        impl $name {
            /// The words for its values, in order.
            pub const WORDS: &'static [&'static str] = &[$($word,)+];
        }
        impl $crate::ParamField for $name {
            fn read(text: &str, _: &$crate::KnobKind) -> Result<Self, String> {
                match text {
                    $($word => Ok($name::$value),)+
                    _ => Err(format!("write one of: {}", Self::WORDS.join(", "))),
                }
            }
            fn write(&self) -> String {
                match self { $($name::$value => $word.to_owned(),)+ }
            }
        }
    };
}
