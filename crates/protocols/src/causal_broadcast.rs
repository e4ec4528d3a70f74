//! Broadcast with a choice of orders: as it comes, FIFO, causal, total.
//!
//! Everybody tells everybody. On a network that keeps no order somebody may hear an answer before the
//! question. In causal order a message waits at its receiver until everything that its author had heard before
//! sending it has been delivered there, too. The author says what that was by a vector clock: how many
//! messages of each process it had delivered (Birman and Joseph, *Reliable Communication in the Presence of
//! Failures*, 1987; the test with vectors is that of Birman, Schiper and Stephenson, *Lightweight Causal and
//! Atomic Group Multicast*, 1991, with the clocks of Fidge 1988 and Mattern 1989).
//!
//! Causal order says nothing about messages of which neither was sent with knowledge of the other. In total
//! order all deliver all messages alike: here the first process is the sequencer and numbers them.

mod look;
mod message;
mod properties;
pub mod rules;
mod speaker;

use faultline_model::{
    About, Caption, Cast, Cx, Glance, Kind, KnobKind, NodeId, OpForm, OpId, Property, Protocol, choice,
    params,
};
use serde::Serialize;

pub use message::{Msg, Op, Post, PostId, Ret, Vector};
pub use speaker::Speaker;

type Ctx<'a> = Cx<'a, CausalBroadcast>;

choice! {
    /// When a message that has come may be delivered.
    pub enum Delivery {
        /// At once.
        None = "none",
        /// After all earlier messages of the same author.
        Fifo = "fifo",
        /// After everything that its author had delivered before sending it.
        Causal = "causal",
        /// In the order in which the first process has numbered them.
        Total = "total",
    }
}

params! {
    /// The knobs of the broadcast.
    pub struct Knobs {
        /// When a message that has come may be delivered.
        "delivery" delivery: Delivery = Delivery::Causal, KnobKind::Choice { options: Delivery::WORDS };
    }
}

/// A node: all are speakers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct CausalBroadcast(pub Speaker);

const NAMES: [&str; 8] = ["Alice", "Bob", "Carol", "Dave", "Erin", "Frank", "Grace", "Heidi"];

impl Protocol for CausalBroadcast {
    type Msg = Msg;
    type Timer = ();
    type Op = Op;
    type Ret = Ret;
    type Durable = ();
    type Witness = ();
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "causal-broadcast",
        name: "Causal broadcast",
        claim: "Nobody hears an answer before its question.",
        source: "Birman, Joseph: Reliable Communication in the Presence of Failures. ACM TOCS 5(1), 1987. \
                 Birman, Schiper, Stephenson: Lightweight Causal and Atomic Group Multicast. ACM TOCS 9(3), 1991. \
                 Fidge 1988; Mattern 1989.",
        rules: rules::RULES,
    };

    fn cast(_: &Knobs, nodes: usize) -> Cast {
        let name = |place: usize| match NAMES.get(place) {
            Some(&name) => name.to_owned(),
            None => format!("N{}", place + 1),
        };
        let names: Vec<String> = (0..nodes).map(name).collect();
        Cast::of(&names.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn default_nodes() -> usize {
        3
    }

    fn boot(_: Option<()>, _: &mut Ctx<'_>) -> CausalBroadcast {
        CausalBroadcast(Speaker::default())
    }

    fn on_message(&mut self, _: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        self.0.on_message(msg, cx);
    }

    fn on_timer(&mut self, (): (), _: &mut Ctx<'_>) {}

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Ctx<'_>) {
        self.0.on_request(id, op, cx);
    }

    fn operations(_: Kind) -> Vec<OpForm> {
        vec![
            OpForm::new("Say", "say hello", "say {value}"),
            OpForm::new("Ask", "ask Bob lunch", "ask Bob {value}"),
        ]
    }

    fn glance(&self, _: &Knobs, cast: &Cast) -> Glance {
        look::speaker(&self.0, cast)
    }

    fn caption(msg: &Msg, cast: &Cast) -> Caption {
        look::caption(msg, cast)
    }

    fn failed(ret: &Ret) -> bool {
        matches!(ret, Ret::Refused)
    }

    fn properties() -> Vec<Property<CausalBroadcast>> {
        properties::all()
    }
}
