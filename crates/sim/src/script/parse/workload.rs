//! Reading a workload.

use faultline_model::{Chance, KnobKind, ParamField, Span, Time};

use super::Read;
use super::reader::{Reader, Word, is_name};
use crate::workload::{WORDS, read_thousandths};
use crate::{Pace, Workload};

const PACE: &str = "open 50/s, or closed 1 think 10ms";
const MORE: &str = "clients C1,C2, read 90%, keys 10, zipf 0.99, total 500 or until 10s";

/// `open 50/s read 90% write 10% keys 10 zipf 0.99`
pub(super) fn workload(reader: &mut Reader<'_>) -> Read<Workload<String>> {
    let start = reader.remaining();
    let word = reader.word(PACE)?;
    let pace = match word.text {
        "open" => Pace::Open(rate(reader)?),
        "closed" => closed(reader)?,
        other => {
            let message = format!("`{other}` is no pace");
            return reader.wrong_word(word, message, &format!("write {PACE}"));
        }
    };
    let mut spec = Workload::new(pace);
    let mut said: Vec<&str> = vec![];
    while let Some(word) = reader.look() {
        if said.contains(&word.text) {
            return reader.wrong_word(word, format!("{} stands here twice", word.text), "say it once");
        }
        said.push(word.text);
        more(reader.skip(), word, &mut spec)?;
    }
    spec.check().or_else(|why| {
        reader.wrong(start.start, start.text.len(), format!("this workload {why}"), &format!("write {MORE}"))
    })?;
    Ok(spec)
}

fn more(reader: &mut Reader<'_>, word: Word<'_>, spec: &mut Workload<String>) -> Read<()> {
    match word.text {
        "clients" => spec.clients = clients(reader)?,
        "keys" => spec.keys = count(reader, "how many keys, such as 10", Workload::<String>::MAX_KEYS)?,
        "zipf" => {
            let word = reader.word("the exponent, such as 0.99")?;
            spec.zipf = thousandths(reader, word, word.text, "the exponent, such as 0.99")?;
        }
        "total" => {
            let most = Workload::<String>::MAX_TOTAL;
            spec.total = Some(count(reader, "how many operations, such as 500", most)?);
        }
        "until" => spec.until = Some(Time(reader.span("a time, such as 10s")?.0)),
        form if is_name(form) && !WORDS.contains(&form) => {
            let share = reader.word("its share, such as 90%")?;
            match Chance::read(share.text, &KnobKind::Chance) {
                Ok(chance) if share.text.ends_with('%') => spec.mix.push((form.to_owned(), chance)),
                _ => {
                    let message = format!("`{}` is no share", share.text);
                    return reader.wrong_word(share, message, "write per cent, such as 90%");
                }
            }
        }
        other => {
            return reader.wrong_word(
                word,
                format!("`{other}` does not belong here"),
                &format!("write {MORE}"),
            );
        }
    }
    Ok(())
}

fn rate(reader: &mut Reader<'_>) -> Read<u32> {
    const WHAT: &str = "operations a second, such as 50/s";
    let word = reader.word(WHAT)?;
    match word.text.strip_suffix("/s") {
        Some(digits) => thousandths(reader, word, digits, WHAT),
        None => reader.wrong_word(word, format!("`{}` is no rate", word.text), &format!("write {WHAT}")),
    }
}

fn thousandths(reader: &Reader<'_>, word: Word<'_>, digits: &str, what: &str) -> Read<u32> {
    match read_thousandths(digits) {
        Some(number) => Ok(number),
        None => reader.wrong_word(
            word,
            format!("`{}` is no number with at most three decimals", word.text),
            &format!("write {what}"),
        ),
    }
}

fn closed(reader: &mut Reader<'_>) -> Read<Pace> {
    let most = Workload::<String>::MAX_OPEN as u32;
    let outstanding = count(reader, "how many operations a client has open at once, such as 1", most)? as u16;
    let (mut think, mut patience) = (Span::ZERO, Pace::PATIENCE);
    if reader.try_keyword("think") {
        think = reader.span("how long a client thinks, such as 10ms")?;
    }
    if reader.try_keyword("patience") {
        patience = reader.span("how long a client waits for an answer, such as 5s")?;
    }
    Ok(Pace::Closed { outstanding, think, patience })
}

fn count(reader: &mut Reader<'_>, what: &str, most: u32) -> Read<u32> {
    reader.number(what, 1..=u64::from(most)).map(|number| number as u32)
}

fn clients(reader: &mut Reader<'_>) -> Read<Vec<String>> {
    let word = reader.word("the clients, such as C1,C2")?;
    let names: Vec<String> = word.text.split(',').map(str::to_owned).collect();
    match names.iter().find(|name| !is_name(name)) {
        None => Ok(names),
        Some(name) => reader.wrong_word(word, format!("`{name}` is no node"), "write C1,C2 without blanks"),
    }
}
