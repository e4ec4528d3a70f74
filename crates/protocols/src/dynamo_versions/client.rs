//! A client: it reads the cart, adds to it, and says what it has read.

use faultline_model::{OpId, SortedSet};
use serde::Serialize;

use super::clock::Clock;
use super::message::{Msg, Op, Ret, Timer};
use super::replica::Version;
use super::{Ctx, rules};

/// What a client has asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Asked {
    /// The cart.
    Read,
    /// To store this cart.
    Add {
        /// The whole cart.
        items: SortedSet<String>,
        /// The writes that it was made with knowledge of.
        based_on: Vec<OpId>,
    },
}

/// The request that a client waits for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Open {
    /// The operation.
    pub op: OpId,
    /// What it asks.
    pub asked: Asked,
}

/// The state of a client. It keeps nothing on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    /// The cart as it knows it.
    pub cart: SortedSet<String>,
    /// The clock of what it has read or written last.
    pub context: Clock,
    /// The writes that this knowledge consists of.
    pub based_on: Vec<OpId>,
    /// What it waits for.
    pub open: Option<Open>,
}

impl Client {
    pub(super) fn on_request(&mut self, id: OpId, op: Op, cx: &mut Ctx<'_>) {
        let (Op::Add { at, .. } | Op::Read { at }) = &op;
        let replica = cx.cast().find(at).filter(|&node| cx.peers().any(|peer| peer == node));
        let Some(to) = replica.filter(|_| self.open.is_none()) else {
            cx.because(rules::REFUSE);
            return cx.reply(id, Ret::Refused);
        };
        let asked = match op {
            Op::Read { .. } => {
                cx.because(rules::READ);
                cx.send(to, Msg::Get { op: id });
                Asked::Read
            }
            Op::Add { item, blindly, .. } => {
                cx.because(if blindly { rules::ADD_BLINDLY } else { rules::ADD });
                if blindly {
                    self.forget();
                }
                let mut items = self.cart.clone();
                items.insert(item);
                cx.send(to, Msg::Put { op: id, items: items.clone(), context: self.context.clone() });
                Asked::Add { items, based_on: self.based_on.clone() }
            }
        };
        self.open = Some(Open { op: id, asked });
        cx.arm(Timer::Timeout, cx.params().timeout);
    }

    fn forget(&mut self) {
        self.cart.clear();
        self.context = Clock::default();
        self.based_on.clear();
    }

    /// Knows what is in these versions and nothing else.
    fn merge(&mut self, versions: &[Version]) {
        self.forget();
        for version in versions {
            self.cart.extend(version.items.iter().cloned());
            self.context.join(&version.clock);
            self.based_on.push(version.write);
        }
    }

    pub(super) fn on_message(&mut self, msg: Msg, cx: &mut Ctx<'_>) {
        let (Msg::Versions { op, .. } | Msg::Stored { op, .. }) = &msg else {
            return cx.because(rules::REFUSE);
        };
        let Some(open) = self.open.take_if(|open| open.op == *op) else {
            return cx.because(rules::LATE);
        };
        cx.disarm(Timer::Timeout);
        match (msg, open.asked) {
            (Msg::Versions { versions, .. }, _) => {
                cx.because(rules::MERGE);
                self.merge(&versions);
                cx.reply(open.op, Ret::Cart(self.cart.clone(), versions.len() as u64));
            }
            (Msg::Stored { versions, .. }, _) => {
                cx.because(rules::WRITTEN);
                self.merge(&versions);
                cx.reply(open.op, Ret::Ok);
            }
            (msg, asked) => debug_assert!(false, "{asked:?} was answered by {msg:?}"),
        }
    }

    pub(super) fn on_timeout(&mut self, cx: &mut Ctx<'_>) {
        let Some(open) = self.open.take() else {
            return cx.because(rules::LATE);
        };
        cx.because(rules::GIVE_UP);
        cx.reply(open.op, Ret::NoAnswer);
    }
}
