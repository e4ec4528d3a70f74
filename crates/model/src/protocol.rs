//! The trait that a protocol implements.

use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::str::FromStr;

use serde::Serialize;

use crate::{About, Caption, Cast, Cx, Glance, Habitat, Kind, NodeId, OpId, Params, Property};

/// What messages, timers, operations and durable states have in common: plain data.
pub trait Data: Clone + Debug + Eq + Hash + Serialize + 'static {}
impl<T: Clone + Debug + Eq + Hash + Serialize + 'static> Data for T {}

/// An operation that can be asked of a node, for menus and forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpForm {
    /// For people: "Write".
    pub name: &'static str,
    /// A complete operation as [`FromStr`] reads it, used as the default: "write x=1".
    pub example: String,
}

/// A protocol: the state of one node and the rules that change it.
///
/// Handlers are pure: they read and write `self` and speak only through [`Cx`]. A node may be an enum
/// of roles (client and server, say); [`Cx::kind`] tells at boot which part it plays.
///
/// State must not hold `usize`, floats, or maps whose iteration order is not fixed.
pub trait Protocol: Clone + Debug + Hash + Serialize + 'static {
    /// What nodes say to each other. An enum; its variants' names are the kinds ("AppendEntries").
    type Msg: Data;
    /// What a node can wait for. An enum; its variants' names are the timers' names in scripts,
    /// lower case ("election").
    type Timer: Data;
    /// What a client can ask, read from and written as text ("write x=1").
    type Op: Data + Display + FromStr<Err = String>;
    /// What it gets back.
    type Ret: Data + Display;
    /// What survives a crash, and only once it has been persisted.
    type Durable: Data;
    /// What an all-seeing observer notes over the whole run, for properties about history (a ghost
    /// variable). No node can read it. `()` when nothing is needed.
    type Witness: Clone + Debug + Default + Hash + Serialize + 'static;
    /// The knobs.
    type Params: Params;

    /// What the protocol says of itself.
    const ABOUT: About;

    /// The nodes of a run with `nodes` servers.
    fn cast(params: &Self::Params, nodes: usize) -> Cast;

    /// How many servers there are unless somebody says otherwise.
    fn default_nodes() -> usize;

    /// The links and disks that the protocol is usually shown on.
    fn habitat() -> Habitat {
        Habitat::default()
    }

    /// Whether a link from `from` to `to` exists. By default everyone reaches everyone, but clients do
    /// not talk to each other.
    fn linked(cast: &Cast, from: NodeId, to: NodeId) -> bool {
        from != to && !(cast.kind(from) == Kind::Client && cast.kind(to) == Kind::Client)
    }

    /// What is on a node's disk when the run begins.
    fn initial_disk(node: NodeId, cast: &Cast, params: &Self::Params) -> Option<Self::Durable> {
        let _ = (node, cast, params);
        None
    }

    /// The node starts: at the beginning of the run, or after a crash, with what its disk holds.
    fn boot(saved: Option<Self::Durable>, cx: &mut Cx<'_, Self>) -> Self;

    /// A message arrives.
    fn on_message(&mut self, from: NodeId, msg: Self::Msg, cx: &mut Cx<'_, Self>);

    /// A timer fires; it is no longer armed.
    fn on_timer(&mut self, timer: Self::Timer, cx: &mut Cx<'_, Self>);

    /// Somebody asks this node to do an operation.
    fn on_request(&mut self, id: OpId, op: Self::Op, cx: &mut Cx<'_, Self>);

    /// A write that [`Cx::persist`] asked for is on disk.
    fn on_saved(&mut self, saved: &Self::Durable, cx: &mut Cx<'_, Self>) {
        let _ = (saved, cx);
    }

    /// The operations that a node of that kind takes; empty when it takes none.
    fn operations(kind: Kind) -> Vec<OpForm> {
        let _ = kind;
        vec![]
    }

    /// What the stage draws of the node.
    fn glance(&self, params: &Self::Params, cast: &Cast) -> Glance;

    /// What the stage writes at a message.
    fn caption(msg: &Self::Msg, cast: &Cast) -> Caption;

    /// The epoch (term, ballot, version) that a message speaks of, if the protocol has one.
    fn epoch(msg: &Self::Msg) -> Option<u64> {
        let _ = msg;
        None
    }

    /// Notes what has just become true at `me`, after every event there.
    fn witness(&self, me: NodeId, seen: &mut Self::Witness) {
        let _ = (me, seen);
    }

    /// Whether [`Protocol::witness`] would note anything now. A search copies what was noted only then.
    fn has_news(&self, me: NodeId, seen: &Self::Witness) -> bool {
        let _ = (me, seen);
        true
    }

    /// Whether a message in flight can make no difference any more, whatever happens: now and at any
    /// later time, to deliver it changes nothing at its receiver and causes nothing but messages of which
    /// the same is true. A search takes such messages away, so that it need not try when they arrive.
    /// `node` gives the nodes' states. A property that judges whether the system is at rest must not
    /// depend on such messages.
    fn is_moot<'a>(msg: &Self::Msg, from: NodeId, to: NodeId, node: &dyn Fn(NodeId) -> &'a Self) -> bool {
        let _ = (msg, from, to, node);
        false
    }

    /// What must hold, come true, or may be seen.
    fn properties() -> Vec<Property<Self>>;
}
