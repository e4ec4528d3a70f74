//! What last writer wins keeps, and what it only seems to keep.

use faultline_model::{Evidence, Kind, Lens, NodeId, OpRecord, Property, Scope, Standing};

use super::{LastWriterWins, Op, Ret, Version};

type View<'a, 'b> = &'a Lens<'b, LastWriterWins>;
type Record = OpRecord<LastWriterWins>;

pub(super) fn all() -> Vec<Property<LastWriterWins>> {
    vec![
        Property {
            id: "convergence",
            sentence: "When nothing is in flight and every link is up, all replicas hold the same value",
            source: "Johnson & Thomas 1975, RFC 677",
            scope: Scope::Always,
            check: convergence,
        },
        Property {
            id: "no-lost-acknowledged-write",
            sentence: "An acknowledged write is not undone by one that had ended before it began",
            source: "Kleppmann 2017, ch. 8",
            scope: Scope::Always,
            check: no_lost_acknowledged_write,
        },
        Property {
            id: "tie",
            sentence: "Two writes carry the same timestamp, and a replica notices",
            source: "Kleppmann 2017, ch. 8",
            scope: Scope::Sometimes,
            check: tie_noticed,
        },
    ]
}

fn replicas<'a>(lens: View<'_, 'a>) -> impl Iterator<Item = (NodeId, &'a super::Replica, bool)> {
    lens.cast.of_kind(Kind::Server).filter_map(|id| match (lens.node)(id) {
        (LastWriterWins::Replica(replica), up) => Some((id, replica, up)),
        (LastWriterWins::Client(_), _) => None,
    })
}

fn value(x: Option<&Version>) -> Option<&str> {
    x.and_then(|version| version.value.as_deref())
}

fn shown(value: Option<&str>) -> &str {
    value.unwrap_or("nothing")
}

/// K11: judged at quiescence, when every replica is up.
fn convergence(lens: View<'_, '_>) -> Standing {
    let all: Vec<_> = replicas(lens).collect();
    if !lens.quiet || all.iter().any(|&(_, _, up)| !up) {
        return Ok(());
    }
    for pair in all.windows(2) {
        let [(one, held, _), (other, different, _)] = pair else {
            continue;
        };
        let (held, different) = (value(held.x.as_ref()), value(different.x.as_ref()));
        if held != different {
            return Err(Evidence {
                why: format!(
                    "Nothing is in flight, and yet {} holds {} while {} holds {}.",
                    lens.name(*one),
                    shown(held),
                    lens.name(*other),
                    shown(different),
                ),
                nodes: vec![*one, *other],
            });
        }
    }
    Ok(())
}

/// What a write makes of x; `None` for an operation that writes nothing.
fn written(op: &Op) -> Option<Option<&str>> {
    match op {
        Op::Write(value) => Some(Some(value)),
        Op::Delete => Some(None),
        Op::Read => None,
    }
}

/// The real-time lost-update detector: an acknowledged write is lost when every replica holds the value
/// of a write that had ended before it began. By value: of equal values any write that fits counts. By the
/// numbers of events, for many can happen at one moment.
fn no_lost_acknowledged_write(lens: View<'_, '_>) -> Standing {
    // The latest end of a write whose value some replica still holds; an open one has not ended.
    let ended = |record: &Record| record.returned_event.unwrap_or(u32::MAX);
    let latest = replicas(lens).filter_map(|(_, replica, _)| {
        let held = value(replica.x.as_ref());
        lens.history.iter().filter(|record| written(&record.op) == Some(held)).map(ended).max()
    });
    let Some(latest) = latest.max() else {
        return acknowledged(lens).next().map_or(Ok(()), |write| Err(lost(lens, write)));
    };
    acknowledged(lens)
        .find(|write| latest < write.invoked_event)
        .map_or(Ok(()), |write| Err(lost(lens, write)))
}

fn acknowledged<'l>(lens: View<'_, 'l>) -> impl Iterator<Item = &'l Record> {
    lens.history
        .iter()
        .filter(|record| written(&record.op).is_some() && matches!(record.returned, Some((Ret::Ok, _))))
}

fn lost(lens: View<'_, '_>, write: &Record) -> Evidence {
    let mut nodes = vec![write.client];
    let mut holders = vec![];
    for (id, replica, _) in replicas(lens) {
        nodes.push(id);
        holders.push(format!("{} holds {}", lens.name(id), shown(value(replica.x.as_ref()))));
    }
    let acknowledged = write.returned.as_ref().map_or(write.invoked, |&(_, at)| at);
    let why = format!(
        "{}'s `{}` was acknowledged at {acknowledged} and is gone: {}, which was written before {}, when it began.",
        lens.name(write.client),
        write.op,
        holders.join(" and "),
        write.invoked,
    );
    Evidence { why, nodes }
}

fn tie_noticed(lens: View<'_, '_>) -> Standing {
    if replicas(lens).any(|(_, replica, _)| replica.ties > 0) {
        return Ok(());
    }
    Err(Evidence {
        why: "No replica has noticed two writes with the same timestamp.".to_owned(),
        nodes: vec![],
    })
}
