//! Raft: a replicated log, managed by a strong leader (Ongaro and Ousterhout, *In Search of an
//! Understandable Consensus Algorithm (Extended Version)*, 2014).
//!
//! The server's fields are those of the paper's Fig. 2, and each handler is one of its rules: elections
//! in `election`, replication and commitment in `replication`, compaction in `snapshot`. Clients
//! are nodes of their own (§8): they look for the leader, time out and retry; every command carries a
//! serial number, and a session table in the state machine keeps a retried one from being executed twice.
//! Reads go through the log like writes, or, with the knob `reads`, are served by the leader without it (§8).
//!
//! Membership changes (§6) are not here: the servers of a run are fixed.

mod client;
mod election;
mod log;
mod look;
mod machine;
mod message;
mod params;
mod properties;
mod reads;
mod replication;
pub mod rules;
mod server;
mod snapshot;
mod stale;
mod start;
mod symmetry;
mod witness;

use faultline_model::{
    About, Caption, Cast, Cx, Draw, Glance, Kind, Lens, Mark, NodeId, OpForm, OpId, Piece, Property,
    Protocol, Renaming, StableHasher,
};
use serde::Serialize;

pub use client::{Client, Open};
pub use log::{Entry, Log};
pub use machine::{Command, Machine, Op, Ret, Session, Ticket, Word};
pub use message::{
    AppendEntries, AppendEntriesReply, Appended, Confirm, Conflict, InstallSnapshot, InstallSnapshotReply,
    Msg, Outcome, Request, RequestVote, RequestVoteReply, Response, Snapshot, Timer,
};
pub use params::{RaftParams, Reads, Start};
pub use reads::Read;
pub use server::{Durable, Role, Server};
pub use witness::{Clash, Commit, Incomplete, Reign, Rivals, Witness};

type Ctx<'a> = Cx<'a, Raft>;

/// A node of Raft.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Raft {
    /// A member of the cluster.
    Server(Box<Server>),
    /// One who asks it.
    Client(Client),
    /// A member that has found its disk damaged when it started.
    Halted(Halted),
}

/// A server whose log does not fit its checksums. Which of its entries were committed, and for whom it
/// voted, it can no longer vouch for, so it takes part in nothing: of the ways in which systems meet such a
/// disk this one is safe and costs availability (Alagappan et al., Protocol-Aware Recovery for
/// Consensus-Based Storage, FAST 2018).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Halted {
    /// Index of the first entry that does not fit its checksum.
    pub damaged_entry: u64,
}

impl Protocol for Raft {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Ret;
    type Durable = Durable;
    type Witness = Witness;
    type Params = RaftParams;

    const ABOUT: About = About {
        slug: "raft",
        name: "Raft",
        claim: "A majority of servers keeps one log, and every one of them executes it in the same order",
        source: "Diego Ongaro and John Ousterhout, In Search of an Understandable Consensus Algorithm \
                 (Extended Version), Stanford University, 2014; Diego Ongaro, Consensus: Bridging Theory \
                 and Practice (dissertation), 2014",
        rules: rules::RULES,
    };

    fn cast(params: &RaftParams, nodes: usize) -> Cast {
        start::cast(params.start, nodes, params.clients as usize)
    }

    fn default_nodes() -> usize {
        5
    }

    fn initial_disk(node: NodeId, cast: &Cast, params: &RaftParams) -> Option<Durable> {
        start::disk(params.start, node, cast)
    }

    fn boot(saved: Option<Durable>, cx: &mut Cx<'_, Self>) -> Raft {
        let damaged = saved.as_ref().and_then(|saved| saved.damaged);
        if let Some(damaged_entry) = damaged {
            cx.because(rules::HALT);
            return Raft::Halted(Halted { damaged_entry });
        }
        match cx.kind() {
            Kind::Server => Raft::Server(Box::new(Server::boot(saved, cx))),
            Kind::Client => Raft::Client(Client::boot()),
        }
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Cx<'_, Self>) {
        match (self, msg) {
            (Raft::Server(server), msg) => server.on_message(from, msg, cx),
            (Raft::Client(client), Msg::Response(response)) => {
                client.on_response(from, response, cx);
            }
            (Raft::Client(_), _) => cx.because(rules::NOT_ADDRESSED),
            (Raft::Halted(_), _) => cx.because(rules::HALTED),
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Cx<'_, Self>) {
        match (self, timer) {
            (Raft::Server(server), timer) => server.on_timer(timer, cx),
            (Raft::Client(client), Timer::Retry) => client.on_retry(cx),
            (Raft::Client(_), Timer::Election | Timer::Heartbeat) => {
                cx.because(rules::NOT_ADDRESSED);
            }
            (Raft::Halted(_), _) => cx.because(rules::HALTED),
        }
    }

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Cx<'_, Self>) {
        match self {
            Raft::Server(server) => server.on_request(id, op, cx),
            Raft::Client(client) => client.on_request(id, op, cx),
            Raft::Halted(_) => cx.because(rules::HALTED),
        }
    }

    fn on_saved(&mut self, saved: &Durable, cx: &mut Cx<'_, Self>) {
        if let Raft::Server(server) = self {
            server.on_saved(saved, cx);
        }
    }

    fn operations(_: Kind) -> Vec<OpForm> {
        // Servers take operations too: then no client stands in between, which keeps searches small.
        vec![
            OpForm::new("Write", "write x=1", "write {key}={value}"),
            OpForm::new("Read", "read x", "read {key}"),
            OpForm::new("Compare and set", "cas x 1 2", "cas {key} {old} {value}"),
        ]
    }

    fn glance(&self, _: &RaftParams, cast: &Cast) -> Glance {
        match self {
            Raft::Server(server) => look::server(server, cast.of_kind(Kind::Server).count() / 2 + 1),
            Raft::Client(client) => look::client(client, cast),
            Raft::Halted(halted) => look::halted(halted.damaged_entry),
        }
    }

    fn caption(msg: &Msg, cast: &Cast) -> Caption {
        look::caption(msg, cast)
    }

    fn corrupt(durable: &mut Durable, draw: &mut Draw) -> Result<(), &'static str> {
        durable.corrupt(draw)
    }

    fn epoch(msg: &Msg) -> Option<u64> {
        msg.epoch()
    }

    fn witness(&self, me: NodeId, seen: &mut Witness) {
        if let Raft::Server(server) = self {
            seen.note(me, server);
        }
    }

    fn has_news(&self, me: NodeId, seen: &Witness) -> bool {
        matches!(self, Raft::Server(server) if seen.is_news(me, server))
    }

    /// Where reads do not go through the log, they may be stale.
    fn heeds_real_time(params: &RaftParams) -> bool {
        params.reads != Reads::Log
    }

    /// Servers. Clients ask them in the order of their names, so there must be none.
    fn interchangeable(cast: &Cast, _: &RaftParams) -> Vec<NodeId> {
        let clients = cast.of_kind(Kind::Client).count();
        if clients > 0 { vec![] } else { cast.of_kind(Kind::Server).collect() }
    }

    fn hash_renamed(piece: Piece<'_, Self>, names: &Renaming, state: &mut StableHasher) {
        piece.renamed(names, state);
    }

    fn failed(ret: &Ret) -> bool {
        matches!(ret, Ret::NotLeader)
    }

    fn marks(property: &'static str, lens: &Lens<'_, Raft>) -> Vec<Mark> {
        properties::marks(property, lens.witness)
    }

    fn properties() -> Vec<Property<Raft>> {
        properties::all()
    }
}
