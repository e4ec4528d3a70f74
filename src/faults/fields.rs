//! The fields of the small forms.

use faultline_sim::Action;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::form::{Filled, Form};
use crate::session::use_session;

/// The fields of a form and its button. `done` is called once it has been carried out.
#[component]
pub fn FormFields(form: Form, done: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let session = use_session();
    let start = untrack(|| form.start(&session.view()));
    let filled = RwSignal::new(start.clone());
    let error = RwSignal::new(String::new());
    let asked = form.clone();
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let outcome = asked.read(&filled.get_untracked()).and_then(|actions| {
            // A clock that had no drift and gets none needs no second event.
            let steady = filled.with_untracked(|filled| filled.drift == start.drift);
            let idle = |action: &Action| steady && matches!(action, Action::Drift(..));
            let mut wanted = actions.into_iter().filter(|action| !idle(action));
            wanted.try_for_each(|action| session.act(action).map(drop).map_err(|trouble| trouble.0))
        });
        match outcome {
            Ok(()) => done(),
            Err(why) => {
                session.announce(why.clone());
                error.set(why);
            }
        }
    };
    let clock = matches!(form, Form::Clock(_));
    let link = matches!(form, Form::Lose(..) | Form::Repeat(..) | Form::Latency(..));
    let units = form.units();
    view! {
        <form class="menu-form" on:submit=on_submit>
            <div class="row">
                <Amount form=form.clone() filled error/>
                {(!units.is_empty()).then(|| view! { <Unit units filled/> })}
                {clock.then(|| view! { <Direction filled/> })}
            </div>
            {clock.then(|| view! { <Drift filled/> })}
            {link.then(|| view! { <BothWays filled/> })}
            {move || {
                let why = error.get();
                (!why.is_empty()).then(|| view! { <p class="error">{why}</p> })
            }}
            <button class="btn p" type="submit">{form.verb()}</button>
        </form>
    }
}

#[component]
fn Amount(form: Form, filled: RwSignal<Filled>, error: RwSignal<String>) -> impl IntoView {
    let numeric = !matches!(form, Form::Invoke(..));
    view! {
        <label class="field">
            <span>{form.question()}</span>
            <input
                class="input"
                type="text"
                inputmode=numeric.then_some("decimal")
                autocomplete="off"
                maxlength="200"
                aria-invalid=move || (!error.get().is_empty()).then_some("true")
                prop:value=move || filled.with(|filled| filled.value.clone())
                on:input=move |event| filled.update(|filled| filled.value = event_target_value(&event))
            />
        </label>
    }
}

#[component]
fn Unit(units: &'static [&'static str], filled: RwSignal<Filled>) -> impl IntoView {
    let choose = move |chosen: String| {
        if let Some(unit) = units.iter().find(|unit| **unit == chosen) {
            filled.update(|filled| filled.unit = unit);
        }
    };
    let option = move |unit: &'static str| {
        view! {
            <option value=unit selected=move || filled.with(|filled| filled.unit == unit)>{unit}</option>
        }
    };
    view! {
        <label class="field">
            <span>"Unit"</span>
            <select class="select" on:change=move |event| choose(event_target_value(&event))>
                {units.iter().map(|unit| option(unit)).collect_view()}
            </select>
        </label>
    }
}

#[component]
fn Direction(filled: RwSignal<Filled>) -> impl IntoView {
    let behind = move || filled.with(|filled| filled.behind);
    view! {
        <label class="field">
            <span>"Direction"</span>
            <select class="select" on:change=move |event| {
                let behind = event_target_value(&event) == "behind";
                filled.update(|filled| filled.behind = behind);
            }>
                <option value="ahead" selected=move || !behind()>"ahead"</option>
                <option value="behind" selected=behind>"behind"</option>
            </select>
        </label>
    }
}

#[component]
fn Drift(filled: RwSignal<Filled>) -> impl IntoView {
    view! {
        <label class="field">
            <span>"Drift, ppm (microseconds gained a second)"</span>
            <input
                class="input"
                type="text"
                autocomplete="off"
                maxlength="20"
                prop:value=move || filled.with(|filled| filled.drift.clone())
                on:input=move |event| filled.update(|filled| filled.drift = event_target_value(&event))
            />
        </label>
    }
}

#[component]
fn BothWays(filled: RwSignal<Filled>) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=move || filled.with(|filled| filled.both)
                on:change=move |event| filled.update(|filled| filled.both = event_target_checked(&event))
            />
            "both ways"
        </label>
    }
}
