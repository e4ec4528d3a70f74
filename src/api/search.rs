//! `search`: whether the run on stage can break, asked of the worker.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::{Answer, call, error, get, json, number};
use crate::checks::{BUDGETS, Budgets};
use crate::session::Session;
use crate::worker::{self, Ended, Told};

/// What a search came to.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Searched<'a> {
    states: u32,
    depth: u32,
    exhausted: bool,
    /// "found", "exhausted", "too-deep", "too-many-states", "out-of-memory".
    ended: Ended,
    bounds: &'a str,
    milliseconds: f64,
    property: Option<&'a str>,
    steps: Option<u32>,
    /// The counterexample as a script, from the start of the run.
    counterexample: Option<&'a str>,
    /// The same as the text of a link, its cursor before the last event.
    run: Option<&'a str>,
}

/// `{property, faults, maxStates}`; `faults` is a number of faults of any kind, or an object of budgets
/// such as `{restarts: 1, timeouts: 2}`. `from: "here"` begins at the cursor instead of at the start;
/// `clocks: true` has timers fire in the order of the nodes' clocks instead of at any time.
pub async fn search(session: Session, argument: &JsValue) -> Answer {
    let property = get(argument, "property").and_then(|property| property.as_string());
    let from = get(argument, "from").and_then(|from| from.as_string());
    let from_here = match from.as_deref() {
        Some("here") => true,
        None | Some("start") => false,
        Some(_) => return Err("from is \"start\" or \"here\"".to_owned()),
    };
    let budgets = budgets(argument)?;
    let question = untrack(|| budgets.question(session, property, from_here));
    let question = question.ok_or("no run is loaded yet")?;
    // The search lives until it has told its end.
    let kept = Rc::new(RefCell::new(None));
    let holder = kept.clone();
    let mut question = Some(question);
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        let holder = holder.clone();
        let Some(question) = question.take() else { return };
        let pursuit = worker::ask(question, move |told| match told {
            Told::Done(answer) => {
                call(&resolve, &read(&answer).unwrap_or_default());
                drop_later(&holder);
            }
            Told::Failed(why) => {
                call(&reject, &error(&why));
                drop_later(&holder);
            }
            Told::Ready | Told::Progress(_) => {}
        });
        kept.replace(Some(pursuit));
    });
    JsFuture::from(promise).await.map_err(|thrown| {
        let message = get(&thrown, "message").and_then(|message| message.as_string());
        message.unwrap_or_else(|| "the search failed".to_owned())
    })
}

/// Not at once: what is dropped is what is being called.
fn drop_later(holder: &Rc<RefCell<Option<worker::Pursuit>>>) {
    let holder = holder.clone();
    leptos::task::spawn_local(async move {
        holder.take();
    });
}

fn read(answer: &worker::Answer) -> Answer {
    let found = answer.found.as_ref();
    json(&Searched {
        states: answer.reached.states,
        depth: answer.reached.depth,
        exhausted: answer.ended == Ended::Exhausted,
        ended: answer.ended,
        bounds: &answer.bounds,
        milliseconds: answer.reached.millis,
        property: found.map(|found| found.property.as_str()),
        steps: found.map(|found| found.steps),
        counterexample: found.map(|found| found.script.as_str()),
        run: found.map(|found| found.run.as_str()),
    })
}

/// The most faults of any kind.
const MOST_FAULTS: u32 = 20;

/// Whether every budget of an object is one: a misspelt one would silently be left out.
fn known(budgets: &JsValue) -> Result<(), String> {
    let keys = Reflect::own_keys(budgets).unwrap_or_default();
    let stranger = keys
        .iter()
        .filter_map(|key| key.as_string())
        .find(|key| BUDGETS.iter().all(|budget| budget.name != key));
    stranger.map_or(Ok(()), |key| {
        let names: Vec<&str> = BUDGETS.iter().map(|budget| budget.name).collect();
        Err(format!("there is no budget `{key}`; there are: {}", names.join(", ")))
    })
}

fn budgets(argument: &JsValue) -> Result<Budgets, String> {
    let clocks = get(argument, "clocks").is_some_and(|clocks| clocks.is_truthy());
    let mut budgets = Budgets { clocks, ..Budgets::default() };
    let faults = get(argument, "faults");
    match &faults {
        Some(many) if many.is_object() => known(many)?,
        Some(many) => {
            let count = number(many).filter(|count| *count <= MOST_FAULTS);
            let right =
                || format!("faults is a whole number from 0 to {MOST_FAULTS}, or an object of budgets");
            let count = count.ok_or_else(right)?;
            budgets.faults = count as u8;
            // Drops, duplicates, restarts and crashes for good, as many of each as there may be in all.
            budgets.values[1..5].fill(count);
        }
        None => {}
    }
    for (place, budget) in BUDGETS.iter().enumerate() {
        let of = |object: &JsValue| get(object, budget.name);
        if let Some(value) = of(argument).or_else(|| faults.as_ref().and_then(of)) {
            budgets.set(place, number(&value))?;
        }
    }
    Ok(budgets)
}
