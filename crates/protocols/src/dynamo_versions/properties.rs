//! What vector clocks promise about versions, judged by what each writer had really read.

use faultline_model::{Evidence, Kind, Lens, NodeId, OpId, Property, Scope, SortedSet, Standing};

use super::message::{Op, Ret};
use super::replica::Replica;
use super::{DynamoVersions, Witness};

type View<'l, 'w> = &'l Lens<'w, DynamoVersions>;

pub(super) fn all() -> Vec<Property<DynamoVersions>> {
    vec![
        Property {
            id: "nothing-unseen-is-replaced",
            sentence: "An acknowledged write is kept until a version replaces it whose writer knew of it",
            source: "Dynamo §4.4",
            scope: Scope::Always,
            check: nothing_unseen_is_replaced,
        },
        Property {
            id: "siblings-are-concurrent",
            sentence: "No replica keeps a version beside one whose writer knew of it",
            source: "Dynamo §4.4",
            scope: Scope::Always,
            check: siblings_are_concurrent,
        },
        Property {
            id: "siblings",
            sentence: "A replica keeps siblings",
            source: "Dynamo §4.4, Fig. 3",
            scope: Scope::Sometimes,
            check: siblings,
        },
    ]
}

fn broken(why: String, nodes: &[NodeId]) -> Standing {
    Err(Evidence { why, nodes: nodes.to_vec() })
}

/// All replicas, also those that are down: what is on their disks is not gone.
fn replicas<'l, 'w>(lens: View<'l, 'w>) -> impl Iterator<Item = (NodeId, &'w Replica)> + 'l {
    lens.cast.of_kind(Kind::Server).filter_map(|id| match (lens.node)(id).0 {
        DynamoVersions::Replica(replica) => Some((id, replica)),
        DynamoVersions::Client(_) => None,
    })
}

/// Everything that a write was made with knowledge of, itself included.
fn history(seen: &Witness, write: OpId) -> SortedSet<OpId> {
    let (mut all, mut next) = (SortedSet::new(), vec![write]);
    while let Some(write) = next.pop() {
        if all.insert(write) {
            next.extend(seen.parents.get(&write).into_iter().flatten());
        }
    }
    all
}

fn nothing_unseen_is_replaced(lens: View<'_, '_>) -> Standing {
    let mut known = SortedSet::new();
    for (_, replica) in replicas(lens) {
        replica.versions.iter().for_each(|version| known.extend(history(lens.witness, version.write)));
    }
    let gone = lens.history.iter().find(|record| {
        let stored = matches!(record.returned, Some((Ret::Ok, _)));
        stored && matches!(record.op, Op::Add { .. }) && !known.contains(&record.id)
    });
    match gone {
        None => Ok(()),
        Some(record) => {
            let why = format!(
                "{}’s `{}` was acknowledged, and no version is left whose writer knew of it",
                lens.name(record.client),
                record.op
            );
            broken(why, &[record.client])
        }
    }
}

fn siblings_are_concurrent(lens: View<'_, '_>) -> Standing {
    for (id, replica) in replicas(lens).filter(|(_, replica)| replica.versions.len() > 1) {
        for version in &replica.versions {
            let known = history(lens.witness, version.write);
            let older = replica
                .versions
                .iter()
                .find(|other| other.write != version.write && known.contains(&other.write));
            if let Some(older) = older {
                let why = format!(
                    "{} keeps [{}] beside [{}], whose writer had read it",
                    lens.name(id),
                    older.clock.text(lens.cast),
                    version.clock.text(lens.cast)
                );
                return broken(why, &[id]);
            }
        }
    }
    Ok(())
}

fn siblings(lens: View<'_, '_>) -> Standing {
    if replicas(lens).any(|(_, replica)| replica.versions.len() > 1) {
        return Ok(());
    }
    broken("every replica has one version at most".to_owned(), &[])
}
