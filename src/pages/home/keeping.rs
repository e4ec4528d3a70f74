//! What is kept of a learner, in the learner's own hands: saved as a file, read from one, forgotten.

use faultline_lessons::Progress;
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use crate::exchange::{download, text_blob};
use crate::progress::{Shelf, Unread, of_text, to_text};
use crate::widgets::{FileButton, focus_on};

const FILE_NAME: &str = "faultline-progress.json";
/// The largest file that is read, bytes: all lessons done are some ten thousand.
const MOST_BYTES: f64 = 1_000_000.0;

/// What has just been done, and what was kept before it.
#[derive(Clone)]
struct Done {
    said: String,
    before: Option<Progress>,
}

/// The row with everything that can be done with one's progress as a whole.
#[component]
pub fn Keeping(shelf: Shelf) -> impl IntoView {
    let done = RwSignal::new(None::<Done>);
    let nothing = Memo::new(move |_| shelf.is_empty());
    let say = move |said: String| done.set(Some(Done { said, before: None }));
    let change = move |said: String, to: &Progress| {
        let before = Some(untrack(|| shelf.all()));
        shelf.replace(to);
        done.set(Some(Done { said, before }));
    };
    let save = move |_| {
        let blob = to_text(&untrack(|| shelf.all()))
            .ok_or_else(|| "there is not enough memory for the file".to_owned())
            .and_then(|text| text_blob(&text, "application/json"));
        match blob.and_then(|blob| download(FILE_NAME, &blob)) {
            Ok(()) => say(format!("Saved as {FILE_NAME}.")),
            Err(why) => say(format!("It cannot be saved: {why}.")),
        }
    };
    let forget = move |_| {
        change("Everything is forgotten.".to_owned(), &Progress::default());
        // Its button can be pressed no longer; what takes it back is next.
        request_animation_frame(|| _ = focus_on(".home-keeping .undo"));
    };
    let chosen = move |file: File| {
        leptos::task::spawn_local(async move {
            let name = file.name();
            match read(&file).await {
                Ok(progress) => change(format!("Read from {name}."), &progress),
                Err(why) => say(format!("{name} is not read: {why}. Your progress is as it was.")),
            }
        });
    };
    let undo = move |_| {
        if let Some(Done { before: Some(before), .. }) = done.get_untracked() {
            shelf.replace(&before);
            say("It is as it was before.".to_owned());
            request_animation_frame(|| _ = focus_on(".home-keeping button"));
        }
    };
    view! {
        <section class="home-keeping" aria-label="Your progress">
            <p>"Your progress is kept in this browser and nowhere else."</p>
            <button type="button" class="btn" disabled=move || nothing.get() on:click=save>"Save it as a file"</button>
            <FileButton word="Read it from a file…" accept=".json,application/json" chosen/>
            <button type="button" class="btn" disabled=move || nothing.get() on:click=forget>"Forget it"</button>
            <span role="status">{move || done.get().map(|done| done.said)}</span>
            {move || done.with(|done| done.as_ref().is_some_and(|done| done.before.is_some())).then(|| view! {
                <button type="button" class="btn undo" on:click=undo>"Undo"</button>
            })}
        </section>
    }
}

/// A learner's progress as that file has it, or why not: the end of a sentence.
async fn read(file: &File) -> Result<Progress, &'static str> {
    const OTHER: &str = "it holds no progress that was saved here";
    if file.size() > MOST_BYTES {
        return Err(OTHER);
    }
    let text = JsFuture::from(file.text()).await.map_err(|_| "the browser cannot read it")?;
    match of_text(&text.as_string().unwrap_or_default()) {
        // Other files have a version, too; nothing at all is never saved.
        Ok(progress) if progress != Progress::default() => Ok(progress),
        Err(Unread::Newer) => Err("a newer Faultline saved it"),
        _ => Err(OTHER),
    }
}
