//! Accuracy and completeness of the group's opinion (K20).

use faultline_model::{Evidence, Lens, NodeId, Property, Scope, Standing};

use super::{Health, Swim};

type View<'a, 'b> = &'a Lens<'b, Swim>;

pub(super) fn all() -> Vec<Property<Swim>> {
    vec![
        Property {
            id: "accuracy",
            sentence: "No member declares faulty who is up",
            source: "SWIM §2",
            scope: Scope::Always,
            check: accuracy,
        },
        Property {
            id: "false-suspicion",
            sentence: "A member that is up is suspected",
            source: "SWIM §4.2",
            scope: Scope::Sometimes,
            check: false_suspicion,
        },
        Property {
            id: "detected",
            sentence: "Somebody knows of every member that is down",
            source: "SWIM §3.1",
            scope: Scope::Eventually,
            check: detected,
        },
        Property {
            id: "completeness",
            sentence: "Every member that is up knows of every member that is down",
            source: "SWIM §2",
            scope: Scope::Eventually,
            check: completeness,
        },
    ]
}

fn is_up(lens: View<'_, '_>, id: NodeId) -> bool {
    (lens.node)(id).1
}

/// The first pair of members that are up of whom one thinks so of the other.
fn thinks_of_a_live_one(lens: View<'_, '_>, health: Health) -> Option<(NodeId, NodeId)> {
    lens.up().find_map(|(judge, member)| {
        let so = member.members.iter().find(|&(&id, opinion)| opinion.health == health && is_up(lens, id));
        so.map(|(&id, _)| (judge, id))
    })
}

fn accuracy(lens: View<'_, '_>) -> Standing {
    let Some((judge, of)) = thinks_of_a_live_one(lens, Health::Faulty) else {
        return Ok(());
    };
    let why = format!("{} is up, and {} has declared it faulty", lens.name(of), lens.name(judge));
    Err(Evidence { why, nodes: vec![judge, of] })
}

fn false_suspicion(lens: View<'_, '_>) -> Standing {
    if thinks_of_a_live_one(lens, Health::Suspect).is_some() {
        return Ok(());
    }
    Err(Evidence { why: "nobody who is up is suspected".to_owned(), nodes: vec![] })
}

/// For every member that is down: how many who are up do not hold it for faulty.
fn unaware(lens: View<'_, '_>, most: fn(usize) -> usize) -> Standing {
    let down: Vec<NodeId> = lens.cast.iter().map(|(id, _)| id).filter(|&id| !is_up(lens, id)).collect();
    if down.is_empty() {
        return Ok(());
    }
    let members: Vec<(NodeId, &Swim)> = lens.up().collect();
    for dead in down {
        let knows = |member: &Swim| member.opinion(dead).health == Health::Faulty;
        let not: Vec<NodeId> = members.iter().filter(|(_, m)| !knows(m)).map(|&(id, _)| id).collect();
        if not.len() > most(members.len()) {
            let why = format!(
                "{} is down, and {} of {} members do not know that",
                lens.name(dead),
                not.len(),
                members.len()
            );
            return Err(Evidence { why, nodes: not });
        }
    }
    Ok(())
}

fn detected(lens: View<'_, '_>) -> Standing {
    unaware(lens, |members| members.saturating_sub(1))
}

fn completeness(lens: View<'_, '_>) -> Standing {
    unaware(lens, |_| 0)
}
