//! How large the stage is drawn, and which part of it is seen.
//!
//! Zooming makes the stage larger and arranges the nodes anew on it: they come with their names and
//! words as soon as there is room, instead of growing into large dots.

use leptos::prelude::*;

use super::geometry::Point;

/// The stage is drawn at most so many times as large as what is seen.
const MOST: f64 = 8.0;

/// Zoom and pan of the stage.
#[derive(Clone, Copy)]
pub struct Lens {
    /// How many times as large as the field the stage is, from 1.
    zoom: RwSignal<f64>,
    /// The point of the stage that is seen in the field's top left corner.
    corner: RwSignal<Point>,
    /// The field's size, pixels.
    field: Signal<(f64, f64)>,
}

impl Lens {
    /// The whole stage, in a field of that size.
    pub fn over(field: Signal<(f64, f64)>) -> Lens {
        Lens { zoom: RwSignal::new(1.0), corner: RwSignal::new(Point::default()), field }
    }

    /// The size that the stage is drawn at.
    pub fn stage(self) -> (f64, f64) {
        let ((width, height), zoom) = (self.field.get(), self.zoom.get());
        (width * zoom, height * zoom)
    }

    /// The size of the field.
    pub fn field(self) -> (f64, f64) {
        self.field.get()
    }

    /// The point of the stage that is seen in the top left corner.
    pub fn corner(self) -> Point {
        let ((width, height), zoom) = (self.field.get(), self.zoom.get());
        let at = self.corner.get();
        Point { x: at.x.clamp(0.0, width * (zoom - 1.0)), y: at.y.clamp(0.0, height * (zoom - 1.0)) }
    }

    /// Whether only a part of the stage is seen.
    pub fn near(self) -> bool {
        self.zoom.get() > 1.0
    }

    /// The point of the stage at a point of the field.
    pub fn on_stage(self, at: Point) -> Point {
        let corner = untrack(|| self.corner());
        Point { x: at.x + corner.x, y: at.y + corner.y }
    }

    /// Makes the stage so many times as large; what is at `at` of the field stays there.
    pub fn zoom_by(self, factor: f64, at: Option<Point>) {
        let (width, height) = self.field.get_untracked();
        let at = at.unwrap_or(Point { x: width / 2.0, y: height / 2.0 });
        let (old, corner) = (self.zoom.get_untracked(), untrack(|| self.corner()));
        let new = (old * factor).clamp(1.0, MOST);
        let grown = new / old;
        self.zoom.set(new);
        self.corner.set(Point { x: (corner.x + at.x) * grown - at.x, y: (corner.y + at.y) * grown - at.y });
    }

    /// Moves what is seen by so many pixels.
    pub fn pan_by(self, x: f64, y: f64) {
        let corner = untrack(|| self.corner());
        self.corner.set(Point { x: corner.x + x, y: corner.y + y });
    }

    /// Brings a point of the stage into sight; does nothing if it is.
    pub fn reveal(self, at: Point) {
        let ((width, height), corner) = (self.field.get_untracked(), untrack(|| self.corner()));
        let clear = 40.0;
        let inside = |at: f64, corner: f64, size: f64| (corner + clear..=corner + size - clear).contains(&at);
        if self.zoom.get_untracked() > 1.0
            && !(inside(at.x, corner.x, width) && inside(at.y, corner.y, height))
        {
            self.corner.set(Point { x: at.x - width / 2.0, y: at.y - height / 2.0 });
        }
    }

    /// The whole stage again.
    pub fn fit(self) {
        self.zoom.set(1.0);
        self.corner.set(Point::default());
    }
}
