//! What a lesson shows beside the stage: what one node knows, what really happened, whose clock says
//! what.

use faultline_lessons::Panel;
use faultline_model::NodeId;
use leptos::prelude::*;

use super::study::Study;

/// So many events of what really happened are listed.
const HAPPENED: u32 = 7;

/// The lesson's panels, in its order.
#[component]
pub fn Panels(study: Study) -> impl IntoView {
    let lesson = study.lesson();
    let panel = |panel: &Panel| match panel {
        Panel::Knows(node) => view! { <Knows study node=node.clone()/> }.into_any(),
        Panel::Happened => view! { <Happened study/> }.into_any(),
        Panel::Clocks => view! { <Clocks study/> }.into_any(),
    };
    lesson.panels.iter().map(panel).collect_view()
}

/// A node's own state and nothing else.
#[component]
fn Knows(study: Study, node: String) -> impl IntoView {
    let session = study.session();
    let name = node.clone();
    let rows = move || {
        let view = session.view();
        let id = view.nodes.iter().find(|view| view.id == name).map(|view| view.node);
        let rows = id.map(|id: NodeId| session.rows(id)).unwrap_or_default();
        rows.into_iter()
            .map(|row| {
                let pieces = row.pieces.into_iter().map(|piece| {
                    view! { <span class:chg=piece.lit>{piece.text}</span> }
                });
                view! { <dt>{row.label}</dt><dd>{pieces.collect_view()}</dd> }
            })
            .collect_view()
    };
    view! {
        <div class="panel">
            <h3>{format!("What {node} knows")}</h3>
            <dl>{rows}</dl>
        </div>
    }
}

/// The events up to the cursor, as somebody would write them down who sees everything.
#[component]
fn Happened(study: Study) -> impl IntoView {
    let session = study.session();
    let lines = move || {
        let cursor = session.cursor();
        let first = cursor.saturating_sub(HAPPENED) + 1;
        let line = |event: u32| {
            let sentence = session.narrate(event)?;
            Some(view! { <li class:last=event == cursor>{sentence.text}</li> })
        };
        (first..=cursor).filter_map(line).collect_view()
    };
    let nothing =
        move || (session.cursor() == 0).then(|| view! { <p class="lesson-quiet">"Nothing yet."</p> });
    view! {
        <div class="panel">
            <h3>"What really happened"</h3>
            {nothing}
            <ol>{lines}</ol>
        </div>
    }
}

/// True time, and every server's own clock below it.
#[component]
fn Clocks(study: Study) -> impl IntoView {
    let session = study.session();
    let shown = move || session.display_time.get().max(0.0);
    let rows = move || {
        let view = session.view();
        let clocks = view.nodes.iter().filter(|node| !node.client);
        let row = |node: &faultline_sim::NodeView| {
            let offset = node.offset;
            let time = move || seconds(shown() + offset as f64);
            let ahead = match offset {
                0 => String::new(),
                _ => format!(
                    " ({}{})",
                    if offset > 0 { "+" } else { "−" },
                    seconds(offset.unsigned_abs() as f64)
                ),
            };
            view! { <dt>{node.id.clone()}</dt><dd><span class:chg=offset != 0>{time}{ahead}</span></dd> }
        };
        clocks.map(row).collect_view()
    };
    view! {
        <div class="panel clocks">
            <h3>"Clocks"</h3>
            <dl><dt>"true time"</dt><dd>{move || seconds(shown())}</dd>{rows}</dl>
        </div>
    }
}

/// Microseconds as "12.345 s".
fn seconds(micros: f64) -> String {
    format!("{:.3} s", micros / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_read_in_seconds() {
        assert_eq!(seconds(15_000_000.0), "15.000 s");
        assert_eq!(seconds(1_234.0), "0.001 s");
    }
}
