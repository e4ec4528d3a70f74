//! Whether a read missed a write that had been acknowledged before it began.

use faultline_model::{Evidence, Lens, OpRecord, SortedMap, Standing, sort_by_key};

use super::Raft;
use super::machine::{Op, Ret, Word};
use super::params::Reads;

type Record = OpRecord<Raft>;

/// The writes of one register.
#[derive(Default)]
struct Writes<'a> {
    /// By when each value had been written for certain; never, if a write of it may still be under way.
    since: SortedMap<&'a str, u32>,
    /// The acknowledged ones in the order in which they ended; of each the one that began last so far.
    ended: Vec<(u32, &'a Record)>,
}

fn written(op: &Op) -> Option<(&Word, &Word)> {
    match op {
        Op::Write(register, value) | Op::Cas(register, _, value) => Some((register, value)),
        Op::Read(_) => None,
    }
}

/// Asked only where reads do not go through the log. By value: of equal values any write that fits counts.
pub fn no_stale_read(lens: &Lens<'_, Raft>) -> Standing {
    if lens.params.reads == Reads::Log {
        return Ok(());
    }
    let mut registers: SortedMap<&Word, Writes<'_>> = SortedMap::new();
    for record in lens.history.iter() {
        let Some((register, value)) = written(&record.op) else { continue };
        let acknowledged = record.returned.as_ref().is_some_and(|(ret, _)| *ret == Ret::Ok);
        let ended = record.returned_event.filter(|_| acknowledged);
        let writes = registers.entry(register).or_default();
        let since = writes.since.entry(value).or_default();
        *since = (*since).max(ended.unwrap_or(u32::MAX));
        writes.ended.extend(ended.map(|ended| (ended, record)));
    }
    for writes in registers.values_mut() {
        sort_by_key(&mut writes.ended, |&(ended, _)| ended);
        for place in 1..writes.ended.len() {
            let before = writes.ended[place - 1].1;
            if before.invoked_event > writes.ended[place].1.invoked_event {
                writes.ended[place].1 = before;
            }
        }
    }
    let stale = lens.history.iter().find_map(|read| missed(read, &registers).map(|write| (read, write)));
    let Some((read, write)) = stale else { return Ok(()) };
    let got = read.returned.as_ref().map_or_else(String::new, |(ret, _)| ret.to_string());
    let (reader, writer) = (lens.name(read.client), lens.name(write.client));
    let why = format!(
        "{reader}’s `{}` returned {got}, although {writer}’s `{}` had been acknowledged before it began",
        read.op, write.op
    );
    Err(Evidence { why, nodes: vec![read.client, write.client] })
}

/// The acknowledged write that a read should have seen, or a later one.
fn missed<'a>(read: &Record, registers: &SortedMap<&Word, Writes<'a>>) -> Option<&'a Record> {
    let (Op::Read(register), Some((ret, _))) = (&read.op, &read.returned) else {
        return None;
    };
    let writes = registers.get(register)?;
    let since = match ret {
        Ret::Value(value) => writes.since.get(&**value).copied().unwrap_or(u32::MAX),
        Ret::Nil => 0,
        _ => return None,
    };
    let before = writes.ended.partition_point(|&(ended, _)| ended < read.invoked_event);
    let (_, latest) = writes.ended[..before].last()?;
    (latest.invoked_event > since).then_some(*latest)
}
