//! What the stage draws of replicas, clients and messages.

use faultline_model::{Caption, Cast, Cell, Glance, Hue, Shape, SortedSet};

use super::client::Client;
use super::message::Msg;
use super::replica::{Replica, Version};

fn words(items: &SortedSet<String>) -> String {
    items.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn each(versions: &[Version], text: impl Fn(&Version) -> String) -> String {
    versions.iter().map(text).collect::<Vec<_>>().join(" ∥ ")
}

pub fn replica(replica: &Replica, cast: &Cast) -> Glance {
    let siblings = replica.versions.len();
    let mut cells = vec![];
    // More than two side by side are as wide as the stage: their number, as the role, says enough.
    if matches!(siblings, 1 | 2) {
        cells.push(Cell::new("clock", each(&replica.versions, |version| version.clock.text(cast))));
        cells.push(Cell::new("cart", each(&replica.versions, |version| words(&version.items))));
    }
    Glance {
        // Siblings are said where nothing but the role has room, too.
        role: if siblings > 1 { format!("{siblings} siblings") } else { "replica".to_owned() },
        shape: Shape::Circle,
        hue: if siblings > 1 { Hue::Rose } else { Hue::Sky },
        cells,
        ..Glance::default()
    }
}

pub fn client(client: &Client, cast: &Cast) -> Glance {
    let mut cells = vec![];
    if !client.context.0.is_empty() {
        cells.push(Cell::new("knows", client.context.text(cast)));
    }
    Glance {
        role: "client".to_owned(),
        shape: Shape::Square,
        hue: Hue::Grey,
        cells,
        arc: client.open.as_ref().map(|_| "timeout"),
        ..Glance::default()
    }
}

pub fn caption(msg: &Msg, cast: &Cast) -> Caption {
    let caption = |verb: &str, text: String, hue, reply| Caption { verb: verb.to_owned(), text, hue, reply };
    match msg {
        Msg::Get { .. } => caption("get", String::new(), Hue::Sky, false),
        Msg::Versions { versions, .. } => {
            caption("versions", each(versions, |version| version.clock.text(cast)), Hue::Green, true)
        }
        Msg::Put { items, context, .. } => {
            caption("put", format!("{} after [{}]", words(items), context.text(cast)), Hue::Amber, false)
        }
        Msg::Stored { versions, .. } => {
            caption("stored", each(versions, |version| version.clock.text(cast)), Hue::Green, true)
        }
        Msg::Replicate { versions } => {
            caption("replicate", each(versions, |version| version.clock.text(cast)), Hue::Teal, false)
        }
    }
}
