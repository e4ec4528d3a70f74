//! The bar above the picture: the lesson's faults as tools, and what run this is.

use faultline_lessons::Verb;
use faultline_model::{Kind, SortedSet};
use faultline_sim::Action;
use leptos::prelude::*;

use super::tools::{Tool, show_tool};
use crate::session::{Session, use_session};
use crate::widgets::room;

/// The chips, and under them the tool that is open.
#[component]
pub fn StageBar() -> impl IntoView {
    let session = use_session();
    let open = RwSignal::new(None::<Tool>);
    let tools = Memo::new(move |_| tools_of(session));
    let state = Memo::new(move |_| State::of(session));
    let run = move || {
        let seed = session.scenario().map(|scenario| scenario.seed);
        let servers = session.cast().of_kind(Kind::Server).count();
        seed.map(|seed| {
            format!("seed {seed} · {servers} {}", if servers == 1 { "server" } else { "servers" })
        })
    };
    // A lesson's next step may not offer what was open.
    let shown = Memo::new(move |_| {
        open.get().filter(|tool| *tool == Tool::View || tools.with(|tools| tools.contains(tool)))
    });
    let chip = move |tool: Tool| {
        let expanded = (tool != Tool::Add)
            .then(|| Signal::derive(move || if shown.get() == Some(tool) { "true" } else { "false" }));
        let press = move |_| match tool {
            Tool::Add => session.attempt(Action::Add),
            tool => open.update(|open| *open = if *open == Some(tool) { None } else { Some(tool) }),
        };
        view! {
            <button
                class="chip"
                class:on=move || state.with(|state| state.marks(tool))
                class:busy=move || tool == Tool::Workload && state.with(|state| state.asking)
                aria-expanded=move || expanded.map(|expanded| expanded.get())
                on:click=press
            >
                {move || state.with(|state| state.label(tool))}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="bar">
            <div class="tools" role="group" aria-label="Faults and requests">
                <For each=move || tools.get() key=|tool| *tool let(tool)>{chip(tool)}</For>
            </div>
            <span class="run">{run}</span>
            {chip(Tool::View)}
        </div>
        {move || shown.get().map(|tool| {
            let close = Callback::new(move |()| open.set(None));
            room("The tool", move || show_tool(tool, close))
        })}
    }
}

/// What of the run the chips tell.
#[derive(Clone, Debug, PartialEq)]
struct State {
    /// Whether any link is cut.
    cut: bool,
    /// Whether one is cut both ways: a single direction is called no partition.
    split: bool,
    /// Whether a workload runs.
    asking: bool,
    /// How many operations it has issued, if there is or was one.
    issued: Option<u32>,
}

impl State {
    fn of(session: Session) -> State {
        let view = session.view();
        let cut: SortedSet<_> =
            view.links.iter().filter(|link| link.cut).map(|link| (link.from.node, link.to.node)).collect();
        let workload = view.workload.as_ref();
        State {
            split: cut.iter().any(|&(from, to)| cut.contains(&(to, from))),
            cut: !cut.is_empty(),
            asking: workload.is_some_and(|workload| !workload.finished),
            issued: workload.map(|workload| workload.issued),
        }
    }

    fn marks(&self, tool: Tool) -> bool {
        tool == Tool::Partition && self.cut
    }

    fn label(&self, tool: Tool) -> String {
        match (tool, self.issued) {
            (Tool::Partition, _) if self.split => "Partition on".to_owned(),
            (Tool::Workload, Some(issued)) => format!("Workload: {issued} so far"),
            (tool, _) => tool.label().to_owned(),
        }
    }
}

/// The tools that the lesson's palette offers; requests where somebody takes them.
fn tools_of(session: Session) -> Vec<Tool> {
    let view = session.view();
    let asks = view.nodes.iter().any(|node| !node.operations.is_empty());
    let verbs = |tool: Tool| -> &'static [Verb] {
        match tool {
            Tool::Crash => &[Verb::Crash, Verb::Restart],
            Tool::Partition => &[Verb::Partition],
            Tool::Latency => &[Verb::Latency],
            Tool::Lose => &[Verb::Loss],
            Tool::Clock => &[Verb::Skew, Verb::Drift],
            Tool::Workload => &[Verb::Workload],
            Tool::Add => &[Verb::Add],
            Tool::Request | Tool::View => &[],
        }
    };
    session.staging.with(|staging| {
        let offered = |tool: &Tool| {
            let palette = verbs(*tool).iter().any(|verb| staging.offers(*verb));
            match tool {
                Tool::Request => asks,
                Tool::Workload => asks && palette,
                Tool::Add => view.elastic && palette,
                _ => palette,
            }
        };
        Tool::ALL.into_iter().filter(offered).collect()
    })
}
