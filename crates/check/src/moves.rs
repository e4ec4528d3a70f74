//! What a search may do in a state: everything natural, and faults within a budget.

use faultline_model::{NodeId, Span};
use faultline_sim::{Action, Alarm, AnyWorld, Disk, Status};
use serde::{Deserialize, Serialize};

use crate::bounded::Limits;

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
    /// Drops, duplicates, restarts and crashes together.
    pub faults: u8,
    /// Operations that may be invoked, each once, in any order.
    pub requests: Vec<Request>,
    /// Whether timers fire in the order of the nodes' clocks, which may be set apart or run at different
    /// rates before the search; messages take as long as they like. Without it a timer may fire at any
    /// time, which is what pauses and wild clocks come to.
    pub clocks: bool,
    /// Whether states that differ only in which of some interchangeable nodes is which count as one. Only
    /// where the protocol says which are, the requests treat them alike, and clocks are not heeded.
    pub symmetry: bool,
    /// What must not be passed; the property is then [`Limits::PROPERTY`].
    pub limits: Limits,
    /// True time that passes before each request, so that clocks tell them apart: in a search it stands
    /// still otherwise. Not where timers fire in the order of the clocks.
    pub pace: Span,
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
            faults: u8::MAX,
            requests: vec![],
            clocks: false,
            symmetry: false,
            limits: Limits::default(),
            pace: Span::ZERO,
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

impl Used {
    /// Whether what two steps use of the budget, each by itself after this, can be used by both.
    pub(crate) fn allows_both(self, one: Used, other: Used, bounds: &Bounds) -> bool {
        type Count = fn(Used) -> u8;
        let sum = |of: Count| u32::from(of(one)) + u32::from(of(other)) - u32::from(of(self));
        let budgets: [(Count, u8); 6] = [
            (|used| used.timeouts, bounds.timeouts),
            (|used| used.drops, bounds.drops),
            (|used| used.duplicates, bounds.duplicates),
            (|used| used.restarts, bounds.restarts),
            (|used| used.crashes, bounds.crashes),
            (Used::faults, bounds.faults),
        ];
        budgets.into_iter().all(|(of, most)| sum(of) <= u32::from(most))
    }

    fn faults(self) -> u8 {
        [self.duplicates, self.restarts, self.crashes].into_iter().fold(self.drops, u8::saturating_add)
    }
}

/// What is done in one step of a search.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    /// One action.
    Act(Action),
    /// The request at that place is invoked.
    Invoke(u8),
    /// A node crashes and restarts with its disk.
    Restart(NodeId),
}

/// One step, and what has been used of the budget after it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Move {
    pub step: Step,
    pub used: Used,
}

/// The steps that a search may take, and the memory for listing them.
#[derive(Debug)]
pub(crate) struct Moves {
    bounds: Bounds,
    /// The actions that invoke the requests.
    invocations: Vec<Action>,
    /// The nodes that may crash.
    nodes: Vec<NodeId>,
    enabled: Vec<Action>,
    alarms: Vec<Alarm>,
}

impl Moves {
    pub fn new(bounds: Bounds, nodes: Vec<NodeId>) -> Moves {
        let invoke = |request: &Request| Action::Invoke(request.node, request.op.clone());
        let invocations = bounds.requests.iter().map(invoke).collect();
        Moves { bounds, invocations, nodes, enabled: vec![], alarms: vec![] }
    }

    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// Takes a step; false if it cannot be taken. Then the world is of no more use.
    pub fn take(&self, world: &mut dyn AnyWorld, step: &Step) -> bool {
        match step {
            Step::Act(action) => {
                if self.bounds.clocks {
                    wait_for(world, action);
                }
                world.apply(action).is_ok()
            }
            Step::Invoke(place) => {
                if self.bounds.pace > Span::ZERO && !self.bounds.clocks {
                    world.wait(world.now() + self.bounds.pace);
                }
                world.apply(&self.invocations[usize::from(*place)]).is_ok()
            }
            Step::Restart(node) => {
                world.apply(&Action::Crash(*node)).is_ok()
                    && world.apply(&Action::Restart(*node, Disk::Kept)).is_ok()
            }
        }
    }

    /// What is broken in a state: a property that must always hold, or a limit. `property` asks for one.
    pub fn broken(&self, world: &dyn AnyWorld, property: Option<&str>) -> Option<&'static str> {
        let limits = &self.bounds.limits;
        let passed = || {
            let asked = property.is_none_or(|property| property == Limits::PROPERTY);
            (asked && limits.passed(world).is_some()).then_some(Limits::PROPERTY)
        };
        world.broken(property).or_else(|| if limits.is_empty() { None } else { passed() })
    }

    /// The actions that a step consists of.
    pub fn actions(&self, step: &Step) -> Vec<Action> {
        match step {
            Step::Act(action) => vec![action.clone()],
            Step::Invoke(place) => vec![self.invocations[usize::from(*place)].clone()],
            Step::Restart(node) => vec![Action::Crash(*node), Action::Restart(*node, Disk::Kept)],
        }
    }

    /// Everything that may be done in a state, in a fixed order, in place of what `all` held.
    pub fn list(&mut self, world: &dyn AnyWorld, used: Used, all: &mut Vec<Move>) {
        all.clear();
        self.enabled.clear();
        world.add_enabled(&mut self.enabled);
        if self.bounds.clocks {
            self.alarms.clear();
            world.add_alarms(&mut self.alarms);
            let first = self.alarms.iter().map(|alarm| alarm.due).min();
            let alarms = &self.alarms;
            self.enabled.retain(|action| match action {
                Action::Fire(node, arming) => alarms
                    .iter()
                    .any(|alarm| (alarm.node, alarm.arming) == (*node, *arming) && Some(alarm.due) == first),
                _ => true,
            });
        }
        list(&mut self.enabled, used, &self.bounds, &self.nodes, all);
    }
}

/// Lets time pass until a timer fires by its node's clock.
fn wait_for(world: &mut dyn AnyWorld, action: &Action) {
    if let Action::Fire(node, arming) = action {
        let mut alarms = vec![];
        world.add_alarms(&mut alarms);
        let own = alarms.iter().find(|alarm| (alarm.node, alarm.arming) == (*node, *arming));
        if let Some(alarm) = own.filter(|alarm| alarm.due > world.now()) {
            world.wait(alarm.due);
        }
    }
}

fn list(enabled: &mut Vec<Action>, used: Used, bounds: &Bounds, nodes: &[NodeId], all: &mut Vec<Move>) {
    let mut add = |action: Action, used: Used| all.push(Move { step: Step::Act(action), used });
    let may_fail = used.faults() < bounds.faults;
    for action in enabled.drain(..) {
        match action {
            Action::Deliver(msg) => {
                if may_fail && used.drops < bounds.drops {
                    add(Action::Drop(msg), Used { drops: used.drops + 1, ..used });
                }
                if may_fail && used.duplicates < bounds.duplicates {
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
    for place in 0..bounds.requests.len().min(64) {
        let bit = 1 << place;
        if used.requests & bit == 0 {
            let used = Used { requests: used.requests | bit, ..used };
            all.push(Move { step: Step::Invoke(place as u8), used });
        }
    }
    if may_fail && used.crashes < bounds.crashes {
        let used = Used { crashes: used.crashes + 1, ..used };
        all.extend(nodes.iter().map(|&node| Move { step: Step::Act(Action::Crash(node)), used }));
    }
    if may_fail && used.restarts < bounds.restarts {
        let used = Used { restarts: used.restarts + 1, ..used };
        all.extend(nodes.iter().map(|&node| Move { step: Step::Restart(node), used }));
    }
}

/// The nodes that may crash: servers; a client's crash proves nothing about a system.
pub(crate) fn servers(world: &dyn AnyWorld) -> Vec<NodeId> {
    let view = world.view();
    view.nodes
        .iter()
        .filter(|node| !node.client && !matches!(node.status, Status::Down | Status::Left))
        .map(|node| node.node)
        .collect()
}
