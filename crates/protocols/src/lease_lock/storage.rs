//! The storage: the resource that the lock is to protect.

use faultline_model::{NodeId, OpId};
use serde::Serialize;

use super::{Ctx, Disk, Msg, rules};

/// A write that it has taken.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Write {
    /// Who wrote.
    pub client: NodeId,
    /// The client's operation.
    pub request: OpId,
    /// The token that came with it.
    pub token: u64,
    /// The value.
    pub value: String,
}

/// The state of the storage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Storage {
    /// What it holds. On disk.
    pub write: Option<Write>,
    /// The highest token that it has seen. On disk.
    pub highest: u64,
    /// What has reached its disk.
    pub on_disk: Option<Write>,
}

impl Storage {
    pub(super) fn boot(saved: Option<Disk>, cx: &mut Ctx<'_>) -> Storage {
        match saved {
            Some(Disk::Storage { write, highest }) => {
                cx.because(rules::RECOVER_STORAGE);
                Storage { on_disk: write.clone(), write, highest }
            }
            _ => Storage::default(),
        }
    }

    pub(super) fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        let Msg::Write { request, token, value } = msg else {
            cx.because(rules::NOT_ADDRESSED);
            return;
        };
        let answer = |accepted| Msg::Written { request, token, accepted };
        // One client has one write open at a time, so an earlier one of the same grant is a late copy.
        let copy = |write: &Write| write.token == token && request <= write.request;
        if self.write.as_ref().is_some_and(copy) {
            cx.because(rules::WRITTEN_ALREADY);
            cx.flush();
            return cx.send(from, answer(true));
        }
        let older = token < self.highest;
        if older && cx.params().fencing {
            cx.because(rules::FENCE);
            return cx.send(from, answer(false));
        }
        cx.because(if older { rules::UNFENCED } else { rules::ACCEPT_WRITE });
        self.highest = self.highest.max(token);
        self.write = Some(Write { client: from, request, token, value });
        cx.persist(Disk::Storage { write: self.write.clone(), highest: self.highest });
        cx.send(from, answer(true));
    }
}
