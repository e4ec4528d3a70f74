//! `on`: who wants to know what happens. Derived from the session's signals, never asked by them.

use std::cell::RefCell;
use std::rc::Rc;

use faultline_model::SortedSet;
use js_sys::{Function, Object};
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use super::{call, error, function, json, post, put};
use crate::session::Session;

const NAMES: [&str; 5] = ["ready", "event", "goal", "complete", "resize"];

/// Those who asked to be told, by what of.
#[derive(Default)]
struct Subscribers {
    next: u32,
    all: Vec<(u32, String, Function)>,
    /// What came before anybody listened and is told to those who come late: readiness.
    ready: Option<JsValue>,
}

/// Adds `on` to the object and watches the session.
pub fn install(session: Session, api: &Object) {
    let subscribers = Rc::new(RefCell::new(Subscribers::default()));
    let known = subscribers.clone();
    let on = Closure::<dyn Fn(JsValue, JsValue) -> Result<JsValue, JsValue>>::new(
        move |name: JsValue, f: JsValue| {
            let name = name.as_string().filter(|name| NAMES.contains(&name.as_str()));
            let name = name.ok_or_else(|| error(&format!("on takes one of: {}", NAMES.join(", "))))?;
            let f = function(&f).ok_or_else(|| error("on takes a function to call"))?;
            Ok(subscribe(&known, name, f))
        },
    );
    put(api, "on", &on.into_js_value());
    let tell = move |name: &str, value: &JsValue| {
        let told: Vec<Function> = {
            let mut subscribers = subscribers.borrow_mut();
            if name == "ready" {
                subscribers.ready = Some(value.clone());
            }
            subscribers.all.iter().filter(|(_, wanted, _)| wanted == name).map(|(.., f)| f.clone()).collect()
        };
        for f in told {
            call(&f, value);
        }
        post::tell(name, value);
    };
    watch(session, tell);
}

fn subscribe(subscribers: &Rc<RefCell<Subscribers>>, name: String, f: Function) -> JsValue {
    let late = subscribers.borrow().ready.clone().filter(|_| name == "ready");
    if let Some(value) = late {
        call(&f, &value);
    }
    let id = {
        let mut subscribers = subscribers.borrow_mut();
        subscribers.next += 1;
        let id = subscribers.next;
        subscribers.all.push((id, name, f));
        id
    };
    let subscribers = subscribers.clone();
    Closure::<dyn Fn()>::new(move || {
        subscribers.borrow_mut().all.retain(|(other, ..)| *other != id);
    })
    .into_js_value()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    event: u32,
    time: u64,
    text: String,
    source: String,
}

/// Tells of the session's changes.
fn watch(session: Session, tell: impl Fn(&str, &JsValue) + Clone + 'static) {
    let say = tell.clone();
    Effect::new(move |was: Option<(bool, u64)>| {
        let (loaded, revision) = session.moment().with(|moment| (moment.loaded, moment.revision));
        let (was_loaded, was_revision) = was.unwrap_or_default();
        if loaded && !was_loaded {
            say("ready", &untrack(|| json(&*session.view())).unwrap_or_default());
        }
        if loaded && revision != was_revision {
            let view = untrack(|| session.view());
            let because = view.because.clone().unwrap_or_default();
            let told =
                Told { event: view.event, time: view.time.0, text: because.text, source: because.source };
            say("event", &json(&told).unwrap_or_default());
        }
        (loaded, revision)
    });
    let say = tell.clone();
    Effect::new(move |was: Option<(SortedSet<String>, bool)>| {
        let Some(status) = session.lesson.get() else {
            return Default::default();
        };
        let met: SortedSet<String> =
            status.goals.iter().filter(|goal| goal.met).map(|goal| goal.id.clone()).collect();
        // What a learner brought from an earlier visit is no news.
        if let Some((was_met, was_complete)) =
            was.filter(|(met, complete)| *complete || !met.is_empty() || status.step > 0)
        {
            for goal in status.goals.iter().filter(|goal| goal.met && !was_met.contains(&goal.id)) {
                say("goal", &json(goal).unwrap_or_default());
            }
            if status.completed && !was_complete {
                say("complete", &json(&status).unwrap_or_default());
            }
        }
        (met, status.completed)
    });
    resize(tell);
}

/// Tells how high the page is, at first and whenever it changes.
fn resize(tell: impl Fn(&str, &JsValue) + 'static) {
    let Some(body) = document().body() else {
        return;
    };
    let told = RefCell::new(-1.0);
    let observer = Closure::<dyn Fn()>::new(move || {
        let height = document().document_element().map_or(0.0, |html| f64::from(html.scroll_height()));
        if (height - told.replace(height)).abs() >= 1.0 {
            tell("resize", &JsValue::from_f64(height));
        }
    })
    .into_js_value();
    let Some(observer) = function(&observer) else {
        return;
    };
    if let Ok(observer) = web_sys::ResizeObserver::new(&observer) {
        observer.observe(&body);
        // It watches as long as the page lives.
        std::mem::forget(observer);
    }
}
