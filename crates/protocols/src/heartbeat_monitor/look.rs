//! What the stage draws of the monitor, servers, clients and messages.

use faultline_model::{Caption, Cast, Cell, Glance, Hue, NodeId, Shape};

use super::{Belief, Client, Knobs, Msg, Server, Watch, Who};

/// So many values fit under a node.
const CELLS: usize = 3;

fn names(cast: &Cast, nodes: &[NodeId]) -> String {
    let names: Vec<&str> = nodes.iter().map(|&node| cast.name(node)).collect();
    if names.is_empty() { "nobody".to_owned() } else { names.join(" ") }
}

fn glance(role: &str, shape: Shape, hue: Hue, cells: Vec<Cell>, arc: &'static str) -> Glance {
    Glance { role: role.to_owned(), shape, hue, cells, arc: Some(arc), ..Glance::default() }
}

pub fn monitor(watch: &Watch, cast: &Cast) -> Glance {
    let light = |(&node, belief): (&NodeId, &Belief)| {
        Cell::new(cast.name(node), if *belief == Belief::Alive { "alive" } else { "dead" })
    };
    let cells = if watch.0.len() <= CELLS {
        watch.0.iter().map(light).collect()
    } else {
        vec![Cell::new("dead", names(cast, &watch.dead()))]
    };
    glance("monitor", Shape::Ringed, Hue::Amber, cells, "ping")
}

pub fn server(server: &Server, params: &Knobs, cast: &Cast) -> Glance {
    let mut cells = vec![Cell::new("value", if server.value.is_empty() { "nothing" } else { &server.value })];
    if params.watch == Who::All {
        cells.push(Cell::new("dead", names(cast, &server.sees.dead())));
    }
    glance("server", Shape::Circle, Hue::Sky, cells, "ping")
}

pub fn client(client: &Client) -> Glance {
    let role = if client.waiting.is_empty() { "client" } else { "waiting" };
    glance(role, Shape::Square, Hue::Grey, vec![], "patience")
}

pub fn caption(msg: &Msg, cast: &Cast) -> Caption {
    let of = |verb: &str, text: String, hue, reply| Caption { verb: verb.to_owned(), text, hue, reply };
    match msg {
        Msg::Ping => of("ping", String::new(), Hue::Amber, false),
        Msg::Pong => of("pong", String::new(), Hue::Green, true),
        Msg::Write { value, .. } => of("write", value.clone(), Hue::Teal, false),
        Msg::Written { .. } => of("written", String::new(), Hue::Green, true),
        Msg::Ask { .. } => of("who is dead?", String::new(), Hue::Violet, false),
        Msg::Dead { dead, .. } => of("dead", names(cast, dead), Hue::Violet, true),
    }
}
