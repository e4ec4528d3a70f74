//! What must always hold, what must come true, and what may be seen.

use std::fmt;

use crate::{Cast, Clock, History, NodeId, OpId, Protocol, Time};

/// When a property counts as broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Broken as soon as it does not hold.
    Always,
    /// Must come true in every run that is fair and long enough; shown, never "broken" in a prefix.
    Eventually,
    /// Worth reaching; not reaching it is no error.
    Sometimes,
}

/// Why a property stands as it does: a sentence, and whom to light on the stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// One sentence, with node names.
    pub why: String,
    /// The nodes that it speaks of.
    pub nodes: Vec<NodeId>,
}

/// `Ok` when the property holds (or has been reached), else the evidence.
pub type Standing = Result<(), Evidence>;

/// One client operation, open or closed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OpRecord<P: Protocol> {
    /// Its number.
    pub id: OpId,
    /// The node that it was handed to.
    pub client: NodeId,
    /// What was asked.
    pub op: P::Op,
    /// True time of the call.
    pub invoked: Time,
    /// The number of the event that was the call: it orders what happens at the same time.
    pub invoked_event: u32,
    /// Answer and true time of the answer, once there is one.
    pub returned: Option<(P::Ret, Time)>,
    /// The number of the event that gave the answer.
    pub returned_event: Option<u32>,
}

/// What an all-seeing observer sees at one moment.
pub struct Lens<'a, P: Protocol> {
    /// The knobs.
    pub params: &'a P::Params,
    /// All nodes.
    pub cast: &'a Cast,
    /// The state of a node, also of one that is down (as it was), and whether it is up.
    pub node: &'a dyn Fn(NodeId) -> (&'a P, bool),
    /// What has been witnessed over the whole run.
    pub witness: &'a P::Witness,
    /// The client operations so far.
    pub history: &'a History<P>,
    /// True time, which no node can see.
    pub now: Time,
    /// A node's own clock.
    pub clock: &'a dyn Fn(NodeId) -> Clock,
    /// Whether nothing is in flight, no write is pending and no link is cut.
    pub quiet: bool,
}

impl<P: Protocol> fmt::Debug for Lens<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lens").field("cast", self.cast).finish_non_exhaustive()
    }
}

impl<'a, P: Protocol> Lens<'a, P> {
    /// All nodes that are up, with their states.
    pub fn up(&self) -> impl Iterator<Item = (NodeId, &'a P)> + '_ {
        self.cast.iter().filter_map(|(id, _)| {
            let (state, up) = (self.node)(id);
            up.then_some((id, state))
        })
    }

    /// A node's name, for evidence.
    pub fn name(&self, id: NodeId) -> &'a str {
        self.cast.name(id)
    }
}

/// A property of a protocol.
pub struct Property<P: Protocol> {
    /// Stable short name, `kebab-case`: "election-safety".
    pub id: &'static str,
    /// One sentence in the field's words: "At most one leader in a term".
    pub sentence: &'static str,
    /// Paper and section.
    pub source: &'static str,
    /// When it counts as broken.
    pub scope: Scope,
    /// Judges one moment.
    pub check: fn(&Lens<'_, P>) -> Standing,
}

impl<P: Protocol> fmt::Debug for Property<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Property").field("id", &self.id).field("scope", &self.scope).finish_non_exhaustive()
    }
}
