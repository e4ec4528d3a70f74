//! `act`: one intervention, as an object with one verb.

use faultline_model::{Cast, Chance, KnobKind, Latency, MsgId, NodeId, ParamField, Span};
use faultline_sim::{Action, Disk};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};

use super::{Answer, get, json};
use crate::session::{Session, Trouble};

/// What an action came to.
#[derive(Serialize)]
struct Acted {
    /// The number of the event.
    event: u32,
    /// When, microseconds.
    at: u64,
    /// Its sentence.
    text: String,
}

/// Does what `argument` asks for and says what happened.
pub fn act(session: Session, argument: &JsValue) -> Answer {
    let said = |Trouble(why)| why;
    if let Some(line) = get(argument, "script").and_then(|line| line.as_string()) {
        session.perform(&line).map_err(said)?;
    } else {
        let action = read(argument, &session.cast())?;
        session.act(action).map_err(said)?;
    }
    let view = session.view();
    let text = view
        .because
        .as_ref()
        .map(|because| because.text.clone())
        .unwrap_or_default();
    json(&Acted {
        event: view.event,
        at: view.time.0,
        text,
    })
}

/// Why a name is no node.
pub fn no_node(name: &str, cast: &Cast) -> String {
    let known: Vec<&str> = cast
        .iter()
        .map(|(_, member)| member.name.as_str())
        .take(40)
        .collect();
    let name: String = name.chars().take(40).collect();
    format!("there is no node {name}; there are: {}", known.join(", "))
}

/// The action that an object names: its first property is the verb, the rest says how much.
fn read(argument: &JsValue, cast: &Cast) -> Result<Action, String> {
    let node = |value: &JsValue| -> Result<NodeId, String> {
        let name = value
            .as_string()
            .ok_or("a node is named by its id, such as \"S2\"")?;
        cast.find(&name).ok_or_else(|| no_node(&name, cast))
    };
    let link = |value: &JsValue| -> Result<(NodeId, NodeId), String> {
        let ends: Option<&js_sys::Array> = value.dyn_ref();
        let ends = ends
            .filter(|ends| ends.length() == 2)
            .ok_or("a link is named by its ends, such as [\"S1\", \"S3\"]")?;
        Ok((node(&ends.get(0))?, node(&ends.get(1))?))
    };
    let more = |name: &str| get(argument, name);
    let text = |name: &str| {
        more(name)
            .and_then(|value| value.as_string())
            .ok_or_else(|| format!("{name} is missing"))
    };
    let span = |name: &str| -> Result<Span, String> {
        let value = more(name).ok_or_else(|| {
            format!("{name} is missing: microseconds, or a text such as \"20ms\"")
        })?;
        match (value.as_f64(), value.as_string()) {
            (Some(micros), _) if (0.0..=9e15).contains(&micros) => Ok(Span(micros as u64)),
            (_, Some(text)) => text
                .parse()
                .map_err(|error: faultline_model::ParseTimeError| error.to_string()),
            _ => Err(format!("{name} is no length of time")),
        }
    };
    let whole = |name: &str| -> Result<f64, String> {
        let value = more(name).and_then(|value| value.as_f64());
        value
            .filter(|value| value.fract() == 0.0 && value.abs() < 9e15)
            .ok_or_else(|| format!("{name} is a whole number"))
    };
    for (verb, value) in VERBS.iter().filter_map(|verb| Some((*verb, more(verb)?))) {
        return Ok(match verb {
            "drop" => Action::Drop(message(&value)?),
            "deliver" => Action::Deliver(message(&value)?),
            "duplicate" => Action::Duplicate(message(&value)?),
            "delay" => Action::Delay(message(&value)?, span("by")?),
            "crash" => Action::Crash(node(&value)?),
            "restart" => {
                let empty = more("empty").is_some_and(|empty| empty.is_truthy());
                Action::Restart(node(&value)?, if empty { Disk::Empty } else { Disk::Kept })
            }
            "pause" => Action::Pause(node(&value)?),
            "resume" => Action::Resume(node(&value)?),
            "sync" => Action::Sync(node(&value)?),
            "take" => Action::Take(node(&value)?),
            "skew" => Action::Skew(node(&value)?, whole("by")? as i64),
            "drift" => Action::Drift(node(&value)?, whole("ppm")? as i32),
            "slow" => Action::Slow(node(&value)?, whole("percent")?.max(0.0) as u32),
            "invoke" => Action::Invoke(node(&value)?, text("operation")?),
            "cut" => link(&value).map(|(a, b)| Action::Cut(a, b))?,
            "heal" if value.as_string().as_deref() == Some("all") => Action::HealAll,
            "heal" => link(&value).map(|(a, b)| Action::Heal(a, b))?,
            "partition" => Action::Partition(groups(&value, &node)?),
            "lose" => {
                let (a, b) = link(&value)?;
                Action::Lose(a, b, Chance::read(&text("share")?, &KnobKind::Chance)?)
            }
            "latency" => {
                let (a, b) = link(&value)?;
                let latency = more("is")
                    .map(|_| Latency::read(&text("is")?, &KnobKind::Latency))
                    .transpose()?;
                Action::Latency(a, b, latency)
            }
            _ => continue,
        });
    }
    Err(format!(
        "act takes an object with one of: {}, script",
        VERBS.join(", ")
    ))
}

const VERBS: [&str; 19] = [
    "drop",
    "deliver",
    "duplicate",
    "delay",
    "crash",
    "restart",
    "pause",
    "resume",
    "sync",
    "take",
    "skew",
    "drift",
    "slow",
    "invoke",
    "cut",
    "heal",
    "partition",
    "lose",
    "latency",
];

/// "m17".
fn message(value: &JsValue) -> Result<MsgId, String> {
    let text = value.as_string().unwrap_or_default();
    let number = text
        .strip_prefix('m')
        .and_then(|number| number.parse().ok());
    number
        .map(MsgId)
        .ok_or_else(|| "a message is named by its id, such as \"m17\"".to_owned())
}

fn groups(
    value: &JsValue,
    node: &dyn Fn(&JsValue) -> Result<NodeId, String>,
) -> Result<Vec<Vec<NodeId>>, String> {
    let wrong = "a partition is a list of groups, such as [[\"S1\", \"S2\"], [\"S3\"]]";
    let list: &js_sys::Array = value.dyn_ref().ok_or(wrong)?;
    list.iter()
        .map(|group| {
            let group: &js_sys::Array = group.dyn_ref().ok_or(wrong)?;
            group.iter().map(|name| node(&name)).collect()
        })
        .collect()
}
