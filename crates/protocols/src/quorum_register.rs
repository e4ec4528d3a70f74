//! A register kept by quorums: of N replicas W must take a write, and R must answer a read.
//!
//! Gifford, *Weighted Voting for Replicated Data*, SOSP 1979: if R + W > N, every read asks a replica that
//! has the latest completed write. DeCandia et al., *Dynamo*, SOSP 2007, gave that up for availability:
//! R and W are chosen freely (§4.5), and a *sloppy* quorum counts a standby for a replica that does not
//! answer (§4.6); it keeps the write with a hint for whom it is and hands it over later. Clients drive
//! their operations themselves (§6.4).
//!
//! Even strict quorums with R + W > N are no register that looks like one copy: a read that overlaps a
//! write may find it, and a later read may not. See `abd_register`.

mod client;
mod rules;
mod server;

use faultline_model::{
    About, Caption, Cast, Cx, Evidence, Glance, Hue, Kind, KnobKind, Lens, Lie, NodeId, OpForm, OpId,
    Property, Protocol, Scope, Span, Standing, params,
};
use serde::Serialize;

use crate::register::{self, Judge, Op, Ret, Stamp, Version};

pub use client::{Client, LastRead, Phase};
pub use rules::RULES;
pub use server::{Disk, Replica, Standby};

params! {
    /// The knobs of the quorum register.
    pub struct Knobs {
        /// How many replicas must answer a read (R); more than there are count as all.
        "r" r: u64 = 2, KnobKind::Count { min: 1, max: 9 };
        /// How many replicas must take a write (W); more than there are count as all.
        "w" w: u64 = 2, KnobKind::Count { min: 1, max: 9 };
        /// Whether only the replicas themselves count; off, the standby stands in for a silent one.
        "strict-quorum" strict: bool = true, KnobKind::Rule { rule: "strict-quorum" };
        /// Whether a reader sends what it returns to replicas whose answers were older.
        "read-repair" read_repair: bool = true, KnobKind::Rule { rule: "read-repair" };
        /// How often the standby tries to hand over what it keeps for others; 0s never.
        "handoff-every" handoff_every: Span = Span::secs(1),
            KnobKind::Span { min: Span::ZERO, max: Span::secs(3_600) };
        /// How many clients there are.
        "clients" clients: u64 = 2, KnobKind::Count { min: 1, max: 6 };
        /// How many of them may write; if more than one, a writer first asks R replicas for the latest number.
        "writers" writers: u64 = 1, KnobKind::Count { min: 1, max: 6 };
        /// How long a client waits before it takes a replica for silent; 0s for ever.
        "retry-after" retry_after: Span = Span::millis(200),
            KnobKind::Span { min: Span::ZERO, max: Span::secs(60) };
    }
}

/// What nodes say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// What do you hold?
    Query {
        /// For which operation.
        op: OpId,
    },
    /// This.
    Answer {
        /// For which operation.
        op: OpId,
        /// What is held.
        version: Version,
    },
    /// Hold this, unless you hold something later.
    Update {
        /// For which operation.
        op: OpId,
        /// What is written.
        version: Version,
        /// The hint: for whom the standby is to keep it. Empty for a replica.
        meant_for: Vec<NodeId>,
    },
    /// I hold it, or something later.
    Ack {
        /// For which operation.
        op: OpId,
    },
    /// A reader found this replica behind.
    Repair {
        /// What it ought to hold.
        version: Version,
    },
    /// The standby hands over what it has kept.
    Handoff {
        /// It.
        version: Version,
    },
    /// It has been taken over.
    HandoffAck {
        /// Which write it was.
        stamp: Stamp,
    },
}

/// What nodes wait for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// A client's answers are overdue.
    Retry,
    /// The standby tries to hand over.
    Handoff,
}

/// A replica, the standby, or a client.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum QuorumRegister {
    /// Holds a copy of x.
    Replica(Replica),
    /// Keeps copies for others.
    Standby(Standby),
    /// Reads, and perhaps writes.
    Client(Client),
}

/// The standby: the last of the servers.
fn standby(cast: &Cast) -> Option<NodeId> {
    cast.of_kind(Kind::Server).last()
}

/// The N replicas: all servers but the standby.
fn replicas(cast: &Cast) -> impl Iterator<Item = NodeId> + '_ {
    cast.of_kind(Kind::Server).filter(move |&id| Some(id) != standby(cast))
}

impl Protocol for QuorumRegister {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Ret;
    type Durable = Disk;
    type Witness = Judge;
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "quorum-register",
        name: "Quorum register",
        claim: "If R + W > N, a read finds every write that was acknowledged before it; else it is a gamble.",
        source: "Gifford: Weighted Voting for Replicated Data. SOSP 1979. DeCandia et al.: Dynamo: Amazon's Highly \
                 Available Key-value Store. SOSP 2007.",
        rules: RULES,
    };

    fn cast(params: &Knobs, nodes: usize) -> Cast {
        let mut servers: Vec<String> = (1..=nodes).map(|number| format!("S{number}")).collect();
        servers.push("H".to_owned());
        let clients: Vec<String> = (1..=params.clients).map(|number| format!("C{number}")).collect();
        let servers: Vec<&str> = servers.iter().map(String::as_str).collect();
        let clients: Vec<&str> = clients.iter().map(String::as_str).collect();
        Cast::of(&servers).with_clients(&clients)
    }

    fn default_nodes() -> usize {
        3
    }

    /// Clients reach every server, and the standby reaches the replicas.
    fn linked(cast: &Cast, from: NodeId, to: NodeId) -> bool {
        let stands_by = |id| Some(id) == standby(cast);
        cast.kind(from) != cast.kind(to)
            || (cast.kind(from) == Kind::Server && stands_by(from) != stands_by(to))
    }

    fn boot(saved: Option<Disk>, cx: &mut Cx<'_, Self>) -> Self {
        let saved = saved.unwrap_or_default();
        match cx.kind() {
            Kind::Client => QuorumRegister::Client(Client::boot(saved.held.stamp.number, cx)),
            Kind::Server if Some(cx.me()) == standby(cx.cast()) => {
                QuorumRegister::Standby(Standby::boot(saved.hints, cx))
            }
            Kind::Server => QuorumRegister::Replica(Replica { held: saved.held }),
        }
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Cx<'_, Self>) {
        match self {
            QuorumRegister::Replica(replica) => replica.on_message(from, msg, cx),
            QuorumRegister::Standby(standby) => standby.on_message(from, msg, cx),
            QuorumRegister::Client(client) => match msg {
                Msg::Answer { op, version } => client.on_answer(from, op, version, cx),
                Msg::Ack { op } => client.on_ack(from, op, cx),
                msg => debug_assert!(false, "a client got {msg:?}"),
            },
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Cx<'_, Self>) {
        match (self, timer) {
            (QuorumRegister::Client(client), Timer::Retry) => client.on_retry(cx),
            (QuorumRegister::Standby(standby), Timer::Handoff) => standby.on_handoff(cx),
            (node, timer) => debug_assert!(false, "{timer:?} fired at {node:?}"),
        }
    }

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Cx<'_, Self>) {
        match self {
            QuorumRegister::Client(client) => client.on_request(id, op, cx),
            _ => {
                cx.because(rules::NOT_FOR_ME);
                cx.reply(id, Ret::Refused);
            }
        }
    }

    fn operations(kind: Kind) -> Vec<OpForm> {
        match kind {
            Kind::Server => vec![],
            Kind::Client => {
                vec![
                    OpForm::new("Write", "write x=red", "write x={value}"),
                    OpForm::new("Read", "read x", "read x"),
                ]
            }
        }
    }

    fn glance(&self, _: &Knobs, cast: &Cast) -> Glance {
        match self {
            QuorumRegister::Replica(replica) => replica.glance(),
            QuorumRegister::Standby(standby) => standby.glance(cast),
            QuorumRegister::Client(client) => client.glance(),
        }
    }

    fn caption(msg: &Msg, cast: &Cast) -> Caption {
        let caption = |verb: &str, text, hue, reply| Caption { verb: verb.to_owned(), text, hue, reply };
        match msg {
            Msg::Query { .. } => caption("query", "x".to_owned(), Hue::Sky, false),
            Msg::Answer { version, .. } => caption("holds", version.to_string(), Hue::Sky, true),
            Msg::Update { version, meant_for, .. } if meant_for.is_empty() => {
                caption("update", version.to_string(), Hue::Teal, false)
            }
            Msg::Update { version, meant_for, .. } => {
                let names: Vec<&str> = meant_for.iter().map(|&id| cast.name(id)).collect();
                caption("keep", format!("{version} for {}", names.join(", ")), Hue::Violet, false)
            }
            Msg::Ack { .. } => caption("ack", String::new(), Hue::Green, true),
            Msg::Repair { version } => caption("repair", version.to_string(), Hue::Rose, false),
            Msg::Handoff { version } => caption("hand over", version.to_string(), Hue::Violet, false),
            Msg::HandoffAck { stamp } => caption("taken", format!("#{}", stamp.number), Hue::Green, true),
        }
    }

    fn epoch(msg: &Msg) -> Option<u64> {
        match msg {
            Msg::Answer { version, .. }
            | Msg::Update { version, .. }
            | Msg::Repair { version }
            | Msg::Handoff { version } => Some(version.stamp.number),
            Msg::HandoffAck { stamp } => Some(stamp.number),
            Msg::Query { .. } | Msg::Ack { .. } => None,
        }
    }

    fn witness(&self, me: NodeId, seen: &mut Judge) {
        if let QuorumRegister::Client(client) = self {
            seen.note(me, &client.calls, client.last.as_ref());
        }
    }

    fn has_news(&self, _: NodeId, seen: &Judge) -> bool {
        matches!(self, QuorumRegister::Client(client) if seen.is_news(&client.calls, client.last.as_ref()))
    }

    /// An operation goes through its phases once, so what belongs to a phase that is over is ignored for
    /// ever, unless a late answer shows that a replica needs repair. What a replica holds only gets later.
    fn is_moot<'a>(msg: &Msg, from: NodeId, to: NodeId, node: &dyn Fn(NodeId) -> &'a Self) -> bool {
        let client = |id| match node(id) {
            QuorumRegister::Client(client) => Some(client),
            _ => None,
        };
        let is_later = |version: &Version| match node(to) {
            QuorumRegister::Replica(replica) => version.stamp > replica.held.stamp,
            // The standby forgets, so what it kept once it may keep again.
            _ => true,
        };
        match msg {
            Msg::Query { op } => client(from).is_some_and(|client| !client.asks(*op)),
            Msg::Answer { op, .. } => client(to).is_some_and(|client| !client.asks(*op)),
            Msg::Ack { op } => client(to).is_some_and(|client| !client.writes_to(*op)),
            Msg::Update { op, version, .. } => {
                client(from).is_some_and(|client| !client.writes_to(*op)) && !is_later(version)
            }
            Msg::Repair { version } => !is_later(version),
            Msg::Handoff { .. } | Msg::HandoffAck { .. } => false,
        }
    }

    fn failed(ret: &Ret) -> bool {
        matches!(ret, Ret::Refused)
    }

    fn lies(kind: Kind) -> &'static [Lie] {
        match kind {
            Kind::Server => register::LIES,
            Kind::Client => &[],
        }
    }

    fn lie(&self, lie: &'static str, _: NodeId, msg: &Msg, _: &Cast) -> Option<Msg> {
        match msg {
            Msg::Answer { op, version } => {
                register::lie(lie, version).map(|version| Msg::Answer { op: *op, version })
            }
            _ => None,
        }
    }

    fn properties() -> Vec<Property<Self>> {
        vec![
            Property {
                id: "no-stale-read",
                sentence: "A read returns no value older than one acknowledged before the read began",
                source: "Gifford 1979 §2; DeCandia et al. 2007 §4.5",
                scope: Scope::Always,
                check: |lens| register::stale(lens.witness, lens.cast),
            },
            Property {
                id: "linearizable",
                sentence: "Some order of the operations keeps real time and explains every answer",
                source: "Herlihy & Wing 1990 §2",
                scope: Scope::Always,
                check: |lens| register::linearizable(lens.witness, lens.cast),
            },
            Property {
                id: "converged",
                sentence: "All replicas that are up hold the same value in the end",
                source: "DeCandia et al. 2007 §4.6, §4.7",
                scope: Scope::Eventually,
                check: converged,
            },
        ]
    }
}

fn converged(lens: &Lens<'_, QuorumRegister>) -> Standing {
    let held = |(id, node)| match node {
        &QuorumRegister::Replica(Replica { ref held }) => Some((id, held)),
        _ => None,
    };
    let mut all = lens.up().filter_map(held);
    let Some((one, first)) = all.next() else {
        return Ok(());
    };
    let Some((other, second)) = all.find(|&(_, held)| held != first) else {
        return Ok(());
    };
    let why = format!("{} holds {first}, and {} holds {second}", lens.name(one), lens.name(other));
    Err(Evidence { why, nodes: vec![one, other] })
}
