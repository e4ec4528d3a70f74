//! "Search for a way to break it": the budgets, and how far the search has come.

use leptos::prelude::*;

use super::budget::{BUDGETS, Budget, MEMORY};
use super::seeker::{Now, Seeker};
use crate::session::use_session;
use crate::worker::Reached;

/// The form, and the progress of what it began.
#[component]
pub fn Find() -> impl IntoView {
    let (session, seeker) = (use_session(), expect_context::<Seeker>());
    let always = Memo::new(move |_| {
        let view = session.view();
        let always = view.verdicts.iter().filter(|verdict| verdict.scope == "always");
        always.map(|verdict| (verdict.property.clone(), verdict.sentence.clone())).collect::<Vec<_>>()
    });
    let servers = Memo::new(move |_| session.view().nodes.iter().filter(|node| !node.client).count());
    let error = RwSignal::new(String::new());
    let options = move || {
        let chosen = seeker.property.get_untracked();
        let option = move |(id, sentence): (String, String)| {
            let selected = id == chosen;
            view! { <option value=id selected=selected>{sentence}</option> }
        };
        always.get().into_iter().map(option).collect_view()
    };
    let fields = BUDGETS.iter().enumerate().map(|(place, budget)| field(seeker, place, budget, error));
    let searching = Signal::derive(move || seeker.searching());
    let press = move |_| {
        if searching.get_untracked() { seeker.cancel() } else { seeker.search() }
    };
    view! {
        <section class="check-part" aria-labelledby="find-heading">
            <h2 id="find-heading">"Search for a way to break it"</h2>
            <p class="panel-lead">"Tries everything that can happen, in any order, within these bounds."</p>
            <div class="find-row">
                <label for="find-property">"What should break"</label>
                <select id="find-property" class="select" on:change=move |event| seeker.property.set(event_target_value(&event))>
                    <option value="">"Anything that must always hold"</option>
                    {options}
                </select>
            </div>
            <div class="find-row">
                <label for="find-from">"Begin"</label>
                <select id="find-from" class="select" on:change=move |event| seeker.from_here.set(event_target_value(&event) == "here")>
                    <option value="start" selected=!seeker.from_here.get_untracked()>"At the start of the run"</option>
                    <option value="here" selected=seeker.from_here.get_untracked()>"Where the run stands"</option>
                </select>
            </div>
            <div class="find-row">
                <label for="find-clocks">"Timers fire"</label>
                <select id="find-clocks" class="select" on:change=move |event| {
                    let clocks = event_target_value(&event) == "clocks";
                    seeker.budgets.update(|budgets| budgets.clocks = clocks);
                }>
                    <option value="any" selected=!seeker.budgets.get_untracked().clocks>"At any time, as with pauses and wild clocks"</option>
                    <option value="clocks" selected=seeker.budgets.get_untracked().clocks>"In the order of the nodes’ clocks"</option>
                </select>
            </div>
            <div class="budgets">{fields.collect_view()}</div>
            {move || (!error.with(String::is_empty)).then(|| view! { <p class="error" role="alert">{error.get()}</p> })}
            <p class="panel-lead">
                {move || (servers.get() > 3).then(|| format!("{} servers have far more states than 3, and 3 show nearly every fault. ", servers.get()))}
                {format!("A search also ends when it takes {MEMORY} MiB.")}
            </p>
            <button type="button" class="btn find-go" class:p=move || !searching.get() disabled=move || !error.with(String::is_empty) on:click=press>
                {move || if searching.get() { "Cancel" } else { "Search" }}
            </button>
            {move || progress(seeker.now.get())}
        </section>
    }
}

fn field(seeker: Seeker, place: usize, budget: &'static Budget, error: RwSignal<String>) -> AnyView {
    let id = format!("find-{}", budget.name);
    let change = move |event| {
        let value = event_target_value(&event).trim().parse().ok();
        let mut budgets = seeker.budgets.get_untracked();
        let done = budgets.set(place, value);
        seeker.budgets.set(budgets);
        error.set(done.err().unwrap_or_default());
    };
    view! {
        <label for=id.clone()>{budget.label}</label>
        <input
            id=id class="input" type="text" inputmode="numeric" autocomplete="off" maxlength="8"
            prop:value=seeker.budgets.get_untracked().values[place].to_string() on:change=change
        />
    }
    .into_any()
}

/// States, depth, rate and memory; and a warning, if the search is not going to end.
fn progress(now: Now) -> AnyView {
    match now {
        Now::Idle => ().into_any(),
        Now::Failed(why) => {
            view! { <p class="error" role="alert">{why}". Nothing is lost: search again."</p> }.into_any()
        }
        Now::Searching(reached) => {
            let warning = reached.forecast.map(|forecast| {
                let (whole, tenth) = (forecast.tenfold_growth / 10, forecast.tenfold_growth % 10);
                format!(
                    "This will not end by itself: each step has {whole}.{tenth} times as many states as the one \
                     before, so the most states are reached at step {}. Smaller budgets, fewer servers or a later \
                     start make it end.",
                    forecast.full_at
                )
            });
            view! {
                <div class="find-progress">
                    <progress aria-label="Searching"></progress>
                    <span>{told(&reached)}</span>
                    {warning.map(|warning| view! { <p class="find-warning">{warning}</p> })}
                </div>
            }
            .into_any()
        }
    }
}

/// "12,345 states, depth 9, 51,000 states a second, 80 MiB".
pub fn told(reached: &Reached) -> String {
    let Reached { states, depth, memory, .. } = reached;
    let rate = reached.rate() as u32;
    format!("{} states, depth {depth}, {} states a second, {memory} MiB", grouped(*states), grouped(rate))
}

/// A number with its thousands apart: "12,345".
pub fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(171_446), "171,446");
        assert_eq!(grouped(1_000_000), "1,000,000");
    }

    #[test]
    fn progress_names_states_depth_rate_and_memory() {
        let reached = Reached { states: 30_000, depth: 9, millis: 600.0, memory: 42, forecast: None };
        assert_eq!(told(&reached), "30,000 states, depth 9, 50,000 states a second, 42 MiB");
    }
}
