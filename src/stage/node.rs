//! One node: its shape and word for the role, its outline for its health, an arc for its timer.

use faultline_model::{CellBox, NodeId, Shape};
use faultline_sim::{NodeView, Status};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::svg::Path;

use super::Stagecraft;
use super::clock::{Dial, LocalTime, aside, stacked};
use super::geometry::{Geometry, HALO, LABELS_FROM, Players, ROLE_FROM, Room, WORDS_FROM};
use super::grip::Grip;
use super::movement::draw;
use super::shapes::{epoch_word, outline};
use super::words;
use crate::checks::use_evidence;
use crate::faults::target_id;
use crate::session::Target;
use crate::spacetime::hue_word;
use crate::widgets::focus_on;

/// The width and the height of a box, of an entry of a log, with the gap to the next.
pub const BOX: f64 = 17.0;

/// A node on the stage.
#[component]
pub fn NodeMark(stagecraft: Stagecraft, node: NodeId) -> impl IntoView {
    let Stagecraft { session, geometry, roving, crowded, .. } = stagecraft;
    let index = node.index();
    // A node that has left the run keeps its last look for the moment until it leaves the stage.
    let view = Memo::new(move |old: Option<&Option<NodeView>>| {
        session.node(node).or_else(|| old.cloned().flatten())
    });
    let place = Memo::new(move |_| geometry.with(|geometry| geometry.place(index)));
    let radius = Memo::new(move |_| geometry.with(|geometry| geometry.radius));
    let chosen = Memo::new(move |_| session.selected.with(|chosen| *chosen == Some(Target::Node(node))));
    let lit = Memo::new(move |_| session.lit.with(|lit| is_lit(lit.as_ref(), node, view.get().as_ref())));
    let status = Memo::new(move |_| view.get().map_or(Status::Up, |view| view.status));
    // What a broken property gives as evidence stays marked as long as it is broken.
    let evidence = use_evidence();
    let guilty = Memo::new(move |_| evidence.has_node(node));
    let name = move || {
        let name = view.get().map(|view| words::name_of(&view)).unwrap_or_default();
        if guilty.get() { format!("{name}, in a violation") } else { name }
    };
    let stop = move || !crowded.get() || roving.get() == node;
    view! {
        <g
            class="node"
            data-hue=move || view.get().map(|view| hue_word(view.hue))
            class:down=move || matches!(status.get(), Status::Down | Status::Left)
            class:paused=move || status.get() == Status::Paused
            class:busy=move || status.get() == Status::Busy
            class:lit=move || lit.get()
            class:guilty=move || guilty.get()
            class:dim=move || stagecraft.dimmed(node)
            transform=move || place.with(|at| format!("translate({:.1} {:.1})", at.x, at.y))
            on:focusin=move |_| stagecraft.lens.reveal(place.get_untracked())
            on:keydown=move |event| rove(stagecraft, index, &event)
        >
            <Grip
                stagecraft
                target=Target::Node(node)
                name=Signal::derive(name)
                stop=Signal::derive(stop)
                place=move || (place.get(), radius.get() + 12.0)
            >
                <circle class="halo" class:chosen=move || chosen.get() r=move || radius.get() + HALO/>
                <TimerArc stagecraft view radius/>
                <Body view radius/>
            </Grip>
            // The name says all of this, and in an order that can be listened to.
            <g aria-hidden="true">
                <Inside view radius/>
                <Beneath stagecraft view radius index/>
                <Badges stagecraft view radius index/>
                <LocalTime stagecraft view radius/>
            </g>
        </g>
    }
}

/// Arrows move a node that can be moved; else, among many nodes, they lead from one to the next.
pub fn rove(stagecraft: Stagecraft, index: usize, event: &KeyboardEvent) {
    let (x, y) = match event.key().as_str() {
        "ArrowRight" => (1, 0),
        "ArrowDown" => (0, 1),
        "ArrowLeft" => (-1, 0),
        "ArrowUp" => (0, -1),
        _ => return,
    };
    let forward = x + y > 0;
    if untrack(|| stagecraft.can_arrange()) {
        event.prevent_default();
        event.stop_propagation();
        return stagecraft.nudge(NodeId(index as u16), x, y, event.shift_key());
    }
    if !stagecraft.crowded.get_untracked() || event.shift_key() {
        return;
    }
    event.prevent_default();
    event.stop_propagation();
    let count = stagecraft.players.with_untracked(Players::len);
    let step = if forward { 1 } else { count - 1 };
    let next = NodeId(((index + step) % count) as u16);
    stagecraft.roving.set(next);
    focus_on(&format!("#{}", target_id(&Target::Node(next))));
}

/// The outline.
#[component]
fn Body(view: Memo<Option<NodeView>>, radius: Memo<f64>) -> impl IntoView {
    let shape = Memo::new(move |_| view.get().map_or(Shape::Circle, |view| view.shape));
    let leads = move || matches!(shape.get(), Shape::Ringed | Shape::Hexagon);
    view! {
        <path class="body" class:strong=leads d=move || outline(shape.get(), radius.get())/>
        {move || {
            let r = radius.get();
            (shape.get() == Shape::Ringed && r >= WORDS_FROM)
                .then(|| view! { <circle class="ring" r=r - 5.5/> })
        }}
    }
}

/// What stands within: the id and the role.
#[component]
fn Inside(view: Memo<Option<NodeView>>, radius: Memo<f64>) -> impl IntoView {
    view! {
        {move || {
            let view = view.get()?;
            let r = radius.get();
            (r >= WORDS_FROM).then(|| {
                let drop = if view.shape == Shape::Cylinder { 5 } else { 0 };
                let role = words::role_within(&view).filter(|_| r >= ROLE_FROM);
                let size = format!("{:.1}px", words::name_size(&view.id, r));
                view! {
                    <text class="nm" y=drop + if role.is_some() { -2 } else { 5 } style:font-size=size>{view.id.clone()}</text>
                    {role.map(|role| view! { <text class="rl" y=drop + 14>{role}</text> })}
                }
            })
        }}
    }
}

/// What stands under a node: its epoch and cells.
#[component]
fn Beneath(
    stagecraft: Stagecraft,
    view: Memo<Option<NodeView>>,
    radius: Memo<f64>,
    index: usize,
) -> impl IntoView {
    let geometry = stagecraft.geometry;
    let label = Memo::new(move |_| {
        geometry.with(|geometry| {
            let (at, anchor) = geometry.label(index);
            let place = geometry.place(index);
            (at.x - place.x, at.y - place.y, anchor)
        })
    });
    move || {
        let view = view.get()?;
        let (x, y, anchor) = label.get();
        let r = radius.get();
        if r < LABELS_FROM {
            return None;
        }
        let [first, second] = if r >= WORDS_FROM {
            geometry.with(|geometry| words::label(&view, geometry))
        } else {
            [view.id.clone(), String::new()]
        };
        // Away from its middle a label would leave the stage at its edges.
        let widest =
            (words::caption_width(&first) + words::dot_width(&view)).max(words::caption_width(&second));
        let x = match anchor {
            "middle" => geometry.with(|it| it.kept_in(it.place(index).x + x, widest) - it.place(index).x),
            _ => x,
        };
        let epoch = (r >= WORDS_FROM).then_some(view.epoch).flatten();
        let row = words::boxes(&view).filter(|_| geometry.with(Geometry::room) == Room::Whole);
        let below = y + if second.is_empty() { 9.0 } else { 26.0 };
        let row = row.map(|cell| row_of_boxes(&cell.boxes, x, below));
        Some(view! {
            <text class="nt" x=x y=y text-anchor=anchor data-epoch=epoch.map(epoch_word)>
                {epoch.map(|_| view! { <tspan class="dot">"● "</tspan> })}
                {first}
            </text>
            {(!second.is_empty()).then(|| view! {
                <text class="nt" x=x y=y + 17.0 text-anchor=anchor>{second}</text>
            })}
            {row}
        })
    }
}

/// A row of boxes, such as the entries of a log, with its middle at `x`.
fn row_of_boxes(boxes: &[CellBox], x: f64, y: f64) -> AnyView {
    let left = x - boxes.len() as f64 * BOX / 2.0;
    let drawn = boxes.iter().enumerate().map(|(place, each)| {
        view! {
            <g
                class:firm=each.firm
                data-epoch=each.epoch.map(epoch_word)
                transform=format!("translate({:.1} {y:.1})", left + place as f64 * BOX)
            >
                <rect width=BOX - 2.0 height=BOX/>
                <text x=BOX / 2.0 - 1.0 y=BOX - 4.0>{each.text.clone()}</text>
            </g>
        }
        .into_any()
    });
    view! { <g class="boxes">{drawn.collect_view()}</g> }.into_any()
}

/// What stands around a node: its clock where it is off, its inbox, the sign of a pause, of work, of
/// an unfinished write.
#[component]
fn Badges(
    stagecraft: Stagecraft,
    view: Memo<Option<NodeView>>,
    radius: Memo<f64>,
    index: usize,
) -> impl IntoView {
    move || {
        let view = view.get()?;
        let r = radius.get();
        if r < WORDS_FROM {
            return None;
        }
        let out = aside(r);
        let dial = words::clock(&view).map(|text| {
            let above = stagecraft.geometry.with(|geometry| stacked(geometry, index, &text));
            view! { <Dial offset=view.offset text at=out above/> }
        });
        let waiting = (view.inbox > 0).then(|| {
            view! {
                <g class="badge" transform=format!("translate({:.1} {out:.1})", -out)>
                    <rect x="-13" y="-10" width="26" height="20" rx="10"/>
                    <text y="4">{view.inbox}</text>
                </g>
            }
        });
        let sign = match view.status {
            Status::Paused => Some("M -4 -6 V 6 M 4 -6 V 6"),
            Status::Busy => Some("M -5 -6 H 5 L -5 6 H 5 Z"),
            _ if view.writing > 0 => Some("M -5 -6 H 5 V 6 H -5 Z M -5 -1 H 5"),
            _ => None,
        };
        let sign = sign.map(|path| {
            view! {
                <g class="badge" transform=format!("translate({:.1} {:.1})", -out, -out)>
                    <circle r="11"/>
                    <path d=path/>
                </g>
            }
        });
        Some(view! { {dial}{waiting}{sign} })
    }
}

/// The arc of the timer that matters most: it shrinks as the timer runs out.
#[component]
fn TimerArc(stagecraft: Stagecraft, view: Memo<Option<NodeView>>, radius: Memo<f64>) -> impl IntoView {
    let timer = Memo::new(move |_| {
        let view = view.get()?;
        if view.status == Status::Down {
            return None;
        }
        let timer = view.timers.get(view.arc?)?;
        Some((timer.armed_at.0 as f64, timer.due.0 as f64))
    });
    let arc = NodeRef::<Path>::new();
    let path = move || {
        let r = radius.get() + 7.0;
        format!("M 0 {:.1} A {r:.1} {r:.1} 0 1 1 0 {r:.1} A {r:.1} {r:.1} 0 1 1 0 {:.1}", -r, -r)
    };
    let depends = move || {
        timer.track();
        arc.track();
    };
    stagecraft.movement.join(depends, move |time| {
        let Some((armed, due)) = timer.get() else { return };
        let share = ((due - time) / (due - armed).max(1.0)).clamp(0.0, 1.0);
        draw(arc.get(), "stroke-dasharray", &format!("{share:.3} 2"));
    });
    view! {
        <Show when=move || { timer.get().is_some() && radius.get() >= LABELS_FROM }>
            <path class="timer" node_ref=arc pathLength="1" d=path/>
        </Show>
    }
}

/// Whether a node is among what is pointed at.
pub fn is_lit(lit: Option<&Target>, node: NodeId, view: Option<&NodeView>) -> bool {
    match lit {
        Some(Target::Node(other)) => *other == node,
        Some(Target::Role(role)) => view.is_some_and(|view| view.role == *role),
        Some(Target::Epoch(epoch)) => view.is_some_and(|view| view.epoch == Some(*epoch)),
        _ => false,
    }
}
