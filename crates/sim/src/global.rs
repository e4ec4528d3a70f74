//! The whole system at one moment, and the one transition relation.

use std::hash::Hasher;
use std::rc::Rc;

use faultline_model::{
    Cast, Cx, Habitat, History, Lens, NodeId, Outbox, Protocol, StableHasher, Surroundings, Time,
};

use crate::event::{Loss, What};
use crate::network::{Flight, Flights, Links};
use crate::queue::{Due, Pending, Queue};
use crate::slot::{Held, Input, Slot};
use crate::workload::Demand;
use crate::{Action, Event, Measure, Testimony};

/// What a run starts from; it never changes while it runs.
#[derive(Clone, Debug)]
pub struct Setup<P: Protocol> {
    /// The nodes.
    pub cast: Cast,
    /// The protocol's knobs.
    pub params: P::Params,
    /// The surroundings' knobs.
    pub habitat: Habitat,
    /// The seed of every draw.
    pub seed: u64,
}

/// The whole system: nodes, disks, messages in flight, timers, links, the clients' history.
///
/// Cloning shares all nodes; a node is copied when it next changes.
#[derive(Debug)]
pub struct Global<P: Protocol> {
    pub(crate) setup: Rc<Setup<P>>,
    pub(crate) slots: Vec<Held<P>>,
    pub(crate) flights: Flights<P::Msg>,
    pub(crate) links: Links,
    pub(crate) queue: Queue,
    /// Nobody but `apply` moves it: it keeps no schedule and no trace, see [`Global::by_hand`].
    pub(crate) by_hand: bool,
    /// Classes of nodes that a search takes for the same, see [`Global::take_for_alike`].
    pub(crate) alike: Rc<[Vec<NodeId>]>,
    /// The clients that ask by themselves.
    pub(crate) demand: Demand,
    pub(crate) history: History<P>,
    pub(crate) witness: Rc<P::Witness>,
    pub(crate) now: Time,
    /// How many events have happened.
    pub(crate) events: u32,
    /// The number of the event that is happening, or would be next; 0 while the nodes boot.
    pub(crate) current: u32,
    /// How many messages have left.
    pub(crate) sent: u32,
    pub(crate) trace: StableHasher,
    pub(crate) last: Option<Event>,
    /// Whether the event that is happening has changed its node's clock.
    pub(crate) moved_clock: bool,
    pub(crate) measures: Vec<Measure>,
    pub(crate) testimony: Vec<Testimony>,
    /// Reused between events so that a handler's effects cost no allocation.
    pub(crate) outbox: Outbox<P>,
}

impl<P: Protocol> Global<P> {
    /// Boots all nodes at time zero.
    pub fn new(setup: Setup<P>) -> Global<P> {
        let setup = Rc::new(setup);
        let mut global = Global {
            slots: Vec::with_capacity(setup.cast.len()),
            flights: Flights::default(),
            links: Links::default(),
            queue: Queue::new(),
            by_hand: false,
            alike: Rc::default(),
            demand: Demand::default(),
            history: History::default(),
            witness: Rc::default(),
            now: Time::ZERO,
            events: 0,
            current: 0,
            sent: 0,
            trace: StableHasher::new(),
            last: None,
            moved_clock: false,
            measures: vec![],
            testimony: vec![],
            outbox: Outbox::default(),
            setup: Rc::clone(&setup),
        };
        let mut outboxes = vec![];
        for (node, _) in setup.cast.iter() {
            let disk = P::initial_disk(node, &setup.cast, &setup.params);
            let mut outbox = Outbox::default();
            let mut picks = 0;
            let around = Surroundings {
                me: node,
                true_now: Time::ZERO,
                clock: &faultline_model::Clock::default(),
                cast: &setup.cast,
                seed: setup.seed,
                picks: &mut picks,
            };
            let state = P::boot(disk.clone(), &mut Cx::new(around, &setup.params, &mut outbox));
            let mut slot = Slot::new(state, disk);
            slot.picks = picks;
            global.slots.push(Held::new(slot));
            outboxes.push(outbox);
        }
        for ((node, _), mut outbox) in setup.cast.iter().zip(outboxes) {
            global.emit(node, &mut outbox);
            global.note(node);
        }
        global.current = 1;
        global
    }

    /// True time.
    pub fn now(&self) -> Time {
        self.now
    }

    /// How many events have happened.
    pub fn events(&self) -> u32 {
        self.events
    }

    /// What the run started from.
    pub fn setup(&self) -> &Setup<P> {
        &self.setup
    }

    /// The state of a node; of one that is down, as it was. Panics for a node that does not exist.
    pub fn node(&self, node: NodeId) -> &P {
        &self.slots[node.index()].state
    }

    /// Whether a node runs (it may be paused).
    pub fn is_up(&self, node: NodeId) -> bool {
        self.slots[node.index()].is_up()
    }

    /// The client operations so far.
    pub fn history(&self) -> &History<P> {
        &self.history
    }

    /// The digest of the trace so far.
    pub fn digest(&self) -> u64 {
        self.trace.finish()
    }

    /// Shows this moment to `judge` as an all-seeing observer sees it.
    pub fn observe<R>(&self, judge: impl FnOnce(&Lens<'_, P>) -> R) -> R {
        let node = |id: NodeId| {
            let slot = &self.slots[id.index()];
            (&slot.state, slot.is_up())
        };
        let clock = |id: NodeId| self.slots[id.index()].clock;
        judge(&Lens {
            params: &self.setup.params,
            cast: &self.setup.cast,
            node: &node,
            witness: &self.witness,
            history: &self.history,
            now: self.now,
            clock: &clock,
            quiet: self.is_quiet(),
        })
    }

    /// Whether nothing is in flight, no input or write is pending and no link is cut.
    pub fn is_quiet(&self) -> bool {
        self.flights.is_empty()
            && !self.links.any_blocked()
            && self.slots.iter().all(|slot| slot.inbox.is_empty() && slot.writing.is_empty())
    }

    /// When the next event is due; `None` when nothing is.
    pub fn next_due(&mut self) -> Option<Time> {
        while let Some(due) = self.queue.peek() {
            if self.is_true(due) {
                return Some(due.at);
            }
            self.queue.pop();
        }
        None
    }

    /// Whether an entry of the queue still says what will happen.
    fn is_true(&self, due: &Due) -> bool {
        match due.pending {
            Pending::Arrival { slot, msg } => {
                let flight = self.flights.occupied(slot);
                flight.is_some_and(|flight| {
                    flight.msg.0 == msg && flight.due == due.at && !self.stands_still(flight)
                })
            }
            Pending::Timer { node, arming } => self.slots[node.index()]
                .timers
                .iter()
                .any(|timer| timer.arming == arming && timer.due == due.at),
            Pending::Disk { node } => self.slots[node.index()].sync_due() == Some(due.at),
            Pending::Take { node } => self.slots[node.index()].take_due == Some(due.at),
            Pending::Issue { workload, session } => self.issue_is_due(workload, session, due.at),
        }
    }

    /// Lets the schedule do what is due next.
    pub fn step(&mut self) -> Option<Event> {
        loop {
            let due = self.queue.pop()?;
            if !self.is_true(&due) {
                continue;
            }
            self.now = due.at;
            return Some(match due.pending {
                Pending::Arrival { slot, .. } => self.arrive(slot),
                Pending::Timer { node, arming } => self.run_out(node, arming),
                Pending::Disk { node } => self.sync(node),
                Pending::Take { node } => self.take(node),
                Pending::Issue { session, .. } => self.issue(session),
            });
        }
    }

    /// Lets true time pass without an event. Nothing may be due before `time`.
    pub fn wait(&mut self, time: Time) {
        debug_assert!(self.next_due().is_none_or(|due| due >= time), "something is due before {time}");
        self.now = self.now.max(time);
    }

    /// A message reaches the end of its way, in time or by hand.
    pub(crate) fn arrive(&mut self, slot: u32) -> Event {
        let (flight, payload) = self.flights.take(slot);
        let lost = match flight.doomed {
            Some(loss) => Some(loss),
            None if self.links.is_cut(flight.from, flight.to) => Some(Loss::Cut),
            None if self.is_dropped(&flight, &payload) => Some(Loss::Alike),
            None if !self.slots[flight.to.index()].is_up() => Some(Loss::Down),
            None => None,
        };
        if let Some(loss) = lost {
            return self.lose(&flight, &payload, loss);
        }
        let input = Input::Message(flight, payload);
        if self.slots[flight.to.index()].must_wait(self.now) {
            return self.put_in_inbox(flight.to, input);
        }
        self.handle(flight.to, input)
    }

    pub(crate) fn lose(&mut self, flight: &Flight, payload: &P::Msg, loss: Loss) -> Event {
        let event = Event {
            peer: Some(flight.to),
            msg: Some(flight.msg),
            cause: flight.cause,
            kind: crate::kind::variant_name(payload),
            epoch: P::epoch(payload).map(|epoch| epoch as u32),
            lie: flight.lie,
            ..self.blank(What::Lost(loss), flight.from)
        };
        self.trace(payload);
        self.record(event)
    }

    pub(crate) fn run_out(&mut self, node: NodeId, arming: u32) -> Event {
        let slot = self.slots[node.index()].change();
        let place = slot.timers.iter().position(|timer| timer.arming == arming).expect("a running timer");
        let armed = slot.timers.remove(place);
        let waits = slot.must_wait(self.now);
        let input = Input::Timer(armed.timer, armed.cause);
        if waits { self.put_in_inbox(node, input) } else { self.handle(node, input) }
    }

    pub(crate) fn put_in_inbox(&mut self, node: NodeId, input: Input<P>) -> Event {
        let event = self.event_of(node, &input, true);
        self.slots[node.index()].change().inbox.push_back(input);
        self.plan_take(node);
        self.record(event)
    }

    /// The node takes the first input of its inbox.
    pub(crate) fn take(&mut self, node: NodeId) -> Event {
        let slot = self.slots[node.index()].change();
        slot.take_due = None;
        let input = slot.inbox.pop_front().expect("an input, or taking would not be due");
        let event = self.handle(node, input);
        self.plan_take(node);
        event
    }

    /// What the schedule can do now, soonest first.
    pub fn enabled(&self) -> Vec<(Time, u64, Action)> {
        let mut all: Vec<(Time, u64, Action)> = self
            .flights
            .iter()
            .filter(|(flight, _)| !self.stands_still(flight))
            .map(|(flight, _)| {
                let tie = crate::queue::tie_of_link(flight.from, flight.to, flight.ordinal);
                (flight.due, tie, Action::Deliver(flight.msg))
            })
            .collect();
        for (node, _) in self.setup.cast.iter() {
            let slot = &self.slots[node.index()];
            let tie = |class, ordinal| crate::queue::tie_of_node(node, class, ordinal);
            all.extend(slot.sync_due().map(|at| (at, tie(crate::queue::Class::Disk, 0), Action::Sync(node))));
            all.extend(slot.take_due.map(|at| (at, tie(crate::queue::Class::Take, 0), Action::Take(node))));
            all.extend(slot.timers.iter().map(|timer| {
                let tie = tie(crate::queue::Class::Timer, timer.arming);
                (timer.due, tie, Action::Fire(node, timer.arming))
            }));
        }
        if let Some(running) = &self.demand.running {
            let tie = crate::clients::tie_of_session;
            all.extend(running.due().map(|(session, at)| (at, tie(session), Action::Arrive(session))));
        }
        // A message and its copy may share both. The pinned digests hold which of them this sort puts first.
        all.sort_unstable_by_key(|&(at, tie, _)| (at, tie));
        all
    }

    pub(crate) fn name(&self, node: NodeId) -> &str {
        self.setup.cast.name(node)
    }
}
