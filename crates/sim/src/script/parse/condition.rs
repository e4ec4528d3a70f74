//! Reading what is waited for and checked.

use faultline_model::Time;

use super::Read;
use super::reader::{Reader, is_name};
use crate::Compare;
use crate::script::{Condition, Test};

/// Words that begin a condition and so must be quoted as a role.
pub(in crate::script) const CONDITION_WORDS: [&str; 6] = ["not", "violated", "holds", "in", "quiet", "time"];

const WHAT: &str = "a condition, such as S1.role = leader, 2 leader, quiet, violated election-safety, \
                    in flight S1->S3 Vote or time < 2s";

pub(super) fn condition(reader: &mut Reader<'_>) -> Read<Condition> {
    let negated = reader.try_keyword("not");
    Ok(Condition { negated, test: test(reader)? })
}

fn test(reader: &mut Reader<'_>) -> Read<Test> {
    let word = reader.peek(WHAT)?;
    match word.text {
        "quiet" => {
            reader.skip();
            Ok(Test::Quiet)
        }
        "violated" => reader.skip().name("a property, such as election-safety").map(Test::Violated),
        "holds" => reader.skip().name("a property, such as election-safety").map(Test::Holds),
        "in" => in_flight(reader.skip()),
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            let count = reader.number("how many", 0..=100_000)? as u32;
            reader.name_or_quoted("a role, such as leader").map(|role| Test::Role(Some(count), role))
        }
        _ => comparison_or_role(reader),
    }
}

fn in_flight(reader: &mut Reader<'_>) -> Read<Test> {
    reader.keyword("flight")?;
    let mut link = None;
    if reader.look().is_some_and(|word| word.text.contains("->")) {
        let ends = reader.ends(false)?;
        link = Some((ends.from, ends.to));
    }
    let kind = if reader.is_done() { None } else { Some(reader.name("a kind of message")?) };
    Ok(Test::InFlight(link, kind))
}

fn comparison_or_role(reader: &mut Reader<'_>) -> Read<Test> {
    let rest = reader.remaining();
    if rest.text.starts_with('"') {
        return reader.name_or_quoted(WHAT).map(|role| Test::Role(None, role));
    }
    let ends_left = |c: char| c.is_whitespace() || matches!(c, '=' | '!' | '<' | '>');
    let left = &rest.text[..rest.text.find(ends_left).unwrap_or(rest.text.len())];
    let field = left.split_once('.');
    if field.is_none() && left != "time" {
        return reader.name_or_quoted(WHAT).map(|role| Test::Role(None, role));
    }
    reader.pass(left.len());
    let compare = operator(reader)?;
    let Some((node, path)) = field else {
        return time(reader, compare);
    };
    if !is_name(node) || path.is_empty() || path.contains(['"', '#']) || path.contains(char::is_control) {
        let message = format!("`{left}` is no part of a node's state");
        return reader.wrong(rest.start, left.len(), message, "write S1.role or S1.log.3.term");
    }
    let value = reader.rest("a value, such as leader or 2")?;
    Ok(Test::Field(node.to_owned(), path.to_owned(), compare, value))
}

fn operator(reader: &mut Reader<'_>) -> Read<Compare> {
    const OPERATORS: [(&str, Compare); 7] = [
        ("!=", Compare::IsNot),
        ("<=", Compare::AtMost),
        (">=", Compare::AtLeast),
        ("==", Compare::Is),
        ("=", Compare::Is),
        ("<", Compare::Less),
        (">", Compare::More),
    ];
    const HELP: &str = "write one of = != < <= > >=";
    let rest = reader.remaining();
    for (symbol, compare) in OPERATORS {
        if rest.text.starts_with(symbol) {
            reader.pass(symbol.len());
            return Ok(compare);
        }
    }
    match reader.look() {
        Some(word) => reader.wrong_word(word, format!("`{}` is no comparison", word.text), HELP),
        None => reader.peek("a comparison: one of = != < <= > >=").map(|_| Compare::Is),
    }
}

fn time(reader: &mut Reader<'_>, compare: Compare) -> Read<Test> {
    let word = reader.remaining();
    let time = Time(reader.span("a time, such as 2s")?.0);
    match compare {
        Compare::Less => Ok(Test::Before(time)),
        Compare::AtLeast => Ok(Test::From(time)),
        _ => reader.wrong_word(
            word,
            "time is compared with < or >=".to_owned(),
            "write time < 2s or time >= 2s",
        ),
    }
}
