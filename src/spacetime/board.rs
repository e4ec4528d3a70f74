//! What the parts of the diagram share: the window that is drawn, its mapping, what is pointed at.

use faultline_model::{MsgId, Time};
use leptos::html::Div;
use leptos::prelude::*;
use leptos_use_element_size::{UseElementSizeReturn, use_element_size};
use wasm_bindgen::JsCast;

use super::geometry::Frame;
use super::pointer::event_at;
use super::story::Story;
use super::viewport::Viewport;
use crate::session::{Session, Target, use_session};

/// Beyond the drawn window's edges: marks that begin outside reach in.
const MARGIN_PX: f64 = 32.0;

/// Everything that the parts of the diagram share.
#[derive(Clone, Copy)]
pub struct Board {
    /// The run.
    pub session: Session,
    /// The run as the diagram holds it.
    pub story: Memo<Story>,
    /// Zoom and pan.
    pub viewport: Viewport,
    /// The width of the names' column.
    pub gutter: Memo<f64>,
    /// The window of time that is drawn, wider than what is visible.
    pub window: Memo<(Time, Time)>,
    /// The mapping of the drawn window.
    pub frame: Memo<Frame>,
    /// The time at the left edge, microseconds.
    pub left: Memo<f64>,
    /// The event that is pointed at or focused here.
    pub pointed: RwSignal<Option<u32>>,
    /// The event that has the focus, or that it is about to go to.
    pub aim: RwSignal<Option<u32>>,
    /// The element that holds the lanes.
    pub plot: NodeRef<Div>,
}

impl Board {
    /// The board of this page's session.
    pub fn new() -> Board {
        let session = use_session();
        let story = Story::of(session);
        let plot = NodeRef::<Div>::new();
        let UseElementSizeReturn { width, height } = use_element_size(plot);
        let gutter = Memo::new(move |_| story.with(|story| gutter_for(&story.names)));
        let lanes_width = Signal::derive(move || (width.get() - gutter.get()).max(0.0));
        let viewport = Viewport::new(session, story, lanes_width);
        let left = Memo::new(move |_| viewport.left());
        // Half as much again is drawn as is visible, in whole steps: following the cursor moves one
        // layer and draws nothing.
        let window = Memo::new(move |_| {
            let step = (viewport.width() * viewport.scale() / 2.0).max(1.0);
            let chunk = (left.get() / step).floor();
            let margin = MARGIN_PX * viewport.scale();
            let at = |micros: f64| Time(micros.max(0.0) as u64);
            (at(chunk * step - margin), at((chunk + 3.0) * step + margin))
        });
        let frame = Memo::new(move |_| {
            let lanes = story.with(|story| story.names.len());
            Frame::fitting(lanes, height.get()).at(window.get().0.0 as f64, viewport.scale())
        });
        let (pointed, aim) = (RwSignal::new(None), RwSignal::new(None));
        Board { session, story, viewport, gutter, window, frame, left, pointed, aim, plot }
    }

    /// How many lanes there are.
    pub fn lanes(self) -> usize {
        self.story.with(|story| story.names.len())
    }

    /// The y of the last lane.
    pub fn foot(self) -> f64 {
        self.frame.get().foot(self.lanes())
    }

    /// The window of time that can be seen.
    pub fn visible(self) -> (Time, Time) {
        let (left, span) = (self.left.get(), self.viewport.width() * self.viewport.scale());
        let at = |micros: f64| Time(micros.max(0.0) as u64);
        (at(left), at(left + span))
    }

    /// How far the drawn window is shifted, pixels.
    pub fn shift(self) -> f64 {
        let frame = self.frame.get();
        (frame.origin - self.left.get()) / frame.per_px
    }

    /// The x of the time that is shown, from the left edge of the lanes.
    pub fn now_x(self) -> f64 {
        (self.session.display_time.get() - self.left.get()) / self.viewport.scale()
    }

    /// The event under the pointer.
    pub fn event_under(self, x: f64, y: f64) -> Option<u32> {
        let (frame, shift) = untrack(|| (self.frame.get(), self.shift()));
        self.story.with_untracked(|story| event_at(&story.trace, &frame, (x - shift, y)))
    }

    /// Lights an event here, and its message on the stage while it is in flight.
    pub fn point_at(self, event: Option<u32>) {
        if self.pointed.get_untracked() == event {
            return;
        }
        self.pointed.set(event);
        let msg = event.and_then(|event| self.story.with_untracked(|story| message_of(story, event)));
        let view = untrack(|| self.session.view());
        let flying = msg.filter(|msg| view.flights.iter().any(|flight| flight.msg == *msg));
        self.session.lit.set(match flying {
            Some(msg) => Some(Target::Msg(msg)),
            None => event.map(Target::Event),
        });
    }

    /// Takes the cursor to an event; the view stays.
    pub fn go_to(self, event: u32) {
        self.viewport.stay(event);
        self.session.pause();
        self.session.seek(event);
    }

    /// Moves the focus to an event, wherever it is.
    pub fn focus(self, event: u32) {
        self.aim.set(Some(event));
        if let Some(at) = self.story.with_untracked(|story| story.trace.dot(event).map(|dot| dot.at)) {
            self.viewport.reveal(at);
        }
        request_animation_frame(move || {
            let selector = format!("[data-event=\"{event}\"]");
            let spot = self.plot.get_untracked().and_then(|plot| plot.query_selector(&selector).ok()?);
            if let Some(spot) = spot.and_then(|spot| spot.dyn_into::<web_sys::SvgElement>().ok()) {
                let _ = spot.focus();
            }
        });
    }
}

fn message_of(story: &Story, event: u32) -> Option<MsgId> {
    let wire = story.trace.dot(event)?.wire?;
    story.trace.wires().get(wire as usize).map(|wire| wire.msg)
}

/// Room for the longest name.
fn gutter_for(names: &[String]) -> f64 {
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    (longest as f64 * 8.0 + 34.0).clamp(56.0, 150.0)
}
