//! The lock service: one holder at a time, as far as the service knows.

use faultline_model::{NodeId, OpId, Time};
use serde::Serialize;

use super::{Ctx, Disk, Msg, Timer, rules};

/// Who has the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Holder {
    /// The client.
    pub client: NodeId,
    /// Its operation.
    pub request: OpId,
}

/// To whom the lock is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Grant {
    /// To whom.
    pub to: Holder,
    /// The number of the grant.
    pub token: u64,
}

/// The state of the lock service.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// The last token that it gave. On disk.
    pub last_token: u64,
    /// To whom the lock is given. On disk.
    pub grant: Option<Grant>,
    /// How many leases have begun since it started: a timer that ran out while the service stood still
    /// must not end a lease that began meanwhile.
    pub leases: u64,
}

impl Service {
    pub(super) fn boot(saved: Option<Disk>, cx: &mut Ctx<'_>) -> Service {
        let (last_token, grant) = match saved {
            Some(Disk::Service { last_token, grant }) => {
                cx.because(rules::RECOVER_SERVICE);
                (last_token, grant)
            }
            _ => (cx.params().first_token - 1, None),
        };
        let mut service = Service { last_token, grant, leases: 0 };
        if grant.is_some() {
            service.begin_lease(cx);
        }
        service
    }

    pub(super) fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        match msg {
            Msg::Acquire { request, asked } => self.on_acquire(Holder { client: from, request }, asked, cx),
            Msg::Release { token } => self.on_release(token, cx),
            Msg::Renew { token, asked } if self.holds(token) => {
                cx.because(rules::RENEW);
                self.begin_lease(cx);
                cx.flush();
                cx.send(from, Msg::Renewed { token, asked });
            }
            Msg::Renew { token, .. } => {
                cx.because(rules::REFUSE_RENEWAL);
                cx.send(from, Msg::Lost { token });
            }
            _ => cx.because(rules::NOT_ADDRESSED),
        }
    }

    fn holds(&self, token: u64) -> bool {
        self.grant.is_some_and(|grant| grant.token == token)
    }

    fn on_acquire(&mut self, from: Holder, asked: Time, cx: &mut Ctx<'_>) {
        match self.grant {
            Some(grant) if grant.to == from => {
                cx.because(rules::GRANT_AGAIN);
                cx.flush();
            }
            Some(_) => {
                cx.because(rules::NOT_FREE);
                return;
            }
            None => {
                cx.because(rules::GRANT);
                self.last_token += 1;
                self.grant = Some(Grant { to: from, token: self.last_token });
                // The token is on disk before it is said, so that it is never given twice.
                self.save(cx);
            }
        }
        self.begin_lease(cx);
        cx.send(from.client, Msg::Granted { request: from.request, token: self.last_token, asked });
    }

    fn begin_lease(&mut self, cx: &mut Ctx<'_>) {
        cx.disarm(Timer::Expiry(self.leases));
        self.leases += 1;
        cx.arm(Timer::Expiry(self.leases), cx.params().lease);
    }

    fn save(&self, cx: &mut Ctx<'_>) {
        cx.persist(Disk::Service { last_token: self.last_token, grant: self.grant });
    }

    pub(super) fn on_expiry(&mut self, lease: u64, cx: &mut Ctx<'_>) {
        if lease != self.leases || self.grant.is_none() {
            cx.because(rules::TIMER_OVERTAKEN);
            return;
        }
        cx.because(rules::EXPIRE);
        self.grant = None;
        self.save(cx);
    }

    fn on_release(&mut self, token: u64, cx: &mut Ctx<'_>) {
        if !self.holds(token) {
            cx.because(rules::RELEASE_IGNORED);
            return;
        }
        cx.because(rules::RELEASED);
        cx.disarm(Timer::Expiry(self.leases));
        self.grant = None;
        self.save(cx);
    }
}
