//! Maps and sets that are sorted vectors.
//!
//! A protocol's maps are small: votes by server, locks by transaction. A search copies them for every
//! state, and a B-tree's node has room for eleven entries whatever it holds; each type of B-tree is also
//! code that a page downloads. A sorted vector is one piece of memory of the right size. It hashes, prints
//! and serialises as the B-tree of the same entries does. To insert into a large one costs moving what
//! comes after, which up to some thousand entries is less than following a tree.

mod traits;

use std::borrow::Borrow;
use std::ops::{Bound, RangeBounds};
use std::slice;

/// A map in the order of its keys.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct SortedMap<K, V>(Vec<(K, V)>);

/// A set in the order of its members.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct SortedSet<T>(Vec<T>);

/// A key of a map, which may have no value yet.
#[derive(Debug)]
pub struct Entry<'a, K, V> {
    map: &'a mut SortedMap<K, V>,
    key: K,
}

impl<'a, K: Ord, V> Entry<'a, K, V> {
    /// The value of the key, which gets that of `make` if it has none.
    pub fn or_insert_with(self, make: impl FnOnce() -> V) -> &'a mut V {
        let Entry { map, key } = self;
        let place = map.place(&key).unwrap_or_else(|place| {
            map.0.insert(place, (key, make()));
            place
        });
        &mut map.0[place].1
    }

    /// The value of the key, which gets `value` if it has none.
    pub fn or_insert(self, value: V) -> &'a mut V {
        self.or_insert_with(|| value)
    }

    /// The value of the key, which gets the default if it has none.
    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }
}

impl<K, V> SortedMap<K, V> {
    /// An empty one.
    pub const fn new() -> SortedMap<K, V> {
        SortedMap(Vec::new())
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Removes all entries; the memory stays.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The entries, by key.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + ExactSizeIterator + Clone {
        self.0.iter().map(pair)
    }

    /// The entries, by key; their values may be changed.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&K, &mut V)> {
        self.0.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + ExactSizeIterator + Clone {
        self.0.iter().map(|(key, _)| key)
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + ExactSizeIterator + Clone {
        self.0.iter().map(|(_, value)| value)
    }

    /// The values, in the order of their keys, to be changed.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// The values alone, in the order of their keys.
    pub fn into_values(self) -> impl DoubleEndedIterator<Item = V> {
        self.0.into_iter().map(|(_, value)| value)
    }

    /// The keys alone, in order.
    pub fn into_keys(self) -> impl DoubleEndedIterator<Item = K> {
        self.0.into_iter().map(|(key, _)| key)
    }

    /// The entry with the least key.
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.0.first().map(pair)
    }

    /// The entry with the greatest key.
    pub fn last_key_value(&self) -> Option<(&K, &V)> {
        self.0.last().map(pair)
    }

    /// Keeps the entries of which that holds.
    pub fn retain(&mut self, mut holds: impl FnMut(&K, &mut V) -> bool) {
        self.0.retain_mut(|(key, value)| holds(key, value));
    }
}

fn pair<K, V>((key, value): &(K, V)) -> (&K, &V) {
    (key, value)
}

impl<K: Ord, V> SortedMap<K, V> {
    /// Where a key is, or belongs.
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(known, _)| known.borrow().cmp(key))
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|place| &self.0[place].1)
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|place| &mut self.0[place].1)
    }

    /// Whether a key has a value.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    /// Gives a key a value; the one that it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(place) => Some(std::mem::replace(&mut self.0[place].1, value)),
            Err(place) => {
                self.0.insert(place, (key, value));
                None
            }
        }
    }

    /// Removes a key; the value that it had.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|place| self.0.remove(place).1)
    }

    /// Removes the entry with the least key.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    /// A key, to be given a value if it has none.
    pub fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        Entry { map: self, key }
    }

    /// The entries with keys in a range.
    pub fn range(&self, keys: impl RangeBounds<K>) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        let from = match keys.start_bound() {
            Bound::Included(first) => self.0.partition_point(|(key, _)| key < first),
            Bound::Excluded(before) => self.0.partition_point(|(key, _)| key <= before),
            Bound::Unbounded => 0,
        };
        let to = match keys.end_bound() {
            Bound::Included(last) => self.0.partition_point(|(key, _)| key <= last),
            Bound::Excluded(after) => self.0.partition_point(|(key, _)| key < after),
            Bound::Unbounded => self.0.len(),
        };
        self.0.get(from..to).unwrap_or_default().iter().map(pair)
    }
}

impl<T> SortedSet<T> {
    /// An empty one.
    pub const fn new() -> SortedSet<T> {
        SortedSet(Vec::new())
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Removes all members; the memory stays.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The members, in order.
    pub fn iter(&self) -> slice::Iter<'_, T> {
        self.0.iter()
    }

    /// The least member.
    pub fn first(&self) -> Option<&T> {
        self.0.first()
    }

    /// The greatest member.
    pub fn last(&self) -> Option<&T> {
        self.0.last()
    }

    /// Keeps the members of which that holds.
    pub fn retain(&mut self, holds: impl FnMut(&T) -> bool) {
        self.0.retain(holds);
    }
}

impl<T: Ord> SortedSet<T> {
    /// Where a member is, or belongs.
    fn place<Q: Ord + ?Sized>(&self, member: &Q) -> Result<usize, usize>
    where
        T: Borrow<Q>,
    {
        self.0.binary_search_by(|known| known.borrow().cmp(member))
    }

    /// Whether that is a member.
    pub fn contains<Q: Ord + ?Sized>(&self, member: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.place(member).is_ok()
    }

    /// Adds a member; false if it was one.
    pub fn insert(&mut self, member: T) -> bool {
        let place = self.place(&member);
        if let Err(place) = place {
            self.0.insert(place, member);
        }
        place.is_err()
    }

    /// Removes a member; false if it was none.
    pub fn remove<Q: Ord + ?Sized>(&mut self, member: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        let place = self.place(member);
        if let Ok(place) = place {
            self.0.remove(place);
        }
        place.is_ok()
    }

    /// Removes the least member.
    pub fn pop_first(&mut self) -> Option<T> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    /// Whether all its members are the other's too.
    pub fn is_subset(&self, other: &SortedSet<T>) -> bool {
        self.iter().all(|member| other.contains(member))
    }

    /// The members that the other has not, in order.
    pub fn difference<'a>(&'a self, other: &'a SortedSet<T>) -> impl Iterator<Item = &'a T> {
        self.iter().filter(|member| !other.contains(member))
    }

    /// The members that the other has too, in order.
    pub fn intersection<'a>(&'a self, other: &'a SortedSet<T>) -> impl Iterator<Item = &'a T> {
        self.iter().filter(|member| other.contains(member))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::hash::{Hash, Hasher};

    use proptest::prelude::*;
    use serde::Deserialize;
    use serde::de::value::{self, MapDeserializer};

    use super::*;
    use crate::StableHasher;

    fn hash(of: &impl Hash) -> u64 {
        let mut hasher = StableHasher::new();
        of.hash(&mut hasher);
        hasher.finish()
    }

    proptest! {
        #[test]
        fn a_map_is_what_the_b_tree_of_the_same_entries_is(
            entries in prop::collection::vec((0_u8..12, any::<u16>(), 0_u8..4), 0..40),
            (low, high) in (0_u8..12, 0_u8..12),
        ) {
            let pairs = || entries.iter().map(|&(key, value, _)| (key, value));
            let together: SortedMap<u8, u16> = pairs().collect();
            prop_assert!(together.iter().eq(&pairs().collect::<BTreeMap<_, _>>()));
            let read = SortedMap::deserialize(MapDeserializer::<_, value::Error>::new(pairs()));
            prop_assert_eq!(read, Ok(together));
            let (mut ours, mut theirs) = (SortedMap::new(), BTreeMap::new());
            for (key, value, what) in entries {
                match what {
                    0 => prop_assert_eq!(ours.remove(&key), theirs.remove(&key)),
                    1 => *ours.entry(key).or_default() ^= value,
                    2 => prop_assert_eq!(ours.pop_first(), theirs.pop_first()),
                    _ => prop_assert_eq!(ours.insert(key, value), theirs.insert(key, value)),
                }
                if what == 1 {
                    *theirs.entry(key).or_default() ^= value;
                }
                prop_assert_eq!(ours.get(&key), theirs.get(&key));
            }
            prop_assert!(ours.iter().eq(&theirs));
            prop_assert_eq!(hash(&ours), hash(&theirs));
            prop_assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
            prop_assert_eq!(ours.last_key_value(), theirs.last_key_value());
            prop_assert!(ours.range(low..).eq(theirs.range(low..)));
            prop_assert!(ours.range(..=high).eq(theirs.range(..=high)));
            if low <= high {
                prop_assert!(ours.range(low..high).eq(theirs.range(low..high)));
            }
            ours.retain(|key, value| u16::from(*key) < *value);
            theirs.retain(|key, value| u16::from(*key) < *value);
            prop_assert!(ours.into_iter().eq(theirs));
        }

        #[test]
        fn a_set_is_what_the_b_tree_of_the_same_members_is(
            members in prop::collection::vec((0_u64..12, any::<bool>()), 0..40),
            others in prop::collection::btree_set(0_u64..12, 0..12),
        ) {
            let all = || members.iter().map(|&(member, _)| member);
            prop_assert!(all().collect::<SortedSet<_>>().iter().eq(&all().collect::<BTreeSet<_>>()));
            let (mut ours, mut theirs) = (SortedSet::new(), BTreeSet::new());
            for (member, add) in members {
                if add {
                    prop_assert_eq!(ours.insert(member), theirs.insert(member));
                } else {
                    prop_assert_eq!(ours.remove(&member), theirs.remove(&member));
                }
                prop_assert_eq!(ours.contains(&member), theirs.contains(&member));
            }
            prop_assert_eq!(hash(&ours), hash(&theirs));
            prop_assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
            let ours_of_others: SortedSet<u64> = others.iter().copied().collect();
            prop_assert_eq!(ours.is_subset(&ours_of_others), theirs.is_subset(&others));
            prop_assert!(ours.difference(&ours_of_others).eq(theirs.difference(&others)));
            prop_assert!(ours.intersection(&ours_of_others).eq(theirs.intersection(&others)));
            prop_assert!(ours.iter().eq(&theirs) && ours.first() == theirs.first());
        }
    }
}
