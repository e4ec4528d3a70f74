//! How it went so far: messages by kind over time, and how long operations took. Every chart has its
//! numbers as a table.

use faultline_model::Time;
use faultline_sim::Operation;
use leptos::prelude::*;

use super::tally::{Series, latencies, latency, messages, round_up};
use super::words::{length, moment};
use crate::session::{Session, use_session};
use crate::spacetime::{Story, hue_word};

/// The width of a chart in its own units; the style sheet scales it.
const WIDE: f64 = 280.0;
const SLICES: usize = 56;

/// The panel.
#[component]
pub fn Charts() -> impl IntoView {
    let session = use_session();
    let story = Story::of(session);
    view! {
        <MessageCharts session story/>
        <LatencyChart session/>
    }
}

/// One strip of bars for each kind of message, all to the same scale.
#[component]
fn MessageCharts(session: Session, story: Memo<Story>) -> impl IntoView {
    let series = Memo::new(move |_| {
        session
            .look(|timeline| {
                let events = &timeline.events()[..timeline.cursor() as usize];
                (messages(events, timeline.world().now(), SLICES), timeline.world().now())
            })
            .filter(|(series, _)| !series.is_empty())
    });
    move || match series.get() {
        None => view! { <p class="nothing">"No message has arrived yet."</p> }.into_any(),
        Some((series, until)) => {
            let slice = |series: &Series| series.arrived.iter().zip(&series.lost).map(|(a, b)| a + b).max();
            let most = series.iter().filter_map(slice).max().unwrap_or(1).max(1);
            let strips = series.iter().map(|one| {
                let hue = story.with(|story| hue_word(story.ink(one.kind).hue));
                strip(one, hue, most)
            });
            view! {
                <figure class="chart">
                    <figcaption>"Messages over time"</figcaption>
                    {strips.collect_view()}
                    <p class="chart-axis"><span>"0 s"</span><span>{moment(until)}</span></p>
                    {message_table(&series)}
                </figure>
            }
            .into_any()
        }
    }
}

fn strip(series: &Series, hue: &'static str, most: u32) -> impl IntoView + use<> {
    /// The height of a strip.
    const HIGH: f64 = 30.0;
    let step = WIDE / SLICES as f64;
    let bars = |counts: &[u32], below: Option<&[u32]>| {
        let mut path = String::new();
        for (slice, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let under = below.map_or(0, |below| below[slice]);
            let y = |count: u32| HIGH - HIGH * f64::from(count) / f64::from(most);
            let (x, top, foot) = (slice as f64 * step, y(under + count), y(under));
            path.push_str(&format!("M{x:.1} {foot:.1}V{top:.1}h{:.1}V{foot:.1}Z", step - 0.8));
        }
        path
    };
    let (arrived, lost) = (series.total_arrived(), series.total_lost());
    let name = format!("{}: {arrived} arrived, {lost} lost", series.kind);
    view! {
        <p class="strip-head">
            <span class="swatch" data-hue=hue></span>
            <span>{series.kind}</span>
            <span class="strip-count">{arrived}</span>
            {(lost > 0).then(|| view! { <span class="strip-lost">{format!("✕ {lost}")}</span> })}
        </p>
        <svg class="strip" viewBox=format!("0 0 {WIDE} {HIGH}") preserveAspectRatio="none" role="img" aria-label=name>
            <path class="count-bar" data-hue=hue d=bars(&series.arrived, None)/>
            <path class="count-bar lost" d=bars(&series.lost, Some(&series.arrived))/>
            <path class="base" d=format!("M0 {HIGH}H{WIDE}")/>
        </svg>
    }
}

fn message_table(series: &[Series]) -> impl IntoView + use<> {
    let row = |series: &Series| {
        view! {
            <tr>
                <th scope="row">{series.kind}</th>
                <td>{series.total_arrived()}</td>
                <td>{series.total_lost()}</td>
            </tr>
        }
    };
    view! {
        <details class="as-table">
            <summary>"Messages as a table"</summary>
            <table>
                <thead><tr><th scope="col">"kind"</th><th scope="col">"arrived"</th><th scope="col">"lost"</th></tr></thead>
                <tbody>{series.iter().map(row).collect_view()}</tbody>
            </table>
        </details>
    }
}

/// A dot for each operation: when it was asked, how long it took.
#[component]
fn LatencyChart(session: Session) -> impl IntoView {
    let history = Memo::new(move |_| (session.history(), session.view().time));
    move || {
        let (history, now) = history.get();
        let sums = latencies(&history)?;
        let open = match sums.open {
            0 => String::new(),
            open => format!(" · {open} open"),
        };
        let caption = format!(
            "{} returned, half within {}, the longest took {}{open}",
            sums.returned,
            length(sums.median),
            length(sums.longest),
        );
        Some(view! {
            <figure class="chart">
                <figcaption>"Operations: how long they took"</figcaption>
                {dots(&history, now, sums.longest)}
                <p class="chart-axis"><span>"0 s"</span><span>{moment(now)}</span></p>
                <p class="chart-note">{caption}</p>
                {operation_table(&history)}
            </figure>
        })
    }
}

fn dots(history: &[Operation], now: Time, longest: u64) -> impl IntoView + use<> {
    /// The height of the chart.
    const HIGH: f64 = 96.0;
    /// The room for dots at the edges.
    const EDGE: f64 = 5.0;
    let most = round_up(longest);
    let x = |at: Time| EDGE + (WIDE - 2.0 * EDGE) * at.0 as f64 / now.0.max(1) as f64;
    let y = |micros: u64| HIGH - EDGE - (HIGH - 2.0 * EDGE) * micros as f64 / most as f64;
    let dot = |operation: &Operation| match latency(operation) {
        Some(took) => {
            view! { <circle class="returned" cx=x(operation.invoked) cy=y(took) r="3"/> }.into_any()
        }
        // An open one has taken this long so far; it may take for ever.
        None => {
            let (left, right) = (x(operation.invoked), x(now));
            let so_far = y(now.since(operation.invoked).0.min(most));
            view! {
                <path class="open" d=format!("M{left:.1} {so_far:.1}H{right:.1}")/>
                <circle class="open" cx=left cy=so_far r="3"/>
            }
            .into_any()
        }
    };
    view! {
        <svg class="latency" viewBox=format!("0 0 {WIDE} {HIGH}") role="img" aria-label="Latency of each operation">
            <path class="base" d=format!("M0 {:.1}H{WIDE}M0 {:.1}H{WIDE}", y(0), y(most))/>
            <text x=WIDE - 2.0 y=y(most) + 13.0>{length(most)}</text>
            {history.iter().map(dot).collect_view()}
        </svg>
    }
}

fn operation_table(history: &[Operation]) -> impl IntoView + use<> {
    /// The latest so many are listed.
    const MOST: usize = 200;
    let row = |operation: &Operation| {
        view! {
            <tr>
                <th scope="row">{operation.process.clone()}</th>
                <td>{operation.call.clone()}</td>
                <td>{operation.result.clone().unwrap_or_else(|| "open".to_owned())}</td>
                <td>{latency(operation).map(length)}</td>
            </tr>
        }
    };
    let skipped = history.len().saturating_sub(MOST);
    view! {
        <details class="as-table">
            <summary>"Operations as a table"</summary>
            <table>
                <thead><tr>
                    <th scope="col">"client"</th><th scope="col">"asked"</th><th scope="col">"answer"</th><th scope="col">"took"</th>
                </tr></thead>
                <tbody>{history[skipped..].iter().map(row).collect_view()}</tbody>
            </table>
        </details>
    }
}
