//! What a snapshot promises: that nothing is missing in it, and that it could have been.

use faultline_model::{Evidence, Lens, NodeId, Property, Scope, SortedMap, Standing};

use super::process::{Local, Process, Recording};
use super::{MOST_STATES, Snapshot};

type View<'l, 'w> = &'l Lens<'w, Snapshot>;

pub(super) fn all() -> Vec<Property<Snapshot>> {
    vec![
        Property {
            id: "conservation",
            sentence: "A complete snapshot counts all the money that there is",
            source: "Chandy and Lamport 1985, Example 2.1",
            scope: Scope::Always,
            check: conservation,
        },
        Property {
            id: "consistent-cut",
            sentence: "Nothing is received within a snapshot that is not sent within it",
            source: "Chandy and Lamport 1985, §2 and §4",
            scope: Scope::Always,
            check: consistent_cut,
        },
        Property {
            id: "picture-of-no-moment",
            sentence: "A complete snapshot shows a state that the system was in at no moment",
            source: "Chandy and Lamport 1985, Example 2.2 and §4",
            scope: Scope::Sometimes,
            check: picture_of_no_moment,
        },
        Property {
            id: "complete",
            sentence: "Every snapshot that was begun is complete",
            source: "Chandy and Lamport 1985, §3, termination",
            scope: Scope::Eventually,
            check: complete,
        },
    ]
}

fn broken(why: String, nodes: &[NodeId]) -> Standing {
    Err(Evidence { why, nodes: nodes.to_vec() })
}

fn processes<'l, 'w>(lens: View<'l, 'w>) -> impl Iterator<Item = (NodeId, &'w Process)> + 'l {
    lens.cast.iter().map(|(id, _)| (id, &(lens.node)(id).0.0))
}

/// The newest snapshot that is complete at every process, with its number.
fn newest<'w>(lens: View<'_, 'w>) -> Option<(u64, Vec<(NodeId, &'w Recording)>)> {
    let (_, first) = processes(lens).next()?;
    first.complete().into_iter().rev().find_map(|number| {
        let parts: Option<Vec<_>> = processes(lens)
            .map(|(id, process)| {
                let recording = process.recordings.get(&number)?;
                recording.is_complete().then_some((id, recording))
            })
            .collect();
        Some((number, parts?))
    })
}

/// K12: neither too little nor too much.
fn conservation(lens: View<'_, '_>) -> Standing {
    let Some((number, parts)) = newest(lens) else {
        return Ok(());
    };
    let there_is: u64 = lens.cast.iter().map(|(id, _)| lens.params.opening(lens.cast.rank(id))).sum();
    let held: u64 = parts.iter().map(|(_, part)| part.local.money).sum();
    let coming: u64 = parts.iter().map(|(_, part)| part.coming()).sum();
    if held + coming == there_is {
        return Ok(());
    }
    let ids: Vec<NodeId> = parts.iter().map(|&(id, _)| id).collect();
    let counted = held + coming;
    broken(format!("snapshot {number} counts {counted}, and there is {there_is}"), &ids)
}

fn consistent_cut(lens: View<'_, '_>) -> Standing {
    for (receiver, process) in processes(lens) {
        for (number, recording) in &process.recordings {
            for (&sender, got) in &recording.local.got {
                let Some(other) = (lens.node)(sender).0.0.recordings.get(number) else { continue };
                let sent = other.local.paid.get(&receiver).map_or(0, |sum| sum.count);
                if got.count > sent {
                    let (to, from) = (lens.name(receiver), lens.name(sender));
                    let why =
                        format!("in snapshot {number} {to} has received a payment that {from} has not sent");
                    return broken(why, &[receiver, sender]);
                }
            }
        }
    }
    Ok(())
}

/// What every process holds and what is on every channel.
fn values(lens: View<'_, '_>, local: impl Fn(NodeId) -> Option<Local>) -> (Vec<u64>, Vec<u64>) {
    let locals: SortedMap<NodeId, Local> = lens
        .cast
        .iter()
        .map(|(id, _)| {
            let opening = || Local { money: lens.params.opening(lens.cast.rank(id)), ..Local::default() };
            (id, local(id).unwrap_or_else(opening))
        })
        .collect();
    let amount =
        |sums: &SortedMap<NodeId, super::process::Sum>, of: NodeId| sums.get(&of).map_or(0, |sum| sum.amount);
    let pairs = locals.iter().flat_map(|(from, sender)| {
        locals
            .iter()
            .map(move |(to, receiver)| amount(&sender.paid, *to).wrapping_sub(amount(&receiver.got, *from)))
    });
    (locals.values().map(|local| local.money).collect(), pairs.collect())
}

fn picture_of_no_moment(lens: View<'_, '_>) -> Standing {
    let not_yet = |why: &str| broken(why.to_owned(), &[]);
    let Some((number, parts)) = newest(lens).filter(|(number, _)| *number == lens.witness.snapshot) else {
        return not_yet("no snapshot is complete");
    };
    if lens.witness.passed.len() >= MOST_STATES {
        return not_yet("the snapshot took too long for every state in between to be noted");
    }
    let parts: SortedMap<NodeId, &Recording> = parts.into_iter().collect();
    let picture = values(lens, |id| parts.get(&id).map(|part| part.local.clone()));
    let was = lens.witness.passed.iter().any(|moment| values(lens, |id| moment.get(&id).cloned()) == picture);
    if was {
        return not_yet(&format!("the system was in the state that snapshot {number} shows"));
    }
    Ok(())
}

fn complete(lens: View<'_, '_>) -> Standing {
    let begun = processes(lens).filter_map(|(_, process)| process.recordings.keys().last().copied()).max();
    match begun {
        Some(number) if newest(lens).is_none_or(|(newest, _)| newest < number) => {
            broken(format!("snapshot {number} is not complete"), &[])
        }
        _ => Ok(()),
    }
}
