//! The gateway: it puts a page together.

use faultline_model::{NodeId, OpId, Span};
use serde::Serialize;

use super::knobs::DEADLINE;
use super::{Ctx, DATABASE, Field, Msg, PHOTOS, Ret, Timer, USERS, rules};

/// A page under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Job {
    /// Which.
    pub page: OpId,
    /// Who waits for it.
    pub browser: NodeId,
    /// Which call is under way: 0 the user service's, then the photos.
    pub call: u64,
    /// The number from the user service.
    pub field: Option<Field>,
}

/// The state of the gateway. It keeps nothing on disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gateway {
    /// Where it takes the photo service to be.
    pub photos_at: NodeId,
    /// The pages that it is putting together.
    pub pages: Vec<Job>,
}

/// Asks the address book, and will ask again.
pub fn look_up(cx: &mut Ctx<'_>) {
    cx.because(rules::LOOK_UP);
    cx.send(DATABASE, Msg::Lookup);
    cx.arm(Timer::Lookup, cx.params().address_lifetime);
}

impl Gateway {
    pub(super) fn boot(cx: &mut Ctx<'_>) -> Gateway {
        if cx.params().address_lifetime > Span::ZERO {
            cx.arm(Timer::Lookup, cx.params().address_lifetime);
        }
        Gateway { photos_at: PHOTOS, pages: vec![] }
    }

    fn find(&mut self, page: OpId) -> Option<&mut Job> {
        self.pages.iter_mut().find(|job| job.page == page)
    }

    pub(super) fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        cx.work(cx.params().parsing);
        match msg {
            Msg::Get { page, .. } => {
                cx.because(rules::ASK_USERS);
                self.pages.push(Job { page, browser: from, call: 0, field: None });
                cx.send(USERS, Msg::Call { page, number: 0 });
                if cx.params().administrators > 1 {
                    cx.arm(Timer::Deadline(page), DEADLINE);
                }
            }
            Msg::Answer { page, number, field, .. } => self.on_answer(page, number, field, cx),
            Msg::Gone { page } => {
                cx.because(rules::FAIL);
                self.end(page, Err(Ret::Gone), 0, cx);
            }
            Msg::Address { address } => {
                cx.because(rules::LOOK_UP);
                self.photos_at = address;
            }
            _ => cx.because(rules::NOT_ADDRESSED),
        }
    }

    fn on_answer(&mut self, page: OpId, number: u64, field: Field, cx: &mut Ctx<'_>) {
        let (photos, batching) = (cx.params().photos, cx.params().batching);
        let at = self.photos_at;
        let Some(job) = self.find(page).filter(|job| job.call == number) else {
            return cx.because(rules::LATE);
        };
        let first = *job.field.get_or_insert(field);
        if number == photos {
            cx.because(rules::PAGE);
            let bytes = photos.saturating_mul(cx.params().photo_size);
            return self.end(page, Ok(first), u32::try_from(bytes).unwrap_or(u32::MAX), cx);
        }
        cx.because(if batching { rules::BATCH } else { rules::LOOP });
        job.call = if batching { photos } else { number + 1 };
        cx.send(at, Msg::Call { page, number: job.call });
    }

    /// The page is over, well or badly.
    fn end(&mut self, page: OpId, outcome: Result<Field, Ret>, bytes: u32, cx: &mut Ctx<'_>) {
        let Some(place) = self.pages.iter().position(|job| job.page == page) else {
            return cx.because(rules::LATE);
        };
        let job = self.pages.remove(place);
        cx.disarm(Timer::Deadline(page));
        cx.send(job.browser, Msg::Page { page, outcome, bytes });
    }

    pub(super) fn on_deadline(&mut self, page: OpId, cx: &mut Ctx<'_>) {
        cx.because(rules::TIME_OUT);
        self.end(page, Err(Ret::TimedOut), 0, cx);
    }
}
