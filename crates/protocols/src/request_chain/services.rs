//! The two services and their database.

use faultline_model::{NodeId, OpId, Span};
use serde::Serialize;

use super::knobs::GATHER;
use super::{Ctx, DATABASE, Field, GATEWAY, LIKES, Msg, NEW_PHOTOS, Order, PHOTOS, Ret, Timer, USERS, rules};

/// The state of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// Whether it has moved away from this address.
    pub moved: bool,
    /// Whether it writes the least significant byte of a number first.
    pub least_first: bool,
}

impl Service {
    pub(super) fn boot(cx: &mut Ctx<'_>) -> Service {
        if cx.me() == PHOTOS && cx.params().move_after > Span::ZERO {
            cx.arm(Timer::Move, cx.params().move_after);
        }
        let least_first = cx.me() == USERS && cx.params().byte_order == Order::Mixed;
        Service { moved: false, least_first }
    }

    pub(super) fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        cx.work(cx.params().parsing);
        match msg {
            Msg::Call { page, .. } if self.moved => {
                cx.because(rules::NOT_HERE);
                cx.send(from, Msg::Gone { page });
            }
            // The first call of a page looks into the database; the photos themselves are here.
            Msg::Call { page, number } if number <= 1 || cx.params().batching => {
                cx.because(rules::ASK_DATABASE);
                cx.send(DATABASE, Msg::Find { page, number });
            }
            Msg::Call { page, number } | Msg::Found { page, number } => self.answer(page, number, cx),
            _ => cx.because(rules::NOT_ADDRESSED),
        }
    }

    fn answer(&self, page: OpId, number: u64, cx: &mut Ctx<'_>) {
        cx.because(if number == 0 { rules::ANSWER } else { rules::SEND_ORIGINAL });
        let photos = match number {
            0 => 0,
            _ if cx.params().batching => number,
            _ => 1,
        };
        let bytes = u32::try_from(photos.saturating_mul(cx.params().photo_size)).unwrap_or(u32::MAX);
        let field = Field::encode(LIKES, self.least_first);
        cx.send(GATEWAY, Msg::Answer { page, number, field, bytes });
    }

    pub(super) fn upgrade(&mut self, cx: &mut Ctx<'_>) -> Ret {
        cx.because(rules::UPGRADE);
        self.least_first = true;
        Ret::Done
    }

    pub(super) fn move_away(&mut self, cx: &mut Ctx<'_>) {
        cx.because(rules::MOVE);
        self.moved = true;
        cx.send(DATABASE, Msg::Register { address: NEW_PHOTOS });
    }
}

/// A read that the database has not answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Query {
    /// Who asks.
    pub from: NodeId,
    /// For which page.
    pub page: OpId,
    /// For which call.
    pub number: u64,
}

/// The state of the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Database {
    /// The address book: where the photo service is.
    pub photos_at: NodeId,
    /// The reads that it gathers.
    pub gathered: Vec<Query>,
}

impl Default for Database {
    fn default() -> Database {
        Database { photos_at: PHOTOS, gathered: vec![] }
    }
}

impl Database {
    pub(super) fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        cx.work(cx.params().parsing);
        match msg {
            Msg::Find { page, number } if cx.params().administrators > 1 => {
                cx.because(rules::GATHER);
                if self.gathered.is_empty() {
                    cx.arm(Timer::Together, GATHER);
                }
                self.gathered.push(Query { from, page, number });
            }
            Msg::Find { page, number } => {
                cx.because(rules::FIND);
                cx.send(from, Msg::Found { page, number });
            }
            Msg::Register { address } => {
                cx.because(rules::REGISTER);
                self.photos_at = address;
            }
            Msg::Lookup => {
                cx.because(rules::GIVE_ADDRESS);
                cx.send(from, Msg::Address { address: self.photos_at });
            }
            _ => cx.because(rules::NOT_ADDRESSED),
        }
    }

    pub(super) fn on_together(&mut self, cx: &mut Ctx<'_>) {
        cx.because(rules::FIND);
        for Query { from, page, number } in self.gathered.drain(..) {
            cx.send(from, Msg::Found { page, number });
        }
    }
}
