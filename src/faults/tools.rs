//! The tools behind the chips: the same acts as in the menus, for those who think of the fault first.

use std::collections::BTreeSet;

use faultline_model::NodeId;
use faultline_sim::{Action, Disk, NodeView, Status};
use leptos::prelude::*;

use super::fields::FormFields;
use super::form::Form;
use crate::session::{Session, use_session};
use crate::widgets::Icon;

/// A tool of the bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tool {
    /// Crash or restart a node.
    Crash,
    /// Split the network.
    Partition,
    /// Make a link slow.
    Latency,
    /// Make a link lose messages.
    Lose,
    /// Set a clock.
    Clock,
    /// Hand an operation to a node.
    Request,
}

impl Tool {
    /// Every tool, in the order of the bar.
    pub const ALL: [Tool; 6] =
        [Tool::Crash, Tool::Partition, Tool::Latency, Tool::Lose, Tool::Clock, Tool::Request];

    /// What its chip says.
    pub fn label(self) -> &'static str {
        match self {
            Tool::Crash => "Crash",
            Tool::Partition => "Partition",
            Tool::Latency => "Slow link",
            Tool::Lose => "Lose packets",
            Tool::Clock => "Skew clock",
            Tool::Request => "Client request",
        }
    }
}

/// A tool, open under the bar.
#[component]
pub fn ToolRow(tool: Tool, close: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let session = use_session();
    view! {
        <div class="tool" role="group" aria-label=tool.label()>
            {match tool {
                Tool::Crash => view! { <Crashes/> }.into_any(),
                Tool::Partition => view! { <Split/> }.into_any(),
                Tool::Latency | Tool::Lose => view! { <LinkTool tool close/> }.into_any(),
                Tool::Clock => {
                    let make = |node: &NodeView| Form::Clock(node.node);
                    view! { <NodeTool make able=|node: &NodeView| node.status != Status::Down close/> }.into_any()
                }
                Tool::Request => {
                    let make = |node: &NodeView| {
                        Form::Invoke(node.node, node.operations.first().cloned().unwrap_or_default())
                    };
                    let able = |node: &NodeView| !node.operations.is_empty() && node.status != Status::Down;
                    view! { <NodeTool make able close/> }.into_any()
                }
            }}
            <span class="grow"></span>
            <button class="btn square quiet" aria-label=format!("Close {}", tool.label()) on:click=move |_| {
                close();
                session.announce("");
            }>
                {Icon::Close.view()}
            </button>
        </div>
    }
}

/// One button a node: it crashes, or restarts.
#[component]
fn Crashes() -> impl IntoView {
    let session = use_session();
    let nodes = Memo::new(move |_| {
        let view = session.view();
        let nodes = view.nodes.iter();
        nodes.map(|node| (node.node, node.id.clone(), node.status == Status::Down)).collect::<Vec<_>>()
    });
    view! {
        <For each=move || nodes.get() key=|node| node.clone() let((node, id, down))>
            <button class="chip" class:on=down on:click=move |_| {
                session.attempt(if down { Action::Restart(node, Disk::Kept) } else { Action::Crash(node) });
            }>
                {if down { Icon::Restart.view() } else { Icon::Crash.view() }}
                {if down { format!("Restart {id}") } else { format!("Crash {id}") }}
            </button>
        </For>
    }
}

/// Which servers stand on one side; the others stand on the other.
#[component]
fn Split() -> impl IntoView {
    let session = use_session();
    let servers = Memo::new(move |_| servers(session));
    let side = RwSignal::new(untrack(|| servers.with(|servers| first_half(servers))));
    let split = Memo::new(move |_| session.view().links.iter().any(|link| link.cut));
    let possible = move || {
        let chosen =
            side.with(|side| servers.with(|all| all.iter().filter(|(node, _)| side.contains(node)).count()));
        chosen > 0 && chosen < servers.with(Vec::len)
    };
    let groups = move || {
        servers.with(|servers| {
            let (a, b): (Vec<NodeId>, Vec<NodeId>) =
                side.with(|side| servers.iter().map(|(node, _)| *node).partition(|node| side.contains(node)));
            vec![a, b]
        })
    };
    view! {
        <span class="dimmed">"One side:"</span>
        <For each=move || servers.get() key=|server| server.clone() let((node, id))>
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || side.with(|side| side.contains(&node))
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        side.update(|side| {
                            if on { side.insert(node); } else { side.remove(&node); }
                        });
                    }
                />
                {id}
            </label>
        </For>
        <Show when=possible fallback=|| view! { <span class="dimmed">"choose some, not all"</span> }>
            <button class="btn p" on:click=move |_| session.attempt(Action::Partition(groups()))>"Split"</button>
        </Show>
        <Show when=move || split.get()>
            <button class="btn" on:click=move |_| session.attempt(Action::HealAll)>"Heal all"</button>
        </Show>
    }
}

fn servers(session: Session) -> Vec<(NodeId, String)> {
    let view = session.view();
    view.nodes.iter().filter(|node| !node.client).map(|node| (node.node, node.id.clone())).collect()
}

/// A majority on one side is the usual question.
fn first_half(servers: &[(NodeId, String)]) -> BTreeSet<NodeId> {
    servers.iter().take(servers.len() / 2 + servers.len() % 2).map(|(node, _)| *node).collect()
}

/// A form for a node that is chosen first.
#[component]
fn NodeTool(
    make: fn(&NodeView) -> Form,
    able: fn(&NodeView) -> bool,
    close: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let session = use_session();
    let nodes = Memo::new(move |_| {
        session
            .view()
            .nodes
            .iter()
            .filter(|node| able(node))
            .map(|node| (node.node, node.id.clone()))
            .collect::<Vec<_>>()
    });
    let chosen = RwSignal::new(untrack(|| nodes.with(|nodes| nodes.first().map(|(node, _)| *node))));
    let form = Memo::new(move |_| {
        let node = chosen.get()?;
        untrack(|| session.node(node)).map(|view| make(&view))
    });
    view! {
        <label class="field">
            <span>"Node"</span>
            <select class="select" on:change=move |event| {
                let id = event_target_value(&event);
                chosen.set(nodes.with_untracked(|nodes| nodes.iter().find(|(_, name)| *name == id).map(|(node, _)| *node)));
            }>
                <For each=move || nodes.get() key=|node| node.clone() let((node, id))>
                    <option value=id.clone() selected=move || chosen.get() == Some(node)>{id.clone()}</option>
                </For>
            </select>
        </label>
        {move || form.get().map(|form| view! { <FormFields form done=close/> })}
    }
}

/// A form for a link that is chosen first.
#[component]
fn LinkTool(tool: Tool, close: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let session = use_session();
    let nodes = Memo::new(move |_| {
        session.view().nodes.iter().map(|node| (node.node, node.id.clone())).collect::<Vec<_>>()
    });
    let from = RwSignal::new(NodeId(0));
    let to = RwSignal::new(NodeId(1));
    let chooser = move |label: &'static str, value: RwSignal<NodeId>| {
        view! {
            <label class="field">
                <span>{label}</span>
                <select class="select" on:change=move |event| {
                    if let Ok(index) = event_target_value(&event).parse() {
                        value.set(NodeId(index));
                    }
                }>
                    <For each=move || nodes.get() key=|node| node.clone() let((node, id))>
                        <option value=node.0 selected=move || value.get() == node>{id}</option>
                    </For>
                </select>
            </label>
        }
    };
    let form = move || match tool {
        Tool::Lose => Form::Lose(from.get(), to.get()),
        _ => Form::Latency(from.get(), to.get()),
    };
    view! {
        {chooser("From", from)}
        {chooser("To", to)}
        {move || view! { <FormFields form=form() done=close/> }}
    }
}
