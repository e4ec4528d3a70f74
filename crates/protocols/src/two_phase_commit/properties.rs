//! What two-phase commit promises, and what it cannot.

use faultline_model::{Evidence, Lens, Mark, NodeId, Property, Scope, SortedSet, Standing, sort};

use super::{Outcome, Participant, Phase, TwoPhaseCommit, Tx, Witness, coordinators};

type View<'l, 'w> = &'l Lens<'w, TwoPhaseCommit>;

pub(super) fn all() -> Vec<Property<TwoPhaseCommit>> {
    vec![
        Property {
            id: "atomic-commit",
            sentence: "No transaction is committed at one participant and aborted at another",
            source: "Bernstein et al. 1987, ch. 7, AC1",
            scope: Scope::Always,
            check: atomic_commit,
        },
        Property {
            id: "conservation",
            sentence: "The accounts, with what committed transfers still owe them, hold as much as at the beginning",
            source: "Gray 1978",
            scope: Scope::Always,
            check: conservation,
        },
        Property {
            id: "non-blocking",
            sentence: "While no majority of the coordinators is up, a participant that is up knows the outcome or may still abort",
            source: "Bernstein et al. 1987, ch. 7: two-phase commit does not have this property",
            scope: Scope::Always,
            check: non_blocking,
        },
        Property {
            id: "everything-ended",
            sentence: "No node that is up waits for the end of a transaction",
            source: "Bernstein et al. 1987, ch. 7, AC5",
            scope: Scope::Eventually,
            check: everything_ended,
        },
    ]
}

/// What a participant testifies when a transaction ends there, with its number.
pub const COMMITS: &str = "commits";
/// See [`COMMITS`].
pub const ABORTS: &str = "aborts";

/// When the one of those in the evidence committed what the other aborted.
pub(super) fn marks(property: &str, witness: &Witness) -> Vec<Mark> {
    let both = |(tx, &one): (&Tx, &NodeId)| {
        let mark = |node, did| Mark { node, did, number: tx.0.into() };
        witness.aborted.get(tx).map(|&other| vec![mark(one, COMMITS), mark(other, ABORTS)])
    };
    match property {
        "atomic-commit" => witness.committed.iter().find_map(both).unwrap_or_default(),
        _ => vec![],
    }
}

fn broken(why: String, nodes: &[NodeId]) -> Standing {
    Err(Evidence { why, nodes: nodes.to_vec() })
}

/// All participants, as they are or were before they crashed, and whether they are up.
fn participants<'l, 'w>(lens: View<'l, 'w>) -> impl Iterator<Item = (NodeId, &'w Participant, bool)> + 'l {
    lens.cast.iter().filter_map(|(id, _)| match (lens.node)(id) {
        (TwoPhaseCommit::Participant(participant), up) => Some((id, participant, up)),
        (TwoPhaseCommit::Coordinator(_) | TwoPhaseCommit::Standby(_), _) => None,
    })
}

/// K14. Over the whole run, so that a participant that changes its mind cannot hide it.
fn atomic_commit(lens: View<'_, '_>) -> Standing {
    for (tx, &one) in &lens.witness.committed {
        if let Some(&other) = lens.witness.aborted.get(tx) {
            let why = format!("{tx} was committed at {} and aborted at {}", lens.name(one), lens.name(other));
            return broken(why, &[one, other]);
        }
    }
    Ok(())
}

/// K12. Between the first commit of a transfer and the last, the parts of those in doubt are owed.
fn conservation(lens: View<'_, '_>) -> Standing {
    let committed: SortedSet<Tx> = participants(lens)
        .flat_map(|(_, participant, _)| &participant.outcomes)
        .filter(|(_, outcome)| **outcome == Outcome::Committed)
        .map(|(&tx, _)| tx)
        .collect();
    let owed = |participant: &Participant| -> i64 {
        let parts = participant.prepared.iter().filter(|(tx, _)| committed.contains(tx));
        parts.map(|(_, part)| part.delta).sum()
    };
    let (mut hold, mut count) = (0, 0);
    for (_, participant, _) in participants(lens) {
        hold += participant.balance + owed(participant);
        count += 1;
    }
    let started = lens.params.balance as i64 * count;
    if hold == started {
        return Ok(());
    }
    let nodes: Vec<NodeId> = participants(lens).map(|(id, ..)| id).collect();
    broken(format!("the accounts hold {hold} instead of {started}"), &nodes)
}

/// Whether a coordinator that is up knows the outcome, or has not proposed anything and may still abort.
fn somebody_can_say(lens: View<'_, '_>, tx: Tx) -> bool {
    coordinators(lens.cast, lens.params).any(|node| match (lens.node)(node) {
        (TwoPhaseCommit::Coordinator(coordinator), true) => {
            let phase = coordinator.transactions.get(&tx).map(|transaction| transaction.phase);
            phase.is_some_and(|phase| phase != Phase::Proposing) || coordinator.council.decided(tx).is_some()
        }
        (TwoPhaseCommit::Standby(council), true) => council.decided(tx).is_some(),
        _ => false,
    })
}

/// K17. Not a rule that is missing: an answer that nobody who is up can give.
fn non_blocking(lens: View<'_, '_>) -> Standing {
    let down: Vec<NodeId> =
        coordinators(lens.cast, lens.params).filter(|&node| !(lens.node)(node).1).collect();
    // A majority of the coordinators can decide.
    if (down.len() as u64) * 2 < lens.params.coordinators {
        return Ok(());
    }
    for (id, participant, _) in participants(lens).filter(|&(_, _, up)| up) {
        for (tx, part) in participant.prepared.iter().filter(|(tx, _)| !somebody_can_say(lens, **tx)) {
            let in_doubt = |&other: &NodeId| match (lens.node)(other) {
                (TwoPhaseCommit::Participant(other), true) => other.prepared.contains_key(tx),
                _ => true,
            };
            if part.others.iter().all(in_doubt) {
                let up = |&other: &NodeId| (lens.node)(other).1;
                let mut stuck: Vec<NodeId> = part.others.iter().copied().filter(up).collect();
                stuck.push(id);
                sort(&mut stuck);
                let names: Vec<&str> = stuck.iter().map(|&node| lens.name(node)).collect();
                let names = names.join(" and ");
                let gone: Vec<&str> = down.iter().map(|&node| lens.name(node)).collect();
                let (gone, verb) = (gone.join(" and "), if gone.len() == 1 { "is" } else { "are" });
                stuck.extend(down);
                return broken(
                    format!(
                        "{gone} {verb} down, and nobody who is up may commit or abort {tx}: {names} voted yes and \
                         hold their locks"
                    ),
                    &stuck,
                );
            }
        }
    }
    Ok(())
}

fn everything_ended(lens: View<'_, '_>) -> Standing {
    for (id, node) in lens.up() {
        let waits = match node {
            TwoPhaseCommit::Coordinator(coordinator) => {
                let open = |phase| matches!(phase, Phase::Voting | Phase::Proposing);
                coordinator.transactions.iter().find(|(_, one)| open(one.phase)).map(|(tx, _)| tx)
            }
            TwoPhaseCommit::Participant(participant) => participant.prepared.keys().next(),
            TwoPhaseCommit::Standby(council) => council.ballots.keys().next(),
        };
        if let Some(tx) = waits {
            return broken(format!("{} waits for the end of {tx}", lens.name(id)), &[id]);
        }
    }
    Ok(())
}
