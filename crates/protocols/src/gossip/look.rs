//! What the stage draws of sites and messages.

use faultline_model::{Caption, Cell, Glance, Hue, Shape};

use super::{Gossip, Knobs, Msg, Update};

pub fn site(site: &Gossip, params: &Knobs) -> Glance {
    // Databases that were there before are replicas; a rumor among empty ones is an epidemic.
    let (role, shape, hue) = match (params.keys > 0, site.store.is_empty(), site.hot.is_empty()) {
        (true, _, _) => ("replica", Shape::Cylinder, Hue::Teal),
        (false, true, _) => ("susceptible", Shape::Circle, Hue::Grey),
        (false, false, false) => ("infective", Shape::Hexagon, Hue::Rose),
        (false, false, true) => ("removed", Shape::Ringed, Hue::Green),
    };
    let mut cells = vec![];
    if site.store.len() > 2 {
        cells.push(Cell::new("keys", site.store.len()));
    } else {
        let shown = |item: &super::Item| item.value.as_deref().unwrap_or("deleted").to_owned();
        cells.extend(site.store.iter().map(|(key, item)| Cell::new(&key.to_string(), shown(item))));
    }
    if site.compared > 0 {
        cells.push(Cell::new("compared", site.compared));
    }
    Glance { role: role.to_owned(), shape, hue, cells, ..Glance::default() }
}

fn text(updates: &[Update]) -> String {
    match updates {
        [] => String::new(),
        [one] => match &one.value {
            Some(value) => format!("{}={value}", one.key),
            None => format!("{} deleted", one.key),
        },
        many => format!("{} updates", many.len()),
    }
}

pub fn message(msg: &Msg) -> Caption {
    let caption = |verb: &str, text: String, hue, reply| Caption { verb: verb.to_owned(), text, hue, reply };
    match msg {
        Msg::Push { updates } => caption("push", text(updates), Hue::Amber, false),
        Msg::Pull { updates } => caption("pull", text(updates), Hue::Sky, false),
        Msg::Feedback { useless } => {
            let knew = useless.iter().all(|(_, knew)| *knew);
            caption(if knew { "knew it" } else { "news" }, String::new(), Hue::Grey, true)
        }
        Msg::Hashes { nodes } => {
            let level = nodes.first().map_or(0, |(node, _)| node.ilog2());
            caption("hashes", format!("level {level}"), Hue::Violet, level > 0)
        }
        Msg::Entries { updates, answer, .. } => caption("entries", text(updates), Hue::Teal, *answer),
    }
}
