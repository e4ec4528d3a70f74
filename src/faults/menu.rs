//! The menu of a node, a message or a link.

use faultline_sim::Action;
use leptos::ev::pointerdown;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::entries::{Deed, Entry, entries};
use super::fields::FormFields;
use super::form::Form;
use super::{Where, target_id};
use crate::session::{Session, Target, Tone, use_session};
use crate::widgets::{MenuBox, focus_first, focus_on};

/// The open menu, if there is one.
#[component]
pub fn Menu(open: RwSignal<Option<Where>>) -> impl IntoView {
    let session = use_session();
    // While a message is being chosen for, it must not arrive.
    Effect::new(move |_| {
        if open.with(|open| matches!(open, Some(Where { target: Target::Msg(_), .. }))) {
            session.pause();
        }
    });
    let target = Memo::new(move |_| open.with(|open| open.as_ref().map(|open| open.target.clone())));
    let listener = window_event_listener(pointerdown, move |event| {
        let inside = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .is_some_and(|target| target.closest(".menu").ok().flatten().is_some());
        if !inside && open.with_untracked(Option::is_some) {
            open.set(None);
        }
    });
    on_cleanup(move || listener.remove());
    view! {
        {move || target.get().map(|target| view! { <OpenMenu open target/> })}
    }
}

#[component]
fn OpenMenu(open: RwSignal<Option<Where>>, target: Target) -> impl IntoView {
    let session = use_session();
    let form = RwSignal::new(None::<Form>);
    let id = StoredValue::new(target_id(&target));
    let close = move |back: bool| {
        open.set(None);
        // What it acted on may be gone; then the picture takes the focus.
        if back && !id.with_value(|id| focus_on(&format!("#{id}"))) {
            focus_on(".stage .grip");
        }
    };
    let found = {
        let target = target.clone();
        Memo::new(move |_| {
            session
                .moment()
                .with(|moment| session.staging.with(|staging| entries(&moment.view, staging, &target)))
        })
    };
    Effect::new(move |_| {
        if found.with(Option::is_none) {
            open.set(None);
        }
    });
    let choose = move |deed: Deed| match deed {
        Deed::Do(actions) => {
            close(true);
            carry_out(session, actions);
        }
        Deed::Ask(asked) => {
            form.set(Some(asked));
            request_animation_frame(|| {
                focus_first(".menu form");
            });
        }
    };
    let style = Signal::derive(move || {
        let rows = found.with(|found| found.as_ref().map_or(1, |(_, items)| items.len()));
        let height = if form.with(Option::is_some) { 260 } else { rows * 34 + 56 };
        open.with(|open| open.as_ref().map_or_else(String::new, |open| open.style(height)))
    });
    let dialog = Signal::derive(move || {
        form.with(Option::is_some)
            || found.with(|found| found.as_ref().is_some_and(|(_, items)| items.is_empty()))
    });
    let title =
        move || found.with(|found| found.as_ref().map(|(title, _)| title.clone()).unwrap_or_default());
    view! {
        <MenuBox label=untrack(title) style dialog close>
            <div class="menu-title" role="presentation">{title}</div>
            {move || match form.get() {
                Some(form) => view! { <FormFields form done=move || close(true)/> }.into_any(),
                None => {
                    let items = found.get().map(|(_, items)| items).unwrap_or_default();
                    view! { <Items items choose/> }.into_any()
                }
            }}
        </MenuBox>
    }
}

#[component]
fn Items(items: Vec<Entry>, choose: impl Fn(Deed) + Copy + Send + Sync + 'static) -> impl IntoView {
    if items.is_empty() {
        let nothing = "Nothing can be done to it in this step.";
        return view! { <p class="menu-form">{nothing}</p> }.into_any();
    }
    items.into_iter().map(|entry| view! { <Item entry choose/> }).collect_view().into_any()
}

/// Acts one after the other; the first refusal is shown and ends it.
fn carry_out(session: Session, actions: Vec<Action>) {
    for action in actions {
        if let Err(trouble) = session.act(action) {
            session.notify(Tone::Warning, trouble.0);
            return;
        }
    }
}

#[component]
fn Item(entry: Entry, choose: impl Fn(Deed) + Copy + Send + Sync + 'static) -> impl IntoView {
    let deed = entry.deed;
    let label = entry.label.clone();
    view! {
        <button class="menu-item" role="menuitem" tabindex="-1" aria-label=label on:click=move |_| choose(deed.clone())>
            {entry.icon.view()}
            <span>{entry.label}</span>
            {entry.key.map(|key| view! { <i class="key" data-key=key></i> })}
        </button>
    }
}
