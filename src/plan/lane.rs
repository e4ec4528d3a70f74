//! The lane: time from left to right, what is planned, and how far the run is.

use faultline_model::sort;
use leptos::html::Div;
use leptos::prelude::*;
use leptos_use_element_size::{UseElementSizeReturn, use_element_size};
use leptos_use_media_query::use_media_query;

use super::axis::levels;
use super::{Planning, marker};

/// The width of a marker with a little room, and of one that a finger must hit.
const MARK_PX: f64 = 28.0;
const TOUCH_MARK_PX: f64 = 46.0;

/// The lane.
pub fn view(planning: Planning) -> AnyView {
    let Planning { session, entries, axis, .. } = planning;
    let track = NodeRef::<Div>::new();
    // By number and not by time: what is dragged past another keeps its place in the document, and the
    // focus.
    let ids = Memo::new(move |_| {
        let mut ids: Vec<u32> = entries.with(|entries| entries.iter().map(|entry| entry.id).collect());
        sort(&mut ids);
        ids
    });
    // Markers close in time would cover each other: they stand one below the other.
    let UseElementSizeReturn { width, .. } = use_element_size(track);
    let touch = use_media_query("(pointer: coarse), (max-width: 699px)");
    let places = Memo::new(move |_| {
        let axis = axis.get();
        let mark = if touch.get() { TOUCH_MARK_PX } else { MARK_PX };
        let apart = mark / width.get().max(mark);
        let times: Vec<f64> =
            entries.with(|entries| entries.iter().map(|entry| axis.place(entry.at.0)).collect());
        let ids = entries.with(|entries| entries.iter().map(|entry| entry.id).collect::<Vec<_>>());
        ids.into_iter().zip(levels(&times, apart)).collect::<Vec<(u32, usize)>>()
    });
    let level = move |id: u32| {
        places.with(|places| places.iter().find(|place| place.0 == id).map_or(0, |place| place.1))
    };
    let rows = move || {
        format!("--rows: {}", places.with(|places| places.iter().map(|place| place.1).max().unwrap_or(0)))
    };
    let now = move || {
        let place = axis.get().place(session.display_time.get().max(0.0) as u64);
        format!("width: {:.3}%", place * 100.0)
    };
    let ticks = move || -> Vec<AnyView> {
        let tick = |time: faultline_model::Time| view! { <span>{time.to_string()}</span> }.into_any();
        axis.get().ticks().into_iter().map(tick).collect()
    };
    view! {
        <p class="sr" id="plan-hint">
            "Left and right arrows move it in time, up and down arrows go to others, Enter changes its line, Delete takes it out."
        </p>
        <div class="plan-lane">
            <div class="plan-track" style=rows node_ref=track role="group" aria-label="Planned faults">
                <div class="plan-now" style=now></div>
                <For each=move || ids.get() key=|id| *id let(id)>{marker::view(planning, id, track, Signal::derive(move || level(id)))}</For>
            </div>
            <div class="plan-ticks" aria-hidden="true">{ticks}</div>
        </div>
    }
    .into_any()
}
