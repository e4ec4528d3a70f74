//! Links and the messages on them. Compiled once: payloads are kept beside it, per protocol.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use faultline_model::{Chance, Draw, Habitat, Latency, MsgId, NodeId, Purpose, Span, Time};

use crate::event::Loss;

const LATENCY: Purpose = Purpose::new("latency");
const LOSS: Purpose = Purpose::new("loss");
const DUPLICATION: Purpose = Purpose::new("duplication");
const SECOND_LATENCY: Purpose = Purpose::new("latency of a duplicate");

/// What a learner has changed about one directed link.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct LinkState {
    pub cut: bool,
    pub loss: Option<Chance>,
    pub latency: Option<Latency>,
}

/// What a directed link has carried so far; kept by its sender.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Carried {
    /// How many messages were sent on it: the ordinal of the next draw.
    pub count: u32,
    /// When the last of them is due, for links that keep order.
    pub last_due: Time,
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
    /// Decided when it was sent: it dies on the way.
    pub doomed: Option<Loss>,
}

/// What becomes of one message at the moment it is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fate {
    pub due: Time,
    pub doomed: Option<Loss>,
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
    pub fn get(&self, from: NodeId, to: NodeId) -> LinkState {
        if self.changed.is_empty() {
            return LinkState::default();
        }
        self.changed.get(&(from, to)).copied().unwrap_or_default()
    }

    pub fn is_cut(&self, from: NodeId, to: NodeId) -> bool {
        self.get(from, to).cut
    }

    pub fn any_cut(&self) -> bool {
        self.changed.values().any(|link| link.cut)
    }

    pub fn changed(&self) -> impl Iterator<Item = (NodeId, NodeId)> + '_ {
        self.changed.keys().copied()
    }

    pub fn change(&mut self, from: NodeId, to: NodeId, change: impl FnOnce(&mut LinkState)) {
        let links = Rc::make_mut(&mut self.changed);
        let link = links.entry((from, to)).or_default();
        change(link);
        if *link == LinkState::default() {
            links.remove(&(from, to));
        }
    }

    pub fn heal_all(&mut self) {
        let links = Rc::make_mut(&mut self.changed);
        links.values_mut().for_each(|link| link.cut = false);
        links.retain(|_, link| *link != LinkState::default());
    }

    /// Decides a message's fate. Every draw is keyed by the link and the message's ordinal on it.
    #[inline]
    pub fn fate(
        &self,
        (from, to): (NodeId, NodeId),
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
        let doomed = if link.cut {
            Some(Loss::Cut)
        } else if lost {
            Some(Loss::Chance)
        } else {
            None
        };
        if doomed.is_some() {
            // It dies midway, where the stage can show it.
            return Fate { due: now + Span(latency.0 / 2), doomed, twin: None };
        }
        let mut due = now + latency;
        if habitat.fifo {
            due = due.max(carried.last_due);
            carried.last_due = due;
        }
        let twice = habitat.duplication.0 > 0 && draw(DUPLICATION).chance(habitat.duplication.0);
        let twin = twice.then(|| {
            let latency = link.latency.unwrap_or(habitat.latency).draw(&mut draw(SECOND_LATENCY));
            // The copy cannot overtake the original on a link that keeps order.
            if habitat.fifo { due.max(now + latency) } else { now + latency }
        });
        Fate { due, doomed, twin }
    }
}

/// Messages in flight in a slab of reusable slots; payloads stand in a parallel slab.
#[derive(Debug)]
pub(crate) struct Flights<M> {
    headers: Vec<Flight>,
    payloads: Vec<Option<M>>,
    /// The hashes of the messages, 0 of those that have not been asked for.
    hashes: Vec<Cell<u64>>,
    free: Vec<u32>,
}

impl<M: Clone> Clone for Flights<M> {
    fn clone(&self) -> Flights<M> {
        Flights {
            headers: self.headers.clone(),
            payloads: self.payloads.clone(),
            hashes: self.hashes.clone(),
            free: self.free.clone(),
        }
    }

    fn clone_from(&mut self, source: &Flights<M>) {
        self.headers.clone_from(&source.headers);
        self.payloads.clone_from(&source.payloads);
        self.hashes.clone_from(&source.hashes);
        self.free.clone_from(&source.free);
    }
}

impl<M> Default for Flights<M> {
    fn default() -> Self {
        Flights { headers: vec![], payloads: vec![], hashes: vec![], free: vec![] }
    }
}

impl<M> Flights<M> {
    #[inline]
    pub fn insert(&mut self, header: Flight, payload: M) -> u32 {
        match self.free.pop() {
            Some(slot) => {
                self.headers[slot as usize] = header;
                self.payloads[slot as usize] = Some(payload);
                self.hashes[slot as usize].set(0);
                slot
            }
            None => {
                self.headers.push(header);
                self.payloads.push(Some(payload));
                self.hashes.push(Cell::new(0));
                (self.headers.len() - 1) as u32
            }
        }
    }

    /// Takes a message out of flight. The slot must be occupied.
    #[inline]
    pub fn take(&mut self, slot: u32) -> (Flight, M) {
        let payload = self.payloads[slot as usize].take().expect("an occupied slot");
        self.free.push(slot);
        (self.headers[slot as usize], payload)
    }

    #[inline]
    pub fn occupied(&self, slot: u32) -> Option<&Flight> {
        self.payloads.get(slot as usize)?.as_ref()?;
        Some(&self.headers[slot as usize])
    }

    pub fn find(&self, msg: MsgId) -> Option<u32> {
        (0..self.headers.len() as u32)
            .find(|&slot| self.occupied(slot).is_some_and(|flight| flight.msg == msg))
    }

    pub fn header_mut(&mut self, slot: u32) -> &mut Flight {
        &mut self.headers[slot as usize]
    }

    pub fn payload(&self, slot: u32) -> Option<&M> {
        self.payloads.get(slot as usize)?.as_ref()
    }

    /// All messages in flight, in no particular order.
    pub fn unordered(&self) -> impl Iterator<Item = (&Flight, &M)> {
        self.headers.iter().zip(&self.payloads).filter_map(|(h, p)| p.as_ref().map(|p| (h, p)))
    }

    /// Takes away the messages of which that holds.
    pub fn remove_if(&mut self, holds: impl Fn(&Flight, &M) -> bool) {
        for (slot, payload) in self.payloads.iter_mut().enumerate() {
            if payload.as_ref().is_some_and(|payload| holds(&self.headers[slot], payload)) {
                *payload = None;
                self.free.push(slot as u32);
            }
        }
    }

    /// The sum of the messages' hashes; each is computed once and must not be 0.
    pub fn sum_of_hashes(&self, hash: impl Fn(&Flight, &M) -> u64) -> u64 {
        let all = self.headers.iter().zip(&self.payloads).zip(&self.hashes);
        all.filter_map(|((header, payload), known)| {
            let payload = payload.as_ref()?;
            if known.get() == 0 {
                known.set(hash(header, payload));
            }
            Some(known.get())
        })
        .fold(0, u64::wrapping_add)
    }

    /// All messages in flight, in the order in which they were sent.
    pub fn iter(&self) -> impl Iterator<Item = (&Flight, &M)> {
        let mut all: Vec<_> = self.unordered().collect();
        all.sort_unstable_by_key(|(header, _)| header.msg);
        all.into_iter()
    }

    pub fn is_empty(&self) -> bool {
        self.free.len() == self.headers.len()
    }
}
