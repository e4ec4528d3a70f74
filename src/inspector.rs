//! The inspector: what a node holds and why, what is under way, what comes next, what is checked,
//! what has happened, and how it went.
//!
//! It reads the session and knows no protocol: state arrives as rows, events as sentences.

mod event_list;
mod lives;
mod messages;
mod next;
mod past;
mod scroll;
mod state;
mod steps;
mod why;
pub mod words;

use std::rc::Rc;

use faultline_chunk::chunk;
use leptos::prelude::*;

use crate::checks;
use crate::session::{Session, Target, use_session};
use crate::widgets::{Room, Tabs, room, tab_id};

pub use scroll::visible;
pub use steps::{Step, select};
pub use words::{length, moment};

chunk! { panes: fn show_state() -> Room { Rc::new(|| view! { <state::State/> }.into_any()) } }
chunk! { rooms: fn show_messages() -> Room { Rc::new(|| view! { <messages::Messages/> }.into_any()) } }
chunk! { rooms: fn show_next() -> Room { Rc::new(|| view! { <next::Next/> }.into_any()) } }
chunk! { rooms: fn show_events() -> Room { Rc::new(|| view! { <event_list::EventList/> }.into_any()) } }
chunk! { rooms: fn show_why() -> Room { Rc::new(|| view! { <why::Why/> }.into_any()) } }

/// The panels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    State,
    Messages,
    Next,
    Checks,
    Events,
    Why,
    Charts,
}

impl Tab {
    const ALL: [Tab; 7] =
        [Tab::State, Tab::Messages, Tab::Next, Tab::Checks, Tab::Events, Tab::Why, Tab::Charts];

    fn name(self) -> &'static str {
        match self {
            Tab::State => "State",
            Tab::Messages => "Messages",
            Tab::Next => "Next",
            Tab::Checks => "Checks",
            Tab::Events => "Events",
            Tab::Why => "Why",
            Tab::Charts => "Charts",
        }
    }

    fn place(self) -> usize {
        Tab::ALL.iter().position(|tab| *tab == self).unwrap_or(0)
    }
}

/// The tab that is shown: the one that somebody chose last, or that of what was selected since.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    tab: Tab,
    /// Which choice of a tab it knows of.
    choice: u32,
    selected: Option<Target>,
}

impl Shown {
    fn next(before: Option<&Shown>, (choice, tab): (u32, Tab), selected: Option<Target>) -> Shown {
        let tab = match before {
            Some(before) if before.choice == choice => match &selected {
                same if *same == before.selected => before.tab,
                Some(Target::Node(_)) => Tab::State,
                Some(Target::Msg(_)) => Tab::Messages,
                Some(Target::Event(_)) => Tab::Why,
                _ => before.tab,
            },
            _ => tab,
        };
        Shown { tab, choice, selected }
    }
}

/// The inspector of the session's run.
#[component]
pub fn Inspector() -> impl IntoView {
    let session = use_session();
    let choice = RwSignal::new((0, Tab::State));
    let state = Memo::new(move |before| Shown::next(before, choice.get(), session.selected.get()));
    let shown = Memo::new(move |_| state.with(|state| state.tab));
    let choose = move |tab: Tab| choice.update(|choice| *choice = (choice.0 + 1, tab));
    let tabs = Tabs {
        label: "What the inspector shows",
        class: "tab-strip inspector-tabs",
        prefix: "inspector",
        names: Tab::ALL.map(Tab::name).to_vec(),
        chosen: Signal::derive(move || shown.get().place()),
        choose: Callback::new(move |index: usize| choose(Tab::ALL[index])),
        badge: Callback::new(move |index: usize| badge(session, Tab::ALL[index])),
    };
    view! {
        <section class="inspector" aria-label="Inspector">
            {tabs.view()}
            <div
                class="inspector-panel"
                id="inspector-panel"
                role="tabpanel"
                tabindex="0"
                aria-labelledby=move || tab_id("inspector", shown.get().place())
                data-tab=move || shown.get().name()
            >
                {move || match shown.get() {
                    Tab::State => room("The state", show_state),
                    Tab::Messages => room("The list of messages", show_messages),
                    Tab::Next => room("What comes next", show_next),
                    Tab::Checks => room("The checks", checks::show_checks),
                    Tab::Events => room("The list of events", show_events),
                    Tab::Why => room("Why it happened", show_why),
                    Tab::Charts => room("The charts", crate::charts::show_charts),
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
    fn a_new_selection_leads_to_its_panel_and_a_choice_of_tab_holds_until_then() {
        let node = |index: u16| Some(Target::Node(NodeId(index)));
        let first = Shown::next(None, (0, Tab::State), node(1));
        let chosen = Shown::next(Some(&first), (1, Tab::Events), node(1));
        assert_eq!(chosen.tab, Tab::Events);
        let after = |selected: Option<Target>| Shown::next(Some(&chosen), (1, Tab::Events), selected);
        assert_eq!(after(node(1)).tab, Tab::Events);
        assert_eq!(after(node(2)).tab, Tab::State);
        assert_eq!(after(Some(Target::Msg(MsgId(2)))).tab, Tab::Messages);
        assert_eq!(after(Some(Target::Event(41))).tab, Tab::Why);
        assert_eq!(after(Some(Target::Link(NodeId(0), NodeId(2)))).tab, Tab::Events);
        assert_eq!(after(None).tab, Tab::Events);
        // What was selected when the tab was chosen leads to its own panel, too, when it is selected again.
        let away = after(Some(Target::Event(41)));
        assert_eq!(Shown::next(Some(&away), (1, Tab::Events), node(1)).tab, Tab::State);
    }
}
