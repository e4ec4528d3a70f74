//! The inspector: what a node holds and why, what is under way, what comes next, what is checked,
//! what has happened, and how it went.
//!
//! It reads the session and knows no protocol: state arrives as rows, events as sentences.

mod charts;
mod checks;
mod event_list;
mod messages;
mod next;
mod scroll;
mod state;
mod tally;
mod words;

use leptos::ev;
use leptos::prelude::*;

use crate::session::{Session, Target, use_session};
use crate::widgets::focus_on;

/// The panels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    State,
    Messages,
    Next,
    Checks,
    Events,
    Charts,
}

impl Tab {
    const ALL: [Tab; 6] = [Tab::State, Tab::Messages, Tab::Next, Tab::Checks, Tab::Events, Tab::Charts];

    fn name(self) -> &'static str {
        match self {
            Tab::State => "State",
            Tab::Messages => "Messages",
            Tab::Next => "Next",
            Tab::Checks => "Checks",
            Tab::Events => "Events",
            Tab::Charts => "Charts",
        }
    }

    fn id(self) -> String {
        format!("inspector-tab-{}", self.name().to_lowercase())
    }

    /// The tab that a key leads to.
    fn after(self, key: &str) -> Option<Tab> {
        let all = Tab::ALL;
        let here = all.iter().position(|tab| *tab == self)?;
        match key {
            "ArrowRight" => Some(all[(here + 1) % all.len()]),
            "ArrowLeft" => Some(all[(here + all.len() - 1) % all.len()]),
            "Home" => Some(all[0]),
            "End" => Some(all[all.len() - 1]),
            _ => None,
        }
    }
}

/// The tab that somebody chose, and what was selected on the stage at that time: a later selection
/// there leads to its own panel.
#[derive(Clone, Debug, PartialEq)]
struct Choice {
    tab: Tab,
    under: Option<Target>,
}

impl Choice {
    fn shown(&self, selected: Option<&Target>) -> Tab {
        match selected {
            selected if selected == self.under.as_ref() => self.tab,
            Some(Target::Node(_)) => Tab::State,
            Some(Target::Msg(_)) => Tab::Messages,
            _ => self.tab,
        }
    }
}

/// The inspector of the session's run.
#[component]
pub fn Inspector() -> impl IntoView {
    let session = use_session();
    let choice = RwSignal::new(Choice { tab: Tab::State, under: None });
    let shown = Memo::new(move |_| session.selected.with(|selected| choice.get().shown(selected.as_ref())));
    let choose = move |tab: Tab| {
        choice.set(Choice { tab, under: session.selected.get_untracked() });
    };
    let press = move |event: ev::KeyboardEvent| {
        if let Some(tab) = shown.get_untracked().after(&event.key()) {
            event.prevent_default();
            event.stop_propagation();
            choose(tab);
            focus_on(&format!("#{}", tab.id()));
        }
    };
    let tab = move |tab: Tab| {
        let chosen = Memo::new(move |_| shown.get() == tab);
        view! {
            <button
                role="tab"
                type="button"
                id=tab.id()
                aria-selected=move || chosen.get().to_string()
                aria-controls="inspector-panel"
                tabindex=move || if chosen.get() { "0" } else { "-1" }
                on:click=move |_| choose(tab)
            >
                {tab.name()}
                {move || badge(session, tab)}
            </button>
        }
    };
    view! {
        <section class="inspector" aria-label="Inspector">
            <div class="inspector-tabs" role="tablist" aria-label="What the inspector shows" on:keydown=press>
                {Tab::ALL.into_iter().map(tab).collect_view()}
            </div>
            <div
                class="inspector-panel"
                id="inspector-panel"
                role="tabpanel"
                tabindex="0"
                aria-labelledby=move || shown.get().id()
                data-tab=move || shown.get().name()
            >
                {move || match shown.get() {
                    Tab::State => view! { <state::State/> }.into_any(),
                    Tab::Messages => view! { <messages::Messages/> }.into_any(),
                    Tab::Next => view! { <next::Next/> }.into_any(),
                    Tab::Checks => view! { <checks::Checks/> }.into_any(),
                    Tab::Events => view! { <event_list::EventList/> }.into_any(),
                    Tab::Charts => view! { <charts::Charts/> }.into_any(),
                }}
            </div>
        </section>
    }
}

/// What a tab says beside its name: how many messages fly, that a check has failed.
fn badge(session: Session, tab: Tab) -> AnyView {
    match tab {
        Tab::Messages => {
            let count = session.view().flights.len();
            (count > 0)
                .then(|| view! { <span class="tab-badge" aria-hidden="true">{count}</span> })
                .into_any()
        }
        Tab::Checks => {
            let broken = session.view().verdicts.iter().any(faultline_sim::VerdictView::broken);
            broken.then(|| view! { <span class="tab-badge bad" aria-hidden="true">"✕"</span> }).into_any()
        }
        _ => ().into_any(),
    }
}

#[cfg(test)]
mod tests {
    use faultline_model::{MsgId, NodeId};

    use super::*;

    #[test]
    fn keys_walk_round_the_tabs() {
        assert_eq!(Tab::State.after("ArrowLeft"), Some(Tab::Charts));
        assert_eq!(Tab::Charts.after("ArrowRight"), Some(Tab::State));
        assert_eq!(Tab::Next.after("Home"), Some(Tab::State));
        assert_eq!(Tab::Next.after("End"), Some(Tab::Charts));
        assert_eq!(Tab::Next.after("x"), None);
    }

    #[test]
    fn a_new_selection_leads_to_its_panel_and_a_choice_of_tab_holds_until_then() {
        let node = Target::Node(NodeId(1));
        let choice = Choice { tab: Tab::Events, under: Some(node.clone()) };
        assert_eq!(choice.shown(Some(&node)), Tab::Events);
        assert_eq!(choice.shown(Some(&Target::Node(NodeId(2)))), Tab::State);
        assert_eq!(choice.shown(Some(&Target::Msg(MsgId(2)))), Tab::Messages);
        assert_eq!(choice.shown(Some(&Target::Link(NodeId(0), NodeId(2)))), Tab::Events);
        assert_eq!(choice.shown(None), Tab::Events);
    }
}
