//! What a world shows of its nodes, messages and links, and of what happens next.

use std::cell::RefCell;
use std::sync::Arc;

use faultline_model::{Caption, Kind, Member, NodeId, ParamField, Protocol, Time, sort};

use super::{AnyWorld, World};
use crate::kind::variant_name;
use crate::network::{Flight, Links, bytes_of};
use crate::slot::Health;
use crate::{Action, FlightView, LinkView, Named, NextView, NodeView, Status, SyncView, TimerView};

/// The links as they were last seen, for they change seldom.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen(RefCell<Option<Sight>>);

/// What was seen, and of what.
#[derive(Clone, Debug)]
struct Sight {
    of: Links,
    /// How many nodes there were, and how many of them had left.
    nodes: (usize, usize),
    views: Arc<[LinkView]>,
}

/// A view lists at most so much of what happens next.
const MOST_NEXT: usize = 500;

/// Beyond so many nodes a view lists only links that somebody has changed.
const ALL_LINKS_UP_TO: usize = 40;

/// A message in flight, but for what depends on the protocol and on its link.
fn flight_view(flight: &Flight, named: &[Named], kind: &str, caption: Caption) -> FlightView {
    FlightView {
        msg: flight.msg,
        id: format!("m{}", flight.msg.0),
        from: named[flight.from.index()].clone(),
        to: named[flight.to.index()].clone(),
        kind: kind.to_owned(),
        verb: caption.verb,
        text: caption.text,
        hue: caption.hue,
        reply: caption.reply,
        epoch: None,
        cause: flight.cause,
        sent_at: flight.sent_at,
        due: flight.due,
        queued_until: flight.queued_until(),
        bytes: None,
        held: false,
        doomed: flight.doomed.is_some(),
        lie: flight.lie,
    }
}

/// The links between those pairs; `queues` has the link of each message that waits for its turn.
fn link_views(
    links: &Links,
    pairs: &[(NodeId, NodeId)],
    named: &[Named],
    mut queues: Vec<(NodeId, NodeId)>,
) -> Arc<[LinkView]> {
    sort(&mut queues);
    let up_to = |link, equal| queues.partition_point(|&other| other < link || equal && other == link);
    let view = |&(from, to): &(NodeId, NodeId)| {
        let link = links.get(from, to);
        LinkView {
            from: named[from.index()].clone(),
            to: named[to.index()].clone(),
            cut: link.cut,
            loss: link.loss.map(|loss| loss.write()),
            duplication: link.duplication.map(|share| share.write()),
            fifo: link.fifo,
            latency: link.latency.map(|latency| latency.write()),
            bandwidth: link.bandwidth.map(|bandwidth| bandwidth.write()),
            queue: up_to((from, to), true) - up_to((from, to), false),
            held: link.held,
            dropped: link.dropped.clone(),
        }
    };
    pairs.iter().map(view).collect()
}

impl<P: Protocol> World<P> {
    /// Every node with its name, to be shared by all that speaks of it.
    pub(super) fn all_named(&self) -> Vec<Named> {
        let named = |(node, member): (NodeId, &Member)| Named { node, name: member.name.as_str().into() };
        self.0.setup.cast.iter().map(named).collect()
    }

    pub(super) fn node_view(&self, node: NodeId) -> NodeView {
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
                Health::Left => Status::Left,
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
            synced: slot.synced.map(|synced| SyncView {
                with: global.name(synced.with).to_owned(),
                round_trip: synced.round_trip,
                correction: synced.by,
                error: synced.error(),
            }),
            slewing: slot.clock.slewing(global.now),
            disk_latency: slot.disk_state.latency,
            disk_slow: slot.disk_state.slow,
            disk_full: slot.disk_state.full,
            disk_damaged: slot.damaged.len(),
            suspects: slot.state.suspects().into_iter().map(|other| global.name(other).to_owned()).collect(),
            operations: P::operations(kind).into_iter().map(|form| form.example).collect(),
            lies: P::lies(kind),
            lying: slot.lie.map(|lie| lie.id),
        }
    }

    pub(super) fn flight_views(&self, named: &[Named]) -> Vec<FlightView> {
        let view = |flight: &Flight, payload: &P::Msg| {
            let caption = P::caption(payload, &self.0.setup.cast);
            FlightView {
                epoch: P::epoch(payload),
                bytes: self.0.is_limited(flight).then(|| bytes_of::<P>(payload)),
                held: self.0.stands_still(flight),
                ..flight_view(flight, named, variant_name(payload), caption)
            }
        };
        self.0.flights.iter().map(|(flight, payload)| view(flight, payload)).collect()
    }

    pub(super) fn link_views(&self, named: &[Named]) -> Arc<[LinkView]> {
        let mut seen = self.2.0.borrow_mut();
        let left = self.0.slots.iter().filter(|slot| slot.health == Health::Left).count();
        let nodes = (named.len(), left);
        let limited = self.0.flights.unordered().any(|(flight, _)| flight.queued_until().is_some());
        match &*seen {
            Some(sight) if !limited && sight.nodes == nodes && sight.of.same(&self.0.links) => {
                sight.views.clone()
            }
            _ => {
                let views = self.new_link_views(named);
                // What queues on a link is no part of its state: such views are good for once.
                let sight = || Sight { of: self.0.links.clone(), nodes, views: views.clone() };
                *seen = (!limited).then(sight);
                views
            }
        }
    }

    fn new_link_views(&self, named: &[Named]) -> Arc<[LinkView]> {
        let cast = &self.0.setup.cast;
        let pairs: Vec<(NodeId, NodeId)> = if cast.len() <= ALL_LINKS_UP_TO {
            let all = |from| cast.iter().map(move |(to, _)| (from, to));
            cast.iter().flat_map(|(from, _)| all(from)).filter(|&(from, to)| self.linked(from, to)).collect()
        } else {
            self.0.links.changed().collect()
        };
        // The link of each message that waits for its turn.
        let mut queues: Vec<(NodeId, NodeId)> = vec![];
        self.0.flights.places(|_, flight| {
            if flight.queued_until().is_some_and(|until| until > self.0.now) {
                queues.push((flight.from, flight.to));
            }
        });
        link_views(&self.0.links, &pairs, named, queues)
    }

    pub(super) fn next_views(&self, named: &[Named]) -> Vec<NextView> {
        let global = &self.0;
        let in_flight = global.flights.in_order();
        let view = |(due, _, action): (Time, u64, Action)| {
            let (node, text, msg) = match &action {
                Action::Deliver(msg) => {
                    let place = in_flight.binary_search_by_key(msg, |&(msg, _)| msg).ok()?;
                    let (_, slot) = in_flight[place];
                    let flight = global.flights.occupied(slot)?;
                    let kind = variant_name(global.flights.payload(slot)?);
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
                Action::Arrive(session) => {
                    let arrival = global.demand.running.as_ref()?.arrival(*session);
                    (
                        arrival.client,
                        format!("{} is asked to {}", global.name(arrival.client), arrival.text),
                        None,
                    )
                }
                _ => return None,
            };
            Some(NextView { text, due, action, node: named[node.index()].clone(), msg })
        };
        global.enabled().into_iter().filter_map(view).take(MOST_NEXT).collect()
    }
}
