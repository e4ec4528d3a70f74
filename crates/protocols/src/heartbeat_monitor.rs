//! A monitor that takes silence for death, and a network that is cut here and not there.
//!
//! The monitor pings every server and declares dead whoever does not answer in time. But on a network, unlike
//! on one machine, parts fail alone, and nobody is left who could say which (Waldo, Wyant, Wollrath and
//! Kendall, *A Note on Distributed Computing*, 1994, §4). A server that does not answer may have crashed, may
//! be cut off from the monitor alone, may hear and not be heard, or may stand still for a while: "unreachable"
//! is a property of two nodes, not of one. Partitions that leave some nodes in reach of both sides are common
//! (Alquraan and others, *An Analysis of Network-Partitioning Failures in Cloud Systems*, 2018).
//!
//! Servers keep a value each, for clients of their own, so that one sees whether the dead go on working. If
//! asked to, servers watch each other by the same rules.

mod knobs;
mod look;
mod message;
mod nodes;
mod properties;
pub mod rules;

use faultline_model::{
    About, Caption, Cast, Cx, Glance, Kind, NodeId, OpForm, OpId, Property, Protocol, SortedMap,
};
use serde::Serialize;

pub use knobs::{Knobs, Who};
pub use message::{Msg, Op, Ret, Timer};
pub use nodes::{Belief, Client, Server, Store, Watch};

type Ctx<'a> = Cx<'a, HeartbeatMonitor>;

/// The monitor is the first node of the cast.
pub const MONITOR: NodeId = NodeId(0);

/// What an all-seeing observer notes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Witness {
    /// Whom the monitor holds to be dead.
    pub dead: Vec<NodeId>,
    /// How many writes each server has acknowledged.
    pub writes: SortedMap<NodeId, u64>,
    /// The first server that acknowledged a write while the monitor held it to be dead.
    pub undead: Option<NodeId>,
}

/// A node of the monitored system.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum HeartbeatMonitor {
    /// Only watches.
    Monitor {
        /// What it holds each server to be.
        sees: Watch,
    },
    /// Keeps a value.
    Server(Server),
    /// Writes to its server.
    Client(Client),
}

/// The servers that are watched.
pub fn watched(cast: &Cast) -> impl Iterator<Item = NodeId> {
    cast.of_kind(Kind::Server).filter(|&node| node != MONITOR)
}

/// The server of a client: the first client's is the first, and so on in turn.
fn home(cast: &Cast, client: NodeId) -> NodeId {
    let servers = watched(cast).count().max(1);
    NodeId((cast.rank(client) % servers) as u16 + 1)
}

impl Protocol for HeartbeatMonitor {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Ret;
    type Durable = Store;
    type Witness = Witness;
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "heartbeat-monitor",
        name: "Monitor with heartbeats",
        claim: "Whoever has crashed is declared dead in the end; whoever is declared dead need not have crashed.",
        source: "Waldo, Wyant, Wollrath, Kendall: A Note on Distributed Computing. 1994, §4. Alquraan, Takruri, \
                 Alfatafta, Al-Kiswany: An Analysis of Network-Partitioning Failures in Cloud Systems. OSDI 2018. \
                 Bailis, Kingsbury: The Network is Reliable. ACM Queue, 2014.",
        rules: rules::RULES,
    };

    fn cast(params: &Knobs, nodes: usize) -> Cast {
        let servers: Vec<String> = (1..=nodes).map(|number| format!("S{number}")).collect();
        let clients: Vec<String> = (1..=params.clients).map(|number| format!("C{number}")).collect();
        let mut names = vec!["M"];
        names.extend(servers.iter().map(String::as_str));
        Cast::of(&names).with_clients(&clients.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn default_nodes() -> usize {
        3
    }

    /// A client talks to its own server only.
    fn linked(cast: &Cast, from: NodeId, to: NodeId) -> bool {
        match (cast.kind(from), cast.kind(to)) {
            (Kind::Server, Kind::Server) => from != to,
            (Kind::Client, Kind::Server) => home(cast, from) == to,
            (Kind::Server, Kind::Client) => home(cast, to) == from,
            (Kind::Client, Kind::Client) => false,
        }
    }

    fn boot(saved: Option<Store>, cx: &mut Ctx<'_>) -> HeartbeatMonitor {
        match cx.kind() {
            Kind::Client => HeartbeatMonitor::Client(Client::default()),
            Kind::Server if cx.me() == MONITOR => HeartbeatMonitor::Monitor { sees: Watch::begin(cx) },
            Kind::Server => HeartbeatMonitor::Server(Server::boot(saved, cx)),
        }
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        match (self, msg) {
            (HeartbeatMonitor::Server(_), Msg::Ping) => {
                cx.because(rules::ANSWER);
                cx.send(from, Msg::Pong);
            }
            (HeartbeatMonitor::Monitor { sees }, Msg::Pong) => sees.on_pong(from, cx),
            (HeartbeatMonitor::Server(server), Msg::Pong) => server.sees.on_pong(from, cx),
            (HeartbeatMonitor::Server(server), Msg::Write { op, value }) => {
                server.on_write(from, op, value, cx)
            }
            (HeartbeatMonitor::Server(server), Msg::Ask { op }) => server.on_ask(from, op, cx),
            (HeartbeatMonitor::Client(client), Msg::Written { op }) => client.on_answer(op, Ret::Ok, cx),
            (HeartbeatMonitor::Client(client), Msg::Dead { op, dead }) => {
                let names: Vec<&str> = dead.iter().map(|&node| cx.cast().name(node)).collect();
                client.on_answer(op, Ret::Dead(names.join(", ")), cx);
            }
            _ => cx.because(rules::NOT_ADDRESSED),
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Ctx<'_>) {
        match (self, timer) {
            (HeartbeatMonitor::Monitor { sees }, timer) => sees.on_timer(timer, cx),
            (HeartbeatMonitor::Server(server), timer) => server.sees.on_timer(timer, cx),
            (HeartbeatMonitor::Client(client), Timer::Patience(op)) => client.on_patience(op, cx),
            (node, timer) => debug_assert!(false, "{timer:?} fired at {node:?}"),
        }
    }

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Ctx<'_>) {
        if let HeartbeatMonitor::Client(client) = self {
            client.on_request(id, op, home(cx.cast(), cx.me()), cx);
        } else {
            cx.because(rules::NOT_ADDRESSED);
            cx.reply(id, Ret::Refused);
        }
    }

    fn operations(kind: Kind) -> Vec<OpForm> {
        match kind {
            Kind::Server => vec![],
            Kind::Client => {
                vec![
                    OpForm::new("Write", "write red", "write {value}"),
                    OpForm::new("Who is dead?", "dead", "dead"),
                ]
            }
        }
    }

    fn glance(&self, params: &Knobs, cast: &Cast) -> Glance {
        match self {
            HeartbeatMonitor::Monitor { sees } => look::monitor(sees, cast),
            HeartbeatMonitor::Server(server) => look::server(server, params, cast),
            HeartbeatMonitor::Client(client) => look::client(client),
        }
    }

    fn suspects(&self) -> Vec<NodeId> {
        match self {
            HeartbeatMonitor::Monitor { sees } => sees.dead(),
            HeartbeatMonitor::Server(server) => server.sees.dead(),
            HeartbeatMonitor::Client(_) => vec![],
        }
    }

    fn caption(msg: &Msg, cast: &Cast) -> Caption {
        look::caption(msg, cast)
    }

    fn witness(&self, me: NodeId, seen: &mut Witness) {
        match self {
            HeartbeatMonitor::Monitor { sees } => seen.dead = sees.dead(),
            HeartbeatMonitor::Server(server) => {
                let before = seen.writes.insert(me, server.writes).unwrap_or(0);
                if server.writes > before && seen.dead.contains(&me) {
                    seen.undead.get_or_insert(me);
                }
            }
            HeartbeatMonitor::Client(_) => {}
        }
    }

    fn has_news(&self, me: NodeId, seen: &Witness) -> bool {
        match self {
            HeartbeatMonitor::Monitor { sees } => seen.dead != sees.dead(),
            HeartbeatMonitor::Server(server) => server.writes != seen.writes.get(&me).copied().unwrap_or(0),
            HeartbeatMonitor::Client(_) => false,
        }
    }

    fn failed(ret: &Ret) -> bool {
        matches!(ret, Ret::Unknown | Ret::Refused)
    }

    fn properties() -> Vec<Property<HeartbeatMonitor>> {
        properties::all()
    }
}
