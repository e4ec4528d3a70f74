//! How a node came to its state: for its role, its epoch, its cells and its fields, the event that last
//! changed each. Worked out when asked for, because it plays a stretch of the run again.

use faultline_model::NodeId;
use faultline_sim::{Origin, Since, Timeline};
use leptos::prelude::*;

use super::steps::{self, Step};
use crate::session::Session;

/// A button, and what it opens.
pub fn past(session: Session, node: NodeId) -> AnyView {
    let open = RwSignal::new(false);
    let name = untrack(|| session.node(node)).map(|view| view.id).unwrap_or_default();
    let list = format!("How {name} came to this");
    let told = Memo::new(move |_| {
        // While time runs, it would be worked out for every frame, and nobody could read it.
        if !open.get() || session.playing.get() {
            return vec![];
        }
        session.look(|timeline| tell(timeline, node)).unwrap_or_default()
    });
    let shown = {
        let list = list.clone();
        move || match (open.get(), session.playing.get()) {
            (false, _) => ().into_any(),
            (true, true) => view! { <p class="panel-lead">"Pause to see it."</p> }.into_any(),
            (true, false) => steps::list(session, &list, "past", told.get(), |_| ()),
        }
    };
    view! {
        <div class="past-box">
            <button
                type="button"
                class="chip"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {list.clone()}
            </button>
            {shown}
        </div>
    }
    .into_any()
}

/// A link for each part: "term 3 (before: 2)" and the event behind it.
fn tell(timeline: &Timeline, node: NodeId) -> Vec<Step> {
    let origins = timeline.origins(node, timeline.cursor());
    let (stage, fields): (Vec<_>, Vec<_>) = origins.into_iter().partition(|origin| origin.on_stage);
    // A field of the same name as what the stage shows says the same.
    let same = |field: &Origin| stage.iter().any(|shown| shown.label.eq_ignore_ascii_case(&field.label));
    let fields: Vec<Origin> = fields.into_iter().filter(|field| !same(field)).collect();
    stage.iter().chain(&fields).map(|origin| step(timeline, origin)).collect()
}

fn step(timeline: &Timeline, origin: &Origin) -> Step {
    let Origin { label, value, before, since, .. } = origin;
    let was = if before.is_empty() { String::new() } else { format!(" (before: {})", short(before)) };
    let lead = format!("{label} {}{was}", short(value));
    match since {
        Since::Event(event) => Step::of(timeline, *event, lead),
        Since::Start => Step { text: "since the start of the run".to_owned(), ..Step::of(timeline, 0, lead) },
        Since::Earlier => Step {
            text: "for longer than was looked back".to_owned(),
            at: String::new(),
            ..Step::of(timeline, 0, lead)
        },
    }
}

/// A long value, cut.
fn short(value: &str) -> String {
    const MOST: usize = 48;
    if value.chars().count() <= MOST {
        return value.to_owned();
    }
    let head: String = value.chars().take(MOST - 1).collect();
    format!("{head}…")
}
