//! The stub: it makes a call to another machine look like one at home.

use faultline_model::{NodeId, OpId};
use serde::Serialize;

use super::{BANK, Ctx, Msg, Op, Timer, rules};

/// A call without an answer: everything that the stub knows about it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Call {
    /// Its identifier.
    pub call: OpId,
    /// The program that waits.
    pub client: NodeId,
    /// The procedure.
    pub what: Op,
    /// How often the stub has asked.
    pub attempts: u64,
}

/// The state of the stub. It keeps nothing on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Stub {
    /// Calls without an answer.
    pub calls: Vec<Call>,
}

impl Stub {
    fn find(&self, call: OpId) -> Option<usize> {
        self.calls.iter().position(|open| open.call == call)
    }

    pub(super) fn on_call(&mut self, client: NodeId, call: OpId, what: Op, cx: &mut Ctx<'_>) {
        if self.find(call).is_some() {
            return cx.because(rules::UNDER_WAY);
        }
        cx.because(rules::REQUEST);
        self.calls.push(Call { call, client, what, attempts: 0 });
        self.ask(self.calls.len() - 1, cx);
    }

    fn ask(&mut self, place: usize, cx: &mut Ctx<'_>) {
        let open = &mut self.calls[place];
        open.attempts += 1;
        cx.send(BANK, Msg::Request { call: open.call, what: open.what.clone() });
        cx.arm(Timer::Timeout(open.call), cx.params().timeout);
    }

    pub(super) fn on_timeout(&mut self, call: OpId, cx: &mut Ctx<'_>) {
        let Some(place) = self.find(call) else {
            return cx.because(rules::LATE_REPLY);
        };
        if self.calls[place].attempts <= cx.params().retries {
            cx.because(rules::RETRY);
            return self.ask(place, cx);
        }
        cx.because(rules::GIVE_UP);
        let open = self.calls.remove(place);
        cx.send(open.client, Msg::Return { call, balance: None });
    }

    pub(super) fn on_reply(&mut self, call: OpId, balance: u64, cx: &mut Ctx<'_>) {
        let Some(place) = self.find(call) else {
            return cx.because(rules::LATE_REPLY);
        };
        cx.because(rules::ANSWERED);
        let open = self.calls.remove(place);
        cx.disarm(Timer::Timeout(call));
        cx.send(open.client, Msg::Return { call, balance: Some(balance) });
    }
}
