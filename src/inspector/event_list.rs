//! Every event of the branch as a sentence. Only the visible ones are in the document.

use std::ops::Range;

use faultline_sim::{Event, Sentence};
use leptos::ev;
use leptos::html::Div;
use leptos::prelude::*;
use leptos_use_element_size::{UseElementSizeReturn, use_element_size};

use super::scroll::{reveal, visible};
use super::steps::select;
use super::words::moment;
use crate::session::{Session, Target, use_session};
use crate::widgets::{focus_on, keep_focus_by};

/// The height of a row, as `style/inspector.css` has it.
const ROW_PX: f64 = 62.0;

/// The panel.
#[component]
pub fn EventList() -> impl IntoView {
    let session = use_session();
    let frame = NodeRef::<Div>::new();
    let UseElementSizeReturn { height, .. } = use_element_size(frame);
    let top = RwSignal::new(0.0);
    let count = Memo::new(move |_| session.len() as usize);
    let rows = Memo::new(move |_| visible(count.get(), ROW_PX, top.get(), height.get()));
    // The list follows the cursor.
    Effect::new(move |_| {
        let (cursor, high) = (session.cursor() as usize, height.get());
        let Some(frame) = frame.get() else { return };
        let now = f64::from(frame.scroll_top());
        if let Some(to) = cursor.checked_sub(1).and_then(|row| reveal(row, ROW_PX, now, high)) {
            frame.set_scroll_top(to as i32);
        }
    });
    let scrolled = move |_| {
        if let Some(frame) = frame.get_untracked() {
            top.set(f64::from(frame.scroll_top()));
        }
    };
    // Another branch or run has other events under the same numbers.
    let listed = Memo::new(move |_| {
        let branch = session.branches().iter().position(|branch| branch.current);
        let Range { start, end } = rows.get();
        let events = session.events(start as u32 + 1, end as u32);
        let same = |(row, event): (usize, Event)| (row, branch, event.at, event.node, event.what, event.msg);
        (start..end).zip(events).map(same).collect::<Vec<_>>()
    });
    view! {
        <Show when=move || count.get() == 0>
            <p class="nothing">"Nothing has happened yet."</p>
        </Show>
        <div class="events" node_ref=frame on:scroll=scrolled on:keydown=move |event| walk(session, &event)>
            <ol style:height=move || format!("{}px", count.get() as f64 * ROW_PX)>
                <For
                    each=move || {
                        keep_focus_by("data-row");
                        listed.get()
                    }
                    key=|event| *event
                    children=move |(row, ..)| view! { <EventRow session row count/> }
                />
            </ol>
        </div>
    }
}

#[component]
fn EventRow(session: Session, row: usize, count: Memo<usize>) -> impl IntoView {
    let number = row as u32 + 1;
    let Sentence { text, source, .. } = untrack(|| session.narrate(number)).unwrap_or_default();
    let event = untrack(|| session.events(number, number)).first().copied();
    let at = event.map(|event| moment(event.at)).unwrap_or_default();
    let intervention = event.is_some_and(|event| event.what.is_intervention());
    let here = Memo::new(move |_| session.cursor() == number);
    let ahead = Memo::new(move |_| session.cursor() < number);
    let lit = Memo::new(move |_| session.lit.get() == Some(Target::Event(number)));
    // The tab stop is at the cursor, or on the first row at the start of the run.
    let stop = Memo::new(move |_| session.cursor().max(1) == number);
    let go = move |_| {
        session.pause();
        session.seek(number);
    };
    view! {
        <li
            style:top=format!("{}px", row as f64 * ROW_PX)
            aria-setsize=move || count.get()
            aria-posinset=number
            class:here=here
            class:ahead=ahead
            class:lit=lit
            class:intervention=intervention
        >
            <button
                type="button"
                data-row=number
                tabindex=move || if stop.get() { "0" } else { "-1" }
                aria-current=move || here.get().then_some("true")
                title=text.clone()
                on:click=go
                on:mouseenter=move |_| session.lit.set(Some(Target::Event(number)))
                on:mouseleave=move |_| session.lit.set(None)
                on:focus=move |_| session.lit.set(Some(Target::Event(number)))
                on:blur=move |_| session.lit.set(None)
            >
                <span class="event-meta" aria-hidden="true">
                    <span class="event-number">{number}</span>
                    <span>{at}</span>
                    <cite>{source}</cite>
                </span>
                <span class="event-text">{text.clone()}</span>
            </button>
            <button
                type="button"
                class="event-why"
                tabindex=move || if stop.get() { "0" } else { "-1" }
                aria-label=format!("Why event {number}")
                on:click=move |_| select(session, number)
            >
                "why"
            </button>
        </li>
    }
}

/// Up and down go to the event before and after, with the focus.
fn walk(session: Session, event: &ev::KeyboardEvent) {
    let cursor = untrack(|| session.cursor());
    let (next, len) = (cursor + 1, untrack(|| session.len()));
    let to = match event.key().as_str() {
        "ArrowDown" if next <= len => next,
        "ArrowUp" if cursor > 1 => cursor - 1,
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    session.pause();
    session.seek(to);
    request_animation_frame(move || {
        focus_on(&format!("[data-row=\"{to}\"]"));
    });
}
