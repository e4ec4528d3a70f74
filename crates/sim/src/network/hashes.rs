//! Hashes of the messages in flight, each computed once.

use std::rc::Rc;

use faultline_model::{NodeId, StableHasher};

use super::{Carriage, Flight, Flights};

impl<M> Flights<M> {
    /// The sum of the messages' hashes; each is computed once for the names that `key`, not 0, stands for.
    pub fn sum_of_hashes(&self, key: u64, hash: impl Fn(&Flight, &M) -> u64) -> u64 {
        let known = |carriage: &Carriage<M>| {
            if carriage.hash.get().0 != key {
                carriage.hash.set((key, hash(&carriage.header, &carriage.payload)));
            }
            carriage.hash.get().1
        };
        self.carriages().map(known).fold(0, u64::wrapping_add)
    }

    /// The sum of the looks of the messages to and from a node; each is computed once.
    pub fn sum_of_looks(&self, node: NodeId, look: impl Fn(&Flight, &M) -> u64) -> u64 {
        let known = |carriage: &Carriage<M>| {
            let header = &carriage.header;
            if header.from != node && header.to != node {
                return None;
            }
            if carriage.look.get() == 0 {
                carriage.look.set(look(header, &carriage.payload));
            }
            // What it sends is no other sum than what it gets.
            let way = u64::from(header.from == node) << 1 | u64::from(header.to == node);
            let mut hasher = StableHasher::resume(carriage.look.get());
            hasher.word(way);
            Some(hasher.state())
        };
        self.carriages().filter_map(known).fold(0, u64::wrapping_add)
    }
}

impl<M: Clone> Flights<M> {
    /// Forgets the hashes that are remembered, and shares no message any more: forks to which other nodes
    /// are interchangeable go on remembering theirs.
    pub fn forget(&mut self) {
        for carriage in self.slots.iter_mut().flatten() {
            let Carriage { header, payload, .. } = &**carriage;
            *carriage = Rc::new(Carriage::new(*header, payload.clone()));
        }
    }
}
