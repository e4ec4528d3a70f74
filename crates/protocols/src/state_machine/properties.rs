//! What one order buys, and what weaker orders keep.

use faultline_model::{Evidence, Kind, Lens, NodeId, Property, Scope, SortedMap, Standing};

use super::{Balance, Command, Replica};

type View<'a, 'b> = &'a Lens<'b, Replica>;

pub(super) fn all() -> Vec<Property<Replica>> {
    vec![
        Property {
            id: "convergence",
            sentence: "When nothing is in flight and every link is up, all replicas have the same balance",
            source: "Schneider 1990 §2",
            scope: Scope::Always,
            check: convergence,
        },
        Property {
            id: "state-machine-safety",
            sentence: "No two replicas apply different commands at one place",
            source: "Schneider 1990 §3, order",
            scope: Scope::Always,
            check: same_order,
        },
        Property {
            id: "fifo-order",
            sentence: "The commands of a replica are applied in the order in which it issued them",
            source: "Schneider 1990 §3",
            scope: Scope::Always,
            check: fifo,
        },
        Property {
            id: "causal-order",
            sentence: "A command is applied after all that its issuer had applied before it",
            source: "Lamport 1978",
            scope: Scope::Always,
            check: causal,
        },
        Property {
            id: "same-balance",
            sentence: "All replicas have applied the same number of commands, at least two, to the same balance",
            source: "Schneider 1990 §2",
            scope: Scope::Sometimes,
            check: same_balance,
        },
    ]
}

fn replicas<'a>(lens: View<'_, 'a>) -> Vec<(NodeId, &'a Replica, bool)> {
    let each = |id| {
        let (replica, up) = (lens.node)(id);
        (id, replica, up)
    };
    lens.cast.of_kind(Kind::Server).map(each).collect()
}

/// K11: judged at rest, when every replica is up.
fn convergence(lens: View<'_, '_>) -> Standing {
    let all = replicas(lens);
    if !lens.quiet || all.iter().any(|&(_, _, up)| !up) {
        return Ok(());
    }
    let Some(&[(one, a, _), (other, b, _)]) = all.array_windows().find(|[a, b]| a.1.balance != b.1.balance)
    else {
        return Ok(());
    };
    Err(Evidence {
        why: format!(
            "Nothing is in flight, and yet {} has {} and {} has {}.",
            lens.name(one),
            Balance(a.balance),
            lens.name(other),
            Balance(b.balance)
        ),
        nodes: vec![one, other],
    })
}

/// K9.
fn same_order(lens: View<'_, '_>) -> Standing {
    let all = replicas(lens);
    for (at, &(one, a, _)) in all.iter().enumerate() {
        for &(other, b, _) in &all[at + 1..] {
            let place = a.log.iter().zip(&b.log).position(|(left, right)| !left.is(right));
            if let Some(place) = place {
                let said = |command: &Command| format!("{} of {}", command.op, lens.name(command.issuer));
                return Err(Evidence {
                    why: format!(
                        "At place {} {} applied {} and {} applied {}.",
                        place + 1,
                        lens.name(one),
                        said(&a.log[place]),
                        lens.name(other),
                        said(&b.log[place])
                    ),
                    nodes: vec![one, other],
                });
            }
        }
    }
    Ok(())
}

/// The first command of a log that came too early by that rule.
fn early(lens: View<'_, '_>, due: fn(&Command, &SortedMap<NodeId, u64>) -> bool) -> Standing {
    for (id, replica, _) in replicas(lens) {
        let mut applied: SortedMap<NodeId, u64> = SortedMap::new();
        for command in &replica.log {
            if !due(command, &applied) {
                return Err(Evidence {
                    why: format!(
                        "{} applied {} of {} before something that comes before it.",
                        lens.name(id),
                        command.op,
                        lens.name(command.issuer)
                    ),
                    nodes: vec![id, command.issuer],
                });
            }
            *applied.entry(command.issuer).or_default() += 1;
        }
    }
    Ok(())
}

fn fifo(lens: View<'_, '_>) -> Standing {
    early(lens, |command, applied| command.number == applied.get(&command.issuer).copied().unwrap_or(0) + 1)
}

fn causal(lens: View<'_, '_>) -> Standing {
    early(lens, |command, applied| {
        command.after.iter().all(|(node, &count)| count <= applied.get(node).copied().unwrap_or(0))
    })
}

fn same_balance(lens: View<'_, '_>) -> Standing {
    let all = replicas(lens);
    let first = all.first().map(|&(_, replica, _)| (replica.log.len(), replica.balance));
    let alike = all.iter().all(|&(_, replica, _)| Some((replica.log.len(), replica.balance)) == first);
    if alike && first.is_some_and(|(count, _)| count >= 2) {
        return Ok(());
    }
    Err(Evidence {
        why: "The replicas have not yet applied the same two commands.".to_owned(),
        nodes: vec![],
    })
}
