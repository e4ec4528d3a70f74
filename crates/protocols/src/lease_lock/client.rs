//! A client: it asks for the lock, believes that it holds it, and writes.

use faultline_model::{OpId, Span, Time};
use serde::Serialize;

use super::{Ctx, LOCK, Msg, Op, Ret, STORAGE, Timer, rules};

/// It asks for the lock, again and again until it has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Waiting {
    /// The operation that asks.
    pub op: OpId,
}

/// It believes that it holds the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Holding {
    /// The token that it was given.
    pub token: u64,
    /// How often its lease has begun: 1, and 1 more for each renewal.
    pub leases: u64,
}

/// It has a write under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Writing {
    /// The operation that writes.
    pub op: OpId,
    /// The token that goes along.
    pub token: u64,
    /// The value.
    pub value: String,
}

/// The state of a client. It keeps nothing on disk: after a crash it holds nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Client {
    /// What it waits for at the lock service.
    pub waiting: Option<Waiting>,
    /// What it believes.
    pub holding: Option<Holding>,
    /// What it waits for at the storage.
    pub writing: Option<Writing>,
}

impl Client {
    pub(super) fn on_request(&mut self, id: OpId, op: Op, cx: &mut Ctx<'_>) {
        let busy = self.waiting.is_some() || self.writing.is_some();
        match (op, self.holding) {
            (_, _) if busy => {
                cx.because(rules::BUSY);
                cx.reply(id, Ret::Busy);
            }
            (Op::Lock, Some(_)) => {
                cx.because(rules::BUSY);
                cx.reply(id, Ret::Busy);
            }
            (Op::Lock, None) => {
                cx.because(rules::ASK);
                self.waiting = Some(Waiting { op: id });
                self.ask(cx);
            }
            (Op::Write(value), Some(Holding { token, .. })) => {
                cx.because(rules::WRITE);
                self.writing = Some(Writing { op: id, token, value });
                self.ask(cx);
            }
            (Op::Unlock, Some(Holding { token, .. })) => {
                cx.because(rules::RELEASE);
                self.stop_believing(cx);
                cx.send(LOCK, Msg::Release { token });
                cx.reply(id, Ret::Ok);
            }
            (Op::Write(_) | Op::Unlock, None) => {
                cx.because(rules::NOT_HELD);
                cx.reply(id, Ret::NotHeld);
            }
        }
    }

    /// Sends what is under way, for the first time or again.
    fn ask(&self, cx: &mut Ctx<'_>) {
        if let Some(waiting) = self.waiting {
            cx.send(LOCK, Msg::Acquire { request: waiting.op, asked: cx.now() });
        }
        if let Some(Writing { op, token, value }) = &self.writing {
            cx.send(STORAGE, Msg::Write { request: *op, token: *token, value: value.clone() });
        }
        let retry = cx.params().retry;
        if retry > Span::ZERO {
            cx.arm(Timer::Retry, retry);
        }
    }

    pub(super) fn on_retry(&self, cx: &mut Ctx<'_>) {
        if self.waiting.is_none() && self.writing.is_none() {
            cx.because(rules::TIMER_OVERTAKEN);
            return;
        }
        cx.because(rules::RETRY);
        self.ask(cx);
    }

    fn stop_believing(&mut self, cx: &mut Ctx<'_>) {
        if let Some(holding) = self.holding.take() {
            cx.disarm(Timer::Lease(holding));
        }
        cx.disarm(Timer::Renew);
    }

    pub(super) fn on_message(&mut self, msg: Msg, cx: &mut Ctx<'_>) {
        match msg {
            Msg::Granted { request, token, asked } => self.on_granted(request, token, asked, cx),
            Msg::Renewed { token, asked } if self.believes(token) => {
                cx.because(rules::HOLD_LONGER);
                self.believe_from(asked, cx);
            }
            Msg::Lost { token } if self.believes(token) => {
                cx.because(rules::HEAR_LOSS);
                self.stop_believing(cx);
            }
            Msg::Renewed { .. } | Msg::Lost { .. } => cx.because(rules::LATE_ANSWER),
            Msg::Written { request, token, accepted } => self.on_written(request, token, accepted, cx),
            _ => cx.because(rules::NOT_ADDRESSED),
        }
    }

    fn believes(&self, token: u64) -> bool {
        self.holding.is_some_and(|holding| holding.token == token)
    }

    fn on_granted(&mut self, request: OpId, token: u64, asked: Time, cx: &mut Ctx<'_>) {
        if self.believes(token) {
            cx.because(rules::KNOWN_GRANT);
            return;
        }
        let Some(waiting) = self.waiting.filter(|waiting| waiting.op == request) else {
            cx.because(rules::GIVE_BACK);
            cx.send(LOCK, Msg::Release { token });
            return;
        };
        cx.because(rules::HOLD);
        cx.disarm(Timer::Retry);
        self.waiting = None;
        self.holding = Some(Holding { token, leases: 0 });
        cx.reply(waiting.op, Ret::Token(token));
        // When the service began the lease the client cannot know, only that it was not before it asked.
        self.believe_from(asked, cx);
        let renew = cx.params().renew;
        if renew > Span::ZERO && self.holding.is_some() {
            cx.arm(Timer::Renew, renew);
        }
    }

    /// Believes that it holds the lock for one lease from `start` on its own clock, less the margin.
    fn believe_from(&mut self, start: Time, cx: &mut Ctx<'_>) {
        let whole = cx.params().lease.0.saturating_sub(cx.params().margin.0);
        let left = whole.saturating_sub(cx.now().since(start).0);
        let Some(holding) = &mut self.holding else {
            return;
        };
        if left > 0 {
            cx.disarm(Timer::Lease(*holding));
            holding.leases += 1;
            cx.arm(Timer::Lease(*holding), Span(left));
            return;
        }
        cx.because(rules::GRANT_TOO_LATE);
        let token = holding.token;
        self.stop_believing(cx);
        cx.send(LOCK, Msg::Release { token });
    }

    pub(super) fn on_lease_over(&mut self, belief: Holding, cx: &mut Ctx<'_>) {
        if self.holding != Some(belief) {
            cx.because(rules::TIMER_OVERTAKEN);
            return;
        }
        cx.because(rules::LEASE_OVER);
        self.stop_believing(cx);
    }

    pub(super) fn on_renew(&mut self, cx: &mut Ctx<'_>) {
        if let Some(Holding { token, .. }) = self.holding {
            cx.because(rules::ASK_RENEWAL);
            cx.send(LOCK, Msg::Renew { token, asked: cx.now() });
            cx.arm(Timer::Renew, cx.params().renew);
        }
    }

    fn on_written(&mut self, request: OpId, token: u64, accepted: bool, cx: &mut Ctx<'_>) {
        if self.writing.as_ref().is_none_or(|writing| writing.op != request) {
            cx.because(rules::LATE_ANSWER);
            return;
        }
        cx.because(if accepted { rules::WRITE_DONE } else { rules::WRITE_REFUSED });
        self.writing = None;
        cx.disarm(Timer::Retry);
        if !accepted && self.believes(token) {
            self.stop_believing(cx);
        }
        cx.reply(request, if accepted { Ret::Ok } else { Ret::Rejected });
    }
}
