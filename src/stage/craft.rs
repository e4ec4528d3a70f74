//! What every mark on the stage needs, and what can be done with the stage as a whole.

use std::sync::Arc;

use faultline_lessons::{Layout, Spot};
use faultline_model::{NodeId, SortedSet};
use faultline_sim::{Action, WorldView};
use leptos::prelude::*;
use leptos_use_media_query::use_media_query;

use super::bulk::{Bulk, Courses, NODES};
use super::captions::{LinkWords, at_links, nodes, place_all};
use super::geometry::{Box2, Geometry, Players, Point};
use super::labels::Placed;
use super::lens::Lens;
use super::link::all_set;
use super::links::Links;
use super::memory;
use super::movement::Movement;
use super::partition::{Drawing, Standing, divide, sides, standing};
use crate::faults::Where;
use crate::session::{Session, Target, Tone, use_session};
use crate::widgets::use_themes;

/// An overlay graph is drawn by who talked to whom in so many events.
const TALK: u32 = 20_000;
/// A press of an arrow moves a node by so many thousandths of the stage, with Shift by five times that.
const NUDGE: i32 = 10;

/// What every mark on the stage needs.
#[derive(Clone, Copy)]
pub struct Stagecraft {
    pub session: Session,
    /// The layout in force: the learner's, else the lesson's.
    pub layout: Memo<Layout>,
    pub geometry: Memo<Geometry>,
    pub lens: Lens,
    /// What nodes and the words under them take up, which other words keep clear of.
    pub taken: Memo<Vec<Box2>>,
    /// What is written at links, and where.
    pub linked: Memo<Vec<LinkWords>>,
    pub placed: Memo<Placed>,
    pub movement: Movement,
    /// The node that Tab reaches when there are too many for each to be a stop.
    pub roving: RwSignal<NodeId>,
    pub crowded: Memo<bool>,
    /// Who stands on the stage.
    pub players: Memo<Players>,
    /// Every link of the view. It changes seldom, and there are many.
    pub links: Memo<Arc<Links>>,
    /// The groups of the partition, if there is one.
    pub standing: Memo<Option<Standing>>,
    /// What is painted rather than drawn as elements.
    pub bulk: Memo<Bulk>,
    pub courses: Courses,
    /// The colours in force.
    pub theme: Memo<(u8, bool)>,
    /// The open menu.
    pub menu: RwSignal<Option<Where>>,
    /// The line of a partition.
    pub drawing: Drawing,
    /// Whether nodes show what their clocks say.
    pub clocks: RwSignal<bool>,
    /// Whether nodes of a free layout are moved by pointer and arrows.
    pub arrange: RwSignal<bool>,
}

/// The stage that a part of the page belongs to.
pub fn use_stagecraft() -> Stagecraft {
    expect_context::<Stagecraft>()
}

impl Stagecraft {
    /// The stage of this page's session in a field of that size, put into the context.
    pub fn provide(field: Signal<(f64, f64)>) -> Stagecraft {
        let session = use_session();
        if untrack(|| session.layout.get()).is_none() {
            session.layout.set(memory::recall());
        }
        let lens = Lens::over(field);
        let layout = Memo::new(move |_| {
            session.layout.get().unwrap_or_else(|| session.staging.with(|staging| staging.layout.clone()))
        });
        let players = Memo::new(move |_| players(&session.view()));
        let links = Memo::new_with_compare(
            move |old: Option<&Arc<Links>>| match (old, session.view()) {
                (Some(old), view) if old.still(&view) => old.clone(),
                (_, view) => Arc::new(Links::of(view)),
            },
            |old, new| !matches!((old, new), (Some(old), Some(new)) if Arc::ptr_eq(old, new)),
        );
        let edges = edges(session, layout, links);
        let geometry = Memo::new(move |_| {
            let (width, height) = lens.stage();
            layout.with(|layout| {
                players.with(|players| {
                    edges.with(|edges| Geometry::arrange(layout, players, edges, width, height))
                })
            })
        });
        let bulk = Memo::new(move |old: Option<&Bulk>| {
            let messages = session.moment().with(|moment| moment.view.flights.len());
            Bulk::of(players.with(Players::len), links.with(|links| links.pairs().len()), messages, old)
        });
        let themes = use_themes();
        let dark = use_media_query("(prefers-color-scheme: dark)");
        let taken = Memo::new(move |_| {
            session.moment().with(|moment| geometry.with(|geometry| nodes(geometry, &moment.view)))
        });
        let linked = Memo::new(move |_| {
            let set = links.with(|links| all_set(links.view()));
            // Seldom is anything set; only then is it of interest what else takes up room.
            if set.is_empty() {
                return vec![];
            }
            geometry.with(|geometry| taken.with(|taken| at_links(geometry, taken, set)))
        });
        let stagecraft = Stagecraft {
            session,
            layout,
            geometry,
            lens,
            taken,
            linked,
            placed: Memo::new(move |old| place_all(session, geometry, taken, linked, lens, old)),
            movement: Movement::following(session.display_time),
            roving: RwSignal::new(NodeId(0)),
            crowded: Memo::new(move |_| players.with(Players::len) > NODES),
            players,
            links,
            standing: Memo::new(move |_| {
                links.with(|links| standing(&links.view().nodes, &links.view().links))
            }),
            bulk,
            courses: Courses::new(),
            theme: Memo::new(move |_| (themes.0.get() as u8, dark.get())),
            menu: RwSignal::new(None),
            drawing: Drawing::new(),
            clocks: RwSignal::new(false),
            arrange: RwSignal::new(false),
        };
        provide_context(stagecraft);
        stagecraft
    }

    /// Opens the menu of `target`, which reaches `clear` pixels around a point of the stage.
    pub fn open(self, target: Target, at: Point, clear: f64) {
        self.session.selected.set(Some(target.clone()));
        let (corner, (width, _)) = untrack(|| (self.lens.corner(), self.lens.field()));
        self.menu.set(Some(Where::beside(target, (at.x - corner.x, at.y - corner.y), clear, width)));
    }

    /// Points at something, here and in the other panes.
    pub fn point_at(self, target: Option<Target>) {
        if self.session.lit.with_untracked(|lit| *lit != target) {
            self.session.lit.set(target);
        }
    }

    /// Whether a node is dimmed while the lesson points elsewhere.
    pub fn dimmed(self, node: NodeId) -> bool {
        self.session.staging.with(|staging| !staging.focus.is_empty() && !staging.focus.contains(&node))
    }

    /// Whether nodes can be moved now.
    pub fn can_arrange(self) -> bool {
        self.arrange.get() && self.layout.with(|layout| matches!(layout, Layout::Free(_)))
    }

    /// The learner's own layout. A free one begins with everybody where they stand.
    pub fn choose(self, layout: Layout) {
        let layout = match layout {
            Layout::Free(_) => {
                self.arrange.set(true);
                Layout::Free(self.spots())
            }
            other => other,
        };
        // A lesson that has the same layout may have said more about it.
        let own = self.session.staging.with_untracked(|staging| staging.layout.word() == layout.word());
        let chosen = (!own || matches!(layout, Layout::Free(_))).then_some(layout);
        memory::keep(chosen.as_ref());
        self.session.layout.set(chosen);
    }

    /// Everybody's place.
    fn spots(self) -> Vec<Spot> {
        self.geometry.with_untracked(|geometry| {
            self.players.with_untracked(|players| {
                let nodes = players.names.iter().enumerate();
                nodes.map(|(node, name)| geometry.spot(name, geometry.place(node))).collect()
            })
        })
    }

    /// Puts a node of a free layout at a point of the stage.
    pub fn settle(self, node: NodeId, at: Point) {
        let name = self.players.with_untracked(|players| players.names.get(node.index()).cloned());
        let Some(name) = name else { return };
        let spot = self.geometry.with_untracked(|geometry| geometry.spot(&name, at));
        self.set_spot(spot);
    }

    fn set_spot(self, spot: Spot) {
        let Layout::Free(mut spots) = self.layout.get_untracked() else { return };
        spots.retain(|other| other.node != spot.node);
        spots.push(spot);
        let layout = Layout::Free(spots);
        memory::keep(Some(&layout));
        self.session.layout.set(Some(layout));
    }

    /// Moves a node of a free layout a little: by arrows, `x` and `y` of −1, 0 or 1.
    pub fn nudge(self, node: NodeId, x: i32, y: i32, far: bool) {
        let name = self.players.with_untracked(|players| players.names.get(node.index()).cloned());
        let Some(name) = name else { return };
        let here = self.geometry.with_untracked(|it| it.spot(&name, it.place(node.index())));
        let step = if far { 5 * NUDGE } else { NUDGE };
        let moved = |at: u16, by: i32| (i32::from(at) + by * step).clamp(0, 1_000) as u16;
        let spot = Spot { node: name, x: moved(here.x, x), y: moved(here.y, y) };
        self.session.announce(format!("{} at {} % across, {} % down", spot.node, spot.x / 10, spot.y / 10));
        self.set_spot(spot);
    }

    /// Whom a line parts: on which side everybody stands, and the groups that this makes.
    pub fn parted(self, line: &[Point]) -> Option<(Vec<bool>, Vec<Vec<NodeId>>)> {
        self.geometry.with_untracked(|it| {
            let sides = sides(line, &it.places, it.width, it.height)?;
            let groups = self.players.with_untracked(|players| {
                self.standing.with_untracked(|now| divide(now.as_ref(), &sides, &players.clients, &it.places))
            });
            Some((sides, groups))
        })
    }

    /// Splits the network along the line that has been drawn.
    pub fn split_along_line(self) {
        let parted = self.drawing.line.with_untracked(|line| self.parted(line));
        match parted {
            Some((_, groups)) => self.session.attempt(Action::Partition(groups)),
            None => self.session.notify(
                Tone::Info,
                "That line parts nobody: draw it between the nodes, or around some of them.",
            ),
        }
    }
}

/// Who stands on the stage.
fn players(view: &WorldView) -> Players {
    Players {
        names: view.nodes.iter().map(|node| node.id.clone()).collect(),
        clients: view.nodes.iter().map(|node| node.client).collect(),
    }
}

/// The pairs that an overlay graph is drawn by: who is linked, if not all are linked with all, else who
/// has talked to whom. While time runs they stay, for nodes that wander are hard to follow.
fn edges(session: Session, layout: Memo<Layout>, links: Memo<Arc<Links>>) -> Memo<Vec<(usize, usize)>> {
    Memo::new(move |old: Option<&Vec<(usize, usize)>>| {
        if !layout.with(|layout| *layout == Layout::Overlay) {
            return vec![];
        }
        if let (Some(old), true) = (old.filter(|old| !old.is_empty()), session.playing.get()) {
            return old.clone();
        }
        let count = links.with(|links| links.view().nodes.len());
        let pairs: Vec<(usize, usize)> =
            links.with(|links| links.pairs().iter().map(|pair| (pair.a.index(), pair.b.index())).collect());
        if !pairs.is_empty() && pairs.len() * 2 < count * count.saturating_sub(1) * 2 / 3 {
            return pairs;
        }
        session.story();
        let end = untrack(|| session.len());
        let talk = untrack(|| session.events(end.saturating_sub(TALK) + 1, end));
        let pair = |event: &faultline_sim::Event| {
            let (a, b) = (event.node.index(), event.peer?.index());
            event.msg.map(|_| (a.min(b), a.max(b)))
        };
        talk.iter().filter_map(pair).collect::<SortedSet<_>>().into_iter().collect()
    })
}
