//! What Raft promises (Raft Fig. 3), and two things worth seeing.

use faultline_model::{Evidence, Lens, Mark, NodeId, Property, Scope, Standing};

use super::Raft;
use super::log::Log;
use super::server::{Role, Server};
use super::stale::no_stale_read;
use super::witness::Witness;

/// All properties.
pub fn all() -> Vec<Property<Raft>> {
    vec![
        Property {
            id: "election-safety",
            sentence: "At most one leader is elected in a term",
            source: "Raft §5.2, Fig. 3",
            scope: Scope::Always,
            check: election_safety,
        },
        Property {
            id: "log-matching",
            sentence: "Logs with an entry of the same index and term are identical up to there",
            source: "Raft §5.3, Fig. 3",
            scope: Scope::Always,
            check: log_matching,
        },
        Property {
            id: "leader-completeness",
            sentence: "An entry committed in a term is in the logs of the leaders of all later terms",
            source: "Raft §5.4, Fig. 3",
            scope: Scope::Always,
            check: leader_completeness,
        },
        Property {
            id: "state-machine-safety",
            sentence: "No two servers apply different entries at one index",
            source: "Raft §5.4.3, Fig. 3",
            scope: Scope::Always,
            check: state_machine_safety,
        },
        Property {
            id: "no-stale-read",
            sentence: "A read returns no value older than one acknowledged before the read began",
            source: "Raft §8",
            scope: Scope::Always,
            check: no_stale_read,
        },
        Property {
            id: "leader-elected",
            sentence: "A leader that is up has the latest term of all servers that are up",
            source: "Raft §5.2",
            scope: Scope::Eventually,
            check: leader_elected,
        },
        Property {
            id: "two-leaders",
            sentence: "Two servers believe at once that they lead, in different terms",
            source: "Raft §5.2, §8",
            scope: Scope::Sometimes,
            check: two_leaders,
        },
    ]
}

fn evidence(why: String, nodes: &[NodeId]) -> Standing {
    Err(Evidence { why, nodes: nodes.to_vec() })
}

/// What a server testifies when it is elected in a term, and when it commits entries in one.
pub const LEADS: &str = "leads";
/// See [`LEADS`].
pub const COMMITS: &str = "commits";

/// When those came to power, or committed, whom the evidence speaks of.
pub fn marks(property: &str, witness: &Witness) -> Vec<Mark> {
    let leads = |node, number| Mark { node, did: LEADS, number };
    let commits = |node, number| Mark { node, did: COMMITS, number };
    let found = match property {
        "election-safety" => {
            witness.rivals.map(|one| vec![leads(one.first, one.term), leads(one.second, one.term)])
        }
        "leader-completeness" => witness
            .incomplete
            .map(|one| vec![commits(one.committed_by, one.committed_in), leads(one.leader, one.term)]),
        _ => None,
    };
    found.unwrap_or_default()
}

fn servers<'l>(lens: &'l Lens<'_, Raft>) -> impl Iterator<Item = (NodeId, &'l Server)> {
    lens.up().filter_map(|(id, node)| match node {
        Raft::Server(server) => Some((id, &**server)),
        Raft::Halted(_) | Raft::Client(_) => None,
    })
}

fn election_safety(lens: &Lens<'_, Raft>) -> Standing {
    let Some(rivals) = lens.witness.rivals else {
        return Ok(());
    };
    let (first, second) = (lens.name(rivals.first), lens.name(rivals.second));
    evidence(
        format!("{first} and {second} were both elected leader in term {}", rivals.term),
        &[rivals.first, rivals.second],
    )
}

/// The first index at which two logs differ although they agree on index and term further on.
fn mismatch(a: &Log, b: &Log) -> Option<(u64, u64)> {
    let last = a.last_index().min(b.last_index());
    let base = a.base_index().max(b.base_index());
    let agreed = (base + 1..=last).rev().find(|&i| a.term(i) == b.term(i))?;
    let differs = (base + 1..=agreed).find(|&i| a.get(i) != b.get(i))?;
    Some((differs, agreed))
}

fn log_matching(lens: &Lens<'_, Raft>) -> Standing {
    for (a, one) in servers(lens) {
        for (b, other) in servers(lens).filter(|&(b, _)| b > a) {
            if let Some((index, agreed)) = mismatch(&one.log, &other.log) {
                let (left, right) = (lens.name(a), lens.name(b));
                let term = one.log.term(agreed).unwrap_or(0);
                let why = if index == agreed {
                    format!("{left} and {right} hold different commands at index {index} of term {term}")
                } else {
                    format!(
                        "{left} and {right} agree at index {agreed} (term {term}) but not at index {index}"
                    )
                };
                return evidence(why, &[a, b]);
            }
        }
    }
    Ok(())
}

fn leader_completeness(lens: &Lens<'_, Raft>) -> Standing {
    let Some(found) = lens.witness.incomplete else {
        return Ok(());
    };
    let (leader, by) = (lens.name(found.leader), lens.name(found.committed_by));
    let why = format!(
        "{leader}, leader of term {}, lacks the entry at index {} that {by} committed in term {}",
        found.term, found.index, found.committed_in
    );
    evidence(why, &[found.leader, found.committed_by])
}

fn state_machine_safety(lens: &Lens<'_, Raft>) -> Standing {
    let Some(clash) = lens.witness.clash else {
        return Ok(());
    };
    let (first, second) = (lens.name(clash.first), lens.name(clash.second));
    evidence(
        format!("{second} applied another entry at index {} than {first}, which committed it", clash.index),
        &[clash.first, clash.second],
    )
}

fn leader_elected(lens: &Lens<'_, Raft>) -> Standing {
    let latest = servers(lens).map(|(_, server)| server.current_term).max();
    let leads = |server: &Server| server.role == Role::Leader && Some(server.current_term) == latest;
    if servers(lens).any(|(_, server)| leads(server)) {
        return Ok(());
    }
    evidence(format!("no server that is up leads term {}", latest.unwrap_or(0)), &[])
}

fn two_leaders(lens: &Lens<'_, Raft>) -> Standing {
    let leaders = || servers(lens).filter(|(_, server)| server.role == Role::Leader);
    let differ = leaders().any(|(_, a)| leaders().any(|(_, b)| a.current_term != b.current_term));
    if differ {
        return Ok(());
    }
    let ids: Vec<NodeId> = leaders().map(|(id, _)| id).collect();
    let why = match ids.first() {
        None => "no server believes that it leads".to_owned(),
        Some(&leader) => format!("only {} believes that it leads", lens.name(leader)),
    };
    evidence(why, &ids)
}
