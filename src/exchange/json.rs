//! Runs as JSON, written and read by the browser's own JSON.

use faultline_sim::{Intervention, Run, RunFile};
use js_sys::{Array, JSON, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

/// What a file of JSON holds: a run, and what its file says of it if it says anything.
pub struct Read {
    /// The run.
    pub run: Run,
    /// All of the file, unless it is a run without anything around it.
    pub file: Option<RunFile>,
}

/// A value as indented JSON.
pub fn text(value: &impl Serialize) -> Result<String, String> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    let value = value.serialize(&serializer).map_err(|error| error.to_string())?;
    let text = JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, &JsValue::from_f64(1.0));
    text.map(String::from).map_err(|_| "the run cannot be written as JSON".to_owned())
}

/// The run in a text of JSON, with or without a file around it.
pub fn run_of_json(text: &str) -> Result<Run, String> {
    read(text).map(|read| read.run)
}

/// Reads a run; the error says what is wrong where.
pub fn read(text: &str) -> Result<Read, String> {
    let value = JSON::parse(text).map_err(|error| {
        let why = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
        format!("this is no JSON: {}", why.unwrap_or_default())
    })?;
    let Some(format) = property(&value, "format") else {
        let run = read_run(&value)?;
        return Ok(Read { run, file: None });
    };
    if format.as_string().as_deref() != Some(RunFile::FORMAT) {
        return Err(format!("this JSON is no run: its format is not “{}”", RunFile::FORMAT));
    }
    if property(&value, "version")
        .and_then(|version| version.as_f64())
        .is_some_and(|v| v > RunFile::VERSION.into())
    {
        return Err(
            "this run was made by a newer Faultline: reload the page to get the current one".to_owned()
        );
    }
    let run = read_run(&property(&value, "run").ok_or("this file has no `run` in it")?)?;
    let file: RunFile = typed(&value)?;
    Ok(Read { run, file: Some(file) })
}

fn read_run(value: &JsValue) -> Result<Run, String> {
    let expected = "a run has `version`, `scenario`, `interventions`, `cursor` and `length`";
    if !value.is_object() || Array::is_array(value) {
        return Err(format!("this JSON is no run: {expected}"));
    }
    // One by one, so that the error can say which.
    if let Some(all) = property(value, "interventions").filter(Array::is_array) {
        let all: Array = all.unchecked_into();
        if all.length() as usize > Run::MAX_INTERVENTIONS {
            return Err(format!(
                "it has {} interventions; at most {} are read",
                all.length(),
                Run::MAX_INTERVENTIONS
            ));
        }
        for (place, one) in all.iter().enumerate() {
            typed::<Intervention>(&one)
                .map_err(|why| format!("intervention {} cannot be read: {why}", place + 1))?;
        }
    }
    let run: Run = typed(value).map_err(|why| format!("this JSON is no run: {why}; {expected}"))?;
    run.check().map_err(|error| error.to_string())?;
    Ok(run)
}

/// Of a longer error only the beginning is shown: some list everything that would be right.
const LONGEST: usize = 160;

fn typed<T: DeserializeOwned>(value: &JsValue) -> Result<T, String> {
    serde_wasm_bindgen::from_value(value.clone()).map_err(|error| {
        let text = error.to_string();
        let text = text.trim_start_matches("Error: ");
        match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.to_owned(),
        }
    })
}

fn property(value: &JsValue, name: &str) -> Option<JsValue> {
    if !value.is_object() {
        return None;
    }
    Reflect::get(value, &name.into()).ok().filter(|value| !value.is_undefined())
}
