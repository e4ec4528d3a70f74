//! The messages in flight, with what they carry.

use faultline_model::MsgId;
use faultline_sim::{FlightView, Row, rows};
use leptos::prelude::*;

use super::lives::{self, LifeTold};
use super::words::from_now;
use crate::session::{Session, Target, use_session};
use crate::spacetime::hue_word;

/// So many are listed; a flood is better seen in the diagram.
const MOST: usize = 120;

/// The panel.
#[component]
pub fn Messages() -> impl IntoView {
    let session = use_session();
    let flights = Memo::new(move |_| {
        session.view().flights.iter().take(MOST).map(|flight| flight.msg).collect::<Vec<_>>()
    });
    let more = Memo::new(move |_| session.view().flights.len().saturating_sub(MOST));
    // One that no longer flies is told above those that do.
    let gone = Memo::new(move |_| match session.selected.get() {
        Some(Target::Msg(msg)) if find(session, msg).is_none() => told(session, msg),
        _ => None,
    });
    view! {
        {move || gone.get().map(|told| lives::show(session, told))}
        <Show when=move || flights.with(Vec::is_empty)>
            <p class="nothing">"Nothing is in flight."</p>
        </Show>
        <ul class="flights">
            <For each=move || flights.get() key=|msg| *msg children=move |msg| view! { <Message session msg/> }/>
        </ul>
        {move || (more.get() > 0).then(|| view! { <p class="nothing">{format!("and {} more", more.get())}</p> })}
    }
}

fn find(session: Session, msg: MsgId) -> Option<FlightView> {
    session.view().flights.iter().find(|flight| flight.msg == msg).cloned()
}

#[component]
fn Message(session: Session, msg: MsgId) -> impl IntoView {
    // What a message is does not change; when it arrives may.
    let flight = untrack(|| find(session, msg))?;
    let due = Memo::new(move |_| find(session, msg).map(|flight| from_now(flight.due, session.view().time)));
    let payload = StoredValue::new(untrack(|| payload(session, msg)));
    let chosen = Memo::new(move |_| session.selected.get() == Some(Target::Msg(msg)));
    let select = move |_| {
        let again = session.selected.get_untracked() == Some(Target::Msg(msg));
        session.selected.set((!again).then_some(Target::Msg(msg)));
    };
    let text = [flight.verb.as_str(), flight.text.as_str()].into_iter().filter(|part| !part.is_empty());
    let text = text.collect::<Vec<_>>().join(" · ");
    let row = |row: Row| {
        let value: String = row.pieces.into_iter().map(|piece| piece.text).collect();
        view! { <tr><th scope="row">{row.label}</th><td>{value}</td></tr> }
    };
    Some(view! {
        <li
            class="flight"
            class:shown=chosen
            data-hue=hue_word(flight.hue)
            on:mouseenter=move |_| session.lit.set(Some(Target::Msg(msg)))
            on:mouseleave=move |_| session.lit.set(None)
        >
            <button type="button" class="flight-head" aria-expanded=move || chosen.get().to_string() on:click=select>
                <svg class="envelope" class:hollow=flight.reply viewBox="0 0 22 14" aria-hidden="true">
                    <path d="M2 1.5H13L20 7L13 12.5H2Z"/>
                </svg>
                <span class="flight-kind">{flight.kind}</span>
                <span class="flight-way">{flight.from.name}"→"{flight.to.name}</span>
                <span class="flight-due">{move || due.get()}</span>
                <span class="flight-text">{text}</span>
            </button>
            <Show when=move || chosen.get()>
                <table class="state payload"><tbody>
                    {payload.get_value().into_iter().map(row).collect_view()}
                </tbody></table>
                {move || told(session, msg).map(|told| lives::show(session, told))}
            </Show>
        </li>
    })
}

/// The life of a message, as far as the run is recorded.
fn told(session: Session, msg: MsgId) -> Option<LifeTold> {
    session.story();
    session.look(|timeline| lives::tell(timeline, msg)).flatten()
}

/// What a message carries, field by field.
fn payload(session: Session, msg: MsgId) -> Vec<Row> {
    session
        .look(|timeline| {
            let world = timeline.world();
            world.payload(msg).map(|payload| rows(None, &payload, world.cast())).unwrap_or_default()
        })
        .unwrap_or_default()
}
