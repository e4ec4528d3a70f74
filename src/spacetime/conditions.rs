//! What lasts: nodes down or paused, messages waiting in an inbox, partitions and cut links.

use std::collections::{BTreeMap, BTreeSet};

use faultline_model::{MsgId, NodeId, Time};
use faultline_sim::{Action, Event, What};

/// Which condition a band shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// A node is down.
    Down(NodeId),
    /// A node is paused.
    Paused(NodeId),
    /// A message waits in its receiver's inbox.
    InInbox(NodeId),
    /// The network is partitioned.
    Partition,
    /// A directed link is cut.
    Cut(NodeId, NodeId),
    /// A directed link is held: nothing on it arrives until it is released.
    Held(NodeId, NodeId),
}

/// A condition that lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// What it is.
    pub condition: Condition,
    /// From when, true time.
    pub from: Time,
    /// Until when; `None` while it lasts.
    pub until: Option<Time>,
    /// The groups of a partition, "{S1 S2} | {S3}"; empty for the others.
    pub groups: String,
}

/// All bands of a run, and what is needed to close those that are open.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    bands: Vec<Band>,
    /// Waiting in an inbox: the band to close when the message is handled.
    inboxes: BTreeMap<MsgId, usize>,
    /// Links that were cut one by one, with their band.
    cuts: BTreeMap<(NodeId, NodeId), usize>,
    /// The partition: its band and the links that it still cuts.
    partition: Option<(usize, BTreeSet<(NodeId, NodeId)>)>,
}

impl Conditions {
    /// All bands, in the order in which they began.
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    fn open(&mut self, condition: Condition, from: Time) -> usize {
        self.bands.push(Band { condition, from, until: None, groups: String::new() });
        self.bands.len() - 1
    }

    fn close(&mut self, condition: Condition, at: Time) {
        let open = |band: &&mut Band| band.condition == condition && band.until.is_none();
        if let Some(band) = self.bands.iter_mut().rev().find(open) {
            band.until = Some(at);
        }
    }

    /// Takes in the next event. `action` is the intervention behind it, `name` tells a node's name.
    pub fn push<'a>(&mut self, event: &Event, action: Option<&Action>, name: impl Fn(NodeId) -> &'a str) {
        let (at, node) = (event.at, event.node);
        match event.what {
            What::Delivered => {
                if let Some(band) = event.msg.and_then(|msg| self.inboxes.remove(&msg)) {
                    self.bands[band].until = Some(at);
                }
            }
            What::Queued => {
                if let Some(msg) = event.msg {
                    let band = self.open(Condition::InInbox(node), at);
                    self.inboxes.insert(msg, band);
                }
            }
            What::Crashed | What::Killed | What::Left => {
                self.close(Condition::Paused(node), at);
                self.empty_inbox(node, at);
                self.open(Condition::Down(node), at);
            }
            What::Restarted | What::RestartedEmpty => self.close(Condition::Down(node), at),
            What::Paused => {
                self.open(Condition::Paused(node), at);
            }
            What::Resumed => self.close(Condition::Paused(node), at),
            What::Held => {
                if let Some(peer) = event.peer {
                    self.open(Condition::Held(node, peer), at);
                }
            }
            What::Released => {
                if let Some(peer) = event.peer {
                    self.close(Condition::Held(node, peer), at);
                }
            }
            What::Cut => {
                if let Some(peer) = event.peer {
                    let band = self.open(Condition::Cut(node, peer), at);
                    self.cuts.insert((node, peer), band);
                }
            }
            What::Healed => {
                if let Some(peer) = event.peer {
                    self.heal((node, peer), at);
                }
            }
            What::HealedAll => {
                self.end_partition(at);
                for band in std::mem::take(&mut self.cuts).into_values() {
                    self.bands[band].until = Some(at);
                }
            }
            What::Partitioned => self.split(action, at, name),
            _ => {}
        }
    }

    /// A crash loses what waits.
    fn empty_inbox(&mut self, node: NodeId, at: Time) {
        let bands = &mut self.bands;
        self.inboxes.retain(|_, band| {
            let here = bands[*band].condition == Condition::InInbox(node);
            if here {
                bands[*band].until = Some(at);
            }
            !here
        });
    }

    fn heal(&mut self, link: (NodeId, NodeId), at: Time) {
        if let Some(band) = self.cuts.remove(&link) {
            self.bands[band].until = Some(at);
        }
        let over = self.partition.as_mut().is_some_and(|(_, links)| {
            links.remove(&link);
            links.is_empty()
        });
        if over {
            self.end_partition(at);
        }
    }

    fn end_partition(&mut self, at: Time) {
        if let Some((band, _)) = self.partition.take() {
            self.bands[band].until = Some(at);
        }
    }

    fn split<'a>(&mut self, action: Option<&Action>, at: Time, name: impl Fn(NodeId) -> &'a str) {
        self.end_partition(at);
        let groups: &[Vec<NodeId>] = match action {
            Some(Action::Partition(groups)) => groups,
            _ => &[],
        };
        // Within a group a partition heals what was cut before.
        for (from, to) in groups.iter().flat_map(|group| pairs(group, group)) {
            self.heal((from, to), at);
        }
        let mut links = BTreeSet::new();
        for (i, here) in groups.iter().enumerate() {
            for there in groups.iter().skip(i + 1) {
                links.extend(pairs(here, there).chain(pairs(there, here)));
            }
        }
        let side = |nodes: &Vec<NodeId>| {
            let names: Vec<&str> = nodes.iter().map(|&node| name(node)).collect();
            format!("{{{}}}", names.join(" "))
        };
        let band = self.open(Condition::Partition, at);
        self.bands[band].groups = groups.iter().map(side).collect::<Vec<_>>().join(" | ");
        self.partition = Some((band, links));
    }
}

/// All directed pairs from one group to another.
fn pairs(from: &[NodeId], to: &[NodeId]) -> impl Iterator<Item = (NodeId, NodeId)> {
    from.iter().flat_map(move |&a| to.iter().map(move |&b| (a, b))).filter(|(a, b)| a != b)
}
