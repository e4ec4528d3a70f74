//! A remote procedure call: what a caller can know when no answer comes, and what makes asking again safe.
//!
//! A stub on the caller's machine makes a call to another machine look like one at home: it sends the
//! request, waits, and asks again when no answer comes in time (Birrell and Nelson, *Implementing Remote
//! Procedure Calls*, 1984, §3). A missing answer has three causes which look alike to the stub: the request
//! was lost, the answer was lost, or the server is still at it. In two of them asking again makes the server
//! execute the call twice.
//!
//! So every call carries an identifier, the same in every copy, and the server remembers which it has
//! executed and what it answered. This helps only as far as that memory goes: it must outlive a crash, it
//! must be looked up and written in one step with the effect, and it must last as long as copies may arrive.
//!
//! The procedure adds money to an account, on the bank's disk, so that one can count how often it ran.

mod bank;
mod knobs;
mod look;
mod message;
mod properties;
pub mod rules;
mod stub;

use faultline_model::{About, Caption, Cast, Cx, Glance, Habitat, Kind, Latency, NodeId, OpForm, OpId};
use faultline_model::{Property, Protocol, Span};
use serde::Serialize;

pub use bank::{Account, Bank, Entry, Job, Seen};
pub use knobs::{Dedup, Knobs};
pub use message::{Msg, Op, Ret, Timer};
pub use stub::{Call, Stub};

type Ctx<'a> = Cx<'a, RemoteProcedureCall>;

/// The stub is the first node of the cast.
pub const STUB: NodeId = NodeId(0);
/// The bank is the second.
pub const BANK: NodeId = NodeId(1);

/// A node of the remote procedure call.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum RemoteProcedureCall {
    /// The middleware on the caller's machine.
    Stub(Stub),
    /// The server.
    Bank(Bank),
    /// A program that calls.
    Client {
        /// The calls that have not returned.
        waiting: Vec<OpId>,
    },
}

impl Protocol for RemoteProcedureCall {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Ret;
    type Durable = Account;
    type Witness = ();
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "remote-procedure-call",
        name: "Remote procedure call",
        claim: "A call that returns has been executed exactly once, if the server keeps its identifier together \
                with its effect.",
        source: "Birrell, Nelson: Implementing Remote Procedure Calls. ACM TOCS 2(1), 1984, §3.",
        rules: rules::RULES,
    };

    fn cast(params: &Knobs, _: usize) -> Cast {
        let clients: Vec<String> = (1..=params.clients).map(|number| format!("C{number}")).collect();
        let clients: Vec<&str> = clients.iter().map(String::as_str).collect();
        Cast::of(&["Stub", "Bank"]).with_clients(&clients)
    }

    fn default_nodes() -> usize {
        2
    }

    fn habitat() -> Habitat {
        Habitat { latency: Latency::Constant(Span::millis(20)), ..Habitat::default() }
    }

    /// The network lies between the stub and the bank.
    fn linked(cast: &Cast, from: NodeId, to: NodeId) -> bool {
        let client = |node| cast.kind(node) == Kind::Client;
        from != to && if client(from) || client(to) { from == STUB || to == STUB } else { true }
    }

    /// The stub is part of the calling programs.
    fn same_machine(cast: &Cast, from: NodeId, to: NodeId) -> bool {
        cast.kind(from) != cast.kind(to)
    }

    fn boot(saved: Option<Account>, cx: &mut Ctx<'_>) -> RemoteProcedureCall {
        match cx.me() {
            STUB => RemoteProcedureCall::Stub(Stub::default()),
            BANK => RemoteProcedureCall::Bank(Bank::boot(saved, cx)),
            _ => RemoteProcedureCall::Client { waiting: vec![] },
        }
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        match (self, msg) {
            (RemoteProcedureCall::Stub(stub), Msg::Call { call, what }) => stub.on_call(from, call, what, cx),
            (RemoteProcedureCall::Stub(stub), Msg::Reply { call, balance }) => {
                stub.on_reply(call, balance, cx);
            }
            (RemoteProcedureCall::Bank(bank), Msg::Request { call, what }) => {
                bank.on_request(Job { from, call, what }, cx);
            }
            (RemoteProcedureCall::Client { waiting }, Msg::Return { call, balance }) => {
                returned(waiting, call, balance, cx);
            }
            _ => cx.because(rules::NOT_ADDRESSED),
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Ctx<'_>) {
        match (self, timer) {
            (RemoteProcedureCall::Stub(stub), Timer::Timeout(call)) => stub.on_timeout(call, cx),
            (RemoteProcedureCall::Bank(bank), Timer::Executed(thread)) => bank.on_executed(thread, cx),
            (RemoteProcedureCall::Bank(bank), Timer::Forget(call)) => bank.on_forget(call, cx),
            (node, timer) => debug_assert!(false, "{timer:?} fired at {node:?}"),
        }
    }

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Ctx<'_>) {
        if let RemoteProcedureCall::Client { waiting } = self {
            cx.because(rules::CALL);
            waiting.push(id);
            cx.send(STUB, Msg::Call { call: id, what: op });
        } else {
            cx.because(rules::NOT_ADDRESSED);
            cx.reply(id, Ret::Refused);
        }
    }

    fn operations(kind: Kind) -> Vec<OpForm> {
        match kind {
            Kind::Server => vec![],
            Kind::Client => vec![OpForm::fixed("Credit", "credit 1"), OpForm::fixed("Balance", "balance")],
        }
    }

    fn glance(&self, params: &Knobs, _: &Cast) -> Glance {
        match self {
            RemoteProcedureCall::Stub(stub) => look::stub(stub, params),
            RemoteProcedureCall::Bank(bank) => look::bank(bank, params),
            RemoteProcedureCall::Client { waiting } => look::client(waiting),
        }
    }

    fn caption(msg: &Msg, _: &Cast) -> Caption {
        look::caption(msg)
    }

    fn failed(ret: &Ret) -> bool {
        !matches!(ret, Ret::Balance(_))
    }

    fn properties() -> Vec<Property<RemoteProcedureCall>> {
        properties::all()
    }
}

/// A call returns to the program.
fn returned(waiting: &mut Vec<OpId>, call: OpId, balance: Option<u64>, cx: &mut Ctx<'_>) {
    let Some(place) = waiting.iter().position(|other| *other == call) else {
        return cx.because(rules::LATE_REPLY);
    };
    cx.because(if balance.is_some() { rules::RETURN } else { rules::RAISE });
    waiting.remove(place);
    cx.reply(call, balance.map_or(Ret::Unknown, Ret::Balance));
}
