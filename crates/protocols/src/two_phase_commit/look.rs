//! What the stage draws of coordinator, participants and messages.

use faultline_model::{Caption, Cell, CellBox, Glance, Hue, Shape};

use super::{Coordinator, Council, Msg, Outcome, Participant, Phase, Tx};

/// What is on the log, transaction by transaction, newest last: a yes is open, an outcome final.
fn log<'a>(records: impl Iterator<Item = (&'a Tx, &'static str)>) -> Option<Cell> {
    const MOST: usize = 6;
    let all: Vec<_> = records.collect();
    let last = &all[all.len().saturating_sub(MOST)..];
    let text: Vec<String> = last.iter().map(|(tx, what)| format!("{tx} {what}")).collect();
    let boxes =
        last.iter().map(|(tx, what)| CellBox { text: tx.to_string(), epoch: None, firm: *what != "yes" });
    (!all.is_empty()).then(|| Cell::row("log", text.join(", "), boxes.collect()))
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Committed => "commit",
        Outcome::Aborted => "abort",
    }
}

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
            Phase::Proposing => Cell::new(&tx.to_string(), "proposes commit"),
        });
    }
    let committed = coordinator.transactions.iter().filter(|(_, one)| one.phase == Phase::Committed);
    cells.extend(log(committed.map(|(tx, _)| (tx, "commit"))));
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
        cells.push(Cell::new("lock", format!("{tx}: {:+}", part.delta)));
    }
    let ended = participant.outcomes.iter().map(|(tx, outcome)| (tx, word(*outcome)));
    cells.extend(log(ended.chain(participant.prepared.keys().map(|tx| (tx, "yes")))));
    Glance {
        role: role.to_owned(),
        shape,
        hue,
        cells,
        arc: (!participant.prepared.is_empty()).then_some("doubt"),
        ..Glance::default()
    }
}

/// A coordinator that stands by.
pub fn standby(council: &Council) -> Glance {
    let mut cells = vec![];
    if let Some((tx, decree)) = council.decrees.last_key_value() {
        let text = match (decree.decided, decree.accepted) {
            (Some(outcome), _) => word(outcome).to_owned(),
            (None, Some((ballot, outcome))) => format!("accepted {} in {ballot}", word(outcome)),
            (None, None) => format!("promised {}", decree.promised),
        };
        cells.push(Cell::new(&tx.to_string(), text));
    }
    Glance {
        role: "standby".to_owned(),
        shape: if council.ballots.is_empty() { Shape::Circle } else { Shape::Ringed },
        hue: Hue::Amber,
        cells,
        arc: (!council.asked.is_empty()).then_some("take-over"),
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
        Msg::TakeOver { tx, ballot } => {
            caption("take over", format!("{tx}, ballot {ballot}"), Hue::Violet, false)
        }
        Msg::Promise { tx, accepted: None, .. } => {
            caption("promise", format!("{tx}, nothing accepted"), Hue::Violet, true)
        }
        Msg::Promise { tx, accepted: Some((ballot, outcome)), .. } => {
            caption("promise", format!("{tx}, accepted {} in {ballot}", word(*outcome)), Hue::Violet, true)
        }
        Msg::Propose { tx, outcome, .. } => {
            caption("propose", format!("{tx}: {}", word(*outcome)), Hue::Amber, false)
        }
        Msg::Accepted { tx, .. } => caption("accepted", tx.to_string(), Hue::Teal, true),
    }
}
