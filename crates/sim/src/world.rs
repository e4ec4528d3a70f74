//! The erasure boundary: above it nobody knows which protocol runs.

mod views;

use std::any::Any;

use faultline_model::{
    About, Cast, Clock, Kind, Lens, MsgId, NodeId, OpForm, OpRecord, Property, Protocol, Scope, Time,
};

use self::views::Seen;
use crate::narrate::narrate;
use crate::slot::Health;
use crate::{
    Action, Alarm, Event, Global, Load, Measure, NodeView, Operation, Refused, Sentence, Setup, Testimony,
    Tree, VerdictView, WorldView,
};

/// A running system of any protocol. Object-safe; implemented once, by [`crate::World`].
pub trait AnyWorld: Any {
    /// What the protocol says of itself.
    fn about(&self) -> &'static About;
    /// The nodes.
    fn cast(&self) -> &Cast;
    /// True time.
    fn now(&self) -> Time;
    /// How many events have happened.
    fn events(&self) -> u32;
    /// The digest of the trace so far (`StableHasher::NAME`).
    fn digest(&self) -> u64;

    /// Everything that can be seen.
    fn view(&self) -> WorldView;
    /// One node as [`AnyWorld::view`] has it, without the cost of all the rest.
    fn node(&self, node: NodeId) -> Option<NodeView>;
    /// The operations that a node takes, with the slots that a form has fields for.
    fn forms(&self, node: NodeId) -> Vec<OpForm>;
    /// A node's own clock.
    fn clock(&self, node: NodeId) -> Option<Clock>;
    /// The state of one node; `None` for a node that does not exist.
    fn detail(&self, node: NodeId) -> Option<Tree>;
    /// What a message in flight carries.
    fn payload(&self, msg: MsgId) -> Option<Tree>;
    /// The client operations so far.
    fn history(&self) -> Vec<Operation>;
    /// Every property, judged now.
    fn verdicts(&self) -> Vec<VerdictView>;
    /// How much there is to do now; cheap enough to ask after every event.
    fn load(&self) -> Load;
    /// Values measured by the last event.
    fn measures(&self) -> &[Measure];
    /// What handlers testified in the last event.
    fn testimony(&self) -> &[Testimony];

    /// Whether a link leads from one node to the other.
    fn linked(&self, from: NodeId, to: NodeId) -> bool;
    /// What the schedule can do now, soonest first: every delivery, timer, write and inbox.
    fn enabled(&self) -> Vec<Action>;
    /// When the next event is due, unless somebody intervenes.
    fn next_due(&mut self) -> Option<Time>;
    /// Does one thing, or says why it cannot be done; then nothing has changed.
    fn apply(&mut self, action: &Action) -> Result<Event, Refused>;
    /// Lets the schedule do what is due next; `None` when nothing is.
    fn step(&mut self) -> Option<Event>;
    /// Lets true time pass up to `time` without an event. Nothing may be due before.
    fn wait(&mut self, time: Time);
    /// A hash of everything that can make a difference later, without ids and times.
    fn fingerprint(&self) -> u64;
    /// The first property among those that must always hold which does not, by its id; `only` asks for
    /// one of them. Cheaper than [`AnyWorld::verdicts`]: no sentence is made.
    fn broken(&self, only: Option<&str>) -> Option<&'static str>;
    /// An independent copy; costs what is changed later, not what is there.
    fn fork(&self) -> Box<dyn AnyWorld>;

    /// A copy that only [`AnyWorld::apply`] moves, for a search: it keeps no schedule and no trace, and
    /// messages that can make no difference any more are taken away. What can be done to it can be done,
    /// under the same ids, to this world.
    fn by_hand(&self) -> Box<dyn AnyWorld>;
    /// The nodes that the protocol calls interchangeable.
    fn interchangeable(&self) -> Vec<NodeId>;
    /// Whether an operation is the same when two nodes change places.
    fn is_same_for(&self, operation: &str, one: NodeId, other: NodeId) -> bool;
    /// From now on states that differ only in which node of a class is which have one fingerprint; the
    /// classes consist of nodes that are interchangeable.
    fn take_for_alike(&mut self, classes: Vec<Vec<NodeId>>);
    /// What an action is, without the numbers of messages and timers, and the node at which it happens, if
    /// it happens at one: the same in every world in which the same can be done.
    fn tell(&self, action: &Action) -> (u64, Option<NodeId>);
    /// Whether what is noted of the whole run is the same as in `other`, a world of the same protocol: the
    /// clients' history and what was witnessed, if the order makes a difference there.
    fn has_noted_as(&self, other: &dyn AnyWorld) -> bool;
    /// Becomes a copy of `other`, a world of the same protocol, in the memory that it has; false, and
    /// unchanged, if it is of another protocol.
    fn become_copy(&mut self, other: &dyn AnyWorld) -> bool;
    /// Adds what [`AnyWorld::enabled`] lists, in a fixed but arbitrary order.
    fn add_enabled(&self, all: &mut Vec<Action>);
    /// Adds every running timer with the time at which it fires, in a fixed but arbitrary order.
    fn add_alarms(&self, all: &mut Vec<Alarm>);

    /// An event as a sentence. `action` is the intervention behind it, if it was one.
    fn narrate(&self, event: &Event, action: Option<&Action>) -> Sentence;
}

/// A running system of one protocol, and the intervention behind its last event, if it was one.
#[derive(Clone, Debug)]
pub struct World<P: Protocol>(Global<P>, Option<Action>, Seen);

impl<P: Protocol> World<P> {
    /// A world that starts from `setup`.
    pub fn new(setup: Setup<P>) -> World<P> {
        World(Global::new(setup), None, Seen::default())
    }

    /// The typed system inside.
    pub fn global(&self) -> &Global<P> {
        &self.0
    }
}

impl<P: Protocol> AnyWorld for World<P> {
    fn about(&self) -> &'static About {
        &P::ABOUT
    }
    fn cast(&self) -> &Cast {
        &self.0.setup.cast
    }
    fn now(&self) -> Time {
        self.0.now
    }
    fn events(&self) -> u32 {
        self.0.events
    }
    fn digest(&self) -> u64 {
        self.0.digest()
    }

    fn view(&self) -> WorldView {
        let named = self.all_named();
        WorldView {
            time: self.0.now,
            event: self.0.events,
            nodes: self.0.setup.cast.iter().map(|(node, _)| self.node_view(node)).collect(),
            flights: self.flight_views(&named),
            links: self.link_views(&named),
            verdicts: self.verdicts(),
            next: self.next_views(&named),
            because: self.0.last.as_ref().map(|event| self.narrate(event, self.1.as_ref())),
            workload: self.0.demand.running.as_ref().map(|running| running.view(self.cast())),
            elastic: self.0.is_elastic(),
            plan: vec![],
        }
    }

    fn node(&self, node: NodeId) -> Option<NodeView> {
        (node.index() < self.0.slots.len()).then(|| self.node_view(node))
    }

    fn forms(&self, node: NodeId) -> Vec<OpForm> {
        let cast = &self.0.setup.cast;
        if node.index() < cast.len() { P::operations(cast.kind(node)) } else { vec![] }
    }

    fn clock(&self, node: NodeId) -> Option<Clock> {
        self.0.slots.get(node.index()).map(|slot| slot.clock)
    }

    fn detail(&self, node: NodeId) -> Option<Tree> {
        self.0.slots.get(node.index()).map(|slot| Tree::of(&slot.state))
    }

    fn payload(&self, msg: MsgId) -> Option<Tree> {
        self.0.flights.find(msg).and_then(|slot| self.0.flights.payload(slot)).map(Tree::of)
    }

    fn history(&self) -> Vec<Operation> {
        let view = |record: &OpRecord<P>| Operation {
            process: self.0.name(record.client).to_owned(),
            call: record.op.to_string(),
            result: record.returned.as_ref().map(|(ret, _)| ret.to_string()),
            failed: record.returned.as_ref().is_some_and(|(ret, _)| P::failed(ret)),
            invoked: record.invoked,
            invoked_event: record.invoked_event,
            returned: record.returned.as_ref().map(|(_, at)| *at),
            returned_event: record.returned_event,
        };
        self.0.history.iter().map(view).collect()
    }

    fn verdicts(&self) -> Vec<VerdictView> {
        let judge = |property: &Property<P>, lens: &Lens<'_, P>| {
            let standing = (property.check)(lens);
            let holds = standing.is_ok();
            let evidence = standing.err().unwrap_or_default();
            VerdictView {
                property: property.id.to_owned(),
                sentence: property.sentence.to_owned(),
                source: property.source.to_owned(),
                scope: match property.scope {
                    Scope::Always => "always",
                    Scope::Eventually => "eventually",
                    Scope::Sometimes => "sometimes",
                },
                holds,
                why: evidence.why,
                nodes: evidence.nodes.iter().map(|&node| self.0.name(node).to_owned()).collect(),
                marks: if holds { vec![] } else { P::marks(property.id, lens) },
            }
        };
        self.0.observe(|lens| P::properties().iter().map(|property| judge(property, lens)).collect())
    }

    fn load(&self) -> Load {
        let mut load = Load { in_flight: self.0.flights.unordered().count() as u32, ..Load::default() };
        for (node, member) in self.0.setup.cast.iter() {
            let slot = &self.0.slots[node.index()];
            load.waiting += slot.inbox.len() as u32;
            load.writing += slot.writing.len() as u32;
            if member.kind == Kind::Server && !member.left {
                load.servers += 1;
                load.running += u32::from(slot.health == Health::Up);
            }
        }
        load
    }

    fn measures(&self) -> &[Measure] {
        // What an earlier event measured is no longer new.
        let new = self.0.measures.first().is_some_and(|measure| measure.event == self.0.events);
        if new { &self.0.measures } else { &[] }
    }

    fn testimony(&self) -> &[Testimony] {
        let new = self.0.testimony.first().is_some_and(|known| known.event == self.0.events);
        if new { &self.0.testimony } else { &[] }
    }

    fn linked(&self, from: NodeId, to: NodeId) -> bool {
        let cast = self.cast();
        let there = |node: NodeId| node.index() < cast.len() && !cast.has_left(node);
        there(from) && there(to) && P::linked(cast, from, to)
    }
    fn enabled(&self) -> Vec<Action> {
        self.0.enabled().into_iter().map(|(_, _, action)| action).collect()
    }
    fn next_due(&mut self) -> Option<Time> {
        self.0.next_due()
    }
    fn apply(&mut self, action: &Action) -> Result<Event, Refused> {
        // A search narrates nothing: it is spared the copy.
        self.0.apply(action).inspect(|_| self.1 = (!self.0.by_hand).then(|| action.clone()))
    }
    fn step(&mut self) -> Option<Event> {
        self.0.step().inspect(|_| self.1 = None)
    }
    fn wait(&mut self, time: Time) {
        self.0.wait(time);
    }
    fn fingerprint(&self) -> u64 {
        self.0.fingerprint()
    }
    fn broken(&self, only: Option<&str>) -> Option<&'static str> {
        self.0.observe(|lens| {
            let asked = |property: &Property<P>| {
                property.scope == Scope::Always && only.is_none_or(|only| only == property.id)
            };
            let mut properties = P::properties().into_iter().filter(asked);
            properties.find(|property| (property.check)(lens).is_err()).map(|property| property.id)
        })
    }
    fn fork(&self) -> Box<dyn AnyWorld> {
        Box::new(self.clone())
    }
    fn by_hand(&self) -> Box<dyn AnyWorld> {
        Box::new(World(self.0.by_hand(), None, Seen::default()))
    }
    fn interchangeable(&self) -> Vec<NodeId> {
        P::interchangeable(self.cast(), &self.0.setup.params)
    }
    fn is_same_for(&self, operation: &str, one: NodeId, other: NodeId) -> bool {
        operation.parse().is_ok_and(|op| self.0.is_same_for(&op, one, other))
    }
    fn take_for_alike(&mut self, classes: Vec<Vec<NodeId>>) {
        self.0.take_for_alike(classes);
    }
    fn tell(&self, action: &Action) -> (u64, Option<NodeId>) {
        self.0.tell(action)
    }
    fn has_noted_as(&self, other: &dyn AnyWorld) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref::<World<P>>().is_some_and(|other| self.0.noted_as(&other.0))
    }
    fn become_copy(&mut self, other: &dyn AnyWorld) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref::<World<P>>().map(|other| self.0.clone_from(&other.0)).is_some()
    }
    fn add_enabled(&self, all: &mut Vec<Action>) {
        self.0.add_enabled(all);
    }
    fn add_alarms(&self, all: &mut Vec<Alarm>) {
        self.0.add_alarms(all);
    }

    fn narrate(&self, event: &Event, action: Option<&Action>) -> Sentence {
        let state = self.0.slots.get(event.node.index()).map(|slot| &slot.state);
        let epoch_name = state.map_or("", |state| state.glance(&self.0.setup.params, self.cast()).epoch_name);
        narrate(&P::ABOUT, self.cast(), epoch_name, event, action)
    }
}
