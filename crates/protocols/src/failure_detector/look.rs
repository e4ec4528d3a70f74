//! What the stage draws of monitor, peers and heartbeats.

use faultline_model::{Caption, Cast, Cell, Glance, Hue, Shape};

use super::{FailureDetector, Monitor, Msg, Watched};

fn opinion(watched: &Watched) -> String {
    let verdict = match (watched.timeout.suspects, watched.accrual.suspects) {
        (false, false) => "",
        (true, false) => ", timeout",
        (false, true) => ", suspected",
        (true, true) => ", both",
    };
    format!("φ {}{verdict}", watched.phi)
}

fn monitor(monitor: &Monitor, cast: &Cast) -> Glance {
    let suspects = monitor.peers.values().any(|peer| peer.timeout.suspects || peer.accrual.suspects);
    let (role, hue) = if suspects { ("suspecting", Hue::Red) } else { ("trusting", Hue::Green) };
    let cells = monitor.peers.iter().take(3).map(|(&id, peer)| Cell::new(cast.name(id), opinion(peer)));
    Glance { role: role.to_owned(), shape: Shape::Ringed, hue, cells: cells.collect(), ..Glance::default() }
}

pub fn node(node: &FailureDetector, cast: &Cast) -> Glance {
    match node {
        FailureDetector::Monitor(watching) => monitor(watching, cast),
        FailureDetector::Peer(peer) => Glance {
            role: "peer".to_owned(),
            cells: vec![Cell::new("sent", peer.sent)],
            arc: Some("beat"),
            ..Glance::default()
        },
    }
}

pub fn message(msg: &Msg) -> Caption {
    let Msg::Heartbeat { number } = msg;
    Caption { verb: "heartbeat".to_owned(), text: format!("#{number}"), hue: Hue::Teal, reply: false }
}
