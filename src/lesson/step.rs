//! One step: read, predict, watch, observe, understand, do.

use faultline_lessons::runner::{Phase, Runner, Trying};
use faultline_lessons::{Answer, Block, Contrast, Observation, Prediction, Step};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::card::{Choices, Confidences, Feedback, Mark, TryOut, sure_word};
use super::goals::Goals;
use super::knobs::Knobs;
use super::pairs::Match;
use super::prose::{blocks, line};
use super::sight::bring_up;
use super::study::Study;
use crate::widgets::hand_focus_on;

/// The step on screen.
#[component]
pub fn StepScreen(study: Study, step: usize) -> impl IntoView {
    let lesson = study.lesson();
    let Some(content) = lesson.steps.get(step).cloned() else {
        return ().into_any();
    };
    let phase = Memo::new(move |_| study.with(Runner::phase));
    let told = content.asks();
    let Step { title, prose, prediction, matching, observation, explanation, contrast, goals, .. } = content;
    let prediction = prediction.map(|prediction| view! { <Predict study prediction phase/> });
    let matching = matching.map(|matching| view! { <Match study matching phase/> });
    let observation = observation.map(|observation| view! { <Observe study observation phase/> });
    let goals = (!goals.is_empty()).then(|| view! { <Goals study goals phase/> });
    let why = view! { <Why study explanation contrast/> };
    // What explains a prediction stands below it, what explains a goal below the goal.
    let (above, below) = if told { (Some(why), None) } else { (None, Some(why)) };
    view! {
        <h2 class="lesson-step-title" tabindex="-1">{title}</h2>
        <div class="lesson-prose">{blocks(&prose)}</div>
        {prediction}
        {matching}
        {move || (phase.get() == Phase::Watching).then(|| view! { <Watching study/> })}
        {observation}
        {above}
        {goals}
        {below}
        <Knobs study/>
    }
    .into_any()
}

/// The explanation and the contrast, once they may be read.
#[component]
fn Why(study: Study, explanation: Vec<Block>, contrast: Option<Contrast>) -> impl IntoView {
    let explained = Memo::new(move |_| study.with(Runner::explained));
    // Nobody is forced to solve a goal before reading on.
    let asked = RwSignal::new(false);
    let waiting = Memo::new(move |_| !explained.get() && study.with(|runner| runner.phase() == Phase::Open));
    let something = !explanation.is_empty() || contrast.is_some();
    let kept = StoredValue::new((explanation, contrast));
    move || {
        if !something {
            return ().into_any();
        }
        if waiting.get() && !asked.get() {
            let read = move |event: MouseEvent| {
                hand_focus_on(&event, ".lesson-page", ":is(.lesson-why, .contrast) h3");
                asked.set(true);
            };
            return view! {
                <button type="button" class="btn quiet lesson-reveal" on:click=read>"Explain it without my solving it"</button>
            }
            .into_any();
        }
        if !explained.get() && !waiting.get() {
            return ().into_any();
        }
        let (explanation, contrast) = kept.get_value();
        let explanation = (!explanation.is_empty()).then(|| {
            view! { <div class="lesson-why"><h3 tabindex="-1">"Why"</h3><div class="lesson-prose">{blocks(&explanation)}</div></div> }
        });
        view! {
            {explanation}
            {contrast.map(|contrast| view! { <Contrasted study contrast/> })}
        }
        .into_any()
    }
}

/// The run is on its way to its outcome.
#[component]
fn Watching(study: Study) -> impl IntoView {
    let session = study.session();
    let words = move || {
        if session.playing.get() {
            "The run is on. It pauses by itself at the moment that matters."
        } else {
            "Press Play, or step event by event. The run pauses by itself at the moment that matters."
        }
    };
    view! { <p class="lesson-quiet">{words}</p> }
}

/// The prediction: open, locked, and at last beside the outcome.
#[component]
fn Predict(study: Study, prediction: Prediction, phase: Memo<Phase>) -> impl IntoView {
    let rights: Vec<bool> = prediction.options.iter().map(|option| option.right).collect();
    let rights = StoredValue::new(rights);
    let locked = Memo::new(move |_| study.predicted());
    let mark = move |index: usize| {
        let right = rights.with_value(|rights| rights.get(index).copied().unwrap_or(false));
        let Some(locked) = locked.get() else {
            return Mark::Plain;
        };
        let own = locked.option as usize == index;
        match (phase.get(), own, right) {
            (Phase::Open, own, true) => Mark::Right(own),
            (Phase::Open, true, false) => Mark::Wrong,
            (_, true, _) => Mark::Locked,
            _ => Mark::Faded,
        }
    };
    let options: Vec<_> = prediction.options.iter().map(|option| option.text.clone()).collect();
    let question = prediction.question.clone();
    let prediction = StoredValue::new(prediction);
    let below = move || {
        let Some(locked) = locked.get() else {
            return view! { <Confidences sure=study.sure/> }.into_any();
        };
        let sure = sure_word(locked.confidence).to_lowercase();
        if phase.get() != Phase::Open {
            return view! { <p class="lesson-quiet">{format!("Locked: {sure}. Now see what happens.")}</p> }
                .into_any();
        }
        let option = locked.option as usize;
        let choice = prediction.with_value(|prediction| prediction.options.get(option).cloned());
        let words = match (locked.right, locked.confidence) {
            (true, _) => format!("You predicted this ({sure})."),
            (false, faultline_lessons::Confidence::Certain) => {
                "You were certain of something else: worth a closer look.".to_owned()
            }
            (false, _) => format!("You predicted something else ({sure})."),
        };
        view! {
            <p class="lesson-quiet">{words}</p>
            {choice.map(|choice| view! { <Feedback study choice run=Trying::Belief(option)/> })}
        }
        .into_any()
    };
    view! {
        <div class="lesson-card prediction">
            <Choices question options group="prediction".to_owned() chosen=study.chosen mark/>
            {below}
        </div>
    }
}

/// What is to be seen at the outcome; only the right answer opens the rest.
#[component]
fn Observe(study: Study, observation: Observation, phase: Memo<Phase>) -> impl IntoView {
    let observation = StoredValue::new(observation);
    let open = Memo::new(move |_| phase.get() == Phase::Observing);
    // The question comes into sight when it is asked, and the outcome when it is answered.
    Effect::new(move |before: Option<Phase>| {
        let now = phase.get();
        match (before, now) {
            (Some(Phase::Watching), Phase::Observing) => bring_up(".lesson-critical"),
            (Some(Phase::Observing), Phase::Open) => bring_up(":is(.prediction, .lesson-why)"),
            _ => {}
        }
        now
    });
    let wrong = Memo::new(move |_| study.with(|runner| runner.observed().map_or(0, |seen| seen.wrong)));
    move || {
        if !open.get() {
            return ().into_any();
        }
        let Observation { question, answer, look } = observation.get_value();
        let form = match answer {
            Answer::Options(options) => {
                let options = options.into_iter().map(|seen| seen.text).collect();
                let mark = |_: usize| Mark::Plain;
                view! { <Choices question options group="observation".to_owned() chosen=study.chosen mark/> }
                    .into_any()
            }
            Answer::Field { .. } => view! {
                <label class="field">
                    <b>{line(&question)}</b>
                    <input
                        class="input" type="text" autocomplete="off" spellcheck="false" prop:value=study.typed
                        on:input=move |event| study.typed.set(event_target_value(&event))
                    />
                </label>
            }
            .into_any(),
        };
        let hint = move || {
            (wrong.get() > 0).then(|| {
                let look = line(&look);
                view! { <div class="verdict bad"><span aria-hidden="true">"✕"</span><span>{look}</span></div> }
            })
        };
        view! {
            <div class="lesson-critical">
                <p>"Paused at the moment that matters."</p>
                <button type="button" class="btn" on:click=move |_| study.replay()>"Show it again"</button>
            </div>
            <div class="lesson-card observation">{form}{hint}</div>
        }
        .into_any()
    }
}

/// The failing run beside the fixed one. Both begin at the event at which they part.
#[component]
fn Contrasted(study: Study, contrast: Contrast) -> impl IntoView {
    let side = |fixed: bool, label: String| {
        let (class, mark) = if fixed { ("held", "✓ ") } else { ("found", "✕ ") };
        let name = format!("Show the run: {label}");
        view! {
            <div class="side">
                <span class="side-name"><span class=class aria-hidden="true">{mark}</span>{label}</span>
                <TryOut study what=Trying::Side { fixed } label="Show" name/>
            </div>
        }
    };
    view! {
        <div class="lesson-card contrast">
            <h3 tabindex="-1">{line(&contrast.about)}</h3>
            {side(false, contrast.failing.label)}
            {side(true, contrast.fixed.label)}
        </div>
    }
}
