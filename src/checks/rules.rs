//! A switch for every rule of the protocol's source: off shows what it is for.

use faultline_lessons::catalogue::{self, KnobInfo, ProtocolInfo};
use faultline_model::KnobKind;
use leptos::prelude::*;

use super::seeker::rules_off;
use crate::session::{Session, Tone, Trouble, use_session};

/// The switches. A lesson sets its rules itself.
#[component]
pub fn Rules() -> impl IntoView {
    let session = use_session();
    let slug = Memo::new(move |_| {
        session.story();
        session.scenario().map(|scenario| scenario.protocol).unwrap_or_default()
    });
    let in_lesson = Memo::new(move |_| session.lesson.with(Option::is_some));
    let off = Memo::new(move |_| {
        session.story();
        rules_off(session)
    });
    move || {
        let Ok(info) = catalogue::describe(&slug.get()) else { return ().into_any() };
        let rules: Vec<(KnobInfo, String, String)> = rules(&info);
        if rules.is_empty() {
            return ().into_any();
        }
        let body = if in_lesson.get() {
            let address = format!("sandbox/{}/", info.slug);
            view! {
                <p class="panel-lead">
                    "This lesson sets its rules. "
                    <a href=address>"Switch them off in free play"</a>"."
                </p>
            }
            .into_any()
        } else {
            let all = rules.into_iter().map(|(knob, source, sentence)| {
                let name = knob.knob.name;
                let on = Signal::derive(move || off.with(|off| !off.iter().any(|rule| rule == name)));
                rule(session, name, source, sentence, on)
            });
            view! {
                <p class="panel-lead">"Switching one starts the run again, with the same seed."</p>
                {all.collect_view()}
            }
            .into_any()
        };
        view! {
            <section class="check-part" aria-labelledby="rules-heading">
                <h2 id="rules-heading">"Rules"</h2>
                {body}
            </section>
        }
        .into_any()
    }
}

/// The knobs that switch rules, with source and sentence of what they switch.
fn rules(info: &ProtocolInfo) -> Vec<(KnobInfo, String, String)> {
    let switch = |knob: &KnobInfo| {
        let KnobKind::Rule { rule } = knob.knob.kind else { return None };
        let told = info.rules.iter().find(|known| known.id == rule);
        let (source, sentence) =
            told.map_or((knob.knob.name, knob.knob.about), |known| (known.source, known.sentence));
        Some((knob.clone(), source.to_owned(), sentence.to_owned()))
    };
    info.knobs.iter().filter_map(switch).collect()
}

fn rule(session: Session, name: &'static str, source: String, sentence: String, on: Signal<bool>) -> AnyView {
    let said = source.clone();
    let flip = move |event| {
        let on = event_target_checked(&event);
        if let Err(Trouble(why)) = switch(session, name, on) {
            session.notify(Tone::Warning, why);
            return;
        }
        let word = if on { "on" } else { "off" };
        session.announce(format!("{said} is {word}: the run starts again."));
    };
    view! {
        <div class="rule" class:off=move || !on.get()>
            <label class="switch">
                <input type="checkbox" role="switch" data-rule=name prop:checked=move || on.get() on:change=flip/>
                <span>{source}</span>
                <span class="rule-off">{move || (!on.get()).then_some("off")}</span>
            </label>
            <small>{sentence}</small>
        </div>
    }
    .into_any()
}

/// Runs the scenario from its start with the rule on or off.
fn switch(session: Session, name: &str, on: bool) -> Result<(), Trouble> {
    let Some(mut scenario) = untrack(|| session.scenario()) else { return Ok(()) };
    scenario.set.retain(|(knob, _)| knob != name);
    if !on {
        scenario.set.push((name.to_owned(), "off".to_owned()));
    }
    session.load(scenario)
}
