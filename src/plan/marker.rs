//! The marker of a planned fault.

use faultline_sim::{PlanState, PlanView};
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Planning;
use crate::widgets::{Icon, focus_on};

/// A movement shorter than this is a click, pixels.
const CLICK: f64 = 4.0;

/// The marker of one entry: a slider on the lane's axis, in the row `level` of those that would cover it.
pub fn view(planning: Planning, id: u32, track: NodeRef<Div>, level: Signal<usize>) -> AnyView {
    let Planning { session, axis, dragged, roving, .. } = planning;
    let entry = Memo::new(move |_| planning.entry(id));
    let at = Signal::derive(move || match dragged.get() {
        Some((mine, to)) if mine == id => to,
        _ => entry.with(|entry| entry.as_ref().map_or(0, |entry| entry.at.0)),
    });
    let name = Signal::derive(move || entry.with(|entry| entry.as_ref().map(|entry| entry.text.clone())));
    let told = Signal::derive(move || {
        let entry = entry.get()?;
        Some(state(&entry, at.get(), |event| {
            session.narrate(event).map(|told| told.text).unwrap_or_default()
        }))
    });
    let word = Signal::derive(move || match entry.with(|entry| entry.as_ref().map(|entry| entry.state)) {
        Some(PlanState::Done) => "done",
        Some(PlanState::Skipped) => "skipped",
        _ => "pending",
    });
    let first = move || planning.entries.with(|entries| entries.first().map(|entry| entry.id));
    let reached = Memo::new(move |_| {
        let known = planning.entry(roving.get()).is_some();
        if known { roving.get() == id } else { first() == Some(id) }
    });
    let pressed = StoredValue::new(None::<(f64, bool)>);
    let press = move |event: PointerEvent| press(&event, pressed);
    let track_it = move |event: PointerEvent| follow(planning, id, track, &event, pressed);
    let release = move |event: PointerEvent| let_go(planning, id, &event, pressed);
    view! {
        <div
            class="plan-mark"
            id=format!("plan-{id}")
            role="slider"
            tabindex=move || if reached.get() { "0" } else { "-1" }
            data-state=word
            aria-label=name
            aria-describedby="plan-hint"
            aria-valuemin="0"
            aria-valuemax=move || axis.get().end / 1_000
            aria-valuenow=move || at.get() / 1_000
            aria-valuetext=told
            title=move || format!("{}, {}", name.get().unwrap_or_default(), told.get().unwrap_or_default())
            style=move || format!("left: {:.3}%; --row: {}", axis.get().place(at.get()) * 100.0, level.get())
            on:focus=move |_| roving.set(id)
            on:keydown=move |event| keys(planning, id, &event)
            on:pointerdown=press
            on:pointermove=track_it
            on:pointerup=release
            on:pointercancel=move |_| { pressed.set_value(None); dragged.set(None); }
        >
            {move || entry.with(|entry| entry.as_ref().map(|entry| icon(&entry.verb).view()))}
        </div>
    }
    .into_any()
}

/// When it comes, and what has become of it.
fn state(entry: &PlanView, at: u64, narrate: impl Fn(u32) -> String) -> String {
    let at = faultline_model::Time(at);
    match (entry.state, entry.event) {
        (PlanState::Skipped, Some(event)) => format!("at {at}, skipped: {}", narrate(event)),
        (PlanState::Done, Some(event)) => format!("at {at}, done as event {event}"),
        _ => format!("at {at}, planned"),
    }
}

/// What stands for it.
fn icon(verb: &str) -> Icon {
    match verb {
        "crash" => Icon::Crash,
        "restart" => Icon::Restart,
        "pause" => Icon::Pause,
        "resume" | "release" => Icon::Play,
        "cut" | "partition" => Icon::Cut,
        "heal" | "let" | "honest" => Icon::Heal,
        "drop" | "corrupt" => Icon::Drop,
        "lose" => Icon::Dice,
        "latency" | "delay" => Icon::Delay,
        "slow" | "bandwidth" => Icon::Slow,
        "skew" | "drift" | "jump" | "sync" => Icon::Clock,
        "disk" => Icon::Disk,
        "hold" => Icon::Hold,
        "lie" => Icon::Mask,
        "duplicate" | "repeat" | "add" => Icon::Copy,
        "deliver" => Icon::Deliver,
        "remove" => Icon::Close,
        _ => Icon::Pen,
    }
}

fn keys(planning: Planning, id: u32, event: &KeyboardEvent) {
    let many = if event.shift_key() { 10 } else { 1 };
    let at = untrack(|| planning.entry(id)).map_or(0, |entry| entry.at.0);
    let axis = planning.axis.get_untracked();
    let go = |way: isize| {
        if let Some(other) = planning.beside(id, way) {
            focus_on(&format!("#plan-{other}"));
        }
    };
    match event.key().as_str() {
        "ArrowLeft" => planning.shift(id, axis.moved(at, -many)),
        "ArrowRight" => planning.shift(id, axis.moved(at, many)),
        "ArrowUp" => go(-1),
        "ArrowDown" => go(1),
        "Delete" | "Backspace" => planning.remove(id),
        "Enter" | " " => planning.edit(id),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

type Pressed = StoredValue<Option<(f64, bool)>>;

/// A pointer takes hold of it.
fn press(event: &PointerEvent, pressed: Pressed) {
    if event.button() != 0 {
        return;
    }
    pressed.set_value(Some((f64::from(event.client_x()), false)));
    let mark = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    // Without the capture it is dragged only as long as the pointer is over it.
    let _ = mark.map(|mark| mark.set_pointer_capture(event.pointer_id()));
}

/// It goes where the pointer is.
fn follow(planning: Planning, id: u32, track: NodeRef<Div>, event: &PointerEvent, pressed: Pressed) {
    let Some((from, moved)) = pressed.get_value() else { return };
    let x = f64::from(event.client_x());
    if !moved && (x - from).abs() < CLICK {
        return;
    }
    pressed.set_value(Some((from, true)));
    let Some(bounds) = track.get_untracked().map(|track| track.get_bounding_client_rect()) else { return };
    let place = (x - bounds.left()) / bounds.width().max(1.0);
    planning.dragged.set(Some((id, planning.axis.get_untracked().time(place))));
}

/// It stays where it was let go; a click asks for its line.
fn let_go(planning: Planning, id: u32, event: &PointerEvent, pressed: Pressed) {
    let Some((_, moved)) = pressed.get_value() else { return };
    event.prevent_default();
    pressed.set_value(None);
    let dragged = planning.dragged.get_untracked();
    planning.dragged.set(None);
    match dragged {
        Some((mine, to)) if moved && mine == id => planning.shift(id, to),
        _ => planning.edit(id),
    }
}
