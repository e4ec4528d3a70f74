//! Which part of the run is visible: zoom, pan, and following the cursor.

use faultline_model::Time;
use leptos::prelude::*;

use super::geometry::natural_scale;
use super::story::Story;
use crate::session::Session;

/// Where the cursor stands while the diagram follows it, as a share of the width.
const LEAD: f64 = 0.73;
/// The start of the run keeps this distance from the left edge.
const PAD_PX: f64 = 32.0;
/// Bounds of the zoom, microseconds a pixel.
const FINEST: f64 = 0.5;
const COARSEST: f64 = 60_000_000.0;

/// A place that somebody panned to.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Held {
    /// The time at the left edge, microseconds.
    left: f64,
    /// Where the cursor was: while it stays, so does the view, even if the cursor is out of sight.
    cursor: u32,
}

/// The visible part.
#[derive(Clone, Copy)]
pub struct Viewport {
    session: Session,
    story: Memo<Story>,
    /// The width of the lanes, pixels.
    width: Signal<f64>,
    /// Where the present stands on the axis.
    now: Signal<f64>,
    zoom: RwSignal<Option<f64>>,
    held: RwSignal<Option<Held>>,
    scale: Memo<f64>,
}

impl Viewport {
    /// A viewport that follows the cursor at the run's natural scale.
    pub fn new(session: Session, story: Memo<Story>, width: Signal<f64>, now: Signal<f64>) -> Viewport {
        let zoom = RwSignal::new(None);
        let natural = Memo::new(move |_| {
            let (axis, recorded) = story.with(|story| (story.axis(), story.trace.opening_latency()));
            if let Some(scale) = axis.natural_scale() {
                return scale;
            }
            natural_scale(recorded.or_else(|| expected_latency(session)), width.get())
        });
        let scale = Memo::new(move |_| zoom.get().unwrap_or_else(|| natural.get()));
        Viewport { session, story, width, now, zoom, held: RwSignal::new(None), scale }
    }

    /// Microseconds a pixel.
    pub fn scale(self) -> f64 {
        self.scale.get()
    }

    /// The width of the lanes, pixels.
    pub fn width(self) -> f64 {
        self.width.get()
    }

    /// The time at the left edge, microseconds; before the start of the run it is negative.
    pub fn left(self) -> f64 {
        let now = self.now.get();
        match self.standing(now) {
            Some(held) => held.left,
            None => self.following(now),
        }
    }

    /// Whether the view moves with the cursor.
    pub fn follows(self) -> bool {
        self.standing(self.now.get()).is_none()
    }

    /// The place that the view is held at, unless the cursor has moved out of it since.
    fn standing(self, now: f64) -> Option<Held> {
        let held = self.held.get()?;
        let inside = (held.left..=held.left + self.span()).contains(&now);
        (inside || self.session.cursor() == held.cursor).then_some(held)
    }

    fn span(self) -> f64 {
        self.width() * self.scale()
    }

    fn following(self, now: f64) -> f64 {
        (now - LEAD * self.span()).max(-PAD_PX * self.scale())
    }

    /// Begins anew at the natural scale: on another axis a place means something else.
    pub fn reset(self) {
        self.zoom.set(None);
        self.held.set(None);
    }

    /// Shows a stretch of the axis and nothing else.
    pub fn show(self, from: Time, until: Time) {
        let room = untrack(|| self.width()).max(1.0);
        let scale = (until.since(from).0 as f64 / room).clamp(FINEST, COARSEST);
        self.zoom.set(Some(scale));
        self.pan_to(from.0 as f64);
    }

    /// Follows the cursor again.
    pub fn follow(self) {
        self.held.set(None);
    }

    /// Stays where it is while the cursor goes to event `cursor`.
    pub fn stay(self, cursor: u32) {
        let left = untrack(|| self.left());
        self.held.set(Some(Held { left, cursor }));
    }

    /// Puts the left edge at a time.
    pub fn pan_to(self, left: f64) {
        let least = -PAD_PX * untrack(|| self.scale());
        let most = untrack(|| self.end()).max(least);
        let cursor = untrack(|| self.session.cursor());
        self.held.set(Some(Held { left: left.clamp(least, most), cursor }));
    }

    /// Moves by so many pixels to the right.
    pub fn pan_by(self, pixels: f64) {
        let (left, scale) = untrack(|| (self.left(), self.scale()));
        self.pan_to(left + pixels * scale);
    }

    /// The last moment that is worth seeing, microseconds.
    fn end(self) -> f64 {
        let last = self.story.with(|story| story.trace.end());
        (last.0 as f64).max(self.now.get())
    }

    /// Zooms; above 1 shows less. What is at `x` stays there; without it, what matters most does.
    pub fn zoom_by(self, factor: f64, x: Option<f64>) {
        let (left, scale, follows) = untrack(|| (self.left(), self.scale(), self.follows()));
        let next = (scale / factor).clamp(FINEST, COARSEST);
        let anchor = x.or_else(|| (!follows).then(|| untrack(|| self.width()) / 2.0));
        self.zoom.set(Some(next));
        if let Some(x) = anchor {
            self.pan_to(left + x * (scale - next));
        }
    }

    /// Shows the whole run.
    pub fn fit(self) {
        let (width, end) = untrack(|| (self.width(), self.end()));
        let room = (width - 2.0 * PAD_PX).max(50.0);
        let scale = (end / room).clamp(FINEST, COARSEST);
        self.zoom.set(Some(scale));
        self.pan_to(-PAD_PX * scale);
    }

    /// Moves so that a point in time is comfortably visible; does nothing if it is.
    pub fn reveal(self, at: Time) {
        let (left, span) = untrack(|| (self.left(), self.span()));
        let at = at.0 as f64;
        if !(left + 0.03 * span..=left + 0.97 * span).contains(&at) {
            self.pan_to(at - 0.5 * span);
        }
    }
}

/// The mean latency of what is in flight, microseconds: before anything has arrived, the best guess.
fn expected_latency(session: Session) -> Option<f64> {
    let view = session.view();
    let sum: u64 = view.flights.iter().map(|flight| flight.due.since(flight.sent_at).0).sum();
    (!view.flights.is_empty()).then(|| sum as f64 / view.flights.len() as f64)
}
