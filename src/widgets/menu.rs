//! A menu: arrows move, Home and End jump, Escape and Tab close, letters seek.

use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A `menu` whose items are the `[role=menuitem]` buttons within; the first of them gets the focus.
/// While it shows something else, a form say, it is a `dialog`: a menu has nothing but items.
/// `close` is called with whether the focus should go back to where it was.
#[component]
pub fn MenuBox(
    /// Its accessible name.
    #[prop(into)]
    label: String,
    /// Where it stands, as a style.
    #[prop(into)]
    style: Signal<String>,
    /// Whether it holds something else than items.
    #[prop(into)]
    dialog: Signal<bool>,
    /// Closes it.
    close: impl Fn(bool) + Copy + Send + Sync + 'static,
    children: Children,
) -> impl IntoView {
    let menu = NodeRef::<Div>::new();
    take_focus(menu, close);
    let on_key = move |event: KeyboardEvent| {
        let Some(menu) = menu.get_untracked() else {
            return;
        };
        let typing = event.target().is_some_and(|target| {
            target.has_type::<web_sys::HtmlInputElement>() || target.has_type::<web_sys::HtmlSelectElement>()
        });
        let key = event.key();
        let handled = match key.as_str() {
            "Escape" => {
                close(true);
                true
            }
            "Tab" if !typing && menu.query_selector("form").ok().flatten().is_none() => {
                close(true);
                true
            }
            _ if typing => false,
            "ArrowDown" => go(&menu, Step::Next),
            "ArrowUp" => go(&menu, Step::Back),
            "Home" => go(&menu, Step::First),
            "End" => go(&menu, Step::Last),
            letter if letter.chars().count() == 1 && letter != " " => go(&menu, Step::Letter(letter)),
            _ => false,
        };
        if handled {
            event.prevent_default();
        }
        event.stop_propagation();
    };
    view! {
        <div
            class="menu"
            node_ref=menu
            role=move || if dialog.get() { "dialog" } else { "menu" }
            aria-label=label
            tabindex="-1"
            style=style
            on:keydown=on_key
        >
            {children()}
        </div>
    }
}

/// Puts the focus on the first item once it is in the document. Until that frame the focus is still
/// outside, and a quick hand may press Escape before it.
fn take_focus(menu: NodeRef<Div>, close: impl Fn(bool) + Send + Sync + 'static) {
    Effect::new(move |_| {
        if let Some(menu) = menu.get() {
            request_animation_frame(move || {
                go(&menu, Step::First);
            });
        }
    });
    let outside = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Escape" && !event.default_prevented() {
            event.prevent_default();
            close(true);
        }
    });
    on_cleanup(move || outside.remove());
}

enum Step<'a> {
    First,
    Last,
    Next,
    Back,
    Letter(&'a str),
}

/// Moves the focus among the items. False when there are none.
fn go(menu: &web_sys::HtmlDivElement, step: Step<'_>) -> bool {
    let Ok(found) = menu.query_selector_all("[role=menuitem]") else {
        return false;
    };
    let items: Vec<web_sys::HtmlElement> =
        (0..found.length()).filter_map(|i| found.get(i)?.dyn_into().ok()).collect();
    if items.is_empty() {
        return false;
    }
    let active = document().active_element();
    let here = items.iter().position(|item| active.as_ref() == Some(item.as_ref()));
    let last = items.len() - 1;
    let target = match step {
        Step::First => 0,
        Step::Last => last,
        Step::Next => here.map_or(0, |here| if here == last { 0 } else { here + 1 }),
        Step::Back => here.map_or(last, |here| if here == 0 { last } else { here - 1 }),
        Step::Letter(letter) => {
            let begins = |item: &web_sys::HtmlElement| {
                let text = item.text_content().unwrap_or_default().trim().to_lowercase();
                text.starts_with(&letter.to_lowercase())
            };
            let from = here.map_or(0, |here| here + 1);
            match (0..items.len()).map(|i| (from + i) % items.len()).find(|&i| begins(&items[i])) {
                Some(found) => found,
                None => return false,
            }
        }
    };
    items[target].focus().is_ok()
}
