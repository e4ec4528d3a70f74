//! What the stage draws of coordinator, participants and messages.

use faultline_model::{Caption, Cell, Glance, Hue, Shape};

use super::{Coordinator, Msg, Outcome, Participant, Phase};

pub fn coordinator(coordinator: &Coordinator) -> Glance {
    let mut cells = vec![];
    if let Some((tx, latest)) = coordinator.transactions.last_key_value() {
        let all = latest.participants.len();
        cells.push(match latest.phase {
            Phase::Voting => Cell::new(&tx.to_string(), format!("votes {}/{all}", latest.yes.len())),
            Phase::Committed => {
                let acks = all - latest.unacknowledged.len();
                Cell::new(&tx.to_string(), format!("commit, acks {acks}/{all}"))
            }
            Phase::Aborted => Cell::new(&tx.to_string(), "abort"),
        });
    }
    let voting = coordinator.transactions.values().any(|one| one.phase == Phase::Voting);
    let waiting = coordinator.transactions.values().any(|one| !one.unacknowledged.is_empty());
    Glance {
        role: "coordinator".to_owned(),
        shape: Shape::Ringed,
        hue: Hue::Amber,
        cells,
        arc: if voting {
            Some("votes")
        } else if waiting {
            Some("resend")
        } else {
            None
        },
        ..Glance::default()
    }
}

/// The role is what Gray and Lamport call the state of a resource manager.
pub fn participant(participant: &Participant) -> Glance {
    let (role, shape, hue) = match participant.outcomes.values().next_back() {
        _ if !participant.prepared.is_empty() => ("prepared", Shape::Hexagon, Hue::Violet),
        Some(Outcome::Committed) => ("committed", Shape::Circle, Hue::Green),
        Some(Outcome::Aborted) => ("aborted", Shape::Circle, Hue::Red),
        None => ("working", Shape::Circle, Hue::Sky),
    };
    let mut cells = vec![Cell::new("balance", participant.balance)];
    if let Some((tx, part)) = participant.prepared.first_key_value() {
        cells.push(Cell::new("lock", tx));
        cells.push(Cell::new("on commit", format!("{:+}", part.delta)));
    }
    Glance {
        role: role.to_owned(),
        shape,
        hue,
        cells,
        arc: (!participant.prepared.is_empty()).then_some("doubt"),
        ..Glance::default()
    }
}

pub fn caption(msg: &Msg) -> Caption {
    let caption = |verb: &str, text: String, hue, reply| Caption { verb: verb.to_owned(), text, hue, reply };
    match msg {
        Msg::Prepare { tx, delta, .. } => caption("prepare", format!("{tx}: {delta:+}"), Hue::Teal, false),
        Msg::Yes { tx } => caption("vote yes", tx.to_string(), Hue::Violet, true),
        Msg::No { tx } => caption("vote no", tx.to_string(), Hue::Red, true),
        Msg::Commit { tx } => caption("commit", tx.to_string(), Hue::Green, false),
        Msg::Abort { tx } => caption("abort", tx.to_string(), Hue::Red, false),
        Msg::Ack { tx } => caption("acknowledge", tx.to_string(), Hue::Grey, true),
        Msg::Inquire { tx } => caption("what was decided?", tx.to_string(), Hue::Amber, false),
    }
}
