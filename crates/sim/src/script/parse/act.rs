//! Reading interventions.

use faultline_model::{Chance, Clock, KnobKind, Latency, ParamField};

use super::reader::{Reader, is_name, nearest};
use super::{COMMANDS, Read};
use crate::Run;
use crate::script::{Act, Which};

/// Which of several messages or timers can be asked for.
const MOST_ORDINAL: u64 = 1_000_000;

pub(super) fn act(reader: &mut Reader<'_>) -> Read<Act> {
    let verb = reader.word("a command, such as crash S2")?;
    match verb.text {
        "deliver" => which(reader).map(Act::Deliver),
        "drop" => which(reader).map(Act::Drop),
        "duplicate" => which(reader).map(Act::Duplicate),
        "delay" => delay(reader),
        "fire" => fire(reader),
        "sync" => reader.node().map(Act::Sync),
        "take" => reader.node().map(Act::Take),
        "invoke" => {
            let node = reader.node()?;
            Ok(Act::Invoke(node, reader.rest("an operation, such as write x=1")?))
        }
        "cut" => reader.ends(true).map(Act::Cut),
        "heal" if reader.try_keyword("all") => Ok(Act::HealAll),
        "heal" => reader.ends(true).map(Act::Heal),
        "partition" => partition(reader).map(Act::Partition),
        "lose" => {
            share(reader, "how many are lost, such as 10%").map(|(ends, chance)| Act::Lose(ends, chance))
        }
        "repeat" => share(reader, "how many arrive twice, such as 10%")
            .map(|(ends, chance)| Act::Repeat(ends, chance)),
        "order" => order(reader),
        "latency" => latency(reader),
        "crash" => reader.node().map(Act::Crash),
        "restart" => {
            let node = reader.node()?;
            let empty = reader.try_keyword("with");
            if empty {
                reader.keyword("empty")?;
                reader.keyword("disk")?;
            }
            Ok(Act::Restart(node, empty))
        }
        "pause" => reader.node().map(Act::Pause),
        "resume" => reader.node().map(Act::Resume),
        "skew" => skew(reader),
        "drift" => drift(reader),
        "slow" => slow(reader),
        other => {
            let help = match nearest(other, &COMMANDS) {
                Some(command) => format!("did you mean `{command}`?"),
                None => format!("the commands are: {}", COMMANDS.join(", ")),
            };
            reader.wrong_word(verb, format!("there is no command `{other}`"), &help)
        }
    }
}

fn which(reader: &mut Reader<'_>) -> Read<Which> {
    let ends = reader.ends(false)?;
    let mut kind = None;
    if let Some(word) = reader.look()
        && word.text != "by"
        && !word.text.starts_with('#')
    {
        kind = Some(reader.name("the kind of message, such as AppendEntries")?);
    }
    let ordinal = ordinal(reader)?;
    Ok(Which { from: ends.from, to: ends.to, kind, ordinal })
}

/// `#2`, if it is there.
fn ordinal(reader: &mut Reader<'_>) -> Read<Option<u32>> {
    let Some((word, digits)) = reader.look().and_then(|word| Some((word, word.text.strip_prefix('#')?)))
    else {
        return Ok(None);
    };
    reader.skip();
    let what = "which of them, counted from 1: #2";
    Ok(Some(reader.number_in(word, digits, what, 1..=MOST_ORDINAL)? as u32))
}

fn delay(reader: &mut Reader<'_>) -> Read<Act> {
    let which = which(reader)?;
    reader.keyword("by")?;
    Ok(Act::Delay(which, reader.span("how much later, such as 20ms")?))
}

fn fire(reader: &mut Reader<'_>) -> Read<Act> {
    let node = reader.node()?;
    let mut kind = None;
    if reader.look().is_some_and(|word| !word.text.starts_with('#')) {
        kind = Some(reader.name("the timer's name, such as election")?);
    }
    Ok(Act::Fire(node, kind, ordinal(reader)?))
}

fn partition(reader: &mut Reader<'_>) -> Read<Vec<Vec<String>>> {
    const WHAT: &str = "groups of nodes with | between them: partition S1 S2 | S3 S4 S5";
    let start = reader.peek(WHAT)?;
    let mut groups: Vec<Vec<String>> = vec![vec![]];
    while !reader.is_done() {
        let word = reader.word(WHAT)?;
        // `S2|S3` is read like `S2 | S3`.
        for (i, part) in word.text.split('|').enumerate() {
            if i > 0 {
                groups.push(vec![]);
            }
            if part.is_empty() {
                continue;
            }
            if !is_name(part) {
                return reader.wrong_word(word, format!("`{part}` is no node"), &format!("write {WHAT}"));
            }
            if groups.iter().flatten().any(|name| name.eq_ignore_ascii_case(part)) {
                let message = format!("{part} stands here twice");
                return reader.wrong_word(word, message, "a node belongs to one group");
            }
            if let Some(group) = groups.last_mut() {
                group.push(part.to_owned());
            }
        }
    }
    if groups.len() < 2 || groups.iter().any(Vec::is_empty) {
        let message = "a partition has at least two groups, and none of them is empty".to_owned();
        return reader.wrong_word(start, message, &format!("write {WHAT}"));
    }
    Ok(groups)
}

/// Links and a share of their messages.
fn share(reader: &mut Reader<'_>, what: &str) -> Read<(super::super::Ends, Chance)> {
    let ends = reader.ends(true)?;
    let word = reader.word(what)?;
    match Chance::read(word.text, &KnobKind::Chance) {
        Ok(chance) if word.text.ends_with('%') => Ok((ends, chance)),
        _ => reader.wrong_word(
            word,
            format!("`{}` is no share", word.text),
            "write per cent from 0% to 100%, such as 2.5%",
        ),
    }
}

fn order(reader: &mut Reader<'_>) -> Read<Act> {
    let ends = reader.ends(true)?;
    let word = reader.word("kept or free")?;
    match word.text {
        "kept" => Ok(Act::Order(ends, true)),
        "free" => Ok(Act::Order(ends, false)),
        other => reader.wrong_word(word, format!("`{other}` is no order"), "write kept or free"),
    }
}

fn latency(reader: &mut Reader<'_>) -> Read<Act> {
    let ends = reader.ends(true)?;
    let word = reader.remaining();
    let text = reader.rest("a latency, such as constant 80ms, or default")?;
    if text == "default" {
        return Ok(Act::Latency(ends, None));
    }
    match Latency::read(&text, &KnobKind::Latency) {
        Ok(latency) => Ok(Act::Latency(ends, Some(latency))),
        Err(help) => reader.wrong_word(word, format!("`{text}` is no latency"), &help),
    }
}

fn skew(reader: &mut Reader<'_>) -> Read<Act> {
    const WHAT: &str = "how far ahead the clock is, such as +5s or -300ms";
    let node = reader.node()?;
    let word = reader.word(WHAT)?;
    let (sign, span) = signed(word.text);
    let micros = reader.span_in(word, span, WHAT)?.0 as i64;
    Ok(Act::Skew(node, sign * micros))
}

fn drift(reader: &mut Reader<'_>) -> Read<Act> {
    const WHAT: &str = "the clock's gain in parts per million, such as +200ppm";
    let node = reader.node()?;
    let word = reader.word(WHAT)?;
    let (sign, amount) = signed(word.text);
    let Some(digits) = amount.strip_suffix("ppm") else {
        let message = format!("`{}` is no drift", word.text);
        return reader.wrong_word(word, message, &format!("write {WHAT}"));
    };
    let ppm = reader.number_in(word, digits, WHAT, 0..=u64::from(Clock::MAX_DRIFT.unsigned_abs()))?;
    Ok(Act::Drift(node, sign as i32 * ppm as i32))
}

fn slow(reader: &mut Reader<'_>) -> Read<Act> {
    const WHAT: &str = "the time that work takes, in per cent of the usual: slow S2 150%";
    let node = reader.node()?;
    let word = reader.word(WHAT)?;
    let Some(digits) = word.text.strip_suffix('%') else {
        let message = format!("`{}` is no speed", word.text);
        return reader.wrong_word(word, message, &format!("write {WHAT}"));
    };
    let percent = reader.number_in(word, digits, WHAT, 1..=u64::from(Run::MAX_SLOW))?;
    Ok(Act::Slow(node, percent as u32))
}

/// The sign of a number and what stands behind it.
fn signed(text: &str) -> (i64, &str) {
    match text.strip_prefix('-') {
        Some(amount) => (-1, amount),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    }
}
