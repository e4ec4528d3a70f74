//! The link between two nodes: one line, and a button for each of its two directions.

use faultline_model::{NodeId, SortedMap};
use faultline_sim::{LinkView, WorldView};
use leptos::prelude::*;

use super::Stagecraft;
use super::geometry::Lane;
use super::grip::Grip;
use crate::session::Target;

/// Both directions between two nodes, as far as they exist.
#[derive(Clone, Debug, Default, PartialEq)]
struct Both {
    there: Option<LinkView>,
    back: Option<LinkView>,
}

impl Both {
    fn each(&self) -> impl Iterator<Item = &LinkView> {
        self.there.iter().chain(&self.back)
    }

    fn dead(&self) -> bool {
        self.each().all(|link| link.cut)
    }

    /// The direction that is cut while the other one is not.
    fn one_way(&self) -> Option<(NodeId, NodeId)> {
        let ends = |link: &LinkView| (link.from.node, link.to.node);
        let mut cut = self.each().filter(|link| link.cut);
        cut.next().map(ends).filter(|_| !self.dead())
    }

    /// What somebody has set, in words: once if it is the same both ways, else with where each leads.
    fn set(&self) -> String {
        let set: Vec<(String, &LinkView)> =
            self.each().map(|link| (settings(link), link)).filter(|(text, _)| !text.is_empty()).collect();
        if let [(text, _), (other, _)] = &set[..]
            && text == other
        {
            return text.clone();
        }
        let way = |(text, link): &(String, &LinkView)| format!("{text} to {}", link.to.name);
        set.iter().map(way).collect::<Vec<_>>().join(" / ")
    }
}

/// What is set on a link, where it is not the usual.
fn settings(link: &LinkView) -> String {
    let said = |word: &str, what: &Option<String>| what.as_ref().map(|what| format!("{word} {what}"));
    let order = link.fifo.map(|kept| if kept { "keeps order" } else { "lets overtake" }.to_owned());
    let queue = (link.queue > 0).then(|| format!("{} queued", link.queue));
    let dropped = (!link.dropped.is_empty()).then(|| format!("drops {}", link.dropped.join(" and ")));
    let held = link.held.then(|| "held".to_owned());
    [
        held,
        dropped,
        said("loses", &link.loss),
        said("twice", &link.duplication),
        order,
        // A constant latency is a time, and said as one.
        link.latency.as_ref().map(|latency| latency.trim_start_matches("constant ").to_owned()),
        link.bandwidth.clone(),
        queue,
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(", ")
}

/// What is written at the links of this view, in the order of their ends.
pub fn all_set(view: &WorldView) -> Vec<(NodeId, NodeId, String)> {
    let mut pairs = SortedMap::<(NodeId, NodeId), Both>::new();
    for link in view.links.iter().filter(|link| is_set(link)) {
        let (from, to) = (link.from.node, link.to.node);
        let both = pairs.entry((from.min(to), from.max(to))).or_default();
        *(if from < to { &mut both.there } else { &mut both.back }) = Some(link.clone());
    }
    pairs.into_iter().map(|((a, b), both)| (a, b, both.set())).collect()
}

/// Whether [`settings`] says anything, without saying it.
fn is_set(link: &LinkView) -> bool {
    let named = [&link.loss, &link.duplication, &link.latency, &link.bandwidth];
    link.held
        || link.queue > 0
        || link.fifo.is_some()
        || !link.dropped.is_empty()
        || named.iter().any(|it| it.is_some())
}

/// The sign of what does not get through: a gate where it is held, a small cross where a kind is
/// dropped.
fn sign(link: &LinkView) -> Option<&'static str> {
    match (link.held, link.dropped.is_empty()) {
        (true, _) => Some("M -2.5 -8 V 8 M 2.5 -8 V 8"),
        (_, false) => Some("M -5 -5 L 5 5 M 5 -5 L -5 5"),
        _ => None,
    }
}

/// Both directions between two nodes.
#[component]
pub fn LinkMark(stagecraft: Stagecraft, a: NodeId, b: NodeId) -> impl IntoView {
    let Stagecraft { session, geometry, linked, links, players, .. } = stagecraft;
    let both = Memo::new(move |_| {
        links.with(|links| Both { there: links.get(a, b).cloned(), back: links.get(b, a).cloned() })
    });
    let line = Memo::new(move |_| geometry.with(|it| it.line(a.index(), b.index())));
    let words = Memo::new(move |_| {
        linked.with(|all| {
            let found = all.binary_search_by_key(&(a, b), |words| words.ends);
            found.ok().map(|found| all[found].clone())
        })
    });
    // A client's links are many and seldom the point: they are drawn fainter.
    let guest = move || {
        players.with(|players| [a, b].iter().any(|end| players.clients.get(end.index()) == Some(&true)))
    };
    let lit = Memo::new(move |_| {
        let mine = [Some(Target::Link(a, b)), Some(Target::Link(b, a))];
        session.lit.with(|lit| mine.contains(lit))
    });
    view! {
        <g
            class="link"
            class:guest=guest
            class:cut=move || both.with(Both::dead)
            class:half=move || both.with(|both| both.one_way().is_some())
            class:odd=move || words.with(Option::is_some)
            class:lit=move || lit.get()
        >
            <line
                class="wire"
                x1=move || line.get().from.x
                y1=move || line.get().from.y
                x2=move || line.get().to.x
                y2=move || line.get().to.y
            />
            {move || both.with(Both::one_way).map(|(from, to)| {
                one_way(&geometry.with(|it| it.line(from.index(), to.index())))
            })}
            {move || {
                let signs = both.with(|both| {
                    let each = |link: &LinkView| {
                        let (from, to) = (link.from.node.index(), link.to.node.index());
                        signed(link, &geometry.with(|it| it.line(from, to)))
                    };
                    both.each().filter_map(each).collect::<Vec<_>>()
                });
                signs.collect_view()
            }}
            {move || words.get().map(|words| {
                view! { <text class="lt" x=words.at.x y=words.at.y + 4.0>{words.text}</text> }
            })}
            <Show when=move || both.with(|both| both.there.is_some())>
                <Way stagecraft from=a to=b link=Signal::derive(move || both.get().there)/>
            </Show>
            <Show when=move || both.with(|both| both.back.is_some())>
                <Way stagecraft from=b to=a link=Signal::derive(move || both.get().back)/>
            </Show>
        </g>
    }
}

/// Where one direction is cut: an arrow that runs against a stroke.
fn one_way(dead: &Lane) -> impl IntoView + use<> {
    let (at, turn) = (dead.at(0.5), dead.degrees());
    view! {
        <path
            class="one-way"
            d="M -16 0 H -3 M -7 -4 L -3 0 L -7 4 M 2 -7 V 7"
            transform=format!("translate({:.1} {:.1}) rotate({turn:.1})", at.x, at.y)
        />
    }
}

/// Where one direction is held or drops a kind, in its sender's half.
fn signed(link: &LinkView, line: &Lane) -> Option<impl IntoView + use<>> {
    let (path, at, turn) = (sign(link)?, line.at(0.46), line.degrees());
    Some(view! {
        <path class="gate" d=path transform=format!("translate({:.1} {:.1}) rotate({turn:.1})", at.x, at.y)/>
    })
}

/// The button of one direction: the half of the line that is nearer to its sender.
#[component]
fn Way(stagecraft: Stagecraft, from: NodeId, to: NodeId, link: Signal<Option<LinkView>>) -> impl IntoView {
    let Stagecraft { geometry, crowded, .. } = stagecraft;
    let line = Memo::new(move |_| geometry.with(|it| it.line(from.index(), to.index())));
    // The state is in the description: the name is what scripts and tests look for.
    let name = move || {
        let link = link.get();
        link.map(|link| format!("link {} to {}", link.from.name, link.to.name)).unwrap_or_default()
    };
    let state = move || {
        let link = link.get()?;
        let cut = link.cut.then(|| "cut".to_owned());
        let set = Some(settings(&link)).filter(|text| !text.is_empty());
        let all: Vec<String> = cut.into_iter().chain(set).collect();
        (!all.is_empty()).then(|| all.join(", "))
    };
    let half = move |class: &'static str| {
        view! {
            <line
                class=class
                x1=move || line.get().from.x
                y1=move || line.get().from.y
                x2=move || line.get().at(0.5).x
                y2=move || line.get().at(0.5).y
            />
        }
    };
    view! {
        <g class="way">
            <Grip
                stagecraft
                target=Target::Link(from, to)
                name=Signal::derive(name)
                state=Signal::derive(state)
                stop=Signal::derive(move || !crowded.get())
                place=move || (line.get().at(0.3), 10.0)
            >
                {half("reach")}
                {half("half-line")}
            </Grip>
        </g>
    }
}

#[cfg(test)]
mod tests {
    use faultline_lessons::catalogue;
    use faultline_sim::{Action, Scenario};

    use super::*;

    #[test]
    fn everything_that_is_set_is_said() {
        let scenario = Scenario { protocol: "raft".into(), nodes: 3, ..Scenario::default() };
        let mut world = catalogue::build(&scenario).unwrap();
        let (a, b) = (NodeId(0), NodeId(1));
        assert_eq!(settings(&world.view().links[0]), "");
        world.apply(&Action::Lose(a, b, faultline_model::Chance(100_000))).unwrap();
        world.apply(&Action::Order(a, b, true)).unwrap();
        let link = world.view().links[0].clone();
        assert_eq!(all_set(&world.view()), [(a, b, "loses 10%, keeps order to S2".to_owned())]);
        world.apply(&Action::Lose(b, a, faultline_model::Chance(100_000))).unwrap();
        let ways = "loses 10%, keeps order to S2 / loses 10% to S1";
        assert_eq!(all_set(&world.view()), [(a, b, ways.to_owned())]);
        world.apply(&Action::Order(b, a, true)).unwrap();
        assert_eq!(all_set(&world.view()), [(a, b, "loses 10%, keeps order".to_owned())]);
        assert_eq!(settings(&link), "loses 10%, keeps order");
        let full = LinkView { held: true, queue: 4, dropped: vec!["Vote".into(), "Ack".into()], ..link };
        assert_eq!(settings(&full), "held, drops Vote and Ack, loses 10%, keeps order, 4 queued");
        assert!(sign(&full).is_some());
        let slow = LinkView { latency: Some("constant 80ms".into()), loss: None, fifo: None, ..full };
        assert_eq!(settings(&slow), "held, drops Vote and Ack, 80ms, 4 queued");
    }
}
