//! What holds on a directed link until it is lifted: "drop all like this" and "hold all on this link".

use faultline_model::{NodeId, Protocol};

use crate::event::{Loss, What};
use crate::kind::variant_name;
use crate::network::Flight;
use crate::queue::{Due, Pending, tie_of_link};
use crate::{Event, Global, Refused};

/// The most kinds of messages that one directed link can drop.
const MOST_KINDS: usize = 32;
/// The longest name of a kind, bytes.
pub(crate) const LONGEST_KIND: usize = 100;

impl<P: Protocol> Global<P> {
    pub(crate) fn drop_all(&mut self, from: NodeId, to: NodeId, kind: &str) -> Result<Event, Refused> {
        self.check_link(from, to)?;
        let link = self.links.get(from, to);
        let ends = || format!("{}→{}", self.name(from), self.name(to));
        if kind.is_empty() || kind.len() > LONGEST_KIND {
            return Refused::because("a kind of message is named by its word, such as AppendEntries");
        }
        if link.drops(kind) {
            return Refused::because(format!("every {kind} on the link {} is dropped already", ends()));
        }
        if link.dropped.len() >= MOST_KINDS {
            let why =
                format!("the link {} drops {MOST_KINDS} kinds already, and no more can be named", ends());
            return Refused::because(why);
        }
        self.links.change(from, to, &mut |link| {
            let place = link.dropped.partition_point(|other| other.as_str() < kind);
            link.dropped.insert(place, kind.to_owned());
        });
        // What is on its way dies now, each message as an event of its own.
        let now = self.now;
        let alike = |flight: &Flight, payload: &P::Msg| {
            (flight.from, flight.to) == (from, to) && variant_name(payload).eq_ignore_ascii_case(kind)
        };
        self.flights.change_if(alike, |flight| {
            flight.doomed = Some(Loss::Alike);
            flight.due = now;
        });
        self.plan_arrivals(from, to);
        Ok(self.happened_between(What::DroppedAll, from, to))
    }

    pub(crate) fn let_through(&mut self, from: NodeId, to: NodeId, kind: &str) -> Result<Event, Refused> {
        self.check_link(from, to)?;
        if !self.links.get(from, to).drops(kind) {
            let (from, to) = (self.name(from), self.name(to));
            return Refused::because(format!("{kind} is not dropped on the link {from}→{to}"));
        }
        self.links
            .change(from, to, &mut |link| link.dropped.retain(|other| !other.eq_ignore_ascii_case(kind)));
        Ok(self.happened_between(What::LetThrough, from, to))
    }

    pub(crate) fn hold(&mut self, from: NodeId, to: NodeId) -> Result<Event, Refused> {
        self.check_link(from, to)?;
        if self.links.get(from, to).held {
            return self.refuse_link(from, to, "is already held");
        }
        self.links.change(from, to, &mut |link| link.held = true);
        Ok(self.happened_between(What::Held, from, to))
    }

    pub(crate) fn release(&mut self, from: NodeId, to: NodeId) -> Result<Event, Refused> {
        self.check_link(from, to)?;
        if !self.links.get(from, to).held {
            return self.refuse_link(from, to, "is not held");
        }
        self.links.change(from, to, &mut |link| link.held = false);
        let now = self.now;
        let overdue =
            |flight: &Flight, _: &P::Msg| (flight.from, flight.to) == (from, to) && flight.due < now;
        self.flights.change_if(overdue, |flight| flight.due = now);
        self.plan_arrivals(from, to);
        Ok(self.happened_between(What::Released, from, to))
    }

    /// Plans anew when each message on a link arrives. An entry of the queue that still stands is doubled,
    /// which does no harm: when the first has come true, the second is no longer true.
    fn plan_arrivals(&mut self, from: NodeId, to: NodeId) {
        if self.by_hand {
            return;
        }
        let queue = &mut self.queue;
        self.flights.places(|slot, flight| {
            if (flight.from, flight.to) == (from, to) {
                let pending = Pending::Arrival { slot, msg: flight.msg.0 };
                queue.push(Due { at: flight.due, tie: tie_of_link(from, to, flight.ordinal), pending });
            }
        });
    }

    /// Whether the bandwidth of its link is limited.
    pub(crate) fn is_limited(&self, flight: &Flight) -> bool {
        let link = self.links.get(flight.from, flight.to);
        link.bandwidth.unwrap_or(self.setup.habitat.bandwidth).is_limited()
    }

    /// Whether a message in flight stands still, because its link is held.
    #[inline]
    pub(crate) fn stands_still(&self, flight: &Flight) -> bool {
        self.links.get(flight.from, flight.to).held && flight.doomed != Some(Loss::Alike)
    }

    /// Whether messages of its kind are dropped on its link.
    #[inline]
    pub(crate) fn is_dropped(&self, flight: &Flight, payload: &P::Msg) -> bool {
        let link = self.links.get(flight.from, flight.to);
        !link.dropped.is_empty() && link.drops(variant_name(payload))
    }
}
