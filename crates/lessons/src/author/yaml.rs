//! YAML within a lesson file, with places that are places in the file.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_saphyr::{Error, Location, from_str_with_options};

use super::error::{Outcome, Wrong};
use super::form::Text;

/// Reads `text[range]` as YAML.
pub(super) fn read<T: DeserializeOwned>(text: &str, range: &Range<usize>) -> Outcome<T> {
    let options = serde_saphyr::options! { with_snippet: false };
    from_str_with_options(&text[range.clone()], options).map_err(|error| Wrong {
        span: error.location().and_then(|location| place(text, range, location)).unwrap_or(range.clone()),
        message: message(&error),
    })
}

/// Where a text of a block stands in the file.
pub(super) fn span(text: &str, range: &Range<usize>, what: &Text) -> Range<usize> {
    place(text, range, what.0.referenced).unwrap_or(range.clone())
}

/// From line and column within `text[range]` to bytes of `text`.
fn place(text: &str, range: &Range<usize>, location: Location) -> Option<Range<usize>> {
    let (line, column) = (usize::try_from(location.line()).ok()?, usize::try_from(location.column()).ok()?);
    let mut start = range.start;
    for _ in 1..line.max(1) {
        start += text[start..range.end].find('\n')? + 1;
    }
    let rest = &text[start..range.end];
    let here = rest.lines().next().unwrap_or("");
    let skip = here.char_indices().nth(column.saturating_sub(1)).map_or(here.len(), |(at, _)| at);
    (line > 0).then(|| start + skip..start + here.len())
}

/// The error without its place, which is counted from the block and not from the file.
fn message(error: &Error) -> String {
    let text = error.without_snippet().to_string();
    let text = text.lines().next().unwrap_or("").trim();
    let text = match text.rfind(" at line ") {
        Some(at) => &text[..at],
        None => text,
    };
    let text = text.trim_start_matches("error: ");
    match text {
        "expected mapping start" => "write names with their values here, such as `nodes: 3`".to_owned(),
        "expected sequence start" => "write a list here, such as [a, b]".to_owned(),
        "expected string scalar" => {
            "write text here; in quotes when it has signs such as `:` or `[`".to_owned()
        }
        _ if text.starts_with("invalid u") => "write a whole number here".to_owned(),
        _ => text.to_owned(),
    }
}
