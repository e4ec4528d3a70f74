//! The whole life of one message, on its way or long gone: who sent it and why, what happened to it
//! on the way, how it ended, and what came of that.

use faultline_model::MsgId;
use faultline_sim::{Fate, FlightView, Loss, Timeline, What, copied_from, effects, life};
use leptos::prelude::*;

use super::steps::{self, Step};
use super::words::length;
use crate::session::Session;

/// So many consequences are listed.
const MOST_EFFECTS: usize = 20;

/// What is told of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct LifeTold {
    /// "RequestVote from S1 to S3".
    pub name: String,
    /// How it ended, or that it has not.
    fate: String,
    /// Sending, events on the way, end.
    steps: Vec<Step>,
    /// What its handling caused.
    effects: Vec<Step>,
}

/// What the recorded run tells of a message; `None` when there is no such message.
pub fn tell(timeline: &Timeline, msg: MsgId) -> Option<LifeTold> {
    let (events, world) = (timeline.events(), timeline.world());
    let cast = world.cast();
    let Some(life) = life(events, msg) else {
        // Undisturbed on its way: only the world at the cursor knows it.
        let flight = world.view().flights.into_iter().find(|flight| flight.msg == msg)?;
        return Some(flying(timeline, &flight));
    };
    let copied = copied_from(events, &life);
    let sent = match copied {
        Some(original) => format!("copied from m{} by hand", original.0),
        None => "sent by".to_owned(),
    };
    let record = |event: u32| events[event as usize - 1];
    let mut told = vec![Step::of(timeline, life.sent, sent)];
    told.extend(life.steps.iter().map(|&event| Step::of(timeline, event, step_lead(record(event).what))));
    let end = life.end();
    let since = (life.sent as usize).checked_sub(1).map_or(0, |sent| events[sent].at.0);
    let took = end.map(|end| length(record(end).at.0.saturating_sub(since)));
    let came_of = end.filter(|_| life.fate == Fate::Handled).map(|end| effects(events, end, MOST_EFFECTS));
    Some(LifeTold {
        name: format!("{} from {} to {}", life.kind, cast.name(life.from), cast.name(life.to)),
        fate: fate_words(life.fate, took.unwrap_or_default()),
        steps: told,
        effects: came_of.unwrap_or_default().into_iter().map(|event| Step::of(timeline, event, "")).collect(),
    })
}

fn flying(timeline: &Timeline, flight: &FlightView) -> LifeTold {
    LifeTold {
        name: format!("{} from {} to {}", flight.kind, flight.from.name, flight.to.name),
        fate: fate_words(Fate::Flying, String::new()),
        steps: vec![Step::of(timeline, flight.cause, "sent by")],
        effects: vec![],
    }
}

/// What a step is to the message.
fn step_lead(what: What) -> &'static str {
    match what {
        What::Queued => "arrived and waits",
        What::Delivered => "handled",
        What::Lost(_) => "lost",
        What::Delayed => "delayed by hand",
        What::Duplicated => "copied by hand",
        _ => "forgotten",
    }
}

fn fate_words(fate: Fate, took: String) -> String {
    match fate {
        Fate::Flying => "It is still on its way.".to_owned(),
        Fate::Waiting => "It waits in the receiver’s inbox.".to_owned(),
        Fate::Handled => format!("Handled {took} after it was sent."),
        Fate::Lost(Loss::Dropped) => format!("Dropped by hand after {took}."),
        Fate::Lost(_) => format!("Lost after {took}."),
        Fate::Forgotten => format!("Forgotten in the inbox when the receiver crashed, after {took}."),
    }
}

/// The life of a message as lists of links.
pub fn show(session: Session, told: LifeTold) -> AnyView {
    let LifeTold { name, fate, steps, effects } = told;
    let title = (!effects.is_empty()).then(|| view! { <h3>"What its handling caused"</h3> });
    let list = format!("The life of {name}");
    view! {
        <div class="life">
            <h3>{list.clone()}</h3>
            <p class="panel-lead">{fate}</p>
            {steps::list(session, &list, "life-steps", steps, |_| ())}
            {title}
            {steps::list(session, "What its handling caused", "life-effects", effects, |_| ())}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use faultline_lessons::catalogue;
    use faultline_sim::{Action, Scenario};

    use super::*;

    #[test]
    fn a_life_goes_from_the_sending_to_what_came_of_it() {
        let scenario = Scenario { protocol: "raft".to_owned(), nodes: 3, seed: 7, ..Scenario::default() };
        let mut run = Timeline::new(scenario.clone(), catalogue::build(&scenario).unwrap());
        while run.world().view().flights.is_empty() {
            run.step();
        }
        let sender = run.len();
        let flights = run.world().view().flights;
        let told = tell(&run, flights[0].msg).unwrap();
        assert_eq!((told.steps.len(), told.steps[0].event), (1, sender));
        assert_eq!(told.fate, "It is still on its way.");
        run.act(Action::Drop(flights[0].msg)).unwrap();
        let told = tell(&run, flights[0].msg).unwrap();
        assert_eq!(told.steps.iter().map(|step| step.lead.as_str()).collect::<Vec<_>>(), ["sent by", "lost"]);
        run.act(Action::Duplicate(flights[1].msg)).unwrap();
        let copy = run.world().view().flights.last().unwrap().msg;
        while run.world().view().flights.iter().any(|flight| flight.msg == copy) {
            run.step();
        }
        let told = tell(&run, copy).unwrap();
        assert_eq!(told.steps[0].lead, format!("copied from m{} by hand", flights[1].msg.0));
        assert_eq!(told.steps.last().unwrap().lead, "handled");
        assert_eq!(tell(&run, MsgId(9_999)), None);
    }
}
