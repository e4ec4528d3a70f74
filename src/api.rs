//! `window.faultline`: the page for scripts, tests and embedders. Values are plain JSON.
//!
//! The same calls travel by `postMessage`; see [`post`].

mod act;
mod calls;
mod export;
mod measure;
mod post;
mod search;
mod subscribe;

use faultline_chunk::chunk;
use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use crate::session::Session;

/// What a call gives back: a value, or the reason why not.
type Answer = Result<JsValue, String>;

/// Every call by its name. Those that end in a promise say so.
const CALLS: [(&str, Kind); 20] = [
    ("load", Kind::Later),
    ("view", Kind::Now),
    ("detail", Kind::Now),
    ("act", Kind::Later),
    ("step", Kind::Now),
    ("seek", Kind::Now),
    ("play", Kind::Now),
    ("pause", Kind::Now),
    ("fork", Kind::Now),
    ("branches", Kind::Now),
    ("switchTo", Kind::Now),
    ("digest", Kind::Now),
    ("history", Kind::Now),
    ("lesson", Kind::Now),
    ("search", Kind::Later),
    ("export", Kind::Later),
    ("measure", Kind::Later),
    ("events", Kind::Now),
    ("protocols", Kind::Later),
    ("run", Kind::Now),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Returns its value, or throws.
    Now,
    /// Returns a promise.
    Later,
}

chunk! { api: fn installer() -> fn(Session) { install_at_once } }

/// Puts the object on the window and listens for messages, as soon as that part of the program has come.
pub fn install(session: Session) {
    let owner = Owner::current().unwrap_or_default();
    leptos::task::spawn_local(async move {
        match installer().await {
            Ok(install) => owner.with(|| install(session)),
            Err(unfetched) => leptos::logging::error!("window.faultline is missing: {unfetched}"),
        }
    });
}

fn install_at_once(session: Session) {
    let api = Object::new();
    for (name, kind) in CALLS {
        let call = Closure::<dyn Fn(JsValue) -> Result<JsValue, JsValue>>::new(move |argument| match kind {
            Kind::Now => calls::now(session, name, &argument).map_err(|why| error(&why)),
            Kind::Later => Ok(promise(session, name, argument).into()),
        });
        // The object lives as long as the page, and so do its functions.
        put(&api, name, &call.into_js_value());
    }
    put(&api, "version", &version());
    subscribe::install(session, &api);
    put(&window(), "faultline", &api);
    post::listen(session);
}

/// A call that takes a while, as a promise.
fn promise(session: Session, name: &'static str, argument: JsValue) -> Promise {
    wasm_bindgen_futures::future_to_promise(async move {
        calls::later(session, name, argument).await.map_err(|why| error(&why))
    })
}

fn version() -> JsValue {
    #[derive(Serialize)]
    struct Version {
        app: &'static str,
        run: u16,
        digest: &'static str,
    }
    let version = Version {
        app: env!("CARGO_PKG_VERSION"),
        run: faultline_sim::Run::VERSION,
        digest: faultline_sim::Timeline::DIGEST,
    };
    json(&version).unwrap_or_default()
}

/// A value as plain JavaScript objects, as JSON would give them.
fn json(value: &impl Serialize) -> Answer {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(|error| error.to_string())
}

fn error(why: &str) -> JsValue {
    js_sys::Error::new(why).into()
}

/// Sets a property of an object of ours, which takes any.
fn put(object: &JsValue, name: &str, value: &JsValue) {
    let done = Reflect::set(object, &name.into(), value);
    debug_assert!(done.is_ok(), "{name} could not be set");
}

/// A property, if the value is an object that has it.
fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    if !object.is_object() {
        return None;
    }
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

/// A whole number that is no larger than a `u32` can hold.
fn number(value: &JsValue) -> Option<u32> {
    let number = value.as_f64()?;
    (number >= 0.0 && number <= f64::from(u32::MAX) && number.fract() == 0.0).then_some(number as u32)
}

fn call(function: &Function, argument: &JsValue) {
    if let Err(thrown) = function.call1(&JsValue::NULL, argument) {
        // A subscriber's mistake is its own: it is shown where its author looks.
        leptos::logging::error!("a faultline subscriber threw {thrown:?}");
    }
}

/// A JavaScript value as a function.
fn function(value: &JsValue) -> Option<Function> {
    value.dyn_ref::<Function>().cloned()
}
