//! The events that can be focused: each is a button whose name is its sentence. Arrow keys walk.

use faultline_model::{NodeId, Time, sort};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::geometry::Frame;
use super::lanes::Arrangement;
use super::story::Story;
use super::trace::{Dot, Mark, Trace};
use crate::checks::use_evidence;
use crate::session::Session;
use crate::widgets::keep_focus_by;

/// So many events are in the document one by one; in a crowd, those around the cursor or the focus.
const MOST_SPOTS: usize = 240;
/// The crowd's part moves in steps of so many events, so that it does not change with every event.
const STRIDE: usize = 60;

/// The numbers of the events that can be focused in a window, around `anchor`. None is on a folded lane.
pub fn spots_in(trace: &Trace, frame: &Frame, (from, to): (Time, Time), anchor: u32) -> Vec<u32> {
    let open = |event: &u32| trace.dot(*event).is_some_and(|dot| is_open(frame, dot));
    let all = trace.count_in(from, to);
    if all <= MOST_SPOTS {
        return trace.events_in(from, to).filter(open).collect();
    }
    // On each lane those nearest to the anchor, so that a walk in any direction finds the next.
    let lanes: Vec<NodeId> = (0..trace.lanes()).map(|lane| NodeId(lane as u16)).collect();
    let anchor = (anchor as usize / STRIDE * STRIDE + STRIDE / 2) as u32;
    let at = trace.dot(anchor.clamp(1, trace.len().max(1))).map_or(Time::ZERO, |dot| dot.at);
    let share = (MOST_SPOTS / lanes.len().max(1)).max(2);
    let mut events: Vec<u32> = vec![];
    for node in lanes {
        let lane = trace.lane(node);
        let middle = lane.partition_point(|&event| trace.dot(event).is_some_and(|dot| dot.at < at));
        let first = middle.saturating_sub(share / 2);
        events.extend(lane[first..(first + share).min(lane.len())].iter().filter(|event| open(event)));
    }
    sort(&mut events);
    events
}

fn is_open(frame: &Frame, dot: &Dot) -> bool {
    dot.mark == Mark::Network || !frame.is_folded(dot.node)
}

/// Where a key leads from an event; `None` for keys that lead nowhere. Left and right stay on the lane,
/// up and down go to the lane beside it as they are drawn, the page keys take event by event.
pub fn walk(trace: &Trace, lanes: &Arrangement, event: u32, key: &str) -> Option<u32> {
    let last = trace.len().max(1);
    let next = match key {
        "ArrowRight" => along(trace, event, 1),
        "ArrowLeft" => along(trace, event, -1),
        "ArrowUp" => across(trace, lanes, event, -1)?,
        "ArrowDown" => across(trace, lanes, event, 1)?,
        "PageDown" => event + 1,
        "PageUp" => event.saturating_sub(1),
        "Home" => 1,
        "End" => last,
        _ => return None,
    };
    Some(next.clamp(1, last))
}

/// The next event of the same lane, or the one before; the same where there is none.
fn along(trace: &Trace, event: u32, by: isize) -> u32 {
    let lane = trace.dot(event).map_or(&[][..], |dot| trace.lane(dot.node));
    let place = lane.iter().position(|&other| other == event);
    let next = place.and_then(|place| lane.get(place.checked_add_signed(by)?));
    next.copied().unwrap_or(event)
}

/// The event nearest in time on the next lane above or below that has one and is not folded.
fn across(trace: &Trace, lanes: &Arrangement, event: u32, by: isize) -> Option<u32> {
    let here = *trace.dot(event)?;
    let mut place = lanes.place(here.node);
    loop {
        place = place.checked_add_signed(by)?;
        let node = *lanes.order().get(place)?;
        if lanes.is_folded(node) {
            continue;
        }
        let lane = trace.lane(node);
        let time = |event: u32| trace.dot(event).map_or(Time::ZERO, |dot| dot.at);
        let after = lane.partition_point(|&event| time(event) < here.at);
        let around = lane[after.saturating_sub(1)..(after + 1).min(lane.len())].iter();
        if let Some(nearest) = around.min_by_key(|&&event| time(event).0.abs_diff(here.at.0)) {
            return Some(*nearest);
        }
    }
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
    let evidence = use_evidence();
    let spot = move |event: u32| {
        let place = move || {
            let at = frame.get();
            let place = |story: &Story| story.trace.dot(event).map(|dot| at.place(&story.trace, dot));
            let (x, y) = story.with(place).unwrap_or_default();
            format!("translate({x},{y})")
        };
        let name = untrack(|| session.narrate(event)).map(|sentence| sentence.text).unwrap_or_default();
        let current = Memo::new(move |_| session.cursor() == event);
        let guilty =
            move || if evidence.has_event(event) { format!("{name}, in a violation") } else { name.clone() };
        view! {
            <g
                class="spot"
                role="button"
                data-event=event
                tabindex=move || if stop.get() == event { "0" } else { "-1" }
                aria-label=guilty
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
            let event = Event { kind: "Tick", ..Event::new(Time(at), What::Fired, NodeId(node)) };
            trace.push(&event, None, |_| "");
        }
        trace
    }

    #[test]
    fn arrows_walk_along_lanes_and_across_them() {
        let trace = trace(&[(10, 0), (20, 2), (30, 1), (40, 0), (41, 2)]);
        let lanes = Arrangement::default().fitted(3);
        let walk = |event, key| walk(&trace, &lanes, event, key);
        assert_eq!((walk(1, "ArrowRight"), walk(4, "ArrowLeft")), (Some(4), Some(1)));
        assert_eq!(walk(1, "ArrowLeft"), Some(1), "there is nothing before the first");
        assert_eq!(walk(5, "ArrowRight"), Some(5));
        let below = walk(4, "ArrowDown");
        assert_eq!(below, Some(3), "the next lane that has one, not the nearest in time");
        assert_eq!((walk(2, "ArrowUp"), walk(4, "ArrowUp")), (Some(3), None));
        assert_eq!((walk(3, "Home"), walk(3, "End")), (Some(1), Some(5)));
        assert_eq!(
            (walk(3, "PageUp"), walk(3, "PageDown"), walk(5, "PageDown")),
            (Some(2), Some(4), Some(5))
        );
        assert_eq!(walk(3, "x"), None);
    }

    #[test]
    fn a_walk_across_follows_the_lanes_as_they_stand_and_skips_the_folded() {
        let trace = trace(&[(10, 0), (20, 2), (30, 1), (40, 0), (41, 2)]);
        let mut lanes = Arrangement::default().fitted(3);
        lanes.move_to(NodeId(2), 0);
        assert_eq!(walk(&trace, &lanes, 4, "ArrowUp"), Some(5));
        assert_eq!(walk(&trace, &lanes, 2, "ArrowUp"), None);
        lanes.fold(NodeId(0));
        assert_eq!(walk(&trace, &lanes, 5, "ArrowDown"), Some(3));
    }

    #[test]
    fn a_crowd_has_its_spots_around_the_anchor() {
        let trace = trace(&(0..5_000).map(|at| (at, (at % 4) as u16)).collect::<Vec<_>>());
        let frame = Frame::even(4, 38.0, 30.0);
        let spots = |from, to, anchor| spots_in(&trace, &frame, (Time(from), Time(to)), anchor);
        assert_eq!(spots(10, 19, 4_000).len(), 10);
        for anchor in [0, 1, 2_500, 4_999, 9_999] {
            let events = spots(0, 5_000, anchor);
            assert!(events.len() <= MOST_SPOTS, "{}", events.len());
            let inside = anchor.clamp(1, 5_000);
            assert!(events.contains(&inside), "{anchor}: {:?}", (events.first(), events.last()));
        }
        let folded = Frame::with_lanes(&[38.0, 68.0, 98.0, 128.0], &[NodeId(1)]);
        let events = spots_in(&trace, &folded, (Time(0), Time(5_000)), 2_500);
        assert!(!events.is_empty() && events.iter().all(|event| (event - 1) % 4 != 1));
    }
}
