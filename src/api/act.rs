//! `act`: one intervention, as an object with one verb.

use faultline_model::{
    Bandwidth, Cast, Chance, KnobKind, Latency, MsgId, NodeId, ParamField, ParseTimeError, Span,
};
use faultline_sim::{Action, Correction, Disk, ScriptError, Workload};
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

    /// Whether a property is there and not false.
    fn has(&self, name: &str) -> bool {
        get(self.object, name).is_some_and(|value| value.is_truthy())
    }

    /// What is done to a link; `None` for a verb that does something else.
    fn of_link(&self, verb: &str, value: &JsValue) -> Result<Option<Action>, String> {
        let ends = || self.link(value);
        Ok(Some(match verb {
            "dropAll" => ends().and_then(|(a, b)| Ok(Action::DropAll(a, b, self.text("kind")?)))?,
            "letThrough" => ends().and_then(|(a, b)| Ok(Action::LetThrough(a, b, self.text("kind")?)))?,
            "hold" => ends().map(|(a, b)| Action::Hold(a, b))?,
            "release" => ends().map(|(a, b)| Action::Release(a, b))?,
            "cut" => ends().map(|(a, b)| Action::Cut(a, b))?,
            "heal" if value.as_string().as_deref() == Some("all") => Action::HealAll,
            "heal" => ends().map(|(a, b)| Action::Heal(a, b))?,
            "lose" | "repeat" => {
                let (a, b) = ends()?;
                let share = Chance::read(&self.text("share")?, &KnobKind::Chance)?;
                if verb == "lose" { Action::Lose(a, b, share) } else { Action::Repeat(a, b, share) }
            }
            "order" => ends().map(|(a, b)| Action::Order(a, b, self.has("kept")))?,
            "bandwidth" | "latency" => {
                let (a, b) = ends()?;
                let is = self.has("is").then(|| self.text("is")).transpose()?;
                if verb == "latency" {
                    let latency = is.map(|is| Latency::read(&is, &KnobKind::Latency)).transpose()?;
                    Action::Latency(a, b, latency)
                } else {
                    let bandwidth = is.map(|is| Bandwidth::read(&is, &KnobKind::Bandwidth)).transpose()?;
                    Action::Bandwidth(a, b, bandwidth)
                }
            }
            _ => return Ok(None),
        }))
    }

    /// What is done to a node's disk.
    fn disk(&self, node: NodeId) -> Result<Action, String> {
        Ok(match () {
            () if self.text("latency").is_ok_and(|text| text == "default") => Action::DiskLatency(node, None),
            () if get(self.object, "latency").is_some() => {
                Action::DiskLatency(node, Some(self.span("latency")?))
            }
            () if self.has("slow") => Action::DiskSlow(node, self.whole("slow")?.max(0.0) as u32),
            () if self.has("full") => Action::DiskFull(node, true),
            () if self.has("free") => Action::DiskFull(node, false),
            () => {
                return Err("a disk takes latency (microseconds, a text such as \"20ms\", or \"default\"), \
                            slow (per cent), full: true or free: true"
                    .to_owned());
            }
        })
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

/// A workload as a script says it, "open 50/s", or "stop".
fn workload(value: &JsValue, cast: &Cast) -> Result<Action, String> {
    let text = value.as_string().ok_or("a workload is a text, such as \"open 50/s\", or \"stop\"")?;
    if text == "stop" {
        return Ok(Action::EndWorkload);
    }
    let named: Workload<String> = text.parse().map_err(|error: ScriptError| error.to_string())?;
    let node = |name: &String| cast.find(name).ok_or_else(|| no_node(name, cast));
    named.rename(node).map(|spec| Action::Workload(Box::new(spec)))
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
            "crash" if wish.has("keepingWrites") => Action::Kill(wish.node(&value)?),
            "crash" => Action::Crash(wish.node(&value)?),
            "disk" => wish.disk(wish.node(&value)?)?,
            "corrupt" => Action::Corrupt(wish.node(&value)?),
            "add" => Action::Add,
            "remove" => Action::Remove(wish.node(&value)?),
            "lie" => Action::Lie(wish.node(&value)?, wish.text("as")?),
            "honest" => Action::Honest(wish.node(&value)?),
            "workload" => workload(&value, cast)?,
            "jump" => Action::Jump(wish.node(&value)?, wish.whole("by")? as i64),
            "syncClock" => {
                let how = match wish.text("how")?.as_str() {
                    "step" => Correction::Step,
                    "slew" => Correction::Slew,
                    _ => return Err("how is \"step\" or \"slew\"".to_owned()),
                };
                let with = get(argument, "with").unwrap_or(JsValue::UNDEFINED);
                Action::SyncClock(wish.node(&value)?, wish.node(&with)?, how)
            }
            "restart" => {
                Action::Restart(wish.node(&value)?, if wish.has("empty") { Disk::Empty } else { Disk::Kept })
            }
            "pause" => Action::Pause(wish.node(&value)?),
            "resume" => Action::Resume(wish.node(&value)?),
            "sync" => Action::Sync(wish.node(&value)?),
            "take" => Action::Take(wish.node(&value)?),
            "skew" => Action::Skew(wish.node(&value)?, wish.whole("by")? as i64),
            "drift" => Action::Drift(wish.node(&value)?, wish.whole("ppm")? as i32),
            "slow" => Action::Slow(wish.node(&value)?, wish.whole("percent")?.max(0.0) as u32),
            "invoke" => Action::Invoke(wish.node(&value)?, wish.text("operation")?),
            "partition" => Action::Partition(wish.groups(&value)?),
            _ => match wish.of_link(verb, &value)? {
                Some(action) => action,
                None => continue,
            },
        });
    }
    Err(format!("act takes an object with one of: {}, script", VERBS.join(", ")))
}

/// The first of these that an object has says what is done; `disk` takes some of the others as its own.
const VERBS: [&str; 35] = [
    "disk",
    "corrupt",
    "add",
    "remove",
    "lie",
    "honest",
    "workload",
    "jump",
    "syncClock",
    "dropAll",
    "letThrough",
    "hold",
    "release",
    "bandwidth",
    "repeat",
    "order",
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
