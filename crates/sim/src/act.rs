//! The other half of the transition relation: what is done by hand, by a learner or by a search.

use std::rc::Rc;

use faultline_model::{MsgId, NodeId, OpId, OpRecord, Protocol};

use crate::event::{Loss, What};
use crate::slot::{Health, Input};
use crate::{Action, Event, Global, Refused};

impl<P: Protocol> Global<P> {
    /// Does one thing, or says why it cannot be done; then nothing has changed.
    pub fn apply(&mut self, action: &Action) -> Result<Event, Refused> {
        if !self.cast_has(action) {
            return Refused::because("there is no such node");
        }
        let done = self.apply_checked(action);
        if self.by_hand {
            self.clear_moot();
            return done;
        }
        done.inspect(|_| {
            // What the learner did is part of the trace, also where the event says less.
            if !action.is_natural() {
                self.trace(action);
            }
        })
    }

    fn apply_checked(&mut self, action: &Action) -> Result<Event, Refused> {
        match action {
            Action::Deliver(msg) => self.find(*msg).map(|slot| {
                // By hand a message arrives even if the network was going to lose it by chance.
                self.flights.header_mut(slot).doomed = None;
                self.arrive(slot)
            }),
            Action::Fire(node, arming) => self.fire(*node, *arming),
            Action::Sync(node) => self.sync_by_hand(*node),
            Action::Take(node) => self.take_by_hand(*node),
            Action::Invoke(node, text) => self.invoke(*node, text),
            Action::Drop(msg) => self.find(*msg).map(|slot| {
                let (flight, payload) = self.flights.take(slot);
                self.lose(&flight, &payload, Loss::Dropped)
            }),
            Action::Delay(msg, by) => self.find(*msg).map(|slot| self.delay(slot, *by)),
            Action::Duplicate(msg) => self.find(*msg).map(|slot| self.duplicate(slot)),
            Action::Cut(from, to) => self.cut(*from, *to, true),
            Action::Heal(from, to) => self.cut(*from, *to, false),
            Action::Partition(groups) => self.partition(groups),
            Action::HealAll if !self.links.any_cut() => Refused::because("no link is cut"),
            Action::HealAll => {
                self.links.heal_all();
                Ok(self.record(self.blank(What::HealedAll, NodeId(0))))
            }
            Action::Lose(from, to, chance) => {
                let usual = self.setup.habitat.loss;
                self.set_link(*from, *to, |link| link.loss = (*chance != usual).then_some(*chance))
            }
            Action::Repeat(from, to, chance) => {
                let usual = self.setup.habitat.duplication;
                self.set_link(*from, *to, |link| link.duplication = (*chance != usual).then_some(*chance))
            }
            Action::Order(from, to, fifo) => {
                let usual = self.setup.habitat.fifo;
                self.set_link(*from, *to, |link| link.fifo = (*fifo != usual).then_some(*fifo))
            }
            Action::Latency(from, to, latency) => self.set_link(*from, *to, |link| link.latency = *latency),
            Action::Crash(node) => self.crash(*node),
            Action::Restart(node, disk) => self.restart(*node, *disk),
            Action::Pause(node) => self.pause(*node),
            Action::Resume(node) => self.resume(*node),
            Action::Skew(node, offset) => {
                Ok(self.set_clock(*node, |clock, now| clock.set_offset(now, *offset)))
            }
            Action::Drift(node, drift) => {
                Ok(self.set_clock(*node, |clock, now| clock.set_drift(now, *drift)))
            }
            Action::Slow(node, percent) => self.slow(*node, *percent),
        }
    }

    fn take_by_hand(&mut self, node: NodeId) -> Result<Event, Refused> {
        let slot = &self.slots[node.index()];
        match slot.health {
            _ if slot.inbox.is_empty() => Refused::because(format!("nothing waits at {}", self.name(node))),
            Health::Paused => Refused::because(format!("{} is paused", self.name(node))),
            _ => Ok(self.take(node)),
        }
    }

    fn sync_by_hand(&mut self, node: NodeId) -> Result<Event, Refused> {
        let slot = &self.slots[node.index()];
        match slot.health {
            _ if slot.writing.is_empty() => {
                Refused::because(format!("{} writes nothing to its disk", self.name(node)))
            }
            Health::Paused => Refused::because(format!("{} is paused", self.name(node))),
            _ => Ok(self.sync(node)),
        }
    }

    fn fire(&mut self, node: NodeId, arming: u32) -> Result<Event, Refused> {
        let slot = &self.slots[node.index()];
        if slot.timers.iter().any(|timer| timer.arming == arming) {
            Ok(self.run_out(node, arming))
        } else {
            Refused::because(format!("that timer of {} no longer runs", self.name(node)))
        }
    }

    fn invoke(&mut self, node: NodeId, text: &str) -> Result<Event, Refused> {
        let kind = self.setup.cast.kind(node);
        let forms = P::operations(kind);
        if forms.is_empty() {
            return Refused::because(format!("{} takes no operations", self.name(node)));
        }
        if !self.slots[node.index()].is_up() {
            return Refused::because(format!("{} is down", self.name(node)));
        }
        if text.len() > 200 {
            return Refused::because("an operation has at most 200 characters");
        }
        let op: P::Op = text.parse().map_err(Refused)?;
        let id = OpId(self.history.len() as u32 + 1);
        let record = OpRecord { id, client: node, op: op.clone(), invoked: self.now, returned: None };
        Rc::make_mut(&mut self.history).push(record);
        let input = Input::Request(id, op);
        Ok(if self.slots[node.index()].must_wait(self.now) {
            self.put_in_inbox(node, input)
        } else {
            self.handle(node, input)
        })
    }

    fn find(&self, msg: MsgId) -> Result<u32, Refused> {
        match self.flights.find(msg) {
            Some(slot) => Ok(slot),
            None => Refused::because(format!("m{} is no longer in flight", msg.0)),
        }
    }

    fn cast_has(&self, action: &Action) -> bool {
        let has = |node: &NodeId| node.index() < self.slots.len();
        match action {
            Action::Deliver(_)
            | Action::Drop(_)
            | Action::Delay(..)
            | Action::Duplicate(_)
            | Action::HealAll => true,
            Action::Fire(node, _)
            | Action::Sync(node)
            | Action::Take(node)
            | Action::Invoke(node, _)
            | Action::Crash(node)
            | Action::Restart(node, _)
            | Action::Pause(node)
            | Action::Resume(node)
            | Action::Skew(node, _)
            | Action::Drift(node, _)
            | Action::Slow(node, _) => has(node),
            Action::Cut(from, to)
            | Action::Heal(from, to)
            | Action::Lose(from, to, _)
            | Action::Repeat(from, to, _)
            | Action::Order(from, to, _)
            | Action::Latency(from, to, _) => has(from) && has(to),
            Action::Partition(groups) => groups.iter().flatten().all(has),
        }
    }
}
