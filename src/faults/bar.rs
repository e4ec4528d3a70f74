//! The bar above the picture: the lesson's faults as tools, and what run this is.

use std::collections::BTreeSet;

use faultline_lessons::Verb;
use faultline_model::Kind;
use leptos::prelude::*;

use super::tools::Tool;
use super::tools::ToolRow;
use crate::session::{Session, use_session};

/// The chips, and under them the tool that is open.
#[component]
pub fn StageBar() -> impl IntoView {
    let session = use_session();
    let open = RwSignal::new(None::<Tool>);
    let tools = Memo::new(move |_| tools_of(session));
    let cut = Memo::new(move |_| session.view().links.iter().any(|link| link.cut));
    // A partition is cut both ways somewhere; a single direction is not called one.
    let split = Memo::new(move |_| {
        let view = session.view();
        let cut: BTreeSet<_> =
            view.links.iter().filter(|link| link.cut).map(|link| (link.from.node, link.to.node)).collect();
        cut.iter().any(|&(from, to)| cut.contains(&(to, from)))
    });
    let run = move || {
        let seed = session.scenario().map(|scenario| scenario.seed);
        let servers = session.cast().of_kind(Kind::Server).count();
        seed.map(|seed| {
            format!("seed {seed} · {servers} {}", if servers == 1 { "server" } else { "servers" })
        })
    };
    // A lesson's next step may not offer what was open.
    let shown = Memo::new(move |_| open.get().filter(|tool| tools.with(|tools| tools.contains(tool))));
    view! {
        <div class="bar">
            <div class="tools" role="group" aria-label="Faults and requests">
                <For each=move || tools.get() key=|tool| *tool let(tool)>
                    <button
                        class="chip"
                        class:on=move || tool == Tool::Partition && cut.get()
                        aria-expanded=move || if shown.get() == Some(tool) { "true" } else { "false" }
                        on:click=move |_| open.update(|open| {
                            *open = if *open == Some(tool) { None } else { Some(tool) };
                        })
                    >
                        {move || if tool == Tool::Partition && split.get() { "Partition on" } else { tool.label() }}
                    </button>
                </For>
            </div>
            <span class="run">{run}</span>
        </div>
        {move || shown.get().map(|tool| view! { <ToolRow tool close=move || open.set(None)/> })}
    }
}

/// The tools that the lesson's palette offers; requests where somebody takes them.
fn tools_of(session: Session) -> Vec<Tool> {
    let asks = session.view().nodes.iter().any(|node| !node.operations.is_empty());
    let verbs = |tool: Tool| -> &'static [Verb] {
        match tool {
            Tool::Crash => &[Verb::Crash, Verb::Restart],
            Tool::Partition => &[Verb::Partition],
            Tool::Latency => &[Verb::Latency],
            Tool::Lose => &[Verb::Loss],
            Tool::Clock => &[Verb::Skew, Verb::Drift],
            Tool::Request => &[],
        }
    };
    session.staging.with(|staging| {
        let offered = |tool: &Tool| match tool {
            Tool::Request => asks,
            tool => verbs(*tool).iter().any(|verb| staging.offers(*verb)),
        };
        Tool::ALL.into_iter().filter(offered).collect()
    })
}
