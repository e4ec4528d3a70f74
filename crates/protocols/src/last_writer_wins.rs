//! Last writer wins: the write with the later timestamp stays, whatever happened first.
//!
//! Every replica accepts writes to one register `x`, stamps them with its own clock, acknowledges them
//! at once and tells its peers. Of two writes the one with the later timestamp survives (Johnson and
//! Thomas, RFC 677, 1975). The replicas agree in the end, provided that equal timestamps are told apart
//! by a rule that all of them apply alike. What nobody promises is that the survivor was written last:
//! a write that was acknowledged, and later in real time, disappears without an error when the clock
//! that stamped it is behind (Kleppmann, *Designing Data-Intensive Applications*, ch. 8, "Timestamps
//! for ordering events").

mod client;
mod knobs;
mod properties;
mod replica;
mod rules;

use std::fmt;
use std::str::FromStr;

use faultline_model::{
    About, Caption, Cast, Cx, Glance, Hue, Kind, Member, NodeId, OpForm, OpId, Property, Protocol, SortedMap,
    Time,
};
use serde::Serialize;

pub use client::{Call, Client};
pub use knobs::{Knobs, Stamp, Tie};
pub use replica::{Replica, Version};
pub use rules::RULES;

/// The longest value, in characters.
pub const MAX_VALUE: usize = 32;

/// What clients and replicas say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// A client asks its replica.
    Request {
        /// The operation's number: a repeated request is known by it.
        id: OpId,
        /// What is asked.
        op: Op,
        /// The timestamp, when clients give it.
        stamp: Option<Time>,
    },
    /// The replica answers its client.
    Response {
        /// The operation's number.
        id: OpId,
        /// The answer.
        ret: Ret,
    },
    /// A replica tells a peer of a write, with the timestamp that it was given once and for all.
    Replicate {
        /// The write.
        version: Version,
    },
    /// A replica that has just joined asks a peer for what it holds.
    Pull,
}

/// What nodes wait for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// A client's answer is overdue.
    Retry,
    /// A replica tells its peers again what it holds.
    Repair,
}

/// What a client can ask.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {
    /// Give x this value.
    Write(String),
    /// Take x away.
    Delete,
    /// The value of x.
    Read,
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Write(value) => write!(f, "write x={value}"),
            Op::Delete => f.write_str("delete x"),
            Op::Read => f.write_str("read x"),
        }
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        let right = || {
            format!(
                "write `write x=red`, `delete x` or `read x`; x is the only register, and a value is a word of at \
                 most {MAX_VALUE} characters"
            )
        };
        let is_value = |value: &str| {
            !value.is_empty() && value.chars().count() <= MAX_VALUE && !value.chars().any(char::is_control)
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            ["read", "x"] => Ok(Op::Read),
            ["delete", "x"] => Ok(Op::Delete),
            ["write", assignment] => match assignment.split_once('=') {
                Some(("x", value)) if is_value(value) => Ok(Op::Write(value.to_owned())),
                _ => Err(right()),
            },
            _ => Err(right()),
        }
    }
}

/// What a client gets back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ret {
    /// The write or delete is acknowledged.
    Ok,
    /// The value of x; `None` when there is none.
    Value(Option<String>),
    /// This node is a replica; operations are handed to clients.
    Refused,
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Ret::Ok => "ok",
            Ret::Value(Some(value)) => value,
            Ret::Value(None) => "nothing",
            Ret::Refused => "refused",
        })
    }
}

/// What a replica keeps through a crash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Disk {
    /// The register.
    pub x: Option<Version>,
    /// The last write of each client, so that a repeated request is not a new write.
    pub answered: SortedMap<NodeId, OpId>,
}

/// A replica or a client of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum LastWriterWins {
    /// Holds a copy of x.
    Replica(Replica),
    /// Asks one replica.
    Client(Client),
}

/// A, B … Z, AA, AB …
fn replica_name(index: usize) -> String {
    let letter = char::from(b'A' + (index % 26) as u8);
    match index / 26 {
        0 => letter.to_string(),
        rest => replica_name(rest - 1) + &letter.to_string(),
    }
}

impl Protocol for LastWriterWins {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Ret;
    type Durable = Disk;
    type Witness = ();
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "last-writer-wins",
        name: "Last writer wins",
        claim: "The replicas agree in the end; whose write survives, the clocks decide.",
        source: "Johnson, Thomas: The Maintenance of Duplicate Databases. RFC 677, 1975. DeCandia et al.: Dynamo: \
                 Amazon's Highly Available Key-value Store. SOSP 2007. Kleppmann: Designing Data-Intensive \
                 Applications. 2017, ch. 8.",
        rules: RULES,
    };

    fn cast(_: &Knobs, nodes: usize) -> Cast {
        let replicas: Vec<String> = (0..nodes).map(replica_name).collect();
        let clients: Vec<String> = (1..=nodes).map(|number| format!("C{number}")).collect();
        let replicas: Vec<&str> = replicas.iter().map(String::as_str).collect();
        let clients: Vec<&str> = clients.iter().map(String::as_str).collect();
        Cast::of(&replicas).with_clients(&clients)
    }

    fn default_nodes() -> usize {
        2
    }

    /// Replicas reach each other; a client reaches its own replica only.
    fn linked(cast: &Cast, from: NodeId, to: NodeId) -> bool {
        match (cast.kind(from), cast.kind(to)) {
            (Kind::Server, Kind::Server) => from != to,
            (Kind::Client, Kind::Client) => false,
            _ => cast.rank(from) == cast.rank(to),
        }
    }

    /// One more replica, without a client of its own.
    fn newcomer(cast: &Cast, _: &Knobs) -> Option<Member> {
        let replicas = cast.iter().filter(|(_, member)| member.kind == Kind::Server).count();
        Some(Member::new(replica_name(replicas), Kind::Server))
    }

    fn on_join(&mut self, cx: &mut Cx<'_, Self>) {
        cx.because(rules::JOIN);
        cx.broadcast(&Msg::Pull);
    }

    fn boot(saved: Option<Disk>, cx: &mut Cx<'_, Self>) -> Self {
        match cx.kind() {
            Kind::Server => LastWriterWins::Replica(Replica::boot(saved, cx)),
            Kind::Client => LastWriterWins::Client(Client::boot(cx)),
        }
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Cx<'_, Self>) {
        match (self, msg) {
            (LastWriterWins::Replica(replica), Msg::Request { id, op, stamp }) => {
                replica.on_request(from, id, op, stamp, cx);
            }
            (LastWriterWins::Replica(replica), Msg::Replicate { version }) => {
                replica.on_replicate(version, cx);
            }
            (LastWriterWins::Replica(replica), Msg::Pull) => replica.on_pull(from, cx),
            (LastWriterWins::Client(client), Msg::Response { id, ret }) => {
                client.on_response(id, ret, cx);
            }
            // Replicas send clients responses only, and clients send requests only.
            (node, msg) => debug_assert!(false, "{node:?} got {msg:?}"),
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Cx<'_, Self>) {
        match (self, timer) {
            (LastWriterWins::Client(client), Timer::Retry) => client.on_retry(cx),
            (LastWriterWins::Replica(replica), Timer::Repair) => replica.on_repair(cx),
            (node, timer) => debug_assert!(false, "{timer:?} fired at {node:?}"),
        }
    }

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Cx<'_, Self>) {
        match self {
            LastWriterWins::Client(client) => client.on_request(id, op, cx),
            LastWriterWins::Replica(_) => {
                cx.because(rules::NOT_A_CLIENT);
                cx.reply(id, Ret::Refused);
            }
        }
    }

    fn operations(kind: Kind) -> Vec<OpForm> {
        match kind {
            Kind::Server => vec![],
            Kind::Client => vec![
                OpForm::new("Write", "write x=red", "write x={value}"),
                OpForm::new("Read", "read x", "read x"),
                OpForm::new("Delete", "delete x", "delete x"),
            ],
        }
    }

    fn glance(&self, _: &Knobs, cast: &Cast) -> Glance {
        match self {
            LastWriterWins::Replica(replica) => replica.glance(cast),
            LastWriterWins::Client(client) => client.glance(),
        }
    }

    fn caption(msg: &Msg, _: &Cast) -> Caption {
        let caption =
            |verb: &str, text: String, hue, reply| Caption { verb: verb.to_owned(), text, hue, reply };
        match msg {
            Msg::Request { op: Op::Write(value), .. } => {
                caption("write", format!("x={value}"), Hue::Amber, false)
            }
            Msg::Request { op: Op::Delete, .. } => caption("delete", "x".to_owned(), Hue::Amber, false),
            Msg::Request { op: Op::Read, .. } => caption("read", "x".to_owned(), Hue::Sky, false),
            Msg::Response { ret, .. } => caption("answer", ret.to_string(), Hue::Green, true),
            Msg::Replicate { version } => {
                caption("replicate", format!("{} @{}", version.text(), version.timestamp), Hue::Teal, false)
            }
            Msg::Pull => caption("pull", "x".to_owned(), Hue::Violet, false),
        }
    }

    fn heeds_real_time(_: &Knobs) -> bool {
        true
    }

    fn failed(ret: &Ret) -> bool {
        matches!(ret, Ret::Refused)
    }

    fn properties() -> Vec<Property<Self>> {
        properties::all()
    }
}
