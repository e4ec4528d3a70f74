//! How a form is drawn, whatever it asks for: its fields, what they come to, what is wrong, its button.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::density;
use super::fields::{Field, Input, Preview, Values, When, YES};
use crate::session::use_session;

/// What a form consists of.
pub struct Sheet {
    /// Its fields.
    pub fields: Vec<Field>,
    /// What its button says.
    pub verb: &'static str,
    /// Called when a field has been changed: keeps others in step with it.
    pub adjust: Option<Callback<(Values, &'static str), Values>>,
    /// What stands below the fields.
    pub preview: Callback<Values, Preview>,
    /// Does it, or says what is wrong.
    pub submit: Callback<Values, Result<(), String>>,
    /// Called once it has been done.
    pub done: Callback<()>,
}

impl Sheet {
    /// The form.
    pub fn view(self) -> AnyView {
        let Sheet { fields, verb, adjust, preview, submit, done } = self;
        let session = use_session();
        let values = RwSignal::new(Values::of(&fields));
        let error = RwSignal::new(String::new());
        // Of several fields nobody can tell which is wrong; the sentence does.
        let typed = fields.iter().filter(|field| matches!(field.input, Input::Text | Input::Number)).count();
        let wrong = Signal::derive(move || typed == 1 && error.with(|error| !error.is_empty()));
        let set = Callback::new(move |(key, value): (&'static str, String)| {
            error.set(String::new());
            values.update(|values| {
                values.set(key, value);
                if let Some(adjust) = adjust {
                    *values = adjust.run((std::mem::take(values), key));
                }
            });
        });
        let on_submit = move |event: SubmitEvent| {
            event.prevent_default();
            match submit.run(values.get_untracked()) {
                Ok(()) => done.run(()),
                Err(why) => {
                    session.announce(why.clone());
                    error.set(why);
                }
            }
        };
        let drawn = fields.into_iter().filter(|field| field.when != When::Never);
        let rows: Vec<AnyView> = drawn.map(|field| row(field, values, set, wrong)).collect();
        let shown = Memo::new(move |_| preview.run(values.get()));
        view! {
            <form class="menu-form" novalidate on:submit=on_submit>
                <div class="fields">{rows}</div>
                {move || below(shown.get(), error.get())}
                <button class="btn p" type="submit">{verb}</button>
            </form>
        }
        .into_any()
    }
}

/// What the fields come to, and what is wrong.
fn below(shown: Preview, error: String) -> AnyView {
    let paragraph = |class: &'static str, text: String| {
        (!text.is_empty()).then(|| view! { <p class=class>{text}</p> }.into_any())
    };
    let parts: Vec<AnyView> = [
        shown.latency.map(|latency| density::view(&latency)),
        paragraph("form-line", shown.line),
        paragraph("form-words", shown.words),
        paragraph("error", error),
    ]
    .into_iter()
    .flatten()
    .collect();
    parts.into_any()
}

/// A field with its label.
fn row(
    field: Field,
    values: RwSignal<Values>,
    set: Callback<(&'static str, String)>,
    wrong: Signal<bool>,
) -> AnyView {
    let Field { key, label, input, when, .. } = field;
    let text = Signal::derive(move || values.with(|values| values.raw(key).to_owned()));
    let hidden = Signal::derive(move || values.with(|values| !values.shows(when)));
    let check = input == Input::Check;
    let (wide, list) = (input == Input::Text, matches!(input, Input::Choice(_)));
    let control = match input {
        Input::Choice(options) => choice(key, options, text, set),
        other => line(key, &other, text, set, wrong),
    };
    let name = view! { <span>{label}</span> }.into_any();
    let (first, second) = if check { (control, name) } else { (name, control) };
    view! {
        <label class=if check { "check" } else { "field" } class:wide=wide class:list=list hidden=hidden>
            {first}
            {second}
        </label>
    }
    .into_any()
}

/// A line to type in, a slider or a box to tick.
fn line(
    key: &'static str,
    input: &Input,
    text: Signal<String>,
    set: Callback<(&'static str, String)>,
    wrong: Signal<bool>,
) -> AnyView {
    let kind = match input {
        Input::Check => "checkbox",
        Input::Share => "range",
        _ => "text",
    };
    let check = kind == "checkbox";
    view! {
        <input
            class=if kind == "text" { "input" } else { "" }
            type=kind
            inputmode=(*input == Input::Number).then_some("decimal")
            autocomplete="off"
            spellcheck="false"
            maxlength="300"
            aria-invalid=move || (kind == "text" && wrong.get()).then_some("true")
            prop:value=move || if check { YES.to_owned() } else { text.get() }
            prop:checked=move || check && text.get() == YES
            on:input=move |event| {
                let value = match check {
                    true => if event_target_checked(&event) { YES.to_owned() } else { String::new() },
                    false => event_target_value(&event),
                };
                set.run((key, value));
            }
        />
    }
    .into_any()
}

fn choice(
    key: &'static str,
    options: Vec<(String, String)>,
    text: Signal<String>,
    set: Callback<(&'static str, String)>,
) -> AnyView {
    let option = |(value, word): (String, String)| {
        let mine = value.clone();
        view! { <option value=value selected=move || text.with(|text| *text == mine)>{word}</option> }
            .into_any()
    };
    let options: Vec<AnyView> = options.into_iter().map(option).collect();
    view! {
        <select class="select" on:change=move |event| set.run((key, event_target_value(&event)))>{options}</select>
    }
    .into_any()
}
