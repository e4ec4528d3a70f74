//! The part of a mark that can be pointed at, focused and opened: the same for nodes, messages and
//! links.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::Stagecraft;
use super::geometry::Point;
use crate::faults::target_id;
use crate::session::Target;

/// A button on the stage. Enter or a click opens its menu; pointing at it lights its marks elsewhere.
#[component]
pub fn Grip(
    stagecraft: Stagecraft,
    /// What it is a mark of.
    target: Target,
    /// Its accessible name.
    #[prop(into)]
    name: Signal<String>,
    /// What else there is to say.
    #[prop(optional, into)]
    state: MaybeProp<String>,
    /// Whether Tab reaches it.
    #[prop(into)]
    stop: Signal<bool>,
    /// Where it is now, and how far it reaches around that, pixels.
    place: impl Fn() -> (Point, f64) + Copy + 'static,
    children: Children,
) -> impl IntoView {
    let id = target_id(&target);
    let target = StoredValue::new(target);
    let open = move || {
        let (at, clear) = untrack(place);
        stagecraft.open(target.get_value(), at, clear);
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            open();
        }
    };
    view! {
        <g
            class="grip"
            id=id
            role="button"
            tabindex=move || if stop.get() { "0" } else { "-1" }
            aria-haspopup="menu"
            aria-label=move || name.get()
            aria-description=move || state.get()
            on:click=move |_| open()
            on:keydown=on_key
            on:pointerenter=move |_| stagecraft.point_at(Some(target.get_value()))
            on:pointerleave=move |_| stagecraft.point_at(None)
            on:focus=move |_| stagecraft.point_at(Some(target.get_value()))
            on:blur=move |_| stagecraft.point_at(None)
        >
            {children()}
        </g>
    }
}
