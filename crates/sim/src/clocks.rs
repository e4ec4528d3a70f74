//! What can be done to a node's clock: set, made to drift, moved, and corrected by another's.

use faultline_model::{Clock, Draw, NodeId, Protocol, Purpose, Span, Time};

use crate::event::What;
use crate::queue::{Class, Due, Pending, tie_of_node};
use crate::slot::{Health, Synced};
use crate::{Correction, Event, Global, Measure, Refused};

/// The way to the reference, and back.
const ASKING: Purpose = Purpose::new("clock synchronisation, asking");
const ANSWER: Purpose = Purpose::new("clock synchronisation, answer");

impl<P: Protocol> Global<P> {
    /// Changes a clock from outside.
    pub(crate) fn set_clock(
        &mut self,
        node: NodeId,
        what: What,
        change: &mut dyn FnMut(&mut Clock, Time),
    ) -> Event {
        self.change_clock(node, change);
        self.happened(what, node)
    }

    /// Changes a clock; running timers keep what is left of them on that clock.
    pub(crate) fn change_clock(&mut self, node: NodeId, change: &mut dyn FnMut(&mut Clock, Time)) {
        self.moved_clock = true;
        let now = self.now;
        let slot = self.slots[node.index()].change();
        let before = slot.clock;
        change(&mut slot.clock, now);
        if !slot.clock.runs_like(&before, now) {
            for timer in &mut slot.timers {
                let left = before.local_span(now, timer.due.since(now));
                timer.due = now + slot.clock.true_span(now, left);
                let tie = tie_of_node(node, Class::Timer, timer.arming);
                let pending = Pending::Timer { node, arming: timer.arming };
                if !self.by_hand {
                    self.queue.push(Due { at: timer.due, tie, pending });
                }
            }
        }
    }

    /// Cristian's method: the node asks the reference for its time and takes the answer to be half the
    /// round trip old (Cristian, Probabilistic clock synchronization, 1989). Both ways take what the links
    /// take, so the error is half their difference, at most half the round trip. The exchange is the one
    /// whose answer arrives now; it is not otherwise part of the run. Chance losses are not drawn: a client
    /// would ask again.
    pub(crate) fn sync_clock(
        &mut self,
        node: NodeId,
        reference: NodeId,
        correction: Correction,
    ) -> Result<Event, Refused> {
        self.check_exchange(node, reference)?;
        let now = self.now;
        let slot = &self.slots[node.index()];
        let ordinal = u64::from(slot.synced.map_or(0, |synced| synced.count));
        let takes = |from: NodeId, to: NodeId, purpose| {
            let place = u64::from(from.0) << 16 | u64::from(to.0);
            let latency = self.links.get(from, to).latency.unwrap_or(self.setup.habitat.latency);
            latency.draw(&mut Draw::new(self.setup.seed, purpose, place, ordinal))
        };
        let (there, back) = (takes(node, reference, ASKING), takes(reference, node, ANSWER));
        // What the reference said when it answered, and what the node measures of the round trip.
        let theirs = &self.slots[reference.index()].clock;
        let said = theirs.reading(now) - theirs.local_span(now, back).0 as i64;
        let round_trip = slot.clock.local_span(now, there + back);
        let by = said + (round_trip.0 / 2) as i64 - slot.clock.reading(now);

        let event =
            self.set_clock(node, What::ClockSynced, &mut |clock, now| clock.correct(now, by, correction));
        let count = ordinal as u32 + 1;
        self.slots[node.index()].change().synced = Some(Synced { with: reference, round_trip, by, count });
        let measured = [("clock correction", by), ("round trip to the reference clock", round_trip.0 as i64)];
        self.measures = measured
            .map(|(series, value)| Measure { event: self.events, series, node, at: now, value })
            .to_vec();
        Ok(event)
    }

    /// Whether question and answer could be exchanged at this moment.
    fn check_exchange(&self, node: NodeId, reference: NodeId) -> Result<(), Refused> {
        if node == reference {
            return self.refuse(node, "cannot be its own reference");
        }
        for (from, to) in [(node, reference), (reference, node)] {
            match self.slots[from.index()].health {
                Health::Down => return self.refuse(from, "is down"),
                Health::Left => return self.refuse(from, "has left"),
                Health::Paused => return self.refuse(from, "is paused"),
                Health::Up => {}
            }
            self.check_link(from, to)?;
            let link = self.links.get(from, to);
            if link.cut {
                return self.refuse_link(from, to, "is cut");
            }
            if link.held {
                return self.refuse_link(from, to, "is held");
            }
        }
        Ok(())
    }
}

/// How a clock was last corrected, as its node knows it.
impl Synced {
    /// The most that the clock can have been off by afterwards.
    pub fn error(&self) -> Span {
        Span(self.round_trip.0.div_ceil(2))
    }
}
