//! What each call does.

use faultline_lessons::catalogue;
use faultline_model::{SortedMap, Time};
use faultline_sim::{Run, Scenario, TreeJson};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use super::{Answer, act, export, get, json, measure, number, search};
use crate::lesson;
use crate::session::{Session, Trouble};

/// A script that steps through more than this at once would stop the page.
const MOST_STEPS: u32 = 1_000_000;

/// A call that answers at once.
pub fn now(session: Session, name: &str, argument: &JsValue) -> Answer {
    untrack(|| answer(session, name, argument))
}

fn answer(session: Session, name: &str, argument: &JsValue) -> Answer {
    match name {
        "view" => json(&*session.view()),
        "detail" => detail(session, argument),
        "step" => step(session, argument),
        "seek" => seek(session, argument),
        "play" => {
            session.play();
            Ok(JsValue::from_bool(session.playing.get()))
        }
        "pause" => {
            session.pause();
            Ok(JsValue::UNDEFINED)
        }
        "fork" => {
            session.fork();
            json(&session.branches())
        }
        "branches" => json(&session.branches()),
        "switchTo" => {
            let count = session.branches().len();
            let branch = number(argument).map(|branch| branch as usize).filter(|branch| *branch < count);
            let branch = branch.ok_or_else(|| {
                format!("switchTo takes the index of a branch, from 0 to {}", count.max(1) - 1)
            })?;
            session.switch(branch);
            json(&session.branches())
        }
        "digest" => Ok(session.digest().map(|digest| format!("{digest:016x}")).into()),
        "history" => json(&session.history()),
        "lesson" => json(&session.lesson.get()),
        "events" => events(session, argument),
        "run" => json(&session.run()),
        _ => Err(format!("there is no call `{name}`")),
    }
}

/// A call that answers later.
pub async fn later(session: Session, name: &str, argument: JsValue) -> Answer {
    match name {
        "load" => load(session, &argument).await,
        "act" => untrack(|| act::act(session, &argument)),
        "export" => export::export(session, &argument).await,
        "measure" => measure::measure(&argument).await,
        "protocols" => protocols().await,
        "search" => search::search(session, &argument).await,
        _ => Err(format!("there is no call `{name}`")),
    }
}

fn detail(session: Session, argument: &JsValue) -> Answer {
    let name = argument.as_string().ok_or("detail takes a node's id, such as \"S2\"")?;
    let cast = session.cast();
    let node = cast.find(&name).ok_or_else(|| act::no_node(&name, &cast))?;
    match session.detail(node) {
        Some(tree) => json(&TreeJson(&tree, &cast)),
        None => Ok(JsValue::NULL),
    }
}

fn step(session: Session, argument: &JsValue) -> Answer {
    let count = if argument.is_undefined() { Some(1) } else { number(argument) };
    let count = count.filter(|count| *count <= MOST_STEPS);
    let count = count.ok_or_else(|| format!("step takes a number of events, at most {MOST_STEPS}"))?;
    session.pause();
    session.steps(count);
    json(&*session.view())
}

fn seek(session: Session, argument: &JsValue) -> Answer {
    session.pause();
    let place = |name| get(argument, name).and_then(|value| value.as_f64()).filter(|value| *value >= 0.0);
    if let Some(event) = place("event") {
        session.seek(event as u32);
    } else if let Some(time) = place("time") {
        session.seek_time(Time(time as u64));
    } else if get(argument, "end").is_some_and(|end| end.is_truthy()) {
        session.to_end();
    } else {
        return Err("seek takes {event: 128}, {time: 1871000} (microseconds) or {end: true}".to_owned());
    }
    json(&*session.view())
}

#[derive(Serialize)]
struct EventLine {
    event: u32,
    at: Time,
    text: String,
    source: String,
    rule: String,
}

/// The sentences of the events up to the cursor, or of those asked for: `{from, to}`.
fn events(session: Session, argument: &JsValue) -> Answer {
    let bound = |name| get(argument, name).as_ref().and_then(number);
    let (from, to) = (bound("from").unwrap_or(1).max(1), bound("to").unwrap_or_else(|| session.cursor()));
    let records = session.events(from, to);
    let lines: Vec<EventLine> = records
        .iter()
        .zip(from..)
        .filter_map(|(record, event)| {
            let told = session.narrate(event)?;
            Some(EventLine { event, at: record.at, text: told.text, source: told.source, rule: told.rule })
        })
        .collect();
    json(&lines)
}

/// `{protocol, nodes, params, seed}`; params as an object of knobs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    protocol: String,
    #[serde(default)]
    nodes: u16,
    #[serde(default)]
    params: SortedMap<String, String>,
    #[serde(default)]
    seed: u64,
}

async fn load(session: Session, argument: &JsValue) -> Answer {
    let said = |Trouble(why)| why;
    if let Some(slug) = get(argument, "lesson").and_then(|slug| slug.as_string()) {
        let lesson = lesson::fetch(&slug).await?;
        session.load(lesson.scenario(&lesson.settings_at(0))).map_err(said)?;
    } else if let Some(run) = get(argument, "run") {
        let run = read_run(&run)?;
        fetch(&run.scenario.protocol).await?;
        session.restore(&run).map_err(said)?;
    } else {
        let wanted: Wanted = serde_wasm_bindgen::from_value(argument.clone()).map_err(|error| {
            format!("load takes {{lesson}}, {{run}} or {{protocol, nodes, params, seed}}: {error}")
        })?;
        let Wanted { protocol, nodes, params, seed } = wanted;
        let scenario = Scenario { protocol, lesson: None, nodes, seed, set: params.into_iter().collect() };
        fetch(&scenario.protocol).await?;
        session.load(scenario).map_err(said)?;
    }
    untrack(|| json(&*session.view()))
}

async fn fetch(protocol: &str) -> Result<(), String> {
    catalogue::fetch(protocol).await.map_err(|error| error.to_string())
}

/// All of them, each with its knobs, rules and properties.
async fn protocols() -> Answer {
    let mut infos = vec![];
    for entry in catalogue::protocols() {
        fetch(entry.slug).await?;
        infos.push(catalogue::describe(entry.slug).map_err(|error| error.to_string())?);
    }
    json(&infos)
}

/// A run as an object, or as text: a link, or JSON with or without a file around it.
fn read_run(value: &JsValue) -> Result<Run, String> {
    if let Some(text) = value.as_string() {
        if text.trim_start().starts_with('{') {
            return crate::exchange::run_of_json(&text);
        }
        let text = text.rsplit_once("#s=").map_or(text.as_str(), |(_, run)| run);
        return faultline_sim::link::decode(text).map_err(|error| error.to_string());
    }
    let run: Run =
        serde_wasm_bindgen::from_value(value.clone()).map_err(|error| format!("this is no run: {error}"))?;
    run.check().map_err(|error| error.to_string())?;
    Ok(run)
}
