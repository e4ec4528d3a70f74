//! The layout that a learner has chosen outlives a reload of the page, in the page's own session.

use faultline_lessons::Layout;
use leptos::prelude::*;
use serde::Serialize;

/// Under which name it is kept; the page's own name follows.
const KEY: &str = "faultline.layout.";

fn key() -> String {
    let page = document().document_element().and_then(|html| html.get_attribute("data-page"));
    format!("{KEY}{}", page.unwrap_or_default())
}

/// Throws in frames of other sites; then nothing is kept.
fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// What was chosen before; text that cannot be read is as good as none.
pub fn recall() -> Option<Layout> {
    let text = storage()?.get_item(&key()).ok().flatten()?;
    serde_wasm_bindgen::from_value(js_sys::JSON::parse(&text).ok()?).ok()
}

/// Keeps the choice, or forgets it. Storage that is full or forbidden keeps nothing, and nobody needs
/// to know: the choice then lasts as long as the page.
pub fn keep(layout: Option<&Layout>) {
    let Some(storage) = storage() else { return };
    let text = layout.and_then(|layout| {
        let value = layout.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).ok()?;
        js_sys::JSON::stringify(&value).ok().map(String::from)
    });
    let _ = match text {
        Some(text) => storage.set_item(&key(), &text),
        None => storage.remove_item(&key()),
    };
}
