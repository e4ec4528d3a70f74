//! `export`: the picture or the run, as text.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::{Answer, json};
use crate::exchange::{Kind, text_of};
use crate::session::Session;

/// `"json"` is the run as an object; all else is text, see [`Kind`]. A PNG is a `data:` address.
pub async fn export(session: Session, argument: &JsValue) -> Answer {
    let word = argument.as_string().unwrap_or_default();
    if word == "json" {
        return untrack(|| json(&session.run()));
    }
    let kind = Kind::parse(&word).ok_or_else(|| {
        let all: Vec<String> = Kind::ALL.iter().map(|kind| format!("\"{}\"", kind.word())).collect();
        format!("export takes \"json\", {}", all.join(", "))
    })?;
    text_of(session, kind, &|_, _| true).await.map(Into::into)
}
