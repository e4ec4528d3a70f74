//! Nodes that are interchangeable: the same system, but for their names.
//!
//! Of the states that differ only in which of such nodes is which, a search needs to look at one (Ip and
//! Dill, *Better Verification Through Symmetry*, 1996). To tell them, it hashes a state as if nodes had
//! other names. Only a protocol knows where in its values nodes are named, so it says so with [`renamed!`].

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use crate::{NodeId, OpId, Protocol, SortedMap, SortedSet, Span, StableHasher, Time};

/// Another name for each node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renaming(Vec<NodeId>);

impl Renaming {
    /// Every node of so many keeps its name.
    pub fn none(nodes: usize) -> Renaming {
        Renaming((0..nodes as u16).map(NodeId).collect())
    }

    /// The name of a node.
    #[inline]
    pub fn of(&self, node: NodeId) -> NodeId {
        self.0.get(node.index()).copied().unwrap_or(node)
    }

    /// From now on that is the name of a node. It must be one of those that this renaming was made for.
    pub fn set(&mut self, node: NodeId, name: NodeId) {
        self.0[node.index()] = name;
    }
}

/// A value that can be hashed as if the nodes in it had other names. Values that are equal then, but for
/// the order of sets and maps, have the same hash; with no node renamed, only equal ones have.
pub trait Renamed {
    /// Hashes it under those names.
    fn hash_renamed(&self, names: &Renaming, state: &mut StableHasher);
}

/// A value of a protocol, wherever in the system it stands.
#[derive(Debug)]
pub enum Piece<'a, P: Protocol> {
    /// The state of a node.
    State(&'a P),
    /// A message.
    Msg(&'a P::Msg),
    /// A timer.
    Timer(&'a P::Timer),
    /// What a client asks.
    Op(&'a P::Op),
    /// What it gets.
    Ret(&'a P::Ret),
    /// What is on a disk, or on its way there.
    Durable(&'a P::Durable),
    /// What has been witnessed.
    Witness(&'a P::Witness),
}

impl<P: Protocol> Piece<'_, P> {
    /// Hashes it with the names that the nodes have.
    pub fn plain(&self, state: &mut StableHasher) {
        match self {
            Piece::State(value) => value.hash(state),
            Piece::Msg(value) => value.hash(state),
            Piece::Timer(value) => value.hash(state),
            Piece::Op(value) => value.hash(state),
            Piece::Ret(value) => value.hash(state),
            Piece::Durable(value) => value.hash(state),
            Piece::Witness(value) => value.hash(state),
        }
    }

    /// Hashes it under other names: what [`Protocol::hash_renamed`] does if everything says how.
    pub fn renamed(&self, names: &Renaming, state: &mut StableHasher)
    where
        P: Renamed,
        P::Msg: Renamed,
        P::Timer: Renamed,
        P::Op: Renamed,
        P::Ret: Renamed,
        P::Durable: Renamed,
        P::Witness: Renamed,
    {
        match self {
            Piece::State(value) => value.hash_renamed(names, state),
            Piece::Msg(value) => value.hash_renamed(names, state),
            Piece::Timer(value) => value.hash_renamed(names, state),
            Piece::Op(value) => value.hash_renamed(names, state),
            Piece::Ret(value) => value.hash_renamed(names, state),
            Piece::Durable(value) => value.hash_renamed(names, state),
            Piece::Witness(value) => value.hash_renamed(names, state),
        }
    }
}

/// Says where in a value nodes are named: in nothing of it (`nameless`), in fields of a structure, or in
/// variants of an enum. Every field must be given, so that none is forgotten.
///
/// ```
/// use faultline_model::{NodeId, renamed};
/// #[derive(Hash)]
/// struct Plain(u64);
/// struct Vote { term: u64, by: NodeId }
/// enum Msg { Ask(Plain), Tell { vote: Vote }, Stop }
/// renamed!(nameless Plain);
/// renamed!(struct Vote { term, by });
/// renamed!(enum Msg { Ask(plain), Tell { vote }, Stop });
/// ```
#[macro_export]
macro_rules! renamed {
    (nameless $($type:ty),+) => { $(
        impl $crate::Renamed for $type {
            #[inline]
            fn hash_renamed(&self, _: &$crate::Renaming, state: &mut $crate::StableHasher) {
                ::std::hash::Hash::hash(self, state);
            }
        }
    )+ };
    (struct $type:ty { $($field:ident),+ $(,)? }) => {
        impl $crate::Renamed for $type {
            fn hash_renamed(&self, names: &$crate::Renaming, state: &mut $crate::StableHasher) {
                let Self { $($field),+ } = self;
                $($crate::Renamed::hash_renamed($field, names, state);)+
            }
        }
    };
    (enum $type:ty { $($variant:ident $(($item:ident))? $({ $($field:ident),+ $(,)? })?),+ $(,)? }) => {
        impl $crate::Renamed for $type {
            fn hash_renamed(&self, names: &$crate::Renaming, state: &mut $crate::StableHasher) {
                ::std::hash::Hash::hash(&::std::mem::discriminant(self), state);
                match self {
                    $(Self::$variant $(($item))? $({ $($field),+ })? => {
                        $($crate::Renamed::hash_renamed($item, names, state);)?
                        $($($crate::Renamed::hash_renamed($field, names, state);)+)?
                    })+
                }
                let _ = names;
            }
        }
    };
}

renamed!(nameless(), bool, u8, u16, u32, u64, i64, String, str, OpId, Time, Span);

impl Renamed for NodeId {
    #[inline]
    fn hash_renamed(&self, names: &Renaming, state: &mut StableHasher) {
        names.of(*self).hash(state);
    }
}

fn alone(value: &(impl Renamed + ?Sized), names: &Renaming) -> u64 {
    let mut state = StableHasher::new();
    value.hash_renamed(names, &mut state);
    state.finish()
}

/// Each by itself and then their sum: the order may depend on names.
fn hash_set<'a, T: Renamed + 'a>(
    all: impl ExactSizeIterator<Item = &'a T>,
    names: &Renaming,
    state: &mut StableHasher,
) {
    state.write_usize(all.len());
    state.word(all.map(|each| alone(each, names)).fold(0, u64::wrapping_add));
}

/// One after the other.
fn hash_list<'a, T: Renamed + 'a>(
    all: impl ExactSizeIterator<Item = &'a T>,
    names: &Renaming,
    state: &mut StableHasher,
) {
    state.write_usize(all.len());
    all.for_each(|each| each.hash_renamed(names, state));
}

/// A list of which the order makes no difference.
#[derive(Debug)]
pub struct Unordered<'a, T>(pub &'a [T]);

impl<T: Renamed> Renamed for Unordered<'_, T> {
    fn hash_renamed(&self, names: &Renaming, state: &mut StableHasher) {
        hash_set(self.0.iter(), names, state);
    }
}

impl<T: Renamed> Renamed for SortedSet<T> {
    fn hash_renamed(&self, names: &Renaming, state: &mut StableHasher) {
        hash_set(self.iter(), names, state);
    }
}

impl<K: Renamed, V: Renamed> Renamed for SortedMap<K, V> {
    fn hash_renamed(&self, names: &Renaming, state: &mut StableHasher) {
        state.write_usize(self.len());
        let pair = |(key, value): (&K, &V)| {
            let mut state = StableHasher::new();
            key.hash_renamed(names, &mut state);
            value.hash_renamed(names, &mut state);
            state.finish()
        };
        state.word(self.iter().map(pair).fold(0, u64::wrapping_add));
    }
}

impl<T: Renamed> Renamed for Vec<T> {
    fn hash_renamed(&self, names: &Renaming, state: &mut StableHasher) {
        hash_list(self.iter(), names, state);
    }
}

impl<T: Renamed> Renamed for VecDeque<T> {
    fn hash_renamed(&self, names: &Renaming, state: &mut StableHasher) {
        hash_list(self.iter(), names, state);
    }
}

impl<T: Renamed> Renamed for Option<T> {
    fn hash_renamed(&self, names: &Renaming, state: &mut StableHasher) {
        state.word(self.is_some().into());
        if let Some(value) = self {
            value.hash_renamed(names, state);
        }
    }
}

impl<A: Renamed, B: Renamed> Renamed for (A, B) {
    fn hash_renamed(&self, names: &Renaming, state: &mut StableHasher) {
        self.0.hash_renamed(names, state);
        self.1.hash_renamed(names, state);
    }
}

impl<T: Renamed + ?Sized> Renamed for Rc<T> {
    fn hash_renamed(&self, names: &Renaming, state: &mut StableHasher) {
        (**self).hash_renamed(names, state);
    }
}

impl<T: Renamed + ?Sized> Renamed for Arc<T> {
    fn hash_renamed(&self, names: &Renaming, state: &mut StableHasher) {
        (**self).hash_renamed(names, state);
    }
}

impl<T: Renamed + ?Sized> Renamed for Box<T> {
    fn hash_renamed(&self, names: &Renaming, state: &mut StableHasher) {
        (**self).hash_renamed(names, state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn swapped() -> Renaming {
        let mut names = Renaming::none(3);
        names.set(NodeId(0), NodeId(2));
        names.set(NodeId(2), NodeId(0));
        names
    }

    #[test]
    fn a_set_has_the_same_hash_whatever_its_order_under_other_names() {
        let set = |nodes: &[u16]| -> SortedSet<NodeId> { nodes.iter().copied().map(NodeId).collect() };
        assert_eq!(alone(&set(&[0, 1]), &swapped()), alone(&set(&[1, 2]), &Renaming::none(3)));
        assert_ne!(alone(&set(&[0, 1]), &swapped()), alone(&set(&[0, 1]), &Renaming::none(3)));
        let map = |pairs: &[(u16, u64)]| -> SortedMap<NodeId, u64> {
            pairs.iter().map(|&(node, value)| (NodeId(node), value)).collect()
        };
        assert_eq!(
            alone(&map(&[(0, 7), (2, 8)]), &swapped()),
            alone(&map(&[(0, 8), (2, 7)]), &Renaming::none(3))
        );
        assert_ne!(
            alone(&map(&[(0, 7), (2, 8)]), &swapped()),
            alone(&map(&[(0, 7), (2, 8)]), &Renaming::none(3))
        );
    }

    #[test]
    fn a_list_keeps_its_order() {
        let list = vec![NodeId(0), NodeId(1)];
        let turned = vec![NodeId(1), NodeId(2)];
        assert_ne!(alone(&list, &swapped()), alone(&turned, &Renaming::none(3)));
        assert_eq!(alone(&list, &swapped()), alone(&vec![NodeId(2), NodeId(1)], &Renaming::none(3)));
    }
}
