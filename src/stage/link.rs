//! The link between two nodes: one line, and a button for each of its two directions.

use faultline_model::NodeId;
use faultline_sim::LinkView;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::Stagecraft;
use crate::faults::target_id;
use crate::session::Target;

/// Both directions between two nodes.
#[component]
pub fn LinkMark(stagecraft: Stagecraft, a: NodeId, b: NodeId) -> impl IntoView {
    let Stagecraft {
        session, geometry, ..
    } = stagecraft;
    let there = direction(stagecraft, a, b);
    let back = direction(stagecraft, b, a);
    let line = Memo::new(move |_| geometry.with(|it| it.line(a.index(), b.index())));
    let cut = move |way: Memo<Option<LinkView>>| {
        way.with(|link| link.as_ref().is_some_and(|link| link.cut))
    };
    let dead = move || {
        (cut(there) || there.with(Option::is_none)) && (cut(back) || back.with(Option::is_none))
    };
    let odd = move || {
        [there, back].iter().any(|way| {
            way.with(|link| {
                link.as_ref()
                    .is_some_and(|l| l.loss.is_some() || l.latency.is_some())
            })
        })
    };
    // A client's links are many and seldom the point: they are drawn fainter.
    let guest = move || {
        stagecraft.clients.with(|clients| [a, b].iter().any(|end| clients.get(end.index()) == Some(&true)))
    };
    let lit = move || {
        session.lit.with(|lit| matches!(lit, Some(Target::Link(x, y)) if (*x, *y) == (a, b) || (*x, *y) == (b, a)))
    };
    // Where only one direction is cut, an arrow shows the one that still carries, a stroke the other.
    let one_way = move || match (cut(there), cut(back)) {
        (true, false) => Some((a, b)),
        (false, true) => Some((b, a)),
        _ => None,
    };
    let set = move || {
        let words = |link: &LinkView| {
            let loss = link.loss.as_ref().map(|loss| format!("loses {loss}"));
            loss.into_iter()
                .chain(link.latency.clone())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let texts: Vec<String> = [there, back]
            .iter()
            .filter_map(|way| way.with(|link| link.as_ref().map(words)))
            .collect();
        let mut texts: Vec<String> = texts.into_iter().filter(|text| !text.is_empty()).collect();
        texts.dedup();
        texts.join(" / ")
    };
    view! {
        <g class="link" class:guest=guest class:cut=dead class:half=move || one_way().is_some() class:odd=odd class:lit=lit>
            <line
                class="wire"
                x1=move || line.get().from.x
                y1=move || line.get().from.y
                x2=move || line.get().to.x
                y2=move || line.get().to.y
            />
            {move || one_way().map(|(from, to)| {
                let dead = geometry.with(|it| it.line(from.index(), to.index()));
                let (at, turn) = (dead.at(0.5), dead.degrees());
                view! {
                    <path
                        class="one-way"
                        d="M -16 0 H -3 M -7 -4 L -3 0 L -7 4 M 2 -7 V 7"
                        transform=format!("translate({:.1} {:.1}) rotate({turn:.1})", at.x, at.y)
                    />
                }
            })}
            {move || {
                let text = set();
                (!text.is_empty()).then(|| {
                    let at = line.get().at(0.5);
                    view! { <text class="lt" x=at.x y=at.y - 5.0>{text}</text> }
                })
            }}
            <Way stagecraft from=a to=b link=there/>
            <Way stagecraft from=b to=a link=back/>
        </g>
    }
}

fn direction(stagecraft: Stagecraft, from: NodeId, to: NodeId) -> Memo<Option<LinkView>> {
    let links = stagecraft.links;
    Memo::new(move |_| links.with(|links| links.get(&(from, to)).cloned()))
}

/// The button of one direction: the half of the line that is nearer to its sender.
#[component]
fn Way(
    stagecraft: Stagecraft,
    from: NodeId,
    to: NodeId,
    link: Memo<Option<LinkView>>,
) -> impl IntoView {
    let Stagecraft {
        geometry, crowded, ..
    } = stagecraft;
    let line = Memo::new(move |_| geometry.with(|it| it.line(from.index(), to.index())));
    let target = Target::Link(from, to);
    let open = move || {
        let at = line.get_untracked().at(0.3);
        stagecraft.open(Target::Link(from, to), at, 10.0);
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            open();
        }
    };
    let name = move || {
        link.with(|link| {
            let link = link.as_ref()?;
            // The state is in the description: the name is what scripts and tests look for.
            Some(format!("link {} to {}", link.from.name, link.to.name))
        })
    };
    let state = move || {
        link.with(|link| {
            let link = link.as_ref()?;
            let parts = [
                link.cut.then(|| "cut".to_owned()),
                link.loss.as_ref().map(|loss| format!("loses {loss}")),
                link.latency.clone(),
            ];
            let text = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
            (!text.is_empty()).then_some(text)
        })
    };
    let id = target_id(&target);
    view! {
        <Show when=move || link.with(Option::is_some)>
            <g
                class="way"
                id=id.clone()
                role="button"
                tabindex=move || if crowded.get() { "-1" } else { "0" }
                aria-haspopup="menu"
                aria-label=name
                aria-description=state
                on:click=move |_| open()
                on:keydown=on_key
                on:pointerenter=move |_| stagecraft.point_at(Some(Target::Link(from, to)))
                on:pointerleave=move |_| stagecraft.point_at(None)
                on:focus=move |_| stagecraft.point_at(Some(Target::Link(from, to)))
                on:blur=move |_| stagecraft.point_at(None)
            >
                <line
                    class="reach"
                    x1=move || line.get().from.x
                    y1=move || line.get().from.y
                    x2=move || line.get().at(0.5).x
                    y2=move || line.get().at(0.5).y
                />
                <line
                    class="half-line"
                    x1=move || line.get().from.x
                    y1=move || line.get().from.y
                    x2=move || line.get().at(0.5).x
                    y2=move || line.get().at(0.5).y
                />
            </g>
        </Show>
    }
}
