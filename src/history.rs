//! What the lower pane shows of the run: the space-time diagram, the nodes' logs, the trace of a
//! request, or two branches side by side. One at a time, in the same place.

mod compare;
mod logs;
mod plots;
mod waterfall;

use std::rc::Rc;

use faultline_chunk::chunk;
use leptos::prelude::*;

use crate::session::{Lower, use_session};
use crate::spacetime::show_diagram;
use crate::widgets::{Room, Tabs, room};

chunk! { rooms: fn show_logs() -> Room { Rc::new(|| view! { <logs::Logs/> }.into_any()) } }
chunk! { rooms: fn show_trace() -> Room { Rc::new(|| view! { <waterfall::Waterfall/> }.into_any()) } }
chunk! { rooms: fn show_compare() -> Room { Rc::new(|| view! { <compare::Compare/> }.into_any()) } }

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
                    Lower::Spacetime => room("The diagram", show_diagram),
                    Lower::Logs => room("The view of the logs", show_logs),
                    Lower::Trace => room("The trace", show_trace),
                    Lower::Compare => room("The comparison", show_compare),
                }}
            </div>
        </div>
    }
}
