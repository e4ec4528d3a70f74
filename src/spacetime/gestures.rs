//! What the pointer, the wheel and the keys do to the diagram.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::board::Board;
use super::spots::{event_of_target, walk};
use super::story::Story;

/// A movement of the pointer shorter than this is a click.
const CLICK_PX: f64 = 4.0;
/// One notch of the wheel zooms by this.
const WHEEL_FACTOR: f64 = 1.25;

/// A drag of the diagram.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drag {
    from_x: f64,
    left: f64,
    /// Whether it has moved far enough to be no click.
    pub moved: bool,
}

/// The pointer from the top left corner of the lanes.
fn place_of(board: Board, event: &web_sys::MouseEvent) -> Option<(f64, f64)> {
    let plot = board.plot.get_untracked()?;
    let bounds = plot.get_bounding_client_rect();
    let x = f64::from(event.client_x()) - bounds.left() - board.gutter.get_untracked();
    let y = f64::from(event.client_y()) - bounds.top() + f64::from(plot.scroll_top());
    Some((x, y))
}

/// A click must not take the keyboard's focus to an event: the arrow keys would then walk instead of
/// moving the cursor. The page itself gets it, also within an iframe.
pub fn keep_focus(event: &ev::MouseEvent) {
    event.prevent_default();
    let _ = window().focus();
}

/// The pointer goes down: a drag may begin.
pub fn press(board: Board, drag: RwSignal<Option<Drag>>, event: &ev::PointerEvent) {
    if event.button() != 0 {
        return;
    }
    let left = board.left.get_untracked();
    drag.set(Some(Drag { from_x: f64::from(event.client_x()), left, moved: false }));
}

/// The pointer moves: it drags, or points at something.
pub fn hover(board: Board, drag: RwSignal<Option<Drag>>, event: &ev::PointerEvent) {
    let Some((x, y)) = place_of(board, event) else {
        return;
    };
    let pressed = drag.get_untracked().filter(|_| event.buttons() & 1 == 1);
    let Some(mut now) = pressed else {
        let circle = board.circle_under(x, y);
        let event = if circle.is_none() { board.event_under(x, y) } else { None };
        board.circle.set(circle);
        board.point_at(event);
        return;
    };
    let by = f64::from(event.client_x()) - now.from_x;
    if now.moved || by.abs() > CLICK_PX {
        if !now.moved {
            now.moved = true;
            drag.set(Some(now));
            if let Some(plot) = board.plot.get_untracked() {
                let _ = plot.set_pointer_capture(event.pointer_id());
            }
        }
        board.viewport.pan_to(now.left - by * untrack(|| board.viewport.scale()));
    }
}

/// A click comes after the release of the pointer and must still know whether it was a drag.
pub fn release(drag: RwSignal<Option<Drag>>) {
    if drag.get_untracked().is_some_and(|drag| !drag.moved) {
        drag.set(None);
    }
}

/// A click on an event goes to it, or ends the way that is sought; one on a circle shows what is in it.
pub fn click(board: Board, drag: RwSignal<Option<Drag>>, event: &ev::MouseEvent) {
    let dragged = drag.get_untracked().is_some_and(|drag| drag.moved);
    drag.set(None);
    if dragged {
        return;
    }
    // Assistive technology clicks without a place.
    let under = (event.detail() > 0).then(|| place_of(board, event)).flatten();
    if let Some(circle) = under.and_then(|(x, y)| board.circle_under(x, y)) {
        board.circle.set(None);
        board.viewport.show(circle.from, circle.until);
        return;
    }
    let hit = under.and_then(|(x, y)| board.event_under(x, y));
    if let Some(hit) = hit.or_else(|| event_of_target(event)) {
        if board.seeking.get_untracked() || event.shift_key() {
            board.seek_way(hit);
        } else {
            board.go_to(hit);
        }
    }
}

/// The wheel zooms; sideways, or with the shift key, it pans.
pub fn wheel(board: Board, event: &ev::WheelEvent) {
    let Some(plot) = board.plot.get_untracked() else {
        return;
    };
    let sideways = event.shift_key() || event.delta_x().abs() > event.delta_y().abs();
    let scrolls = plot.scroll_height() > plot.client_height() + 1;
    if sideways {
        event.prevent_default();
        let by = if event.delta_x() == 0.0 { event.delta_y() } else { event.delta_x() };
        board.viewport.pan_by(by);
    } else if !scrolls || event.ctrl_key() || event.meta_key() {
        event.prevent_default();
        let Some((x, _)) = place_of(board, event) else {
            return;
        };
        let factor = if event.delta_y() < 0.0 { WHEEL_FACTOR } else { 1.0 / WHEEL_FACTOR };
        // While it follows, what matters is the cursor.
        let follows = untrack(|| board.viewport.follows());
        board.viewport.zoom_by(factor, (!follows).then_some(x));
    }
}

/// Arrow keys walk from event to event; Enter and space go there; P and F light its past and future, T
/// the way to it from the chosen event. Plus, minus and zero zoom. Where no event has the focus, those
/// speak of the chosen one.
pub fn key(board: Board, event: &ev::KeyboardEvent) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let key = event.key();
    let focused = event_of_target(event);
    let done = focused.is_some_and(|here| walk_or_choose(board, here, &key, event.shift_key()))
        || focused.or_else(|| untrack(|| board.subject())).is_some_and(|here| ask(board, here, &key));
    if done {
        // These keys do something else elsewhere.
        event.prevent_default();
        event.stop_propagation();
    }
}

/// Keys of an event in focus; whether this is one.
fn walk_or_choose(board: Board, here: u32, key: &str, shift: bool) -> bool {
    let step = |story: &Story| board.lanes.with_untracked(|lanes| walk(&story.trace, lanes, here, key));
    match (board.story.with_untracked(step), key) {
        (Some(_), _) if shift => return false,
        (Some(next), _) => board.focus(next),
        // At the outermost lane there is no way on, and the page must not scroll instead.
        (None, "ArrowUp" | "ArrowDown") => {}
        (None, "Enter" | " ") if board.seeking.get_untracked() => board.seek_way(here),
        (None, "Enter" | " ") => board.go_to(here),
        _ => return false,
    }
    true
}

/// Keys that ask about an event or look at it closer; whether this is one.
fn ask(board: Board, here: u32, key: &str) -> bool {
    match key {
        "p" | "P" => board.light(here, false),
        "f" | "F" => board.light(here, true),
        "t" | "T" => board.seek_way(here),
        "v" | "V" => board.show_vectors(here),
        "+" | "=" => board.viewport.zoom_by(2.0, board.x_of(here)),
        "-" => board.viewport.zoom_by(0.5, board.x_of(here)),
        "0" => board.viewport.fit(),
        "Escape" if untrack(|| board.lights.get().any() || board.seeking.get()) => board.darken(),
        _ => return false,
    }
    true
}

/// The focus leaves an event. When it goes to another part of the page, the tab stop returns to the
/// cursor; when the event's mark was only taken away while walking, it stays.
pub fn leave(board: Board, event: &ev::FocusEvent) {
    board.point_at(None);
    let next = event.related_target().and_then(|next| next.dyn_into::<web_sys::Element>().ok());
    if next.is_some_and(|next| !next.has_attribute("data-event")) {
        board.aim.set(None);
    }
}
