//! Running a protocol's handler and turning what it said into messages, timers and writes.

use std::hash::Hash;
use std::rc::Rc;

use faultline_model::{
    Cx, Effect, Fact, MsgId, NodeId, OpId, Outbox, Protocol, Span, Surroundings, Time, TimerChange,
};

use crate::event::What;
use crate::kind::variant_name;
use crate::network::{Cargo, Carried, Flight, bytes_of};
use crate::queue::{Class, Due, Pending, tie_of_link, tie_of_node};
use crate::slot::{Armed, Health, Input, Write};
use crate::{Event, Global, Measure, Testimony};

impl<P: Protocol> Global<P> {
    /// An event of now with nothing but what and where.
    pub(crate) fn blank(&self, what: What, node: NodeId) -> Event {
        Event::new(self.now, what, node)
    }

    /// Something happened at a node, and there is no more to say of it.
    #[inline(never)]
    pub(crate) fn happened(&mut self, what: What, node: NodeId) -> Event {
        self.record(self.blank(what, node))
    }

    /// Something happened to the link from one node to another.
    #[inline(never)]
    pub(crate) fn happened_between(&mut self, what: What, from: NodeId, to: NodeId) -> Event {
        self.record(Event { peer: Some(to), ..self.blank(what, from) })
    }

    /// Counts the event and folds it into the digest of the trace.
    pub(crate) fn record(&mut self, event: Event) -> Event {
        let event = Event { clock: std::mem::take(&mut self.moved_clock), ..event };
        self.events += 1;
        self.current = self.events + 1;
        self.last = Some(event);
        if self.by_hand {
            return event;
        }
        self.trace.word(event.at.0);
        let what = event.what.code();
        let peer = event.peer.map_or(0xffff, |peer| u64::from(peer.0));
        let rule = event.rule.map_or(0xff, |rule| u64::from(rule.0));
        self.trace.word(what | u64::from(event.node.0) << 8 | peer << 24 | rule << 40);
        // Which event asked for a write follows from the trace; digests are older than that field.
        let cause = if event.what == What::Synced { 0 } else { event.cause };
        self.trace.word(u64::from(cause) | u64::from(event.msg.map_or(0, |msg| msg.0)) << 32);
        event
    }

    /// What an input looks like as an event; `waits` when it goes to the inbox.
    pub(crate) fn event_of(&mut self, node: NodeId, input: &Input<P>, waits: bool) -> Event {
        match input {
            Input::Message(flight, payload) => {
                self.trace(payload);
                Event {
                    peer: Some(flight.from),
                    msg: Some(flight.msg),
                    cause: flight.cause,
                    kind: variant_name(payload),
                    epoch: P::epoch(payload).map(|epoch| epoch as u32),
                    lie: flight.lie,
                    ..self.blank(if waits { What::Queued } else { What::Delivered }, node)
                }
            }
            Input::Timer(timer, cause) => {
                self.trace(timer);
                let what = if waits { What::FireQueued } else { What::Fired };
                Event { cause: *cause, kind: variant_name(timer), ..self.blank(what, node) }
            }
            Input::Request(id, op) => {
                self.trace(op);
                self.trace(&id.0);
                let what = if waits { What::InvokeQueued } else { What::Invoked };
                Event { kind: self.demand.form, ..self.blank(what, node) }
            }
        }
    }

    /// Runs the handler for an input, and everything that follows from it within the same event.
    pub(crate) fn handle(&mut self, node: NodeId, input: Input<P>) -> Event {
        let mut event = self.event_of(node, &input, false);
        self.measures.clear();
        event.rule = self.run(node, |state, cx| match input {
            Input::Message(flight, payload) => state.on_message(flight.from, payload, cx),
            Input::Timer(timer, _) => state.on_timer(timer, cx),
            Input::Request(id, op) => state.on_request(id, op, cx),
        });
        self.note(node);
        self.record(event)
    }

    /// Calls one handler and carries out its effects; returns the rule that it named.
    #[inline]
    pub(crate) fn run(
        &mut self,
        node: NodeId,
        handler: impl FnOnce(&mut P, &mut Cx<'_, P>),
    ) -> Option<faultline_model::RuleId> {
        let mut outbox = std::mem::take(&mut self.outbox);
        let slot = self.slots[node.index()].change();
        let around = Surroundings {
            me: node,
            true_now: self.now,
            clock: &slot.clock,
            cast: &self.setup.cast,
            seed: self.setup.seed,
            picks: &mut slot.picks,
        };
        handler(&mut slot.state, &mut Cx::new(around, &self.setup.params, &mut outbox));
        let rule = outbox.rule.take();
        self.emit(node, &mut outbox);
        self.outbox = outbox;
        rule
    }

    /// Lets the protocol note for the all-seeing observer what has become true at a node.
    pub(crate) fn note(&mut self, node: NodeId) {
        if size_of::<P::Witness>() > 0 {
            let state = &self.slots[node.index()].state;
            if state.has_news(node, &self.witness) {
                state.witness(node, Rc::make_mut(&mut self.witness));
            }
        }
    }

    /// Carries out what a handler said and leaves the outbox empty.
    pub(crate) fn emit(&mut self, node: NodeId, out: &mut Outbox<P>) {
        for change in out.timers.drain(..) {
            match change {
                TimerChange::Arm(timer, after) => self.arm(node, timer, after),
                TimerChange::Disarm(timer) => {
                    let slot = self.slots[node.index()].change();
                    slot.timers.retain(|armed| armed.timer != timer);
                    slot.withdraw(&timer);
                }
            }
        }
        for (series, value) in out.measures.drain(..) {
            if self.measures.first().is_some_and(|measure| measure.event != self.current) {
                self.measures.clear();
            }
            self.measures.push(Measure { event: self.current, series, node, at: self.now, value });
        }
        self.hear(node, &mut out.facts);
        if out.work.0 > 0 {
            let slot = self.slots[node.index()].change();
            slot.busy_until = self.now.max(slot.busy_until) + slot.slowed(out.work);
            out.work = Span::ZERO;
        }
        if let Some((by, how)) = out.correction.take() {
            self.change_clock(node, &mut |clock, now| clock.correct(now, by, how));
        }
        // Behind a write or a flush that has to wait, everything waits for the last write.
        let mut held = false;
        for effect in out.effects.drain(..) {
            match effect {
                Effect::Persist(durable) => held |= self.write(node, durable),
                Effect::Flush => held |= !self.slots[node.index()].writing.is_empty(),
                other if held => {
                    let slot = self.slots[node.index()].change();
                    slot.writing.back_mut().expect("held behind a write").then.push(other);
                }
                other => self.let_out(node, other),
            }
        }
    }

    /// Keeps what a handler testified, until the next event. A search judges moments only: it keeps nothing.
    fn hear(&mut self, node: NodeId, facts: &mut Vec<Fact>) {
        if self.by_hand {
            return facts.clear();
        }
        let (event, at) = (self.current, self.now);
        if self.testimony.first().is_some_and(|known| known.event != event) {
            self.testimony.clear();
        }
        self.testimony.extend(facts.drain(..).map(|fact| Testimony { event, node, at, fact }));
    }

    /// A message or a reply leaves the node.
    fn let_out(&mut self, node: NodeId, effect: Effect<P>) {
        match effect {
            Effect::Send { to, msg } => self.say(node, to, msg),
            Effect::Reply { op, ret } => self.reply(node, op, ret),
            Effect::Persist(_) | Effect::Flush => {
                unreachable!("writes are never held behind writes")
            }
        }
    }

    /// Starts a write; true when it is not on disk at once.
    fn write(&mut self, node: NodeId, durable: P::Durable) -> bool {
        let (now, usual) = (self.now, self.setup.habitat.disk);
        let slot = self.slots[node.index()].change();
        let due = slot.when_written(now, usual);
        if due == Some(now) && slot.writing.is_empty() {
            let durable = Rc::new(durable);
            slot.disk = Some(Rc::clone(&durable));
            self.saved(node, &durable);
            return false;
        }
        let cause = self.current;
        slot.writing.push_back(Write { durable, due, cause, then: vec![] });
        self.plan_sync(node);
        true
    }

    /// Plans when the next write is on disk. Writes overlap: each takes as long as the disk takes, and
    /// those that were asked for at the same time arrive together.
    pub(crate) fn plan_sync(&mut self, node: NodeId) {
        if let Some(at) = self.slots[node.index()].sync_due() {
            let tie = tie_of_node(node, Class::Disk, 0);
            self.plan(Due { at, tie, pending: Pending::Disk { node } });
        }
    }

    /// The oldest write, and those asked for together with it, are on disk.
    pub(crate) fn sync(&mut self, node: NodeId) -> Event {
        let slot = self.slots[node.index()].change();
        let due = slot.writing.front().map(|write| write.due);
        let together = slot.writing.iter().take_while(|write| Some(write.due) == due).count();
        let done: Vec<Write<P>> = slot.writing.drain(..together).collect();
        self.measures.clear();
        let cause = done.first().map_or(0, |write| write.cause);
        let mut event = Event { cause, ..self.blank(What::Synced, node) };
        for write in done {
            self.trace(&write.durable);
            let durable = Rc::new(write.durable);
            self.slots[node.index()].change().disk = Some(Rc::clone(&durable));
            event.rule = self.saved(node, &durable).or(event.rule);
            for effect in write.then {
                self.let_out(node, effect);
            }
        }
        self.plan_sync(node);
        self.note(node);
        self.record(event)
    }

    fn saved(&mut self, node: NodeId, durable: &P::Durable) -> Option<faultline_model::RuleId> {
        self.run(node, |state, cx| state.on_saved(durable, cx))
    }

    #[inline]
    fn arm(&mut self, node: NodeId, timer: P::Timer, after: Span) {
        let slot = self.slots[node.index()].change();
        let due = self.now + slot.clock.true_span(self.now, after);
        let arming = slot.armings;
        slot.armings += 1;
        slot.withdraw(&timer);
        let armed = Armed { timer, armed_at: self.now, due, arming, cause: self.current };
        match slot.timers.iter_mut().find(|running| running.timer == armed.timer) {
            Some(running) => *running = armed,
            None => slot.timers.push(armed),
        }
        let tie = tie_of_node(node, Class::Timer, arming);
        self.plan(Due { at: due, tie, pending: Pending::Timer { node, arming } });
    }

    #[inline]
    pub(crate) fn send(&mut self, from: NodeId, to: NodeId, msg: P::Msg) {
        if self.by_hand && self.setup.habitat.duplication.0 == 0 {
            // Who moves the world by hand decides when a message arrives, and whether by chance it does not.
            let doomed = self.links.is_cut(from, to).then_some(crate::Loss::Cut);
            self.fly((from, to), 0, self.now, doomed, msg);
            return;
        }
        let cargo = self.cargo(from, to, &msg);
        let slot = self.slots[from.index()].change();
        let carried: &mut Carried = slot.carried(to);
        let ordinal = carried.count;
        if from == to || P::same_machine(&self.setup.cast, from, to) {
            carried.count += 1;
            self.fly((from, to), ordinal, self.now, None, msg);
            return;
        }
        let fate =
            self.links.fate((from, to), cargo, &self.setup.habitat, self.setup.seed, self.now, carried);
        if let Some(due) = fate.twin {
            self.fly((from, to), ordinal, fate.due, fate.doomed, msg.clone());
            self.queued(fate.queued);
            self.fly((from, to), ordinal, due, None, msg);
        } else {
            self.fly((from, to), ordinal, fate.due, fate.doomed, msg);
        }
        self.queued(fate.queued);
    }

    /// What the network asks about a message, as far as it makes a difference on that link.
    #[inline]
    fn cargo(&self, from: NodeId, to: NodeId, msg: &P::Msg) -> Cargo {
        let link = self.links.get(from, to);
        let limited = link.bandwidth.unwrap_or(self.setup.habitat.bandwidth).is_limited();
        Cargo {
            bytes: if limited { bytes_of::<P>(msg) } else { 0 },
            dropped: !link.dropped.is_empty() && link.drops(variant_name(msg)),
        }
    }

    /// Notes how long the message that has just been put in flight queues before it leaves.
    #[inline]
    fn queued(&mut self, queued: Span) {
        if queued > Span::ZERO
            && let Some(slot) = self.flights.find(MsgId(self.sent))
        {
            self.flights.header_mut(slot).queued = u32::try_from(queued.0).unwrap_or(u32::MAX);
        }
    }

    /// Puts a message in flight.
    #[inline]
    pub(crate) fn fly(
        &mut self,
        (from, to): (NodeId, NodeId),
        ordinal: u32,
        due: Time,
        doomed: Option<crate::Loss>,
        payload: P::Msg,
    ) {
        self.sent += 1;
        let msg = MsgId(self.sent);
        let header = Flight {
            msg,
            from,
            to,
            ordinal,
            sent_at: self.now,
            due,
            cause: self.current,
            queued: 0,
            doomed,
            lie: false,
        };
        let slot = self.flights.insert(header, payload);
        let tie = tie_of_link(from, to, ordinal);
        self.plan(Due { at: due, tie, pending: Pending::Arrival { slot, msg: msg.0 } });
    }

    fn reply(&mut self, node: NodeId, op: OpId, ret: P::Ret) {
        let record = (op.0 as usize).checked_sub(1).and_then(|i| self.history.get_mut(i));
        debug_assert!(record.is_some(), "a reply to an operation that was never invoked");
        if let Some(record) = record.filter(|record| record.client == node && record.returned.is_none()) {
            if !self.by_hand {
                ret.hash(&mut self.trace);
            }
            record.returned = Some((ret, self.now));
            record.returned_event = Some(self.current);
            self.after_reply(op);
        }
    }

    /// Plans when the node takes the next input from its inbox.
    pub(crate) fn plan_take(&mut self, node: NodeId) {
        let slot = &self.slots[node.index()];
        if slot.inbox.is_empty() || slot.take_due.is_some() || slot.health != Health::Up {
            return;
        }
        let at = slot.busy_until.max(self.now);
        self.slots[node.index()].change().take_due = Some(at);
        let tie = tie_of_node(node, Class::Take, 0);
        self.plan(Due { at, tie, pending: Pending::Take { node } });
    }
}
