//! `act`: one intervention, as an object with one verb.

use faultline_model::{Cast, Chance, KnobKind, Latency, MsgId, NodeId, ParamField, ParseTimeError, Span};
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
    let text = view.because.as_ref().map(|because| because.text.clone()).unwrap_or_default();
    json(&Acted { event: view.event, at: view.time.0, text })
}

/// Why a name is no node.
pub fn no_node(name: &str, cast: &Cast) -> String {
    let known: Vec<&str> = cast.iter().map(|(_, member)| member.name.as_str()).take(40).collect();
    let name: String = name.chars().take(40).collect();
    format!("there is no node {name}; there are: {}", known.join(", "))
}

/// An object that says what to do, read with a system's names.
struct Wish<'a> {
    object: &'a JsValue,
    cast: &'a Cast,
}

impl Wish<'_> {
    fn node(&self, value: &JsValue) -> Result<NodeId, String> {
        let name = value.as_string().ok_or("a node is named by its id, such as \"S2\"")?;
        self.cast.find(&name).ok_or_else(|| no_node(&name, self.cast))
    }

    fn link(&self, value: &JsValue) -> Result<(NodeId, NodeId), String> {
        let ends: Option<&js_sys::Array> = value.dyn_ref();
        let ends = ends.filter(|ends| ends.length() == 2);
        let ends = ends.ok_or("a link is named by its ends, such as [\"S1\", \"S3\"]")?;
        Ok((self.node(&ends.get(0))?, self.node(&ends.get(1))?))
    }

    fn groups(&self, value: &JsValue) -> Result<Vec<Vec<NodeId>>, String> {
        let wrong = "a partition is a list of groups, such as [[\"S1\", \"S2\"], [\"S3\"]]";
        let list: &js_sys::Array = value.dyn_ref().ok_or(wrong)?;
        let group = |group: JsValue| {
            let group: &js_sys::Array = group.dyn_ref().ok_or(wrong)?;
            group.iter().map(|name| self.node(&name)).collect()
        };
        list.iter().map(group).collect()
    }

    fn text(&self, name: &str) -> Result<String, String> {
        let text = get(self.object, name).and_then(|value| value.as_string());
        text.ok_or_else(|| format!("{name} is missing"))
    }

    fn span(&self, name: &str) -> Result<Span, String> {
        let value = get(self.object, name);
        let value =
            value.ok_or_else(|| format!("{name} is missing: microseconds, or a text such as \"20ms\""))?;
        match (value.as_f64(), value.as_string()) {
            (Some(micros), _) if (0.0..=9e15).contains(&micros) => Ok(Span(micros as u64)),
            (_, Some(text)) => text.parse().map_err(|error: ParseTimeError| error.to_string()),
            _ => Err(format!("{name} is no length of time")),
        }
    }

    fn whole(&self, name: &str) -> Result<f64, String> {
        let value = get(self.object, name).and_then(|value| value.as_f64());
        let value = value.filter(|value| value.fract() == 0.0 && value.abs() < 9e15);
        value.ok_or_else(|| format!("{name} is a whole number"))
    }
}

/// The action that an object names: one property is the verb, the others say how much.
fn read(argument: &JsValue, cast: &Cast) -> Result<Action, String> {
    let wish = Wish { object: argument, cast };
    for (verb, value) in VERBS.iter().filter_map(|verb| Some((*verb, get(argument, verb)?))) {
        return Ok(match verb {
            "drop" => Action::Drop(message(&value)?),
            "deliver" => Action::Deliver(message(&value)?),
            "duplicate" => Action::Duplicate(message(&value)?),
            "delay" => Action::Delay(message(&value)?, wish.span("by")?),
            "crash" => Action::Crash(wish.node(&value)?),
            "restart" => {
                let empty = get(argument, "empty").is_some_and(|empty| empty.is_truthy());
                Action::Restart(wish.node(&value)?, if empty { Disk::Empty } else { Disk::Kept })
            }
            "pause" => Action::Pause(wish.node(&value)?),
            "resume" => Action::Resume(wish.node(&value)?),
            "sync" => Action::Sync(wish.node(&value)?),
            "take" => Action::Take(wish.node(&value)?),
            "skew" => Action::Skew(wish.node(&value)?, wish.whole("by")? as i64),
            "drift" => Action::Drift(wish.node(&value)?, wish.whole("ppm")? as i32),
            "slow" => Action::Slow(wish.node(&value)?, wish.whole("percent")?.max(0.0) as u32),
            "invoke" => Action::Invoke(wish.node(&value)?, wish.text("operation")?),
            "cut" => wish.link(&value).map(|(a, b)| Action::Cut(a, b))?,
            "heal" if value.as_string().as_deref() == Some("all") => Action::HealAll,
            "heal" => wish.link(&value).map(|(a, b)| Action::Heal(a, b))?,
            "partition" => Action::Partition(wish.groups(&value)?),
            "lose" => {
                let (a, b) = wish.link(&value)?;
                Action::Lose(a, b, Chance::read(&wish.text("share")?, &KnobKind::Chance)?)
            }
            "latency" => {
                let (a, b) = wish.link(&value)?;
                let latency = get(argument, "is")
                    .map(|_| Latency::read(&wish.text("is")?, &KnobKind::Latency))
                    .transpose()?;
                Action::Latency(a, b, latency)
            }
            _ => continue,
        });
    }
    Err(format!("act takes an object with one of: {}, script", VERBS.join(", ")))
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
    let number = text.strip_prefix('m').and_then(|number| number.parse().ok());
    number.map(MsgId).ok_or_else(|| "a message is named by its id, such as \"m17\"".to_owned())
}
