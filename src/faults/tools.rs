//! The tools behind the chips: the same acts as in the menus, for those who think of the fault first.

use std::rc::Rc;

use faultline_chunk::chunk;
use faultline_model::NodeId;
use faultline_sim::{Action, Disk, NodeView, Status};
use leptos::prelude::*;

use super::form::Form;
use super::menu::asked;
use super::workload;
use crate::session::{Session, use_session};
use crate::stage::{PartitionTool, ViewTool};
use crate::widgets::{Icon, Room};

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
    /// Clients that ask by themselves.
    Workload,
    /// A node joins; that needs no row of its own.
    Add,
    /// Arrange the picture; it changes nothing in the run.
    View,
}

impl Tool {
    /// Every tool that acts, in the order of the bar.
    pub const ALL: [Tool; 8] = [
        Tool::Crash,
        Tool::Partition,
        Tool::Latency,
        Tool::Lose,
        Tool::Clock,
        Tool::Request,
        Tool::Workload,
        Tool::Add,
    ];

    /// What its chip says.
    pub fn label(self) -> &'static str {
        match self {
            Tool::Crash => "Crash",
            Tool::Partition => "Partition",
            Tool::Latency => "Slow link",
            Tool::Lose => "Lose packets",
            Tool::Clock => "Skew clock",
            Tool::Request => "Client request",
            Tool::Workload => "Workload",
            Tool::Add => "Add a node",
            Tool::View => "View",
        }
    }
}

chunk! {
    rooms: pub fn show_tool(tool: Tool, close: Callback<()>) -> Room {
        Rc::new(move || tool_row(tool, close))
    }
}

/// A tool, open under the bar.
fn tool_row(tool: Tool, close: Callback<()>) -> AnyView {
    let session = use_session();
    let content = match tool {
        Tool::Crash => view! { <Crashes/> }.into_any(),
        Tool::Partition => view! { <PartitionTool/> }.into_any(),
        Tool::View => view! { <ViewTool/> }.into_any(),
        Tool::Latency | Tool::Lose => link_tool(session, tool, close),
        Tool::Clock => node_tool(session, |_, node| Form::Clock(node.node), up, close),
        Tool::Request => {
            let make = |session: Session, node: &NodeView| {
                let forms = session.look(|timeline| timeline.world().forms(node.node));
                Form::Invoke(node.node, forms.unwrap_or_default())
            };
            node_tool(session, make, |node| !node.operations.is_empty() && up(node), close)
        }
        Tool::Workload => workload::panel(session),
        Tool::Add => ().into_any(),
    };
    view! {
        <div class="tool" role="group" aria-label=tool.label()>
            {content}
            <span class="grow"></span>
            <button class="btn square quiet" aria-label=format!("Close {}", tool.label()) on:click=move |_| {
                close.run(());
                session.announce("");
            }>
                {Icon::Close.view()}
            </button>
        </div>
    }
    .into_any()
}

fn up(node: &NodeView) -> bool {
    !matches!(node.status, Status::Down | Status::Left)
}

/// One button a node: it crashes, or restarts.
#[component]
fn Crashes() -> impl IntoView {
    let session = use_session();
    let nodes = Memo::new(move |_| {
        let view = session.view();
        let nodes = view.nodes.iter().filter(|node| node.status != Status::Left);
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

/// Chooses a node among those that fit.
fn chooser(
    label: &'static str,
    nodes: Memo<Vec<(NodeId, String)>>,
    chosen: RwSignal<Option<NodeId>>,
) -> AnyView {
    let option = move |(node, id): (NodeId, String)| {
        view! { <option value=node.0 selected=move || chosen.get() == Some(node)>{id}</option> }.into_any()
    };
    view! {
        <label class="field">
            <span>{label}</span>
            <select class="select" on:change=move |event| {
                chosen.set(event_target_value(&event).parse().ok().map(NodeId));
            }>
                {move || nodes.get().into_iter().map(option).collect::<Vec<_>>()}
            </select>
        </label>
    }
    .into_any()
}

/// The nodes that fit, by name.
fn fitting(session: Session, able: fn(&NodeView) -> bool) -> Memo<Vec<(NodeId, String)>> {
    Memo::new(move |_| {
        let view = session.view();
        view.nodes.iter().filter(|node| able(node)).map(|node| (node.node, node.id.clone())).collect()
    })
}

/// A form for a node that is chosen first.
fn node_tool(
    session: Session,
    make: fn(Session, &NodeView) -> Form,
    able: fn(&NodeView) -> bool,
    close: Callback<()>,
) -> AnyView {
    let nodes = fitting(session, able);
    let chosen = RwSignal::new(untrack(|| nodes.with(|nodes| nodes.first().map(|(node, _)| *node))));
    let form = Memo::new(move |_| {
        let node = chosen.get()?;
        untrack(|| session.node(node).map(|view| make(session, &view)))
    });
    view! {
        {chooser("Node", nodes, chosen)}
        {move || form.get().map(|form| asked(session, form, close))}
    }
    .into_any()
}

/// A form for a link that is chosen first.
fn link_tool(session: Session, tool: Tool, close: Callback<()>) -> AnyView {
    let nodes = fitting(session, |node| node.status != Status::Left);
    let end =
        |index: usize| RwSignal::new(untrack(|| nodes.with(|nodes| nodes.get(index).map(|(node, _)| *node))));
    let (from, to) = (end(0), end(1));
    let form = move || {
        let (from, to) = (from.get()?, to.get()?);
        let form = if tool == Tool::Lose { Form::Lose(from, to) } else { Form::Latency(from, to) };
        Some(asked(session, form, close))
    };
    view! {
        {chooser("From", nodes, from)}
        {chooser("To", nodes, to)}
        {form}
    }
    .into_any()
}
