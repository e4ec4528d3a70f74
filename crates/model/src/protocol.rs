//! The trait that a protocol implements.

use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::str::FromStr;

use serde::Serialize;

use crate::{
    About, Caption, Cast, Cx, Draw, Glance, Habitat, Kind, Lens, Mark, Member, NodeId, OpId, Params, Piece,
    Property, Renaming, StableHasher,
};

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
    /// The same with slots, from which a workload makes its operations: "write {key}={value}". `{key}`
    /// becomes a key ("k3"), `{value}` a whole number that no other operation of the run's workloads has,
    /// `{old}` the value of an earlier operation. Without slots all operations of the form are alike.
    pub template: &'static str,
}

impl OpForm {
    /// A form with its example and the template that a workload fills in.
    pub fn new(name: &'static str, example: &str, template: &'static str) -> OpForm {
        OpForm { name, example: example.to_owned(), template }
    }

    /// A form of operations that are all alike.
    pub fn fixed(name: &'static str, text: &'static str) -> OpForm {
        OpForm::new(name, text, text)
    }
}

/// A way in which a node can lie: what leaves it is not what the protocol says.
///
/// Its state stays what the protocol makes of it; only its messages are rewritten. So one sees what the
/// others do when they believe it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Lie {
    /// Stable short name, `kebab-case`: "forget-promises".
    pub id: &'static str,
    /// What the node does, in the third person, without its subject: "answers as if …".
    pub sentence: &'static str,
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

    /// Whether two nodes are processes of one machine: what one says to the other arrives at once, in order,
    /// and is not lost on the way.
    fn same_machine(cast: &Cast, from: NodeId, to: NodeId) -> bool {
        let _ = (cast, from, to);
        false
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

    /// Those whom this node takes to have failed, right or wrong, for pictures of belief against truth.
    fn suspects(&self) -> Vec<NodeId> {
        vec![]
    }

    /// What the stage writes at a message.
    fn caption(msg: &Self::Msg, cast: &Cast) -> Caption;

    /// The epoch (term, ballot, version) that a message speaks of, if the protocol has one.
    fn epoch(msg: &Self::Msg) -> Option<u64> {
        let _ = msg;
        None
    }

    /// How many bytes a message takes on a link whose bandwidth is limited; `None` for what its content
    /// comes to in a compact binary form, with the headers of Ethernet, IP and TCP.
    fn size(msg: &Self::Msg) -> Option<u32> {
        let _ = msg;
        None
    }

    /// Damages one record of what is on a disk such that its checksum no longer fits, as bit rot or a
    /// misdirected write does. The node finds out in [`Protocol::boot`], which gets what this leaves. The
    /// error says why there is nothing to damage.
    fn corrupt(durable: &mut Self::Durable, draw: &mut Draw) -> Result<(), &'static str> {
        let _ = (durable, draw);
        Err("this protocol does not say how it checks what it reads from its disk")
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

    /// Whether a property asks which client operation had ended before which other began. A search then
    /// tells states apart in which that differs.
    fn heeds_real_time(params: &Self::Params) -> bool {
        let _ = params;
        false
    }

    /// Whether what [`Protocol::witness`] notes at different nodes comes to the same in whichever order it
    /// is noted, and whether or not something else was noted in between: a search may then leave out one of
    /// the orders.
    fn notes_in_any_order() -> bool {
        false
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

    /// The nodes that are interchangeable: whatever can happen, can happen just so with any two of them
    /// having changed places in everything (their states and disks, messages to, from and about them, what
    /// has been noted of them), and every property judges both alike. Nobody may prefer one of them by its
    /// name or its place in the cast. A search takes states for the same that differ in nothing else.
    ///
    /// A protocol that names any says in [`Protocol::hash_renamed`] where nodes are named in its values.
    fn interchangeable(cast: &Cast, params: &Self::Params) -> Vec<NodeId> {
        let _ = (cast, params);
        vec![]
    }

    /// Hashes a value as if the nodes named in it had other names; [`Piece::renamed`], if all of the
    /// protocol's types say where they name nodes.
    fn hash_renamed(piece: Piece<'_, Self>, names: &Renaming, state: &mut StableHasher) {
        let _ = names;
        piece.plain(state);
    }

    /// What the next node would be that is added to the running system with this cast; `None`, which is
    /// the usual answer, when the protocol has no rule by which somebody can join.
    ///
    /// A protocol that lets nodes join lets them leave, too. It must get along with a cast that changes:
    /// [`Cast::of_kind`] lists only those present, [`Cast::rank`] never changes.
    fn newcomer(cast: &Cast, params: &Self::Params) -> Option<Member> {
        let _ = (cast, params);
        None
    }

    /// The node has just been added to the running system. It has booted with an empty disk; this
    /// follows within the same event.
    fn on_join(&mut self, cx: &mut Cx<'_, Self>) {
        let _ = cx;
    }

    /// In which ways a node of that kind can be made to lie; none unless the protocol offers some.
    fn lies(kind: Kind) -> &'static [Lie] {
        let _ = kind;
        &[]
    }

    /// What this node says to `to` instead of `msg` when it tells that lie; `None` when this message is
    /// not one that it lies about. Pure: the same state and message always give the same lie.
    fn lie(&self, lie: &'static str, to: NodeId, msg: &Self::Msg, cast: &Cast) -> Option<Self::Msg> {
        let _ = (lie, to, msg, cast);
        None
    }

    /// Whether an answer says that the operation was not done, or that nobody knows whether it was: what
    /// charts count as an error. An answer that is merely unwelcome, such as a comparison that did not
    /// hold, is none.
    fn failed(ret: &Self::Ret) -> bool {
        let _ = ret;
        false
    }

    /// Which testimony ([`crate::Fact::Did`]) shows that this property, which does not hold, is broken: what
    /// the nodes in its evidence did to break it, and so when. None unless the protocol says.
    fn marks(property: &'static str, lens: &Lens<'_, Self>) -> Vec<Mark> {
        let _ = (property, lens);
        vec![]
    }

    /// What must hold, come true, or may be seen.
    fn properties() -> Vec<Property<Self>>;
}
