//! A lock with leases and fencing tokens: what a lock protects, and what only the resource can.
//!
//! The lock service gives the lock to one client at a time, for a limited time: a lease (Gray and
//! Cheriton, *Leases*, 1989), so that a client that has crashed does not hold it for ever. But a client
//! cannot know that its lease is over at the moment when it acts: it may stand still between looking at
//! its clock and writing, its clock may be slow, its write may be late. So two clients can believe at once
//! that they hold the lock, however good the service is.
//!
//! What helps is to number the grants: each has a higher token, every write carries it, and the storage
//! refuses a token that is lower than one it has seen (Burrows, *The Chubby Lock Service*, 2006, §2.4,
//! "sequencers"; Kleppmann, *How to do distributed locking*, 2016, "fencing tokens").
//!
//! Leases are timed by timers on each node's own clock; in a search timers fire in any order, which is
//! what pauses, slow clocks and late messages come to.

mod client;
mod knobs;
mod look;
mod message;
mod properties;
pub mod rules;
mod service;
mod storage;

use faultline_model::{About, Caption, Cast, Cx, Glance, Kind, NodeId, OpForm, OpId, Property, Protocol};
use serde::Serialize;

pub use client::{Client, Holding, Waiting, Writing};
pub use knobs::Knobs;
pub use message::{Msg, Op, Ret, Timer};
pub use service::{Grant, Holder, Service};
pub use storage::{Storage, Write};

type Ctx<'a> = Cx<'a, LeaseLock>;

/// The lock service is the first node of the cast.
pub const LOCK: NodeId = NodeId(0);
/// The storage is the second.
pub const STORAGE: NodeId = NodeId(1);

/// What a node keeps through a crash.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Disk {
    /// The lock service's.
    Service {
        /// The last token that it gave; none is given twice.
        last_token: u64,
        /// To whom it gave the lock.
        grant: Option<Grant>,
    },
    /// The storage's.
    Storage {
        /// The write that it holds, with its token.
        write: Option<Write>,
        /// The highest token that it has seen.
        highest: u64,
    },
}

/// What the storage has accepted, ever; noted when it is on its disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Witness {
    /// The write with the highest token so far.
    pub newest: Option<Write>,
    /// The first write with an older token that overwrote it: what was overwritten, and by what.
    pub overwritten: Option<(Write, Write)>,
}

/// A node of the lease lock.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum LeaseLock {
    /// Gives the lock away, for a time.
    Service(Service),
    /// The resource that the lock is to protect.
    Storage(Storage),
    /// Wants the lock, to write.
    Client(Client),
}

impl Protocol for LeaseLock {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Ret;
    type Durable = Disk;
    type Witness = Witness;
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "lease-lock",
        name: "Locks, leases and fencing tokens",
        claim: "With fencing, storage takes no write of a client that has lost the lock; that client may still \
                believe that it holds it.",
        source: "Gray, Cheriton: Leases: An Efficient Fault-Tolerant Mechanism for Distributed File Cache \
                 Consistency. SOSP 1989. Burrows: The Chubby Lock Service for Loosely-Coupled Distributed Systems. \
                 OSDI 2006, §2.4. Kleppmann: How to do distributed locking. 2016.",
        rules: rules::RULES,
    };

    fn cast(params: &Knobs, _: usize) -> Cast {
        let clients: Vec<String> = (1..=params.clients).map(|number| format!("C{number}")).collect();
        let clients: Vec<&str> = clients.iter().map(String::as_str).collect();
        Cast::of(&["Lock", "Storage"]).with_clients(&clients)
    }

    fn default_nodes() -> usize {
        2
    }

    /// Clients talk to the lock service and to the storage, which do not know each other.
    fn linked(cast: &Cast, from: NodeId, to: NodeId) -> bool {
        cast.kind(from) != cast.kind(to)
    }

    fn boot(saved: Option<Disk>, cx: &mut Ctx<'_>) -> LeaseLock {
        match cx.me() {
            LOCK => LeaseLock::Service(Service::boot(saved, cx)),
            STORAGE => LeaseLock::Storage(Storage::boot(saved, cx)),
            _ => LeaseLock::Client(Client::default()),
        }
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        match self {
            LeaseLock::Service(service) => service.on_message(from, msg, cx),
            LeaseLock::Storage(storage) => storage.on_message(from, msg, cx),
            LeaseLock::Client(client) => client.on_message(msg, cx),
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Ctx<'_>) {
        match (self, timer) {
            (LeaseLock::Service(service), Timer::Expiry(lease)) => service.on_expiry(lease, cx),
            (LeaseLock::Client(client), Timer::Lease(belief)) => client.on_lease_over(belief, cx),
            (LeaseLock::Client(client), Timer::Renew) => client.on_renew(cx),
            (LeaseLock::Client(client), Timer::Retry) => client.on_retry(cx),
            (node, timer) => debug_assert!(false, "{timer:?} fired at {node:?}"),
        }
    }

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Ctx<'_>) {
        match self {
            LeaseLock::Client(client) => client.on_request(id, op, cx),
            LeaseLock::Service(_) | LeaseLock::Storage(_) => {
                cx.because(rules::NOT_ADDRESSED);
                cx.reply(id, Ret::Refused);
            }
        }
    }

    fn on_saved(&mut self, saved: &Disk, _: &mut Ctx<'_>) {
        if let (LeaseLock::Storage(storage), Disk::Storage { write, .. }) = (self, saved) {
            storage.on_disk.clone_from(write);
        }
    }

    fn operations(kind: Kind) -> Vec<OpForm> {
        match kind {
            Kind::Server => vec![],
            Kind::Client => {
                vec![
                    OpForm::new("Lock", "lock", "lock"),
                    OpForm::new("Write", "write red", "write {value}"),
                    OpForm::new("Unlock", "unlock", "unlock"),
                ]
            }
        }
    }

    fn glance(&self, _: &Knobs, cast: &Cast) -> Glance {
        match self {
            LeaseLock::Service(service) => look::service(service, cast),
            LeaseLock::Storage(storage) => look::storage(storage),
            LeaseLock::Client(client) => look::client(client),
        }
    }

    fn caption(msg: &Msg, _: &Cast) -> Caption {
        look::caption(msg)
    }

    fn epoch(msg: &Msg) -> Option<u64> {
        msg.token()
    }

    fn witness(&self, _: NodeId, seen: &mut Witness) {
        let LeaseLock::Storage(Storage { on_disk: Some(write), .. }) = self else {
            return;
        };
        match &seen.newest {
            Some(newest) if write.token < newest.token => {
                seen.overwritten.get_or_insert_with(|| (newest.clone(), write.clone()));
            }
            Some(newest) if newest == write => {}
            _ => seen.newest = Some(write.clone()),
        }
    }

    fn failed(ret: &Ret) -> bool {
        matches!(ret, Ret::Rejected | Ret::NotHeld | Ret::Busy | Ret::Refused)
    }

    fn properties() -> Vec<Property<LeaseLock>> {
        properties::all()
    }
}
