//! The lesson pane: narration, prediction, observation, explanation, goals, quiz.
//!
//! What a lesson is and in which order it opens is `faultline_lessons`' business; what runs is the
//! session's. This draws the one and drives the other.

mod again;
mod card;
mod experiment;
mod goals;
mod knobs;
mod legend;
mod mended;
mod pace;
mod pairs;
mod panels;
mod prose;
mod quiz;
mod sight;
mod status;
mod step;
mod study;

use faultline_lessons::runner::{Phase, Runner, Screen};
use faultline_lessons::{Lesson, catalogue, planned};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::progress::Shelf;
use crate::session::{Trouble, use_session};
use study::Study;

/// The pane of the lesson with that slug, opened at `step` (from 1) if the address names one.
#[component]
pub fn LessonPane(
    /// The lesson's slug.
    #[prop(into)]
    slug: String,
    /// The step that the address names.
    #[prop(optional_no_strip)]
    step: Option<u32>,
) -> impl IntoView {
    let shelf = Shelf::provide();
    let session = use_session();
    legend::provide_legend(session);
    let tries = RwSignal::new(0u32);
    let owner = Owner::current().unwrap_or_default();
    let study = RwSignal::new_local(None::<Result<Study, String>>);
    let name = slug.clone();
    Effect::new(move |_| {
        tries.track();
        let (name, owner) = (name.clone(), owner.clone());
        study.set(None);
        leptos::task::spawn_local(async move {
            let fetched = fetch(&name).await;
            let ready = match &fetched {
                Ok(lesson) => session.fetch(&lesson.protocol).await.map_err(|Trouble(why)| why),
                Err(_) => Ok(()),
            };
            let fetched = ready.and(fetched);
            // The study lives as long as the pane, not as long as this task.
            let begun = owner.with(|| fetched.map(|lesson| Study::begin(session, shelf, lesson, step)));
            study.set(Some(begun));
        });
    });
    let title = planned(&slug).map_or(slug.clone(), |(_, lesson)| lesson.title.to_owned());
    move || match study.get() {
        None => waiting(&title).into_any(),
        Some(Err(why)) => missing(&why, tries).into_any(),
        Some(Ok(study)) => view! { <Pane study/> }.into_any(),
    }
}

/// The lesson with the workings of every protocol that it speaks of.
pub async fn fetch(slug: &str) -> Result<Lesson, String> {
    let lesson = read(slug).await?;
    for protocol in lesson.protocols() {
        catalogue::fetch(protocol).await.map_err(|error| error.to_string())?;
    }
    Ok(lesson)
}

/// The lesson, as it lies beside its page.
async fn read(slug: &str) -> Result<Lesson, String> {
    // A slug may come from another site's page; it must not become a way out of the folder.
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if slug.is_empty() || !slug.chars().all(known) {
        return Err("there is no lesson of that name".to_owned());
    }
    let address = format!("lesson/{slug}/lesson.json");
    let unreachable = |_| "the network does not answer".to_owned();
    let response = JsFuture::from(window().fetch_with_str(&address)).await.map_err(unreachable)?;
    let response: web_sys::Response = response.dyn_into().map_err(unreachable)?;
    if !response.ok() {
        return Err(format!("the server answers {}", response.status()));
    }
    let damaged = |_: JsValue| "the file is damaged".to_owned();
    let json = JsFuture::from(response.json().map_err(damaged)?).await.map_err(damaged)?;
    serde_wasm_bindgen::from_value(json).map_err(|error| format!("the file is damaged ({error})"))
}

fn waiting(title: &str) -> impl IntoView + use<> {
    view! {
        <section class="lesson" aria-label="Lesson" aria-busy="true">
            <div class="lesson-page">
                <h1>{title.to_owned()}</h1>
                <p class="lesson-quiet">"Loading the lesson…"</p>
            </div>
        </section>
    }
}

fn missing(why: &str, tries: RwSignal<u32>) -> impl IntoView + use<> {
    view! {
        <section class="lesson" aria-label="Lesson">
            <div class="lesson-page">
                <h1>"The lesson could not be loaded"</h1>
                <p>{format!("What went wrong: {why}. Your progress is untouched.")}</p>
                <p><button type="button" class="btn p" on:click=move |_| tries.update(|n| *n += 1)>"Try again"</button></p>
            </div>
        </section>
    }
}

#[component]
fn Pane(study: Study) -> impl IntoView {
    provide_context(study);
    let screen = Memo::new(move |_| study.with(Runner::screen));
    let lesson = study.lesson();
    let title = lesson.title.clone();
    // Enter in an answer checks it, as in any form.
    let on_key = move |event: KeyboardEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let answer =
            target.and_then(|target| target.closest(".lesson-card:not(.again) input").ok().flatten());
        if event.key() == "Enter" && answer.is_some() {
            event.prevent_default();
            study.forward();
        }
    };
    view! {
        <section class="lesson" aria-label="Lesson">
            <div class="lesson-page" on:keydown=on_key>
                <Kick study/>
                <h1>{title}</h1>
                <Bars study/>
                <again::Again study/>
                {move || match screen.get() {
                    Screen::Step(step) => view! { <step::StepScreen study step/> }.into_any(),
                    Screen::Quiz(question) => view! { <quiz::QuizScreen study question/> }.into_any(),
                    Screen::Done => view! { <quiz::DoneScreen study/> }.into_any(),
                }}
                {experiment::place(study)}
                <panels::Panels study/>
                <NotKept/>
            </div>
            <Foot study/>
        </section>
    }
}

/// "Chapter 6 · lesson 5 · step 4 of 7".
#[component]
fn Kick(study: Study) -> impl IntoView {
    let lesson = study.lesson();
    let place = planned(&lesson.slug).and_then(|(chapter, entry)| {
        let index = chapter.lessons.iter().position(|other| other.slug == entry.slug)?;
        Some(format!("Chapter {} · lesson {}", chapter.number, index + 1))
    });
    let place = place.unwrap_or_else(|| format!("Chapter {}", lesson.chapter));
    let steps = lesson.steps.len();
    let questions = lesson.quiz.len();
    let at = move || match study.with(Runner::screen) {
        Screen::Step(step) => format!("Step {} of {steps}", step + 1),
        Screen::Quiz(question) => format!("Question {} of {questions}", question + 1),
        Screen::Done => "The end".to_owned(),
    };
    view! { <p class="lesson-kick"><span>{place}</span>" · "<span>{at}</span></p> }
}

/// One bar a step: done, here, still to come.
#[component]
fn Bars(study: Study) -> impl IntoView {
    let lesson = study.lesson();
    let bars = lesson.steps.iter().enumerate().map(|(index, step)| {
        let here = move || study.with(|runner| runner.screen() == Screen::Step(index));
        let done =
            move || study.with(|runner| index < runner.step() || !matches!(runner.screen(), Screen::Step(_)));
        let closed = move || study.with(|runner| index as u32 > runner.record().reached);
        let name = format!("{}. {}", index + 1, step.title);
        view! {
            <li>
                <button
                    type="button" class:here=here class:done=done disabled=closed
                    aria-current=move || here().then_some("step")
                    title=name.clone() aria-label=name on:click=move |_| study.go(index)
                ></button>
            </li>
        }
    });
    view! { <ol class="lesson-bars" aria-label="Steps">{bars.collect_view()}</ol> }
}

/// Back, and the one button that goes on: what it does is what comes next.
#[component]
fn Foot(study: Study) -> impl IntoView {
    let first = move || study.with(|runner| runner.screen() == Screen::Step(0));
    let done = move || study.with(|runner| runner.screen() == Screen::Done);
    let label = move || {
        study.with(|runner| match (runner.screen(), runner.phase()) {
            (Screen::Step(_), Phase::Predicting) => "Check my prediction",
            (Screen::Step(_), Phase::Observing) => "Check what I see",
            (Screen::Quiz(question), _) if runner.answered(question).is_none() => "Check my answer",
            _ => "Next",
        })
    };
    // What cannot be done yet looks quiet but answers: it says what is missing.
    let waits = move || study.with(|runner| runner.gate().is_some() && runner.phase() == Phase::Watching);
    let refusal =
        move || study.refusal.get().map(|gate| view! { <p class="lesson-refusal">{gate.to_string()}</p> });
    view! {
        <div class="lesson-foot">
            {refusal}
            <div class="lesson-ways">
                <button type="button" class="btn" disabled=first on:click=move |_| study.back()>"Back"</button>
                <Show when=move || !done() fallback=|| view! { <a class="btn p forward" href="./">"All lessons"</a> }>
                    <button type="button" class="btn p forward" class:waits=waits on:click=move |_| study.forward()>
                        {label}
                    </button>
                </Show>
            </div>
        </div>
    }
}

/// Says so when the progress cannot be kept.
#[component]
fn NotKept() -> impl IntoView {
    let shelf = Shelf::provide();
    move || shelf.trouble().map(|trouble| view! { <p class="lesson-notice">{trouble.sentence()}</p> })
}
