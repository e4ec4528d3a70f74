//! A counterexample as a run: on a timeline, with its interventions as near to the schedule as they can be.

use faultline_model::{Span, Time};
use faultline_sim::{Action, AnyWorld, Refused, Timeline};

use crate::answer::Counterexample;

/// What is done by hand comes so long after what was done before it, if nothing else is due.
const APART: Span = Span::millis(1);

/// Does on a timeline, from its cursor on, what a search has found there; on a branch of its own, if
/// anything comes after the cursor. Leaves the cursor behind the last action.
///
/// A search has no clock. Here each action happens when it would have happened by itself, or as late as
/// what else is due allows: a message that overtakes another arrives when the other is due. If the
/// violation does not come about in that way, everything happens at the moment of the cursor.
pub fn play(timeline: &mut Timeline, found: &Counterexample) -> Result<(), Refused> {
    let times = times(timeline.world(), found);
    for (place, action) in found.actions.iter().enumerate() {
        if let Some(times) = &times {
            timeline.wait(times[place]);
        }
        timeline.act(action.clone())?;
    }
    Ok(())
}

/// When each action is done; `None` if the violation does not come about so.
fn times(start: &dyn AnyWorld, found: &Counterexample) -> Option<Vec<Time>> {
    let mut world = start.fork();
    let mut times = vec![];
    for action in &found.actions {
        let wanted = due(world.as_ref(), action).unwrap_or(Time(world.now().0 + APART.0)).max(world.now());
        // What is due now and comes later holds time still.
        let time = world.next_due().map_or(wanted, |next| next.min(wanted)).max(world.now());
        world.wait(time);
        world.apply(action).ok()?;
        times.push(time);
    }
    found.shows_in(world.as_ref()).then_some(times)
}

/// When it would happen by itself.
fn due(world: &dyn AnyWorld, action: &Action) -> Option<Time> {
    let view = world.view();
    match action {
        Action::Deliver(msg) => {
            view.flights.iter().find(|flight| flight.msg == *msg).map(|flight| flight.due)
        }
        Action::Fire(node, arming) => {
            let node = view.nodes.iter().find(|other| other.node == *node)?;
            node.timers.iter().find(|timer| timer.arming == *arming).map(|timer| timer.due)
        }
        _ => None,
    }
}
