//! The same calls by `postMessage`, for pages that embed this one.
//!
//! A request is `{faultline: "call", id, name, argument}`; its answer goes to where it came from as
//! `{faultline: "answer", id, value}` or `{faultline: "answer", id, error}`. What happens is told to
//! the embedding page as `{faultline: "event", name, value}`. Heights are told in the forms that
//! Embedly and Canvas understand, too.

use js_sys::Object;
use leptos::ev::message;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::{CALLS, Kind, calls, get, put};
use crate::session::Session;

/// Answers what other windows ask. They can do to this run what its reader can, and no more.
pub fn listen(session: Session) {
    let listener = window_event_listener(message, move |event: web_sys::MessageEvent| {
        let data = event.data();
        let text = |name| get(&data, name).and_then(|value| value.as_string());
        if text("context").as_deref() == Some("h5p") && text("action").as_deref() == Some("hello") {
            let answer = object(&[("context", "h5p".into()), ("action", "hello".into())]);
            return send(&event, &answer);
        }
        if text("faultline").as_deref() != Some("call") {
            return;
        }
        let (name, id) = (text("name").unwrap_or_default(), get(&data, "id").unwrap_or_default());
        let argument = get(&data, "argument").unwrap_or_default();
        leptos::task::spawn_local(async move {
            let kind = CALLS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
            let outcome = match kind {
                Some(Kind::Now) => calls::now(session, &name, &argument),
                Some(Kind::Later) => calls::later(session, &name, argument).await,
                None => Err(format!("there is no call `{name}`")),
            };
            let (key, value) = match outcome {
                Ok(value) => ("value", value),
                Err(why) => ("error", why.into()),
            };
            send(&event, &object(&[("faultline", "answer".into()), ("id", id), (key, value)]));
        });
    });
    on_cleanup(move || listener.remove());
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        put(&object, name, value);
    }
    object.into()
}

/// Answers the window that asked.
fn send(event: &web_sys::MessageEvent, answer: &JsValue) {
    let Some(source) = event.source() else { return };
    // Another site's window is no instance of ours, and may be asked for nothing but this.
    let source: web_sys::Window = source.unchecked_into();
    let origin = event.origin();
    // A sandboxed page calls itself "null" and can only be reached by whoever listens.
    let origin = if origin.is_empty() || origin == "null" { "*" } else { &origin };
    // A window that has gone away meanwhile needs no answer.
    let _ = source.post_message(answer, origin);
}

/// Tells the embedding page of something. It holds nothing that the page could not read by asking.
pub fn tell(name: &str, value: &JsValue) {
    let Ok(Some(parent)) = window().parent() else {
        return;
    };
    if parent == window() {
        return;
    }
    let mut all =
        vec![object(&[("faultline", "event".into()), ("name", name.into()), ("value", value.clone())])];
    if name == "resize" {
        all.push(object(&[("context", "iframe.resize".into()), ("height", value.clone())]));
        all.push(object(&[("subject", "lti.frameResize".into()), ("height", value.clone())]));
    }
    for told in all {
        let _ = parent.post_message(&told, "*");
    }
}
