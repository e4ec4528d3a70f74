//! The lane: time from left to right, what is planned, and how far the run is.

use leptos::html::Div;
use leptos::prelude::*;

use super::{Planning, marker};

/// The lane.
pub fn view(planning: Planning) -> AnyView {
    let Planning { session, entries, axis, .. } = planning;
    let track = NodeRef::<Div>::new();
    // By number and not by time: what is dragged past another keeps its place in the document, and the
    // focus.
    let ids = Memo::new(move |_| {
        let mut ids: Vec<u32> = entries.with(|entries| entries.iter().map(|entry| entry.id).collect());
        ids.sort_unstable();
        ids
    });
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
            <div class="plan-track" node_ref=track role="group" aria-label="Planned faults">
                <div class="plan-now" style=now></div>
                <For each=move || ids.get() key=|id| *id let(id)>{marker::view(planning, id, track)}</For>
            </div>
            <div class="plan-ticks" aria-hidden="true">{ticks}</div>
        </div>
    }
    .into_any()
}
