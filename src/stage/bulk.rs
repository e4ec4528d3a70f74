//! Many nodes, links and messages: painted on canvas instead of being elements of the document.
//!
//! What the keyboard and a screen reader meet stays in the document: a button for every node, and
//! buttons for the messages that arrive next while the run stands still.

mod course;
mod dots;
mod inks;
mod paint;

use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::CanvasRenderingContext2d;

use super::Stagecraft;
use super::geometry::Point;
use crate::session::Target;
use course::{Course, courses, nearest};
use inks::{Inks, Probes};
use paint::{Look, looks};

pub use dots::{Dots, Rings};

/// What is painted in bulk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bulk {
    /// The nodes.
    pub nodes: bool,
    /// The links.
    pub links: bool,
    /// The messages.
    pub messages: bool,
}

/// More nodes than this are painted, and only one of them is a stop of Tab.
pub const NODES: usize = 60;
/// More pairs of linked nodes than this are painted.
const PAIRS: usize = 240;
/// More messages than this are painted, until there are fewer than the second number.
const MESSAGES: (usize, usize) = (120, 80);

impl Bulk {
    /// What is so many that it is painted; `before` keeps the messages from changing to and fro.
    pub fn of(nodes: usize, pairs: usize, messages: usize, before: Option<&Bulk>) -> Bulk {
        let painted = before.is_some_and(|before| before.messages);
        Bulk {
            nodes: nodes > NODES,
            links: pairs > PAIRS,
            messages: messages > if painted { MESSAGES.1 } else { MESSAGES.0 },
        }
    }

    /// Whether anything is painted.
    pub fn any(self) -> bool {
        self.nodes || self.links || self.messages
    }
}

/// The messages as they were last seen, for painting and for pointing at.
#[derive(Clone, Copy)]
pub struct Courses {
    known: StoredValue<(u64, Vec<Course>)>,
}

impl Courses {
    /// None yet.
    pub fn new() -> Courses {
        Courses { known: StoredValue::new((u64::MAX, vec![])) }
    }

    /// The message at a point of the stage, if it is one of those that are painted.
    pub fn at(self, stagecraft: Stagecraft, at: Point) -> Option<Target> {
        if !stagecraft.bulk.with_untracked(|bulk| bulk.messages) {
            return None;
        }
        let now = stagecraft.session.display_time.get_untracked();
        self.known.with_value(|(_, known)| nearest(known, now, at)).map(Target::Msg)
    }

    /// Brings them up to date; cheap when nothing has happened since.
    fn refresh(self, stagecraft: Stagecraft, anew: bool) {
        let revision = stagecraft.session.moment().with_untracked(|moment| moment.revision);
        if anew || self.known.with_value(|(known, _)| *known != revision) {
            let all = stagecraft.session.moment().with_untracked(|moment| {
                stagecraft.geometry.with_untracked(|geometry| courses(&moment.view.flights, geometry))
            });
            self.known.set_value((revision, all));
        }
    }
}

/// The two canvases: what stands, and above it what moves.
#[component]
pub fn Painting(stagecraft: Stagecraft) -> impl IntoView {
    let (still, moving) = (NodeRef::<Canvas>::new(), NodeRef::<Canvas>::new());
    let probes = NodeRef::<Div>::new();
    let inks = Memo::new(move |_| {
        stagecraft.theme.track();
        probes.get().map(|probes| Inks::of(&probes)).unwrap_or_default()
    });
    paint_what_stands(stagecraft, still, inks);
    paint_what_moves(stagecraft, moving, inks);
    view! {
        <canvas class="painting" node_ref=still aria-hidden="true"></canvas>
        <canvas class="painting" node_ref=moving aria-hidden="true"></canvas>
        <Probes place=probes/>
    }
}

fn paint_what_stands(stagecraft: Stagecraft, canvas: NodeRef<Canvas>, inks: Memo<Inks>) {
    let Stagecraft { session, geometry, lens, bulk, links, .. } = stagecraft;
    let nodes = Memo::new(move |_| -> Vec<Look> {
        if !bulk.get().nodes {
            return vec![];
        }
        let dim = session.staging.with(|staging| staging.focus.clone());
        session.moment().with(|moment| looks(&moment.view.nodes, &dim))
    });
    Effect::new(move |_| {
        let Some(ctx) = fresh(stagecraft, canvas) else { return };
        let (corner, field) = (lens.corner(), lens.field());
        geometry.with(|geometry| {
            inks.with(|inks| {
                if bulk.get().links {
                    stagecraft.standing.with(|standing| {
                        links.with(|links| paint::links(&ctx, links, standing.as_ref(), geometry, inks));
                    });
                }
                nodes.with(|nodes| paint::nodes(&ctx, nodes, geometry, inks, (corner, field)));
            });
        });
    });
}

fn paint_what_moves(stagecraft: Stagecraft, canvas: NodeRef<Canvas>, inks: Memo<Inks>) {
    let Stagecraft { session, geometry, lens, bulk, courses, .. } = stagecraft;
    let dirty = StoredValue::new(true);
    let depends = move || {
        geometry.track();
        inks.track();
        canvas.track();
        session.still.track();
        bulk.track();
        lens.corner();
        lens.field();
        dirty.set_value(true);
    };
    stagecraft.movement.join(depends, move |time| {
        let anew = dirty.with_value(|dirty| *dirty);
        dirty.set_value(false);
        let Some(ctx) = (if anew { fresh(stagecraft, canvas) } else { wiped(stagecraft, canvas) }) else {
            return;
        };
        if !bulk.get_untracked().messages {
            return;
        }
        courses.refresh(stagecraft, anew);
        let window = (lens.corner(), lens.field());
        let trails = session.still.get();
        inks.with(|inks| {
            courses.known.with_value(|(_, all)| paint::messages(&ctx, all, time, inks, window, trails))
        });
    });
}

/// The context of a canvas in the size of the field, empty, and moved to what is seen of the stage.
fn fresh(stagecraft: Stagecraft, canvas: NodeRef<Canvas>) -> Option<CanvasRenderingContext2d> {
    let canvas = canvas.get()?;
    let (width, height) = stagecraft.lens.field();
    let ratio = window().device_pixel_ratio();
    // A new size empties the canvas and takes its transform back.
    canvas.set_width((width * ratio) as u32);
    canvas.set_height((height * ratio) as u32);
    let ctx: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let corner = stagecraft.lens.corner();
    ctx.scale(ratio, ratio).ok()?;
    ctx.translate(-corner.x, -corner.y).ok()?;
    Some(ctx)
}

/// The same for a canvas whose size and place have not changed: only empty.
fn wiped(stagecraft: Stagecraft, canvas: NodeRef<Canvas>) -> Option<CanvasRenderingContext2d> {
    let ctx: CanvasRenderingContext2d = canvas.get()?.get_context("2d").ok()??.dyn_into().ok()?;
    let (corner, (width, height)) = (stagecraft.lens.corner(), stagecraft.lens.field());
    ctx.clear_rect(corner.x, corner.y, width, height);
    Some(ctx)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_do_not_change_to_and_fro() {
        let few = Bulk::of(5, 10, 100, None);
        assert!(!few.any());
        let many = Bulk::of(5, 10, 121, Some(&few));
        assert_eq!(many, Bulk { nodes: false, links: false, messages: true });
        assert!(Bulk::of(5, 10, 100, Some(&many)).messages);
        assert!(!Bulk::of(5, 10, 80, Some(&many)).messages);
        assert_eq!(Bulk::of(200, 241, 0, None), Bulk { nodes: true, links: true, messages: false });
    }
}
