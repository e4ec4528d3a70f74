//! What the stage draws of a process and of a message.

use faultline_model::{Caption, Cast, Cell, Glance, Hue, Shape};

use super::message::{Msg, Stamp};
use super::process::Process;

/// So many timestamps stand under a process.
const SHOWN: usize = 4;

fn joined(texts: impl Iterator<Item = String>, by: &str) -> String {
    texts.collect::<Vec<_>>().join(by)
}

pub fn process(process: &Process, cast: &Cast) -> Glance {
    let (role, shape, hue) = match process.want {
        Some(want) if want.inside => ("inside", Shape::Ringed, Hue::Amber),
        Some(_) => ("waiting", Shape::Hexagon, Hue::Violet),
        None => ("process", Shape::Circle, Hue::Sky),
    };
    let mut cells = vec![];
    // Where there is little room only the first stands there: the queue, once there is one.
    if !process.queue.is_empty() {
        cells.push(Cell::new("queue", joined(process.queue.iter().map(|stamp| stamp.text(cast)), " ")));
    }
    if !process.events.is_empty() {
        let last = process.events.len().saturating_sub(SHOWN);
        let stamps = process.events[last..].iter().map(|event| event.at.to_string());
        cells.push(Cell::new("events", joined(stamps, " ")));
    }
    if process.channels.held_back() > 0 {
        cells.push(Cell::new("held back", process.channels.held_back()));
    }
    Glance {
        role: role.to_owned(),
        shape,
        hue,
        epoch: Some(process.clock),
        epoch_name: "clock",
        cells,
        arc: process.is_inside().then_some("leave"),
    }
}

pub fn caption(msg: &Msg) -> Caption {
    let (verb, hue, reply) = match msg {
        Msg::Message(_) => ("message", Hue::Teal, false),
        Msg::Request(_) => ("request", Hue::Violet, false),
        Msg::Ack(_) => ("ack", Hue::Sky, true),
        Msg::Release(_) => ("release", Hue::Amber, false),
        Msg::Reply(_) => ("reply", Hue::Green, true),
    };
    Caption { verb: verb.to_owned(), text: format!("at {}", msg.sent().at), hue, reply }
}

/// For evidence: "the event at 3 of Q".
pub fn event(stamp: Stamp, cast: &Cast) -> String {
    format!("{}’s event at {}", cast.name(stamp.by), stamp.at)
}
