//! A client of one replica.

use std::collections::VecDeque;

use faultline_model::{Cell, Cx, Glance, Hue, NodeId, OpId, Shape, Time};
use serde::Serialize;

use super::{LastWriterWins, Msg, Op, Ret, Stamp, Timer, rules};

/// An operation that the client is to carry out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Call {
    /// Its number.
    pub id: OpId,
    /// What is asked.
    pub op: Op,
    /// The timestamp, when clients give it: what the client's clock read when it was asked.
    pub stamp: Option<Time>,
    /// How many times the replica has been asked.
    pub copies: u64,
}

/// A client: one operation at a time, in order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Client {
    /// Whom it asks.
    pub replica: NodeId,
    /// Its operations; the first is under way.
    pub calls: VecDeque<Call>,
    /// The last answer.
    pub last: Option<Ret>,
    /// How many operations it has given up; whether they took effect it does not know.
    pub given_up: u64,
}

impl Client {
    /// Client number i of the cast asks replica number i.
    pub(super) fn boot(cx: &mut Cx<'_, LastWriterWins>) -> Client {
        let nth = cx.cast().rank(cx.me());
        Client { replica: NodeId(nth as u16), calls: VecDeque::new(), last: None, given_up: 0 }
    }

    pub(super) fn on_request(&mut self, id: OpId, op: Op, cx: &mut Cx<'_, LastWriterWins>) {
        let stamp = (cx.params().stamped_by == Stamp::Client && op != Op::Read).then(|| cx.now());
        self.calls.push_back(Call { id, op, stamp, copies: 0 });
        if self.calls.len() == 1 {
            cx.because(rules::ASK);
            self.ask(cx);
        } else {
            cx.because(rules::QUEUE);
        }
    }

    /// Asks the replica for the first operation in line.
    fn ask(&mut self, cx: &mut Cx<'_, LastWriterWins>) {
        let Some(call) = self.calls.front_mut() else {
            return;
        };
        call.copies += 1;
        cx.send(self.replica, Msg::Request { id: call.id, op: call.op.clone(), stamp: call.stamp });
        cx.arm(Timer::Retry, cx.params().client_timeout);
    }

    pub(super) fn on_response(&mut self, id: OpId, ret: Ret, cx: &mut Cx<'_, LastWriterWins>) {
        if self.calls.front().is_none_or(|call| call.id != id) {
            cx.because(rules::LATE_ANSWER);
            return;
        }
        cx.because(rules::DONE);
        self.calls.pop_front();
        cx.disarm(Timer::Retry);
        self.last = Some(ret.clone());
        cx.reply(id, ret);
        self.ask(cx);
    }

    pub(super) fn on_retry(&mut self, cx: &mut Cx<'_, LastWriterWins>) {
        let Some(call) = self.calls.front() else {
            return;
        };
        if call.copies <= cx.params().client_retries {
            cx.because(rules::RETRY);
            self.ask(cx);
            return;
        }
        // The operation stays open in the history: it may have taken effect, and may still.
        cx.because(rules::GIVE_UP);
        self.calls.pop_front();
        self.given_up += 1;
        self.ask(cx);
    }

    pub(super) fn glance(&self) -> Glance {
        let cells = match (self.calls.front(), &self.last) {
            (Some(call), _) => vec![Cell::new("asks", &call.op)],
            (None, Some(ret)) => vec![Cell::new("got", ret)],
            (None, None) => vec![],
        };
        Glance {
            role: "client".to_owned(),
            shape: Shape::Square,
            hue: Hue::Grey,
            cells,
            arc: Some("retry"),
            ..Glance::default()
        }
    }
}
