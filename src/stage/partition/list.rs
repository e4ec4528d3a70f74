//! The tool of the bar that splits the network: by hand on the stage, or by a group for everybody.

use faultline_model::NodeId;
use faultline_sim::Action;
use leptos::prelude::*;

use super::super::use_stagecraft;
use super::{Standing, standing};
use crate::session::{Session, Tone, use_session};

/// With more nodes than this the groups are written as a line instead of chosen one by one.
const CHOOSERS: usize = 24;
/// So many groups can be chosen from.
const MOST_GROUPS: u16 = 9;

/// A node, its name, whether it is a client, and its group from 1; 0 is none: it reaches everybody.
type Row = (NodeId, String, bool, u16);

/// Groups by hand or by list. While it is open, a line drawn across the stage splits the network.
#[component]
pub fn PartitionTool() -> impl IntoView {
    let session = use_session();
    let armed = use_stagecraft().drawing.armed;
    armed.set(true);
    on_cleanup(move || armed.set(false));
    let split = Memo::new(move |_| session.view().links.iter().any(|link| link.cut));
    let many = untrack(|| session.view().nodes.len()) > CHOOSERS;
    view! {
        <span class="dimmed whole">
            {if many { "Draw a line across the stage, or write the groups:" } else { "Draw a line across the stage, or choose a group for each:" }}
        </span>
        {if many { view! { <Line session/> }.into_any() } else { view! { <Choosers session/> }.into_any() }}
        <Show when=move || split.get()>
            <button class="btn" on:click=move |_| session.attempt(Action::HealAll)>"Heal all"</button>
        </Show>
    }
}

/// The groups as they stand, else a majority on one side, for that is the usual question.
fn rows(session: Session) -> Vec<Row> {
    let view = session.view();
    let standing = standing(&view.nodes, &view.links);
    let servers = view.nodes.iter().filter(|node| !node.client).count();
    let first = servers / 2 + servers % 2;
    let group = |index: usize, client: bool| match &standing {
        Some(standing) => standing[index].map_or(0, |group| (group as u16 + 1).min(MOST_GROUPS)),
        None if client => 0,
        None => 1 + u16::from(index >= first),
    };
    let nodes = view.nodes.iter().enumerate();
    nodes.map(|(index, it)| (it.node, it.id.clone(), it.client, group(index, it.client))).collect()
}

/// A chooser for everybody. A number key chooses the group.
#[component]
fn Choosers(session: Session) -> impl IntoView {
    let rows = RwSignal::new(untrack(|| rows(session)));
    // A partition that comes about otherwise is what the choosers say from then on.
    let standing = use_stagecraft().standing;
    Effect::new(move |known: Option<Option<Standing>>| {
        let now = standing.get();
        if known.is_some_and(|known| known != now) {
            rows.set(untrack(|| self::rows(session)));
        }
        now
    });
    let chooser = move |index: usize, (_, name, client, _): Row| {
        let choose = move |text: String| {
            rows.update(|rows| rows[index].3 = text.parse().unwrap_or(0).min(MOST_GROUPS));
        };
        let chosen = move |group: u16| rows.with(|rows| rows[index].3 == group);
        let first = if client { 0 } else { 1 };
        let most = MOST_GROUPS.min(rows.with_untracked(Vec::len) as u16).max(2);
        let option = move |group: u16| {
            let word = if group == 0 { "any".to_owned() } else { group.to_string() };
            view! { <option value=group selected=move || chosen(group)>{word}</option> }
        };
        view! {
            <label class="group">
                <span>{name.clone()}</span>
                <select class="select" aria-label=format!("Group of {name}") on:change=move |event| choose(event_target_value(&event))>
                    {(first..=most).map(option).collect_view()}
                </select>
            </label>
        }
    };
    let groups = move || rows.with(|rows| groups_of(rows));
    view! {
        <div class="groups" role="group" aria-label="Groups">
            {rows.get_untracked().into_iter().enumerate().map(|(index, row)| chooser(index, row)).collect_view()}
        </div>
        <Show when=move || { groups().len() > 1 } fallback=|| view! { <span class="dimmed">"choose two groups or more"</span> }>
            <button class="btn p" on:click=move |_| session.attempt(Action::Partition(groups()))>"Split"</button>
        </Show>
    }
}

/// The groups that were chosen, in the order of their numbers.
fn groups_of(rows: &[Row]) -> Vec<Vec<NodeId>> {
    let of = |group: u16| rows.iter().filter(|row| row.3 == group).map(|row| row.0).collect::<Vec<_>>();
    (1..=MOST_GROUPS).map(of).filter(|group| !group.is_empty()).collect()
}

/// The groups as a line of the script language, for a large system.
#[component]
fn Line(session: Session) -> impl IntoView {
    let start = untrack(|| {
        let rows = rows(session);
        let names = |group: u16| {
            rows.iter().filter(|row| row.3 == group).map(|row| row.1.as_str()).collect::<Vec<_>>().join(" ")
        };
        let named = (1..=MOST_GROUPS).map(names).filter(|names| !names.is_empty());
        named.collect::<Vec<_>>().join(" | ")
    });
    let line = RwSignal::new(start);
    let split = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let line = line.get_untracked();
        if let Err(trouble) = session.perform(&format!("partition {}", line.trim())) {
            session.notify(Tone::Warning, trouble.0);
        }
    };
    view! {
        <form class="groups-line" on:submit=split>
            <label class="field">
                <span>"Groups, with a bar between them"</span>
                <input
                    class="input"
                    type="text"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || line.get()
                    on:input=move |event| line.set(event_target_value(&event))
                />
            </label>
            <button class="btn p" type="submit">"Split"</button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_come_in_the_order_of_their_numbers() {
        let row = |node: u16, group: u16| (NodeId(node), format!("S{node}"), false, group);
        let rows = [row(1, 2), row(2, 7), row(3, 2), row(4, 0), row(5, 1)];
        assert_eq!(groups_of(&rows), [vec![NodeId(5)], vec![NodeId(1), NodeId(3)], vec![NodeId(2)]]);
    }
}
