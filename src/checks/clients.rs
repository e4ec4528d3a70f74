//! The operations of the clients as intervals, with the order that was found, or those that cannot be ordered.

use faultline_check::history::History;
use faultline_check::registry::Judgement;
use faultline_model::sort;
use faultline_sim::Operation;
use leptos::prelude::*;

use crate::session::Session;

/// The width of the picture, and the height of a process's line, in its own units.
const WIDTH: f64 = 300.0;
const LINE: f64 = 30.0;

/// Where an operation stands in the order, from 1.
fn rank(verdict: &Judgement, place: usize) -> Option<usize> {
    verdict.order.iter().position(|other| *other == place).map(|rank| rank + 1)
}

/// How an operation's bar looks, and what it says when it is pointed at.
fn words_of(operation: &Operation, guilty: bool) -> (&'static str, String) {
    let class = match &operation.result {
        _ if guilty => "interval guilty",
        None => "interval unknown",
        Some(_) if operation.call.starts_with("read") => "interval read",
        Some(_) => "interval write",
    };
    let answer = operation.result.as_deref().unwrap_or("no answer yet");
    (class, format!("{}: {} → {answer}", operation.process, operation.call))
}

/// A bar an operation, from its call to its answer, on a line a process; real time is the order of events.
/// A dashed line stands where the shortest prefix ends that cannot be ordered, and a closed one goes round a
/// circle. A bar leads to its operation's end, or its beginning while it has none; the same is in the list for
/// those who do not see it.
pub fn picture(session: Session, operations: &[Operation], verdict: &Judgement) -> AnyView {
    let mut processes: Vec<&str> = vec![];
    let mut ends: Vec<u32> = vec![];
    for operation in operations {
        if !processes.contains(&operation.process.as_str()) {
            processes.push(&operation.process);
        }
        ends.extend([Some(operation.invoked_event), operation.returned_event].into_iter().flatten());
    }
    sort(&mut ends);
    ends.dedup();
    let left = 34.0;
    let step = (WIDTH - left - 4.0) / (ends.len() + 1) as f64;
    let at = |event: u32| left + step * (ends.partition_point(|end| *end < event) + 1) as f64;
    let line_of = |process: &str| processes.iter().position(|known| *known == process).unwrap_or(0);
    let middle = |operation: &Operation| LINE * (line_of(&operation.process) as f64 + 0.5);
    let span = |operation: &Operation| {
        (
            at(operation.invoked_event),
            operation.returned_event.map_or(WIDTH, at).max(at(operation.invoked_event) + 3.0),
        )
    };
    let height = LINE * processes.len() as f64;
    let lines = processes.iter().enumerate().map(|(line, process)| {
        let y = LINE * (line as f64 + 0.5);
        view! {
            <text x="0" y=y + 4.0>{(*process).to_owned()}</text>
            <line class="base" x1=left x2=WIDTH y1=y y2=y/>
        }
    });
    let bar = |(place, operation): (usize, &Operation)| {
        let ((x, end), y) = (span(operation), middle(operation));
        let (class, title) = words_of(operation, verdict.operations.contains(&place));
        let event = operation.returned_event.unwrap_or(operation.invoked_event);
        view! {
            <g class=class on:click=move |_| session.seek(event)>
                <title>{title}</title>
                <rect x=x y=y - 8.0 width=end - x height="16" rx="4"/>
                <text class="rank" x=(x + end) / 2.0 y=y + 4.0>{rank(verdict, place)}</text>
            </g>
        }
    };
    let bars = operations.iter().enumerate().map(bar).collect_view();
    let prefix = verdict.last.and_then(|place| operations.get(place)?.returned_event).map(|event| {
        view! { <line class="until" x1=at(event) x2=at(event) y1="0" y2=height/> }
    });
    let round = verdict.id == "K13" && verdict.operations.len() > 1;
    let corner = |place: &usize| {
        let operation = &operations[*place];
        let (x, end) = span(operation);
        format!("{:.1},{:.1}", (x + end) / 2.0, middle(operation))
    };
    let cycle = round.then(|| {
        let points: Vec<String> = verdict.operations.iter().map(corner).collect();
        view! { <polygon class="until" points=points.join(" ")/> }
    });
    view! {
        <svg class="intervals" viewBox=format!("0 0 {WIDTH} {height}") aria-hidden="true">
            {lines.collect_view()}
            {bars}
            {prefix}
            {cycle}
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
