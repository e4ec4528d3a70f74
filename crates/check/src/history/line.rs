//! The lines of a Jepsen log: `INFO  jepsen.util - 3 :invoke :write 4`.

use super::edn::{self, Form};
use super::error::{HistoryError, Trouble, shorten};
use super::record::{Kind, Record, question};

/// The records of a log. Lines of other loggers and those of the nemesis are no operations.
pub(super) fn records(text: &str) -> Result<Vec<Record>, HistoryError> {
    let lines = (1u32..).zip(text.trim_start_matches('\u{feff}').lines());
    let records = lines.filter(|(_, text)| !text.trim().is_empty()).map(|(line, text)| record(text, line));
    records.filter_map(Result::transpose).collect()
}

fn record(text: &str, line: u32) -> Result<Option<Record>, HistoryError> {
    let broken = || HistoryError { line: Some(line), trouble: Trouble::Line(shorten(text)) };
    let (head, tail) = text.split_once(" - ").ok_or_else(broken)?;
    let level = ["INFO", "WARN", "ERROR", "DEBUG", "TRACE"].into_iter().any(|level| head.contains(level));
    if !level {
        return Err(broken());
    }
    // Newer versions write the logger's name in front of the thread's, or the other way round.
    let tail = match tail.trim_start().strip_prefix("jepsen.util") {
        Some(rest) => rest,
        None if head.contains("jepsen.util") => tail,
        None => return Ok(None),
    };
    let forms = edn::forms(tail, line)?;
    let [process, Form::Keyword(kind), Form::Keyword(function), rest @ ..] = forms.as_slice() else {
        return Err(broken());
    };
    let Form::Plain(process) = process else {
        return if matches!(process, Form::Keyword(_)) { Ok(None) } else { Err(broken()) };
    };
    let kind = Kind::named(kind).ok_or_else(broken)?;
    let value = match rest {
        [] => &Form::Nil,
        [value, ..] => value,
    };
    let question = question(function, None, value, kind, line)?;
    Ok(Some(Record { process: process.as_str().into(), kind, question, line }))
}
