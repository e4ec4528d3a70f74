//! The picture: nodes, the links between them, and the messages on their way.
//!
//! What is drawn follows from the world's view; where a message is follows from the drawn time, and
//! only transforms change from frame to frame. Large crowds are painted on canvas, see [`bulk`].

mod bulk;
mod captions;
mod clock;
mod craft;
mod decor;
mod geometry;
mod gesture;
mod grave;
mod grip;
mod labels;
mod lens;
mod link;
mod links;
mod memory;
mod message;
mod movement;
mod node;
mod options;
mod partition;
mod picture;
mod shapes;
mod words;

use leptos::html::Div;
use leptos::prelude::*;
use leptos_use_element_size::use_element_size;

use crate::faults::{Menu, StageBar};
use crate::session::use_session;
use crate::stage::bulk::Painting;
use crate::stage::craft::{Stagecraft, use_stagecraft};
use crate::stage::gesture::Gestures;
use crate::stage::picture::Picture;
use crate::widgets::Notices;

pub use options::ViewTool;
pub use partition::PartitionTool;

/// The stage with its bar, its notices and its menu.
#[component]
pub fn Stage(
    /// Whether the bar with the faults is shown.
    #[prop(default = true)]
    bar: bool,
) -> impl IntoView {
    let field = NodeRef::<Div>::new();
    let size = use_element_size(field);
    let stagecraft = Stagecraft::provide(Signal::derive(move || (size.width.get(), size.height.get())));
    view! {
        <section class="stage" role="region" aria-label="Stage">
            {bar.then(|| view! { <StageBar/> })}
            <Notices/>
            <Field stagecraft field/>
            <Caption/>
        </section>
    }
}

/// What the pointer acts on: the painting, the picture, the menu.
#[component]
fn Field(stagecraft: Stagecraft, field: NodeRef<Div>) -> impl IntoView {
    let gestures = Gestures::on(stagecraft, field);
    view! {
        <div
            class="stage-field"
            class:drawing=move || stagecraft.drawing.armed.get()
            class:arranging=move || stagecraft.can_arrange()
            class:near=move || stagecraft.lens.near()
            node_ref=field
            on:pointerdown=move |event| gestures.press(&event)
            on:pointermove=move |event| gestures.track(&event)
            on:pointerup=move |event| gestures.release(&event, true)
            on:pointercancel=move |event| gestures.release(&event, false)
            on:click=move |event| gestures.click(&event)
            on:wheel=move |event| gestures.wheel(&event)
            on:keydown=move |event| gestures.key(&event)
        >
            <Show when=move || stagecraft.bulk.get().any()>
                <Painting stagecraft/>
            </Show>
            <Picture stagecraft/>
            <Menu open=stagecraft.menu/>
        </div>
    }
}

/// The sentence of the event at the cursor.
#[component]
fn Caption() -> impl IntoView {
    let session = use_session();
    let sentence = Memo::new(move |_| session.view().because.clone());
    view! {
        <p class="caption">
            {move || match sentence.get() {
                Some(sentence) => view! {
                    <span>{sentence.text}</span>
                    " "
                    <cite>{sentence.source}</cite>
                }
                .into_any(),
                None if !session.loaded() => view! { <span>"Loading…"</span> }.into_any(),
                None => view! {
                    <span>"Nothing has happened yet: press Play, or take one event forward."</span>
                }
                .into_any(),
            }}
        </p>
    }
}
