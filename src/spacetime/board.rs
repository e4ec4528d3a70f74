//! What the parts of the diagram share: the window that is drawn, its mapping, what is pointed at.

use faultline_model::{MsgId, Time};
use leptos::html::Div;
use leptos::prelude::*;
use leptos_use_element_size::{UseElementSizeReturn, use_element_size};
use wasm_bindgen::JsCast;

use super::axis::Axis;
use super::cones::Lights;
use super::crowd::{Circle, circle_at};
use super::geometry::Frame;
use super::lanes::Arrangement;
use super::picture::is_crowd;
use super::pointer::event_at;
use super::story::{Story, Wants};
use super::viewport::Viewport;
use crate::session::{Session, Target, use_session};

/// Beyond the drawn window's edges: marks that begin outside reach in.
const MARGIN_PX: f64 = 32.0;

/// Everything that the parts of the diagram share.
#[derive(Clone, Copy)]
pub struct Board {
    /// The run.
    pub session: Session,
    /// What the horizontal axis tells.
    pub axis: RwSignal<Axis>,
    /// The run as the diagram holds it.
    pub story: Memo<Story>,
    /// Zoom and pan.
    pub viewport: Viewport,
    /// The nodes' names.
    pub names: Memo<Vec<String>>,
    /// The lanes as somebody has arranged them,
    pub arranged: RwSignal<Arrangement>,
    /// and as they are drawn.
    pub lanes: Memo<Arrangement>,
    /// The lanes' heights.
    pub ys: Memo<Vec<f64>>,
    /// The width of the names' column.
    pub gutter: Memo<f64>,
    /// The window of time that is drawn, wider than what is visible.
    pub window: Memo<(Time, Time)>,
    /// The mapping of the drawn window.
    pub frame: Memo<Frame>,
    /// The time at the left edge, microseconds.
    pub left: Memo<f64>,
    /// Where the present stands on the axis.
    pub now: Signal<f64>,
    /// The event that is pointed at or focused here.
    pub pointed: RwSignal<Option<u32>>,
    /// The circle of a crowd that is pointed at.
    pub circle: RwSignal<Option<Circle>>,
    /// The event that has the focus, or that it is about to go to.
    pub aim: RwSignal<Option<u32>>,
    /// What is lit of happened-before.
    pub lights: RwSignal<Lights>,
    /// Whether the next event that is clicked ends a way from the chosen one.
    pub seeking: RwSignal<bool>,
    /// Whether events carry their vector timestamps.
    pub vectors: RwSignal<bool>,
    /// The element that holds the lanes.
    pub plot: NodeRef<Div>,
}

impl Board {
    /// The board of this page's session.
    pub fn new() -> Board {
        let session = use_session();
        let (axis, lights) = (RwSignal::new(Axis::default()), RwSignal::new(Lights::default()));
        let vectors = RwSignal::new(false);
        let wants = Memo::new(move |_| {
            let causality = vectors.get() || lights.with(|lights| lights.any());
            Wants { axis: axis.get(), causality }
        });
        let story = Story::wanted(session, wants.into());
        let plot = NodeRef::<Div>::new();
        let UseElementSizeReturn { width, height } = use_element_size(plot);
        let names = Memo::new(move |_| story.with(|story| story.names.clone()));
        let gutter = Memo::new(move |_| names.with(|names| gutter_for(names)));
        let lanes_width = Signal::derive(move || (width.get() - gutter.get()).max(0.0));
        let now = Signal::derive(move || present(session, story));
        let viewport = Viewport::new(session, story, lanes_width, now);
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
        let arranged = RwSignal::new(Arrangement::default());
        let lanes = Memo::new(move |_| arranged.get().fitted(names.with(Vec::len)));
        let ys = Memo::new(move |_| lanes.with(|lanes| lanes.ys(height.get())));
        let frame = Memo::new(move |_| {
            let still = ys.with(|ys| lanes.with(|lanes| Frame::with_lanes(ys, lanes.folded())));
            still.at(window.get().0.0 as f64, viewport.scale())
        });
        let (pointed, aim, circle) = (RwSignal::new(None), RwSignal::new(None), RwSignal::new(None));
        let seeking = RwSignal::new(false);
        Board {
            session,
            axis,
            story,
            viewport,
            names,
            arranged,
            lanes,
            ys,
            gutter,
            window,
            frame,
            left,
            now,
            pointed,
            circle,
            aim,
            lights,
            seeking,
            vectors,
            plot,
        }
    }

    /// The y of the lowest lane.
    pub fn foot(self) -> f64 {
        self.frame.with(Frame::foot)
    }

    /// Chooses what the horizontal axis tells.
    pub fn set_axis(self, axis: Axis) {
        if self.axis.get_untracked() != axis {
            self.axis.set(axis);
            self.viewport.reset();
        }
    }

    /// The window of time that can be seen.
    pub fn visible(self) -> (Time, Time) {
        let (left, span) = (self.left.get(), self.viewport.width() * self.viewport.scale());
        let at = |micros: f64| Time(micros.max(0.0) as u64);
        (at(left), at(left + span))
    }

    /// How far the drawn window is shifted, pixels.
    pub fn shift(self) -> f64 {
        let (origin, per_px) = self.frame.with(|frame| (frame.origin, frame.per_px));
        (origin - self.left.get()) / per_px
    }

    /// The x of the time that is shown, from the left edge of the lanes.
    pub fn now_x(self) -> f64 {
        (self.now.get() - self.left.get()) / self.viewport.scale()
    }

    /// Whether the events of the drawn window are counted in circles.
    pub fn is_crowd(self) -> bool {
        let window = self.window.get();
        self.frame.with(|frame| self.story.with(|story| is_crowd(&story.trace, frame, window)))
    }

    /// The circle of a crowd under the pointer.
    pub fn circle_under(self, x: f64, y: f64) -> Option<Circle> {
        let (frame, shift) = untrack(|| (self.frame.get(), self.shift()));
        let crowd = untrack(|| self.is_crowd());
        let find = |story: &Story| circle_at(&story.trace, &frame, (x - shift, y));
        crowd.then(|| self.story.with_untracked(find)).flatten()
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

    /// Takes the cursor to an event and chooses it; the view stays.
    pub fn go_to(self, event: u32) {
        self.session.selected.set(Some(Target::Event(event)));
        self.viewport.stay(event);
        self.session.pause();
        self.session.seek(event);
    }

    /// The x of an event from the left edge of the lanes.
    pub fn x_of(self, event: u32) -> Option<f64> {
        let at = self.story.with_untracked(|story| story.trace.dot(event).map(|dot| dot.at))?;
        Some(untrack(|| (at.0 as f64 - self.left.get()) / self.viewport.scale()))
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

/// Where the present stands: on the axis of real time it glides, on another it is at the cursor's event.
fn present(session: Session, story: Memo<Story>) -> f64 {
    story.with(|story| match story.axis() {
        Axis::Time => session.display_time.get(),
        _ => story.trace.dot(session.cursor()).map_or(0.0, |dot| dot.at.0 as f64),
    })
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
