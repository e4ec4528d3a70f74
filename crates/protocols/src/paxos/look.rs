//! What the stage draws of acceptors, proposers, learners and messages.

use faultline_model::{Caption, Cast, Cell, Glance, Hue, Shape};

use super::{Acceptor, Learner, Msg, Phase, Proposer, Vote};

fn vote(vote: &Vote) -> String {
    format!("{} in {}", vote.value, vote.ballot)
}

pub fn acceptor(acceptor: &Acceptor) -> Glance {
    let accepted = acceptor.accepted.as_ref().map_or_else(|| "nothing".to_owned(), vote);
    Glance {
        role: "acceptor".to_owned(),
        shape: Shape::Cylinder,
        hue: Hue::Sky,
        epoch: Some(acceptor.promised),
        epoch_name: "promised",
        cells: vec![Cell::new("accepted", accepted)],
        arc: None,
    }
}

/// What a proposer's promises tell, and who told it: the acceptor that its majority shares with another.
fn heard(proposer: &Proposer, cast: &Cast) -> Option<Cell> {
    let told = proposer.promises.iter().filter_map(|(from, told)| Some((told.as_ref()?, from)));
    let (highest, from) = told.max()?;
    Some(Cell::new("heard", format!("{} ({})", vote(highest), cast.name(*from))))
}

pub fn proposer(proposer: &Proposer, majority: usize, cast: &Cast) -> Glance {
    let (role, shape, hue) = match (&proposer.chosen, proposer.phase) {
        (Some(_), _) => ("informed", Shape::Square, Hue::Green),
        (None, Phase::Idle) => ("idle", Shape::Square, Hue::Grey),
        (None, Phase::Preparing) => ("preparing", Shape::Hexagon, Hue::Violet),
        (None, Phase::Proposing) => ("proposing", Shape::Ringed, Hue::Amber),
    };
    let mut cells = vec![];
    if let Some(value) = &proposer.chosen {
        cells.push(Cell::new("chosen", value));
    } else if let Some(value) = &proposer.proposal {
        cells.push(Cell::new("proposes", value));
    } else if let Some(wish) = &proposer.wish {
        cells.push(Cell::new("wishes", wish));
    }
    if proposer.phase == Phase::Preparing {
        cells.push(Cell::new("promises", format!("{}/{majority}", proposer.promises.len())));
    }
    if proposer.chosen.is_none() && proposer.phase != Phase::Idle {
        cells.extend(heard(proposer, cast));
    }
    Glance {
        role: role.to_owned(),
        shape,
        hue,
        epoch: Some(proposer.ballot),
        epoch_name: "ballot",
        cells,
        arc: Some("retry"),
    }
}

pub fn learner(learner: &Learner) -> Glance {
    let chosen = if learner.learned.is_empty() { "nothing".to_owned() } else { learner.learned.join(", ") };
    Glance {
        role: "learner".to_owned(),
        shape: Shape::Square,
        hue: if learner.learned.is_empty() { Hue::Grey } else { Hue::Green },
        cells: vec![Cell::new("chosen", chosen)],
        ..Glance::default()
    }
}

pub fn caption(msg: &Msg) -> Caption {
    let caption = |verb: &str, text: String, hue, reply| Caption { verb: verb.to_owned(), text, hue, reply };
    match msg {
        Msg::Prepare { ballot } => caption("prepare", ballot.to_string(), Hue::Violet, false),
        Msg::Promise { ballot, accepted: None } => {
            caption("promise", format!("{ballot}, nothing accepted"), Hue::Violet, true)
        }
        Msg::Promise { ballot, accepted: Some(accepted) } => {
            caption("promise", format!("{ballot}, accepted {}", vote(accepted)), Hue::Violet, true)
        }
        Msg::Accept(proposal) => caption("accept", vote(proposal), Hue::Amber, false),
        Msg::Accepted(accepted) => caption("accepted", vote(accepted), Hue::Teal, true),
        Msg::Rejected { promised, .. } => caption("reject", format!("promised {promised}"), Hue::Red, true),
        Msg::Chosen { value } => caption("chosen", value.clone(), Hue::Green, false),
    }
}
