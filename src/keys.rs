//! The keys of the player. They never fire while somebody is typing, and leave to buttons, lists
//! and menus the keys that are theirs.

use leptos::ev::{KeyboardEvent, keydown};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::faults::{drop_or_crash, stay_on_stage, target_of};
use crate::session::{Session, Target, Turn, use_session};
use crate::widgets::focus_on;

/// What a key does, for the list of keys.
pub const KEYS: [(&[&str], &str); 12] = [
    (&["Space"], "play or pause"),
    (&["←", "→"], "one event"),
    (&["Shift ←", "Shift →"], "one lesson step"),
    (&["Home", "End"], "to the start, to the end"),
    (&["F"], "fork here"),
    (&["B"], "branches"),
    (&["D"], "drop the message"),
    (&["C"], "crash or restart the node"),
    (&["Enter"], "menu of what has the focus"),
    (&["P", "F", "T"], "at an event of the diagram: light its past, its future, the path to it"),
    (&["V", "+", "−"], "there: vector timestamps, zoom; arrows walk, F forks elsewhere"),
    (&["?"], "this list"),
];

/// Listens for as long as the page lives; `help` shows the list of keys.
pub fn listen(help: impl Fn() + 'static) {
    let session = use_session();
    let listener = window_event_listener(keydown, move |event: KeyboardEvent| {
        if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let owner = owner_of(&event);
        if obey(session, &event, owner, &help) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

/// What has the focus, as far as keys are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    /// A field: every key is its own.
    Typing,
    /// Something that arrows, Home and End move in: a slider, a list of tabs, a diagram.
    Arrows,
    /// Something that Space presses.
    Button,
    /// Nothing of that kind.
    Nobody,
}

fn owner_of(event: &KeyboardEvent) -> Owner {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
        return Owner::Nobody;
    };
    let within = |selector: &str| target.closest(selector).ok().flatten().is_some();
    if within("input[type=range]") {
        Owner::Arrows
    } else if within("select, textarea, [contenteditable], input:not([type=checkbox], [type=radio])") {
        Owner::Typing
    } else if within(
        "[role=menu], [role=tablist], [role=listbox], [role=radiogroup], input[type=radio], .keeps-arrows",
    ) {
        Owner::Arrows
    } else if within("button, a[href], summary, input") {
        Owner::Button
    } else {
        Owner::Nobody
    }
}

/// Does what the key says; whether it said anything.
fn obey(session: Session, event: &KeyboardEvent, owner: Owner, help: &impl Fn()) -> bool {
    if owner == Owner::Typing {
        return false;
    }
    let key = event.key();
    let free = owner != Owner::Arrows;
    match key.as_str() {
        " " if owner == Owner::Nobody => session.toggle(),
        "ArrowLeft" if free && event.shift_key() => session.turn(Turn::Back),
        "ArrowRight" if free && event.shift_key() => session.turn(Turn::Next),
        "ArrowLeft" if free => {
            session.pause();
            session.back();
        }
        "ArrowRight" if free => {
            session.pause();
            session.step();
        }
        "Home" if free => session.to_start(),
        "End" if free => session.to_end(),
        "?" => help(),
        "f" | "F" => session.fork(),
        "b" | "B" => {
            if untrack(|| session.branches().len()) > 1 {
                session.folded.set(false);
                request_animation_frame(|| {
                    focus_on(".branches [aria-current]");
                });
            } else {
                session.announce("There is one branch so far. F starts another.");
            }
        }
        "d" | "D" => return act(session, "D"),
        "c" | "C" => return act(session, "C"),
        _ => return false,
    }
    true
}

/// Drops, crashes or restarts what has the focus, or else what is pointed at, or what is chosen.
fn act(session: Session, key: &str) -> bool {
    let action = session.moment().with_untracked(|moment| {
        session.staging.with_untracked(|staging| {
            let what = |target: &Option<Target>| {
                target.as_ref().and_then(|target| drop_or_crash(&moment.view, staging, target, key))
            };
            what(&focused())
                .or_else(|| session.lit.with_untracked(what))
                .or_else(|| session.selected.with_untracked(what))
        })
    });
    match action {
        Some(action) => {
            let at_a_mark = focused().is_some();
            session.attempt(action);
            if at_a_mark {
                stay_on_stage(session);
            }
        }
        None => session.announce(match key {
            "D" => "Choose a message first.",
            _ => "Choose a node first.",
        }),
    }
    true
}

/// The mark on the stage that the keyboard is at. A pointer that happens to rest elsewhere, where a
/// menu was, must not win over it.
fn focused() -> Option<Target> {
    document().query_selector(".picture :focus-visible").ok().flatten().and_then(|mark| target_of(&mark.id()))
}
