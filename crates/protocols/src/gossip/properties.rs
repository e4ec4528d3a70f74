//! What gossip brings about, and what it must never undo.

use faultline_model::{Evidence, Lens, NodeId, Property, Scope, Span, Standing};

use super::{Gossip, Item, Key};

type View<'a, 'b> = &'a Lens<'b, Gossip>;

pub(super) fn all() -> Vec<Property<Gossip>> {
    vec![
        Property {
            id: "everybody-knows",
            sentence: "Every site that is up holds the latest update",
            source: "Demers et al. 1987 §1.4",
            scope: Scope::Eventually,
            check: everybody_knows,
        },
        Property {
            id: "convergence",
            sentence: "When no rumor is hot, nothing is in flight and nothing will be compared, all databases agree",
            source: "Demers et al. 1987 §1.4",
            scope: Scope::Always,
            check: convergence,
        },
        Property {
            id: "no-resurrection",
            sentence: "What a site has deleted does not come back to it without a later write",
            source: "Demers et al. 1987 §2",
            scope: Scope::Always,
            check: no_resurrection,
        },
    ]
}

fn latest(site: &Gossip) -> Option<(Key, &Item)> {
    site.store.iter().max_by_key(|(key, item)| (item.stamp, *key))
}

/// Up to three names, and how many there are.
fn some(lens: View<'_, '_>, ids: &[NodeId]) -> String {
    let names: Vec<&str> = ids.iter().take(3).map(|&id| lens.name(id)).collect();
    format!("{}{}", names.join(", "), if ids.len() > 3 { ", …" } else { "" })
}

fn everybody_knows(lens: View<'_, '_>) -> Standing {
    let newest = lens.up().filter_map(|(_, site)| latest(site)).max_by_key(|(key, item)| (item.stamp, *key));
    let Some((key, newest)) = newest else {
        return Err(Evidence { why: "there is no update yet".to_owned(), nodes: vec![] });
    };
    let knows = |site: &Gossip| site.store.get(key).is_some_and(|item| item.stamp >= newest.stamp);
    let ignorant: Vec<NodeId> = lens.up().filter(|(_, site)| !knows(site)).map(|(id, _)| id).collect();
    if ignorant.is_empty() {
        return Ok(());
    }
    let why = format!(
        "{} of {} sites do not know of {key} = {}: {}",
        ignorant.len(),
        lens.up().count(),
        newest.value.as_deref().unwrap_or("deleted"),
        some(lens, &ignorant)
    );
    Err(Evidence { why, nodes: ignorant })
}

/// K11: judged when nothing goes on that could still mend it.
fn convergence(lens: View<'_, '_>) -> Standing {
    if !lens.quiet || lens.params.anti_entropy > Span::ZERO || lens.up().any(|(_, site)| !site.hot.is_empty())
    {
        return Ok(());
    }
    let Some((one, first)) = lens.up().next() else {
        return Ok(());
    };
    let other = |site: &Gossip| !site.store.visible().eq(first.store.visible());
    let differ: Vec<NodeId> = lens.up().filter(|(_, site)| other(site)).map(|(id, _)| id).collect();
    if differ.is_empty() {
        return Ok(());
    }
    let why = format!(
        "nothing is on its way any more, and {} of {} sites hold something else than {}: {}",
        differ.len(),
        lens.up().count(),
        lens.name(one),
        some(lens, &differ)
    );
    Err(Evidence { why, nodes: differ })
}

fn no_resurrection(lens: View<'_, '_>) -> Standing {
    for (&(id, key), deleted) in &lens.witness.0 {
        let (site, up) = (lens.node)(id);
        if let Some(Item { value: Some(value), stamp, .. }) = site.store.get(key).filter(|_| up)
            && stamp < deleted
        {
            let why = format!(
                "{} deleted {key} at {} and holds {key} = {value} again, which was written at {}",
                lens.name(id),
                deleted.time,
                stamp.time
            );
            return Err(Evidence { why, nodes: vec![id] });
        }
    }
    Ok(())
}
