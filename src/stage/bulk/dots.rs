//! What the document has of nodes that are painted: a button for each, and rings around those that
//! are pointed at or chosen.

use faultline_model::NodeId;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::svg::G;
use wasm_bindgen::JsCast;

use super::super::geometry::{LABELS_FROM, Point};
use super::super::movement::draw;
use super::super::node::{is_lit, rove};
use super::super::{Stagecraft, words};
use crate::faults::target_of;
use crate::session::Target;

/// While time runs, names are brought up to date at most so often, milliseconds.
const RENAMED: f64 = 600.0;

/// A button for every node, with nothing to be seen of it but its focus.
#[component]
pub fn Dots(stagecraft: Stagecraft) -> impl IntoView {
    let group = NodeRef::<G>::new();
    keep_places(stagecraft, group);
    keep_names(stagecraft, group);
    let dot = |(node, name): (usize, String)| {
        view! {
            <g class="grip dot" id=format!("node-{node}") role="button" tabindex="-1" aria-haspopup="menu" aria-label=name>
                <circle class="halo"/>
            </g>
        }
    };
    let dots = move || {
        let names = stagecraft.players.with(|players| players.names.clone());
        names.into_iter().enumerate().map(dot).collect_view()
    };
    let open = move |event: &web_sys::Event| {
        if let Some(node) = node_of(event) {
            let (at, clear) =
                stagecraft.geometry.with_untracked(|it| (it.place(node.index()), it.radius + 8.0));
            stagecraft.open(Target::Node(node), at, clear);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let Some(node) = node_of(&event) else { return };
        if event.key() == "Enter" {
            event.prevent_default();
            open(&event);
        } else {
            rove(stagecraft, node.index(), &event);
        }
    };
    let point = move |event: &web_sys::Event| stagecraft.point_at(node_of(event).map(Target::Node));
    view! {
        <g
            class="dots"
            node_ref=group
            on:click=move |event| open(&event)
            on:keydown=on_key
            on:pointerover=move |event| point(&event)
            on:pointerout=move |_| stagecraft.point_at(None)
            on:focusin=move |event| {
                point(&event);
                if let Some(node) = node_of(&event) {
                    stagecraft.roving.set(node);
                    stagecraft.lens.reveal(stagecraft.geometry.with_untracked(|it| it.place(node.index())));
                }
            }
            on:focusout=move |_| stagecraft.point_at(None)
        >
            {dots}
        </g>
    }
}

fn node_of(event: &web_sys::Event) -> Option<NodeId> {
    let element: web_sys::Element = event.target()?.dyn_into().ok()?;
    match target_of(&element.closest(".dot").ok()??.id())? {
        Target::Node(node) => Some(node),
        _ => None,
    }
}

/// The buttons follow the layout, and Tab finds one of them.
fn keep_places(stagecraft: Stagecraft, group: NodeRef<G>) {
    Effect::new(move |_| {
        let Some(dots) = group.get().map(|group| group.children()) else { return };
        stagecraft.players.track();
        stagecraft.geometry.with(|geometry| {
            let reach = format!("{:.1}", geometry.radius + 4.0);
            for node in 0..dots.length() {
                let at = geometry.place(node as usize);
                draw(dots.item(node), "transform", &format!("translate({:.1} {:.1})", at.x, at.y));
                let circle = dots.item(node).and_then(|dot| dot.query_selector("circle").ok().flatten());
                draw(circle, "r", &reach);
            }
        });
    });
    Effect::new(move |before: Option<u32>| {
        let dots = group.get().map(|group| group.children());
        stagecraft.players.track();
        let now = u32::from(stagecraft.roving.get().0);
        if let Some(dots) = dots {
            draw(before.and_then(|before| dots.item(before)), "tabindex", "-1");
            draw(dots.item(now), "tabindex", "0");
        }
        now
    });
}

/// The buttons are called what the nodes are now.
fn keep_names(stagecraft: Stagecraft, group: NodeRef<G>) {
    let session = stagecraft.session;
    let known = StoredValue::new((f64::NEG_INFINITY, Vec::<String>::new()));
    Effect::new(move |_| {
        let Some(dots) = group.get().map(|group| group.children()) else { return };
        stagecraft.players.track();
        let playing = session.playing.get();
        let now = window().performance().map_or(0.0, |clock| clock.now());
        session.moment().with(|moment| {
            known.update_value(|(last, names)| {
                if playing && now - *last < RENAMED {
                    return;
                }
                *last = now;
                names.resize(moment.view.nodes.len(), String::new());
                for (node, view) in moment.view.nodes.iter().enumerate() {
                    let name = words::name_of(view);
                    if names[node] != name {
                        draw(dots.item(node as u32), "aria-label", &name);
                        names[node] = name;
                    }
                }
            });
        });
    });
}

/// Rings around painted nodes that are chosen, or pointed at here or in another pane.
#[component]
pub fn Rings(stagecraft: Stagecraft) -> impl IntoView {
    let session = stagecraft.session;
    let chosen = Memo::new(move |_| {
        session.selected.with(|chosen| match chosen {
            Some(Target::Node(node)) => vec![node.index()],
            _ => vec![],
        })
    });
    let lit = Memo::new(move |_| {
        session.lit.with(|lit| match lit {
            None => vec![],
            lit => session.moment().with(|moment| {
                let nodes = moment.view.nodes.iter();
                let mine = nodes.filter(|view| is_lit(lit.as_ref(), view.node, Some(view)));
                mine.map(|view| view.node.index()).collect()
            }),
        })
    });
    let rings = move |nodes: Vec<usize>| {
        stagecraft.geometry.with(|geometry| {
            let r = geometry.radius + 4.0;
            let ring = |node: &usize| {
                let Point { x, y } = geometry.place(*node);
                format!(
                    "M {:.1} {y:.1} a {r:.1} {r:.1} 0 1 0 {:.1} 0 a {r:.1} {r:.1} 0 1 0 {:.1} 0 ",
                    x - r,
                    2.0 * r,
                    -2.0 * r
                )
            };
            nodes.iter().map(ring).collect::<String>()
        })
    };
    view! {
        <path class="rings lit" d=move || rings(lit.get())/>
        <path class="rings" d=move || rings(chosen.get())/>
        {move || {
            // Where names have no room, one that is pointed at says its name.
            let small = stagecraft.geometry.with(|geometry| geometry.radius) < LABELS_FROM;
            let named = lit.get().first().copied().filter(|_| small && lit.with(Vec::len) == 1);
            named.or_else(|| chosen.get().first().copied().filter(|_| small)).map(|node| {
                let name = stagecraft.players.with(|players| players.names.get(node).cloned());
                let (at, r) = stagecraft.geometry.with(|geometry| (geometry.place(node), geometry.radius));
                view! { <text class="nt named" x=at.x y=at.y - r - 9.0 text-anchor="middle">{name}</text> }
            })
        }}
    }
}
