//! Why an event happened: the rule and its source, the chain of causes back to a client's request or a
//! timer, what it changed, and what came of it. The cursor stays where it is.

use faultline_model::MsgId;
use faultline_sim::{Cause, Event, Piece, Tie, Timeline, What, cause, chain, effects, rows};
use leptos::prelude::*;

use super::steps::{self, Step};
use super::words::{moment, split};
use crate::session::{Session, Target, use_session};
use crate::widgets::focus_on;

/// So many consequences are listed.
const MOST_EFFECTS: usize = 40;

/// One field of a node's state that an event changed.
#[derive(Clone, Debug, PartialEq)]
struct Change {
    label: String,
    before: String,
    now: Vec<Piece>,
}

/// Everything that is told of one event.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    event: u32,
    at: String,
    what: String,
    why: Option<String>,
    source: String,
    node: String,
    msg: Option<MsgId>,
    causes: Vec<Step>,
    /// What the chain goes back to, in words.
    root: &'static str,
    changes: Vec<Change>,
    effects: Vec<Step>,
}

/// The panel.
#[component]
pub fn Why() -> impl IntoView {
    let session = use_session();
    let chosen = Memo::new(move |_| match session.selected.get() {
        Some(Target::Event(event)) => Some(event).filter(|event| (1..=session.len()).contains(event)),
        _ => None,
    });
    let told = Memo::new(move |_| {
        session.story();
        let event = chosen.get().unwrap_or_else(|| session.cursor());
        untrack(|| session.look(|timeline| tell(timeline, event))).flatten()
    });
    move || match told.get() {
        None => view! { <p class="nothing">"Nothing has happened yet."</p> }.into_any(),
        Some(told) => show(session, told, chosen.get().is_some()),
    }
}

fn tell(timeline: &Timeline, event: u32) -> Option<Told> {
    let events = timeline.events();
    let record = *events.get((event as usize).checked_sub(1)?)?;
    let sentence = timeline.narrate(event)?;
    let (what, why) = split(&sentence.text);
    let causes = chain(events, event);
    let steps = causes.iter().map(|cause| Step::of(timeline, cause.event, lead(*cause)));
    Some(Told {
        event,
        at: moment(record.at),
        what: what.to_owned(),
        why,
        source: sentence.source,
        node: timeline.world().cast().name(record.node).to_owned(),
        msg: record.msg,
        causes: steps.collect(),
        root: root(events, event, &causes),
        changes: changes(timeline, event),
        effects: effects(events, event, MOST_EFFECTS)
            .into_iter()
            .map(|effect| Step::of(timeline, effect, ""))
            .collect(),
    })
}

/// What a cause was to the event before it in the chain.
fn lead(cause: Cause) -> &'static str {
    match cause.tie {
        Tie::Sent => "sent by",
        Tie::Armed => "armed by",
        Tie::Wrote => "asked for by",
        Tie::Waited => "waited in the inbox since",
    }
}

/// What a chain goes back to.
fn root(events: &[Event], event: u32, causes: &[Cause]) -> &'static str {
    let of = |event: u32| events.get((event as usize).wrapping_sub(1)).map(|event| event.what);
    let last = match causes {
        [.., timer, Cause { tie: Tie::Armed, .. }] => timer.event,
        [Cause { tie: Tie::Armed, .. }] => event,
        [.., last] => last.event,
        [] => event,
    };
    match of(last) {
        None => "the start of the run",
        Some(What::Fired | What::FireQueued) => "a timer",
        Some(What::Invoked | What::InvokeQueued) => "a client’s request",
        Some(what) if what.is_intervention() => "what somebody did",
        Some(_) if cause(events, last).is_none() => "the network",
        Some(_) => "an earlier event",
    }
}

/// What an event changed in the state of its node, field by field.
fn changes(timeline: &Timeline, event: u32) -> Vec<Change> {
    let node = timeline.events()[event as usize - 1].node;
    let [before, after] = [event - 1, event].map(|event| timeline.world_after(event));
    let (Some(was), Some(is)) = (before.detail(node), after.detail(node)) else {
        return vec![];
    };
    let cast = after.cast();
    let old = rows(None, &was, cast);
    let text = |label: &str| {
        let row = old.iter().find(|row| row.label == label);
        row.map(|row| row.pieces.iter().map(|piece| piece.text.as_str()).collect()).unwrap_or_default()
    };
    let changed = rows(Some(&was), &is, cast).into_iter().filter(|row| row.changed);
    changed.map(|row| Change { before: text(&row.label), label: row.label, now: row.pieces }).collect()
}

fn show(session: Session, told: Told, chosen: bool) -> AnyView {
    let Told { event, at, what, why, source, node, msg, causes, root, changes, effects } = told;
    let lead = match causes.is_empty() {
        true => format!("Nothing in the run caused it: it is {root}."),
        false => format!("It goes back to {root}."),
    };
    let nothing = changes.is_empty().then(|| {
        view! { <p class="panel-lead">{format!("Nothing in the state of {node}.")}</p> }
    });
    let effects_title = (!effects.is_empty()).then(|| view! { <h3>"What came of it"</h3> });
    view! {
        <h2 class="why-head" tabindex="-1">
            {format!("Event {event}")}<span class="node-note">{at}</span>
        </h2>
        <div class="why">
            <b>{what}</b>
            {why.map(|why| view! { <span>{why}" "</span> })}
            {(!source.is_empty()).then(|| view! { <cite>{source}</cite> })}
        </div>
        <div class="why-bar">{bar(session, event, msg, chosen)}</div>
        <h3>"Because"</h3>
        {steps::list(session, "Causes", "why-chain", causes, follow)}
        <p class="panel-lead">{lead}</p>
        <h3>{format!("What it changed in {node}")}</h3>
        {nothing}
        {table(changes)}
        {effects_title}
        {steps::list(session, "What came of it", "why-effects", effects, follow)}
    }
    .into_any()
}

/// After a link has been followed, the keyboard is at the next one.
fn follow(_: Session) {
    request_animation_frame(|| {
        if !focus_on(".why-chain button") {
            focus_on(".why-head");
        }
    });
}

/// What can be done with the event.
fn bar(session: Session, event: u32, msg: Option<MsgId>, chosen: bool) -> AnyView {
    let chip = |word: String, act: Box<dyn Fn()>| {
        view! { <button type="button" class="chip" on:click=move |_| act()>{word}</button> }.into_any()
    };
    let mut chips = vec![];
    if chosen {
        chips.push(chip(
            format!("Go to event {event}"),
            Box::new(move || {
                session.pause();
                session.seek(event);
            }),
        ));
        chips.push(chip("Follow the cursor".to_owned(), Box::new(move || session.selected.set(None))));
    }
    if let Some(msg) = msg {
        let show = move || session.selected.set(Some(Target::Msg(msg)));
        chips.push(chip(format!("The life of m{}", msg.0), Box::new(show)));
    }
    chips.into_any()
}

fn table(changes: Vec<Change>) -> AnyView {
    let row = |change: Change| {
        let pieces = change.now.into_iter().map(|piece| match piece.lit {
            true => view! { <mark>{piece.text}</mark> }.into_any(),
            false => piece.text.into_any(),
        });
        view! {
            <tr>
                <th scope="row">{change.label}</th>
                <td><del>{change.before}</del>" "{pieces.collect_view()}</td>
            </tr>
        }
    };
    if changes.is_empty() {
        return ().into_any();
    }
    view! { <table class="state changes"><tbody>{changes.into_iter().map(row).collect_view()}</tbody></table> }
        .into_any()
}
