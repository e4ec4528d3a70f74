//! Dynamo's versions of a shopping cart: vector clocks tell which version has seen which.
//!
//! Every replica takes writes, also while it does not hear the others. Each version carries a vector clock: a
//! list of pairs of a node and its counter, one for every node that has coordinated a write in its history.
//! A version all of whose counters are at most those of another is its ancestor and can be forgotten;
//! otherwise the two are in conflict, and both are kept as siblings until a client that has read both writes
//! one that replaces them (DeCandia et al., *Dynamo: Amazon's Highly Available Key-value Store*, SOSP 2007,
//! §4.4 and Fig. 3).
//!
//! A counter alone cannot tell a write by a client that has read nothing from one that has read everything
//! the coordinator had: both would get the next counter. So a version also knows, apart from its clock, which
//! write it is itself: its dot (Preguiça, Baquero et al., *Dotted Version Vectors*, 2010). That rule is a knob.

mod client;
mod clock;
mod look;
mod message;
mod properties;
mod replica;
pub mod rules;

use faultline_model::{
    About, Caption, Cast, Cx, Glance, Kind, KnobKind, NodeId, OpForm, OpId, Property, Protocol, SortedMap,
    Span, params,
};
use serde::Serialize;

pub use client::{Asked, Client, Open};
pub use clock::{Clock, Pair};
pub use message::{Msg, Op, Ret, Timer};
pub use replica::{Disk, Replica, Version};

type Ctx<'a> = Cx<'a, DynamoVersions>;

params! {
    /// The knobs of the cart.
    pub struct Knobs {
        /// A version is told apart from what its writer had read; without it only clocks are compared.
        "dots" dots: bool = true, KnobKind::Rule { rule: "dots" };
        /// How many pairs a clock keeps; beyond, the pair that has not changed for longest is dropped.
        "most-pairs" most_pairs: u64 = 10, KnobKind::Count { min: 1, max: 20 };
        /// How many clients there are.
        "clients" clients: u64 = 3, KnobKind::Count { min: 1, max: 9 };
        /// How long a client waits for an answer.
        "timeout" timeout: Span = Span::secs(1), KnobKind::Span { min: Span::millis(1), max: Span::secs(60) };
    }
}

/// Which writes each write was made with knowledge of, directly: what its client had read or written last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Witness {
    /// By the operation that writes.
    pub parents: SortedMap<OpId, Vec<OpId>>,
}

/// A node of the store, or a client of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum DynamoVersions {
    /// Holds the cart.
    Replica(Replica),
    /// Fills it.
    Client(Client),
}

/// Sx, Sy, Sz, then S4, S5 …
fn replica_name(index: usize) -> String {
    match index {
        0..=2 => format!("S{}", ["x", "y", "z"][index]),
        _ => format!("S{}", index + 1),
    }
}

impl Protocol for DynamoVersions {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Ret;
    type Durable = Disk;
    type Witness = Witness;
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "dynamo-versions",
        name: "Vector clocks and siblings",
        claim: "No write is lost that nobody has seen: versions in conflict are kept side by side.",
        source: "DeCandia et al.: Dynamo: Amazon's Highly Available Key-value Store. SOSP 2007, §4.4, Fig. 3. \
                 Preguiça, Baquero et al.: Dotted Version Vectors. 2010.",
        rules: rules::RULES,
    };

    fn cast(params: &Knobs, nodes: usize) -> Cast {
        let replicas: Vec<String> = (0..nodes).map(replica_name).collect();
        let clients: Vec<String> = (1..=params.clients).map(|number| format!("C{number}")).collect();
        let clients: Vec<&str> = clients.iter().map(String::as_str).collect();
        Cast::of(&replicas.iter().map(String::as_str).collect::<Vec<_>>()).with_clients(&clients)
    }

    fn default_nodes() -> usize {
        3
    }

    fn boot(saved: Option<Disk>, cx: &mut Ctx<'_>) -> DynamoVersions {
        match cx.kind() {
            Kind::Server => DynamoVersions::Replica(Replica::boot(saved, cx)),
            Kind::Client => DynamoVersions::Client(Client::default()),
        }
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        match self {
            DynamoVersions::Replica(replica) => replica.on_message(from, msg, cx),
            DynamoVersions::Client(client) => client.on_message(msg, cx),
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Ctx<'_>) {
        match (self, timer) {
            (DynamoVersions::Client(client), Timer::Timeout) => client.on_timeout(cx),
            (node, timer) => debug_assert!(false, "{timer:?} fired at {node:?}"),
        }
    }

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Ctx<'_>) {
        match self {
            DynamoVersions::Client(client) => client.on_request(id, op, cx),
            DynamoVersions::Replica(_) => {
                cx.because(rules::REFUSE);
                cx.reply(id, Ret::Refused);
            }
        }
    }

    fn operations(kind: Kind) -> Vec<OpForm> {
        match kind {
            Kind::Server => vec![],
            Kind::Client => vec![
                OpForm::new("Add", "add milk at Sx", "add i{value} at Sx"),
                OpForm::new("Read", "read at Sx", "read at Sx"),
                OpForm::new("Add blindly", "add milk at Sx blindly", "add i{value} at Sx blindly"),
            ],
        }
    }

    fn glance(&self, _: &Knobs, cast: &Cast) -> Glance {
        match self {
            DynamoVersions::Replica(replica) => look::replica(replica, cast),
            DynamoVersions::Client(client) => look::client(client, cast),
        }
    }

    fn caption(msg: &Msg, cast: &Cast) -> Caption {
        look::caption(msg, cast)
    }

    fn witness(&self, _: NodeId, seen: &mut Witness) {
        if let DynamoVersions::Client(Client {
            open: Some(Open { op, asked: Asked::Add { based_on, .. }, .. }),
            ..
        }) = self
        {
            seen.parents.entry(*op).or_insert_with(|| based_on.clone());
        }
    }

    fn has_news(&self, _: NodeId, seen: &Witness) -> bool {
        matches!(self, DynamoVersions::Client(Client { open: Some(open), .. }) if !seen.parents.contains_key(&open.op))
    }

    fn failed(ret: &Ret) -> bool {
        matches!(ret, Ret::Refused | Ret::NoAnswer)
    }

    fn properties() -> Vec<Property<DynamoVersions>> {
        properties::all()
    }
}
