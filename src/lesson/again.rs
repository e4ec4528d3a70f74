//! "You were sure of this once": what comes back from another lesson, answered in place or put off.

use faultline_lessons::{AskedAgain, Comeback, Inline, planned};
use leptos::prelude::*;

use super::card::{Choices, Mark};
use super::prose::line;
use super::study::Study;
use crate::progress::Shelf;
use crate::widgets::focus_on;

/// How far it has come.
#[derive(Clone)]
enum Stage {
    Offered,
    Asked(AskedAgain),
    /// Its lesson could not be had.
    Missing(String),
}

/// What comes back in this lesson, if anything does.
#[component]
pub fn Again(study: Study) -> impl IntoView {
    let shelf = Shelf::provide();
    let slug = study.lesson().slug.clone();
    let known = untrack(|| shelf.comeback(&slug));
    known.map(|known| card(study, shelf, known))
}

fn card(study: Study, shelf: Shelf, known: Comeback) -> AnyView {
    let here = study.lesson().slug.clone();
    let title = planned(&known.lesson).map_or(known.lesson.clone(), |(_, lesson)| lesson.title.to_owned());
    let kept = StoredValue::new((known, here));
    let stage = RwSignal::new(Stage::Offered);
    let open = RwSignal::new(true);
    let checked = RwSignal::new(None::<usize>);
    let settle = move |right: Option<bool>| {
        kept.with_value(|(known, here)| shelf.change(|all| all.answer_comeback(known, here, right)));
    };
    let leave = move |_| {
        if checked.get_untracked().is_none() {
            settle(None);
        }
        open.set(false);
        focus_on(".lesson-step-title");
    };
    let ask = move |_| {
        let known = kept.with_value(|(known, _)| known.clone());
        leptos::task::spawn_local(async move {
            match super::read(&known.lesson).await.map(|lesson| known.question(&lesson)) {
                Ok(Some(asked)) => stage.set(Stage::Asked(asked)),
                // The lesson asks something else by now.
                Ok(None) => leave(()),
                Err(why) => stage.set(Stage::Missing(why)),
            }
            request_animation_frame(|| _ = focus_on(".again input"));
        });
    };
    let check = move |option: usize, right: bool| {
        checked.set(Some(option));
        settle(Some(right));
        study.session().announce(if right { "Right." } else { "Not right." });
        request_animation_frame(|| _ = focus_on(".again a"));
    };
    let button = move |label: &'static str| {
        view! { <button type="button" class="btn" on:click=move |_| ask(())>{label}</button> }
    };
    let link = kept.with_value(|(known, _)| format!("lesson/{}/?step={}", known.lesson, known.step + 1));
    let body = move || {
        match stage.get() {
        Stage::Asked(asked) => asked_again(asked, checked, check, link.clone()),
        Stage::Missing(why) => view! {
            <p>{format!("The lesson could not be loaded: {why}.")}</p>
            {button("Try again")}
        }
        .into_any(),
        Stage::Offered => view! {
            <p>{format!("In “{title}” you were certain of something that is not so. What do you say now?")}</p>
            {button("Answer it")}
        }
        .into_any(),
    }
    };
    let last = move || if checked.get().is_some() { "Close" } else { "Not now" };
    let shut = move || !open.get();
    view! {
        <section class="lesson-card again" aria-labelledby="again-title" hidden=shut>
            <h2 id="again-title">"You were sure of this once"</h2>
            {body}
            <button type="button" class="btn quiet" on:click=move |_| leave(())>{last}</button>
        </section>
    }
    .into_any()
}

/// The question, and once it has been answered what is to be said of it.
fn asked_again(
    asked: AskedAgain,
    checked: RwSignal<Option<usize>>,
    check: impl Fn(usize, bool) + Copy + Send + Sync + 'static,
    link: String,
) -> AnyView {
    let chosen = RwSignal::new(None::<usize>);
    let options: Vec<Vec<Inline>> = asked.options.iter().map(|option| option.text.clone()).collect();
    let choices = StoredValue::new(asked.options);
    let is_right = move |index: usize| choices.with_value(|all| all.get(index).is_some_and(|one| one.right));
    let mark = move |index: usize| match checked.get() {
        None => Mark::Plain,
        Some(own) if is_right(index) => Mark::Right(own == index),
        Some(own) if own == index => Mark::Wrong,
        Some(_) => Mark::Faded,
    };
    let below = move || match checked.get() {
        None => {
            let press = move |_| {
                if let Some(option) = chosen.get_untracked() {
                    check(option, is_right(option));
                }
            };
            let none = move || chosen.get().is_none();
            view! { <button type="button" class="btn p" disabled=none on:click=press>"Check it"</button> }
                .into_any()
        }
        Some(own) => {
            let right = is_right(own);
            let words = choices.with_value(|all| all.get(own).map(|option| line(&option.feedback)));
            view! {
                <div class="verdict" class:good=right class:bad=!right>
                    <span aria-hidden="true">{if right { "✓" } else { "✕" }}</span><span>{words}</span>
                </div>
                <a href=link.clone()>"To the run that shows it"</a>
            }
            .into_any()
        }
    };
    view! {
        <Choices question=asked.question options group="again".to_owned() chosen mark/>
        {below}
    }
    .into_any()
}
