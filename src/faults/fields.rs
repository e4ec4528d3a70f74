//! A form as data: which fields there are, and what stands in them. One view draws them all.

use faultline_model::{Latency, SortedMap, Span};

/// One field.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name among the form's values.
    pub key: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What can be put in.
    pub input: Input,
    /// What it holds at first.
    pub start: String,
    /// When it is shown.
    pub when: When,
}

/// When a field is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    /// Always.
    Always,
    /// Never: it carries something along.
    Never,
    /// While the field of that name holds one of these.
    Is(&'static str, &'static [&'static str]),
    /// While what the field of that name holds contains this.
    Has(&'static str, &'static str),
}

/// What can be put into a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Any line of text.
    Text,
    /// A number, also with its unit.
    Number,
    /// A whole number from 0 to 100 on a slider.
    Share,
    /// One of these: what it stands for, and how it is called.
    Choice(Vec<(String, String)>),
    /// Yes ("yes") or no ("").
    Check,
}

impl Field {
    /// A line of text.
    pub fn text(key: &'static str, label: &'static str, start: impl Into<String>) -> Field {
        Field { key, label, input: Input::Text, start: start.into(), when: When::Always }
    }

    /// A number.
    pub fn number(key: &'static str, label: &'static str, start: impl ToString) -> Field {
        Field { input: Input::Number, ..Field::text(key, label, start.to_string()) }
    }

    /// Yes or no.
    pub fn check(key: &'static str, label: &'static str, on: bool) -> Field {
        Field { input: Input::Check, ..Field::text(key, label, if on { YES } else { "" }) }
    }

    /// A share of 100.
    pub fn share(key: &'static str, label: &'static str, start: u32) -> Field {
        Field { input: Input::Share, ..Field::number(key, label, start) }
    }

    /// One of several; the first unless `start` is another.
    pub fn choice(key: &'static str, label: &'static str, options: &[(&str, &str)], start: &str) -> Field {
        let options = options.iter().map(|(value, word)| ((*value).to_owned(), (*word).to_owned())).collect();
        Field { input: Input::Choice(options), ..Field::text(key, label, start) }
    }

    /// The same, shown only then.
    pub fn only(self, when: When) -> Field {
        Field { when, ..self }
    }

    /// The same, shown only while the field `key` holds one of `values`.
    pub fn when(self, key: &'static str, values: &'static [&'static str]) -> Field {
        self.only(When::Is(key, values))
    }
}

/// What a ticked box holds.
pub const YES: &str = "yes";

/// What stands in a form's fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(SortedMap<&'static str, String>);

impl Values {
    /// What the fields hold at first.
    pub fn of(fields: &[Field]) -> Values {
        Values(fields.iter().map(|field| (field.key, field.start.clone())).collect())
    }

    /// What a field holds, without blanks around it; empty if there is no such field.
    pub fn get(&self, key: &str) -> &str {
        self.0.get(key).map_or("", |value| value.trim())
    }

    /// Whether a field is shown now.
    pub fn shows(&self, when: When) -> bool {
        match when {
            When::Always => true,
            When::Never => false,
            When::Is(key, among) => among.contains(&self.get(key)),
            When::Has(key, part) => self.get(key).contains(part),
        }
    }

    /// What a field holds, as it was typed.
    pub fn raw(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }

    /// Whether a box is ticked.
    pub fn is_on(&self, key: &str) -> bool {
        self.get(key) == YES
    }

    /// Puts something into a field.
    pub fn set(&mut self, key: &'static str, value: String) {
        self.0.insert(key, value);
    }

    /// A length of time: a number in the field `key`, its unit in the field "unit".
    pub fn span(&self, key: &str) -> Result<Span, String> {
        let text = format!("{}{}", self.get(key), self.get("unit"));
        text.parse().map_err(|_| "Write a number, such as 20 or 1.5.".to_owned())
    }

    /// A length of time with its unit, such as "1.2s".
    pub fn time(&self, key: &str) -> Result<Span, String> {
        let text = self.get(key);
        let zero = if text == "0" { "0s" } else { text };
        zero.parse().map_err(|_| "Write a time with its unit, such as 1.2s or 300ms.".to_owned())
    }

    /// A whole number within bounds.
    pub fn whole(&self, key: &str, least: u32, most: u32) -> Result<u32, String> {
        let number = self.get(key).parse().ok().filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| format!("Write a whole number from {least} to {most}."))
    }
}

/// What a form shows below its fields while they are filled in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preview {
    /// A line of the script language that says the same.
    pub line: String,
    /// What it comes to, in words.
    pub words: String,
    /// How the latencies are distributed.
    pub latency: Option<Latency>,
}

/// What somebody else said, as a sentence.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let mut said: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    said.extend(letters);
    if !said.ends_with(['.', '?']) {
        said.push('.');
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_what_they_are() {
        let fields = [
            Field::number("value", "Value", 2.5),
            Field::choice("unit", "Unit", &[("ms", "ms"), ("s", "s")], "s"),
            Field::text("at", "At", " 0 "),
            Field::check("both", "both ways", true),
        ];
        let mut values = Values::of(&fields);
        assert_eq!(values.span("value"), Ok(Span::millis(2_500)));
        assert_eq!(values.time("at"), Ok(Span::ZERO));
        assert!(values.is_on("both") && !values.is_on("missing"));
        assert!(values.whole("value", 1, 9).unwrap_err().ends_with("from 1 to 9."));
        values.set("at", "soon".to_owned());
        assert!(values.time("at").unwrap_err().contains("1.2s"));
        assert_eq!(sentence("at most 3600s"), "At most 3600s.");
        assert_eq!(sentence("did you mean `crash`?"), "Did you mean `crash`?");
    }
}
