//! The erasure boundary: above it nobody knows which protocol runs.

use std::any::Any;
use std::collections::BTreeMap;

use faultline_model::{
    About, Cast, Kind, Lens, MsgId, NodeId, OpRecord, ParamField, Property, Protocol, Scope, Time,
};

use crate::kind::variant_name;
use crate::narrate::narrate;
use crate::network::Flight;
use crate::slot::Health;
use crate::{
    Action, Event, FlightView, Global, LinkView, Measure, Named, NextView, NodeView, Operation, Refused,
    Sentence, Setup, Status, TimerView, Tree, VerdictView, WorldView,
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
    /// The state of one node; `None` for a node that does not exist.
    fn detail(&self, node: NodeId) -> Option<Tree>;
    /// What a message in flight carries.
    fn payload(&self, msg: MsgId) -> Option<Tree>;
    /// The client operations so far.
    fn history(&self) -> Vec<Operation>;
    /// Every property, judged now.
    fn verdicts(&self) -> Vec<VerdictView>;
    /// Values measured by the last event.
    fn measures(&self) -> &[Measure];

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
    /// Becomes a copy of `other`, a world of the same protocol, in the memory that it has; false, and
    /// unchanged, if it is of another protocol.
    fn become_copy(&mut self, other: &dyn AnyWorld) -> bool;
    /// Adds what [`AnyWorld::enabled`] lists, in a fixed but arbitrary order.
    fn add_enabled(&self, all: &mut Vec<Action>);

    /// An event as a sentence. `action` is the intervention behind it, if it was one.
    fn narrate(&self, event: &Event, action: Option<&Action>) -> Sentence;
}

/// A running system of one protocol, and the intervention behind its last event, if it was one.
#[derive(Clone, Debug)]
pub struct World<P: Protocol>(Global<P>, Option<Action>);

/// Beyond so many nodes a view lists only links that somebody has changed.
const ALL_LINKS_UP_TO: usize = 40;

impl<P: Protocol> World<P> {
    /// A world that starts from `setup`.
    pub fn new(setup: Setup<P>) -> World<P> {
        World(Global::new(setup), None)
    }

    /// The typed system inside.
    pub fn global(&self) -> &Global<P> {
        &self.0
    }

    fn named(&self, node: NodeId) -> Named {
        Named { node, name: self.0.name(node).to_owned() }
    }

    fn node_view(&self, node: NodeId) -> NodeView {
        let global = &self.0;
        let slot = &global.slots[node.index()];
        let glance = slot.state.glance(&global.setup.params, &global.setup.cast);
        let timers: Vec<TimerView> = slot
            .timers
            .iter()
            .map(|timer| TimerView {
                kind: variant_name(&timer.timer).to_lowercase(),
                armed_at: timer.armed_at,
                due: timer.due,
                arming: timer.arming,
            })
            .collect();
        let kind = global.setup.cast.kind(node);
        NodeView {
            node,
            id: global.name(node).to_owned(),
            client: kind == Kind::Client,
            status: match slot.health {
                Health::Down => Status::Down,
                Health::Paused => Status::Paused,
                Health::Up if slot.busy_until > global.now => Status::Busy,
                Health::Up => Status::Up,
            },
            role: glance.role,
            shape: glance.shape,
            hue: glance.hue,
            epoch: glance.epoch,
            epoch_name: glance.epoch_name,
            cells: glance.cells,
            arc: glance.arc.and_then(|arc| timers.iter().position(|timer| timer.kind == arc)),
            timers,
            offset: slot.clock.offset(global.now),
            drift: slot.clock.drift(),
            inbox: slot.inbox.len(),
            writing: slot.writing.len(),
            slow: slot.slow,
            operations: P::operations(kind).into_iter().map(|form| form.example).collect(),
        }
    }

    fn flight_views(&self) -> Vec<FlightView> {
        let view = |flight: &Flight, payload: &P::Msg| {
            let caption = P::caption(payload, &self.0.setup.cast);
            FlightView {
                msg: flight.msg,
                id: format!("m{}", flight.msg.0),
                from: self.named(flight.from),
                to: self.named(flight.to),
                kind: variant_name(payload).to_owned(),
                verb: caption.verb,
                text: caption.text,
                hue: caption.hue,
                reply: caption.reply,
                epoch: P::epoch(payload),
                sent_at: flight.sent_at,
                due: flight.due,
                doomed: flight.doomed.is_some(),
            }
        };
        self.0.flights.iter().map(|(flight, payload)| view(flight, payload)).collect()
    }

    fn link_views(&self) -> Vec<LinkView> {
        let cast = &self.0.setup.cast;
        let pairs: Vec<(NodeId, NodeId)> = if cast.len() <= ALL_LINKS_UP_TO {
            let all = |from| cast.iter().map(move |(to, _)| (from, to));
            cast.iter()
                .flat_map(|(from, _)| all(from))
                .filter(|&(from, to)| P::linked(cast, from, to))
                .collect()
        } else {
            self.0.links.changed().collect()
        };
        let view = |(from, to)| {
            let link = self.0.links.get(from, to);
            LinkView {
                from: self.named(from),
                to: self.named(to),
                cut: link.cut,
                loss: link.loss.map(|loss| loss.write()),
                duplication: link.duplication.map(|share| share.write()),
                fifo: link.fifo,
                latency: link.latency.map(|latency| latency.write()),
            }
        };
        pairs.into_iter().map(view).collect()
    }

    fn next_views(&self) -> Vec<NextView> {
        let global = &self.0;
        let in_flight: BTreeMap<MsgId, (&Flight, &P::Msg)> =
            global.flights.unordered().map(|(flight, payload)| (flight.msg, (flight, payload))).collect();
        let view = |(due, _, action): (Time, u64, Action)| {
            let (node, text, msg) = match &action {
                Action::Deliver(msg) => {
                    let (flight, payload) = in_flight.get(msg)?;
                    let kind = variant_name(*payload);
                    let (from, to) = (global.name(flight.from), global.name(flight.to));
                    (flight.to, format!("{to} gets {kind} from {from}"), Some(*msg))
                }
                Action::Fire(node, arming) => {
                    let timers = &global.slots[node.index()].timers;
                    let timer = timers.iter().find(|timer| timer.arming == *arming)?;
                    let kind = variant_name(&timer.timer).to_lowercase();
                    (*node, format!("{}’s {kind} timer fires", global.name(*node)), None)
                }
                Action::Sync(node) => {
                    (*node, format!("{}’s write reaches the disk", global.name(*node)), None)
                }
                Action::Take(node) => (*node, format!("{} takes from its inbox", global.name(*node)), None),
                _ => return None,
            };
            Some(NextView { text, due, action, node: self.named(node), msg })
        };
        global.enabled().into_iter().filter_map(view).collect()
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
        WorldView {
            time: self.0.now,
            event: self.0.events,
            nodes: self.0.setup.cast.iter().map(|(node, _)| self.node_view(node)).collect(),
            flights: self.flight_views(),
            links: self.link_views(),
            verdicts: self.verdicts(),
            next: self.next_views(),
            because: self.0.last.as_ref().map(|event| self.narrate(event, self.1.as_ref())),
        }
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
            invoked: record.invoked,
            returned: record.returned.as_ref().map(|(_, at)| *at),
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
            }
        };
        self.0.observe(|lens| P::properties().iter().map(|property| judge(property, lens)).collect())
    }

    fn measures(&self) -> &[Measure] {
        &self.0.measures
    }

    fn enabled(&self) -> Vec<Action> {
        self.0.enabled().into_iter().map(|(_, _, action)| action).collect()
    }
    fn next_due(&mut self) -> Option<Time> {
        self.0.next_due()
    }
    fn apply(&mut self, action: &Action) -> Result<Event, Refused> {
        self.0.apply(action).inspect(|_| self.1 = Some(action.clone()))
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
        Box::new(World(self.0.by_hand(), None))
    }
    fn become_copy(&mut self, other: &dyn AnyWorld) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref::<World<P>>().map(|other| self.0.clone_from(&other.0)).is_some()
    }
    fn add_enabled(&self, all: &mut Vec<Action>) {
        self.0.add_enabled(all);
    }

    fn narrate(&self, event: &Event, action: Option<&Action>) -> Sentence {
        let state = self.0.slots.get(event.node.index()).map(|slot| &slot.state);
        let epoch_name = state.map_or("", |state| state.glance(&self.0.setup.params, self.cast()).epoch_name);
        narrate(&P::ABOUT, self.cast(), epoch_name, event, action)
    }
}
