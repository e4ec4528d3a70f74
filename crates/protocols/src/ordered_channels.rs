//! Channels that deliver in the order of sending, on a network that does not.
//!
//! Lamport's algorithm and Chandy and Lamport's assume such channels. Lamport adds that the assumption can be
//! avoided by numbering messages, and this is how: the sender numbers what it sends to each process, and the
//! receiver holds back what has overtaken an earlier message until that has come. A message that never comes
//! keeps back everything behind it: both algorithms also assume that every message is received.

use faultline_model::{NodeId, SortedMap};
use serde::Serialize;

/// One process's ends of the channels to and from all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Channels<M> {
    /// How many messages it has sent to each process.
    pub sent: SortedMap<NodeId, u32>,
    /// How many messages it has taken from each process.
    pub taken: SortedMap<NodeId, u32>,
    /// What has come before its turn, by sender and number.
    pub early: SortedMap<NodeId, SortedMap<u32, M>>,
}

impl<M> Default for Channels<M> {
    fn default() -> Channels<M> {
        Channels { sent: SortedMap::new(), taken: SortedMap::new(), early: SortedMap::new() }
    }
}

/// What a message that arrives is to its receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival<M> {
    /// A copy of one that has come before.
    Copy,
    /// It has overtaken another and is held back.
    Early,
    /// Its turn has come, and with it perhaps the turn of some that were held back: all, in order.
    Ready(Vec<M>),
}

impl<M> Channels<M> {
    /// The number of the next message to that process, from 1.
    pub fn number(&mut self, to: NodeId) -> u32 {
        let sent = self.sent.entry(to).or_default();
        *sent += 1;
        *sent
    }

    /// A message of that number arrives.
    pub fn arrive(&mut self, from: NodeId, number: u32, msg: M) -> Arrival<M> {
        let taken = self.taken.entry(from).or_default();
        let waiting = self.early.get(&from);
        if number <= *taken || waiting.is_some_and(|early| early.contains_key(&number)) {
            return Arrival::Copy;
        }
        if number > *taken + 1 {
            self.early.entry(from).or_default().insert(number, msg);
            return Arrival::Early;
        }
        let mut ready = vec![msg];
        *taken = number;
        if let Some(early) = self.early.get_mut(&from) {
            while let Some(msg) = early.remove(&(*taken + 1)) {
                ready.push(msg);
                *taken += 1;
            }
            if early.is_empty() {
                self.early.remove(&from);
            }
        }
        Arrival::Ready(ready)
    }

    /// How many messages are held back.
    pub fn held_back(&self) -> usize {
        self.early.values().map(SortedMap::len).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_out_in_the_order_of_sending_and_once() {
        let (mut sender, mut receiver) = (Channels::<&str>::default(), Channels::default());
        let (here, there) = (NodeId(0), NodeId(1));
        let mut send = |word: &'static str| (sender.number(there), word);
        let (one, two, three) = (send("one"), send("two"), send("three"));
        let mut arrive = |(number, word)| receiver.arrive(here, number, word);
        assert_eq!(arrive(three), Arrival::Early);
        assert_eq!(arrive(two), Arrival::Early);
        assert_eq!(arrive(two), Arrival::Copy);
        assert_eq!(arrive(one), Arrival::Ready(vec!["one", "two", "three"]));
        assert_eq!(arrive(three), Arrival::Copy);
        assert_eq!((receiver.held_back(), receiver.taken[&here]), (0, 3));
    }
}
