//! Judges a register as operations begin and end, in time linear in the number of writes an operation.

use std::rc::Rc;

use faultline_model::{NodeId, OpId, SortedMap};
use serde::Serialize;

use super::{Call, Done, Op, Ret};

/// Decides from what clients asked and got, in the order in which it happened, whether it can have been
/// one register.
///
/// **Order.** The microseconds of a history cannot tell what came first: a search does many things at one
/// instant. So operations are numbered by *epochs*: a new one begins with the first invocation after a
/// return. One operation ended before another began exactly if it returned in an earlier epoch than that
/// in which the other was invoked. Nothing more about their order is kept, as nothing more matters.
///
/// **Linearizability** (Herlihy and Wing 1990 §2) **of a register whose written values are unique.** Then
/// it is known of each read which write it read from (the first value counts as written before
/// everything). Call a write and the reads of its value a *cluster*. In every legal sequence a write is
/// followed by its reads and then by the next write: clusters stand one behind the other. For a cluster
/// C let `end(C)` be the earliest end of an operation of C, and `start(C)` the latest beginning of one; C
/// must stand before D if `end(C) < start(D)`, for then some operation of C ended before some of D began.
///
/// The history is linearizable exactly if (1) no read ended before its write began and (2) no two
/// clusters must each stand before the other. Both are necessary. They suffice: with (2), the relation
/// "must stand before" has no cycle at all. For take a shortest one, C₁ … Cₖ with k ≥ 3. It has no
/// shortcut, so C₁ need not stand before C₃ (if k = 3, by (2)): start(C₃) ≤ end(C₁). But C₂ must stand
/// before C₃: end(C₂) < start(C₃). So end(C₂) < end(C₁), and likewise all round the cycle, which cannot
/// be. Hence the clusters can be sorted; within each the write comes first and its reads follow in the
/// order of their beginnings, which (1) allows. (This is the case of a known read mapping in Gibbons
/// and Korach, *Testing Shared Memories*, SIAM J. Comput. 26, 1997.)
///
/// Clusters only grow, `end` only falls and `start` only rises, so it is enough to compare, when an
/// operation returns, its own cluster with the others. A write that nobody has read and that has not
/// returned has no end, and need not stand before anything.
///
/// **Values written twice.** A read of a value for which two writes have begun says nothing about which
/// it read from, and is left out. To leave out a read keeps a linearizable history linearizable, so what
/// is called a violation is one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Judge(Rc<Facts>);

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
struct Facts {
    /// The present epoch, from 0.
    epoch: u32,
    /// Whether an operation has returned in it.
    returned: bool,
    /// Operations that have begun and not ended, with the epoch in which they began.
    open: SortedMap<OpId, Open>,
    /// The value before the first write.
    first: Cluster,
    /// The writes in the order in which they began.
    writes: Vec<Cluster>,
    stale: Option<Stale>,
    inverted: Option<Stale>,
    not_one: Option<NotOne>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
struct Open {
    /// The place of its write; `None` of a read.
    write: Option<u32>,
    invoked: u32,
}

impl Default for Facts {
    fn default() -> Facts {
        // Operations begin in epoch 1: what was there at first was written before.
        let first = Cluster { value: None, invoked: 0, returned: Some(0), read: None, start: 0 };
        Facts {
            epoch: 0,
            returned: true,
            open: SortedMap::new(),
            first,
            writes: vec![],
            stale: None,
            inverted: None,
            not_one: None,
        }
    }
}

/// A write and the reads of its value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
struct Cluster {
    value: Option<Rc<str>>,
    /// In which epoch the write began.
    invoked: u32,
    /// In which it ended.
    returned: Option<u32>,
    /// In which the first of its reads ended.
    read: Option<u32>,
    /// In which the last of its operations began.
    start: u32,
}

impl Cluster {
    /// In which epoch the first of its operations ended.
    fn end(&self) -> Option<u32> {
        // `None`, which stands for never, would be the least.
        [self.returned, self.read].into_iter().flatten().min()
    }

    fn must_precede(&self, other: &Cluster) -> bool {
        self.end().is_some_and(|end| end < other.start)
    }

    /// Whether the write had ended when `other`'s began.
    fn is_older_than(&self, other: &Cluster) -> bool {
        self.returned.is_some_and(|returned| returned < other.invoked)
    }
}

/// A read that returned an older value than it could have.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Stale {
    /// Who read.
    pub reader: NodeId,
    /// What was returned.
    pub value: Option<Rc<str>>,
    /// The later value that had been acknowledged, or read, before the read began.
    pub newer: Option<Rc<str>>,
}

/// Why no order explains the operations.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum NotOne {
    /// A value was read before anybody had begun to write it.
    Unwritten {
        /// Who read it.
        reader: NodeId,
        /// It.
        value: Option<Rc<str>>,
    },
    /// Operations on one value must come before those on the other, and the other way round.
    Both {
        /// Whose operation completed the contradiction.
        client: NodeId,
        /// The value that it wrote or read.
        value: Option<Rc<str>>,
        /// The other.
        other: Option<Rc<str>>,
    },
}

impl Judge {
    /// Notes what a client has taken on and answered; called after every event at it. Who answers one
    /// operation and takes on another in the same event has answered first.
    pub fn note<'a>(
        &mut self,
        client: NodeId,
        calls: impl IntoIterator<Item = &'a Call>,
        last: Option<&Done>,
    ) {
        if let Some(done) = last
            && self.0.open.contains_key(&done.id)
        {
            self.returned(client, done.id, &done.ret);
        }
        for call in calls {
            // Operations are numbered as they are invoked, and end only here.
            if !self.0.open.contains_key(&call.id) {
                self.invoked(call.id, &call.op);
            }
        }
    }

    /// Whether [`Judge::note`] would note anything.
    pub fn is_news<'a>(&self, calls: impl IntoIterator<Item = &'a Call>, last: Option<&Done>) -> bool {
        last.is_some_and(|done| self.0.open.contains_key(&done.id))
            || calls.into_iter().any(|call| !self.0.open.contains_key(&call.id))
    }

    /// An operation begins.
    pub fn invoked(&mut self, id: OpId, op: &Op) {
        let facts = Rc::make_mut(&mut self.0);
        if facts.returned {
            facts.epoch += 1;
            facts.returned = false;
        }
        let invoked = facts.epoch;
        let write = match op {
            Op::Read => None,
            Op::Write(value) => {
                let value = Some(Rc::clone(value));
                facts.writes.push(Cluster { value, invoked, returned: None, read: None, start: invoked });
                Some(facts.writes.len() as u32 - 1)
            }
        };
        facts.open.insert(id, Open { write, invoked });
    }

    /// An operation that has begun ends.
    pub fn returned(&mut self, client: NodeId, id: OpId, ret: &Ret) {
        let facts = Rc::make_mut(&mut self.0);
        let Some(open) = facts.open.remove(&id) else {
            return;
        };
        facts.returned = true;
        match (ret, open.write) {
            (Ret::Ok, Some(place)) => {
                facts.writes[place as usize].returned = Some(facts.epoch);
                facts.compare(client, Some(place as usize));
            }
            (Ret::Value(value), None) => facts.read(client, value.as_ref(), open.invoked),
            // Refused: it did not take effect, so it is as if it went on for ever.
            _ => {}
        }
    }

    /// The first read that returned an older value than one acknowledged before it began. Of writes that
    /// overlap neither is older.
    pub fn stale(&self) -> Option<&Stale> {
        self.0.stale.as_ref()
    }

    /// The first read that returned an older value than a read that had ended before it began.
    pub fn inverted(&self) -> Option<&Stale> {
        self.0.inverted.as_ref()
    }

    /// Why this cannot have been one register, once it cannot.
    pub fn not_one(&self) -> Option<&NotOne> {
        self.0.not_one.as_ref()
    }
}

impl Facts {
    fn cluster(&self, place: Option<usize>) -> &Cluster {
        place.map_or(&self.first, |place| &self.writes[place])
    }

    /// A read that began in epoch `invoked` ends now.
    fn read(&mut self, client: NodeId, value: Option<&Rc<str>>, invoked: u32) {
        let place = match value {
            None => None,
            Some(_) => {
                let mut of_value = (0..self.writes.len()).filter(|&i| self.writes[i].value.as_ref() == value);
                let Some(place) = of_value.next() else {
                    let value = value.cloned();
                    self.not_one.get_or_insert(NotOne::Unwritten { reader: client, value });
                    return;
                };
                if of_value.next().is_some() {
                    return;
                }
                Some(place)
            }
        };
        let stale = self.newer(place, |other| other.returned.is_some_and(|end| end < invoked));
        let inverted = self.newer(place, |other| other.read.is_some_and(|end| end < invoked));
        let say = |newer: Option<Rc<str>>| Stale { reader: client, value: value.cloned(), newer };
        if self.stale.is_none() {
            self.stale = stale.map(say);
        }
        if self.inverted.is_none() {
            self.inverted = inverted.map(say);
        }
        let epoch = self.epoch;
        let cluster = match place {
            None => &mut self.first,
            Some(place) => &mut self.writes[place],
        };
        cluster.start = cluster.start.max(invoked);
        cluster.read = Some(cluster.read.map_or(epoch, |read| read.min(epoch)));
        self.compare(client, place);
    }

    /// The first value later than that of `place` among those that are `known`.
    fn newer(&self, place: Option<usize>, known: impl Fn(&Cluster) -> bool) -> Option<Option<Rc<str>>> {
        let this = self.cluster(place);
        let newer = |other: &&Cluster| known(other) && this.is_older_than(other);
        self.writes.iter().find(newer).map(|other| other.value.clone())
    }

    /// Compares the cluster that has just grown with all others.
    fn compare(&mut self, client: NodeId, place: Option<usize>) {
        if self.not_one.is_some() {
            return;
        }
        let this = self.cluster(place);
        let others = std::iter::once((None, &self.first));
        let others = others.chain(self.writes.iter().enumerate().map(|(i, write)| (Some(i), write)));
        let clash = others
            .filter(|&(other, _)| other != place)
            .find(|(_, other)| this.must_precede(other) && other.must_precede(this));
        if let Some((_, other)) = clash {
            let (value, other) = (this.value.clone(), other.value.clone());
            self.not_one = Some(NotOne::Both { client, value, other });
        }
    }
}
