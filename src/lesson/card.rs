//! Questions with answers to choose from.

use faultline_lessons::runner::Trying;
use faultline_lessons::{Choice, Confidence, Inline};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::prose::line;
use super::study::{OnStage, Study};
use crate::widgets::hand_focus_on;

/// How an answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing is known of it.
    Plain,
    /// It is the learner's, and locked.
    Locked,
    /// It is right; whether it is the learner's.
    Right(bool),
    /// It is the learner's, and wrong.
    Wrong,
    /// It is not the learner's, and no longer to be had.
    Faded,
}

/// Answers of which one is chosen. `mark` says how each stands; with any mark but plain they are locked.
#[component]
pub fn Choices(
    /// The question, above the answers.
    question: Vec<Inline>,
    /// The answers.
    options: Vec<Vec<Inline>>,
    /// Names the group of radio buttons.
    group: String,
    /// What is chosen now.
    chosen: RwSignal<Option<usize>>,
    /// How each answer stands.
    mark: impl Fn(usize) -> Mark + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let choice = move |(index, text): (usize, Vec<Inline>)| {
        let mark = Memo::new(move |_| mark(index));
        let locked = move || mark.get() != Mark::Plain;
        let class = move || match mark.get() {
            Mark::Plain => "choice",
            Mark::Locked => "choice locked",
            Mark::Right(_) => "choice locked right",
            Mark::Wrong => "choice locked wrong",
            Mark::Faded => "choice locked faded",
        };
        let word = move || match mark.get() {
            Mark::Plain | Mark::Faded => None,
            Mark::Locked => Some("yours"),
            Mark::Right(true) => Some("✓ yours"),
            Mark::Right(false) => Some("✓ right"),
            Mark::Wrong => Some("✕ yours"),
        };
        let checked = move || match mark.get() {
            Mark::Plain => chosen.get() == Some(index),
            Mark::Locked | Mark::Right(true) | Mark::Wrong => true,
            Mark::Right(false) | Mark::Faded => false,
        };
        let name = group.clone();
        view! {
            <label class=class>
                <input
                    type="radio" name=name prop:checked=checked disabled=locked
                    on:change=move |_| chosen.set(Some(index))
                />
                <span>{line(&text)}</span>
                {move || word().map(|word| view! { <span class="mark">{word}</span> })}
            </label>
        }
    };
    view! {
        <fieldset>
            <legend>{line(&question)}</legend>
            {options.into_iter().enumerate().map(choice).collect_view()}
        </fieldset>
    }
}

/// How sure the learner is, in three levels.
#[component]
pub fn Confidences(
    /// What is chosen.
    sure: RwSignal<Option<Confidence>>,
) -> impl IntoView {
    let level = move |level: Confidence| {
        view! {
            <label>
                <input
                    type="radio" name="confidence" prop:checked=move || sure.get() == Some(level)
                    on:change=move |_| sure.set(Some(level))
                />
                {sure_word(level)}
            </label>
        }
    };
    view! {
        <fieldset class="sure">
            <legend>"How sure are you?"</legend>
            <div class="sure-levels">
                {[Confidence::Guess, Confidence::Fairly, Confidence::Certain].map(level).collect_view()}
            </div>
        </fieldset>
    }
}

/// A confidence in words.
pub fn sure_word(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Guess => "A guess",
        Confidence::Fairly => "Fairly sure",
        Confidence::Certain => "Certain",
    }
}

/// What is said of a chosen answer, and its run if it has one.
#[component]
pub fn Feedback(
    /// The lesson.
    study: Study,
    /// The answer.
    choice: Choice,
    /// Its run.
    run: Trying,
) -> impl IntoView {
    let right = choice.right;
    let button = choice.belief.is_some().then(|| {
        let label = if right { "Run it" } else { "Run what I believed" };
        view! { <TryOut study what=run label/> }
    });
    view! {
        <div class="verdict" class:good=right class:bad=!right>
            <span aria-hidden="true">{if right { "✓" } else { "✕" }}</span>
            <span>{line(&choice.feedback)}</span>
        </div>
        {button}
    }
}

/// A button that puts a run on stage, then says how it ended and takes it away again.
#[component]
pub fn TryOut(
    /// The lesson.
    study: Study,
    /// Which run.
    what: Trying,
    /// The button's words.
    #[prop(into)]
    label: String,
    /// Its accessible name, where the words alone do not say which run.
    #[prop(optional)]
    name: Option<String>,
) -> impl IntoView {
    let shown = Memo::new(move |_| match study.on_stage() {
        OnStage::Tried(now, failure) if now == what => Some(failure),
        _ => None,
    });
    // Either press takes its button away; the other one stands where it stood.
    let stay = |event: &MouseEvent| hand_focus_on(event, ".side, .lesson-card, .lesson-page", ".try");
    let show = move |event: MouseEvent| {
        stay(&event);
        study.try_out(what);
    };
    let back = move |event: MouseEvent| {
        stay(&event);
        study.put_back();
    };
    move || match shown.get() {
        None => {
            let label = label.clone();
            view! {
                <button type="button" class="btn try" aria-label=name.clone() on:click=show>{label}</button>
            }
            .into_any()
        }
        Some(failure) => {
            let (class, mark) = match (&failure, what) {
                (Some(_), _) => ("found", "✕ "),
                (None, Trying::Side { .. } | Trying::Question(_)) => ("", ""),
                (None, _) => ("held", "✓ "),
            };
            view! {
                <div class="tried">
                    <p><span class=class>{mark}</span>{came_of_it(what, failure.as_deref())}</p>
                    <button type="button" class="btn try" on:click=back>"Back to my run"</button>
                </div>
            }
            .into_any()
        }
    }
}

/// What is said of a run that was put on stage.
pub fn came_of_it(what: Trying, failure: Option<&str>) -> String {
    let words = match (failure, what) {
        (Some(failure), _) => failure,
        (None, Trying::Side { .. }) => {
            "The two runs are the same up to here. Step on: the next event differs."
        }
        (None, Trying::Question(_)) => "This is the run that the question speaks of.",
        (None, _) => "Everything this run expects is so.",
    };
    words.to_owned()
}
