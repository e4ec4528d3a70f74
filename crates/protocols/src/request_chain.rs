//! A page that is put together by several machines, written as if the network were none: eight dials for the
//! eight fallacies.
//!
//! L. Peter Deutsch and others at Sun listed what programmers falsely assume of a network: it is reliable;
//! latency is zero; bandwidth is infinite; it is secure; topology does not change; there is one administrator;
//! transport cost is zero; and, added by James Gosling, it is homogeneous (Rotem-Gal-Oz, *Fallacies of
//! Distributed Computing Explained*). Each is an assumption of one line of code here; the rules name the line.
//! As long as all dials are at their ideals, every line is right.
//!
//! A browser asks a gateway for a page. The gateway asks the user service for a number and the photo service
//! for photos, one after the other; both services ask a database.

mod gateway;
mod knobs;
mod look;
mod message;
mod properties;
pub mod rules;
mod services;

use faultline_model::{About, Caption, Cast, Cx, Glance, Habitat, Kind, Latency, NodeId, OpForm, OpId};
use faultline_model::{Property, Protocol, Span};
use serde::Serialize;

pub use gateway::{Gateway, Job};
pub use knobs::{Knobs, Order};
pub use message::{Field, Msg, Op, Ret, Timer};
pub use services::{Database, Query, Service};

type Ctx<'a> = Cx<'a, RequestChain>;

/// The gateway is the first node of the cast.
pub const GATEWAY: NodeId = NodeId(0);
/// The user service.
pub const USERS: NodeId = NodeId(1);
/// The photo service.
pub const PHOTOS: NodeId = NodeId(2);
/// Where the photo service is once it has moved.
pub const NEW_PHOTOS: NodeId = NodeId(3);
/// The database, which also keeps the address book.
pub const DATABASE: NodeId = NodeId(4);
/// Somebody on the way between the browser and the gateway.
pub const ONLOOKER: NodeId = NodeId(5);

/// What the browser shows as its user's secret.
pub const TOKEN: u32 = 7_341;
/// The number that the user service has for every page.
pub const LIKES: u32 = 12;

/// A node of the request chain.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum RequestChain {
    /// Puts pages together.
    Gateway(Gateway),
    /// Answers calls of the gateway.
    Service(Service),
    /// Answers the services.
    Database(Database),
    /// Sees what passes.
    Onlooker {
        /// The token, once it has read one.
        token: Option<u32>,
    },
    /// Shows pages.
    Browser {
        /// The pages that have not come.
        waiting: Vec<OpId>,
    },
}

impl Protocol for RequestChain {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Ret;
    type Durable = ();
    type Witness = ();
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "request-chain",
        name: "Request chain with eight dials",
        claim: "Every page is right, in time and private, as long as eight assumptions about the network hold.",
        source: "Deutsch: The Eight Fallacies of Distributed Computing. 1994; the eighth by Gosling. Rotem-Gal-Oz: \
                 Fallacies of Distributed Computing Explained.",
        rules: rules::RULES,
    };

    fn cast(_: &Knobs, _: usize) -> Cast {
        Cast::of(&["Gateway", "Users", "Photos", "Photos2", "DB", "Eve"]).with_clients(&["Browser"])
    }

    fn default_nodes() -> usize {
        6
    }

    fn habitat() -> Habitat {
        Habitat { latency: Latency::Constant(Span::millis(1)), ..Habitat::default() }
    }

    fn linked(cast: &Cast, from: NodeId, to: NodeId) -> bool {
        let pair = |one, other| (from, to) == (one, other) || (to, from) == (one, other);
        let browser = |node| cast.kind(node) == Kind::Client;
        [USERS, PHOTOS, NEW_PHOTOS]
            .into_iter()
            .any(|service| pair(GATEWAY, service) || pair(service, DATABASE))
            || pair(GATEWAY, DATABASE)
            || browser(from) && (to == GATEWAY || to == ONLOOKER)
            || from == GATEWAY && browser(to)
    }

    fn boot(_: Option<()>, cx: &mut Ctx<'_>) -> RequestChain {
        match cx.me() {
            GATEWAY => RequestChain::Gateway(Gateway::boot(cx)),
            DATABASE => RequestChain::Database(Database::default()),
            ONLOOKER => RequestChain::Onlooker { token: None },
            _ if cx.kind() == Kind::Client => RequestChain::Browser { waiting: vec![] },
            _ => RequestChain::Service(Service::boot(cx)),
        }
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        match self {
            RequestChain::Gateway(gateway) => gateway.on_message(from, msg, cx),
            RequestChain::Service(service) => service.on_message(from, msg, cx),
            RequestChain::Database(database) => database.on_message(from, msg, cx),
            RequestChain::Onlooker { token } => overhear(token, &msg, cx),
            RequestChain::Browser { waiting } => show(waiting, msg, cx),
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Ctx<'_>) {
        match (self, timer) {
            (RequestChain::Gateway(gateway), Timer::Deadline(page)) => gateway.on_deadline(page, cx),
            (RequestChain::Gateway(_), Timer::Lookup) => gateway::look_up(cx),
            (RequestChain::Service(service), Timer::Move) => service.move_away(cx),
            (RequestChain::Database(database), Timer::Together) => database.on_together(cx),
            (node, timer) => debug_assert!(false, "{timer:?} fired at {node:?}"),
        }
    }

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Ctx<'_>) {
        let ret = match (self, op) {
            (RequestChain::Browser { waiting }, Op::Load) => return load(waiting, id, cx),
            (RequestChain::Service(service), Op::Upgrade) => service.upgrade(cx),
            (RequestChain::Service(service), Op::Move) if cx.me() == PHOTOS => {
                service.move_away(cx);
                Ret::Done
            }
            _ => {
                cx.because(rules::NOT_ADDRESSED);
                Ret::Refused
            }
        };
        cx.reply(id, ret);
    }

    fn operations(kind: Kind) -> Vec<OpForm> {
        match kind {
            Kind::Server => vec![OpForm::fixed("Upgrade", "upgrade"), OpForm::fixed("Move", "move")],
            Kind::Client => vec![OpForm::fixed("Load page", "load")],
        }
    }

    fn glance(&self, params: &Knobs, _: &Cast) -> Glance {
        look::node(self, params)
    }

    fn caption(msg: &Msg, cast: &Cast) -> Caption {
        look::caption(msg, cast)
    }

    fn size(msg: &Msg) -> Option<u32> {
        match msg {
            Msg::Answer { bytes, .. } | Msg::Page { bytes, .. } => Some(bytes.saturating_add(200)),
            _ => Some(200),
        }
    }

    fn failed(ret: &Ret) -> bool {
        matches!(ret, Ret::Gone | Ret::TimedOut | Ret::Damaged | Ret::Refused)
    }

    fn properties() -> Vec<Property<RequestChain>> {
        properties::all()
    }
}

/// The browser asks for a page.
fn load(waiting: &mut Vec<OpId>, page: OpId, cx: &mut Ctx<'_>) {
    cx.because(rules::WAIT);
    waiting.push(page);
    cx.send(GATEWAY, Msg::Get { page, token: TOKEN });
    if cx.params().onlooker {
        let token = (!cx.params().encryption).then_some(TOKEN);
        cx.send(ONLOOKER, Msg::Passing { token });
    }
}

/// What passes the onlooker.
fn overhear(token: &mut Option<u32>, msg: &Msg, cx: &mut Ctx<'_>) {
    match msg {
        Msg::Passing { token: Some(read) } => {
            cx.because(rules::READ_ALONG);
            *token = Some(*read);
        }
        Msg::Passing { token: None } => cx.because(rules::READ_NOTHING),
        _ => cx.because(rules::NOT_ADDRESSED),
    }
}

/// A page, or what came instead.
fn show(waiting: &mut Vec<OpId>, msg: Msg, cx: &mut Ctx<'_>) {
    let Msg::Page { page, outcome, .. } = msg else {
        return cx.because(rules::NOT_ADDRESSED);
    };
    let Some(place) = waiting.iter().position(|other| *other == page) else {
        return cx.because(rules::LATE);
    };
    waiting.remove(place);
    let ret = match outcome {
        Err(error) => {
            cx.because(rules::SHOW_ERROR);
            error
        }
        Ok(field) if cx.params().checksum && !field.is_sound() => {
            cx.because(rules::CHECK_END_TO_END);
            Ret::Damaged
        }
        Ok(field) => {
            cx.because(rules::DECODE);
            Ret::Likes(field.decode())
        }
    };
    cx.reply(page, ret);
}
