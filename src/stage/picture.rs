//! The drawing itself: what stands on the stage, bottom to top.

use faultline_model::SortedSet;
use faultline_sim::FlightView;
use leptos::prelude::*;

use super::bulk::{Dots, Rings};
use super::clock::TrueTime;
use super::craft::Stagecraft;
use super::decor::Backdrop;
use super::geometry::LABELS_FROM;
use super::grave::GraveMark;
use super::link::LinkMark;
use super::links::Pair;
use super::message::MessageMark;
use super::node::NodeMark;
use super::partition::{Sketch, boundary};
use crate::session::Target;

/// With more nodes than this the links between them are drawn fainter.
const MANY: usize = 12;
/// Of painted messages so many have a mark of their own while the run stands still.
const NEXT: usize = 40;
/// Of painted links so many have a mark of their own.
const OWN: usize = 80;

/// The drawing.
#[component]
pub fn Picture(stagecraft: Stagecraft) -> impl IntoView {
    let Stagecraft { session, geometry, lens, bulk, players, .. } = stagecraft;
    let nodes = Memo::new(move |_| match bulk.get().nodes {
        true => vec![],
        false => session.view().nodes.iter().map(|node| node.node).collect::<Vec<_>>(),
    });
    let flights = Memo::new(move |_| flights(stagecraft));
    let links = Memo::new(move |_| links(stagecraft));
    let graves = Memo::new(move |_| session.moment().with(|moment| moment.graves.clone()));
    let many = move || players.with(|players| players.len() > MANY);
    let tiny = move || geometry.with(|geometry| geometry.radius < LABELS_FROM);
    let frame = move || {
        let (corner, (width, height)) = (lens.corner(), lens.field());
        format!("{:.1} {:.1} {:.0} {:.0}", corner.x, corner.y, width.max(240.0), height.max(200.0))
    };
    view! {
        <svg class="picture" class:many=many class:tiny=tiny viewBox=frame role="group" aria-label="The system">
            <Backdrop geometry/>
            <Edge stagecraft/>
            <g class="links">
                <For each=move || links.get() key=|pair| (pair.a, pair.b) let(pair)>
                    <LinkMark stagecraft a=pair.a b=pair.b/>
                </For>
            </g>
            <Show when=move || bulk.get().nodes>
                <Rings stagecraft/>
                <Dots stagecraft/>
            </Show>
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
            <TrueTime stagecraft/>
            <Sketch stagecraft/>
        </svg>
    }
}

/// Where the network is split.
#[component]
fn Edge(stagecraft: Stagecraft) -> impl IntoView {
    let Stagecraft { geometry, players, standing, .. } = stagecraft;
    let edge = Memo::new(move |_| {
        standing.with(|standing| {
            let standing = standing.as_ref()?;
            players.with(|players| geometry.with(|geometry| boundary(standing, players, geometry)))
        })
    });
    move || {
        edge.get().map(|edge| {
            view! {
                <g class="partition" aria-hidden="true">
                    <path d=edge.path/>
                    <text x=edge.name.x y=edge.name.y text-anchor=edge.anchor>"partition"</text>
                </g>
            }
        })
    }
}

/// The messages that have a mark of their own: all of them, or of a painted crowd the one that is
/// chosen and, while the run stands still, those that arrive next.
fn flights(stagecraft: Stagecraft) -> Vec<FlightView> {
    let Stagecraft { session, bulk, .. } = stagecraft;
    let crowd = bulk.get().messages;
    session.moment().with(|moment| {
        if !crowd {
            return moment.view.flights.clone();
        }
        let chosen = session.selected.get();
        let next: SortedSet<_> = match session.playing.get() {
            true => SortedSet::new(),
            false => moment.view.next.iter().filter_map(|next| next.msg).take(NEXT).collect(),
        };
        let own =
            |flight: &&FlightView| next.contains(&flight.msg) || chosen == Some(Target::Msg(flight.msg));
        moment.view.flights.iter().filter(own).cloned().collect()
    })
}

/// The links that have a mark of their own: all of them, or of a painted crowd those of the node or
/// link that is chosen.
fn links(stagecraft: Stagecraft) -> Vec<Pair> {
    let pairs = stagecraft.links.with(|links| links.pairs());
    if !stagecraft.bulk.get().links {
        return pairs;
    }
    let chosen = stagecraft.session.selected.get();
    let own = |pair: &Pair| match chosen {
        Some(Target::Node(node)) => pair.a == node || pair.b == node,
        Some(Target::Link(from, to)) => (pair.a, pair.b) == (from.min(to), from.max(to)),
        _ => false,
    };
    pairs.into_iter().filter(own).take(OWN).collect()
}
