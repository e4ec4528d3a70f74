//! The standings of the properties that a [`Judge`] decides, with their evidence.

use faultline_model::{Cast, Evidence, Standing};

use super::{Judge, NotOne, Stale, shown};

fn late(found: Option<&Stale>, cast: &Cast, had: &str) -> Standing {
    let Some(Stale { reader, value, newer }) = found else {
        return Ok(());
    };
    let (value, newer) = (shown(value.as_deref()), shown(newer.as_deref()));
    let why = format!("{} read {value}, although {newer}, which is newer, {had}", cast.name(*reader));
    Err(Evidence { why, nodes: vec![*reader] })
}

/// Whether no read has missed a write that had been acknowledged before it began.
pub(crate) fn stale(judge: &Judge, cast: &Cast) -> Standing {
    late(judge.stale(), cast, "had been acknowledged before that read began")
}

/// Whether no read has returned an older value than a read that had ended before it began.
pub(crate) fn inversion(judge: &Judge, cast: &Cast) -> Standing {
    late(judge.inverted(), cast, "had been read before that read began")
}

/// Whether there is an order that explains everything.
pub(crate) fn linearizable(judge: &Judge, cast: &Cast) -> Standing {
    let (why, node) = match judge.not_one() {
        None => return Ok(()),
        Some(NotOne::Unwritten { reader, value }) => {
            let value = shown(value.as_deref());
            (format!("{} read {value}, which nobody had begun to write", cast.name(*reader)), *reader)
        }
        Some(NotOne::Both { client, value, other }) => {
            let (value, other) = (shown(value.as_deref()), shown(other.as_deref()));
            let why = format!(
                "Since {}'s last operation no order explains what clients saw: {value} must come before {other}, \
                 and {other} before {value}",
                cast.name(*client)
            );
            (why, *client)
        }
    };
    Err(Evidence { why, nodes: vec![node] })
}
