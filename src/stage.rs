//! The picture: nodes, the links between them, and the messages on their way.
//!
//! What is drawn follows from the world's view; where a message is follows from the drawn time, and
//! only transforms change from frame to frame.

mod boundary;
mod captions;
mod clock;
mod geometry;
mod grave;
mod grip;
mod labels;
mod link;
mod message;
mod movement;
mod node;
mod shapes;
mod words;

use std::collections::BTreeMap;

use faultline_model::NodeId;
use faultline_sim::LinkView;
use leptos::html::Div;
use leptos::prelude::*;
use leptos_use_element_size::use_element_size;

use crate::faults::{Menu, StageBar, Where};
use crate::session::{Session, Target, use_session};
use crate::stage::boundary::boundary;
use crate::stage::geometry::{Geometry, LABELS_FROM, Point};
use crate::stage::grave::GraveMark;
use crate::stage::labels::Placed;
use crate::stage::link::LinkMark;
use crate::stage::message::MessageMark;
use crate::stage::movement::Movement;
use crate::stage::node::NodeMark;
use crate::widgets::Notices;

/// With more nodes than this the arrow keys lead from node to node and Tab passes them by.
const TAB_STOPS: usize = 60;
/// With more nodes than this the links between them are drawn fainter.
const MANY: usize = 12;

/// Links by their ends, sender first.
type Links = BTreeMap<(NodeId, NodeId), LinkView>;

/// What every mark on the stage needs.
#[derive(Clone, Copy)]
pub struct Stagecraft {
    session: Session,
    geometry: Memo<Geometry>,
    placed: Memo<Placed>,
    movement: Movement,
    /// The node that Tab reaches when there are too many for each to be a stop.
    roving: RwSignal<NodeId>,
    crowded: Memo<bool>,
    /// Which nodes are clients.
    clients: Memo<Vec<bool>>,
    /// Every link of the view by its ends. It changes seldom, and there are many.
    links: Memo<Links>,
    /// The open menu.
    menu: RwSignal<Option<Where>>,
}

impl Stagecraft {
    /// Opens the menu of `target`, which reaches `clear` pixels around a point of the stage.
    fn open(self, target: Target, at: Point, clear: f64) {
        self.session.selected.set(Some(target.clone()));
        let width = self.geometry.with_untracked(|geometry| geometry.width);
        self.menu.set(Some(Where::beside(target, (at.x, at.y), clear, width)));
    }

    /// Points at something, here and in the other panes.
    fn point_at(self, target: Option<Target>) {
        self.session.lit.set(target);
    }

    /// Whether a node is dimmed while the lesson points elsewhere.
    fn dimmed(self, node: NodeId) -> bool {
        self.session.staging.with(|staging| !staging.focus.is_empty() && !staging.focus.contains(&node))
    }
}

/// The stage with its bar, its notices and its menu.
#[component]
pub fn Stage(
    /// Whether the bar with the faults is shown.
    #[prop(default = true)]
    bar: bool,
) -> impl IntoView {
    let session = use_session();
    let field = NodeRef::<Div>::new();
    let size = use_element_size(field);
    let clients = Memo::new(move |_| session.view().nodes.iter().map(|node| node.client).collect::<Vec<_>>());
    let geometry = Memo::new(move |_| {
        let layout = session.staging.with(|staging| staging.layout);
        clients.with(|clients| Geometry::arrange(layout, clients, size.width.get(), size.height.get()))
    });
    let stagecraft = Stagecraft {
        session,
        geometry,
        placed: Memo::new(move |old| captions::place_all(session, geometry, old)),
        movement: Movement::following(session.display_time),
        roving: RwSignal::new(NodeId(0)),
        crowded: Memo::new(move |_| clients.with(Vec::len) > TAB_STOPS),
        clients,
        links: Memo::new(move |_| by_ends(&session.view().links)),
        menu: RwSignal::new(None),
    };
    view! {
        <section class="stage" role="region" aria-label="Stage">
            {bar.then(|| view! { <StageBar/> })}
            <Notices/>
            <div class="stage-field" node_ref=field>
                <Picture stagecraft/>
                <Menu open=stagecraft.menu/>
            </div>
            <Caption/>
        </section>
    }
}

/// The drawing itself.
#[component]
fn Picture(stagecraft: Stagecraft) -> impl IntoView {
    let Stagecraft { session, geometry, .. } = stagecraft;
    let nodes = Memo::new(move |_| session.view().nodes.iter().map(|node| node.node).collect::<Vec<_>>());
    let flights = Memo::new(move |_| session.view().flights.clone());
    let links = Memo::new(move |_| stagecraft.links.with(pairs));
    let graves = Memo::new(move |_| session.moment().with(|moment| moment.graves.clone()));
    let edge = Memo::new(move |_| geometry.with(|geometry| boundary(&session.view(), geometry)));
    let many = move || stagecraft.clients.with(|clients| clients.len() > MANY);
    let tiny = move || geometry.with(|geometry| geometry.radius < LABELS_FROM);
    let frame = move || geometry.with(|it| format!("0 0 {:.0} {:.0}", it.width, it.height));
    view! {
        <svg class="picture" class:many=many class:tiny=tiny viewBox=frame role="group" aria-label="The system">
            {move || edge.get().map(|edge| view! {
                <g class="partition" aria-hidden="true">
                    <path d=edge.path/>
                    <text x=edge.name.x y=edge.name.y text-anchor=edge.anchor>"partition"</text>
                </g>
            })}
            <g class="links">
                <For each=move || links.get() key=|pair| (pair.a, pair.b) let(pair)>
                    <LinkMark stagecraft a=pair.a b=pair.b/>
                </For>
            </g>
            <g class="nodes">
                <For each=move || nodes.get() key=|node| *node let(node)>
                    <NodeMark stagecraft node/>
                </For>
            </g>
            <g class="graves" aria-hidden="true">
                <For each=move || graves.get() key=|grave| grave.event let(grave)>
                    <GraveMark stagecraft grave/>
                </For>
            </g>
            <g class="messages">
                <For each=move || flights.get() key=|flight| (flight.msg, flight.due) let(flight)>
                    <MessageMark stagecraft flight/>
                </For>
            </g>
        </svg>
    }
}

/// The sentence of the event at the cursor.
#[component]
fn Caption() -> impl IntoView {
    let session = use_session();
    let sentence = Memo::new(move |_| session.view().because.clone());
    view! {
        <p class="caption">
            {move || match sentence.get() {
                Some(sentence) => view! {
                    <span>{sentence.text}</span>
                    " "
                    <cite>{sentence.source}</cite>
                }
                .into_any(),
                None if !session.loaded() => view! { <span>"Loading…"</span> }.into_any(),
                None => view! {
                    <span>"Nothing has happened yet: press Play, or take one event forward."</span>
                }
                .into_any(),
            }}
        </p>
    }
}

/// The two ends of a link, in the order of the cast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    a: NodeId,
    b: NodeId,
}

fn pairs(links: &Links) -> Vec<Pair> {
    let mut pairs: Vec<Pair> =
        links.keys().map(|&(from, to)| Pair { a: from.min(to), b: from.max(to) }).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn by_ends(links: &[LinkView]) -> Links {
    links.iter().map(|link| ((link.from.node, link.to.node), link.clone())).collect()
}
