//! What the monitor believes against what is.

use faultline_model::{Evidence, Lens, NodeId, Property, Scope, Standing};

use super::{HeartbeatMonitor, MONITOR, Watch, watched};

type View<'l, 'w> = &'l Lens<'w, HeartbeatMonitor>;

pub(super) fn all() -> Vec<Property<HeartbeatMonitor>> {
    vec![
        Property {
            id: "accuracy",
            sentence: "The monitor holds nobody to be dead who is up",
            source: "Waldo et al. 1994, §4",
            scope: Scope::Always,
            check: accuracy,
        },
        Property {
            id: "the-dead-are-silent",
            sentence: "Nobody acknowledges a write while the monitor holds it to be dead",
            source: "Bailis and Kingsbury 2014",
            scope: Scope::Always,
            check: silent,
        },
        Property {
            id: "one-view",
            sentence: "All who watch a server agree whether it is dead",
            source: "Alquraan et al. 2018",
            scope: Scope::Always,
            check: one_view,
        },
        Property {
            id: "completeness",
            sentence: "Everybody who has crashed is held to be dead by the monitor",
            source: "Waldo et al. 1994, §4",
            scope: Scope::Eventually,
            check: completeness,
        },
    ]
}

fn broken(why: String, nodes: Vec<NodeId>) -> Standing {
    Err(Evidence { why, nodes })
}

/// What a node sees, if it watches and is up.
fn watch<'w>(lens: View<'_, 'w>, node: NodeId) -> Option<&'w Watch> {
    match (lens.node)(node) {
        (HeartbeatMonitor::Monitor { sees }, true) => Some(sees),
        (HeartbeatMonitor::Server(server), true) => Some(&server.sees),
        _ => None,
    }
}

fn judged(lens: View<'_, '_>, wrong: impl Fn(bool, bool) -> bool, how: &str) -> Standing {
    let Some(monitor) = watch(lens, MONITOR) else {
        return Ok(());
    };
    let dead = monitor.dead();
    match watched(lens.cast).find(|&node| wrong((lens.node)(node).1, dead.contains(&node))) {
        None => Ok(()),
        Some(node) => broken(format!("{} {how}", lens.name(node)), vec![MONITOR, node]),
    }
}

/// K20. A server that stands still is up.
fn accuracy(lens: View<'_, '_>) -> Standing {
    judged(lens, |up, dead| up && dead, "is up, and the monitor holds it to be dead")
}

/// K20.
fn completeness(lens: View<'_, '_>) -> Standing {
    judged(lens, |up, dead| !up && !dead, "has crashed, and the monitor does not know it")
}

fn silent(lens: View<'_, '_>) -> Standing {
    match lens.witness.undead {
        None => Ok(()),
        Some(node) => {
            let why =
                format!("{} acknowledged a write while the monitor held it to be dead", lens.name(node));
            broken(why, vec![MONITOR, node])
        }
    }
}

fn one_view(lens: View<'_, '_>) -> Standing {
    for node in watched(lens.cast) {
        let mut first = None;
        for (observer, _) in lens.cast.iter() {
            let Some(&belief) = watch(lens, observer).and_then(|watch| watch.0.get(&node)) else {
                continue;
            };
            let &mut (other, seen) = first.get_or_insert((observer, belief));
            if seen != belief {
                let names = [observer, other, node].map(|node| lens.name(node));
                let why = format!("{} and {} do not agree whether {} is dead", names[0], names[1], names[2]);
                return broken(why, vec![observer, other, node]);
            }
        }
    }
    Ok(())
}
