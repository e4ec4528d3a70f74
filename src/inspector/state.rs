//! What one node holds, what the last event changed in it, and why.

use faultline_model::{NodeId, Time};
use faultline_sim::{NodeView, Row, Status};
use leptos::prelude::*;

use super::past::past;
use super::words::{clock, from_now, split};
use crate::checks::Summary;
use crate::session::{Session, Target, use_session};

/// Up to so many nodes stand as buttons in a row; more become a list to choose from.
const MOST_BUTTONS: usize = 9;

/// The panel.
#[component]
pub fn State() -> impl IntoView {
    let session = use_session();
    let shown = Memo::new(move |_| shown_node(session));
    view! {
        <Why session/>
        <Chooser session shown/>
        {move || shown.get().map(|node| view! { <Table session node/> })}
        <Summary/>
    }
}

/// The node that is selected; without one, the node where the last event happened.
fn shown_node(session: Session) -> Option<NodeId> {
    if let Some(Target::Node(node)) = session.selected.get() {
        return Some(node);
    }
    let last = session.look(|timeline| {
        let events = timeline.events();
        events[..timeline.cursor() as usize]
            .iter()
            .rev()
            .take(64)
            .find(|event| event.what.is_at_its_node())
            .copied()
    });
    last.flatten().map(|event| event.node).or_else(|| session.view().nodes.first().map(|node| node.node))
}

/// Which node: buttons, or a list when there are many.
#[component]
fn Chooser(session: Session, shown: Memo<Option<NodeId>>) -> impl IntoView {
    let names = Memo::new(move |_| {
        session.view().nodes.iter().map(|node| (node.node, node.id.clone())).collect::<Vec<_>>()
    });
    let choose = move |node: NodeId| {
        let again = session.selected.get_untracked() == Some(Target::Node(node));
        session.selected.set((!again).then_some(Target::Node(node)));
    };
    let button = move |(node, name): (NodeId, String)| {
        view! {
            <button
                type="button"
                class:shown=move || shown.get() == Some(node)
                aria-pressed=move || (session.selected.get() == Some(Target::Node(node))).to_string()
                on:click=move |_| choose(node)
                on:mouseenter=move |_| session.lit.set(Some(Target::Node(node)))
                on:mouseleave=move |_| session.lit.set(None)
            >
                {name}
            </button>
        }
    };
    let option = move |(node, name): (NodeId, String)| {
        view! { <option value=node.0 selected=move || shown.get() == Some(node)>{name}</option> }
    };
    view! {
        <div class="chooser">
            {move || if names.with(Vec::len) <= MOST_BUTTONS {
                view! {
                    <div class="chooser-buttons" role="group" aria-label="Node">
                        {names.get().into_iter().map(button).collect_view()}
                    </div>
                }.into_any()
            } else {
                view! {
                    <select
                        class="select"
                        aria-label="Node"
                        on:change=move |event| if let Ok(index) = event_target_value(&event).parse() {
                            session.selected.set(Some(Target::Node(NodeId(index))));
                        }
                    >
                        {names.get().into_iter().map(option).collect_view()}
                    </select>
                }.into_any()
            }}
        </div>
    }
}

/// One line: a label, pieces of text of which some are lit, and whether anything changed.
#[derive(Clone, PartialEq)]
struct Line {
    label: String,
    pieces: Vec<(String, bool)>,
    changed: bool,
}

impl Line {
    fn plain(label: &str, text: String) -> Line {
        Line { label: label.to_owned(), pieces: vec![(text, false)], changed: false }
    }
}

impl From<Row> for Line {
    fn from(row: Row) -> Line {
        let pieces = row.pieces.into_iter().map(|piece| (piece.text, piece.lit)).collect();
        Line { label: row.label, pieces, changed: row.changed }
    }
}

/// The state as a table: the protocol's own fields, then what surrounds them.
#[component]
fn Table(session: Session, node: NodeId) -> impl IntoView {
    let lines = Memo::new(move |_| {
        let mut lines: Vec<Line> = session.rows(node).into_iter().map(Line::from).collect();
        if let Some(view) = session.node(node) {
            lines.extend(surroundings(&view, session.view().time));
        }
        lines
    });
    let pinned = move || matches!(session.selected.get(), Some(Target::Node(_)));
    let heading = move || {
        let view = session.node(node)?;
        let health = match view.status {
            Status::Up => None,
            Status::Busy => Some("busy"),
            Status::Paused => Some("paused"),
            Status::Down => Some("crashed: this is lost"),
            Status::Left => Some("has left for good"),
        };
        Some(view! {
            <h2 class="node-name">
                {view.id}<span class="node-role">{view.role}</span>
                {health.map(|health| view! { <span class="node-health">{health}</span> })}
                <span class="node-note">{move || match (pinned(), session.cursor()) {
                    (true, _) => "chosen",
                    (false, 0) => "",
                    (false, _) => "where it happened",
                }}</span>
            </h2>
        })
    };
    let row = |line: Line| {
        let piece = |(text, lit): (String, bool)| match lit {
            true => view! { <mark>{text}</mark> }.into_any(),
            false => text.into_any(),
        };
        view! {
            <tr class:changed=line.changed>
                <th scope="row">{line.label}</th>
                <td>{line.pieces.into_iter().map(piece).collect_view()}</td>
            </tr>
        }
    };
    view! {
        {heading}
        <table class="state">
            <tbody>{move || lines.get().into_iter().map(row).collect_view()}</tbody>
        </table>
        {past(session, node)}
    }
}

/// What is not the protocol's: clock, timers, inbox, disk.
fn surroundings(view: &NodeView, now: Time) -> Vec<Line> {
    let mut reading = clock(now, view.offset);
    if view.drift != 0 {
        reading.push_str(&format!(" {:+} ppm", view.drift));
    }
    let mut lines = vec![Line::plain("clock", reading)];
    let timer = |timer: &faultline_sim::TimerView| format!("{} {}", timer.kind, from_now(timer.due, now));
    let timers: Vec<String> = view.timers.iter().map(timer).collect();
    if !timers.is_empty() {
        lines.push(Line::plain(if timers.len() == 1 { "timer" } else { "timers" }, timers.join(" · ")));
    }
    if view.inbox > 0 {
        lines.push(Line::plain("inbox", format!("{} waiting", view.inbox)));
    }
    if view.writing > 0 {
        lines.push(Line::plain("disk", format!("{} not yet written", view.writing)));
    }
    if view.slow != 100 {
        lines.push(Line::plain("speed", format!("work takes {} %", view.slow)));
    }
    lines
}

/// Why the last event did what it did: the rule's sentence and its source.
#[component]
fn Why(session: Session) -> impl IntoView {
    move || {
        let cursor = session.cursor();
        let sentence = session.narrate(cursor)?;
        let (what, why) = split(&sentence.text);
        Some(view! {
            <div class="why">
                <b>{what.to_owned()}</b>
                {why.map(|why| view! { <span>{why}" "</span> })}
                {(!sentence.source.is_empty()).then(|| view! { <cite>{sentence.source.clone()}</cite> })}
            </div>
        })
    }
}
