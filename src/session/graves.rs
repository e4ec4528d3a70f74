//! Where messages died: the stage marks the place for a while.

use faultline_model::Time;
use faultline_sim::{FlightView, Loss, What};

use super::Engine;

/// A message that was lost, and how far it had come.
#[derive(Clone, Debug, PartialEq)]
pub struct Grave {
    /// The event of its loss, counted from 1.
    pub event: u32,
    /// When.
    pub at: Time,
    /// The message as it was in flight.
    pub flight: FlightView,
    /// How far it had come, from 0 at its sender to 1 at its receiver.
    pub place: f64,
    /// Why.
    pub loss: Loss,
}

/// What is held waits here, short of the middle of its way.
pub const HELD: f64 = 0.44;
/// So many events back a grave is still kept; the stage fades it by its age.
const KEPT: u32 = 40;

impl Grave {
    /// How long the message had been under way, microseconds, and at least a little: its mark fades
    /// as slowly as it travelled.
    pub fn age_scale(&self) -> f64 {
        (self.at.since(self.flight.sent_at).0 as f64).max(2_000.0)
    }
}

/// How far a message has come at `time`. What the network is going to lose ends midway; what is held
/// waits before that; what queues for a link's bandwidth has not left yet.
pub fn progress(flight: &FlightView, time: f64) -> f64 {
    let (left, due) = (flight.queued_until.unwrap_or(flight.sent_at).0 as f64, flight.due.0 as f64);
    let whole = if due > left { ((time - left) / (due - left)).clamp(0.0, 1.0) } else { 1.0 };
    match (flight.held, flight.doomed) {
        (true, _) => (whole / 2.0).min(HELD),
        (_, true) => whole / 2.0,
        _ => whole,
    }
}

impl Engine {
    /// Marks the place if the event at the cursor lost a message, and forgets old places.
    pub(super) fn bury(&mut self) {
        let Some(timeline) = &self.timeline else {
            return;
        };
        let cursor = timeline.cursor();
        self.graves.retain(|grave| grave.event < cursor && grave.event + KEPT > cursor);
        let Some(event) = (cursor as usize).checked_sub(1).and_then(|i| timeline.events().get(i)) else {
            return;
        };
        let What::Lost(loss) = event.what else { return };
        let Some(before) = &self.before else { return };
        let flight = before.view().flights.into_iter().find(|flight| Some(flight.msg) == event.msg);
        if let Some(flight) = flight {
            let place = progress(&flight, event.at.0 as f64);
            self.graves.push(Grave { event: cursor, at: event.at, flight, place, loss });
        }
    }
}
