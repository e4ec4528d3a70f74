//! The menu of a node, a message or a link. An item may open a menu of its own in the same place.

use std::rc::Rc;

use faultline_chunk::chunk;
use faultline_sim::{Action, Timeline};
use leptos::ev::{KeyboardEvent, pointerdown};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::entries::{Deed, Entry, Scene, entries};
use super::form::{Form, keep_in_step};
use super::sheet::Sheet;
use super::{Where, target_id};
use crate::session::{Session, Target, Tone, use_session};
use crate::widgets::{Icon, MenuBox, Room, focus_first, focus_is_lost, focus_on, room};

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
    move || target.get().map(|target| room("The menu", move || show_menu(open, target.clone())))
}

/// What a menu is at.
#[derive(Clone, Copy)]
struct Place {
    session: Session,
    open: RwSignal<Option<Where>>,
    /// The mark that the menu is of.
    id: StoredValue<String>,
    /// The items, and what the menu is called.
    found: Memo<Option<(String, Vec<Entry>)>>,
    /// Which item's own menu is shown, by its label.
    inner: RwSignal<Option<String>>,
    form: RwSignal<Option<Form>>,
}

impl Place {
    fn close(self, back: bool) {
        self.open.set(None);
        // What it acted on may be gone; then the picture takes the focus.
        if back && !self.id.with_value(|id| focus_on(&format!("#{id}"))) {
            focus_on(".stage .grip");
        }
    }

    fn choose(self, entry: &Entry) {
        match &entry.deed {
            Deed::Do(actions) => {
                self.close(true);
                carry_out(self.session, actions.clone());
                stay_on_stage(self.session);
            }
            Deed::Ask(asked) => {
                self.form.set(Some(asked.clone()));
                request_animation_frame(|| {
                    focus_first(".menu form");
                });
            }
            Deed::Open(_) => {
                self.inner.set(Some(entry.label.clone()));
                request_animation_frame(|| {
                    focus_on(".menu [role=menuitem]:not(.menu-up)");
                });
            }
        }
    }

    /// Back from an item's own menu to the item.
    fn up(self) -> bool {
        let Some(label) = self.inner.get_untracked() else { return false };
        self.inner.set(None);
        request_animation_frame(move || {
            focus_on(&format!(".menu [aria-label=\"{label}\"]"));
        });
        true
    }

    /// The items that are shown.
    fn items(self) -> Vec<Entry> {
        let Some((_, items)) = self.found.get() else { return vec![] };
        match self.inner.get() {
            None => items,
            Some(label) => {
                let outer = items.into_iter().find(|entry| entry.label == label);
                match outer.map(|entry| entry.deed) {
                    Some(Deed::Open(items)) => items,
                    _ => vec![],
                }
            }
        }
    }

    fn title(self) -> String {
        let title =
            self.found.with(|found| found.as_ref().map(|(title, _)| title.clone())).unwrap_or_default();
        match self.inner.get() {
            Some(label) => format!("{title}: {label}"),
            None => title,
        }
    }
}

/// To be called when the focus is on a mark that what is done may take away: then the node where the last
/// event happened has it.
pub fn stay_on_stage(session: Session) {
    request_animation_frame(move || {
        if !focus_is_lost() {
            return;
        }
        let last = untrack(|| {
            session.look(|timeline| {
                let before = (timeline.cursor() as usize).checked_sub(1)?;
                timeline.events().get(before).map(|event| event.node)
            })
        });
        let node = last.flatten().map(|node| target_id(&Target::Node(node)));
        if !node.is_some_and(|id| focus_on(&format!("#{id}"))) {
            focus_on(".stage .grip");
        }
    });
}

/// What can be done to `target` now.
fn find(session: Session, target: &Target) -> Option<(String, Vec<Entry>)> {
    session.moment().with(|moment| {
        session.staging.with(|staging| {
            let look = |timeline: &Timeline| {
                entries(Scene { view: &moment.view, staging, world: Some(timeline.world()) }, target)
            };
            session.look(look).flatten()
        })
    })
}

chunk! {
    rooms: fn show_menu(open: RwSignal<Option<Where>>, target: Target) -> Room {
        Rc::new(move || opened(open, target.clone()))
    }
}

fn opened(open: RwSignal<Option<Where>>, target: Target) -> AnyView {
    let session = use_session();
    let id = StoredValue::new(target_id(&target));
    let found = Memo::new(move |_| find(session, &target));
    let place = Place { session, open, id, found, inner: RwSignal::new(None), form: RwSignal::new(None) };
    let empty = Memo::new(move |_| place.items().is_empty());
    Effect::new(move |_| {
        if found.with(Option::is_none) {
            open.set(None);
        } else if empty.get() && place.form.with(Option::is_none) {
            // Its last item is gone.
            place.inner.set(None);
        }
    });
    let style = Signal::derive(move || {
        let height = if place.form.with(Option::is_some) { 350 } else { place.items().len() * 34 + 74 };
        open.with(|open| open.as_ref().map_or_else(String::new, |open| open.style(height)))
    });
    let dialog = Signal::derive(move || place.form.with(Option::is_some) || empty.get());
    let keys = move |event: KeyboardEvent| {
        let up = match event.key().as_str() {
            "ArrowLeft" | "Escape" => place.form.with_untracked(Option::is_none) && place.up(),
            "ArrowRight" => forward(&event),
            _ => false,
        };
        if up {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let content = move || match place.form.get() {
        Some(form) => asked(session, form, Callback::new(move |()| place.close(true))),
        None => list(place),
    };
    view! {
        <MenuBox label=untrack(move || place.title()) style dialog close=move |back| place.close(back)>
            <div class="menu-title" role="presentation">{move || place.title()}</div>
            <div role="presentation" on:keydown=keys>{content}</div>
        </MenuBox>
    }
    .into_any()
}

/// The right arrow opens the menu of the item that has the focus.
fn forward(event: &KeyboardEvent) -> bool {
    let item = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok());
    let leads = item.filter(|item| item.has_attribute("aria-haspopup"));
    leads.inspect(web_sys::HtmlElement::click).is_some()
}

/// The form that asks for more.
pub fn asked(session: Session, form: Form, done: Callback<()>) -> AnyView {
    let view = untrack(|| session.view());
    let fields = form.fields(&view);
    let forms = match &form {
        Form::Invoke(_, forms) => forms.clone(),
        _ => vec![],
    };
    let adjust = Callback::new(move |(mut values, changed)| {
        keep_in_step(&forms, &mut values, changed);
        values
    });
    let (shown, sent) = (form.clone(), form.clone());
    Sheet {
        fields,
        verb: form.verb(),
        adjust: matches!(form, Form::Invoke(..)).then_some(adjust),
        preview: Callback::new(move |values| shown.preview(&values, &untrack(|| session.view()))),
        submit: Callback::new(move |values| {
            let actions = sent.read(&values, &untrack(|| session.view()))?;
            actions
                .into_iter()
                .try_for_each(|action| session.act(action).map(drop).map_err(|trouble| trouble.0))
        }),
        done,
    }
    .view()
}

fn list(place: Place) -> AnyView {
    let items = place.items();
    if items.is_empty() {
        return view! { <p class="menu-form">"Nothing can be done to it in this step."</p> }.into_any();
    }
    let mut rows: Vec<AnyView> = vec![];
    if place.inner.with(Option::is_some) {
        rows.push(
            view! {
                <button class="menu-item menu-up" role="menuitem" tabindex="-1" on:click=move |_| { place.up(); }>
                    {Icon::Back.view()}
                    <span>"Back"</span>
                </button>
            }
            .into_any(),
        );
    }
    for entry in items {
        if entry.apart {
            rows.push(view! { <div class="menu-rule" role="separator"></div> }.into_any());
        }
        rows.push(item(place, entry));
    }
    rows.into_any()
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

fn item(place: Place, entry: Entry) -> AnyView {
    let leads = matches!(entry.deed, Deed::Open(_));
    let (label, name, icon, key) = (entry.label.clone(), entry.label.clone(), entry.icon, entry.key);
    let tail = match (leads, key) {
        (true, _) => Some(view! { <i class="more" aria-hidden="true">"›"</i> }.into_any()),
        (false, Some(key)) => Some(view! { <i class="key" data-key=key></i> }.into_any()),
        _ => None,
    };
    view! {
        <button
            class="menu-item"
            role="menuitem"
            tabindex="-1"
            aria-label=label
            aria-haspopup=leads.then_some("menu")
            aria-expanded=leads.then_some("false")
            on:click=move |_| place.choose(&entry)
        >
            {icon.view()}
            <span>{name}</span>
            {tail}
        </button>
    }
    .into_any()
}
