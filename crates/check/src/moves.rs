//! What a search may do in a state: everything natural, and faults within a budget.

use faultline_model::NodeId;
use faultline_sim::{Action, AnyWorld, Disk, Status};
use serde::{Deserialize, Serialize};

/// How far a search goes. What lies beyond is not claimed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Bounds {
    /// Timers that may fire, in any order: an asynchronous system has no clock to rely on.
    pub timeouts: u8,
    /// Messages that may be dropped. Loss is free without it (a message that is never delivered), so
    /// this matters only to properties that judge a system at rest.
    pub drops: u8,
    /// Messages that may be duplicated.
    pub duplicates: u8,
    /// Nodes that may crash and restart with their disks, in one step.
    pub restarts: u8,
    /// Nodes that may crash for good.
    pub crashes: u8,
    /// Operations that may be invoked, each once, in any order.
    pub requests: Vec<Request>,
    /// The longest run, in steps.
    pub depth: u32,
    /// The most states kept.
    pub states: u32,
}

/// An operation that a search may invoke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The node that it is handed to.
    pub node: NodeId,
    /// What is asked.
    pub op: String,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds {
            timeouts: 2,
            drops: 0,
            duplicates: 0,
            restarts: 0,
            crashes: 0,
            requests: vec![],
            depth: 40,
            states: 2_000_000,
        }
    }
}

/// What a run has used of its budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Used {
    timeouts: u8,
    drops: u8,
    duplicates: u8,
    restarts: u8,
    crashes: u8,
    /// One bit a request.
    requests: u64,
}

/// One step of a search: one action, or a crash with its restart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Move {
    pub actions: [Option<Action>; 2],
    pub used: Used,
}

/// Everything that may be done in a state, in a fixed order.
pub(crate) fn moves(world: &dyn AnyWorld, used: Used, bounds: &Bounds, nodes: &[NodeId]) -> Vec<Move> {
    let mut all = vec![];
    let mut add = |action: Action, used: Used| {
        all.push(Move { actions: [Some(action), None], used });
    };
    for action in world.enabled() {
        match action {
            Action::Deliver(msg) => {
                if used.drops < bounds.drops {
                    add(Action::Drop(msg), Used { drops: used.drops + 1, ..used });
                }
                if used.duplicates < bounds.duplicates {
                    add(Action::Duplicate(msg), Used { duplicates: used.duplicates + 1, ..used });
                }
                add(action, used);
            }
            Action::Fire(..) if used.timeouts < bounds.timeouts => {
                add(action, Used { timeouts: used.timeouts + 1, ..used });
            }
            Action::Fire(..) => {}
            _ => add(action, used),
        }
    }
    for (place, request) in bounds.requests.iter().enumerate().take(64) {
        let bit = 1 << place;
        if used.requests & bit == 0 {
            add(
                Action::Invoke(request.node, request.op.clone()),
                Used { requests: used.requests | bit, ..used },
            );
        }
    }
    if used.crashes < bounds.crashes {
        nodes.iter().for_each(|&node| {
            add(Action::Crash(node), Used { crashes: used.crashes + 1, ..used });
        });
    }
    if used.restarts < bounds.restarts {
        all.extend(nodes.iter().map(|&node| Move {
            actions: [Some(Action::Crash(node)), Some(Action::Restart(node, Disk::Kept))],
            used: Used { restarts: used.restarts + 1, ..used },
        }));
    }
    all
}

/// The nodes that may crash: servers; a client's crash proves nothing about a system.
pub(crate) fn servers(world: &dyn AnyWorld) -> Vec<NodeId> {
    let view = world.view();
    view.nodes
        .iter()
        .filter(|node| !node.client && node.status != Status::Down)
        .map(|node| node.node)
        .collect()
}
