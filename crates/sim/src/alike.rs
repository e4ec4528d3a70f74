//! States that differ only in which of some interchangeable nodes is which have one fingerprint.
//!
//! It is the least of the hashes that the state has under those orders of the nodes in which their *looks*
//! ascend. A look is a hash of a node and of the messages to and from it that names no other interchangeable
//! node, so it moves with the node when nodes change places. Only nodes that look the same are tried in
//! every order.

use std::hash::{Hash, Hasher};

use faultline_model::{Effect, NodeId, Piece, Protocol, Renaming, StableHasher};

use crate::Global;
use crate::network::Flight;
use crate::slot::{Held, Input, Slot};

/// How a look names the node itself.
const SELF: NodeId = NodeId(u16::MAX);

/// Beyond so many orders only one is tried: fewer states are then taken for the same, and no wrong ones.
const MOST_ORDERS: usize = 120;

/// Hashes values under other names, and keeps what was hashed under the same ones.
pub(crate) struct Names {
    pub names: Renaming,
    /// Tells these names from others.
    pub key: u64,
}

impl Names {
    fn new(names: Renaming, nodes: usize) -> Names {
        let mut hasher = StableHasher::new();
        (0..nodes as u16).for_each(|node| hasher.word(names.of(NodeId(node)).0.into()));
        Names { names, key: hasher.finish() | 1 }
    }
}

fn renamed<P: Protocol>(piece: Piece<'_, P>, names: &Renaming) -> u64 {
    let mut state = StableHasher::new();
    P::hash_renamed(piece, names, &mut state);
    state.finish()
}

impl<P: Protocol> Slot<P> {
    /// As [`Slot::fingerprint`], under other names.
    pub(crate) fn renamed(&self, names: &Renaming) -> u64 {
        let mut state = StableHasher::new();
        P::hash_renamed(Piece::State(&self.state), names, &mut state);
        state.word(self.health as u64);
        state.word(self.disk.is_some().into());
        if let Some(disk) = &self.disk {
            P::hash_renamed(Piece::Durable(&**disk), names, &mut state);
        }
        for write in &self.writing {
            P::hash_renamed(Piece::Durable(&write.durable), names, &mut state);
            for effect in &write.then {
                std::mem::discriminant(effect).hash(&mut state);
                match effect {
                    Effect::Send { to, msg } => {
                        names.of(*to).hash(&mut state);
                        P::hash_renamed(Piece::Msg(msg), names, &mut state);
                    }
                    Effect::Reply { op, ret } => {
                        op.hash(&mut state);
                        P::hash_renamed(Piece::Ret(ret), names, &mut state);
                    }
                    Effect::Persist(durable) => P::hash_renamed(Piece::Durable(durable), names, &mut state),
                    Effect::Flush => {}
                }
            }
        }
        for input in &self.inbox {
            match input {
                Input::Message(flight, payload) => {
                    names.of(flight.from).hash(&mut state);
                    P::hash_renamed(Piece::Msg(payload), names, &mut state);
                }
                Input::Timer(timer, _) => P::hash_renamed(Piece::Timer(timer), names, &mut state),
                Input::Request(id, op) => {
                    id.hash(&mut state);
                    P::hash_renamed(Piece::Op(op), names, &mut state);
                }
            }
        }
        state.word(
            self.timers
                .iter()
                .map(|armed| renamed(Piece::<P>::Timer(&armed.timer), names))
                .fold(0, u64::wrapping_add),
        );
        self.hash_surroundings(&mut state);
        state.finish()
    }
}

impl<P: Protocol> Global<P> {
    /// From now on states that differ only in which node of a class is which have one fingerprint. The
    /// protocol must have said that they are interchangeable.
    pub fn take_for_alike(&mut self, classes: Vec<Vec<NodeId>>) {
        self.alike = classes.into_iter().filter(|class| class.len() > 1).collect();
        self.slots.iter_mut().for_each(Held::forget);
        self.flights.forget();
    }

    pub(crate) fn fingerprint_of_alike(&self) -> u64 {
        let nodes = self.slots.len();
        let mut anonymous = Renaming::none(nodes);
        for class in self.alike.iter() {
            class.iter().for_each(|&node| anonymous.set(node, class[0]));
        }
        let mut orders: Vec<Vec<NodeId>> = vec![vec![]];
        for class in self.alike.iter() {
            orders = self.orders(class, &mut anonymous, &orders);
        }
        let members: Vec<NodeId> = self.alike.iter().flatten().copied().collect();
        let hash = |order: &Vec<NodeId>| {
            let mut names = Renaming::none(nodes);
            let mut places: Vec<NodeId> = (0..nodes as u16).map(NodeId).collect();
            for (&node, &name) in order.iter().zip(&members) {
                names.set(node, name);
                places[name.index()] = node;
            }
            self.renamed(&Names::new(names, nodes), &places)
        };
        orders.iter().map(hash).min().unwrap_or_default()
    }

    /// Continues each of the orders begun with the nodes of a class, in every order in which looks ascend.
    fn orders(&self, class: &[NodeId], anonymous: &mut Renaming, begun: &[Vec<NodeId>]) -> Vec<Vec<NodeId>> {
        let mut looks: Vec<(u64, NodeId)> =
            class.iter().map(|&node| (self.look(node, anonymous), node)).collect();
        looks.sort_unstable();
        let mut orders = begun.to_vec();
        for alike in looks.chunk_by(|a, b| a.0 == b.0) {
            let tied: Vec<NodeId> = alike.iter().map(|&(_, node)| node).collect();
            let ways = (1..=tied.len()).product::<usize>();
            let every = if orders.len() * ways <= MOST_ORDERS { permutations(&tied) } else { vec![tied] };
            orders = orders
                .iter()
                .flat_map(|order| every.iter().map(|more| [&order[..], more].concat()))
                .collect();
        }
        orders
    }

    fn look(&self, node: NodeId, anonymous: &mut Renaming) -> u64 {
        let name = anonymous.of(node);
        let own = self.slots[node.index()].look(|slot| {
            anonymous.set(node, SELF);
            let look = slot.renamed(anonymous);
            anonymous.set(node, name);
            look
        });
        let message = |flight: &Flight, payload: &P::Msg| {
            let mut state = StableHasher::new();
            P::hash_renamed(Piece::Msg(payload), anonymous, &mut state);
            (anonymous.of(flight.from), anonymous.of(flight.to)).hash(&mut state);
            state.finish()
        };
        let mut hasher = StableHasher::resume(own);
        hasher.word(self.flights.sum_of_looks(node, message));
        hasher.finish()
    }

    /// The hash of this state under other names; `places` holds which node has each name.
    fn renamed(&self, names: &Names, places: &[NodeId]) -> u64 {
        let Names { names, key } = names;
        let mut hasher = StableHasher::new();
        for node in places {
            hasher.word(self.slots[node.index()].renamed(names, *key));
        }
        let message = |flight: &Flight, payload: &P::Msg| {
            let mut state = StableHasher::new();
            (names.of(flight.from), names.of(flight.to)).hash(&mut state);
            P::hash_renamed(Piece::Msg(payload), names, &mut state);
            state.finish()
        };
        hasher.word(self.flights.sum_of_hashes(*key, message));
        let link = |ends: (NodeId, NodeId)| {
            let mut state = StableHasher::new();
            let link = self.links.get(ends.0, ends.1);
            (names.of(ends.0), names.of(ends.1), link.cut, link.held, &link.dropped).hash(&mut state);
            state.finish()
        };
        hasher.word(self.links.changed().map(link).fold(0, u64::wrapping_add));
        for record in self.history.iter() {
            names.of(record.client).hash(&mut hasher);
            P::hash_renamed(Piece::Op(&record.op), names, &mut hasher);
            hasher.word(record.returned.is_some().into());
            if let Some((ret, _)) = &record.returned {
                P::hash_renamed(Piece::Ret(ret), names, &mut hasher);
            }
        }
        self.hash_real_time(&mut hasher);
        P::hash_renamed(Piece::Witness(&*self.witness), names, &mut hasher);
        hasher.finish()
    }

    /// Whether an operation is the same when two nodes change places.
    pub fn is_same_for(&self, op: &P::Op, one: NodeId, other: NodeId) -> bool {
        let plain = Renaming::none(self.slots.len());
        let mut swapped = plain.clone();
        swapped.set(one, other);
        swapped.set(other, one);
        renamed(Piece::<P>::Op(op), &plain) == renamed(Piece::<P>::Op(op), &swapped)
    }
}

/// Every order of these nodes.
fn permutations(nodes: &[NodeId]) -> Vec<Vec<NodeId>> {
    let Some((first, rest)) = nodes.split_first() else {
        return vec![vec![]];
    };
    let insert = |order: &Vec<NodeId>, place: usize| {
        let mut order = order.clone();
        order.insert(place, *first);
        order
    };
    permutations(rest)
        .iter()
        .flat_map(|order| (0..=order.len()).map(move |place| insert(order, place)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_is_there_once() {
        let mut orders = permutations(&[NodeId(1), NodeId(4), NodeId(7), NodeId(9)]);
        orders.sort();
        orders.dedup();
        assert_eq!(orders.len(), 24);
        assert_eq!(permutations(&[]), [[]]);
    }
}
