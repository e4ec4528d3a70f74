//! Reading interventions.

use faultline_model::{Bandwidth, Chance, KnobKind, Latency, ParamField};

use super::machine::machine;
use super::reader::{Reader, is_name, nearest};
use super::system::system;
use super::{COMMANDS, Read};
use crate::blocked::LONGEST_KIND;
use crate::script::{Act, Ends, Which};

/// Which of several messages or timers can be asked for.
const MOST_ORDINAL: u64 = 1_000_000;

pub(super) fn act(reader: &mut Reader<'_>) -> Read<Act> {
    let verb = reader.word("a command, such as crash S2")?;
    if let Some(read) = machine(verb.text, reader).or_else(|| system(verb.text, reader)) {
        return read;
    }
    match verb.text {
        "deliver" => which(reader).map(Act::Deliver),
        "drop" if reader.try_keyword("all") => alike(reader).map(|(ends, kind)| Act::DropAll(ends, kind)),
        "drop" => which(reader).map(Act::Drop),
        "let" => {
            reader.keyword("through")?;
            alike(reader).map(|(ends, kind)| Act::LetThrough(ends, kind))
        }
        "hold" => reader.ends(true).map(Act::Hold),
        "release" => reader.ends(true).map(Act::Release),
        "duplicate" => which(reader).map(Act::Duplicate),
        "delay" => delay(reader),
        "fire" => fire(reader),
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
        "bandwidth" => bandwidth(reader),
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

/// Links and a kind of messages on them.
fn alike(reader: &mut Reader<'_>) -> Read<(Ends, String)> {
    let ends = reader.ends(true)?;
    let word = reader.peek("the kind of message, such as AppendEntries")?;
    if word.text.len() > LONGEST_KIND {
        let message = "this is too long for the kind of a message".to_owned();
        return reader.wrong_word(word, message, "name it as it is written beside the message");
    }
    Ok((ends, reader.name("the kind of message, such as AppendEntries")?))
}

/// `#2`, if it is there.
pub(super) fn ordinal(reader: &mut Reader<'_>) -> Read<Option<u32>> {
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
fn share(reader: &mut Reader<'_>, what: &str) -> Read<(Ends, Chance)> {
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

fn bandwidth(reader: &mut Reader<'_>) -> Read<Act> {
    let ends = reader.ends(true)?;
    let word = reader.remaining();
    let text = reader.rest("a bandwidth, such as 100KB/s, unlimited, or default")?;
    if text == "default" {
        return Ok(Act::Bandwidth(ends, None));
    }
    match Bandwidth::read(&text, &KnobKind::Bandwidth) {
        Ok(bandwidth) => Ok(Act::Bandwidth(ends, Some(bandwidth))),
        Err(help) => reader.wrong_word(word, format!("`{text}` is no bandwidth"), &help),
    }
}
