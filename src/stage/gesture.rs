//! What a pointer does to the stage: it draws a partition, moves a node, pans or zooms. Anything
//! shorter than a few pixels is a click and none of its business.

use faultline_model::NodeId;
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent, WheelEvent, keydown};
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Stagecraft;
use super::geometry::Point;
use super::partition::extend;
use crate::faults::target_of;
use crate::session::Target;

/// A movement shorter than this is a click, pixels.
const CLICK: f64 = 6.0;
/// So many pixels of the wheel zoom by the factor e.
const WHEEL: f64 = 240.0;
/// One press of a key zooms by this.
const KEY: f64 = 1.4;

/// What the pointers are at.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Doing {
    #[default]
    Nothing,
    /// Down at a point of the field, perhaps on a node, and not yet moved.
    Pressed(Point, Option<NodeId>),
    /// Drawing the line of a partition.
    Drawing,
    /// Taking a node along.
    Moving(NodeId),
    /// Panning; the point of the field where the pointer was last.
    Panning(Point),
    /// Two fingers: how far apart they are, and the point between them.
    Pinching(f64, Point),
}

/// The pointers that are down, the first two of them.
#[derive(Clone, Debug, Default)]
struct Hand {
    doing: Doing,
    /// Whether the last press became more than a click.
    moved: bool,
    down: Vec<(i32, Point)>,
}

/// The hand on one stage.
#[derive(Clone, Copy)]
pub struct Gestures {
    stagecraft: Stagecraft,
    field: NodeRef<Div>,
    hand: StoredValue<Hand>,
}

impl Gestures {
    /// Follows the pointers on `field`; Escape lets go of what they were at.
    pub fn on(stagecraft: Stagecraft, field: NodeRef<Div>) -> Gestures {
        let gestures = Gestures { stagecraft, field, hand: StoredValue::new(Hand::default()) };
        let escape = window_event_listener(keydown, move |event| {
            if event.key() == "Escape" && stagecraft.drawing.line.with_untracked(|line| !line.is_empty()) {
                event.prevent_default();
                gestures.let_go();
                stagecraft.session.announce("No partition was drawn.");
            }
        });
        on_cleanup(move || escape.remove());
        gestures
    }

    /// Where an event is in the field, pixels.
    pub fn place(self, event: &MouseEvent) -> Option<Point> {
        let bounds = self.field.get_untracked()?.get_bounding_client_rect();
        Some(Point {
            x: f64::from(event.client_x()) - bounds.left(),
            y: f64::from(event.client_y()) - bounds.top(),
        })
    }

    fn let_go(self) {
        self.stagecraft.drawing.line.set(vec![]);
        self.hand.update_value(|hand| hand.doing = Doing::Nothing);
    }

    /// A pointer goes down.
    pub fn press(self, event: &PointerEvent) {
        let Some(at) = self.place(event) else { return };
        if event.button() != 0 || in_menu(event) {
            return;
        }
        let node = node_under(event);
        self.hand.update_value(|hand| {
            hand.down.retain(|(id, _)| *id != event.pointer_id());
            hand.down.truncate(1);
            hand.down.push((event.pointer_id(), at));
            hand.moved = hand.down.len() > 1;
            hand.doing = match hand.down[..] {
                [(_, a), (_, b)] => Doing::Pinching(a.distance(b).max(1.0), a.toward(b, 0.5)),
                _ => Doing::Pressed(at, node),
            };
        });
        if self.hand.with_value(|hand| hand.down.len()) == 2 {
            self.stagecraft.drawing.line.set(vec![]);
            self.capture(event);
        }
    }

    /// A pointer moves.
    pub fn track(self, event: &PointerEvent) {
        let Some(at) = self.place(event) else { return };
        let known = self.hand.try_update_value(|hand| {
            let mine = hand.down.iter_mut().find(|(id, _)| *id == event.pointer_id());
            mine.map(|mine| mine.1 = at).is_some()
        });
        if known != Some(true) {
            self.hover(event, at);
            return;
        }
        let Stagecraft { lens, .. } = self.stagecraft;
        let doing = self.hand.with_value(|hand| hand.doing);
        let next = match doing {
            Doing::Nothing => return,
            Doing::Pressed(from, node) if from.distance(at) > CLICK => self.begin(from, node, event),
            Doing::Pressed(..) => return,
            Doing::Drawing => {
                let at = lens.on_stage(at);
                self.stagecraft.drawing.line.maybe_update(|line| extend(line, at));
                doing
            }
            Doing::Moving(node) => {
                self.stagecraft.settle(node, lens.on_stage(at));
                doing
            }
            Doing::Panning(last) => {
                lens.pan_by(last.x - at.x, last.y - at.y);
                Doing::Panning(at)
            }
            Doing::Pinching(apart, middle) => self.pinch(apart, middle),
        };
        self.hand.update_value(|hand| hand.doing = next);
    }

    /// A pointer that is not down points at the painted message below it.
    fn hover(self, event: &PointerEvent, at: Point) {
        let painted = self.stagecraft.bulk.with_untracked(|bulk| bulk.messages);
        if painted && !on_mark(event) {
            let found = self.stagecraft.courses.at(self.stagecraft, self.stagecraft.lens.on_stage(at));
            self.stagecraft.point_at(found);
        }
    }

    /// A click that no mark took opens the menu of the painted message below it.
    pub fn click(self, event: &MouseEvent) {
        let moved = self.hand.with_value(|hand| hand.moved);
        let Some(at) = self.place(event).filter(|_| !moved && !on_mark(event) && !in_menu(event)) else {
            return;
        };
        let at = self.stagecraft.lens.on_stage(at);
        if let Some(target) = self.stagecraft.courses.at(self.stagecraft, at) {
            self.stagecraft.open(target, at, 18.0);
        }
    }

    /// The pointer has moved too far for a click.
    fn begin(self, from: Point, node: Option<NodeId>, event: &PointerEvent) -> Doing {
        let stagecraft = self.stagecraft;
        let doing = match node {
            Some(node) if untrack(|| stagecraft.can_arrange()) => Doing::Moving(node),
            _ if stagecraft.drawing.armed.get_untracked() => {
                stagecraft.drawing.line.set(vec![stagecraft.lens.on_stage(from)]);
                Doing::Drawing
            }
            _ if untrack(|| stagecraft.lens.near()) => Doing::Panning(from),
            _ => Doing::Nothing,
        };
        if doing != Doing::Nothing {
            // From now on the field gets the events, and no mark below the pointer takes a click.
            self.capture(event);
            self.hand.update_value(|hand| hand.moved = true);
        }
        doing
    }

    fn pinch(self, apart: f64, middle: Point) -> Doing {
        let Some([a, b]) = self.hand.with_value(|hand| match hand.down[..] {
            [(_, a), (_, b)] => Some([a, b]),
            _ => None,
        }) else {
            return Doing::Nothing;
        };
        let (now, between) = (a.distance(b).max(1.0), a.toward(b, 0.5));
        let lens = self.stagecraft.lens;
        lens.zoom_by(now / apart, Some(between));
        lens.pan_by(middle.x - between.x, middle.y - between.y);
        Doing::Pinching(now, between)
    }

    fn capture(self, event: &PointerEvent) {
        if let Some(field) = self.field.get_untracked() {
            // A pointer that is gone by now needs no capture.
            let _ = field.set_pointer_capture(event.pointer_id());
        }
    }

    /// A pointer goes up, where it was or out of the browser's hands; `done` says which.
    pub fn release(self, event: &PointerEvent, done: bool) {
        let doing = self.hand.try_update_value(|hand| {
            let before = hand.down.len();
            hand.down.retain(|(id, _)| *id != event.pointer_id());
            (hand.down.len() < before).then(|| std::mem::take(&mut hand.doing))
        });
        if doing.flatten() == Some(Doing::Drawing) {
            if done {
                self.stagecraft.split_along_line();
            }
            self.stagecraft.drawing.line.set(vec![]);
        }
    }

    /// The wheel zooms with Ctrl, which is also what a trackpad's pinch says; else it pans.
    pub fn wheel(self, event: &WheelEvent) {
        let lens = self.stagecraft.lens;
        if event.ctrl_key() {
            event.prevent_default();
            lens.zoom_by((-event.delta_y() / WHEEL).exp(), self.place(event));
        } else if untrack(|| lens.near()) && !in_menu(event) {
            event.prevent_default();
            lens.pan_by(event.delta_x(), event.delta_y());
        }
    }

    /// Plus, minus and zero zoom while the stage has the focus.
    pub fn key(self, event: &KeyboardEvent) {
        let lens = self.stagecraft.lens;
        if event.default_prevented() || event.ctrl_key() || event.meta_key() || in_menu(event) {
            return;
        }
        match event.key().as_str() {
            "+" | "=" => lens.zoom_by(KEY, None),
            "-" => lens.zoom_by(1.0 / KEY, None),
            "0" => lens.fit(),
            _ => return,
        }
        event.prevent_default();
    }
}

fn element(event: &web_sys::Event) -> Option<web_sys::Element> {
    event.target()?.dyn_into().ok()
}

fn in_menu(event: &web_sys::Event) -> bool {
    element(event).is_some_and(|element| element.closest(".menu").ok().flatten().is_some())
}

fn on_mark(event: &web_sys::Event) -> bool {
    element(event).is_some_and(|element| element.closest(".grip").ok().flatten().is_some())
}

/// The node whose mark an event is on.
fn node_under(event: &web_sys::Event) -> Option<NodeId> {
    let grip = element(event)?.closest("[id^=node-]").ok().flatten()?;
    match target_of(&grip.id())? {
        Target::Node(node) => Some(node),
        _ => None,
    }
}
