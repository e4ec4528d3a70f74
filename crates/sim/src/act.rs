//! The other half of the transition relation: what is done by hand, by a learner or by a search.

use std::cell::Cell;

use faultline_model::{MsgId, NodeId, OpId, OpRecord, Protocol};

use crate::event::{Loss, What};
use crate::slot::{Health, Input};
use crate::{Action, Event, Global, Refused};

impl<P: Protocol> Global<P> {
    /// Does one thing, or says why it cannot be done; then nothing has changed.
    pub fn apply(&mut self, action: &Action) -> Result<Event, Refused> {
        self.check_nodes(action)?;
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
            Action::HealAll => self.heal_all(),
            Action::Lose(from, to, chance) => self.set_loss(*from, *to, *chance),
            Action::Repeat(from, to, chance) => self.set_duplication(*from, *to, *chance),
            Action::Order(from, to, fifo) => self.set_order(*from, *to, *fifo),
            Action::Latency(from, to, latency) => {
                self.set_link(*from, *to, &mut |link| link.latency = *latency)
            }
            Action::Crash(node) => self.crash(*node),
            Action::Restart(node, disk) => self.restart(*node, *disk),
            Action::Pause(node) => self.pause(*node),
            Action::Resume(node) => self.resume(*node),
            Action::Skew(node, offset) => {
                Ok(self.set_clock(*node, What::ClockSet, &mut |clock, now| clock.set_offset(now, *offset)))
            }
            Action::Drift(node, drift) => {
                Ok(self.set_clock(*node, What::ClockSet, &mut |clock, now| clock.set_drift(now, *drift)))
            }
            Action::Jump(node, by) => {
                Ok(self.set_clock(*node, What::ClockSet, &mut |clock, now| clock.jump(now, *by)))
            }
            Action::SyncClock(node, reference, how) => self.sync_clock(*node, *reference, *how),
            Action::Slow(node, percent) => self.slow(*node, *percent),
            Action::DropAll(from, to, kind) => self.drop_all(*from, *to, kind),
            Action::LetThrough(from, to, kind) => self.let_through(*from, *to, kind),
            Action::Hold(from, to) => self.hold(*from, *to),
            Action::Release(from, to) => self.release(*from, *to),
            Action::Bandwidth(from, to, bandwidth) => {
                self.set_link(*from, *to, &mut |link| link.bandwidth = *bandwidth)
            }
            Action::Kill(node) => self.kill(*node),
            Action::DiskLatency(node, latency) => self.set_disk_latency(*node, *latency),
            Action::DiskSlow(node, percent) => self.slow_disk(*node, *percent),
            Action::DiskFull(node, full) => self.fill_disk(*node, *full),
            Action::Corrupt(node) => self.corrupt(*node),
            Action::Workload(spec) => self.begin_workload(spec),
            Action::EndWorkload => self.end_workload(),
            Action::Arrive(session) => self.issue_by_hand(*session),
            Action::Add => self.add_node(),
            Action::Remove(node) => self.remove_node(*node),
            Action::Lie(node, lie) => self.begin_lying(*node, lie),
            Action::Honest(node) => self.stop_lying(*node),
            Action::Skip(_) => Ok(self.happened(What::Skipped, NodeId(0))),
        }
    }

    fn take_by_hand(&mut self, node: NodeId) -> Result<Event, Refused> {
        let slot = &self.slots[node.index()];
        match slot.health {
            _ if slot.inbox.is_empty() => Refused::because(format!("nothing waits at {}", self.name(node))),
            Health::Paused => self.refuse(node, "is paused"),
            _ => Ok(self.take(node)),
        }
    }

    fn sync_by_hand(&mut self, node: NodeId) -> Result<Event, Refused> {
        let slot = &self.slots[node.index()];
        match slot.health {
            _ if slot.writing.is_empty() => self.refuse(node, "writes nothing to its disk"),
            Health::Paused => self.refuse(node, "is paused"),
            _ if slot.sync_due().is_none() => {
                Refused::because(format!("{}’s disk is full: its writes wait for room", self.name(node)))
            }
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
            return self.refuse(node, "takes no operations");
        }
        if !self.slots[node.index()].is_up() {
            return self.refuse(node, "is down");
        }
        if text.len() > 200 {
            return Refused::because("an operation has at most 200 characters");
        }
        let op: P::Op = text.parse().map_err(Refused)?;
        Ok(self.request(node, op))
    }

    /// Hands an operation to a node that is up.
    pub(crate) fn request(&mut self, node: NodeId, op: P::Op) -> Event {
        let id = OpId(self.history.len() as u32 + 1);
        let record = OpRecord {
            id,
            client: node,
            op: op.clone(),
            invoked: self.now,
            invoked_event: self.current,
            returned: None,
            returned_event: None,
        };
        self.history.push(record);
        let input = Input::Request(id, op);
        if self.slots[node.index()].must_wait(self.now) {
            self.put_in_inbox(node, input)
        } else {
            self.handle(node, input)
        }
    }

    /// What cannot be done to a node and why. The sentence is made by code that is no protocol's own.
    pub(crate) fn refuse<T>(&self, node: NodeId, why: &str) -> Result<T, Refused> {
        Err(Refused::of(&self.setup.cast, node, why))
    }

    /// What cannot be done to a link and why.
    pub(crate) fn refuse_link<T>(&self, from: NodeId, to: NodeId, why: &str) -> Result<T, Refused> {
        Err(Refused::of_link(&self.setup.cast, from, to, why))
    }

    fn find(&self, msg: MsgId) -> Result<u32, Refused> {
        match self.flights.find(msg) {
            Some(slot) => Ok(slot),
            None => Refused::because(format!("m{} is no longer in flight", msg.0)),
        }
    }

    /// Whether every node that an action names is there.
    fn check_nodes(&self, action: &Action) -> Result<(), Refused> {
        let cast = &self.setup.cast;
        let gone = Cell::new(None);
        let has = |node: NodeId| {
            let left = cast.has_left(node);
            gone.set(gone.get().or(left.then_some(node)));
            !left && node.index() < self.slots.len()
        };
        if names_only(action, &has) {
            return Ok(());
        }
        match gone.get() {
            Some(node) => self.refuse(node, "has left for good"),
            None => Refused::because("there is no such node"),
        }
    }
}

/// Whether an action names only nodes of which `has` says that they are there.
fn names_only(action: &Action, has: &dyn Fn(NodeId) -> bool) -> bool {
    match action {
        Action::Deliver(_)
        | Action::Drop(_)
        | Action::Delay(..)
        | Action::Duplicate(_)
        | Action::HealAll
        | Action::EndWorkload
        | Action::Arrive(_)
        | Action::Add
        | Action::Skip(_) => true,
        Action::Workload(spec) => spec.clients.iter().all(|&node| has(node)),
        Action::Remove(node)
        | Action::Lie(node, _)
        | Action::Honest(node)
        | Action::Fire(node, _)
        | Action::Sync(node)
        | Action::Take(node)
        | Action::Invoke(node, _)
        | Action::Crash(node)
        | Action::Restart(node, _)
        | Action::Pause(node)
        | Action::Resume(node)
        | Action::Skew(node, _)
        | Action::Drift(node, _)
        | Action::Slow(node, _)
        | Action::Kill(node)
        | Action::Jump(node, _)
        | Action::DiskLatency(node, _)
        | Action::DiskSlow(node, _)
        | Action::DiskFull(node, _)
        | Action::Corrupt(node) => has(*node),
        Action::Cut(from, to)
        | Action::Heal(from, to)
        | Action::Lose(from, to, _)
        | Action::Repeat(from, to, _)
        | Action::Order(from, to, _)
        | Action::Latency(from, to, _)
        | Action::DropAll(from, to, _)
        | Action::LetThrough(from, to, _)
        | Action::Hold(from, to)
        | Action::Release(from, to)
        | Action::Bandwidth(from, to, _)
        | Action::SyncClock(from, to, _) => has(*from) && has(*to),
        Action::Partition(groups) => groups.iter().flatten().all(|&node| has(node)),
    }
}
