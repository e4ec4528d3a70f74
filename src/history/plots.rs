//! Two branches as space-time diagrams, one under the other on one clock; from the first difference on,
//! both are shaded, and the event that is the first to differ has a ring.

use std::sync::Arc;

use faultline_model::{NodeId, Time};
use faultline_sim::{Comparison, Timeline};
use leptos::ev;
use leptos::html::Div;
use leptos::prelude::*;
use leptos_use_element_size::{UseElementSizeReturn, use_element_size};

use crate::inspector::moment;
use crate::session::Session;
use crate::spacetime::{Frame, Picture, Story, hue_word};

/// The width of the names' column.
const GUTTER_PX: f64 = 58.0;
/// From lane to lane.
const GAP_PX: f64 = 22.0;
/// Above the first lane of each diagram.
const TOP_PX: f64 = 22.0;
/// Below its last lane.
const FOOT_PX: f64 = 16.0;
/// So many exchanges are seen at first.
const EXCHANGES: f64 = 14.0;

/// One side: its run as the diagram holds it, and where it first differs.
#[derive(Clone)]
pub struct Side {
    story: Story,
    /// The lane and time of the first event that differs.
    first: Option<(NodeId, Time)>,
}

/// Both sides, and what they have in common.
#[derive(Clone)]
pub struct Sides {
    sides: [Side; 2],
    until: Time,
    end: Time,
    sentence: String,
}

impl Sides {
    /// The two branches of a run; `like` knows how its messages are drawn.
    pub fn of(timeline: &Timeline, like: &Story, (a, b): (usize, usize), comparison: &Comparison) -> Sides {
        let sides = [a, b].map(|index| side(timeline, like, index, comparison.first));
        let ends = sides.iter().map(|side| side.story.trace.dots().last().map_or(Time::ZERO, |dot| dot.at));
        Sides {
            until: comparison.until,
            end: ends.max().unwrap_or_default(),
            sentence: comparison.sentence.clone(),
            sides,
        }
    }

    /// The window of time that is seen at first: around the difference, microseconds.
    fn opening(&self) -> (f64, f64) {
        let latency = self.sides[0].story.trace.opening_latency().unwrap_or(10_000.0);
        let end = self.end.0 as f64 * 1.02 + 1.0;
        let span = (latency * EXCHANGES).min(end).max(1_000.0);
        let left = (self.until.0 as f64 - span * 0.3).min(end - span).max(0.0);
        (left, span)
    }
}

fn side(timeline: &Timeline, like: &Story, index: usize, first: Option<u32>) -> Side {
    let mut story = like.clone();
    story.trace = Default::default();
    let events = timeline.events_of(index);
    let done = timeline.interventions_of(index);
    let cast = timeline.world().cast();
    for (after, event) in (0u32..).zip(events.iter()) {
        let found = done.binary_search_by_key(&after, |done| done.after).ok();
        story.trace.push(event, found.map(|found| &done[found].action), |node| cast.name(node));
    }
    let first = first.and_then(|first| story.trace.dot(first)).map(|dot| (dot.node, dot.at));
    Side { story, first }
}

/// How the window is moved: its left edge and its width, by a key or a button.
fn moved((left, span): (f64, f64), how: &str, end: f64) -> Option<(f64, f64)> {
    let middle = left + span / 2.0;
    let zoomed = |factor: f64| {
        let span = (span * factor).clamp(500.0, end.max(1_000.0) * 1.1);
        (middle - span / 2.0, span)
    };
    let (left, span) = match how {
        "ArrowLeft" => (left - span / 4.0, span),
        "ArrowRight" => (left + span / 4.0, span),
        "+" | "=" => zoomed(0.5),
        "-" => zoomed(2.0),
        "0" => (0.0, end.max(1_000.0) * 1.02),
        _ => return None,
    };
    Some((left.min(end - span / 4.0).max(0.0), span))
}

/// The two diagrams.
pub fn plots(session: Session, sides: Arc<Sides>) -> AnyView {
    let frame = NodeRef::<Div>::new();
    let UseElementSizeReturn { width, .. } = use_element_size(frame);
    let window = RwSignal::new(sides.opening());
    let end = sides.end.0 as f64;
    let shift = move |how: &str| match moved(window.get_untracked(), how, end) {
        Some(next) => {
            window.set(next);
            true
        }
        None => false,
    };
    let press = move |event: ev::KeyboardEvent| {
        if shift(&event.key()) {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let button = |word: &'static str, label: &'static str, how: &'static str| {
        view! {
            <button type="button" class="zoom-button" aria-label=label title=label on:click=move |_| { shift(how); }>
                <span aria-hidden="true">{word}</span>
            </button>
        }
    };
    let lanes = sides.sides[0].story.names.len();
    let high = TOP_PX + GAP_PX * lanes.saturating_sub(1) as f64 + FOOT_PX;
    let name = format!("Branches A and B on one clock. {}", sides.sentence);
    let inside = move || {
        let (left, span) = window.get();
        let wide = (width.get() - GUTTER_PX).max(1.0);
        let frame = Frame::even(lanes, TOP_PX, GAP_PX).at(left, span / wide);
        draw(&sides, &frame, wide, high)
    };
    let now = move || {
        let (left, span) = window.get();
        let x = GUTTER_PX + (session.display_time.get() - left) * (width.get() - GUTTER_PX).max(1.0) / span;
        format!("translate({:.1},0)", x.max(GUTTER_PX - 2.0))
    };
    view! {
        <div class="plots">
            <div class="plots-bar" role="group" aria-label="The time that is seen">
                {button("←", "Earlier", "ArrowLeft")}
                {button("→", "Later", "ArrowRight")}
                {button("+", "Nearer", "+")}
                {button("−", "Farther", "-")}
                {button("↔", "The whole run", "0")}
            </div>
            <div
                class="plots-frame keeps-arrows"
                node_ref=frame
                role="img"
                tabindex="0"
                aria-label=name
                on:keydown=press
            >
                <svg class="spacetime-ink" width="100%" height=high * 2.0>
                    {inside}
                    <line class="plots-now" x1="0" x2="0" y1="0" y2=high * 2.0 transform=now/>
                </svg>
            </div>
        </div>
    }
    .into_any()
}

/// Everything that stands still while time runs.
fn draw(sides: &Sides, frame: &Frame, wide: f64, high: f64) -> AnyView {
    let window = (frame.time(0.0), frame.time(wide));
    let apart = frame.x(sides.until).clamp(0.0, wide);
    let whole = sides.sides.iter().enumerate().map(|(index, side)| {
        let Side { story, first } = side;
        let picture = Picture::of(&story.trace, frame, window, &story.inks());
        let strokes = picture.strokes.into_iter().map(|stroke| {
            view! { <path class=stroke.part.class() data-hue=hue_word(stroke.hue) d=stroke.path/> }
        });
        let lane = |(lane, name): (usize, &String)| {
            let y = frame.y(NodeId(lane as u16));
            view! {
                <text class="lane-name" x="16" y=y + 4.0>{name.clone()}</text>
                <line class="lane" x1=GUTTER_PX x2=GUTTER_PX + wide y1=y y2=y/>
            }
        };
        let ring = first.filter(|(_, at)| (window.0..=window.1).contains(at)).map(|(node, at)| {
            view! { <circle class="first-ring" cx=frame.x(at) cy=frame.y(node) r="9"/> }
        });
        let word = ["A", "B"][index];
        view! {
            <g transform=format!("translate(0,{:.1})", high * index as f64)>
                <rect class="apart" x=GUTTER_PX + apart y="6" width=wide - apart height=high - 10.0/>
                <text class="plots-word" x="2" y=frame.y(NodeId(0)) + 4.0>{word}</text>
                {story.names.iter().enumerate().map(lane).collect_view()}
                <svg x=GUTTER_PX y="0" width=wide height=high>
                    {strokes.collect_view()}
                    {ring}
                </svg>
            </g>
        }
    });
    let label = |share: f64| {
        let x = GUTTER_PX + wide * share;
        view! { <text class="tick-text" x=x y="11">{moment(frame.time(wide * share))}</text> }
    };
    view! {
        {whole.collect_view()}
        {[0.06, 0.26, 0.46, 0.66].map(label).into_iter().collect_view()}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_stays_where_there_is_a_run() {
        let end = 1_000_000.0;
        let (left, span) = moved((0.0, 100_000.0), "ArrowLeft", end).unwrap();
        assert_eq!((left, span), (0.0, 100_000.0));
        let (left, _) = (0..99).fold((0.0, 100_000.0), |at, _| moved(at, "ArrowRight", end).unwrap());
        assert!(left <= end);
        let (left, span) = moved((400_000.0, 100_000.0), "+", end).unwrap();
        assert_eq!((left, span), (425_000.0, 50_000.0));
        let (_, least) = (0..99).fold((0.0, 100_000.0), |at, _| moved(at, "+", end).unwrap());
        assert_eq!(least, 500.0);
        assert_eq!(moved((5.0, 7.0), "0", end).unwrap().0, 0.0);
        assert_eq!(moved((0.0, 1.0), "x", end), None);
    }
}
