//! A whole run in the fragment of an address, `#s=…`.
//!
//! The text is base64url without padding. The first byte is the version of this encoding, the next
//! three are a checksum of the rest, and the rest is a deflated postcard record. The interventions are
//! stored as three columns, and events, times and message numbers as differences, because that deflates
//! best. A new [`Action`] is added at the end of its enum: postcard writes variants by number.

use std::hash::Hasher;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use faultline_model::{MsgId, StableHasher, Time};
use miniz_oxide::deflate::core::{
    CompressionStrategy, CompressorOxide, TDEFLFlush, TDEFLStatus, compress,
    create_comp_flags_from_zip_params,
};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
use serde::{Deserialize, Serialize};

use crate::plan::PlanLine;
use crate::{Action, Intervention, Run, RunError, Scenario};

/// The version of the encoding.
const ENCODING: u8 = 1;
/// Version and checksum.
const HEADER: usize = 4;
/// The longest link that is read, bytes.
pub const MAX_LINK: usize = 64 * 1024;
/// The most that a link may unfold to, bytes.
const MAX_INFLATED: usize = 1024 * 1024;
/// What deflate is asked for: the smallest result.
const LEVEL: i32 = 10;

/// Why a text is no link to a run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// There is nothing in it.
    #[error("this link holds no run: it ends before one begins")]
    Empty,
    /// It is longer than any link that is written here.
    #[error("this link is too long: {0} characters, and at most {MAX_LINK} are read")]
    TooLong(usize),
    /// It has a character that does not occur in links.
    #[error("this link is damaged: {character:?} at position {position} does not belong in it")]
    Character {
        /// The character.
        character: char,
        /// Where it stands, counted from 1.
        position: usize,
    },
    /// Something is missing or changed.
    #[error("this link is damaged: {0}; ask for it again, or check that it was copied whole")]
    Damaged(&'static str),
    /// A newer program wrote it.
    #[error("this link was made by a newer Faultline: reload the page to get the current one")]
    Newer,
    /// It is intact, but no run can be like this.
    #[error("this link holds a run that cannot be: {0}")]
    Run(#[from] RunError),
}

/// What is written: a run in columns.
#[derive(Serialize, Deserialize)]
struct Columns {
    version: u16,
    // Not the scenario itself, whose serde form leaves fields out.
    protocol: String,
    lesson: Option<String>,
    nodes: u16,
    seed: u64,
    set: Vec<(String, String)>,
    cursor: u32,
    /// How many events lie behind the cursor.
    rest: u32,
    /// Events between one intervention and the one before it.
    after: Vec<u32>,
    /// Microseconds between one intervention and the one before it.
    at: Vec<u64>,
    actions: Vec<Action>,
}

/// An entry of a plan. Not [`PlanLine`] itself, whose serde form leaves a field out.
type Planned = (Time, String, Option<u32>);

fn planned(run: &Run) -> Vec<Planned> {
    run.plan.iter().map(|line| (line.at, line.act.clone(), line.done)).collect()
}

/// The text of a link to `run`, without the `#s=`.
pub fn encode(run: &Run) -> String {
    let (mut after, mut at, mut msg) = (0u32, 0u64, 0u32);
    let columns = Columns {
        version: run.version,
        protocol: run.scenario.protocol.clone(),
        lesson: run.scenario.lesson.clone(),
        nodes: run.scenario.nodes,
        seed: run.scenario.seed,
        set: run.scenario.set.clone(),
        cursor: run.cursor,
        rest: run.length.wrapping_sub(run.cursor),
        after: run
            .interventions
            .iter()
            .map(|each| each.after.wrapping_sub(std::mem::replace(&mut after, each.after)))
            .collect(),
        at: run
            .interventions
            .iter()
            .map(|each| each.at.0.wrapping_sub(std::mem::replace(&mut at, each.at.0)))
            .collect(),
        actions: run
            .interventions
            .iter()
            .map(|each| renumber(each.action.clone(), |id| to_difference(id, &mut msg)))
            .collect(),
    };
    let mut plain = postcard::to_allocvec(&columns).expect("plain data always has a postcard form");
    // Behind the rest, and only where there is one: links without a plan stay as they were.
    if !run.plan.is_empty() {
        plain.extend(postcard::to_allocvec(&planned(run)).expect("plain data always has a postcard form"));
    }
    let body = deflate(&plain);
    let mut bytes = vec![ENCODING];
    bytes.extend(checksum(&body));
    bytes.extend(body);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The run that a link's text holds. Safe on any text: bounded in time and memory, never a panic.
pub fn decode(text: &str) -> Result<Run, LinkError> {
    if text.len() > MAX_LINK {
        return Err(LinkError::TooLong(text.len()));
    }
    let known = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if let Some((i, character)) = text.chars().enumerate().find(|&(_, c)| !known(c)) {
        return Err(LinkError::Character { character, position: i + 1 });
    }
    let bytes =
        URL_SAFE_NO_PAD.decode(text).map_err(|_| LinkError::Damaged("its last characters are missing"))?;
    match bytes.first() {
        None => return Err(LinkError::Empty),
        Some(&version) if version > ENCODING => return Err(LinkError::Newer),
        Some(&version) if version < ENCODING => {
            return Err(LinkError::Damaged("it has no known version"));
        }
        Some(_) => {}
    }
    let (header, body) = bytes.split_at_checked(HEADER).ok_or(LinkError::Empty)?;
    if header[1..] != checksum(body) {
        return Err(LinkError::Damaged("its checksum does not match"));
    }
    decode_body(body)
}

fn decode_body(body: &[u8]) -> Result<Run, LinkError> {
    let plain = inflate(body)?;
    let (columns, rest) = postcard::take_from_bytes::<Columns>(&plain)
        .map_err(|_| LinkError::Damaged("what it holds is no run"))?;
    let mut run = columns.into_run().ok_or(LinkError::Damaged("its interventions do not add up"))?;
    if !rest.is_empty() {
        let (plan, rest) = postcard::take_from_bytes::<Vec<Planned>>(rest)
            .map_err(|_| LinkError::Damaged("there is something behind the run"))?;
        if !rest.is_empty() || plan.is_empty() {
            return Err(LinkError::Damaged("there is something behind the run"));
        }
        run.plan = plan.into_iter().map(|(at, act, done)| PlanLine { at, act, done }).collect();
    }
    run.check()?;
    Ok(run)
}

impl Columns {
    fn into_run(self) -> Option<Run> {
        if self.after.len() != self.actions.len() || self.at.len() != self.actions.len() {
            return None;
        }
        let (mut after, mut at, mut msg) = (0u32, 0u64, 0u32);
        let interventions = self
            .after
            .into_iter()
            .zip(self.at)
            .zip(self.actions)
            .map(|((events, micros), action)| {
                after = after.checked_add(events)?;
                at = at.checked_add(micros)?;
                let action = renumber(action, |difference| from_difference(difference, &mut msg));
                Some(Intervention { after, at: Time(at), action })
            })
            .collect::<Option<Vec<_>>>()?;
        let scenario = Scenario {
            protocol: self.protocol,
            lesson: self.lesson,
            nodes: self.nodes,
            seed: self.seed,
            set: self.set,
        };
        let length = self.cursor.checked_add(self.rest)?;
        let (version, cursor) = (self.version, self.cursor);
        Some(Run { version, scenario, interventions, cursor, length, plan: vec![] })
    }
}

/// The action with another number for the message that it speaks of.
fn renumber(action: Action, change: impl FnOnce(u32) -> u32) -> Action {
    match action {
        Action::Deliver(MsgId(id)) => Action::Deliver(MsgId(change(id))),
        Action::Drop(MsgId(id)) => Action::Drop(MsgId(change(id))),
        Action::Delay(MsgId(id), by) => Action::Delay(MsgId(change(id)), by),
        Action::Duplicate(MsgId(id)) => Action::Duplicate(MsgId(change(id))),
        other => other,
    }
}

/// The difference to the number before, small differences of either sign as small numbers (zigzag).
fn to_difference(id: u32, before: &mut u32) -> u32 {
    let difference = id.wrapping_sub(std::mem::replace(before, id)) as i32;
    ((difference << 1) ^ (difference >> 31)) as u32
}

fn from_difference(difference: u32, before: &mut u32) -> u32 {
    let signed = (difference >> 1) as i32 ^ -((difference & 1) as i32);
    *before = before.wrapping_add(signed as u32);
    *before
}

fn checksum(body: &[u8]) -> [u8; 3] {
    let mut hasher = StableHasher::new();
    hasher.write(body);
    let [first, second, third, ..] = hasher.finish().to_le_bytes();
    [first, second, third]
}

/// The shorter of two deflate streams: a link is so short that the fixed Huffman code of RFC 1951,
/// §3.2.6, mostly beats one of its own, whose table has to be sent along.
fn deflate(plain: &[u8]) -> Vec<u8> {
    let fixed = deflate_with(plain, CompressionStrategy::Fixed);
    let dynamic = deflate_with(plain, CompressionStrategy::Default);
    if fixed.len() <= dynamic.len() { fixed } else { dynamic }
}

fn deflate_with(mut plain: &[u8], strategy: CompressionStrategy) -> Vec<u8> {
    let flags = create_comp_flags_from_zip_params(LEVEL, 0, strategy as i32);
    let mut state = CompressorOxide::new(flags);
    let mut out = vec![0; plain.len() + 64];
    let mut written = 0;
    loop {
        let (status, read, more) = compress(&mut state, plain, &mut out[written..], TDEFLFlush::Finish);
        plain = &plain[read..];
        written += more;
        match status {
            TDEFLStatus::Okay => out.resize(out.len() * 2, 0),
            TDEFLStatus::Done => break,
            TDEFLStatus::BadParam | TDEFLStatus::PutBufFailed => {
                unreachable!("the buffers are sound, and nothing is written but to them")
            }
        }
    }
    out.truncate(written);
    out
}

/// Inflates up to [`MAX_INFLATED`] bytes. miniz_oxide's own `decompress_to_vec_with_limit` does not say
/// whether input is left over, which is why this drives its core.
fn inflate(body: &[u8]) -> Result<Vec<u8>, LinkError> {
    let mut state = Box::<DecompressorOxide>::default();
    let mut out = vec![0; body.len().saturating_mul(4).clamp(256, MAX_INFLATED)];
    let (mut read, mut written) = (0, 0);
    loop {
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, consumed, produced) = decompress(&mut state, &body[read..], &mut out, written, flags);
        read += consumed;
        written += produced;
        match status {
            TINFLStatus::Done if read < body.len() => {
                return Err(LinkError::Damaged("there is something behind the run"));
            }
            TINFLStatus::Done => {
                out.truncate(written);
                return Ok(out);
            }
            TINFLStatus::HasMoreOutput if out.len() < MAX_INFLATED => {
                out.resize(out.len().saturating_mul(2).min(MAX_INFLATED), 0);
            }
            TINFLStatus::HasMoreOutput => {
                return Err(LinkError::Damaged("it unfolds to more than a run can hold"));
            }
            _ => return Err(LinkError::Damaged("it cannot be unpacked")),
        }
    }
}

#[cfg(test)]
mod tests;
