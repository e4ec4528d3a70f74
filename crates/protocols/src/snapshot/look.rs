//! What the stage draws of a process and of a message.

use faultline_model::{Caption, Cell, Glance, Hue, Shape};

use super::message::Msg;
use super::process::Process;

pub fn process(process: &Process) -> Glance {
    let mut cells = vec![Cell::new("has", process.local.money)];
    let last = process.recordings.values().last();
    let (role, shape, hue) = match last {
        None => ("process", Shape::Circle, Hue::Sky),
        Some(recording) if recording.is_complete() => ("recorded", Shape::Circle, Hue::Green),
        Some(_) => ("recording", Shape::Hexagon, Hue::Violet),
    };
    if let Some(recording) = last {
        let own = recording.local.money;
        // One cell, so that both are seen where there is room for one only.
        cells.push(match recording.coming() {
            0 => Cell::new("photo", own),
            coming => Cell::new("photo", format!("{own}, on the way {coming}")),
        });
    }
    let held_back = process.channels.held_back();
    if held_back > 0 {
        cells.push(Cell::new("held back", held_back));
    }
    Glance { role: role.to_owned(), shape, hue, cells, ..Glance::default() }
}

pub fn caption(msg: &Msg) -> Caption {
    let (verb, text, hue) = match msg {
        Msg::Pay { amount, .. } => ("pay", amount.to_string(), Hue::Amber),
        Msg::Marker { .. } => ("marker", String::new(), Hue::Violet),
        Msg::Save { .. } => ("save", String::new(), Hue::Rose),
    };
    Caption { verb: verb.to_owned(), text, hue, reply: false }
}
