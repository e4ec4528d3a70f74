//! What a learner can do to the system, and what follows from it.

use faultline_model::{Chance, Cx, NodeId, Outbox, Protocol, Span, Surroundings, sort};

use crate::event::What;
use crate::network::LinkState;
use crate::queue::{Due, Pending, tie_of_link};
use crate::slot::Health;
use crate::{Disk, Event, Global, Refused};

impl<P: Protocol> Global<P> {
    pub(crate) fn delay(&mut self, slot: u32, by: Span) -> Event {
        let now = self.now;
        let flight = self.flights.header_mut(slot);
        // One that is held has perhaps missed its time.
        flight.due = flight.due.max(now) + by;
        let flight = *flight;
        let pending = Pending::Arrival { slot, msg: flight.msg.0 };
        let tie = tie_of_link(flight.from, flight.to, flight.ordinal);
        self.plan(Due { at: flight.due, tie, pending });
        let event = self.event_at_message(slot, What::Delayed);
        self.record(event)
    }

    pub(crate) fn duplicate(&mut self, slot: u32) -> Event {
        let event = self.event_at_message(slot, What::Duplicated);
        let flight = *self.flights.header_mut(slot);
        let payload = self.flights.payload(slot).expect("found in flight").clone();
        // The copy is a little later, so that the two can be told apart and taken in either order.
        let due = flight.due + Span::millis(1);
        let before = self.sent;
        self.fly((flight.from, flight.to), flight.ordinal, due, None, payload);
        if flight.lie {
            self.flights.mark_lies(before);
        }
        self.record(event)
    }

    fn event_at_message(&self, slot: u32, what: What) -> Event {
        let flight = self.flights.occupied(slot).expect("found in flight");
        let payload = self.flights.payload(slot).expect("found in flight");
        Event {
            peer: Some(flight.to),
            msg: Some(flight.msg),
            cause: flight.cause,
            kind: crate::kind::variant_name(payload),
            epoch: P::epoch(payload).map(|epoch| epoch as u32),
            ..self.blank(what, flight.from)
        }
    }

    pub(crate) fn cut(&mut self, from: NodeId, to: NodeId, cut: bool) -> Result<Event, Refused> {
        self.check_link(from, to)?;
        if self.links.is_cut(from, to) == cut {
            return self.refuse_link(from, to, if cut { "is already cut" } else { "is not cut" });
        }
        self.links.change(from, to, &mut |link| link.cut = cut);
        let what = if cut { What::Cut } else { What::Healed };
        Ok(self.happened_between(what, from, to))
    }

    pub(crate) fn check_link(&self, from: NodeId, to: NodeId) -> Result<(), Refused> {
        if P::linked(&self.setup.cast, from, to) {
            return Ok(());
        }
        Refused::because(format!("there is no link {}→{}", self.name(from), self.name(to)))
    }

    pub(crate) fn partition(&mut self, groups: &[Vec<NodeId>]) -> Result<Event, Refused> {
        if groups.len() < 2 || groups.iter().any(Vec::is_empty) {
            return Refused::because("a partition has at least two groups, and none of them is empty");
        }
        let placed: Vec<(NodeId, usize)> = groups
            .iter()
            .enumerate()
            .flat_map(|(group, nodes)| nodes.iter().map(move |&node| (node, group)))
            .collect();
        let mut nodes: Vec<NodeId> = placed.iter().map(|&(node, _)| node).collect();
        sort(&mut nodes);
        if let Some(twice) = nodes.windows(2).find(|pair| pair[0] == pair[1]) {
            return self.refuse(twice[0], "stands in two groups");
        }
        for &(from, here) in &placed {
            for &(to, there) in &placed {
                if P::linked(&self.setup.cast, from, to) && self.links.is_cut(from, to) != (here != there) {
                    self.links.change(from, to, &mut |link| link.cut = here != there);
                }
            }
        }
        Ok(self.happened(What::Partitioned, placed[0].0))
    }

    pub(crate) fn set_link(
        &mut self,
        from: NodeId,
        to: NodeId,
        change: &mut dyn FnMut(&mut LinkState),
    ) -> Result<Event, Refused> {
        self.check_link(from, to)?;
        self.links.change(from, to, change);
        Ok(self.happened_between(What::LinkSet, from, to))
    }

    pub(crate) fn set_loss(&mut self, from: NodeId, to: NodeId, chance: Chance) -> Result<Event, Refused> {
        let usual = self.setup.habitat.loss;
        self.set_link(from, to, &mut |link| link.loss = (chance != usual).then_some(chance))
    }

    pub(crate) fn set_duplication(
        &mut self,
        from: NodeId,
        to: NodeId,
        chance: Chance,
    ) -> Result<Event, Refused> {
        let usual = self.setup.habitat.duplication;
        self.set_link(from, to, &mut |link| link.duplication = (chance != usual).then_some(chance))
    }

    pub(crate) fn set_order(&mut self, from: NodeId, to: NodeId, fifo: bool) -> Result<Event, Refused> {
        let usual = self.setup.habitat.fifo;
        self.set_link(from, to, &mut |link| link.fifo = (fifo != usual).then_some(fifo))
    }

    pub(crate) fn heal_all(&mut self) -> Result<Event, Refused> {
        if !self.links.any_cut() {
            return Refused::because("no link is cut");
        }
        self.links.heal_all();
        Ok(self.happened(What::HealedAll, NodeId(0)))
    }

    pub(crate) fn crash(&mut self, node: NodeId) -> Result<Event, Refused> {
        if !self.is_up(node) {
            return self.refuse(node, "is already down");
        }
        self.slots[node.index()].change().crash();
        Ok(self.happened(What::Crashed, node))
    }

    pub(crate) fn restart(&mut self, node: NodeId, disk: Disk) -> Result<Event, Refused> {
        if self.is_up(node) {
            return self.refuse(node, "is not down");
        }
        let slot = self.slots[node.index()].change();
        if disk == Disk::Empty {
            // A new disk: empty, sound, and with room.
            slot.disk = None;
            slot.damaged.clear();
            slot.disk_state.full = false;
        }
        slot.health = Health::Up;
        let saved = self.read_disk(node);
        let slot = self.slots[node.index()].change();
        let mut outbox = Outbox::default();
        let around = Surroundings {
            me: node,
            true_now: self.now,
            clock: &slot.clock,
            cast: &self.setup.cast,
            seed: self.setup.seed,
            picks: &mut slot.picks,
        };
        slot.state = P::boot(saved, &mut Cx::new(around, &self.setup.params, &mut outbox));
        let rule = outbox.rule.take();
        self.emit(node, &mut outbox);
        self.note(node);
        let what = if disk == Disk::Empty { What::RestartedEmpty } else { What::Restarted };
        Ok(self.record(Event { rule, ..self.blank(what, node) }))
    }

    pub(crate) fn pause(&mut self, node: NodeId) -> Result<Event, Refused> {
        match self.slots[node.index()].health {
            Health::Down | Health::Left => {
                return self.refuse(node, "is down");
            }
            Health::Paused => {
                return self.refuse(node, "is already paused");
            }
            Health::Up => {}
        }
        let slot = self.slots[node.index()].change();
        slot.health = Health::Paused;
        slot.take_due = None;
        Ok(self.happened(What::Paused, node))
    }

    pub(crate) fn resume(&mut self, node: NodeId) -> Result<Event, Refused> {
        if self.slots[node.index()].health != Health::Paused {
            return self.refuse(node, "is not paused");
        }
        let slot = self.slots[node.index()].change();
        slot.health = Health::Up;
        // A write that reached the disk meanwhile is noticed only now.
        for write in &mut slot.writing {
            write.due = write.due.map(|due| due.max(self.now));
        }
        self.plan_sync(node);
        self.plan_take(node);
        Ok(self.happened(What::Resumed, node))
    }

    pub(crate) fn slow(&mut self, node: NodeId, percent: u32) -> Result<Event, Refused> {
        if !(1..=100_000).contains(&percent) {
            return Refused::because("a speed lies between 1% and 100000% of the usual time");
        }
        self.slots[node.index()].change().slow = percent;
        Ok(self.happened(What::SpeedSet, node))
    }
}
