//! What an experiment found so far: the curves, the numbers beside the source's, the points as a table.

use std::sync::Arc;

use faultline_experiments::{Curve, Drawn, Mark, Report, Row};
use faultline_model::sort_by_key;
use leptos::html::Div;
use leptos::prelude::*;
use leptos_use_element_size::use_element_size;

use super::plot::{HEIGHT, Plot};
use crate::exchange::{csv_line, download, picture, text_blob};
use crate::session::Session;

/// The hues of arms, in turn; each has its dashes, too, so that no curve is told by its colour alone.
const HUES: [&str; 7] = ["violet", "rose", "amber", "teal", "sky", "green", "grey"];
const DASHES: [&str; 3] = ["none", "7 3", "2 3"];
/// The table on the page has about so many points of each curve; its file has all.
const LISTED: usize = 12;

/// A report as it stands, and whether it is final.
#[derive(Clone, PartialEq)]
pub struct Found {
    /// What is known.
    pub report: Arc<Report>,
    /// Whether all trials are done.
    pub done: bool,
}

/// The figure, the numbers and the files of what was found.
#[component]
pub fn Figure(session: Session, found: Memo<Option<Found>>) -> impl IntoView {
    let field = NodeRef::<Div>::new();
    let size = use_element_size(field);
    let table = RwSignal::new(false);
    let report = move || found.get().map(|found| found.report);
    let drawing = move || {
        let report = report().filter(|report| !report.curves.is_empty())?;
        let width = size.width.get();
        (width > 0.0).then(|| drawing(&report, width))
    };
    let drawn = Memo::new(move |_| report().is_some_and(|report| !report.curves.is_empty()));
    view! {
        <div class="experiment-plot chart-plot" node_ref=field class:empty=move || !drawn.get()>{drawing}</div>
        {move || report().map(|report| legend(&report))}
        {move || found.get().map(|found| numbers(&found))}
        <Show when=move || drawn.get() && found.get().is_some_and(|found| found.done)>
            {tools(session, found, table, field)}
        </Show>
        {move || report().filter(|_| table.get() && drawn.get()).map(|report| points(&report))}
    }
}

fn hue(arm: Option<usize>) -> &'static str {
    arm.map_or("grey", |arm| HUES[arm % HUES.len()])
}

fn dashes(curve: &Curve) -> &'static str {
    match (curve.drawn, curve.arm) {
        (Drawn::Points, _) => "none",
        (_, _) if curve.source.is_some() => "1 3",
        (_, arm) => arm.map_or("none", |arm| DASHES[arm % DASHES.len()]),
    }
}

fn class(curve: &Curve) -> &'static str {
    match (curve.drawn, &curve.source) {
        (Drawn::Points, None) => "chart-mark",
        (Drawn::Points, Some(_)) => "experiment-stated",
        _ => "chart-line",
    }
}

/// What the source gives lies behind what was measured; its points lie before it.
fn layers(report: &Report) -> Vec<&Curve> {
    let (points, lines): (Vec<&Curve>, Vec<&Curve>) =
        report.references.iter().partition(|curve| curve.drawn == Drawn::Points);
    lines.into_iter().chain(&report.curves).chain(points).collect()
}

fn drawing(report: &Report, width: f64) -> AnyView {
    let plot = Plot::of(report, width);
    let shapes = layers(report).into_iter().map(|curve| {
        view! { <path class=class(curve) data-hue=hue(curve.arm) stroke-dasharray=dashes(curve) d=plot.path(curve)/> }
            .into_any()
    });
    let (line, end) = plot.margins();
    let text = |class: &'static str, x: f64, y: f64, text: String| {
        view! { <text class=class x=x y=y>{text}</text> }.into_any()
    };
    let across = plot.written(&report.x).into_iter().map(|stop| {
        let edge = stop.at + 14.0 > plot.width;
        let (class, at) = if edge { ("end", plot.width) } else { ("middle", stop.at) };
        text(class, at, line, stop.text)
    });
    let up = plot.up(&report.y).into_iter().map(|stop| text("end", end, stop.at + 4.0, stop.text));
    let [x, y] = plot.names();
    view! {
        <svg
            viewBox=format!("0 0 {} {HEIGHT}", plot.width) width=plot.width height=HEIGHT role="img"
            aria-label=format!("{} over {}; the numbers stand below", report.y.name, report.x.name)
        >
            <path class="chart-base" d=plot.grid(report)/>
            {shapes.collect::<Vec<_>>()}
            {across.chain(up).collect::<Vec<_>>()}
            {text("end", x.0, x.1, format!("{} →", report.x.name))}
            {text("", y.0, y.1, format!("↑ {}", report.y.name))}
        </svg>
    }
    .into_any()
}

/// Which curve is which. What the source gives under one name for several arms stands there once.
fn legend(report: &Report) -> AnyView {
    let mut listed: Vec<Curve> = report.curves.clone();
    for curve in &report.references {
        match listed.iter_mut().find(|other| other.name == curve.name) {
            Some(other) => other.arm = None,
            None => listed.push(curve.clone()),
        }
    }
    let entry = |curve: &Curve| {
        let shape = match (curve.drawn, &curve.source) {
            (Drawn::Points, None) => "M7 6a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
            (Drawn::Points, Some(_)) => "M5 6l6 -6l6 6l-6 6Z",
            _ => "M0 6H22",
        };
        let mark = curve.source.as_ref().map(|(_, mark)| format!(" ({mark:?})"));
        view! {
            <li>
                <svg width="22" height="12" aria-hidden="true">
                    <path class=class(curve) data-hue=hue(curve.arm) stroke-dasharray=dashes(curve) d=shape/>
                </svg>
                <span>{curve.name.clone()}{mark}</span>
            </li>
        }
        .into_any()
    };
    let entries: Vec<AnyView> = listed.iter().map(entry).collect();
    (!entries.is_empty())
        .then(|| view! { <ul class="experiment-legend" role="list">{entries}</ul> })
        .into_any()
}

/// Each number of the source beside what was measured.
fn numbers(found: &Found) -> AnyView {
    let row = |row: &Row| {
        let text = |value| row.unit.text(value);
        let verdict = found.done.then(|| {
            let (class, sign) =
                if row.inside { ("held", "✓ agrees") } else { ("found", "✕ does not agree") };
            let (low, high) = (text(row.range.0), text(row.range.1));
            let range = if low == high { String::new() } else { format!(", {low} to {high}") };
            view! { <small><span class=class>{sign}</span>{range}</small> }.into_any()
        });
        let measured = if row.measured.is_nan() { "–".to_owned() } else { text(row.measured) };
        view! {
            <tr>
                <th scope="row">{row.what.clone()}</th>
                <td><b>{measured}</b>{verdict}</td>
                <td><b>{row.printed.clone()}</b><small>{format!("{:?} · {}", row.mark, row.place)}</small></td>
            </tr>
        }
        .into_any()
    };
    let rows: Vec<AnyView> = found.report.rows.iter().map(row).collect();
    let mut marks: Vec<Mark> = found.report.rows.iter().map(|row| row.mark).collect();
    sort_by_key(&mut marks, |mark| format!("{mark:?}"));
    marks.dedup();
    let marks: Vec<String> = marks.iter().map(|mark| format!("{mark:?}: {}", mark.meaning())).collect();
    view! {
        <table class="experiment-numbers">
            <thead><tr><th scope="col">"Number"</th><th scope="col">"Measured here"</th><th scope="col">"Source"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
        <p class="lesson-quiet">{format!("{}.", marks.join("; "))}</p>
    }
    .into_any()
}

fn tools(
    session: Session,
    found: Memo<Option<Found>>,
    table: RwSignal<bool>,
    field: NodeRef<Div>,
) -> AnyView {
    let save = move |ending: &str, media: &str, text: Result<String, String>| {
        let slug = untrack(|| found.get()).map(|found| found.report.slug.clone()).unwrap_or_default();
        let name = format!("faultline-{slug}.{ending}");
        let saved = text.and_then(|text| text_blob(&text, media)).and_then(|blob| download(&name, &blob));
        session.announce(match saved {
            Ok(()) => format!("Saved as {name}."),
            Err(why) => format!("It could not be saved: {why}."),
        });
    };
    let svg = move |_| {
        let place = field.get_untracked().ok_or_else(|| "the figure is not on the page".to_owned());
        save(
            "svg",
            "image/svg+xml",
            place.and_then(|place| picture(&place, None)).map(|picture| picture.svg),
        );
    };
    let csv = move |_| {
        let report = untrack(|| found.get()).map(|found| found.report);
        save("csv", "text/csv", Ok(report.map(|report| csv_of(&report)).unwrap_or_default()));
    };
    view! {
        <div class="chart-tools">
            <button
                type="button" class="chip" aria-label="Table: the points of the curves"
                aria-expanded=move || table.get().to_string()
                on:click=move |_| table.update(|shown| *shown = !*shown)
            >"Table"</button>
            <button type="button" class="chip" aria-label="SVG: the figure as a file" on:click=svg>"SVG"</button>
            <button type="button" class="chip" aria-label="CSV: all points as a file" on:click=csv>"CSV"</button>
        </div>
    }
    .into_any()
}

fn csv_of(report: &Report) -> String {
    let mut text = String::new();
    csv_line(&mut text, &["curve", &*report.x.name, &*report.y.name]);
    for curve in report.curves.iter().chain(&report.references) {
        for (x, y) in &curve.points {
            csv_line(&mut text, &[curve.name.clone(), x.to_string(), y.to_string()]);
        }
    }
    text
}

/// The curves as numbers: of a long one, every so many points and the last.
fn points(report: &Report) -> AnyView {
    let mut rows: Vec<AnyView> = vec![];
    for curve in report.curves.iter().chain(&report.references) {
        let every = curve.points.len().div_ceil(LISTED).max(1);
        for (x, y) in thinned(&curve.points, every) {
            let (x, y) = (report.x.unit.text(x), report.y.unit.text(y));
            rows.push(view! { <tr><td>{curve.name.clone()}</td><td>{x}</td><td>{y}</td></tr> }.into_any());
        }
    }
    let head = ["curve".to_owned(), report.x.name.to_string(), report.y.name.to_string()];
    let head: Vec<AnyView> =
        head.into_iter().map(|name| view! { <th scope="col">{name}</th> }.into_any()).collect();
    view! {
        <div class="chart-table" role="region" tabindex="0" aria-label=format!("Points: {}", report.title)>
            <table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

/// Every so many points, counted from the last.
fn thinned(points: &[(f64, f64)], every: usize) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = points.iter().rev().step_by(every).copied().collect();
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thinned_curve_keeps_its_last_point() {
        let points: Vec<(f64, f64)> = (0..10).map(|i| (f64::from(i), 1.0)).collect();
        let kept: Vec<f64> = thinned(&points, 4).into_iter().map(|(x, _)| x).collect();
        assert_eq!(kept, [1.0, 5.0, 9.0]);
        assert_eq!(thinned(&points, 1), points);
    }

    #[test]
    fn curves_differ_in_more_than_their_colour() {
        let curve = |arm| Curve::measured("a", arm, Drawn::Line, vec![]);
        for arm in 0..HUES.len() {
            for other in 0..arm {
                let same = dashes(&curve(arm)) == dashes(&curve(other));
                assert!(!same || arm - other >= DASHES.len(), "{arm} and {other}");
            }
        }
    }
}
