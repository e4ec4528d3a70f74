//! Causal order, total order, and that everything is heard.
//!
//! A speaker remembers the last messages only; what it has forgotten is not judged.

use faultline_model::{Evidence, Lens, NodeId, Property, Scope, Standing};

use super::message::PostId;
use super::speaker::{Heard, REMEMBERED, Speaker};
use super::{CausalBroadcast, Delivery};

type View<'l, 'w> = &'l Lens<'w, CausalBroadcast>;

pub(super) fn all() -> Vec<Property<CausalBroadcast>> {
    vec![
        Property {
            id: "causal-order",
            sentence: "Nobody hears a message before one that its author had heard when sending it",
            source: "Birman and Joseph 1987; Birman, Schiper and Stephenson 1991",
            scope: Scope::Always,
            check: causal_order,
        },
        Property {
            id: "total-order",
            sentence: "If total order is promised, no two hear two messages in different orders",
            source: "Birman and Joseph 1987, ABCAST",
            scope: Scope::Always,
            check: total_order,
        },
        Property {
            id: "different-orders",
            sentence: "Two have heard two messages in different orders",
            source: "Birman and Joseph 1987",
            scope: Scope::Sometimes,
            check: different_orders,
        },
        Property {
            id: "all-heard",
            sentence: "Everybody has heard what everybody has said",
            source: "Birman and Joseph 1987",
            scope: Scope::Eventually,
            check: all_heard,
        },
    ]
}

fn broken(why: String, nodes: &[NodeId]) -> Standing {
    Err(Evidence { why, nodes: nodes.to_vec() })
}

fn speakers<'l, 'w>(lens: View<'l, 'w>) -> impl Iterator<Item = (NodeId, &'w Speaker)> + 'l {
    lens.up().map(|(id, CausalBroadcast(speaker))| (id, speaker))
}

fn place(speaker: &Speaker, id: PostId) -> Option<usize> {
    speaker.heard.iter().position(|heard| heard.id == id)
}

/// Whether a speaker has not heard it, rather than forgotten.
fn lacks(speaker: &Speaker, id: PostId) -> bool {
    speaker.heard.len() < REMEMBERED && place(speaker, id).is_none()
}

/// K3. What an author had heard before sending stands before it in the author's own list.
fn causal_order(lens: View<'_, '_>) -> Standing {
    for (at, hearer) in speakers(lens) {
        for (index, late) in hearer.heard.iter().enumerate() {
            let author = (lens.node)(late.id.author).0;
            let before = place(&author.0, late.id).map_or(&[][..], |place| &author.0.heard[..place]);
            let missed = |early: &&Heard| match place(hearer, early.id) {
                Some(place) => place > index,
                None => lacks(hearer, early.id),
            };
            if let Some(early) = before.iter().find(missed) {
                let why = format!(
                    "{} heard {}’s “{}” before {}’s “{}”, which {} had heard when saying it",
                    lens.name(at),
                    lens.name(late.id.author),
                    late.text,
                    lens.name(early.id.author),
                    early.text,
                    lens.name(late.id.author)
                );
                return broken(why, &[at, late.id.author, early.id.author]);
            }
        }
    }
    Ok(())
}

/// Two speakers and two messages that one of them heard the other way round.
fn crossed(lens: View<'_, '_>) -> Option<(NodeId, NodeId, String)> {
    let all: Vec<(NodeId, &Speaker)> = speakers(lens).collect();
    for (index, &(one, first)) in all.iter().enumerate() {
        for &(other, second) in &all[index + 1..] {
            let mut latest: Option<(usize, &Heard)> = None;
            for heard in &first.heard {
                let Some(there) = place(second, heard.id) else { continue };
                if let Some((_, before)) = latest.filter(|&(place, _)| place > there) {
                    let why = format!(
                        "{} heard “{}” before “{}”, {} the other way round",
                        lens.name(one),
                        before.text,
                        heard.text,
                        lens.name(other)
                    );
                    return Some((one, other, why));
                }
                latest = Some((there, heard));
            }
        }
    }
    None
}

fn total_order(lens: View<'_, '_>) -> Standing {
    match crossed(lens).filter(|_| lens.params.delivery == Delivery::Total) {
        None => Ok(()),
        Some((one, other, why)) => broken(why, &[one, other]),
    }
}

fn different_orders(lens: View<'_, '_>) -> Standing {
    match crossed(lens) {
        Some(_) => Ok(()),
        None => broken("what two have heard, they have heard in the same order".to_owned(), &[]),
    }
}

fn all_heard(lens: View<'_, '_>) -> Standing {
    for (author, speaker) in speakers(lens) {
        let unheard = speakers(lens).find(|(_, other)| other.vector.count(author) < speaker.said);
        if let Some((id, _)) = unheard {
            return broken(
                format!("{} has not heard all that {} said", lens.name(id), lens.name(author)),
                &[id],
            );
        }
    }
    Ok(())
}
