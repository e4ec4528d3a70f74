//! What logical clocks promise, what they do not, and mutual exclusion.

use faultline_model::{Evidence, Lens, NodeId, Property, Scope, SortedMap, Standing};
use serde::Serialize;

use super::knobs::Algorithm;
use super::message::Stamp;
use super::process::{Happened, Process};
use super::{LamportClocks, look};

type View<'l, 'w> = &'l Lens<'w, LamportClocks>;

/// How many of each process's events happened before an event, itself included.
type Past = SortedMap<NodeId, u32>;

/// What an observer who knows every message's way notes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Witness {
    /// The past of every event, as long as no two concurrent ones with different timestamps have been seen.
    pub pasts: SortedMap<Stamp, Past>,
    /// The latest event of each process.
    pub latest: SortedMap<NodeId, u64>,
    /// Two concurrent events, that with the smaller timestamp first.
    pub concurrent: Option<(Stamp, Stamp)>,
    /// A message's sending and its receipt, which does not have the greater timestamp.
    pub backwards: Option<(Stamp, Stamp)>,
}

impl Witness {
    pub(super) fn note(&mut self, me: NodeId, event: Happened) {
        let this = Stamp { at: event.at, by: me };
        let before = self.latest.insert(me, event.at).map(|at| Stamp { at, by: me });
        if let Some(sending) = event.heard.filter(|sending| sending.at >= event.at) {
            self.backwards.get_or_insert((sending, this));
        }
        if self.concurrent.is_some() {
            return;
        }
        let mut past = Past::new();
        for known in before.iter().chain(&event.heard).filter_map(|earlier| self.pasts.get(earlier)) {
            for (&node, &count) in known {
                let own = past.entry(node).or_default();
                *own = count.max(*own);
            }
        }
        *past.entry(me).or_default() += 1;
        let knows = |past: &Past, of: NodeId, count: u32| past.get(&of).is_some_and(|&own| own >= count);
        // Whatever is new happened before nothing that is known, so one direction is enough.
        let concurrent = self.pasts.iter().find(|(other, its)| {
            other.by != me && other.at != this.at && !knows(&past, other.by, its[&other.by])
        });
        if let Some((&other, _)) = concurrent {
            self.concurrent = Some((this.min(other), this.max(other)));
            self.pasts.clear();
        } else {
            self.pasts.insert(this, past);
        }
    }
}

pub(super) fn all() -> Vec<Property<LamportClocks>> {
    vec![
        Property {
            id: "clock-condition",
            sentence: "What happened before something else has the smaller timestamp",
            source: "Lamport 1978, Clock Condition",
            scope: Scope::Always,
            check: clock_condition,
        },
        Property {
            id: "smaller-yet-concurrent",
            sentence: "Two events have different timestamps, and neither happened before the other",
            source: "Lamport 1978: the converse of the Clock Condition is not true",
            scope: Scope::Sometimes,
            check: smaller_yet_concurrent,
        },
        Property {
            id: "exclusion",
            sentence: "At most one process is in the critical section",
            source: "Lamport 1978, condition I",
            scope: Scope::Always,
            check: exclusion,
        },
        Property {
            id: "queues-agree",
            sentence: "At rest all processes have the same queue of requests",
            source: "Lamport 1978, mutual exclusion, rules 1 to 4",
            scope: Scope::Always,
            check: queues_agree,
        },
        Property {
            id: "nobody-waits",
            sentence: "No process waits for the critical section",
            source: "Lamport 1978, condition III",
            scope: Scope::Eventually,
            check: nobody_waits,
        },
    ]
}

fn broken(why: String, nodes: &[NodeId]) -> Standing {
    Err(Evidence { why, nodes: nodes.to_vec() })
}

fn processes<'l, 'w>(lens: View<'l, 'w>) -> impl Iterator<Item = (NodeId, &'w Process)> + 'l {
    lens.up().map(|(id, LamportClocks(process))| (id, process))
}

fn clock_condition(lens: View<'_, '_>) -> Standing {
    let Some((sending, receipt)) = lens.witness.backwards else {
        return Ok(());
    };
    let (one, other) = (look::event(sending, lens.cast), look::event(receipt, lens.cast));
    broken(format!("{one} sent a message, and {other} received it"), &[sending.by, receipt.by])
}

fn smaller_yet_concurrent(lens: View<'_, '_>) -> Standing {
    match lens.witness.concurrent {
        Some(_) => Ok(()),
        None => broken("of all events so far one of each two happened before the other".to_owned(), &[]),
    }
}

/// K10a.
fn exclusion(lens: View<'_, '_>) -> Standing {
    let inside: Vec<NodeId> =
        processes(lens).filter(|(_, process)| process.is_inside()).map(|(id, _)| id).collect();
    if inside.len() <= 1 {
        return Ok(());
    }
    let names: Vec<&str> = inside.iter().map(|&id| lens.name(id)).collect();
    broken(format!("{} are in the critical section at once", names.join(" and ")), &inside)
}

fn queues_agree(lens: View<'_, '_>) -> Standing {
    if !lens.quiet || lens.params.algorithm != Algorithm::Lamport {
        return Ok(());
    }
    let mut all = processes(lens);
    let Some((first, process)) = all.next() else {
        return Ok(());
    };
    match all.find(|(_, other)| other.queue != process.queue) {
        None => Ok(()),
        Some((other, _)) => {
            let why = format!(
                "nothing is in flight, and {} and {} have different queues",
                lens.name(first),
                lens.name(other)
            );
            broken(why, &[first, other])
        }
    }
}

fn nobody_waits(lens: View<'_, '_>) -> Standing {
    let waits = |process: &Process| process.want.is_some_and(|want| !want.inside);
    match processes(lens).find(|(_, process)| waits(process)) {
        None => Ok(()),
        Some((id, _)) => broken(format!("{} waits for the critical section", lens.name(id)), &[id]),
    }
}
