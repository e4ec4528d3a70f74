//! A button that has the reader choose a file.

use leptos::html::Input;
use leptos::prelude::*;
use web_sys::File;

/// The button; `chosen` is called with the file, if one is chosen.
#[component]
pub fn FileButton(
    /// What stands on it.
    word: &'static str,
    /// What can be chosen, for who points at it.
    #[prop(optional)]
    about: Option<&'static str>,
    /// Which kinds of file the browser offers.
    accept: &'static str,
    chosen: impl Fn(File) + 'static,
) -> impl IntoView {
    let chooser = NodeRef::<Input>::new();
    let choose = move |_| {
        if let Some(chooser) = chooser.get_untracked() {
            chooser.click();
        }
    };
    let take = move |_| {
        let Some(chooser) = chooser.get_untracked() else { return };
        if let Some(file) = chooser.files().and_then(|files| files.get(0)) {
            chosen(file);
        }
        // The same file can be chosen again.
        chooser.set_value("");
    };
    view! {
        <button type="button" class="btn" title=about on:click=choose>{word}</button>
        <input node_ref=chooser type="file" hidden accept=accept on:change=take/>
    }
}
