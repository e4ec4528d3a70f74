//! What a lesson shows beside the stage: what one node knows, what really happened, whose clock says
//! what.

use faultline_lessons::{CodeLine, Panel};
use faultline_model::NodeId;
use faultline_sim::{NodeView, Status};
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
        Panel::Reach => view! { <Reach study/> }.into_any(),
        Panel::Code(lines) => view! { <Code study lines=lines.clone()/> }.into_any(),
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

/// Whether a message from one server to another would arrive, and who takes whom to have failed.
#[component]
fn Reach(study: Study) -> impl IntoView {
    let session = study.session();
    let rows = move || {
        let view = session.view();
        let servers: Vec<NodeView> = view.nodes.iter().filter(|node| !node.client).cloned().collect();
        let cell = |from: &NodeView, to: &NodeView| {
            let link = view.links.iter().find(|link| link.from.node == from.node && link.to.node == to.node);
            let dead = from.suspects.contains(&to.id);
            let (mark, words) = arrival(link.map(|link| link.cut), from, to);
            let belief = if dead { " †" } else { "" };
            let wrong = dead && to.status != Status::Down;
            view! { <td class:chg=wrong title=words>{mark}{belief}</td> }
        };
        let row = |from: &NodeView| {
            let cells = servers.iter().map(|to| cell(from, to)).collect_view();
            view! { <tr><th scope="row">{from.id.clone()}</th>{cells}</tr> }
        };
        let heads = servers.iter().map(|to| view! { <th scope="col">{to.id.clone()}</th> }).collect_view();
        let rows = servers.iter().map(row).collect_view();
        view! { <thead><tr><th scope="col">"from \\ to"</th>{heads}</tr></thead><tbody>{rows}</tbody> }
    };
    view! {
        <div class="panel reach">
            <h3>"Who reaches whom"</h3>
            <table>{rows}</table>
            <p class="lesson-quiet">"✓ arrives · ✕ cut · ↓ down · ‖ stands still · † held to be dead"</p>
        </div>
    }
}

/// What becomes of a message: a mark and words.
fn arrival(cut: Option<bool>, from: &NodeView, to: &NodeView) -> (&'static str, &'static str) {
    match (cut, from.status, to.status) {
        (None, ..) => ("", "they do not talk to each other"),
        (_, Status::Down, _) => ("↓", "the sender is down"),
        (_, _, Status::Down) => ("↓", "the receiver is down"),
        (Some(true), ..) => ("✕", "the link is cut"),
        (_, Status::Paused, _) => ("‖", "the sender stands still"),
        (_, _, Status::Paused) => ("‖", "the receiver stands still"),
        _ => ("✓", "a message arrives"),
    }
}

/// Lines of a program; the line that the last event executed is lit.
#[component]
fn Code(study: Study, lines: Vec<CodeLine>) -> impl IntoView {
    let session = study.session();
    let rule = Memo::new(move |_| session.narrate(session.cursor()).map(|sentence| sentence.rule));
    let line = |CodeLine { text, rules }| {
        let lit = move || rule.with(|now| now.as_ref().is_some_and(|now| rules.contains(now)));
        view! { <li><code class:chg=lit>{text}</code></li> }
    };
    view! {
        <div class="panel code">
            <h3>"The code"</h3>
            <ol>{lines.into_iter().map(line).collect_view()}</ol>
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
        let row = |node: &NodeView| {
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
