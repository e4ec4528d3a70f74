//! What can be done to a node's disk, and what a process that stops leaves on it.

use std::rc::Rc;

use faultline_model::{Draw, NodeId, Protocol, Purpose, Span};

use crate::event::What;
use crate::{Event, Global, Refused, Run};

/// Which record is damaged, and how.
const DAMAGE: Purpose = Purpose::new("damaged record");

/// How a disk differs from the usual one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct DiskState {
    /// How long a write takes; `None` is the habitat's.
    pub latency: Option<Span>,
    /// Per cent of that time that it really takes.
    pub slow: u32,
    /// Whether it has no room.
    pub full: bool,
}

impl Default for DiskState {
    fn default() -> DiskState {
        DiskState { latency: None, slow: 100, full: false }
    }
}

impl DiskState {
    /// How long a write takes; `usual` is the habitat's.
    #[inline]
    pub fn takes(&self, usual: Span) -> Span {
        let latency = self.latency.unwrap_or(usual);
        if self.slow == 100 { latency } else { Span(latency.0.saturating_mul(self.slow.into()) / 100) }
    }
}

impl<P: Protocol> Global<P> {
    fn set_disk(&mut self, node: NodeId, change: &mut dyn FnMut(&mut DiskState)) -> Event {
        change(&mut self.slots[node.index()].change().disk_state);
        self.happened(What::DiskSet, node)
    }

    pub(crate) fn set_disk_latency(&mut self, node: NodeId, latency: Option<Span>) -> Result<Event, Refused> {
        if latency.is_some_and(|latency| latency > Run::LONGEST_WRITE) {
            return Refused::because("a write takes at most an hour");
        }
        Ok(self.set_disk(node, &mut |disk| disk.latency = latency))
    }

    pub(crate) fn slow_disk(&mut self, node: NodeId, percent: u32) -> Result<Event, Refused> {
        if !(1..=100_000).contains(&percent) {
            return Refused::because("a speed lies between 1% and 100000% of the usual time");
        }
        let latency = self.slots[node.index()].disk_state.latency.unwrap_or(self.setup.habitat.disk);
        if latency == Span::ZERO {
            let name = self.name(node);
            let why =
                format!("{name}’s disk writes in no time, however slow: first set how long a write takes");
            return Refused::because(why);
        }
        Ok(self.set_disk(node, &mut |disk| disk.slow = percent))
    }

    /// On a full disk a write is not refused for good: the process waits for room, as one whose write
    /// answered ENOSPC and is tried again, and lets nothing out that stands behind the write.
    pub(crate) fn fill_disk(&mut self, node: NodeId, full: bool) -> Result<Event, Refused> {
        let slot = &self.slots[node.index()];
        if slot.disk_state.full == full {
            let state = if full { "is already full" } else { "has room" };
            return Refused::because(format!("{}’s disk {state}", self.name(node)));
        }
        let event = self.set_disk(node, &mut |disk| disk.full = full);
        if !full {
            let (now, usual) = (self.now, self.setup.habitat.disk);
            let slot = self.slots[node.index()].change();
            let due = slot.when_written(now, usual);
            slot.writing.iter_mut().filter(|write| write.due.is_none()).for_each(|write| write.due = due);
            self.plan_sync(node);
        }
        Ok(event)
    }

    /// The process is gone, the operating system is not: what it was given to write it writes.
    pub(crate) fn kill(&mut self, node: NodeId) -> Result<Event, Refused> {
        if !self.is_up(node) {
            return self.refuse(node, "is already down");
        }
        let slot = self.slots[node.index()].change();
        // A write holds the whole durable state, so the last that was accepted says it all.
        if let Some(last) = slot.writing.iter().rfind(|write| write.due.is_some()) {
            slot.disk = Some(Rc::new(last.durable.clone()));
        }
        slot.crash();
        Ok(self.happened(What::Killed, node))
    }

    pub(crate) fn corrupt(&mut self, node: NodeId) -> Result<Event, Refused> {
        let slot = &self.slots[node.index()];
        let name = self.name(node);
        let Some(disk) = slot.disk.as_deref() else {
            return Refused::because(format!("there is nothing on {name}’s disk"));
        };
        let ordinal = slot.damages;
        if let Err(why) = P::corrupt(&mut disk.clone(), &mut self.damage(node, ordinal)) {
            return Refused::because(format!("no record of {name} can be damaged: {why}"));
        }
        let slot = self.slots[node.index()].change();
        slot.damages += 1;
        slot.damaged.push(ordinal);
        Ok(self.happened(What::Corrupted, node))
    }

    fn damage(&self, node: NodeId, ordinal: u32) -> Draw {
        Draw::new(self.setup.seed, DAMAGE, u64::from(node.0), u64::from(ordinal))
    }

    /// What a node finds on its disk when it starts: damage shows now, and stays until it is written over.
    pub(crate) fn read_disk(&mut self, node: NodeId) -> Option<P::Durable> {
        let slot = &self.slots[node.index()];
        let mut saved = slot.disk.as_deref().cloned();
        if !slot.damaged.is_empty() {
            for &ordinal in &slot.damaged {
                // An error says that what could be damaged then is gone: then so is the damage.
                if let Some(saved) = &mut saved {
                    let _ = P::corrupt(saved, &mut self.damage(node, ordinal));
                }
            }
            let slot = self.slots[node.index()].change();
            slot.damaged.clear();
            slot.disk = saved.clone().map(Rc::new);
        }
        saved
    }
}
