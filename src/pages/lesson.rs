//! The page of a lesson: the player with the lesson at its left.

use faultline_lessons::{catalogue, planned};
use leptos::prelude::*;

use crate::address::Address;
use crate::api;
use crate::lesson::LessonPane;
use crate::session::Tone;
use crate::shell::{self, Heading, Pane, Player};

/// A lesson's page.
#[component]
pub fn LessonPage(address: Address, slug: String) -> impl IntoView {
    let session = shell::begin(&address);
    api::install(session);
    if address.view.is_some() {
        session.notify(Tone::Info, "The address names a view; only embeds have one.");
    }
    let name = slug.clone();
    let heading = Signal::derive(move || {
        let entry = planned(&name);
        let title = entry.map(|(_, lesson)| lesson.title.to_owned());
        let told = session.lesson.with(|lesson| lesson.as_ref().map(|lesson| lesson.title.clone()));
        Heading {
            kick: entry.map_or_else(|| "Lesson".to_owned(), |(chapter, _)| chapter.title.to_owned()),
            title: told.or(title).unwrap_or_else(|| name.clone()),
            embed: Some(name.clone()),
            free_play: session
                .about()
                .map(|about| about.slug.to_owned())
                .filter(|slug| catalogue::find(slug).is_ok()),
            left: "Lesson",
        }
    });
    let step = address.step;
    let left = ViewFn::from(move || view! { <LessonPane slug=slug.clone() step/> });
    view! { <Player heading first=Pane::Lesson left/> }
}
