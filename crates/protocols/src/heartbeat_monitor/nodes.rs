//! Whoever watches, the servers, and their clients.

use faultline_model::{Fact, NodeId, OpId, SortedMap};
use serde::Serialize;

use super::{Ctx, Msg, Op, Ret, Timer, Who, rules, watched};

/// What one node holds another to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Belief {
    /// It has answered lately.
    Alive,
    /// It has been silent for too long.
    Dead,
}

/// Everything that a node knows of others: by what it has heard, and by nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Watch(pub SortedMap<NodeId, Belief>);

impl Watch {
    pub(super) fn begin(cx: &mut Ctx<'_>) -> Watch {
        let me = cx.me();
        let others = || watched(cx.cast()).filter(move |&node| node != me);
        let watch = Watch(others().map(|node| (node, Belief::Alive)).collect());
        // The last answer of one that crashes may have been on its way for a period.
        let within = cx.params().timeout + cx.params().period;
        for &node in watch.0.keys() {
            cx.testify(Fact::Watches(node, within));
            cx.arm(Timer::Silent(node), cx.params().timeout);
        }
        watch.ping(cx);
        watch
    }

    fn ping(&self, cx: &mut Ctx<'_>) {
        cx.because(rules::PING);
        for &node in self.0.keys() {
            cx.send(node, Msg::Ping);
        }
        cx.arm(Timer::Ping, cx.params().period);
    }

    pub(super) fn on_pong(&mut self, from: NodeId, cx: &mut Ctx<'_>) {
        let Some(belief) = self.0.get_mut(&from) else {
            return cx.because(rules::NOT_ADDRESSED);
        };
        if *belief == Belief::Dead {
            cx.testify(Fact::Trusts(from));
        }
        cx.because(if *belief == Belief::Dead { rules::ALIVE_AGAIN } else { rules::HEAR });
        *belief = Belief::Alive;
        cx.arm(Timer::Silent(from), cx.params().timeout);
    }

    pub(super) fn on_timer(&mut self, timer: Timer, cx: &mut Ctx<'_>) {
        match timer {
            Timer::Ping => self.ping(cx),
            Timer::Silent(node) => {
                cx.because(rules::DECLARE_DEAD);
                cx.testify(Fact::Suspects(node));
                self.0.insert(node, Belief::Dead);
            }
            Timer::Patience(_) => debug_assert!(false, "only clients are patient"),
        }
    }

    /// Those whom it holds to be dead.
    pub fn dead(&self) -> Vec<NodeId> {
        self.0.iter().filter(|(_, belief)| **belief == Belief::Dead).map(|(&node, _)| node).collect()
    }
}

/// What a server keeps on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Store {
    /// The value.
    pub value: String,
    /// How many writes it has acknowledged.
    pub writes: u64,
}

/// The state of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Server {
    /// The value. On disk.
    pub value: String,
    /// How many writes it has acknowledged. On disk.
    pub writes: u64,
    /// What it holds the other servers to be, if it watches.
    pub sees: Watch,
}

impl Server {
    pub(super) fn boot(saved: Option<Store>, cx: &mut Ctx<'_>) -> Server {
        let sees = if cx.params().watch == Who::All { Watch::begin(cx) } else { Watch::default() };
        if saved.is_some() {
            cx.because(rules::RECOVER);
        }
        let Store { value, writes } = saved.unwrap_or_default();
        Server { value, writes, sees }
    }

    pub(super) fn on_write(&mut self, from: NodeId, op: OpId, value: String, cx: &mut Ctx<'_>) {
        cx.because(rules::WRITE);
        self.value = value;
        self.writes += 1;
        cx.persist(Store { value: self.value.clone(), writes: self.writes });
        cx.send(from, Msg::Written { op });
    }

    pub(super) fn on_ask(&self, from: NodeId, op: OpId, cx: &mut Ctx<'_>) {
        cx.because(rules::TELL);
        cx.send(from, Msg::Dead { op, dead: self.sees.dead() });
    }
}

/// The state of a client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Client {
    /// What its server has not answered.
    pub waiting: Vec<OpId>,
}

impl Client {
    pub(super) fn on_request(&mut self, id: OpId, op: Op, server: NodeId, cx: &mut Ctx<'_>) {
        cx.because(rules::ASK);
        self.waiting.push(id);
        cx.send(
            server,
            match op {
                Op::Write(value) => Msg::Write { op: id, value },
                Op::Dead => Msg::Ask { op: id },
            },
        );
        cx.arm(Timer::Patience(id), cx.params().patience);
    }

    /// Whether it waited for that; it does no longer.
    fn waited(&mut self, op: OpId) -> bool {
        let before = self.waiting.len();
        self.waiting.retain(|waiting| *waiting != op);
        self.waiting.len() < before
    }

    pub(super) fn on_answer(&mut self, op: OpId, ret: Ret, cx: &mut Ctx<'_>) {
        if !self.waited(op) {
            return cx.because(rules::LATE_ANSWER);
        }
        cx.because(rules::ANSWERED);
        cx.disarm(Timer::Patience(op));
        cx.reply(op, ret);
    }

    pub(super) fn on_patience(&mut self, op: OpId, cx: &mut Ctx<'_>) {
        cx.because(rules::GIVE_UP);
        if self.waited(op) {
            cx.reply(op, Ret::Unknown);
        }
    }
}
