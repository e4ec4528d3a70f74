//! A replica of the database, and its tree of hashes.

use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use faultline_model::{NodeId, SortedMap, SortedSet, StableHasher, Time};
use serde::{Serialize, Serializer};

/// A key: k1, k2, …
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub u16);

impl Key {
    pub(super) fn read(text: &str) -> Option<Key> {
        text.strip_prefix('k')?.parse().ok().filter(|&number| number > 0).map(Key)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "k{}", self.0)
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// When and where a version was made: the later one wins, and of two at the same time the higher site's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Stamp {
    /// By the clock of that site.
    pub time: Time,
    /// The site.
    pub by: NodeId,
}

/// A version as it travels.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Update {
    /// Of what.
    pub key: Key,
    /// The value; `None` is a tombstone.
    pub value: Option<Arc<str>>,
    /// Its timestamp.
    pub stamp: Stamp,
    /// Whether its sender knows that every site holds this tombstone.
    pub settled: bool,
}

/// A version as a site keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// The value; `None` is a tombstone.
    pub value: Option<Arc<str>>,
    /// Its timestamp.
    pub stamp: Stamp,
    /// The first round of this site in which it counts as known.
    pub ripe: u64,
    /// Which sites are known to hold this tombstone.
    pub held_by: SortedSet<NodeId>,
}

impl Item {
    /// A version that counts as known from round `ripe` on; who holds it matters for a tombstone only.
    pub(super) fn new(value: Option<Arc<str>>, stamp: Stamp, ripe: u64, holders: &[NodeId]) -> Item {
        let held_by = holders.iter().copied().filter(|_| value.is_none()).collect();
        Item { value, stamp, ripe, held_by }
    }
}

/// What a site keeps through a crash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Disk(SortedMap<Key, (Option<Arc<str>>, Stamp)>);

impl Disk {
    /// Keys k1, k2, … that were there before the run began.
    pub(super) fn with_keys(count: u16) -> Disk {
        let stamp = Stamp { time: Time::ZERO, by: NodeId(0) };
        let old: Arc<str> = "old".into();
        Disk((1..=count).map(|number| (Key(number), (Some(old.clone()), stamp))).collect())
    }
}

/// The database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Store(SortedMap<Key, Item>);

impl Store {
    pub(super) fn of(disk: Disk, me: NodeId) -> Store {
        let item = |(value, stamp)| Item::new(value, stamp, 0, &[me]);
        Store(disk.0.into_iter().map(|(key, saved)| (key, item(saved))).collect())
    }

    pub(super) fn disk(&self) -> Disk {
        Disk(self.0.iter().map(|(&key, item)| (key, (item.value.clone(), item.stamp))).collect())
    }

    /// The version that is held of a key.
    pub fn get(&self, key: Key) -> Option<&Item> {
        self.0.get(&key)
    }

    /// Every version that is held.
    pub fn iter(&self) -> impl Iterator<Item = (Key, &Item)> {
        self.0.iter().map(|(&key, item)| (key, item))
    }

    /// The keys and values that a reader sees.
    pub fn visible(&self) -> impl Iterator<Item = (Key, &str)> {
        self.iter().filter_map(|(key, item)| Some((key, item.value.as_deref()?)))
    }

    /// The keys of which a tombstone is held.
    pub fn tombstones(&self) -> impl Iterator<Item = Key> + '_ {
        self.iter().filter(|(_, item)| item.value.is_none()).map(|(key, _)| key)
    }

    /// How many entries there are, tombstones included.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn insert(&mut self, key: Key, item: Item) {
        self.0.insert(key, item);
    }

    pub(super) fn remove(&mut self, key: Key) {
        self.0.remove(&key);
    }

    /// Notes that a site holds this very tombstone.
    pub(super) fn held(&mut self, key: Key, stamp: Stamp, by: NodeId) {
        if let Some(item) = self.0.get_mut(&key)
            && item.value.is_none()
            && item.stamp == stamp
        {
            item.held_by.insert(by);
        }
    }

    /// A version as it travels, from a system of so many sites.
    pub(super) fn update(&self, key: Key, sites: usize) -> Option<Update> {
        let item = self.0.get(&key)?;
        let settled = item.value.is_none() && item.held_by.len() >= sites;
        Some(Update { key, value: item.value.clone(), stamp: item.stamp, settled })
    }

    /// The tree of hashes with `leaves` leaves (a power of two): the root at 1, the children of i at 2i and
    /// 2i + 1.
    pub(super) fn tree(&self, leaves: usize) -> Vec<u64> {
        let mut tree = vec![0u64; 2 * leaves];
        for (key, item) in self.iter() {
            let mut hasher = StableHasher::new();
            (key.0, item.stamp).hash(&mut hasher);
            let leaf = &mut tree[leaf(key, leaves) as usize];
            // The order in which a leaf's entries are met makes no difference.
            *leaf = leaf.wrapping_add(hasher.state());
        }
        for node in (1..leaves).rev() {
            let mut hasher = StableHasher::new();
            hasher.word(tree[2 * node]);
            hasher.word(tree[2 * node + 1]);
            tree[node] = hasher.state();
        }
        tree
    }
}

/// The leaf that a key belongs to, by its number in the tree: neighbours in the order of keys lie side by side.
pub(super) fn leaf(key: Key, leaves: usize) -> u32 {
    (leaves + usize::from(key.0 - 1) % leaves) as u32
}

/// Whether a leaf lies below a node of the tree, or is it.
pub(super) fn below(mut leaf: u32, node: u32) -> bool {
    while leaf > node {
        leaf /= 2;
    }
    leaf == node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_different_entry_shows_in_its_leaf_and_above_it_and_nowhere_else() {
        let one = Store::of(Disk::with_keys(1_024), NodeId(0));
        let mut two = one.clone();
        let stamp = Stamp { time: Time(1), by: NodeId(1) };
        two.insert(Key(7), Item::new(None, stamp, 0, &[]));
        let (first, second) = (one.tree(1_024), two.tree(1_024));
        let differ: Vec<u32> = (1..2_048).filter(|&i| first[i as usize] != second[i as usize]).collect();
        let place = leaf(Key(7), 1_024);
        assert_eq!(differ.len(), 11);
        assert!(differ.iter().all(|&node| below(place, node)), "{differ:?}");
    }

    #[test]
    fn keys_are_read_and_written() {
        assert_eq!(Key::read("k12").map(|key| key.to_string()).as_deref(), Some("k12"));
        for text in ["k0", "k", "12", "k-1", "k65536", "K1"] {
            assert_eq!(Key::read(text), None, "{text}");
        }
    }
}
