//! What a search needs of a system: to be copied often, told apart by its hash, and moved by hand only.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use faultline_model::{MsgId, NodeId, Protocol, StableHasher, Time};

use crate::kind::variant_name;
use crate::network::Flight;
use crate::queue::{Due, Queue};
use crate::{Action, Global};

/// A running timer, for a search that heeds the clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alarm {
    /// True time at which it fires by its node's clock.
    pub due: Time,
    /// Whose it is.
    pub node: NodeId,
    /// Which arming, for [`Action::Fire`].
    pub arming: u32,
    /// The name of its kind.
    pub kind: &'static str,
}

impl<P: Protocol> Clone for Global<P> {
    fn clone(&self) -> Global<P> {
        Global {
            setup: Rc::clone(&self.setup),
            slots: self.slots.clone(),
            flights: self.flights.clone(),
            links: self.links.clone(),
            queue: self.queue.clone(),
            by_hand: self.by_hand,
            alike: Rc::clone(&self.alike),
            demand: self.demand.clone(),
            history: self.history.clone(),
            witness: Rc::clone(&self.witness),
            now: self.now,
            events: self.events,
            current: self.current,
            sent: self.sent,
            trace: self.trace,
            last: self.last,
            moved_clock: self.moved_clock,
            measures: self.measures.clone(),
            testimony: self.testimony.clone(),
            outbox: Default::default(),
        }
    }

    /// Keeps the memory that it has.
    fn clone_from(&mut self, source: &Global<P>) {
        let Global {
            setup,
            slots,
            flights,
            links,
            queue,
            by_hand,
            alike,
            demand,
            history,
            witness,
            now,
            events,
            current,
            sent,
            trace,
            last,
            moved_clock,
            measures,
            testimony,
            outbox: _,
        } = source;
        self.setup.clone_from(setup);
        self.slots.clone_from(slots);
        self.flights.clone_from(flights);
        self.links.clone_from(links);
        self.queue.clone_from(queue);
        self.by_hand = *by_hand;
        self.alike.clone_from(alike);
        self.demand.clone_from(demand);
        self.history.clone_from(history);
        self.witness.clone_from(witness);
        self.now = *now;
        self.events = *events;
        self.current = *current;
        self.sent = *sent;
        self.trace = *trace;
        self.last = *last;
        self.moved_clock = *moved_clock;
        self.measures.clone_from(measures);
        self.testimony.clone_from(testimony);
    }
}

impl<P: Protocol> Global<P> {
    /// A copy that is moved by [`Global::apply`] only. It keeps no schedule, so that nothing is ever due
    /// by itself, and no trace, so that its digest says nothing; latencies and chance losses are not
    /// drawn. What can be done to it is the same, under the same ids.
    ///
    /// Messages of which the protocol says that they are moot are taken away, here and after every
    /// action, if writes are on disk at once (what a node holds could else be lost once more).
    pub fn by_hand(&self) -> Global<P> {
        let mut copy = self.clone();
        copy.by_hand = true;
        copy.alike = Rc::default();
        copy.queue = Queue::new();
        copy.demand = Default::default();
        copy.clear_moot();
        copy
    }

    /// Takes away the messages that can make no difference any more.
    pub(crate) fn clear_moot(&mut self) {
        if self.setup.habitat.disk.0 > 0 {
            return;
        }
        let slots = &self.slots;
        self.flights.remove_if(|flight, payload| {
            P::is_moot(payload, flight.from, flight.to, &|node| &slots[node.index()].state)
        });
    }

    /// Notes that something will happen by itself.
    #[inline]
    pub(crate) fn plan(&mut self, due: Due) {
        if !self.by_hand {
            self.queue.push(due);
        }
    }

    /// Folds something into the digest of the trace.
    #[inline]
    pub(crate) fn trace(&mut self, what: &impl Hash) {
        if !self.by_hand {
            what.hash(&mut self.trace);
        }
    }

    /// The messages in flight, in no particular order: their ids, senders and receivers, and what they say.
    pub fn in_flight(&self) -> impl Iterator<Item = (MsgId, NodeId, NodeId, &P::Msg)> {
        self.flights.unordered().map(|(flight, payload)| (flight.msg, flight.from, flight.to, payload))
    }

    /// Adds what can be done without anybody's intervention, in a fixed but arbitrary order.
    pub fn add_enabled(&self, all: &mut Vec<Action>) {
        let moving = self.flights.unordered().filter(|(flight, _)| !self.stands_still(flight));
        all.extend(moving.map(|(flight, _)| Action::Deliver(flight.msg)));
        for ((node, _), slot) in self.setup.cast.iter().zip(&self.slots) {
            all.extend(slot.sync_due().map(|_| Action::Sync(node)));
            all.extend(slot.take_due.map(|_| Action::Take(node)));
            all.extend(slot.timers.iter().map(|timer| Action::Fire(node, timer.arming)));
        }
    }

    /// Adds every running timer, in a fixed but arbitrary order.
    pub fn add_alarms(&self, all: &mut Vec<Alarm>) {
        for ((node, _), slot) in self.setup.cast.iter().zip(&self.slots) {
            all.extend(slot.timers.iter().map(|timer| Alarm {
                due: timer.due,
                node,
                arming: timer.arming,
                kind: variant_name(&timer.timer),
            }));
        }
    }

    /// See [`crate::AnyWorld::tell`].
    pub(crate) fn tell(&self, action: &Action) -> (u64, Option<NodeId>) {
        let mut hasher = StableHasher::new();
        match action {
            Action::Deliver(msg) | Action::Drop(msg) | Action::Duplicate(msg) => {
                let slot = self.flights.find(*msg);
                let Some((flight, payload)) =
                    slot.and_then(|slot| self.flights.occupied(slot).zip(self.flights.payload(slot)))
                else {
                    return (0, None);
                };
                (flight.from, flight.to, payload).hash(&mut hasher);
                (hasher.finish(), matches!(action, Action::Deliver(_)).then_some(flight.to))
            }
            Action::Fire(node, arming) => {
                let timer = self.slots[node.index()].timers.iter().find(|timer| timer.arming == *arming);
                (1, node, timer.map(|armed| &armed.timer)).hash(&mut hasher);
                (hasher.finish(), Some(*node))
            }
            Action::Sync(node) | Action::Take(node) | Action::Crash(node) => {
                (variant_name(action), node).hash(&mut hasher);
                (hasher.finish(), Some(*node))
            }
            other => {
                other.hash(&mut hasher);
                (hasher.finish(), None)
            }
        }
    }

    /// See [`crate::AnyWorld::has_noted_as`].
    pub(crate) fn noted_as(&self, other: &Global<P>) -> bool {
        let noted = |global: &Global<P>| {
            let mut hasher = StableHasher::new();
            global.witness.hash(&mut hasher);
            hasher.finish()
        };
        let same = || Rc::ptr_eq(&self.witness, &other.witness) || noted(self) == noted(other);
        self.history.is_same(&other.history) && (P::notes_in_any_order() || same())
    }

    /// A hash of everything that can make a difference later, without ids and times: a search takes two
    /// moments with the same fingerprint for the same state.
    pub fn fingerprint(&self) -> u64 {
        if !self.alike.is_empty() {
            return self.fingerprint_of_alike();
        }
        let mut hasher = StableHasher::new();
        self.slots.iter().for_each(|slot| hasher.word(slot.fingerprint()));
        let message = |flight: &Flight, payload: &P::Msg| {
            let mut hasher = StableHasher::new();
            (flight.from, flight.to, payload).hash(&mut hasher);
            hasher.finish()
        };
        // Messages in flight are a bag: in which order they were sent makes no difference.
        hasher.word(self.flights.sum_of_hashes(1, message));
        for ends in self.links.changed() {
            let link = self.links.get(ends.0, ends.1);
            (ends, link.cut).hash(&mut hasher);
            if link.held || !link.dropped.is_empty() {
                (link.held, &link.dropped).hash(&mut hasher);
            }
        }
        for record in self.history.iter() {
            record.client.hash(&mut hasher);
            record.op.hash(&mut hasher);
            record.returned.as_ref().map(|(ret, _)| ret).hash(&mut hasher);
        }
        self.hash_real_time(&mut hasher);
        self.witness.hash(&mut hasher);
        hasher.finish()
    }

    /// Of each operation that has ended, how many had begun by then: that is all of real time that anybody
    /// asks for.
    pub(crate) fn hash_real_time(&self, hasher: &mut StableHasher) {
        if !P::heeds_real_time(&self.setup.params) {
            return;
        }
        for ended in self.history.iter().map(|record| record.returned_event) {
            let began = |end: u32| self.history.iter().take_while(|other| other.invoked_event < end).count();
            ended.map(began).hash(hasher);
        }
    }
}
