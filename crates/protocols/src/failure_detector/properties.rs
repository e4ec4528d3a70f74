//! Accuracy and completeness (Chandra and Toueg 1996, §2), of each detector (K20).

use faultline_model::{Evidence, Lens, NodeId, Property, Scope, Standing};

use super::{FailureDetector, MONITOR, Opinion, Watched};

type View<'a, 'b> = &'a Lens<'b, FailureDetector>;

pub(super) fn all() -> Vec<Property<FailureDetector>> {
    let property = |id, sentence, scope, check| Property {
        id,
        sentence,
        source: "Chandra & Toueg 1996 §2",
        scope,
        check,
    };
    vec![
        property("accuracy-timeout", "The fixed timeout suspects nobody who is up", Scope::Always, |lens| {
            accurate(lens, |peer| &peer.timeout)
        }),
        property("accuracy-phi", "φ suspects nobody who is up", Scope::Always, |lens| {
            accurate(lens, |peer| &peer.accrual)
        }),
        property(
            "completeness-timeout",
            "Whoever is down is suspected by the fixed timeout",
            Scope::Eventually,
            |lens| complete(lens, |peer| &peer.timeout),
        ),
        property("completeness-phi", "Whoever is down is suspected by φ", Scope::Eventually, |lens| {
            complete(lens, |peer| &peer.accrual)
        }),
    ]
}

/// The peers whose being up and being suspected are `up` and `suspected`, as far as the monitor is up.
fn peers(lens: View<'_, '_>, opinion: fn(&Watched) -> &Opinion, up: bool, suspected: bool) -> Vec<NodeId> {
    let (FailureDetector::Monitor(monitor), true) = (lens.node)(MONITOR) else {
        return vec![];
    };
    let is = |id: NodeId| (lens.node)(id).1 == up;
    let found = monitor.peers.iter().filter(|&(&id, peer)| is(id) && opinion(peer).suspects == suspected);
    found.map(|(&id, _)| id).collect()
}

fn names(lens: View<'_, '_>, ids: &[NodeId]) -> String {
    ids.iter().map(|&id| lens.name(id)).collect::<Vec<_>>().join(" and ")
}

fn accurate(lens: View<'_, '_>, opinion: fn(&Watched) -> &Opinion) -> Standing {
    let wrongly = peers(lens, opinion, true, true);
    if wrongly.is_empty() {
        return Ok(());
    }
    let why = format!("{} is up, and {} takes it for dead", names(lens, &wrongly), lens.name(MONITOR));
    Err(Evidence { why, nodes: wrongly })
}

fn complete(lens: View<'_, '_>, opinion: fn(&Watched) -> &Opinion) -> Standing {
    let missed = peers(lens, opinion, false, false);
    if missed.is_empty() {
        return Ok(());
    }
    let why = format!("{} is down, and {} does not suspect it yet", names(lens, &missed), lens.name(MONITOR));
    Err(Evidence { why, nodes: missed })
}
