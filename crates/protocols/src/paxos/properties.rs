//! What Paxos promises, judged over the whole run.

use faultline_model::{Evidence, Kind, Lens, NodeId, Property, Scope, Standing};

use super::{Paxos, Phase, Vote};

type View<'l, 'w> = &'l Lens<'w, Paxos>;

pub(super) fn all() -> Vec<Property<Paxos>> {
    vec![
        Property {
            id: "agreement",
            sentence: "Only one value is ever chosen",
            source: "Paxos Made Simple §2.1",
            scope: Scope::Always,
            check: agreement,
        },
        Property {
            id: "validity",
            sentence: "Only a value that somebody wished for is chosen",
            source: "Paxos Made Simple §2.1",
            scope: Scope::Always,
            check: validity,
        },
        Property {
            id: "learned-is-chosen",
            sentence: "A learner learns a value only when it has been chosen, and never a second one",
            source: "Paxos Made Simple §2.1",
            scope: Scope::Always,
            check: learned_is_chosen,
        },
        Property {
            id: "chosen-value-stays",
            sentence: "Once a value is chosen, every proposal of a higher ballot has that value",
            source: "Paxos Made Simple §2.2, P2b",
            scope: Scope::Always,
            check: chosen_value_stays,
        },
        Property {
            id: "learned",
            sentence: "Every learner that is up has learned a value",
            source: "Paxos Made Simple §2.4",
            scope: Scope::Eventually,
            check: learned,
        },
        Property {
            id: "duel",
            sentence: "Four ballots have been begun, and nothing is chosen",
            source: "Paxos Made Simple §2.4",
            scope: Scope::Sometimes,
            check: duel,
        },
    ]
}

fn broken(why: String, nodes: &[NodeId]) -> Standing {
    Err(Evidence { why, nodes: nodes.to_vec() })
}

/// The votes that a majority of acceptors has sent, lowest ballot first.
fn chosen<'w>(lens: View<'_, 'w>) -> impl Iterator<Item = (&'w Vote, Vec<NodeId>)> {
    let majority = lens.cast.of_kind(Kind::Server).count() / 2 + 1;
    let whole = move |by: usize| by >= majority;
    let votes = lens.witness.votes.iter().filter(move |(_, by)| whole(by.len()));
    votes.map(|(vote, by)| (vote, by.iter().copied().collect()))
}

fn names(lens: View<'_, '_>, nodes: &[NodeId]) -> String {
    nodes.iter().map(|&node| lens.name(node)).collect::<Vec<_>>().join(" and ")
}

/// K5, agreement.
fn agreement(lens: View<'_, '_>) -> Standing {
    let mut all = chosen(lens);
    let Some((first, by)) = all.next() else {
        return Ok(());
    };
    let Some((other, then)) = all.find(|(other, _)| other.value != first.value) else {
        return Ok(());
    };
    let why = format!(
        "{} was chosen in ballot {} by {}, and {} in ballot {} by {}",
        first.value,
        first.ballot,
        names(lens, &by),
        other.value,
        other.ballot,
        names(lens, &then)
    );
    let mut nodes = by;
    nodes.extend(then);
    nodes.sort_unstable();
    nodes.dedup();
    broken(why, &nodes)
}

/// K5, validity.
fn validity(lens: View<'_, '_>) -> Standing {
    match chosen(lens).find(|(vote, _)| !lens.witness.wishes.contains(&vote.value)) {
        None => Ok(()),
        Some((vote, by)) => broken(format!("{} was chosen, and nobody wished for it", vote.value), &by),
    }
}

/// K5, integrity.
fn learned_is_chosen(lens: View<'_, '_>) -> Standing {
    for (&learner, values) in &lens.witness.learned {
        if let [first, second, ..] = &values[..] {
            return broken(format!("{} learned {first} and then {second}", lens.name(learner)), &[learner]);
        }
        let known = |value: &String| chosen(lens).any(|(vote, _)| vote.value == *value);
        if let Some(value) = values.iter().find(|value| !known(value)) {
            let why = format!("{} learned {value}, which was never chosen", lens.name(learner));
            return broken(why, &[learner]);
        }
    }
    Ok(())
}

fn chosen_value_stays(lens: View<'_, '_>) -> Standing {
    for (vote, mut by) in chosen(lens) {
        let later = lens.witness.proposals.range(vote.ballot + 1..);
        if let Some((ballot, (value, proposer))) = later.into_iter().find(|(_, (v, _))| *v != vote.value) {
            let why = format!(
                "{} was chosen in ballot {}, and {} proposed {value} in ballot {ballot}",
                vote.value,
                vote.ballot,
                lens.name(*proposer)
            );
            by.push(*proposer);
            return broken(why, &by);
        }
    }
    Ok(())
}

fn learned(lens: View<'_, '_>) -> Standing {
    let waits = |node: &Paxos| matches!(node, Paxos::Learner(learner) if learner.learned.is_empty());
    match lens.up().find(|(_, node)| waits(node)) {
        None => Ok(()),
        Some((id, _)) => broken(format!("{} has learned nothing", lens.name(id)), &[id]),
    }
}

fn duel(lens: View<'_, '_>) -> Standing {
    let begun = lens.witness.ballots.len();
    if begun >= 4 && chosen(lens).next().is_none() {
        return Ok(());
    }
    let active = |node: &Paxos| matches!(node, Paxos::Proposer(proposer) if proposer.phase != Phase::Idle);
    let nodes: Vec<NodeId> = lens.up().filter(|(_, node)| active(node)).map(|(id, _)| id).collect();
    let why = match chosen(lens).next() {
        Some((vote, _)) => format!("{} is chosen", vote.value),
        None => format!("{begun} ballots have been begun"),
    };
    broken(why, &nodes)
}
