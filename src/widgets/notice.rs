//! What the learner must see, and what a screen reader says.

use leptos::prelude::*;

use super::Icon;
use crate::session::{Tone, use_session};

/// The messages above the stage.
#[component]
pub fn Notices() -> impl IntoView {
    let session = use_session();
    view! {
        <div class="notices">
            <For each=move || session.notices.get() key=|notice| notice.id let(notice)>
                <div class="notice" class:warning=notice.tone == Tone::Warning>
                    <p>{notice.text}</p>
                    <button
                        class="btn square quiet"
                        aria-label="Dismiss this message"
                        on:click=move |_| session.dismiss(notice.id)
                    >
                        {Icon::Close.view()}
                    </button>
                </div>
            </For>
        </div>
    }
}

/// The one polite live region: the sentence per event, and what the page has to say.
#[component]
pub fn LiveRegion() -> impl IntoView {
    let session = use_session();
    view! { <div class="sr" aria-live="polite" aria-atomic="true">{move || session.spoken.get()}</div> }
}
