//! What the pointer, the wheel and the keys do to the diagram.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::board::Board;
use super::spots::{event_of_target, walk};
use super::story::Story;

/// A movement of the pointer shorter than this is a click.
const CLICK_PX: f64 = 4.0;
/// Fingers closer than this, as where one stands above the other, zoom no further.
const APART_PX: f64 = 40.0;
/// One notch of the wheel zooms by this.
const WHEEL_FACTOR: f64 = 1.25;

/// A drag of the diagram, or a pinch with two fingers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drag {
    /// Where it began, and what stood at the left edge then.
    from_x: f64,
    left: f64,
    /// Whether it has moved far enough to be no click.
    pub moved: bool,
    /// The pointers that are down and where they are, the first two of them.
    down: [Option<Finger>; 2],
}

/// A pointer that is down.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Finger {
    id: i32,
    x: f64,
}

impl Drag {
    fn begin(finger: Finger, left: f64) -> Drag {
        Drag { from_x: finger.x, left, moved: false, down: [Some(finger), None] }
    }

    /// One more pointer is down: two pinch, and a third is none of its business.
    fn and(self, finger: Finger) -> Drag {
        let others = self.down.into_iter().flatten().filter(|other| other.id != finger.id);
        let first = others.take(1).next();
        Drag { moved: true, down: [first, Some(finger)], ..self }
    }

    /// A pointer is up. What remains goes on from where it is, with `left` at the edge.
    fn without(self, id: i32, left: f64) -> Drag {
        let rest = self.down.into_iter().flatten().find(|finger| finger.id != id);
        Drag { from_x: rest.map_or(self.from_x, |finger| finger.x), left, down: [rest, None], ..self }
    }

    /// A pointer has moved. With two down: by which factor they have come apart, what was between them
    /// before, and what is now.
    fn track(&mut self, finger: Finger) -> Option<(f64, f64, f64)> {
        let before = self.down;
        let own = self.down.iter_mut().flatten().find(|own| own.id == finger.id)?;
        own.x = finger.x;
        let ([Some(a), Some(b)], [Some(c), Some(d)]) = (before, self.down) else { return None };
        let apart = |a: Finger, b: Finger| (a.x - b.x).abs().max(APART_PX);
        Some((apart(c, d) / apart(a, b), (a.x + b.x) / 2.0, (c.x + d.x) / 2.0))
    }

    fn is_held(&self) -> bool {
        self.down.iter().any(Option::is_some)
    }
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
    let Some((x, _)) = place_of(board, event) else {
        return;
    };
    let finger = Finger { id: event.pointer_id(), x };
    let next = match drag.get_untracked().filter(Drag::is_held) {
        Some(held) if event.pointer_type() == "touch" => {
            capture(board, event);
            held.and(finger)
        }
        _ => Drag::begin(finger, board.left.get_untracked()),
    };
    drag.set(Some(next));
}

/// The diagram keeps the pointer, also where it leaves it.
fn capture(board: Board, event: &ev::PointerEvent) {
    if let Some(plot) = board.plot.get_untracked() {
        let _ = plot.set_pointer_capture(event.pointer_id());
    }
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
    if let Some((factor, before, between)) = now.track(Finger { id: event.pointer_id(), x }) {
        drag.set(Some(now));
        board.viewport.zoom_by(factor, Some(before));
        board.viewport.pan_by(before - between);
        return;
    }
    let by = x - now.from_x;
    if now.moved || by.abs() > CLICK_PX {
        if !now.moved {
            now.moved = true;
            capture(board, event);
        }
        drag.set(Some(now));
        board.viewport.pan_to(now.left - by * untrack(|| board.viewport.scale()));
    }
}

/// A click comes after the release of the pointer and must still know whether it was a drag.
pub fn release(board: Board, drag: RwSignal<Option<Drag>>, event: &ev::PointerEvent) {
    let left = board.left.get_untracked();
    drag.update(|drag| {
        *drag = drag.filter(|drag| drag.moved).map(|drag| drag.without(event.pointer_id(), left))
    });
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

#[cfg(test)]
mod tests {
    use super::*;

    fn finger(id: i32, x: f64) -> Finger {
        Finger { id, x }
    }

    #[test]
    fn two_fingers_zoom_by_how_far_they_come_apart_and_one_goes_on_alone() {
        let mut drag = Drag::begin(finger(1, 100.0), 5_000.0);
        assert_eq!(drag.track(finger(1, 103.0)), None, "one finger does not zoom");
        drag = drag.and(finger(2, 203.0));
        assert!(drag.moved, "two fingers are no click");
        assert_eq!(drag.track(finger(2, 303.0)), Some((2.0, 153.0, 203.0)));
        assert_eq!(drag.track(finger(3, 0.0)), None, "a third finger is none of its business");
        drag = drag.without(1, 7_000.0);
        assert_eq!((drag.from_x, drag.left, drag.is_held()), (303.0, 7_000.0, true));
        assert_eq!(drag.track(finger(2, 310.0)), None);
        assert!(!drag.without(2, 0.0).is_held());
    }

    #[test]
    fn fingers_above_each_other_do_not_zoom_to_nothing() {
        let mut drag = Drag::begin(finger(1, 100.0), 0.0).and(finger(2, 101.0));
        assert_eq!(drag.track(finger(2, 120.0)).map(|(factor, ..)| factor), Some(1.0));
    }
}
