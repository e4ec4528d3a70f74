//! A lesson's stage within another page: quiet, without chrome but the transport.

use faultline_lessons::{Lesson, planned};
use leptos::prelude::*;

use crate::address::{Address, Controls, Shown};
use crate::session::{Session, Staging, Tone};
use crate::spacetime::show_diagram;
use crate::stage::Stage;
use crate::transport::Transport;
use crate::widgets::{LiveRegion, room};
use crate::{api, keys, lesson, shell};

/// The embed page of a lesson.
#[component]
pub fn Embed(address: Address) -> impl IntoView {
    let slug = address.page.slug();
    let session = shell::begin(&address);
    api::install(session);
    // The list of keys is in the full player; here there is no place for it.
    keys::listen(move || {
        session.notify(
            Tone::Info,
            "Space plays, ← and → take one event, Enter opens a menu. More keys: Open in Faultline.",
        );
    });
    let name = slug.clone();
    leptos::task::spawn_local(async move {
        match lesson::fetch(&name).await {
            Ok(lesson) => match session.fetch(&lesson.protocol).await {
                Ok(()) => show(session, &lesson),
                Err(trouble) => session.notify(Tone::Warning, trouble.0),
            },
            Err(why) => session.notify(Tone::Warning, format!("The lesson could not be loaded: {why}.")),
        }
    });
    let shown = address.view.unwrap_or_default();
    let view_word = match shown {
        Shown::Stage => "stage",
        Shown::Spacetime => "spacetime",
        Shown::Both => "both",
    };
    let controls = address.controls;
    let title = planned(&slug).map_or(slug.clone(), |(_, lesson)| lesson.title.to_owned());
    view! {
        <div class="app embed">
            <main class="player" data-view=view_word>
                <h1 class="sr">{title.clone()}</h1>
                {(shown != Shown::Spacetime).then(|| view! { <div class="pane pane-stage"><Stage bar=false/></div> })}
                {(controls != Controls::None).then(|| view! { <div class="pane pane-transport"><Transport controls/></div> })}
                {(shown != Shown::Stage).then(|| view! {
                    <div class="pane pane-diagram">{room("The diagram", show_diagram)}</div>
                })}
            </main>
            <footer class="embed-foot">
                <span>{title}</span>
                <span class="grow"></span>
                <a href=format!("lesson/{slug}/") target="_blank" rel="noopener">"Open in Faultline"</a>
            </footer>
            <LiveRegion/>
        </div>
    }
}

/// The run of the lesson's first stage.
fn show(session: Session, lesson: &Lesson) {
    session.staging.set(Staging { layout: lesson.layout.clone(), ..Staging::default() });
    if let Err(trouble) = session.begin(lesson.scenario(&lesson.settings_at(0))) {
        session.notify(Tone::Warning, trouble.0);
    }
}
