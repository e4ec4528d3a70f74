//! One chart on the page: the drawing, the read-out under the pointer or the keyboard, the table, the
//! files.

use std::sync::Arc;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::Panel;
use super::chart::{Axis, Chart, Mark, Table};
use super::draw::Frame;
use crate::exchange::{csv_line, download, file_name, picture, text_blob};
use crate::session::Session;

/// A table on the page has at most so many rows; its file has all.
const MOST_ROWS: usize = 200;

/// What the parts of one chart share.
#[derive(Clone, Copy)]
struct Plot {
    session: Session,
    chart: Memo<Option<Arc<Chart>>>,
    frame: Memo<Option<Frame>>,
    /// Where the reader points, if anywhere: shared by all charts over time.
    aim: RwSignal<Option<u64>>,
    table: RwSignal<bool>,
}

/// The chart with that id.
pub fn figure(panel: Panel, id: String) -> AnyView {
    let name = id.clone();
    let chart =
        Memo::new(move |_| panel.charts.with(|charts| charts.iter().find(|chart| chart.id == name).cloned()));
    let over_time =
        chart.with_untracked(|chart| chart.as_ref().is_some_and(|chart| matches!(chart.axis, Axis::Time(_))));
    let plot = Plot {
        session: panel.session,
        chart,
        frame: Memo::new(move |_| {
            // The plot reaches a little into the margins, as far as its style says.
            let width = panel.width.get() as i32 + 12;
            chart.with(|chart| chart.as_ref().map(|chart| Frame::of(chart, width)))
        }),
        aim: if over_time { panel.aim } else { RwSignal::new(None) },
        table: RwSignal::new(false),
    };
    let title = plot.word(|chart| chart.title.clone());
    let note = plot.word(|chart| chart.note.clone());
    view! {
        <figure class="chart" id=format!("chart-{id}")>
            <figcaption>{title}</figcaption>
            <p class="chart-note">{note}</p>
            {plot.area()}
            {plot.tools(&id)}
            {move || plot.table.get().then(|| plot.rows())}
        </figure>
    }
    .into_any()
}

impl Plot {
    fn word(self, read: fn(&Chart) -> String) -> Signal<String> {
        Signal::derive(move || self.chart.with(|chart| chart.as_deref().map(read).unwrap_or_default()))
    }

    fn read<T>(self, read: impl FnOnce(&Chart) -> T) -> Option<T> {
        self.chart.with(|chart| chart.as_deref().map(read))
    }

    /// The place that is read out: where the reader points, or else the present.
    fn place(self) -> Option<u64> {
        let over_time = self.read(|chart| matches!(chart.axis, Axis::Time(_)))?;
        self.aim.get().or_else(|| over_time.then(|| self.session.view().time.0))
    }

    fn area(self) -> AnyView {
        let value = Signal::derive(move || self.place().unwrap_or(0).to_string());
        let end = Signal::derive(move || self.read(|chart| chart.axis.end()).unwrap_or(0).to_string());
        let text = Signal::derive(move || {
            let place = self.place();
            self.read(|chart| place.map_or_else(|| chart.note.clone(), |x| chart.reading(x)))
                .unwrap_or_default()
        });
        let name = Signal::derive(move || self.read(|chart| format!("Read out: {}", chart.title)));
        view! {
            <div
                class="chart-plot keeps-arrows"
                role="slider"
                tabindex="0"
                aria-label=name
                aria-valuemin="0"
                aria-valuemax=end
                aria-valuenow=value
                aria-valuetext=text
                on:pointermove=move |event| self.point(event.offset_x())
                on:pointerleave=move |_| self.aim.set(None)
                on:click=move |event| {
                    self.point(event.offset_x());
                    self.seek();
                }
                on:keydown=move |event| self.key(&event)
                on:blur=move |_| self.aim.set(None)
            >
                {move || self.drawing()}
            </div>
        }
        .into_any()
    }

    /// Everything that changes only with the chart; the lines and values in it follow the pointer.
    fn drawing(self) -> Option<AnyView> {
        let (frame, chart) = (self.frame.get()?, self.chart.get()?);
        let (left, right) = frame.ends();
        let foot = frame.foot(chart.lanes.len().saturating_sub(1));
        let lanes: Vec<AnyView> =
            (0..chart.lanes.len()).map(|place| self.lane(&frame, &chart, place)).collect();
        let rules = frame.rules(&chart).into_iter().map(|(name, x, label)| {
            let y = frame.name(0) + 16;
            let label = label.map(|at| view! { <text class="chart-rule-name" x=at y=y>{name}</text> });
            view! { <path class="chart-rule" d=format!("M{x} {}V{foot}", frame.name(0) + 6)/>{label} }
        });
        let now = Signal::derive(move || {
            self.line(matches!(chart.axis, Axis::Time(_)).then(|| self.session.view().time.0))
        });
        let aim = Signal::derive(move || self.line(self.aim.get()));
        let ends = self.read(|chart| {
            let (low, high) = chart.range();
            let scale = match low {
                0 => format!("height: {}", chart.unit.text(high)),
                low => format!("height: {} to {}", chart.unit.text(low), chart.unit.text(high)),
            };
            (chart.axis.text(0), scale, chart.axis.text(chart.axis.end()))
        })?;
        let axis = frame.axis();
        Some(
            view! {
                <svg viewBox=format!("0 0 {} {}", frame.width, frame.height()) width=frame.width height=frame.height() aria-hidden="true">
                    {lanes}
                    {rules.collect_view()}
                    <path class="chart-now" d=now/>
                    <path class="chart-aim" d=aim/>
                    <text x=left y=axis>{ends.0}</text>
                    <text class="middle" x=frame.width / 2 y=axis>{ends.1}</text>
                    <text class="end" x=right y=axis>{ends.2}</text>
                </svg>
            }
            .into_any(),
        )
    }

    fn lane(self, frame: &Frame, chart: &Chart, place: usize) -> AnyView {
        let lane = &chart.lanes[place];
        let class = if chart.mark == Mark::Steps { "chart-line" } else { "chart-mark" };
        let value = Signal::derive(move || {
            let x = self.place();
            let read = |chart: &Chart| {
                let point = chart.lanes.get(place)?.at(x?, chart.mark)?;
                Some(chart.unit.text(point.y))
            };
            self.read(read).flatten().unwrap_or_default()
        });
        let y = frame.name(place);
        view! {
            <path class="chart-base" d=frame.base(place)/>
            <path class=class data-hue=lane.hue d=frame.path(place, lane, chart.mark)/>
            <rect class="chart-swatch" data-hue=lane.hue x=frame.ends().0 y=y - 9 width="8" height="8" rx="2"/>
            <text class="chart-name" x=frame.ends().0 + 14 y=y>{lane.name.clone()}</text>
            <text class="end chart-value" x=frame.ends().1 y=y>{value}</text>
        }
        .into_any()
    }

    /// A vertical line through all lanes.
    fn line(self, at: Option<u64>) -> String {
        match (at, self.frame.get()) {
            (Some(at), Some(frame)) => {
                let x = frame.x(at);
                format!("M{x} {}V{}", frame.name(0) + 6, frame.axis() - 14)
            }
            _ => String::new(),
        }
    }

    fn point(self, pixel: i32) {
        if let Some(frame) = self.frame.get_untracked() {
            self.aim.set(Some(frame.at(pixel)));
        }
    }

    /// To the moment that is read out.
    fn seek(self) {
        let target = untrack(|| {
            let place = self.place()?;
            self.read(|chart| chart.target(place)).flatten()
        });
        if let Some(time) = target {
            self.session.pause();
            self.session.seek_time(time);
        }
    }

    fn key(self, event: &KeyboardEvent) {
        let Some(stops) = untrack(|| self.read(Chart::stops)).filter(|stops| !stops.is_empty()) else {
            return;
        };
        let here = untrack(|| self.place()).unwrap_or(0);
        let (before, after) = (stops.partition_point(|x| *x < here), stops.partition_point(|x| *x <= here));
        let last = stops.len() - 1;
        let place = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => before.saturating_sub(1),
            "ArrowRight" | "ArrowUp" => after.min(last),
            "PageDown" => before.saturating_sub(10),
            "PageUp" => (after + 9).min(last),
            "Home" => 0,
            "End" => last,
            "Enter" => {
                event.prevent_default();
                return self.seek();
            }
            "Escape" => return self.aim.set(None),
            _ => return,
        };
        event.prevent_default();
        self.aim.set(Some(stops[place]));
    }

    /// The buttons under the drawing.
    fn tools(self, id: &str) -> AnyView {
        let named = move |word: &'static str| {
            Signal::derive(move || self.read(|chart| format!("{word}: {}", chart.title)).unwrap_or_default())
        };
        let button = move |word: &'static str, act: Box<dyn Fn()>| {
            view! { <button type="button" class="chip" aria-label=named(word) on:click=move |_| act()>{word}</button> }
                .into_any()
        };
        let (svg, csv) = (id.to_owned(), id.to_owned());
        view! {
            <div class="chart-tools">
                <button
                    type="button"
                    class="chip"
                    aria-label=named("Table")
                    aria-expanded=move || self.table.get().to_string()
                    on:click=move |_| self.table.update(|shown| *shown = !*shown)
                >
                    "Table"
                </button>
                {button("SVG", Box::new(move || self.save(self.svg(&svg), &svg, "svg", "image/svg+xml")))}
                {button("CSV", Box::new(move || self.save(self.csv(), &csv, "csv", "text/csv")))}
            </div>
        }
        .into_any()
    }

    fn svg(self, id: &str) -> Result<String, String> {
        let found = document().query_selector(&format!("#chart-{id} .chart-plot")).ok().flatten();
        let place = found.ok_or("the chart is not on the page")?;
        self.aim.set(None);
        picture(&place, None).map(|picture| picture.svg)
    }

    fn csv(self) -> Result<String, String> {
        let table = untrack(|| self.read(Chart::numbers)).unwrap_or_default();
        let mut out = String::new();
        csv_line(&mut out, &table.head);
        table.rows.iter().for_each(|row| csv_line(&mut out, row));
        Ok(out)
    }

    fn save(self, text: Result<String, String>, id: &str, ending: &str, media: &str) {
        let name = file_name(self.session, &format!("-{id}.{ending}"));
        let saved = text.and_then(|text| text_blob(&text, media)).and_then(|blob| download(&name, &blob));
        let said = match saved {
            Ok(()) => format!("Saved as {name}."),
            Err(why) => format!("It could not be saved: {why}."),
        };
        self.session.announce(said);
    }

    fn rows(self) -> AnyView {
        let table = Memo::new(move |_| self.read(Chart::numbers).unwrap_or_default());
        let label = Signal::derive(move || self.read(|chart| format!("Numbers: {}", chart.title)));
        view! {
            <div class="chart-table" role="region" tabindex="0" aria-label=label>
                {move || table.with(body)}
            </div>
        }
        .into_any()
    }
}

fn body(table: &Table) -> AnyView {
    let head = table.head.iter().map(|name| view! { <th scope="col">{name.clone()}</th> }.into_any());
    let skipped = table.rows.len().saturating_sub(MOST_ROWS);
    let row = |row: &Vec<String>| {
        let cells = row.iter().map(|cell| view! { <td>{cell.clone()}</td> }.into_any());
        view! { <tr>{cells.collect_view()}</tr> }.into_any()
    };
    view! {
        {(skipped > 0).then(|| format!("The last {MOST_ROWS} of {} rows; the file has all.", table.rows.len()))}
        <table>
            <thead><tr>{head.collect_view()}</tr></thead>
            <tbody>{table.rows[skipped..].iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
