//! One node as the simulator keeps it: its state, and everything around it that is not the protocol's.

use std::cell::Cell;
use std::collections::VecDeque;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::rc::Rc;

use faultline_model::{Clock, Effect, Lie, NodeId, OpId, Protocol, Renaming, Span, StableHasher, Time};

use crate::disks::DiskState;
use crate::network::{Carried, Flight};

/// Whether a node runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    Up,
    Paused,
    Down,
    /// Gone for good.
    Left,
}

/// A running timer.
#[derive(Clone, Debug)]
pub(crate) struct Armed<T> {
    pub timer: T,
    pub armed_at: Time,
    pub due: Time,
    /// Which arming at this node it is.
    pub arming: u32,
    /// The number of the event that armed it.
    pub cause: u32,
}

/// A write that is not yet on disk, and what waits for it.
#[derive(Clone, Debug)]
pub(crate) struct Write<P: Protocol> {
    pub durable: P::Durable,
    /// When it is on disk; `None` while it waits for room.
    pub due: Option<Time>,
    /// The number of the event that asked for it.
    pub cause: u32,
    pub then: Vec<Effect<P>>,
}

/// Something that arrived while the node was busy or paused.
#[derive(Clone, Debug)]
pub(crate) enum Input<P: Protocol> {
    Message(Flight, P::Msg),
    Timer(P::Timer, u32),
    Request(OpId, P::Op),
}

/// How a node's clock was last corrected by another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Synced {
    pub with: NodeId,
    /// As the node's own clock measured it.
    pub round_trip: Span,
    /// By how many microseconds the clock was corrected.
    pub by: i64,
    /// How often the clock has been corrected in this run.
    pub count: u32,
}

/// One node.
#[derive(Clone, Debug)]
pub(crate) struct Slot<P: Protocol> {
    /// The protocol's state; of a node that is down, as it was.
    pub state: P,
    pub health: Health,
    pub clock: Clock,
    pub timers: Vec<Armed<P::Timer>>,
    /// How many timers were armed here so far.
    pub armings: u32,
    /// What has reached the disk.
    pub disk: Option<Rc<P::Durable>>,
    /// How the disk differs from the usual one.
    pub disk_state: DiskState,
    /// Records of the disk that were damaged since it was last read, by the ordinals of the draws.
    pub damaged: Vec<u32>,
    /// How many records were damaged in this run.
    pub damages: u32,
    pub synced: Option<Synced>,
    /// Writes on their way, in the order in which they were asked for.
    pub writing: VecDeque<Write<P>>,
    pub inbox: VecDeque<Input<P>>,
    pub busy_until: Time,
    pub take_due: Option<Time>,
    /// Per cent of the usual time that work takes.
    pub slow: u32,
    /// The lie that it tells.
    pub lie: Option<&'static Lie>,
    /// Random values drawn so far.
    pub picks: u64,
    /// What each outgoing link has carried, by receiver, as far as it has carried anything: of a thousand
    /// nodes each talks to a few.
    pub carried: Vec<(NodeId, Carried)>,
}

impl<P: Protocol> Slot<P> {
    pub fn new(state: P, disk: Option<P::Durable>) -> Slot<P> {
        Slot {
            state,
            health: Health::Up,
            clock: Clock::default(),
            timers: vec![],
            armings: 0,
            disk: disk.map(Rc::new),
            disk_state: DiskState::default(),
            damaged: vec![],
            damages: 0,
            synced: None,
            writing: VecDeque::new(),
            inbox: VecDeque::new(),
            busy_until: Time::ZERO,
            take_due: None,
            slow: 100,
            lie: None,
            picks: 0,
            carried: vec![],
        }
    }

    #[inline]
    pub fn is_up(&self) -> bool {
        !matches!(self.health, Health::Down | Health::Left)
    }

    /// When the next write is on disk; a paused node does not notice.
    #[inline]
    pub fn sync_due(&self) -> Option<Time> {
        self.writing.front().and_then(|write| write.due).filter(|_| self.health == Health::Up)
    }

    /// When a write that is asked for now is on disk, not before those asked for earlier; `None` when
    /// there is no room for it. `usual` is how long a write takes on the usual disk.
    #[inline]
    pub fn when_written(&self, now: Time, usual: Span) -> Option<Time> {
        let before = self.writing.iter().rev().find_map(|write| write.due);
        let due = now + self.disk_state.takes(usual);
        (!self.disk_state.full).then(|| before.map_or(due, |before| due.max(before)))
    }

    /// Whether an input must wait in the inbox.
    #[inline]
    pub fn must_wait(&self, now: Time) -> bool {
        self.health == Health::Paused || self.busy_until > now || !self.inbox.is_empty()
    }

    #[inline]
    pub fn carried(&mut self, to: NodeId) -> &mut Carried {
        let place = self.carried.binary_search_by_key(&to, |(receiver, _)| *receiver);
        let place = place.unwrap_or_else(|place| {
            self.carried.insert(place, (to, Carried::default()));
            place
        });
        &mut self.carried[place].1
    }

    /// Memory, timers, inbox and unfinished writes are gone.
    pub fn crash(&mut self) {
        self.health = Health::Down;
        self.timers.clear();
        self.inbox.clear();
        self.writing.clear();
        self.take_due = None;
        self.busy_until = Time::ZERO;
    }

    /// A timer that ran out while the node was busy or paused is no longer waited for: it was stopped or
    /// started anew.
    #[inline]
    pub fn withdraw(&mut self, timer: &P::Timer) {
        if self.inbox.is_empty() {
            return;
        }
        self.inbox.retain(|input| !matches!(input, Input::Timer(waiting, _) if waiting == timer));
        if self.inbox.is_empty() {
            self.take_due = None;
        }
    }

    /// How long work takes here.
    pub fn slowed(&self, work: Span) -> Span {
        Span(work.0.saturating_mul(u64::from(self.slow)) / 100)
    }
}

/// A node shared between forks until it changes, with the hash of its state remembered meanwhile.
#[derive(Clone, Debug)]
pub(crate) struct Held<P: Protocol> {
    slot: Rc<Slot<P>>,
    hash: Cell<Option<u64>>,
    /// Under which other names it was last hashed, and the hash; the names are 0 as long as it was not.
    renamed: Cell<(u64, u64)>,
    /// Its look among interchangeable nodes.
    look: Cell<Option<u64>>,
}

impl<P: Protocol> Held<P> {
    pub fn new(slot: Slot<P>) -> Held<P> {
        Held { slot: Rc::new(slot), hash: Cell::new(None), renamed: Cell::new((0, 0)), look: Cell::new(None) }
    }

    /// Forgets the hashes that are remembered.
    #[inline]
    pub fn forget(&mut self) {
        self.hash.set(None);
        self.renamed.set((0, 0));
        self.look.set(None);
    }

    /// The node, to be changed: copied first if a fork shares it.
    #[inline]
    pub fn change(&mut self) -> &mut Slot<P> {
        self.forget();
        Rc::make_mut(&mut self.slot)
    }

    /// The hash of everything here that can make a difference later, computed once until it changes.
    pub fn fingerprint(&self) -> u64 {
        if let Some(hash) = self.hash.get() {
            return hash;
        }
        let hash = self.slot.fingerprint();
        self.hash.set(Some(hash));
        hash
    }

    /// The same under other names, which `key` tells from others.
    pub fn renamed(&self, names: &Renaming, key: u64) -> u64 {
        let (known, hash) = self.renamed.get();
        if known == key {
            return hash;
        }
        let hash = self.slot.renamed(names);
        self.renamed.set((key, hash));
        hash
    }

    /// The hash by which interchangeable nodes are ordered, computed once until it changes.
    pub fn look(&self, compute: impl FnOnce(&Slot<P>) -> u64) -> u64 {
        let look = self.look.get().unwrap_or_else(|| compute(&self.slot));
        self.look.set(Some(look));
        look
    }
}

impl<P: Protocol> Deref for Held<P> {
    type Target = Slot<P>;
    #[inline]
    fn deref(&self) -> &Slot<P> {
        &self.slot
    }
}

impl<P: Protocol> Slot<P> {
    /// Leaves out what only says when (times, ordinals, ids): two nodes with the same fingerprint can
    /// do the same from here on, in some order.
    fn fingerprint(&self) -> u64 {
        let mut hasher = StableHasher::new();
        self.state.hash(&mut hasher);
        hasher.word(self.health as u64);
        self.disk.hash(&mut hasher);
        for write in &self.writing {
            write.durable.hash(&mut hasher);
            write.then.hash(&mut hasher);
        }
        for input in &self.inbox {
            match input {
                Input::Message(flight, payload) => (flight.from, payload).hash(&mut hasher),
                Input::Timer(timer, _) => timer.hash(&mut hasher),
                Input::Request(id, op) => (id, op).hash(&mut hasher),
            }
        }
        // In which order timers were armed makes no difference.
        let timer = |armed: &Armed<P::Timer>| {
            let mut hasher = StableHasher::new();
            armed.timer.hash(&mut hasher);
            hasher.finish()
        };
        hasher.word(self.timers.iter().map(timer).fold(0, u64::wrapping_add));
        self.hash_surroundings(&mut hasher);
        hasher.finish()
    }

    /// Everything else that can make a difference later and names no node.
    pub(crate) fn hash_surroundings(&self, hasher: &mut StableHasher) {
        if self.disk_state.full {
            // Which writes still get through, and which wait for room.
            hasher.word(self.writing.iter().filter(|write| write.due.is_none()).count() as u64);
        }
        if !self.damaged.is_empty() {
            self.damaged.hash(hasher);
        }
        self.clock.hash(hasher);
        hasher.word(u64::from(self.slow));
        if let Some(lie) = self.lie {
            lie.id.hash(hasher);
        }
    }
}
