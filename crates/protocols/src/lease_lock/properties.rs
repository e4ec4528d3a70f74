//! Mutual exclusion: of belief, which nobody can promise, and of effect, which the storage can.

use faultline_model::{Evidence, Lens, NodeId, Property, Scope, Standing};

use super::{Client, LeaseLock, STORAGE};

type View<'l, 'w> = &'l Lens<'w, LeaseLock>;

pub(super) fn all() -> Vec<Property<LeaseLock>> {
    vec![
        Property {
            id: "exclusion-of-belief",
            sentence: "At most one client believes that it holds the lock",
            source: "Kleppmann 2016: no lock service can promise this; Chubby §2.4",
            scope: Scope::Always,
            check: exclusion_of_belief,
        },
        Property {
            id: "exclusion-of-effect",
            sentence: "No write under an older token overwrites one under a newer token",
            source: "Kleppmann 2016; Chubby §2.4",
            scope: Scope::Always,
            check: exclusion_of_effect,
        },
        Property {
            id: "nobody-waits",
            sentence: "No client waits for the lock",
            source: "Gray and Cheriton 1989",
            scope: Scope::Eventually,
            check: nobody_waits,
        },
    ]
}

fn broken(why: String, nodes: &[NodeId]) -> Standing {
    Err(Evidence { why, nodes: nodes.to_vec() })
}

/// The clients that are up; a paused one believes what it believed before.
fn clients<'l, 'w>(lens: View<'l, 'w>) -> impl Iterator<Item = (NodeId, &'w Client)> + 'l {
    lens.up().filter_map(|(id, node)| match node {
        LeaseLock::Client(client) => Some((id, client)),
        LeaseLock::Service(_) | LeaseLock::Storage(_) => None,
    })
}

/// K10a.
fn exclusion_of_belief(lens: View<'_, '_>) -> Standing {
    let believers: Vec<(NodeId, u64)> =
        clients(lens).filter_map(|(id, client)| Some((id, client.holding?.token))).collect();
    if believers.len() <= 1 {
        return Ok(());
    }
    let each = |&(id, token): &(NodeId, u64)| format!("{} under token {token}", lens.name(id));
    let named: Vec<String> = believers.iter().map(each).collect();
    let nodes: Vec<NodeId> = believers.iter().map(|&(id, _)| id).collect();
    broken(format!("{} believe that they hold the lock", named.join(" and ")), &nodes)
}

/// K10b. By what the storage has accepted, whether it looks at tokens or not.
fn exclusion_of_effect(lens: View<'_, '_>) -> Standing {
    let Some((newer, older)) = &lens.witness.overwritten else {
        return Ok(());
    };
    let why = format!(
        "{}'s `{}` under token {} was overwritten by {}'s `{}` under the older token {}",
        lens.name(newer.client),
        newer.value,
        newer.token,
        lens.name(older.client),
        older.value,
        older.token
    );
    broken(why, &[newer.client, older.client, STORAGE])
}

fn nobody_waits(lens: View<'_, '_>) -> Standing {
    match clients(lens).find(|(_, client)| client.waiting.is_some()) {
        None => Ok(()),
        Some((id, _)) => broken(format!("{} waits for the lock", lens.name(id)), &[id]),
    }
}
