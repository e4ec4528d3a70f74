//! The events that can be focused: each is a button whose name is its sentence. Arrow keys walk.

use faultline_model::Time;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::geometry::Frame;
use super::story::Story;
use super::trace::{Mark, Trace};
use crate::session::Session;
use crate::widgets::keep_focus_by;

/// So many events are in the document one by one; in a crowd, those around the cursor or the focus.
const MOST_SPOTS: usize = 240;
/// The crowd's part moves in steps of so many events, so that it does not change with every event.
const STRIDE: usize = 60;

/// The numbers of the events that can be focused in a window, around `anchor`.
pub fn events_in(trace: &Trace, (from, to): (Time, Time), anchor: u32) -> Vec<u32> {
    let range = trace.dots_in(from, to);
    let all = range.len();
    let range = if all <= MOST_SPOTS {
        range
    } else {
        let anchor = (anchor as usize / STRIDE * STRIDE).clamp(range.start, range.end);
        let start = anchor.saturating_sub(MOST_SPOTS / 2).max(range.start).min(range.end - MOST_SPOTS);
        start..start + MOST_SPOTS
    };
    range.map(|index| index as u32 + 1).collect()
}

/// Where a key leads from an event; `None` for keys that lead nowhere.
pub fn walk(trace: &Trace, event: u32, key: &str) -> Option<u32> {
    let last = trace.len();
    let next = match key {
        "ArrowRight" => event + 1,
        "ArrowLeft" => event.saturating_sub(1),
        "Home" => 1,
        "End" => last,
        "ArrowUp" => lane_beside(trace, event, -1)?,
        "ArrowDown" => lane_beside(trace, event, 1)?,
        _ => return None,
    };
    Some(next.clamp(1, last.max(1)))
}

/// The event nearest in time on the next lane above or below that has one.
fn lane_beside(trace: &Trace, event: u32, direction: i32) -> Option<u32> {
    /// So far is looked in both directions.
    const REACH: usize = 4_000;
    let here = *trace.dot(event)?;
    let index = event as usize - 1;
    let around = index.saturating_sub(REACH)..(index + REACH).min(trace.dots().len());
    let distance = |at: Time| at.0.abs_diff(here.at.0);
    let beside = around.zip(&trace.dots()[index.saturating_sub(REACH)..]).filter_map(|(i, dot)| {
        let lanes = (i32::from(dot.node.0) - i32::from(here.node.0)) * direction;
        (lanes > 0 && dot.mark != Mark::Network).then_some((lanes, distance(dot.at), i))
    });
    beside.min().map(|(_, _, i)| i as u32 + 1)
}

/// The event whose spot a browser event concerns.
pub fn event_of_target(event: &web_sys::Event) -> Option<u32> {
    let element: web_sys::Element = event.target()?.dyn_into().ok()?;
    element.closest("[data-event]").ok()??.get_attribute("data-event")?.parse().ok()
}

/// The buttons, in the moving part of the diagram.
#[component]
pub fn Spots(
    session: Session,
    story: Memo<Story>,
    frame: Memo<Frame>,
    #[prop(into)] events: Signal<Vec<u32>>,
    /// The event that has the tab stop.
    #[prop(into)]
    stop: Signal<u32>,
) -> impl IntoView {
    let spot = move |event: u32| {
        let place = move || {
            let at = frame.get();
            let place = |story: &Story| story.trace.dot(event).map(|dot| at.place(&story.trace, dot));
            let (x, y) = story.with(place).unwrap_or_default();
            format!("translate({x},{y})")
        };
        let name = untrack(|| session.narrate(event)).map(|sentence| sentence.text).unwrap_or_default();
        let current = Memo::new(move |_| session.cursor() == event);
        view! {
            <g
                class="spot"
                role="button"
                data-event=event
                tabindex=move || if stop.get() == event { "0" } else { "-1" }
                aria-label=name
                aria-current=move || current.get().then_some("true")
                transform=place
            >
                <circle class="reach" r="5"/>
                <circle class="ring" r="6.5"/>
            </g>
        }
    };
    // Another branch or run tells other sentences under the same numbers.
    let each = move || {
        keep_focus_by("data-event");
        let generation = story.with(Story::generation);
        events.get().into_iter().map(|event| (generation, event)).collect::<Vec<_>>()
    };
    view! { <For each key=|spot| *spot children=move |(_, event)| spot(event)/> }
}

#[cfg(test)]
mod tests {
    use faultline_model::NodeId;
    use faultline_sim::{Event, What};

    use super::*;

    fn trace(events: &[(u64, u16)]) -> Trace {
        let mut trace = Trace::default();
        for &(at, node) in events {
            let event = Event {
                at: Time(at),
                what: What::Fired,
                node: NodeId(node),
                peer: None,
                msg: None,
                cause: 0,
                kind: "Tick",
                rule: None,
                epoch: None,
            };
            trace.push(&event, None, |_| "");
        }
        trace
    }

    #[test]
    fn arrows_walk_through_time_and_across_lanes() {
        let trace = trace(&[(10, 0), (20, 2), (30, 1), (40, 0), (41, 2)]);
        assert_eq!(walk(&trace, 1, "ArrowRight"), Some(2));
        assert_eq!(walk(&trace, 1, "ArrowLeft"), Some(1), "there is nothing before the first");
        assert_eq!(walk(&trace, 5, "ArrowRight"), Some(5));
        assert_eq!(
            walk(&trace, 4, "ArrowDown"),
            Some(3),
            "the next lane that has one, not the nearest in time"
        );
        assert_eq!(walk(&trace, 2, "ArrowUp"), Some(3));
        assert_eq!(walk(&trace, 4, "ArrowUp"), None);
        assert_eq!((walk(&trace, 3, "Home"), walk(&trace, 3, "End")), (Some(1), Some(5)));
        assert_eq!(walk(&trace, 3, "x"), None);
    }

    #[test]
    fn a_crowd_has_its_spots_around_the_anchor() {
        let trace = trace(&(0..5_000).map(|at| (at, 0)).collect::<Vec<_>>());
        let whole = (Time(0), Time(5_000));
        assert_eq!(events_in(&trace, (Time(10), Time(19)), 4_000).len(), 10);
        for anchor in [0, 1, 2_500, 4_999, 9_999] {
            let events = events_in(&trace, whole, anchor);
            assert_eq!(events.len(), MOST_SPOTS);
            let inside = anchor.clamp(1, 5_000);
            assert!(events.contains(&inside), "{anchor}: {:?}", (events.first(), events.last()));
        }
        let narrow = (Time(2_000), Time(2_999));
        assert_eq!(events_in(&trace, narrow, 0).first(), Some(&2_001));
        assert_eq!(events_in(&trace, narrow, 5_000).last(), Some(&3_000));
    }
}
