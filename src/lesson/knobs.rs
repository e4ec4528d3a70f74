//! The knobs that a lesson lets its learner turn. Turning one starts the step's run again.

use faultline_lessons::catalogue::{self, KnobInfo};
use faultline_lessons::runner::{Phase, Runner};
use faultline_model::KnobKind;
use leptos::prelude::*;

use super::study::Study;

/// The lesson's knobs, closed until they are wanted.
#[component]
pub fn Knobs(study: Study) -> impl IntoView {
    let lesson = study.lesson();
    let info = catalogue::describe(&lesson.protocol).map(|info| info.knobs).unwrap_or_default();
    let offered =
        lesson.knobs.iter().filter_map(|name| info.iter().find(|knob| knob.knob.name == name).cloned());
    let knobs = StoredValue::new(offered.collect::<Vec<_>>());
    let open = Memo::new(move |_| study.with(Runner::phase) == Phase::Open);
    move || {
        if !open.get() || knobs.with_value(Vec::is_empty) {
            return ().into_any();
        }
        let fields = knobs.get_value().into_iter().map(|knob| view! { <Field study knob/> }).collect_view();
        view! {
            <details class="lesson-knobs">
                <summary>"Turn the knobs"</summary>
                <p class="lesson-quiet">"The run starts again with the same seed. Goals count only with the step’s own settings."</p>
                {fields}
                {move || study.turned().then(|| view! {
                    <button type="button" class="btn" on:click=move |_| study.put_knobs_back()>"Put them back"</button>
                })}
            </details>
        }
        .into_any()
    }
}

/// One knob, as its kind asks for.
#[component]
fn Field(study: Study, knob: KnobInfo) -> impl IntoView {
    let session = study.session();
    let KnobInfo { knob, default, .. } = knob;
    let name = knob.name;
    let now = Memo::new(move |_| {
        session.story();
        let set = session.scenario().map(|scenario| scenario.set).unwrap_or_default();
        let found = set.into_iter().rev().find(|(known, _)| known == name);
        found.map_or_else(|| default.clone(), |(_, value)| value)
    });
    let error = RwSignal::new(String::new());
    let turn = move |value: String| error.set(study.turn_knob(name, &value).err().unwrap_or_default());
    let id = format!("lesson-knob-{name}");
    let control = match knob.kind {
        KnobKind::Flag | KnobKind::Rule { .. } => view! {
            <input
                id=id.clone() type="checkbox" role="switch" prop:checked=move || now.with(|now| now == "on")
                on:change=move |event| turn(if event_target_checked(&event) { "on" } else { "off" }.to_owned())
            />
        }
        .into_any(),
        KnobKind::Choice { options } => {
            let option = |option: &&'static str| {
                let word = *option;
                view! { <option value=word selected=move || now.with(|now| now == word)>{word}</option> }
            };
            view! {
                <select id=id.clone() class="select" on:change=move |event| turn(event_target_value(&event))>
                    {options.iter().map(option).collect_view()}
                </select>
            }
            .into_any()
        }
        _ => view! {
            <input
                id=id.clone() class="input" type="text" autocomplete="off" spellcheck="false" maxlength="80"
                aria-invalid=move || (!error.get().is_empty()).then_some("true") prop:value=now
                on:change=move |event| turn(event_target_value(&event).trim().to_owned())
            />
        }
        .into_any(),
    };
    let wrong = move || {
        let why = error.get();
        (!why.is_empty()).then(|| view! { <p class="error">{why}</p> })
    };
    view! {
        <div class="lesson-knob">
            <label for=id title=knob.about>{name}</label>
            {control}
            {wrong}
        </div>
    }
}
