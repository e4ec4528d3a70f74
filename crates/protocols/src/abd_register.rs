//! ABD: a register that survives the crash of any minority of its replicas.
//!
//! Attiya, Bar-Noy and Dolev, *Sharing Memory Robustly in Message-Passing Systems*, J. ACM 42(1), 1995,
//! §3. The writer numbers its writes and waits until a majority of the replicas has each. A reader asks a
//! majority and takes the value with the highest number. Any two majorities share a replica, so a read
//! that begins after a write has ended finds that write. That alone is not enough: while a write is under
//! way, one read may find it and a later one may not. So a reader, before it answers, writes what it is
//! about to return back to a majority.
//!
//! More than one writer: Lynch and Shvartsman, *Robust Emulation of Shared Memory Using Dynamic
//! Quorum-Acknowledged Broadcasts*, FTCS 1997. A writer first asks a majority for the highest number.

mod client;
mod rules;

use faultline_model::{
    About, Caption, Cast, Cell, Cx, Glance, Hue, Kind, KnobKind, Lens, Lie, NodeId, OpForm, OpId, Piece,
    Property, Protocol, Renaming, Scope, Span, StableHasher, Standing, params, renamed,
};
use serde::Serialize;

use crate::register::{self, Judge, Op, Ret, Version};

pub use client::{Client, Phase};
pub use rules::RULES;

params! {
    /// The knobs of ABD.
    pub struct Knobs {
        /// Whether a reader writes what it returns back to a majority first.
        "write-back" write_back: bool = true, KnobKind::Rule { rule: "write-back" };
        /// Whether writes with the same number are told apart by their writers' ids.
        "writer-id" writer_id: bool = true, KnobKind::Rule { rule: "writer-id" };
        /// How many clients may write.
        "writers" writers: u64 = 1, KnobKind::Count { min: 1, max: 4 };
        /// How many clients only read.
        "readers" readers: u64 = 2, KnobKind::Count { min: 0, max: 6 };
        /// How long a client waits before it asks the silent replicas again; 0s never.
        "retry-after" retry_after: Span = Span::millis(200),
            KnobKind::Span { min: Span::ZERO, max: Span::secs(60) };
    }
}

/// What clients and replicas say to each other.
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
        /// What the replica holds.
        version: Version,
    },
    /// Hold this, unless you hold something later.
    Update {
        /// For which operation.
        op: OpId,
        /// What is written, or written back.
        version: Version,
    },
    /// I hold it, or something later.
    Ack {
        /// For which operation.
        op: OpId,
    },
}

/// What nodes wait for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// Answers are overdue.
    Retry,
}

/// A replica.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Replica {
    /// What it holds.
    pub held: Version,
}

/// A replica or a client.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum AbdRegister {
    /// Holds a copy of x.
    Replica(Replica),
    /// Reads, and perhaps writes.
    Client(Client),
}

renamed!(nameless Msg, Timer, Replica);
renamed!(enum Phase { Query { heard, newest }, Update { heard, version } });
renamed!(struct Client { writes, number, calls, phase, last });
renamed!(
    enum AbdRegister {
        Replica(replica),
        Client(client),
    }
);

impl Replica {
    fn answer(&self, from: NodeId, op: OpId, cx: &mut Cx<'_, AbdRegister>) {
        cx.because(rules::ANSWER);
        cx.send(from, Msg::Answer { op, version: self.held.clone() });
    }

    fn update(&mut self, from: NodeId, op: OpId, version: Version, cx: &mut Cx<'_, AbdRegister>) {
        if version.stamp > self.held.stamp {
            cx.because(rules::ADOPT);
            self.held = version;
            cx.persist(self.held.clone());
        } else {
            cx.because(rules::KEEP);
            cx.flush();
        }
        cx.send(from, Msg::Ack { op });
    }
}

impl Protocol for AbdRegister {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Ret;
    /// What a replica holds; of a writer, the stamp of its last write.
    type Durable = Version;
    type Witness = Judge;
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "abd-register",
        name: "ABD register",
        claim: "Many copies behave like one register while a majority is up.",
        source: "Attiya, Bar-Noy, Dolev: Sharing Memory Robustly in Message-Passing Systems. J. ACM 42(1), 1995. \
                 Lynch, Shvartsman: Robust Emulation of Shared Memory Using Dynamic Quorum-Acknowledged \
                 Broadcasts. FTCS 1997.",
        rules: RULES,
    };

    fn cast(params: &Knobs, nodes: usize) -> Cast {
        let named = |letter, count| (1..=count).map(move |number| format!("{letter}{number}"));
        let clients: Vec<String> = named('W', params.writers).chain(named('R', params.readers)).collect();
        let clients: Vec<&str> = clients.iter().map(String::as_str).collect();
        Cast::servers_and_clients(nodes, 0).with_clients(&clients)
    }

    fn default_nodes() -> usize {
        3
    }

    /// Clients reach every replica; replicas do not talk to each other.
    fn linked(cast: &Cast, from: NodeId, to: NodeId) -> bool {
        cast.kind(from) != cast.kind(to)
    }

    fn boot(saved: Option<Version>, cx: &mut Cx<'_, Self>) -> Self {
        let saved = saved.unwrap_or_default();
        match cx.kind() {
            Kind::Server => AbdRegister::Replica(Replica { held: saved }),
            Kind::Client => AbdRegister::Client(Client::boot(saved.stamp.number, cx)),
        }
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Cx<'_, Self>) {
        match (self, msg) {
            (AbdRegister::Replica(replica), Msg::Query { op }) => replica.answer(from, op, cx),
            (AbdRegister::Replica(replica), Msg::Update { op, version }) => {
                replica.update(from, op, version, cx);
            }
            (AbdRegister::Client(client), Msg::Answer { op, version }) => {
                client.on_answer(from, op, version, cx);
            }
            (AbdRegister::Client(client), Msg::Ack { op }) => client.on_ack(from, op, cx),
            (node, msg) => debug_assert!(false, "{node:?} got {msg:?}"),
        }
    }

    fn on_timer(&mut self, _: Timer, cx: &mut Cx<'_, Self>) {
        if let AbdRegister::Client(client) = self {
            client.on_retry(cx);
        }
    }

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Cx<'_, Self>) {
        match self {
            AbdRegister::Client(client) => client.on_request(id, op, cx),
            AbdRegister::Replica(_) => {
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

    fn glance(&self, _: &Knobs, _: &Cast) -> Glance {
        match self {
            AbdRegister::Replica(Replica { held }) => Glance {
                role: "replica".to_owned(),
                epoch: Some(held.stamp.number),
                epoch_name: "write",
                cells: vec![Cell::new("x", register::shown(held.value.as_deref()))],
                ..Glance::default()
            },
            AbdRegister::Client(client) => client.glance(),
        }
    }

    fn caption(msg: &Msg, _: &Cast) -> Caption {
        let caption = |verb: &str, text, hue, reply| Caption { verb: verb.to_owned(), text, hue, reply };
        match msg {
            Msg::Query { .. } => caption("query", "x".to_owned(), Hue::Sky, false),
            Msg::Answer { version, .. } => caption("holds", version.to_string(), Hue::Sky, true),
            Msg::Update { version, .. } => caption("update", version.to_string(), Hue::Teal, false),
            Msg::Ack { .. } => caption("ack", String::new(), Hue::Green, true),
        }
    }

    fn epoch(msg: &Msg) -> Option<u64> {
        match msg {
            Msg::Answer { version, .. } | Msg::Update { version, .. } => Some(version.stamp.number),
            Msg::Query { .. } | Msg::Ack { .. } => None,
        }
    }

    fn witness(&self, me: NodeId, seen: &mut Judge) {
        if let AbdRegister::Client(client) = self {
            seen.note(me, &client.calls, client.last.as_ref());
        }
    }

    fn has_news(&self, _: NodeId, seen: &Judge) -> bool {
        matches!(self, AbdRegister::Client(client) if seen.is_news(&client.calls, client.last.as_ref()))
    }

    /// An operation goes through its phases once, so what belongs to a phase that is over is ignored for
    /// ever. What a replica holds only gets later, so an update that is not later changes nothing for
    /// ever; it matters as long as its acknowledgement does.
    fn is_moot<'a>(msg: &Msg, from: NodeId, to: NodeId, node: &dyn Fn(NodeId) -> &'a Self) -> bool {
        let asks = |id, op| matches!(node(id), AbdRegister::Client(client) if client.asks(op));
        let writes = |id, op| matches!(node(id), AbdRegister::Client(client) if client.writes_to(op));
        let is_later = |id, version: &Version| matches!(node(id), AbdRegister::Replica(replica) if version.stamp > replica.held.stamp);
        match msg {
            Msg::Query { op } => !asks(from, *op),
            Msg::Answer { op, .. } => !asks(to, *op),
            Msg::Update { op, version } => !writes(from, *op) && !is_later(to, version),
            Msg::Ack { op } => !writes(to, *op),
        }
    }

    /// Replicas.
    fn interchangeable(cast: &Cast, _: &Knobs) -> Vec<NodeId> {
        cast.of_kind(Kind::Server).collect()
    }

    fn hash_renamed(piece: Piece<'_, Self>, names: &Renaming, state: &mut StableHasher) {
        piece.renamed(names, state);
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
                id: "linearizable",
                sentence: "Some order of the operations keeps real time and explains every answer",
                source: "Herlihy & Wing 1990 §2; Attiya, Bar-Noy & Dolev 1995 §3",
                scope: Scope::Always,
                check: |lens| register::linearizable(lens.witness, lens.cast),
            },
            Property {
                id: "no-stale-read",
                sentence: "A read returns no value older than one acknowledged before the read began",
                source: "Attiya, Bar-Noy & Dolev 1995 §3",
                scope: Scope::Always,
                check: |lens| register::stale(lens.witness, lens.cast),
            },
            Property {
                id: "no-new-old-inversion",
                sentence: "A read returns no value older than one that was read before the read began",
                source: "Lamport 1986 §3; Attiya, Bar-Noy & Dolev 1995 §3",
                scope: Scope::Always,
                check: |lens| register::inversion(lens.witness, lens.cast),
            },
            Property {
                id: "answered",
                sentence: "Every operation is answered in the end, while a majority of the replicas is up",
                source: "Attiya, Bar-Noy & Dolev 1995 §3",
                scope: Scope::Eventually,
                check: answered,
            },
        ]
    }
}

fn answered(lens: &Lens<'_, AbdRegister>) -> Standing {
    let busy = lens.up().find(|(_, node)| matches!(node, AbdRegister::Client(c) if !c.calls.is_empty()));
    busy.map_or(Ok(()), |(id, _)| {
        let why = format!("{} waits for a majority of the replicas", lens.name(id));
        Err(faultline_model::Evidence { why, nodes: vec![id] })
    })
}
