//! A replica: it keeps every version that no other has replaced.

use faultline_model::{NodeId, OpId, SortedMap, SortedSet, sort_by_key};
use serde::Serialize;

use super::clock::{Clock, Pair};
use super::message::Msg;
use super::{Ctx, rules};

/// One version of the cart.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Version {
    /// What is in it.
    pub items: SortedSet<String>,
    /// Its vector clock.
    pub clock: Clock,
    /// The replica that coordinated the write; with its counter in the clock this is the version's dot.
    pub by: NodeId,
    /// How many of that replica's writes the writer had seen.
    pub seen: u64,
    /// The client's operation that wrote it.
    pub write: OpId,
}

impl Version {
    /// Whether this version was written with knowledge of the other, or is the other.
    fn replaces(&self, other: &Version, dots: bool) -> bool {
        if !dots {
            return other.clock.is_at_most(&self.clock);
        }
        let known = if other.by == self.by { self.seen } else { self.clock.count(other.by) };
        known >= other.clock.count(other.by) || self.write == other.write
    }
}

/// What a replica keeps through a crash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Disk {
    /// How many writes it has coordinated.
    pub counter: u64,
    /// The versions that it keeps.
    pub versions: Vec<Version>,
    /// The last write of each client, so that a second copy of a request is not a new write.
    pub answered: SortedMap<NodeId, OpId>,
}

/// The state of a replica.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Replica {
    /// The versions that it keeps. On disk.
    pub versions: Vec<Version>,
    /// How many writes it has coordinated. On disk.
    pub counter: u64,
    /// The last write of each client. On disk.
    pub answered: SortedMap<NodeId, OpId>,
}

impl Replica {
    pub(super) fn boot(saved: Option<Disk>, cx: &mut Ctx<'_>) -> Replica {
        match saved {
            Some(Disk { counter, versions, answered }) => {
                cx.because(rules::RECOVER);
                Replica { versions, counter, answered }
            }
            None => Replica::default(),
        }
    }

    pub(super) fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        match msg {
            Msg::Get { op } => {
                cx.because(rules::ANSWER);
                cx.flush();
                cx.send(from, Msg::Versions { op, versions: self.versions.clone() });
            }
            Msg::Put { op, items, context } => self.coordinate(from, op, items, context, cx),
            Msg::Replicate { versions } => {
                let before = self.versions.clone();
                versions.into_iter().for_each(|version| self.keep(version, cx));
                cx.because(match self.versions.len() {
                    _ if self.versions == before => rules::OLD,
                    0 | 1 => rules::SUPERSEDE,
                    _ => rules::SIBLING,
                });
                self.save(cx);
            }
            Msg::Versions { .. } | Msg::Stored { .. } => cx.because(rules::REFUSE),
        }
    }

    fn coordinate(
        &mut self,
        client: NodeId,
        op: OpId,
        items: SortedSet<String>,
        context: Clock,
        cx: &mut Ctx<'_>,
    ) {
        let me = cx.me();
        let last = self.answered.entry(client).or_insert(OpId(0));
        if *last >= op {
            // A second copy of the request. A client has one open at a time, so an earlier one is a copy, too.
            cx.because(rules::OLD);
            cx.flush();
            return cx.send(client, Msg::Stored { op, versions: self.versions.clone() });
        }
        *last = op;
        self.counter += 1;
        let seen = context.count(me);
        let mut clock = context;
        clock.0.insert(me, Pair { count: self.counter, at: cx.now() });
        let shortened = clock.truncate(cx.params().most_pairs, me);
        self.keep(Version { items, clock, by: me, seen, write: op }, cx);
        cx.because(if shortened { rules::TRUNCATE } else { rules::COORDINATE });
        self.save(cx);
        cx.broadcast(&Msg::Replicate { versions: self.versions.clone() });
        cx.send(client, Msg::Stored { op, versions: self.versions.clone() });
    }

    /// Keeps a version unless it is an ancestor, in place of its own ancestors.
    fn keep(&mut self, version: Version, cx: &Ctx<'_>) {
        let dots = cx.params().dots;
        if self.versions.iter().any(|other| other.replaces(&version, dots)) {
            return;
        }
        self.versions.retain(|other| !version.replaces(other, dots));
        self.versions.push(version);
        // By coordinator and counter, so that the order of arrival leaves no trace.
        sort_by_key(&mut self.versions, |version| (version.by, version.clock.count(version.by)));
    }

    fn save(&self, cx: &mut Ctx<'_>) {
        let (versions, answered) = (self.versions.clone(), self.answered.clone());
        cx.persist(Disk { counter: self.counter, versions, answered });
    }
}
