//! Bounded: what waits, what is in flight and what a node remembers stay below limits (K18).
//!
//! A queue without a limit is no buffer but a delay: it hides that more comes in than goes out until there
//! is no memory left. No run can show that something is bounded for good; what can be shown is that within
//! a run, or within the bounds of a search, it never was more than the limit, or the moment when it was.

use faultline_model::NodeId;
use faultline_sim::{AnyWorld, Timeline, Walk};
use serde::{Deserialize, Serialize};

/// The limits; `None` is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Limits {
    /// Messages in flight altogether.
    pub in_flight: Option<u32>,
    /// Inputs that wait at one node: it is busy or paused.
    pub waiting: Option<u32>,
    /// Writes of one node that are not on its disk.
    pub writing: Option<u32>,
    /// What one node remembers, bytes in a compact binary form.
    pub memory: Option<u32>,
}

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limited {
    /// Messages in flight.
    InFlight,
    /// Inputs that wait at a node.
    Waiting(NodeId),
    /// Writes of a node that are not on its disk.
    Writing(NodeId),
    /// What a node remembers, bytes.
    Memory(NodeId),
}

/// Something is beyond its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Excess {
    /// What.
    pub what: Limited,
    /// How much there is.
    pub amount: u32,
    /// How much there may be.
    pub limit: u32,
}

impl Limits {
    /// The property that a search names when a limit is passed.
    pub const PROPERTY: &'static str = "bounded";

    /// Whether nothing is limited.
    pub fn is_empty(&self) -> bool {
        *self == Limits::default()
    }

    /// The first limit that is passed at this moment, messages before nodes.
    pub fn passed(&self, world: &dyn AnyWorld) -> Option<Excess> {
        let beyond = |what, amount: u32, limit: Option<u32>| {
            limit.filter(|&limit| amount > limit).map(|limit| Excess { what, amount, limit })
        };
        // The whole system's load says what to look for, and is cheap to ask.
        let load = world.load();
        if let Some(excess) = beyond(Limited::InFlight, load.in_flight, self.in_flight) {
            return Some(excess);
        }
        let may_pass = |amount: u32, limit: Option<u32>| limit.is_some_and(|limit| amount > limit);
        let queues = may_pass(load.waiting, self.waiting) || may_pass(load.writing, self.writing);
        if !queues && self.memory.is_none() {
            return None;
        }
        world.cast().iter().find_map(|(node, _)| {
            let of_queues = || {
                let view = world.node(node)?;
                beyond(Limited::Waiting(node), view.inbox as u32, self.waiting)
                    .or_else(|| beyond(Limited::Writing(node), view.writing as u32, self.writing))
            };
            let of_memory = || {
                let state = self.memory.and_then(|_| world.detail(node))?;
                beyond(Limited::Memory(node), state.bytes(), self.memory)
            };
            queues.then(of_queues).flatten().or_else(of_memory)
        })
    }

    /// The first event of a run, up to the timeline's cursor, behind which a limit was passed; 0 is the
    /// start.
    pub fn first_passed(&self, timeline: &Timeline) -> Option<(u32, Excess)> {
        let mut walk = Walk::along(timeline);
        loop {
            let event = walk.world().events();
            if let Some(excess) = self.passed(walk.world()) {
                return Some((event, excess));
            }
            if event >= timeline.cursor() || walk.step(timeline).is_none() {
                return None;
            }
        }
    }
}

impl Excess {
    /// The node that it is about.
    pub fn node(&self) -> Option<NodeId> {
        match self.what {
            Limited::InFlight => None,
            Limited::Waiting(node) | Limited::Writing(node) | Limited::Memory(node) => Some(node),
        }
    }

    /// In a sentence; `name` is the name of the node that it is about.
    pub fn sentence(&self, name: &str) -> String {
        let Excess { what, amount, limit } = self;
        match what {
            Limited::InFlight => format!("{amount} messages are in flight, and {limit} may be"),
            Limited::Waiting(_) => format!("{amount} inputs wait at {name}, and {limit} may"),
            Limited::Writing(_) => format!("{amount} writes of {name} wait for its disk, and {limit} may"),
            Limited::Memory(_) => format!("{name} remembers {amount} bytes, and {limit} are the limit"),
        }
    }
}
