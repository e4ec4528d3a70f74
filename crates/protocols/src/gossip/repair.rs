//! Anti-entropy: databases are compared and mended; tombstones are thrown away (Demers et al. 1987, §1.3, §2).

use faultline_model::{Cx, NodeId, SortedMap, Time};

use super::store::{below, leaf};
use super::{Gossip, Key, Msg, Stamp, Timer, Update, rules};

impl Gossip {
    fn leaves(cx: &Cx<'_, Gossip>) -> usize {
        1 << cx.params().depth
    }

    pub(super) fn on_compare(&mut self, cx: &mut Cx<'_, Gossip>) {
        cx.because(rules::COMPARE);
        cx.arm(Timer::Compare, cx.params().anti_entropy);
        let Some(partner) = Gossip::partner(cx) else {
            return;
        };
        cx.flush();
        if cx.params().merkle {
            let root = self.store.tree(Gossip::leaves(cx))[1];
            cx.send(partner, Msg::Hashes { nodes: vec![(1, root)] });
        } else {
            self.send_entries(partner, vec![], |_, _| true, false, cx);
        }
    }

    pub(super) fn on_hashes(&mut self, from: NodeId, nodes: Vec<(u32, u64)>, cx: &mut Cx<'_, Gossip>) {
        let leaves = Gossip::leaves(cx);
        let mine = self.store.tree(leaves);
        self.compared += nodes.len() as u64;
        cx.measure("compared", self.compared as i64);
        let mut differ = vec![];
        for (node, hash) in nodes {
            if mine.get(node as usize).is_some_and(|own| *own != hash) {
                differ.push(node);
            } else {
                self.same_below(node, from, leaves);
            }
        }
        cx.flush();
        match differ.first() {
            None => cx.because(rules::SAME),
            Some(&node) if node as usize >= leaves => {
                cx.because(rules::EXCHANGE_LEAVES);
                let within = differ.clone();
                let wanted = |key, _: Stamp| within.contains(&leaf(key, leaves));
                self.send_entries(from, differ, wanted, false, cx);
            }
            Some(_) => {
                cx.because(rules::DESCEND);
                let children = differ.into_iter().flat_map(|node| [2 * node, 2 * node + 1]);
                let nodes = children.map(|node| (node, mine[node as usize])).collect();
                cx.send(from, Msg::Hashes { nodes });
            }
        }
    }

    /// Equal hashes mean that the other site holds every tombstone below that node, too.
    fn same_below(&mut self, node: u32, from: NodeId, leaves: usize) {
        let held: Vec<Key> = self.store.tombstones().filter(|&key| below(leaf(key, leaves), node)).collect();
        for key in held {
            if let Some(stamp) = self.store.get(key).map(|item| item.stamp) {
                self.store.held(key, stamp, from);
            }
        }
    }

    /// Sends the entries of these leaves of which `wanted` says so.
    fn send_entries(
        &mut self,
        to: NodeId,
        leaves: Vec<u32>,
        wanted: impl Fn(Key, Stamp) -> bool,
        answer: bool,
        cx: &mut Cx<'_, Gossip>,
    ) {
        let sites = cx.cast().len();
        let keys = self.store.iter().filter(|(key, item)| wanted(*key, item.stamp)).map(|(key, _)| key);
        let updates: Vec<Update> = keys.filter_map(|key| self.store.update(key, sites)).collect();
        self.told_at = Time(cx.now().0.max(self.told_at.0 + 1));
        self.sent += updates.len() as u64;
        cx.send(to, Msg::Entries { at: self.told_at, leaves, updates, answer });
    }

    pub(super) fn on_entries(
        &mut self,
        from: NodeId,
        at: Time,
        leaves: Vec<u32>,
        updates: Vec<Update>,
        answer: bool,
        cx: &mut Cx<'_, Gossip>,
    ) {
        if self.heard.get(&from).is_some_and(|&last| last > at) {
            cx.because(rules::OVERTAKEN);
            return;
        }
        self.heard.insert(from, at);
        if leaves.is_empty() {
            self.compared += updates.len() as u64;
            cx.measure("compared", self.compared as i64);
        }
        let theirs: SortedMap<Key, Stamp> = updates.iter().map(|u| (u.key, u.stamp)).collect();
        for update in updates {
            match self.store.get(update.key) {
                Some(held) if held.stamp >= update.stamp => {
                    self.store.held(update.key, update.stamp, from);
                }
                None if Gossip::is_over(&update, cx) => {}
                _ => self.adopt(from, update, cx),
            }
        }
        cx.because(if answer { rules::MERGE_ANSWER } else { rules::MERGE });
        if answer {
            return;
        }
        let tree = Gossip::leaves(cx);
        let tombstones: Vec<Key> = self.store.tombstones().collect();
        // What it lacks; and tombstones, so that it knows they are held.
        let within = leaves.clone();
        let wanted = |key: Key, stamp: Stamp| {
            (within.is_empty() || within.contains(&leaf(key, tree)))
                && (theirs.get(&key).is_none_or(|&their| their < stamp) || tombstones.contains(&key))
        };
        cx.flush();
        self.send_entries(from, leaves, wanted, true, cx);
    }

    /// A tombstone is as old as it must be at least.
    pub(super) fn on_collect(&mut self, key: Key, cx: &mut Cx<'_, Gossip>) {
        match self.store.get(key) {
            Some(item) if item.value.is_none() => {
                if cx.params().wait_for_all && item.held_by.len() < cx.cast().len() {
                    cx.because(rules::KEEP_TOMBSTONE);
                    cx.arm(Timer::Collect(key), cx.params().grace);
                } else {
                    cx.because(rules::COLLECT);
                    self.store.remove(key);
                    self.hot.remove(&key);
                    cx.persist(self.store.disk());
                }
            }
            _ => cx.because(rules::NO_TOMBSTONE),
        }
    }
}
