//! What Paxos promises, judged over the whole run.

use faultline_model::{Evidence, Kind, Lens, NodeId, Property, Scope, Standing, sort};

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
            id: "p2c",
            sentence: "Behind each proposal stands a majority that had accepted nothing of a lower ballot, or whose \
                       highest such ballot had the same value",
            source: "Paxos Made Simple §2.2, P2c",
            scope: Scope::Always,
            check: p2c,
        },
        Property {
            id: "learned",
            sentence: "Every learner that is up has learned a value",
            source: "Paxos Made Simple §2.4",
            scope: Scope::Eventually,
            check: learned,
        },
        Property {
            id: "chosen",
            sentence: "A majority of acceptors has accepted one value in one ballot",
            source: "Paxos Made Simple §2.1",
            scope: Scope::Sometimes,
            check: is_chosen,
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
    sort(&mut nodes);
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

/// By what acceptors have said that they accepted, whenever they did: with every rule on, a majority that
/// has promised a ballot accepts nothing lower any more.
fn p2c(lens: View<'_, '_>) -> Standing {
    let majority = lens.cast.of_kind(Kind::Server).count() / 2 + 1;
    for (&ballot, (value, proposer)) in &lens.witness.proposals {
        // The highest vote below the ballot, acceptor by acceptor.
        let last = |acceptor: NodeId| {
            let below =
                lens.witness.votes.iter().filter(|(vote, by)| vote.ballot < ballot && by.contains(&acceptor));
            below.map(|(vote, _)| vote).next_back()
        };
        let all: Vec<(NodeId, Option<&Vote>)> =
            lens.cast.of_kind(Kind::Server).map(|acceptor| (acceptor, last(acceptor))).collect();
        // The majority may be any that had accepted nothing above a vote for this value, or nothing at all.
        let own = all.iter().filter_map(|(_, vote)| *vote).filter(|vote| vote.value == *value);
        let tops = own.map(|vote| vote.ballot).chain([0]);
        let stands = |top: u64| {
            all.iter().filter(|(_, vote)| vote.is_none_or(|vote| vote.ballot <= top)).count() >= majority
        };
        if tops.into_iter().any(stands) {
            continue;
        }
        let other = all.iter().filter_map(|&(acceptor, vote)| Some((acceptor, vote?)));
        let Some((acceptor, vote)) = other.max_by_key(|(_, vote)| vote.ballot) else { continue };
        let why = format!(
            "{} proposed {value} in ballot {ballot}, although {} has accepted {} in ballot {} and no majority \
             allows it",
            lens.name(*proposer),
            lens.name(acceptor),
            vote.value,
            vote.ballot
        );
        return broken(why, &[acceptor, *proposer]);
    }
    Ok(())
}

fn is_chosen(lens: View<'_, '_>) -> Standing {
    match chosen(lens).next() {
        Some(_) => Ok(()),
        None => broken("no majority has accepted the same value in one ballot".to_owned(), &[]),
    }
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
