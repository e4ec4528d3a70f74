//! Events as links of a chain: a list of buttons, each of which chooses the event that it tells.

use faultline_sim::{Event, Timeline};
use leptos::prelude::*;

use super::words::moment;
use crate::session::{Session, Target};

/// One link: an event, and what it has to do with the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The number of the event; 0 is the start of the run and leads nowhere.
    pub event: u32,
    /// What it is to the one before it in the list: "sent by".
    pub lead: String,
    /// What happened.
    pub text: String,
    /// When.
    pub at: String,
}

impl Step {
    /// An event as a link, without the rule behind it.
    pub fn of(timeline: &Timeline, event: u32, lead: impl Into<String>) -> Step {
        let record = (event as usize).checked_sub(1).and_then(|index| timeline.events().get(index));
        let (text, at) = match record {
            Some(record) => (what(timeline, event, record), moment(record.at)),
            None => ("the start of the run".to_owned(), moment(faultline_model::Time::ZERO)),
        };
        Step { event, lead: lead.into(), text, at }
    }
}

/// What happened, without the rule behind it.
fn what(timeline: &Timeline, event: u32, record: &Event) -> String {
    let text = timeline.world().narrate(&Event { rule: None, ..*record }, timeline.action_at(event)).text;
    text.trim_end_matches('.').to_owned()
}

/// The links as a list with that name; choosing one leaves the cursor where it is and runs `chosen`.
pub fn list(
    session: Session,
    name: &str,
    class: &'static str,
    steps: Vec<Step>,
    chosen: fn(Session),
) -> AnyView {
    if steps.is_empty() {
        return ().into_any();
    }
    let items = steps.into_iter().map(|step| item(session, step, chosen)).collect_view();
    view! { <ol class=format!("steps {class}") aria-label=name.to_owned()>{items}</ol> }.into_any()
}

fn item(session: Session, step: Step, chosen: fn(Session)) -> AnyView {
    let Step { event, lead, text, at } = step;
    let place = if event == 0 { String::new() } else { format!("event {event}, ") };
    let lead = (!lead.is_empty()).then(|| view! { <span class="step-lead">{lead}</span> });
    let told = view! {
        {lead}
        <span class="step-text">{text}</span>
        <span class="step-place">{place}{at}</span>
    };
    if event == 0 {
        return view! { <li class="step">{told}</li> }.into_any();
    }
    let light = move |on: bool| session.lit.set(on.then_some(Target::Event(event)));
    view! {
        <li class="step">
            <button
                type="button"
                on:click=move |_| {
                    select(session, event);
                    chosen(session);
                }
                on:mouseenter=move |_| light(true)
                on:mouseleave=move |_| light(false)
                on:focus=move |_| light(true)
                on:blur=move |_| light(false)
            >
                {told}
            </button>
        </li>
    }
    .into_any()
}

/// Chooses an event wherever the cursor stands, and says it.
pub fn select(session: Session, event: u32) {
    session.lit.set(None);
    session.selected.set(Some(Target::Event(event)));
    if let Some(sentence) = untrack(|| session.narrate(event)) {
        session.announce(format!("Event {event}: {}", sentence.text));
    }
}
