//! The row under the header: what is under way, what came of it, and the way back. It also listens for
//! what is dropped or pasted anywhere on the page.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::DataTransfer;

use super::{Exchange, Recording, State, Wish, use_exchange};
use crate::widgets::Icon;

/// The row, and the page's ears.
#[component]
pub fn Desk() -> impl IntoView {
    let exchange = use_exchange();
    listen(exchange);
    view! {
        {move || exchange.dragged.get().then(|| view! {
            <section class="desk drop" aria-label="Drop to open">
                "Drop it anywhere: a run as JSON or script, a link, or a picture that was exported here."
            </section>
        })}
        {move || exchange.recording.get().map(|recording| under_way(exchange, recording))}
        {move || match exchange.state.get() {
            State::Idle => ().into_any(),
            State::Busy(what, done, of) => busy(exchange, what, done, of),
            State::Said { warning, text, back } => said(exchange, warning, text, back),
        }}
    }
}

fn button(word: &'static str, act: impl Fn() + 'static) -> AnyView {
    view! { <button type="button" class="btn" on:click=move |_| act()>{word}</button> }.into_any()
}

fn busy(exchange: Exchange, what: String, done: u32, of: u32) -> AnyView {
    let (label, name) = (what.clone(), what.clone());
    view! {
        <section class="desk" aria-label=label>
            <span>{what}"…"</span>
            <progress aria-label=name max=of.max(1) value=done></progress>
            {button("Cancel", move || exchange.cancel())}
        </section>
    }
    .into_any()
}

fn under_way(exchange: Exchange, recording: Recording) -> AnyView {
    let Recording { place, seconds, kilobytes } = recording;
    view! {
        <section class="desk" aria-label="Recording">
            <span class="desk-dot" aria-hidden="true"></span>
            <span>{format!("Recording the {place}: {seconds} s, {kilobytes} KB")}</span>
            {button("Stop and save", move || exchange.wish.set_value(Wish::Stop))}
            {button("Cancel recording", move || exchange.wish.set_value(Wish::Cancel))}
        </section>
    }
    .into_any()
}

fn said(exchange: Exchange, warning: bool, text: String, back: bool) -> AnyView {
    // With a session there is a live region already.
    let role = exchange.session.is_none().then_some("status");
    view! {
        <section class="desk" class:warning=warning aria-label="Open and save">
            <p role=role>{text}</p>
            {back.then(|| button("Back to the previous run", move || exchange.back()))}
            <button
                type="button"
                class="btn square quiet"
                aria-label="Dismiss this message"
                on:click=move |_| exchange.state.set(State::Idle)
            >
                {Icon::Close.view()}
            </button>
        </section>
    }
    .into_any()
}

/// Listens for as long as the page lives.
fn listen(exchange: Exchange) {
    // What is dragged within the page is not meant for opening.
    let own = StoredValue::new(false);
    let handles = [
        window_event_listener(ev::dragstart, move |_| own.set_value(true)),
        window_event_listener(ev::dragend, move |_| own.set_value(false)),
        window_event_listener(ev::dragover, move |event| {
            let wanted = event.data_transfer().is_some_and(|data| holds_something(&data));
            if wanted && !own.get_value() && !typing(event.target()) {
                event.prevent_default();
                if !exchange.dragged.get_untracked() {
                    exchange.dragged.set(true);
                }
            }
        }),
        window_event_listener(ev::dragleave, move |event| {
            if event.related_target().is_none() {
                exchange.dragged.set(false);
            }
        }),
        window_event_listener(ev::drop, move |event| {
            exchange.dragged.set(false);
            if own.get_value() || typing(event.target()) {
                return;
            }
            if let Some(data) = event.data_transfer() {
                event.prevent_default();
                take(exchange, &data, "What was dropped");
            }
        }),
        window_event_listener(ev::paste, move |event| {
            if typing(event.target()) {
                return;
            }
            let event: &web_sys::ClipboardEvent = event.unchecked_ref();
            if let Some(data) = event.clipboard_data() {
                event.prevent_default();
                take(exchange, &data, "What was pasted");
            }
        }),
    ];
    on_cleanup(move || handles.into_iter().for_each(WindowListenerHandle::remove));
}

/// Whether it is files or text.
fn holds_something(data: &DataTransfer) -> bool {
    let kinds = data.types();
    let is = |kind: wasm_bindgen::JsValue| {
        matches!(kind.as_string().as_deref(), Some("Files" | "text/plain" | "text/uri-list"))
    };
    kinds.iter().any(is)
}

/// Opens the first file, or else the text.
fn take(exchange: Exchange, data: &DataTransfer, name: &str) {
    if let Some(file) = data.files().and_then(|files| files.get(0)) {
        exchange.open_file(file);
        return;
    }
    let text = data.get_data("text/plain").unwrap_or_default();
    if !text.trim().is_empty() {
        exchange.open_text(name, &text);
    }
}

/// Whether a field has it, which takes text itself.
fn typing(target: Option<web_sys::EventTarget>) -> bool {
    let element = target.and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let field = element
        .and_then(|element| element.closest("input, textarea, select, [contenteditable]").ok().flatten());
    field.is_some()
}
