//! The quiz, and what comes after it.

use faultline_lessons::runner::{Runner, Trying};
use faultline_lessons::{QuestionKind, Source};
use leptos::prelude::*;

use super::card::{Choices, Feedback, Mark, TryOut};
use super::prose::line;
use super::study::Study;

/// One question.
#[component]
pub fn QuizScreen(study: Study, question: usize) -> impl IntoView {
    let lesson = study.lesson();
    let Some(asked) = lesson.quiz.get(question).cloned() else {
        return ().into_any();
    };
    let answered = Memo::new(move |_| study.with(|runner| runner.answered(question)));
    let rights = StoredValue::new(asked.options.iter().map(|option| option.right).collect::<Vec<_>>());
    let mark = move |index: usize| {
        let right = rights.with_value(|rights| rights.get(index).copied().unwrap_or(false));
        match answered.get() {
            None => Mark::Plain,
            Some(answered) => match (answered.option as usize == index, right) {
                (own, true) => Mark::Right(own),
                (true, false) => Mark::Wrong,
                (false, false) => Mark::Faded,
            },
        }
    };
    let options = asked.options.iter().map(|option| option.text.clone()).collect();
    let kind = match asked.kind {
        QuestionKind::Prediction => "What will happen?",
        QuestionKind::Observation => "What is to be seen?",
        QuestionKind::Invariant => "Which invariant broke?",
        QuestionKind::Transfer => "The same elsewhere",
    };
    let shown = asked.stage.is_some();
    let choices = StoredValue::new(asked.options);
    let feedback = move || {
        let answered = answered.get()?;
        let option = answered.option as usize;
        let choice = choices.with_value(|choices| choices.get(option).cloned())?;
        Some(view! { <Feedback study choice run=Trying::Answer(question, option)/> })
    };
    view! {
        <h2 class="lesson-step-title" tabindex="-1">{kind}</h2>
        <Dots study here=Some(question)/>
        {shown.then(|| view! { <TryOut study what=Trying::Question(question) label="Show the run"/> })}
        <div class="lesson-card quiz">
            <Choices question=asked.question options group=format!("question-{question}") chosen=study.chosen mark/>
            {feedback}
        </div>
    }
    .into_any()
}

/// One dot a question.
#[component]
fn Dots(study: Study, here: Option<usize>) -> impl IntoView {
    let count = study.lesson().quiz.len();
    let dot = move |question: usize| {
        let class = move || {
            let answered = study.with(|runner| runner.answered(question));
            match answered {
                _ if here == Some(question) && answered.is_none() => "here",
                Some(answered) if answered.right => "right",
                Some(_) => "wrong",
                None => "",
            }
        };
        view! { <i class=class></i> }
    };
    view! {
        <div class="quiz-dots" aria-hidden="true">{(0..count).map(dot).collect_view()}</div>
    }
}

/// After the quiz: what was achieved, where to go on, and where the claims come from.
#[component]
pub fn DoneScreen(study: Study) -> impl IntoView {
    let lesson = study.lesson();
    let questions = lesson.quiz.len();
    let goals: usize = lesson.steps.iter().map(|step| step.goals.len()).sum();
    let score = move || study.with(Runner::score);
    let met = move || study.with(|runner| runner.record().goals.len());
    let completed = move || study.with(|runner| runner.record().completed);
    let predictions = move || {
        study.with(|runner| {
            let (right, all) = runner.record().predicted();
            (all > 0).then(|| format!("{right} of {all} were right"))
        })
    };
    let sandbox = format!("sandbox/{}/", lesson.protocol);
    let objectives = lesson.objectives.iter().map(|text| view! { <li>{text.clone()}</li> }).collect_view();
    view! {
        <h2 class="lesson-step-title" tabindex="-1">{move || if completed() { "Done" } else { "Almost done" }}</h2>
        <Dots study here=None/>
        <dl class="lesson-compare">
            <dt>"Quiz"</dt><dd>{move || format!("{} of {questions} at the first attempt", score())}</dd>
            <dt>"Goals"</dt><dd>{move || format!("{} of {goals} met", met())}</dd>
            {move || predictions().map(|words| view! { <dt>"Predictions"</dt><dd>{words}</dd> })}
        </dl>
        {move || (!completed()).then(|| view! {
            <p class="lesson-quiet">"The bars above lead back to every step: a goal is open until it is met."</p>
        })}
        <div class="lesson-why"><h3>"What you can do now"</h3><ul class="hints">{objectives}</ul></div>
        <p><a class="btn" href=sandbox>"Free play with the same protocol"</a></p>
        <h3 class="lesson-sources">"Sources"</h3>
        <ul class="sources" role="list">{lesson.sources.iter().map(source).collect_view()}</ul>
    }
}

fn source(source: &Source) -> impl IntoView + use<> {
    let number = source.number.as_ref().map(|number| {
        view! { <p class="lesson-quiet">{format!("Number: {} (reference row {})", number.value, number.oracle)}</p> }
    });
    view! {
        <li class="source">
            <cite>{source.citation.clone()}</cite>
            <p>{format!("{}: ", source.section)}{line(&source.what)}</p>
            {number}
            <span class="source-status">{format!("{:?} · {}", source.status, source.status.meaning())}</span>
        </li>
    }
}
