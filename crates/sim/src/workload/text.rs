//! A workload as a line of a script says it.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use faultline_model::{ParamField, Span};

use super::{Pace, Workload};
use crate::ScriptError;
use crate::script::{Act, Command, Script};

/// Words of a workload that no form of operation can have in a script.
pub(crate) const WORDS: [&str; 9] =
    ["open", "closed", "clients", "think", "patience", "keys", "zipf", "total", "until"];

/// Whether a word can stand for a form: what [`super::form_word`] makes of a form's name.
pub(crate) fn is_form_word(word: &str) -> bool {
    crate::script::is_name(word) && word.len() <= 64 && !WORDS.contains(&word)
}

/// A number of thousandths: "50", "0.5".
pub(crate) struct Thousandths(pub u32);

impl Display for Thousandths {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1_000, self.0 % 1_000);
        if rest == 0 {
            return write!(f, "{whole}");
        }
        let digits = format!("{rest:03}");
        write!(f, "{whole}.{}", digits.trim_end_matches('0'))
    }
}

/// Reads what [`Thousandths`] writes; `None` for anything else, and for more than three decimals.
pub(crate) fn read_thousandths(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits =
        |part: &str, most| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole, 6) || !digits(fraction, 3) {
        return None;
    }
    let scale = 10u32.pow(3 - fraction.len() as u32);
    Some(whole.parse::<u32>().ok()? * 1_000 + fraction.parse::<u32>().ok()? * scale)
}

impl<N: Display> Display for Workload<N> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.pace {
            Pace::Open(rate) => write!(f, "open {}/s", Thousandths(rate))?,
            Pace::Closed { outstanding, think, patience } => {
                write!(f, "closed {outstanding}")?;
                if think > Span::ZERO {
                    write!(f, " think {think}")?;
                }
                if patience != Pace::PATIENCE {
                    write!(f, " patience {patience}")?;
                }
            }
        }
        if !self.clients.is_empty() {
            let names: Vec<String> = self.clients.iter().map(ToString::to_string).collect();
            write!(f, " clients {}", names.join(","))?;
        }
        self.mix.iter().try_for_each(|(form, share)| write!(f, " {form} {}", share.write()))?;
        if self.keys != 1 {
            write!(f, " keys {}", self.keys)?;
        }
        if self.zipf != 0 {
            write!(f, " zipf {}", Thousandths(self.zipf))?;
        }
        self.total.iter().try_for_each(|total| write!(f, " total {total}"))?;
        self.until.iter().try_for_each(|until| write!(f, " until {until}"))
    }
}

impl FromStr for Workload<String> {
    type Err = ScriptError;

    /// Reads what stands behind `workload` in a script. Columns of errors count from there.
    fn from_str(text: &str) -> Result<Workload<String>, ScriptError> {
        match Script::command("workload ", text)? {
            Command::Act(Act::Workload(spec)) => Ok(*spec),
            _ => Err(ScriptError {
                line: 1,
                column: 1,
                span: 0..text.len(),
                message: format!("`{text}` is no workload"),
                help: "write open 50/s, or closed 1 think 10ms".to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::form_word;
    use super::*;

    #[test]
    fn what_a_form_is_called_in_a_script_can_be_read_there() {
        for (name, word) in
            [("Compare and set", "compare-and-set"), ("Who is dead?", "who-is-dead"), ("Write", "write")]
        {
            assert_eq!(form_word(name), word);
            assert!(is_form_word(word), "{word}");
        }
    }
}
