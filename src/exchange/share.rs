//! The sheet with everything that leads out of the page and into it.

use leptos::html::Textarea;
use leptos::prelude::*;

use super::{Exchange, Kind, use_exchange, video};
use crate::widgets::{FileButton, focus_is_lost, focus_on};

/// Save, record, open.
#[component]
pub fn Share(
    /// Closes the sheet: it would stand before what was opened, and in the picture of a recording.
    close: Callback<()>,
) -> impl IntoView {
    let exchange = use_exchange();
    Effect::new(move |before: Option<u32>| {
        let adopted = exchange.adopted.get();
        if before.is_some_and(|before| before != adopted) {
            close.run(());
            // Who pressed a button of the sheet finds the way back next.
            request_animation_frame(|| {
                if focus_is_lost() {
                    focus_on(".desk button");
                }
            });
        }
        adopted
    });
    let save = move |kind: Kind| {
        let (word, about) = kind.label();
        button(word, about, move || exchange.save(kind))
    };
    view! {
        <div class="share">
            <div class="share-row" role="group" aria-label="Save">
                <span class="share-head" aria-hidden="true">"Save"</span>
                {Kind::ALL.into_iter().filter(|kind| *kind != Kind::Link).map(save).collect_view()}
            </div>
            <div class="share-row" role="group" aria-label="Record">
                <span class="share-head" aria-hidden="true">"Record"</span>
                {record(exchange, close)}
            </div>
            <div class="share-row" role="group" aria-label="Open a run">
                <span class="share-head" aria-hidden="true">"Open"</span>
                {open(exchange)}
            </div>
        </div>
    }
}

fn button(word: &'static str, about: &'static str, act: impl Fn() + 'static) -> AnyView {
    view! { <button type="button" class="btn" title=about on:click=move |_| act()>{word}</button> }.into_any()
}

fn record(exchange: Exchange, close: Callback<()>) -> AnyView {
    if !video::possible() {
        return view! { <small>"This browser cannot record: it has no MediaRecorder."</small> }.into_any();
    }
    let start = move |place: &'static str| {
        close.run(());
        exchange.record(place);
    };
    view! {
        {button("Record the stage", "A video of the stage, while time runs", move || start("stage"))}
        {button("Record the diagram", "A video of the space-time diagram, while time runs", move || start("diagram"))}
        <small>"As a video, for at most two minutes, until you stop it."</small>
    }
    .into_any()
}

fn open(exchange: Exchange) -> AnyView {
    let text = NodeRef::<Textarea>::new();
    let open_text = move || {
        if let Some(text) = text.get_untracked() {
            exchange.open_text("The text", &text.value());
        }
    };
    view! {
        <FileButton
            word="Choose a file…"
            about="A run as JSON or script, or a picture that was exported here"
            accept=".json,.txt,.svg,.png,application/json,text/plain,image/svg+xml,image/png"
            chosen=move |file| exchange.open_file(file)
        />
        <textarea
            node_ref=text
            class="input share-text"
            rows="1"
            spellcheck="false"
            aria-label="Link, script or JSON"
            placeholder="or a link, script or JSON"
        ></textarea>
        {button("Open", "Opens the text as a run", open_text)}
        <small>"Or drop a file anywhere, or paste. The run on stage is kept."</small>
    }
    .into_any()
}
