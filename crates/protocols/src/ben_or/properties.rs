//! What consensus promises (K5), and the adversary's game.

use faultline_model::{Evidence, Lens, NodeId, Property, Scope, Standing};

use super::{Process, bit};

type View<'a, 'b> = &'a Lens<'b, Process>;

/// So many deliveries have the processes to be kept undecided in the game.
const DELIVERIES: u64 = 30;

pub(super) fn all() -> Vec<Property<Process>> {
    vec![
        Property {
            id: "agreement",
            sentence: "No two processes decide differently",
            source: "Fischer, Lynch & Paterson 1985",
            scope: Scope::Always,
            check: agreement,
        },
        Property {
            id: "validity",
            sentence: "What is decided, somebody wanted",
            source: "Fischer, Lynch & Paterson 1985",
            scope: Scope::Always,
            check: validity,
        },
        Property {
            id: "termination",
            sentence: "Every process that is up has decided",
            source: "Ben-Or 1983, Theorem 1",
            scope: Scope::Eventually,
            check: termination,
        },
        Property {
            id: "undecided",
            sentence: "After 30 deliveries all are up, nobody has decided, and nothing is late by more than a round",
            source: "Fischer, Lynch & Paterson 1985, Theorem 1",
            scope: Scope::Sometimes,
            check: undecided,
        },
    ]
}

fn all_processes<'a>(lens: View<'_, 'a>) -> impl Iterator<Item = (NodeId, &'a Process, bool)> {
    lens.cast.iter().map(|(id, _)| {
        let (process, up) = (lens.node)(id);
        (id, process, up)
    })
}

fn agreement(lens: View<'_, '_>) -> Standing {
    let mut decided = all_processes(lens).filter_map(|(id, process, _)| Some((id, process.decided?)));
    let Some((first, value)) = decided.next() else {
        return Ok(());
    };
    match decided.find(|&(_, other)| other != value) {
        None => Ok(()),
        Some((other, _)) => Err(Evidence {
            why: format!(
                "{} decided {} and {} decided {}.",
                lens.name(first),
                bit(value),
                lens.name(other),
                bit(!value)
            ),
            nodes: vec![first, other],
        }),
    }
}

fn validity(lens: View<'_, '_>) -> Standing {
    let wanted = |value| all_processes(lens).any(|(_, process, _)| process.input == value);
    let unwanted = all_processes(lens).find_map(|(id, process, _)| {
        process.decided.filter(|&value| !wanted(value)).map(|value| (id, value))
    });
    match unwanted {
        None => Ok(()),
        Some((id, value)) => Err(Evidence {
            why: format!("{} decided {}, which nobody wanted.", lens.name(id), bit(value)),
            nodes: vec![id],
        }),
    }
}

fn termination(lens: View<'_, '_>) -> Standing {
    let open: Vec<NodeId> =
        lens.up().filter(|(_, process)| process.decided.is_none()).map(|(id, _)| id).collect();
    match open.first() {
        None => Ok(()),
        Some(&id) => Err(Evidence { why: format!("{} has not decided yet.", lens.name(id)), nodes: open }),
    }
}

/// The adversary's meter: nobody may be made to wait for a message for more than one whole round.
fn undecided(lens: View<'_, '_>) -> Standing {
    let no = |why: String, nodes: Vec<NodeId>| Err(Evidence { why, nodes });
    let mut deliveries = 0;
    for (id, process, up) in all_processes(lens) {
        let name = lens.name(id);
        if !up {
            return no(format!("{name} has crashed: the game is to be won without."), vec![id]);
        }
        if process.decided.is_some() {
            return no(format!("{name} has decided."), vec![id]);
        }
        let late = process.overdue.iter().find(|(round, _, _)| round + 1 < process.round);
        if let Some((round, _, from)) = late {
            let from = lens.name(*from);
            let why = format!("{name} still waits for what {from} said in round {round}: that is not fair.");
            return no(why, vec![id]);
        }
        deliveries += process.deliveries;
    }
    if deliveries >= DELIVERIES {
        return Ok(());
    }
    no(format!("{deliveries} of {DELIVERIES} deliveries, and nobody has decided."), vec![])
}
