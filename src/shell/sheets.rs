//! What the header's buttons open: a row under the header, in the page, over nothing.

use std::rc::Rc;

use faultline_chunk::chunk;
use faultline_sim::link;
use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::Heading;
use crate::exchange::Share;
use crate::keys::KEYS;
use crate::session::{Session, use_session};
use crate::widgets::{Icon, Room, focus_on};

/// A row under the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// The link to this run.
    Share,
    /// The text that puts it into another page.
    Embed,
    /// The keys.
    Keys,
}

chunk! {
    rooms: pub fn show_sheet(shown: Sheet, heading: Signal<Heading>, close: Callback<()>) -> Room {
        Rc::new(move || row(shown, heading, close))
    }
}

/// The open row.
fn row(shown: Sheet, heading: Signal<Heading>, close: Callback<()>) -> AnyView {
    let name = match shown {
        Sheet::Share => "Share",
        Sheet::Embed => "Embed",
        Sheet::Keys => "Keys",
    };
    // Who closes it goes on where it was opened.
    let shut = move || {
        close.run(());
        focus_on(&format!(".top [aria-label={name}]"));
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            event.prevent_default();
            shut();
        }
    };
    view! {
        <section class="sheet" aria-label=name on:keydown=on_key>
            {match shown {
                Sheet::Share => {
                    let about = "The link holds the whole run: seed, faults, branch and cursor.";
                    view! {
                        <Copied name="Link to this run" about text=share_link copy_at_once=true/>
                        <Share close/>
                    }
                    .into_any()
                }
                Sheet::Embed => {
                    let text = move |session| embed_text(session, &heading.get_untracked());
                    let about = "Put this into a page of your own; it shows the run as it stands here.";
                    view! { <Copied name="HTML for your page" about text copy_at_once=false/> }.into_any()
                }
                Sheet::Keys => view! { <Keys/> }.into_any(),
            }}
            <button class="btn square quiet" aria-label=format!("Close {name}") on:click=move |_| shut()>
                {Icon::Close.view()}
            </button>
        </section>
    }
    .into_any()
}

/// A text that can be copied. It follows the run.
#[component]
fn Copied(
    name: &'static str,
    about: &'static str,
    text: impl Fn(Session) -> String + Copy + Send + Sync + 'static,
    copy_at_once: bool,
) -> impl IntoView {
    let session = use_session();
    let current = Memo::new(move |_| {
        session.revision();
        untrack(|| text(session))
    });
    let field = NodeRef::<Input>::new();
    let done = RwSignal::new(None::<bool>);
    let copy = move || {
        leptos::task::spawn_local(async move {
            let copied = put_on_clipboard(&current.get_untracked()).await;
            done.set(Some(copied));
            if copied {
                session.announce(format!("{name}: copied."));
            } else if let Some(field) = field.get_untracked() {
                // Without the clipboard the text is selected, ready for the keyboard.
                field.select();
                session.announce(format!("{name}: selected, copy it with the keyboard."));
            }
        });
    };
    Effect::new(move |_| {
        if copy_at_once {
            copy();
        }
    });
    let word = move || match done.get() {
        None => "Copy",
        Some(true) => "Copied",
        Some(false) => "Select",
    };
    view! {
        <label class="sr" for="sheet-text">{name}</label>
        <input
            id="sheet-text"
            class="input address"
            readonly
            node_ref=field
            prop:value=move || current.get()
            on:focus=move |_| if let Some(field) = field.get_untracked() { field.select() }
        />
        <button class="btn p" on:click=move |_| copy()>{word}</button>
        <p>{about}</p>
        <span class="grow"></span>
    }
}

async fn put_on_clipboard(text: &str) -> bool {
    // Absent in frames and on plain http: then the property is undefined, and so is its method.
    let clipboard = window().navigator().clipboard();
    if clipboard.is_undefined() {
        return false;
    }
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// The address of this page with the whole run in its fragment.
pub fn share_link(session: Session) -> String {
    let location = window().location();
    let page = location.origin().unwrap_or_default() + &location.pathname().unwrap_or_default();
    let run = session.run().map(|run| link::encode(&run));
    run.map_or_else(|| page.clone(), |run| format!("{page}#s={run}"))
}

fn embed_text(session: Session, heading: &Heading) -> String {
    let top = document().base_uri().ok().flatten().unwrap_or_default();
    let slug = heading.embed.clone().unwrap_or_default();
    let run = session.run().map(|run| format!("#s={}", link::encode(&run))).unwrap_or_default();
    // The title is ours, but an author's lesson may have any.
    let title = heading.title.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    format!(
        "<iframe src=\"{top}embed/{slug}/{run}\" title=\"{title}\" width=\"100%\" height=\"480\" \
         style=\"border:0\" allow=\"clipboard-write\"></iframe>"
    )
}

#[component]
fn Keys() -> impl IntoView {
    // It is opened by a key from anywhere: who reads by ear is taken there.
    request_animation_frame(|| {
        focus_on(".sheet h2");
    });
    view! {
        <h2 tabindex="-1">"Keys"</h2>
        <ul class="keys">
            {KEYS
                .map(|(keys, does)| view! {
                    <li>
                        {keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view()}
                        <span>{does}</span>
                    </li>
                })
                .into_iter()
                .collect_view()}
        </ul>
        <span class="grow"></span>
    }
}
