//! What the clients saw: their operations as intervals, judged against the consistency models.

use faultline_check::history::{History, Operation, Outcome};
use faultline_check::registry::{ClientVerdict, judge_clients};
use leptos::prelude::*;

use crate::session::use_session;

/// Longer histories are judged on the command line.
const MOST: usize = 120;

/// The width of the picture, and the height of a process's line, in its own units.
const WIDTH: f64 = 300.0;
const LINE: f64 = 30.0;

/// Everything that is drawn.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    history: History,
    verdicts: Vec<ClientVerdict>,
}

/// The panel's last part; nothing for a protocol whose clients do not read and write.
#[component]
pub fn Clients() -> impl IntoView {
    let session = use_session();
    let operations = Memo::new(move |_| session.history());
    let chosen = RwSignal::new(0_usize);
    let seen = Memo::new(move |_| {
        let history = operations.with(|operations| {
            let few = (1..=MOST).contains(&operations.len());
            few.then(|| History::of_run(operations).ok()).flatten()
        })?;
        let verdicts = judge_clients(&history);
        Some(Seen { history, verdicts })
    });
    move || {
        let Some(Seen { history, verdicts }) = seen.get() else { return ().into_any() };
        let at = chosen.get().min(verdicts.len().saturating_sub(1));
        let items =
            verdicts.iter().enumerate().map(|(place, verdict)| row(place, verdict, place == at, chosen));
        let shown = &verdicts[at];
        view! {
            <section class="check-part" aria-labelledby="clients-heading">
                <h2 id="clients-heading">"What the clients saw"</h2>
                <ul class="checks client-verdicts" role="list">{items.collect_view()}</ul>
                <p class="found-asked" role="status">{said(shown)}</p>
                {picture(&history, shown)}
                {listed(&history, shown)}
            </section>
        }
        .into_any()
    }
}

fn row(place: usize, verdict: &ClientVerdict, pressed: bool, chosen: RwSignal<usize>) -> AnyView {
    let (class, sign, word) = match verdict.holds {
        Some(true) => ("verdict holds", "✓", "holds: "),
        Some(false) => ("verdict broken", "✕", "is violated: "),
        None => ("verdict not-yet", "○", "undecided: "),
    };
    view! {
        <li class=class>
            <span class="sign" aria-hidden="true">{sign}</span>
            <button type="button" class="link verdict-text" aria-pressed=pressed.to_string() on:click=move |_| chosen.set(place)>
                <span class="sr">{word}</span>
                {verdict.name}
            </button>
        </li>
    }
    .into_any()
}

fn said(verdict: &ClientVerdict) -> String {
    let ClientVerdict { name, holds, why, .. } = verdict;
    match (holds, why.as_str()) {
        (_, "") => format!("{name}: nothing contradicts it."),
        _ => format!("{name}: {why}."),
    }
}

/// Where an operation stands in the order, from 1.
fn rank(verdict: &ClientVerdict, place: usize) -> Option<usize> {
    verdict.order.iter().position(|other| *other == place).map(|rank| rank + 1)
}

/// A bar an operation, from its call to its answer, on a line a process; real time is the order of events.
fn picture(history: &History, verdict: &ClientVerdict) -> AnyView {
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
        view! {
            <g class=class>
                <title>{operation.describe()}</title>
                <rect x=x y=y - 8.0 width=(end - x).max(3.0) height="16" rx="4"/>
                <text class="rank" x=x + (end - x) / 2.0 y=y + 4.0>{rank(verdict, place)}</text>
            </g>
        }
    };
    let bars = history.operations().iter().enumerate().map(bar).collect_view();
    view! {
        <svg class="intervals" viewBox=format!("0 0 {WIDTH} {height}") aria-hidden="true">
            {lines.collect_view()}
            {bars}
        </svg>
    }
    .into_any()
}

/// The same in words: the operations concerned, then the order found.
fn listed(history: &History, verdict: &ClientVerdict) -> AnyView {
    let all = history.operations();
    let entry = |place: &usize| view! { <li>{all[*place].describe()}</li> };
    let list = |title: &'static str, places: &[usize]| {
        (!places.is_empty()).then(|| {
            view! {
                <details class="as-table">
                    <summary>{title}</summary>
                    <ol class="found-steps">{places.iter().map(entry).collect_view()}</ol>
                </details>
            }
        })
    };
    let order = match verdict.holds {
        Some(true) => "The order that explains every answer",
        _ => "The order, as far as there is one",
    };
    view! {
        {list("The operations that show it", &verdict.operations)}
        {list(order, &verdict.order)}
    }
    .into_any()
}
