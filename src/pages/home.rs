//! The front page: what this is, the simulator at work, and the map of the course.

mod hero;
mod keeping;
mod picture;

use faultline_lessons::{Chapter, Planned, QUIZ_LENGTH, chapters};
use leptos::prelude::*;

use crate::address::PageKind;
use crate::exchange::{Desk, Exchange};
use crate::progress::Shelf;
use crate::widgets::use_themes;
use hero::Live;
use keeping::Keeping;
use picture::{CastPicture, picture};

/// Where a learner begins who has not begun.
const FIRST: &str = "lost-message";

/// The front page.
#[component]
pub fn Home(
    /// What the address says and cannot be used, each a sentence.
    warnings: Vec<String>,
) -> impl IntoView {
    let shelf = Shelf::provide();
    let themes = use_themes();
    Exchange::provide(&PageKind::Home, None);
    let all: usize = chapters().iter().map(|chapter| chapter.lessons.len()).sum();
    view! {
        <div class="home">
            <header class="home-head">
                <b>"Faultline"</b>
                <nav aria-label="Site">
                    <a href="#course">"Course"</a>
                    <a href="sandbox/raft/">"Free play"</a>
                </nav>
                <span class="home-done">{move || format!("{} of {all} done", shelf.completed())}</span>
                <button
                    type="button" class="btn square quiet" on:click=move |_| themes.turn()
                    aria-label=move || themes.label() title=move || themes.label()
                >
                    {move || themes.icon().view()}
                </button>
            </header>
            <Desk/>
            {(!warnings.is_empty()).then(|| view! { <p class="home-notice" role="status">{warnings.join(" ")}</p> })}
            {move || shelf.trouble().map(|trouble| view! { <p class="home-notice" role="status">{trouble.sentence()}</p> })}
            <main>
                <div class="hero">
                    <div>
                        <h1>"Break a distributed system. See exactly why."</h1>
                        <p class="hero-lead">
                            "Real protocols in your browser. Predict what happens, drop a packet, skew a clock, crash a server, then step back and try again."
                        </p>
                        <div class="hero-ways">
                            {move || begin(shelf)}
                            <a class="way" href="sandbox/raft/">"Free play with Raft"</a>
                        </div>
                    </div>
                    <Live/>
                </div>
                <div class="map" id="course">
                    {chapters().iter().map(|chapter| section(chapter, shelf)).collect_view()}
                </div>
            </main>
            <Keeping shelf/>
            <footer class="home-foot">
                <p><b>"For teachers"</b>"Embed any lesson in a page of your own. A link holds a whole run: seed, faults and cursor."</p>
                <p><b>"For engineers"</b>"Turn a rule of the paper off, find the run that breaks it, send the link."</p>
                <p><b>"Honest"</b>"Every number names its source. Every claim is checked while you watch."</p>
            </footer>
        </div>
    }
}

/// The first button: the lesson that was begun last in the course's order, or the first.
fn begin(shelf: Shelf) -> impl IntoView {
    let written = || chapters().iter().flat_map(|chapter| chapter.lessons).filter(|lesson| lesson.written());
    let begun = |lesson: &&Planned| {
        let record = shelf.lesson(lesson.slug);
        !record.completed && record.begun()
    };
    let open = |lesson: &&Planned| !shelf.lesson(lesson.slug).completed;
    let (word, lesson) = match (written().find(begun), written().find(open)) {
        (Some(lesson), _) => ("Go on", Some(lesson)),
        (None, Some(lesson)) => ("Start", Some(lesson)),
        (None, None) => ("Again", written().find(|lesson| lesson.slug == FIRST)),
    };
    lesson.map(|lesson| {
        let title = lower_first(lesson.title);
        view! { <a class="way first" href=address(lesson)>{format!("{word}: {title}")}</a> }
    })
}

/// The title within a sentence: "the message that never came", but "Raft elections".
fn lower_first(title: &str) -> String {
    match title.strip_prefix("The ") {
        Some(rest) => format!("the {rest}"),
        None => title.to_owned(),
    }
}

fn address(lesson: &Planned) -> String {
    format!("lesson/{}/", lesson.slug)
}

fn section(chapter: &'static Chapter, shelf: Shelf) -> impl IntoView {
    let heading = format!("chapter-{}", chapter.number);
    view! {
        <section aria-labelledby=heading.clone()>
            <h2 id=heading.clone()><i>{chapter.number}</i>{chapter.title}</h2>
            <ul class="map-grid" role="list">
                {chapter.lessons.iter().map(|lesson| view! { <li>{card(lesson, shelf)}</li> }).collect_view()}
            </ul>
        </section>
    }
}

fn card(lesson: &'static Planned, shelf: Shelf) -> AnyView {
    let inside = move || {
        view! {
            {picture(lesson.slug).map(|picture| view! { <CastPicture picture/> })}
            <span class="les-title">{unbroken(lesson.title)}</span>
            <span class="les-meta">{move || standing(lesson, shelf)}</span>
        }
    };
    if lesson.written() {
        view! { <a class="les" href=address(lesson)>{inside()}</a> }.into_any()
    } else {
        view! { <div class="les coming">{inside()}</div> }.into_any()
    }
}

/// A title whose hyphens do not end a line.
fn unbroken(title: &str) -> String {
    title.replace('-', "\u{2011}")
}

/// How long the lesson is and how far the learner has come in it, or that it is coming.
fn standing(lesson: &Planned, shelf: Shelf) -> AnyView {
    let Planned { steps, minutes, .. } = *lesson;
    if !lesson.written() {
        return format!("coming · about {minutes} min").into_any();
    }
    let record = shelf.lesson(lesson.slug);
    let (class, words, done) = if record.completed {
        let faults = record.goals.values().map(|met| met.faults).sum::<u32>();
        let words = match faults {
            0 => "✓ done".to_owned(),
            1 => "✓ done with 1 fault".to_owned(),
            faults => format!("✓ done with {faults} faults"),
        };
        ("done", words, u32::from(steps))
    } else if !record.quiz.is_empty() {
        ("open", format!("quiz {} of {QUIZ_LENGTH}", record.quiz.len()), u32::from(steps))
    } else if record.begun() {
        ("open", format!("step {} of {steps}", record.reached + 1), record.reached)
    } else {
        return format!("{steps} steps · {minutes} min").into_any();
    };
    let bars = (0..steps.into()).map(|step| view! { <i class:done=step < done></i> }).collect_view();
    view! {
        {format!("{minutes} min · ")}<span class=class>{words}</span>
        <span class="les-steps" aria-hidden="true">{bars}</span>
    }
    .into_any()
}
