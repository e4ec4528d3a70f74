//! Reading a plan and random chaos.

use faultline_model::Time;

use super::reader::Reader;
use super::{Read, act};
use crate::script::Command;
use crate::workload::read_thousandths;
use crate::{Chaos, Trouble};

/// `plan at 1.2s crash S2`
pub(super) fn plan(reader: &mut Reader<'_>) -> Read<Command> {
    reader.keyword("at")?;
    let at = Time(reader.span("a time, such as 1.2s")?.0);
    Ok(Command::Plan(at, act::act(reader)?))
}

/// `chaos 10/min crash pause down 1 within 5s from 0s until 60s seed 7`; what is left out is as in
/// [`Chaos::usual`].
pub(super) fn chaos(reader: &mut Reader<'_>) -> Read<Chaos> {
    const RATE: &str = "faults a minute, such as 10/min";
    let start = reader.remaining();
    let word = reader.word(RATE)?;
    let Some(rate) = word.text.strip_suffix("/min").and_then(read_thousandths) else {
        return reader.wrong_word(word, format!("`{}` is no rate", word.text), &format!("write {RATE}"));
    };
    let usual = Chaos::usual(0, Time::ZERO);
    let mut chaos = Chaos { rate, kinds: vec![], ..usual.clone() };
    let mut until = None;
    let mut said: Vec<&str> = vec![];
    while let Some(word) = reader.look() {
        if said.contains(&word.text) {
            return reader.wrong_word(word, format!("{} stands here twice", word.text), "say it once");
        }
        said.push(word.text);
        reader.skip();
        match word.text {
            "down" => chaos.down = reader.number("how many servers at once, such as 1", 0..=1_000)? as u16,
            "within" => chaos.within = reader.span("how long a fault lasts at most, such as 5s")?,
            "from" => chaos.from = Time(reader.span("when it begins, such as 1s")?.0),
            "until" => until = Some(Time(reader.span("when all is well again, such as 60s")?.0)),
            "seed" => chaos.seed = reader.number("the seed, a whole number", 0..=u64::MAX)?,
            other => match Trouble::ALL.iter().find(|(_, word)| *word == other) {
                Some((kind, _)) => chaos.kinds.push(*kind),
                None => {
                    let kinds: Vec<&str> = Trouble::ALL.iter().map(|(_, word)| *word).collect();
                    let help = format!("write down, within, from, until, seed, or {}", kinds.join(", "));
                    return reader.wrong_word(word, format!("`{other}` does not belong here"), &help);
                }
            },
        }
    }
    if chaos.kinds.is_empty() {
        chaos.kinds = usual.kinds;
    }
    chaos.until = until.unwrap_or(chaos.from + faultline_model::Span::secs(60));
    chaos.check().or_else(|why| {
        reader.wrong(start.start, start.text.len(), format!("this chaos {why}"), "such as chaos 10/min crash")
    })?;
    Ok(chaos)
}
