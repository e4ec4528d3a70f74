//! Reading what concerns the system as a whole: its workload, its members, and who of them lies.

use super::reader::Reader;
use super::{Read, workload};
use crate::script::Act;

/// The act that begins with that word; `None` for any other word.
pub(super) fn system(verb: &str, reader: &mut Reader<'_>) -> Option<Read<Act>> {
    Some(match verb {
        "workload" if reader.try_keyword("stop") => Ok(Act::EndWorkload),
        "workload" => workload::workload(reader).map(|spec| Act::Workload(Box::new(spec))),
        "arrive" => super::act::ordinal(reader).map(|session| Act::Arrive(session.unwrap_or(1))),
        "add" => reader.keyword("node").map(|()| Act::Add),
        "remove" => reader.node().map(Act::Remove),
        "lie" => lie(reader),
        "honest" => reader.node().map(Act::Honest),
        "skip" => reader.rest("what was not done, and why").map(Act::Skip),
        _ => return None,
    })
}

fn lie(reader: &mut Reader<'_>) -> Read<Act> {
    let node = reader.node()?;
    Ok(Act::Lie(node, reader.name("the lie's name, such as forget-promises")?))
}
