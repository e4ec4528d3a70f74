//! What the lower pane shows of the run: the space-time diagram, the nodes' logs, the trace of a
//! request, or two branches side by side. One at a time, in the same place.

mod compare;
mod logs;
mod plots;
mod waterfall;

use leptos::prelude::*;

use crate::session::{Lower, use_session};
use crate::spacetime::Diagram;
use crate::widgets::Tabs;

/// The lower pane: a strip of tabs and the view that is chosen.
#[component]
pub fn History() -> impl IntoView {
    let session = use_session();
    let shown = Memo::new(move |_| session.lower.get());
    let place = move || Lower::ALL.iter().position(|view| *view == shown.get()).unwrap_or(0);
    let tabs = Tabs {
        label: "Views of the run",
        class: "tab-strip lower-tabs",
        prefix: "lower",
        names: Lower::ALL.map(Lower::name).to_vec(),
        chosen: Signal::derive(place),
        choose: Callback::new(move |index: usize| session.lower.set(Lower::ALL[index])),
        badge: Callback::new(|_| ().into_any()),
    };
    view! {
        <div class="lower">
            {tabs.view()}
            <div
                class="lower-panel"
                id="lower-panel"
                role="tabpanel"
                aria-labelledby=move || format!("lower-{}", place())
            >
                {move || match shown.get() {
                    Lower::Spacetime => view! { <Diagram/> }.into_any(),
                    Lower::Logs => view! { <logs::Logs/> }.into_any(),
                    Lower::Trace => view! { <waterfall::Waterfall/> }.into_any(),
                    Lower::Compare => view! { <compare::Compare/> }.into_any(),
                }}
            </div>
        </div>
    }
}
