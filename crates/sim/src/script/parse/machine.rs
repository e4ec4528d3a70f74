//! Reading what is done to one node: to its process, its clock and its disk.

use faultline_model::Clock;

use super::Read;
use super::reader::Reader;
use crate::script::Act;
use crate::{Correction, Run};

/// What the verb does to a node; `None` for a verb that does something else.
pub(super) fn machine(verb: &str, reader: &mut Reader<'_>) -> Option<Read<Act>> {
    Some(match verb {
        "crash" => crash(reader),
        "restart" => restart(reader),
        "pause" => reader.node().map(Act::Pause),
        "resume" => reader.node().map(Act::Resume),
        "slow" => percent(reader, "the time that work takes, in per cent of the usual: slow S2 150%")
            .map(|(node, percent)| Act::Slow(node, percent)),
        "skew" => moved(reader, "how far ahead the clock is, such as +5s or -300ms")
            .map(|(node, micros)| Act::Skew(node, micros)),
        "jump" => moved(reader, "how far the clock jumps, such as +5s or -300ms")
            .map(|(node, micros)| Act::Jump(node, micros)),
        "drift" => drift(reader),
        "sync" => sync(reader),
        "disk" => disk(reader),
        "corrupt" => reader.node().map(Act::Corrupt),
        _ => return None,
    })
}

fn crash(reader: &mut Reader<'_>) -> Read<Act> {
    let node = reader.node()?;
    if !reader.try_keyword("keeping") {
        return Ok(Act::Crash(node));
    }
    reader.keyword("writes")?;
    Ok(Act::Kill(node))
}

fn restart(reader: &mut Reader<'_>) -> Read<Act> {
    let node = reader.node()?;
    let empty = reader.try_keyword("with");
    if empty {
        reader.keyword("empty")?;
        reader.keyword("disk")?;
    }
    Ok(Act::Restart(node, empty))
}

/// `sync S1`, the disk's, or `sync clock S2 with S1 step`.
fn sync(reader: &mut Reader<'_>) -> Read<Act> {
    let node = reader.node()?;
    if node != "clock" || reader.is_done() {
        return Ok(Act::Sync(node));
    }
    let node = reader.node()?;
    reader.keyword("with")?;
    let reference = reader.node()?;
    let word = reader.word("step or slew")?;
    match word.text {
        "step" => Ok(Act::SyncClock(node, reference, Correction::Step)),
        "slew" => Ok(Act::SyncClock(node, reference, Correction::Slew)),
        other => reader.wrong_word(word, format!("`{other}` is no correction"), "write step or slew"),
    }
}

/// `disk S2 latency 20ms`, `disk S2 slow 300%`, `disk S2 full`, `disk S2 free`.
fn disk(reader: &mut Reader<'_>) -> Read<Act> {
    const WHAT: &str = "latency 20ms, latency default, slow 300%, full or free";
    let node = reader.node()?;
    let word = reader.word(WHAT)?;
    match word.text {
        "latency" if reader.try_keyword("default") => Ok(Act::DiskLatency(node, None)),
        "latency" => {
            const HOW_LONG: &str = "how long a write takes, at most 3600s, such as 20ms, or default";
            let word = reader.word(HOW_LONG)?;
            let span = reader.span_in(word, word.text, HOW_LONG)?;
            if span > Run::LONGEST_WRITE {
                return reader.wrong_word(word, format!("`{}` is too long", word.text), "at most 3600s");
            }
            Ok(Act::DiskLatency(node, Some(span)))
        }
        "slow" => percent_of(reader, "the time that a write takes, in per cent: disk S2 slow 300%")
            .map(|percent| Act::DiskSlow(node, percent)),
        "full" => Ok(Act::DiskFull(node, true)),
        "free" => Ok(Act::DiskFull(node, false)),
        other => reader.wrong_word(word, format!("a disk cannot be `{other}`"), &format!("write {WHAT}")),
    }
}

fn moved(reader: &mut Reader<'_>, what: &str) -> Read<(String, i64)> {
    let node = reader.node()?;
    let word = reader.word(what)?;
    let (sign, span) = signed(word.text);
    let micros = reader.span_in(word, span, what)?.0 as i64;
    Ok((node, sign * micros))
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

fn percent(reader: &mut Reader<'_>, what: &str) -> Read<(String, u32)> {
    let node = reader.node()?;
    Ok((node, percent_of(reader, what)?))
}

fn percent_of(reader: &mut Reader<'_>, what: &str) -> Read<u32> {
    let word = reader.word(what)?;
    let Some(digits) = word.text.strip_suffix('%') else {
        let message = format!("`{}` is no speed", word.text);
        return reader.wrong_word(word, message, &format!("write {what}"));
    };
    Ok(reader.number_in(word, digits, what, 1..=u64::from(Run::MAX_SLOW))? as u32)
}

/// The sign of a number and what stands behind it.
fn signed(text: &str) -> (i64, &str) {
    match text.strip_prefix('-') {
        Some(amount) => (-1, amount),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    }
}
