//! How the stage is looked at: its layout, its clocks, its size. Nothing here changes the run.

use faultline_lessons::Layout;
use leptos::prelude::*;

use super::use_stagecraft;
use crate::session::use_session;

/// The tool of the bar that arranges the picture.
#[component]
pub fn ViewTool() -> impl IntoView {
    let session = use_session();
    let stagecraft = use_stagecraft();
    let word = Memo::new(move |_| stagecraft.layout.with(Layout::word));
    let choose = move |word: String| {
        let Some(layout) = Layout::named(&word) else { return };
        stagecraft.choose(layout);
        session.announce(format!("Layout: {}", untrack(|| stagecraft.layout.with(Layout::label))));
    };
    let toggle = move |label: &'static str, on: RwSignal<bool>| {
        view! {
            <label class="switch">
                <input
                    type="checkbox"
                    role="switch"
                    prop:checked=move || on.get()
                    on:change=move |event| on.set(event_target_checked(&event))
                />
                <span>{label}</span>
            </label>
        }
    };
    let lens = stagecraft.lens;
    let button = move |label: &'static str, act: Callback<()>| {
        view! { <button class="btn" on:click=move |_| act.run(())>{label}</button> }
    };
    view! {
        <label class="field">
            <span>"Layout"</span>
            <select class="select" on:change=move |event| choose(event_target_value(&event))>
                {Layout::all()
                    .map(|layout| {
                        let mine = layout.word();
                        view! {
                            <option value=mine selected=move || word.get() == mine>{layout.label()}</option>
                        }
                    })
                    .into_iter()
                    .collect_view()}
            </select>
        </label>
        {move || (word.get() == "free").then(|| toggle("Arrange: drag nodes, or arrow keys", stagecraft.arrange))}
        {toggle("Clocks", stagecraft.clocks)}
        <div class="row">
            {button("Larger", Callback::new(move |()| lens.zoom_by(1.5, None)))}
            {button("Smaller", Callback::new(move |()| lens.zoom_by(1.0 / 1.5, None)))}
            {button("Fit", Callback::new(move |()| lens.fit()))}
        </div>
    }
}
