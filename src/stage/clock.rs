//! Clocks on the stage: a small dial at a node whose clock is off, and on wish what every clock says.

use faultline_sim::{NodeView, Status};
use leptos::prelude::*;
use leptos::svg::Text;

use super::Stagecraft;
use super::geometry::{Box2, Geometry, HALO, Point, WORDS_FROM};
use super::labels::text_width;

/// How large the dial is.
const DIAL: f64 = 9.0;
/// How far from its middle its words begin.
const GAP: f64 = 14.0;

/// How far up and to the right of the middle of its node a dial stands.
pub fn aside(radius: f64) -> f64 {
    radius * 0.74 + 3.0
}

/// Whether the words of a node's dial stand above it: where another node or the edge leaves no room beside it.
pub fn stacked(geometry: &Geometry, node: usize, text: &str) -> bool {
    let (line, reach) = (words_at(geometry, node, text, false), 2.0 * (geometry.radius + HALO));
    let meets = |(other, &place): (usize, &Point)| {
        other != node && Box2::around(place, reach, reach).overlap(&line) > 0.0
    };
    line.right > geometry.width || geometry.places.iter().enumerate().any(meets)
}

fn words_at(geometry: &Geometry, node: usize, text: &str, above: bool) -> Box2 {
    let (place, out, width) = (geometry.place(node), aside(geometry.radius), text_width(text));
    let (x, y) = if above { (0.0, -GAP - 4.0) } else { (GAP + width / 2.0, 0.0) };
    Box2::around(Point { x: place.x + out + x, y: place.y - out + y }, width, DIAL * 2.0)
}

/// What a node's dial and its words take up on the stage.
pub fn dial_boxes(geometry: &Geometry, node: usize, text: &str) -> [Box2; 2] {
    let (place, out) = (geometry.place(node), aside(geometry.radius));
    let dial = Box2::around(Point { x: place.x + out, y: place.y - out }, DIAL * 2.0, DIAL * 2.0);
    [dial, words_at(geometry, node, text, stacked(geometry, node, text))]
}

/// The dial: true time points up, the hand shows which way and how far the node's clock is off.
#[component]
pub fn Dial(
    /// How far it is ahead, microseconds.
    offset: i64,
    /// What is written beside it.
    text: String,
    /// Where it stands, relative to the node: see [`aside`].
    at: f64,
    /// Whether its words stand above it: see [`stacked`].
    above: bool,
) -> impl IntoView {
    // Ten milliseconds are to be seen, ten seconds not to go round: a root, with its sign.
    let turn = (offset.unsigned_abs() as f64 / 1e6).sqrt().min(3.0) / 3.0 * 170.0;
    let turn = if offset < 0 { -turn } else { turn };
    let (x, y, anchor) = if above { (0.0, -GAP, "middle") } else { (GAP, 4.0, "start") };
    view! {
        <g class="dial" transform=format!("translate({at:.1} {:.1})", -at)>
            <circle r=DIAL/>
            <path class="true" d="M 0 -9 V -6"/>
            <path class="hand" d="M 0 0 V -6.5" transform=format!("rotate({turn:.1})")/>
            <text x=x y=y text-anchor=anchor>{text}</text>
        </g>
    }
}

/// What a node's own clock says, while the stage shows clocks.
#[component]
pub fn LocalTime(stagecraft: Stagecraft, view: Memo<Option<NodeView>>, radius: Memo<f64>) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let is_up = |view: &NodeView| !matches!(view.status, Status::Down | Status::Left);
        let up = view.with(|view| view.as_ref().is_some_and(is_up));
        stagecraft.clocks.get() && up && radius.get() >= WORDS_FROM
    });
    let clock =
        Memo::new(move |_| view.with(|view| view.as_ref().map_or((0, 0), |view| (view.offset, view.drift))));
    let since = move || stagecraft.session.moment().with_untracked(|moment| moment.view.time.0 as f64);
    let text = move |time: f64| {
        let (offset, drift) = clock.get();
        // Between two events a clock that drifts goes on drifting.
        seconds(time + offset as f64 + (time - since()) * f64::from(drift) / 1e6)
    };
    let off = move || clock.with(|clock| *clock != (0, 0));
    view! {
        <Show when=move || shown.get()>
            <Reading stagecraft text off=Signal::derive(off) x=Signal::stored(0.0) y=Signal::derive(move || -radius.get() - 12.0)/>
        </Show>
    }
}

/// True time, which no node can see, while the stage shows clocks.
#[component]
pub fn TrueTime(stagecraft: Stagecraft) -> impl IntoView {
    let corner = move || stagecraft.lens.corner();
    let text = |time: f64| format!("true time {}", seconds(time));
    view! {
        <Show when=move || stagecraft.clocks.get()>
            <Reading
                stagecraft
                text
                off=Signal::stored(false)
                x=Signal::derive(move || corner().x + 76.0)
                y=Signal::derive(move || corner().y + 20.0)
            />
        </Show>
    }
}

/// A time that runs on with the drawn one.
#[component]
fn Reading(
    stagecraft: Stagecraft,
    text: impl Fn(f64) -> String + Copy + 'static,
    off: Signal<bool>,
    x: Signal<f64>,
    y: Signal<f64>,
) -> impl IntoView {
    let mark = NodeRef::<Text>::new();
    let depends = move || {
        mark.track();
        stagecraft.session.revision();
    };
    stagecraft.movement.join(depends, move |time| {
        if let Some(mark) = mark.get() {
            mark.set_text_content(Some(&text(time)));
        }
    });
    view! { <text class="reading" class:off=move || off.get() node_ref=mark x=move || x.get() y=move || y.get()></text> }
}

/// Microseconds as "12.345 s".
fn seconds(micros: f64) -> String {
    let thousandths = (micros / 1_000.0).floor() as i64;
    let sign = if thousandths < 0 { "−" } else { "" };
    let size = thousandths.unsigned_abs();
    format!("{sign}{}.{:03} s", size / 1_000, size % 1_000)
}

#[cfg(test)]
mod tests {
    use faultline_lessons::Layout;

    use super::super::geometry::Players;
    use super::*;

    #[test]
    fn the_words_of_a_dial_stand_above_it_where_the_next_node_is_close() {
        let players =
            |count: usize| Players { names: vec!["S".to_owned(); count], clients: vec![false; count] };
        let row = |width: f64| Geometry::arrange(&Layout::Chain, &players(3), &[], width, 400.0);
        let (wide, narrow) = (row(900.0), row(390.0));
        assert!(!stacked(&wide, 0, "+20ms") && stacked(&narrow, 0, "+20ms"));
        for (geometry, node) in [(&wide, 0), (&narrow, 0), (&narrow, 1)] {
            let next = Box2::around(geometry.place(node + 1), 2.0 * geometry.radius, 2.0 * geometry.radius);
            for part in dial_boxes(geometry, node, "+20ms") {
                assert_eq!(part.overlap(&next), 0.0, "{part:?}");
            }
        }
    }

    #[test]
    fn clocks_read_in_seconds() {
        assert_eq!(seconds(15_000_900.0), "15.000 s");
        assert_eq!(seconds(1_234_000.0), "1.234 s");
        assert_eq!(seconds(-1_500_000.0), "−1.500 s");
    }
}
