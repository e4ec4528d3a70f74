//! What the stage draws of members and messages.

use faultline_model::{Caption, Cast, Cell, Glance, Hue, NodeId, Shape};

use super::{Detector, Health, Knobs, Msg, Swim, Update};

/// Up to two names, and how many more.
fn names(ids: &[NodeId], cast: &Cast) -> String {
    let mut text = ids.iter().take(2).map(|&id| cast.name(id)).collect::<Vec<_>>().join(" ");
    if ids.len() > 2 {
        text.push_str(&format!(" +{}", ids.len() - 2));
    }
    text
}

pub fn member(member: &Swim, params: &Knobs, cast: &Cast) -> Glance {
    let of = |health| {
        let those = member.members.iter().filter(move |(_, opinion)| opinion.health == health);
        those.map(|(&id, _)| id).collect::<Vec<_>>()
    };
    let (suspects, faulty) = (of(Health::Suspect), of(Health::Faulty));
    let (role, shape, hue) = match (suspects.is_empty(), faulty.is_empty()) {
        (_, false) => ("confirming", Shape::Hexagon, Hue::Red),
        (false, true) => ("suspecting", Shape::Hexagon, Hue::Amber),
        (true, true) => ("member", Shape::Circle, Hue::Sky),
    };
    let mut cells = vec![];
    if !faulty.is_empty() {
        cells.push(Cell::new("faulty", names(&faulty, cast)));
    }
    if !suspects.is_empty() {
        cells.push(Cell::new("suspects", names(&suspects, cast)));
    }
    let swim = params.detector == Detector::Swim;
    Glance {
        role: role.to_owned(),
        shape,
        hue,
        epoch: (swim && member.incarnation > 0).then_some(member.incarnation),
        epoch_name: "incarnation",
        cells,
        arc: Some("period"),
    }
}

fn text(news: &[Update], cast: &Cast) -> String {
    match news {
        [] => String::new(),
        [first, rest @ ..] => {
            let said = match first.opinion.health {
                Health::Alive => "alive",
                Health::Suspect => "suspect",
                Health::Faulty => "faulty",
            };
            let more = if rest.is_empty() { "" } else { " …" };
            format!("{} {said}{more}", cast.name(first.about))
        }
    }
}

pub fn message(msg: &Msg, cast: &Cast) -> Caption {
    let caption = |verb: String, text: String, hue: Hue, reply: bool| Caption { verb, text, hue, reply };
    match msg {
        Msg::Ping { news } => caption("ping".to_owned(), text(news, cast), Hue::Sky, false),
        Msg::PingReq { target, news } => {
            caption(format!("ping {} for me", cast.name(*target)), text(news, cast), Hue::Violet, false)
        }
        Msg::Ack { of, news } => {
            caption(format!("{} is there", cast.name(*of)), text(news, cast), Hue::Green, true)
        }
        Msg::Heartbeat => caption("heartbeat".to_owned(), String::new(), Hue::Amber, false),
    }
}
