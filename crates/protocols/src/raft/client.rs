//! A client: finds the leader, retries, and waits for one answer at a time.

use std::collections::VecDeque;

use faultline_model::{Kind, NodeId, OpId};
use serde::Serialize;

use super::Ctx;
use super::machine::Op;
use super::message::{Msg, Outcome, Request, Response, Timer};
use super::rules;

/// The state of a client (Raft §8). All of it is lost in a crash.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Client {
    /// The operation that waits for its answer, with its serial number.
    pub open: Option<Open>,
    /// The server that it believes to be the leader and asks.
    pub asks: NodeId,
    /// Operations that wait for their turn.
    pub queue: VecDeque<Open>,
}

/// An operation with its serial number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Open {
    /// The serial number, which every retry carries.
    pub serial: u32,
    /// What is asked.
    pub op: Op,
}

impl Client {
    /// A client that knows nothing. The paper lets it choose a server at random; here it begins with
    /// the first, so that every run with one client begins alike.
    pub fn boot() -> Client {
        Client { open: None, asks: NodeId(0), queue: VecDeque::new() }
    }

    fn ask(&self, cx: &mut Ctx<'_>) {
        let Some(Open { serial, op }) = &self.open else {
            return;
        };
        cx.send(self.asks, Msg::Request(Request { serial: *serial, op: op.clone() }));
        cx.arm(Timer::Retry, cx.params().client_timeout);
    }

    fn turn_to_next_server(&mut self, cx: &Ctx<'_>) {
        let servers = || cx.cast().of_kind(Kind::Server);
        let next = servers().find(|&id| id > self.asks).or_else(|| servers().next());
        self.asks = next.unwrap_or(self.asks);
    }

    /// An operation is handed to the client.
    pub fn on_request(&mut self, id: OpId, op: Op, cx: &mut Ctx<'_>) {
        let open = Open { serial: id.0, op };
        if self.open.is_some() {
            cx.because(rules::WAIT_TURN);
            self.queue.push_back(open);
            return;
        }
        cx.because(rules::ASK);
        self.open = Some(open);
        self.ask(cx);
    }

    /// A server answers.
    pub fn on_response(&mut self, from: NodeId, response: Response, cx: &mut Ctx<'_>) {
        if self.open.as_ref().is_none_or(|open| open.serial != response.serial) {
            cx.because(rules::LATE_ANSWER);
            return;
        }
        match response.outcome {
            Outcome::Done(result) => {
                cx.because(rules::ANSWERED);
                cx.reply(OpId(response.serial), result);
                self.asks = from;
                cx.disarm(Timer::Retry);
                self.open = self.queue.pop_front();
                self.ask(cx);
            }
            Outcome::NotLeader(Some(leader)) if leader != self.asks => {
                cx.because(rules::FOLLOW_HINT);
                self.asks = leader;
                self.ask(cx);
            }
            // Asking the next server at once would go round in circles as fast as the network carries it
            // while there is no leader.
            Outcome::NotLeader(_) => cx.because(rules::NO_HINT),
        }
    }

    /// The retry timer fires.
    pub fn on_retry(&mut self, cx: &mut Ctx<'_>) {
        cx.because(rules::RETRY);
        self.turn_to_next_server(cx);
        self.ask(cx);
    }
}
