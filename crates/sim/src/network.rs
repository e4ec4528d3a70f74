//! Links and the messages on them. What becomes of a message is compiled once; payloads are per protocol.

mod hashes;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use faultline_model::{
    Bandwidth, Chance, Draw, Habitat, Latency, MsgId, NodeId, Protocol, Purpose, Span, Time, sort,
};

use crate::Tree;
use crate::event::Loss;

const LATENCY: Purpose = Purpose::new("latency");
const LOSS: Purpose = Purpose::new("loss");
const DUPLICATION: Purpose = Purpose::new("duplication");
const SECOND_LATENCY: Purpose = Purpose::new("latency of a duplicate");

/// What a learner has changed about one directed link.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LinkState {
    pub cut: bool,
    pub loss: Option<Chance>,
    pub duplication: Option<Chance>,
    pub fifo: Option<bool>,
    pub latency: Option<Latency>,
    pub bandwidth: Option<Bandwidth>,
    /// Nothing on it arrives.
    pub held: bool,
    /// The kinds of messages that are dropped on it, in the order of the alphabet.
    pub dropped: Vec<String>,
}

/// A link that nobody has changed.
static UNCHANGED: LinkState = LinkState {
    cut: false,
    loss: None,
    duplication: None,
    fifo: None,
    latency: None,
    bandwidth: None,
    held: false,
    dropped: vec![],
};

impl LinkState {
    /// Whether messages of that kind are dropped on it.
    pub fn drops(&self, kind: &str) -> bool {
        self.dropped.iter().any(|dropped| dropped.eq_ignore_ascii_case(kind))
    }
}

/// What the network asks about a message that is sent, as far as it makes a difference on that link.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cargo {
    /// Its size; asked only where the bandwidth is limited.
    pub bytes: u32,
    /// Whether its kind is dropped on the link.
    pub dropped: bool,
}

/// Ethernet II 14, IPv4 20 (RFC 791) and TCP with timestamps 32 (RFC 9293, RFC 7323), bytes.
const HEADERS: u32 = 66;

/// How many bytes a message takes on the wire.
pub(crate) fn bytes_of<P: Protocol>(msg: &P::Msg) -> u32 {
    P::size(msg).unwrap_or_else(|| Tree::of(msg).bytes().saturating_add(HEADERS))
}

/// What a directed link has carried so far; kept by its sender.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Carried {
    /// How many messages were sent on it: the ordinal of the next draw.
    pub count: u32,
    /// When the last of them is due, for links that keep order.
    pub last_due: Time,
    /// When the last bit of them has left the sender, for links of limited bandwidth.
    pub free_at: Time,
}

/// A message in flight, without its payload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flight {
    pub msg: MsgId,
    pub from: NodeId,
    pub to: NodeId,
    /// Which message of its link it is.
    pub ordinal: u32,
    pub sent_at: Time,
    pub due: Time,
    /// The number of the event that sent it.
    pub cause: u32,
    /// How long it queued, or will queue, behind others before it leaves its sender, microseconds.
    pub queued: u32,
    /// Decided when it was sent: it dies on the way.
    pub doomed: Option<Loss>,
    /// Whether its sender lied.
    pub lie: bool,
}

impl Flight {
    /// Until when it queues behind others at its sender, if it had to.
    pub fn queued_until(&self) -> Option<Time> {
        (self.queued > 0).then(|| self.sent_at + Span(self.queued.into()))
    }
}

/// What becomes of one message at the moment it is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fate {
    pub due: Time,
    pub doomed: Option<Loss>,
    /// How long it waits behind others until the link takes it.
    pub queued: Span,
    /// A second copy arrives then.
    pub twin: Option<Time>,
}

/// All links.
#[derive(Clone, Debug, Default)]
pub(crate) struct Links {
    /// Only links that somebody has changed.
    changed: Rc<BTreeMap<(NodeId, NodeId), LinkState>>,
}

impl Links {
    #[inline]
    pub fn get(&self, from: NodeId, to: NodeId) -> &LinkState {
        if self.changed.is_empty() {
            return &UNCHANGED;
        }
        self.changed.get(&(from, to)).unwrap_or(&UNCHANGED)
    }

    pub fn is_cut(&self, from: NodeId, to: NodeId) -> bool {
        self.get(from, to).cut
    }

    /// Whether nothing has been changed since these were copied from the others. That nothing differs
    /// is not found out by looking at every link.
    pub fn same(&self, other: &Links) -> bool {
        Rc::ptr_eq(&self.changed, &other.changed)
    }

    pub fn any_cut(&self) -> bool {
        self.changed.values().any(|link| link.cut)
    }

    /// Whether something keeps messages from arriving on any link: it is cut, held, or drops some.
    pub fn any_blocked(&self) -> bool {
        self.changed.values().any(|link| link.cut || link.held || !link.dropped.is_empty())
    }

    pub fn changed(&self) -> impl Iterator<Item = (NodeId, NodeId)> + '_ {
        self.changed.keys().copied()
    }

    pub fn change(&mut self, from: NodeId, to: NodeId, change: &mut dyn FnMut(&mut LinkState)) {
        let links = Rc::make_mut(&mut self.changed);
        let link = links.entry((from, to)).or_insert_with(|| UNCHANGED.clone());
        change(link);
        if *link == UNCHANGED {
            links.remove(&(from, to));
        }
    }

    pub fn heal_all(&mut self) {
        let links = Rc::make_mut(&mut self.changed);
        links.values_mut().for_each(|link| link.cut = false);
        links.retain(|_, link| *link != UNCHANGED);
    }

    /// Decides a message's fate. Every draw is keyed by the link and the message's ordinal on it.
    #[inline]
    pub fn fate(
        &self,
        (from, to): (NodeId, NodeId),
        cargo: Cargo,
        habitat: &Habitat,
        seed: u64,
        now: Time,
        carried: &mut Carried,
    ) -> Fate {
        let ordinal = u64::from(carried.count);
        carried.count += 1;
        let link = self.get(from, to);
        let place = u64::from(from.0) << 16 | u64::from(to.0);
        let draw = |purpose| Draw::new(seed, purpose, place, ordinal);
        let latency = link.latency.unwrap_or(habitat.latency).draw(&mut draw(LATENCY));
        let loss = link.loss.unwrap_or(habitat.loss);
        let lost = loss.0 > 0 && draw(LOSS).chance(loss.0);
        // What is sent queues for the link's bandwidth, whatever becomes of it then.
        let bandwidth = link.bandwidth.unwrap_or(habitat.bandwidth);
        let queued = carried.free_at.since(now);
        let now = now + queued + bandwidth.time_for(cargo.bytes);
        carried.free_at = if bandwidth.is_limited() { now } else { carried.free_at };
        let doomed = if link.cut {
            Some(Loss::Cut)
        } else if cargo.dropped {
            Some(Loss::Alike)
        } else if lost {
            Some(Loss::Chance)
        } else {
            None
        };
        if doomed.is_some() {
            // It dies midway, where the stage can show it.
            return Fate { due: now + Span(latency.0 / 2), doomed, queued, twin: None };
        }
        let mut due = now + latency;
        let fifo = link.fifo.unwrap_or(habitat.fifo);
        if fifo {
            due = due.max(carried.last_due);
            carried.last_due = due;
        }
        let duplication = link.duplication.unwrap_or(habitat.duplication);
        let twice = duplication.0 > 0 && draw(DUPLICATION).chance(duplication.0);
        let twin = twice.then(|| {
            let latency = link.latency.unwrap_or(habitat.latency).draw(&mut draw(SECOND_LATENCY));
            if !fifo {
                return now + latency;
            }
            // On a link that keeps order the copy overtakes nothing, and nothing overtakes it.
            carried.last_due = due.max(now + latency);
            carried.last_due
        });
        Fate { due, doomed, queued, twin }
    }
}

/// Messages in flight in a slab of reusable slots; a free one is `None`.
///
/// A message is shared between forks until it changes: a search keeps thousands of them, and most of what
/// is in flight in one is in flight in the next.
#[derive(Debug)]
pub(crate) struct Flights<M> {
    slots: Vec<Option<Rc<Carriage<M>>>>,
    free: Vec<u32>,
}

/// A message in flight, and what a search remembers of it.
#[derive(Clone, Debug)]
struct Carriage<M> {
    header: Flight,
    payload: M,
    /// Under which names the message was last hashed, and its hash; the names are 0 as long as nobody has
    /// asked for it.
    hash: Cell<(u64, u64)>,
    /// Its hash among messages of interchangeable nodes, 0 as long as nobody has asked for it.
    look: Cell<u64>,
}

impl<M> Carriage<M> {
    fn new(header: Flight, payload: M) -> Carriage<M> {
        Carriage { header, payload, hash: Cell::new((0, 0)), look: Cell::new(0) }
    }
}

impl<M> Clone for Flights<M> {
    fn clone(&self) -> Flights<M> {
        Flights { slots: self.slots.clone(), free: self.free.clone() }
    }

    fn clone_from(&mut self, source: &Flights<M>) {
        self.slots.clone_from(&source.slots);
        self.free.clone_from(&source.free);
    }
}

impl<M> Default for Flights<M> {
    fn default() -> Self {
        Flights { slots: vec![], free: vec![] }
    }
}

impl<M: Clone> Flights<M> {
    #[inline]
    pub fn insert(&mut self, header: Flight, payload: M) -> u32 {
        let carriage = Rc::new(Carriage::new(header, payload));
        match self.free.pop() {
            Some(slot) => {
                self.slots[slot as usize] = Some(carriage);
                slot
            }
            None => {
                self.slots.push(Some(carriage));
                (self.slots.len() - 1) as u32
            }
        }
    }

    /// Takes a message out of flight. The slot must be occupied.
    #[inline]
    pub fn take(&mut self, slot: u32) -> (Flight, M) {
        let carriage = self.slots[slot as usize].take().expect("an occupied slot");
        self.free.push(slot);
        let Carriage { header, payload, .. } = Rc::unwrap_or_clone(carriage);
        (header, payload)
    }

    pub fn header_mut(&mut self, slot: u32) -> &mut Flight {
        &mut Rc::make_mut(self.slots[slot as usize].as_mut().expect("an occupied slot")).header
    }

    /// Changes the headers of the messages of which that holds.
    pub fn change_if(&mut self, holds: impl Fn(&Flight, &M) -> bool, change: impl Fn(&mut Flight)) {
        let wanted = |carriage: &&mut Rc<Carriage<M>>| holds(&carriage.header, &carriage.payload);
        self.slots
            .iter_mut()
            .flatten()
            .filter(wanted)
            .for_each(|carriage| change(&mut Rc::make_mut(carriage).header));
    }

    /// The messages sent after that one were lies.
    pub fn mark_lies(&mut self, after: u32) {
        self.change_if(|header, _| header.msg.0 > after, |header| header.lie = true);
    }
}

impl<M> Flights<M> {
    fn carriages(&self) -> impl Iterator<Item = &Carriage<M>> {
        self.slots.iter().flatten().map(|carriage| &**carriage)
    }

    fn get(&self, slot: u32) -> Option<&Carriage<M>> {
        self.slots.get(slot as usize)?.as_deref()
    }

    #[inline]
    pub fn occupied(&self, slot: u32) -> Option<&Flight> {
        self.get(slot).map(|carriage| &carriage.header)
    }

    pub fn find(&self, msg: MsgId) -> Option<u32> {
        let is_it = |slot: &Option<Rc<Carriage<M>>>| slot.as_ref().is_some_and(|it| it.header.msg == msg);
        self.slots.iter().position(is_it).map(|slot| slot as u32)
    }

    /// All messages in flight with their slots, in no particular order.
    pub fn places(&self, mut visit: impl FnMut(u32, &Flight)) {
        for (slot, carriage) in (0..).zip(&self.slots) {
            if let Some(carriage) = carriage {
                visit(slot, &carriage.header);
            }
        }
    }

    pub fn payload(&self, slot: u32) -> Option<&M> {
        self.get(slot).map(|carriage| &carriage.payload)
    }

    /// All messages in flight, in no particular order.
    pub fn unordered(&self) -> impl Iterator<Item = (&Flight, &M)> {
        self.carriages().map(|carriage| (&carriage.header, &carriage.payload))
    }

    /// Takes away the messages of which that holds.
    pub fn remove_if(&mut self, holds: impl Fn(&Flight, &M) -> bool) {
        for (slot, place) in (0..).zip(&mut self.slots) {
            if place.as_ref().is_some_and(|carriage| holds(&carriage.header, &carriage.payload)) {
                *place = None;
                self.free.push(slot);
            }
        }
    }

    /// All messages in flight with their slots, in the order in which they were sent. Of whatever
    /// protocol they are, they are sorted by the same code.
    pub fn in_order(&self) -> Vec<(MsgId, u32)> {
        let mut all = vec![];
        self.places(|slot, header| all.push((header.msg, slot)));
        sort(&mut all);
        all
    }

    /// All messages in flight, in the order in which they were sent.
    pub fn iter(&self) -> impl Iterator<Item = (&Flight, &M)> {
        let in_order = self.in_order().into_iter().filter_map(|(_, slot)| self.get(slot));
        in_order.map(|carriage| (&carriage.header, &carriage.payload))
    }

    pub fn is_empty(&self) -> bool {
        self.free.len() == self.slots.len()
    }
}
