//! The operations of the clients as intervals, with the order that was found, or those that cannot be ordered.

use faultline_check::history::{History, Operation, Outcome};
use faultline_check::registry::Judgement;
use leptos::prelude::*;

use crate::session::Session;

/// The width of the picture, and the height of a process's line, in its own units.
const WIDTH: f64 = 300.0;
const LINE: f64 = 30.0;

/// Where an operation stands in the order, from 1.
fn rank(verdict: &Judgement, place: usize) -> Option<usize> {
    verdict.order.iter().position(|other| *other == place).map(|rank| rank + 1)
}

/// A bar an operation, from its call to its answer, on a line a process; real time is the order of events.
/// `until` is where the shortest prefix ends that cannot be ordered. A bar leads to its operation's end, or
/// its beginning while it has none; the same is in the list for those who do not see it.
pub fn picture(
    session: Session,
    history: &History,
    verdict: &Judgement,
    events: &[u32],
    until: Option<u32>,
) -> AnyView {
    let mut processes: Vec<&str> = vec![];
    for operation in history.operations() {
        if !processes.contains(&operation.process.as_ref()) {
            processes.push(&operation.process);
        }
    }
    let left = 34.0;
    let step = (WIDTH - left - 4.0) / f64::from(history.events() + 1);
    let at = |event: u32| left + step * f64::from(event);
    let height = LINE * processes.len() as f64;
    let lines = processes.iter().enumerate().map(|(line, process)| {
        let y = LINE * (line as f64 + 0.5);
        view! {
            <text x="0" y=y + 4.0>{(*process).to_owned()}</text>
            <line class="base" x1=left x2=WIDTH y1=y y2=y/>
        }
    });
    let bar = |(place, operation): (usize, &Operation)| {
        let line = processes.iter().position(|process| *process == operation.process.as_ref()).unwrap_or(0);
        let (x, y) = (at(operation.invoked), LINE * (line as f64 + 0.5));
        let end = operation.returned.map_or(WIDTH, at);
        let class = match (&operation.outcome, verdict.operations.contains(&place)) {
            (_, true) => "interval guilty",
            (Outcome::Unknown, _) => "interval unknown",
            _ if operation.call.is_read() => "interval read",
            _ => "interval write",
        };
        let event = events.get(place).copied().unwrap_or(0);
        view! {
            <g class=class on:click=move |_| session.seek(event)>
                <title>{operation.describe()}</title>
                <rect x=x y=y - 8.0 width=(end - x).max(3.0) height="16" rx="4"/>
                <text class="rank" x=x + (end - x) / 2.0 y=y + 4.0>{rank(verdict, place)}</text>
            </g>
        }
    };
    let bars = history.operations().iter().enumerate().map(bar).collect_view();
    let end = until.map(|event| view! { <line class="until" x1=at(event) x2=at(event) y1="0" y2=height/> });
    view! {
        <svg class="intervals" viewBox=format!("0 0 {WIDTH} {height}") aria-hidden="true">
            {lines.collect_view()}
            {bars}
            {end}
        </svg>
    }
    .into_any()
}

/// The order found, in words.
pub fn order(history: &History, verdict: &Judgement) -> AnyView {
    if verdict.order.is_empty() {
        return ().into_any();
    }
    let all = history.operations();
    let entry = |place: &usize| view! { <li>{all[*place].describe()}</li> };
    let title = match verdict.holds {
        Some(true) => "The order that explains every answer",
        _ => "The order, as far as there is one",
    };
    view! {
        <details class="as-table">
            <summary>{title}</summary>
            <ol class="found-steps">{verdict.order.iter().map(entry).collect_view()}</ol>
        </details>
    }
    .into_any()
}
