//! An acceptor: the memory of the system.

use faultline_model::NodeId;
use serde::Serialize;

use super::{Ctx, Durable, Msg, Vote, learners, rules};

/// The state of an acceptor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Acceptor {
    /// The highest ballot that it has promised or accepted; 0 is none. On disk.
    pub promised: u64,
    /// What it has accepted last. On disk.
    pub accepted: Option<Vote>,
    /// What it has told the learners that it accepted: that which has reached its disk.
    pub announced: Option<Vote>,
}

impl Acceptor {
    pub(super) fn boot(saved: Option<Durable>, cx: &mut Ctx<'_>) -> Acceptor {
        match saved {
            Some(Durable::Acceptor { promised, accepted }) => {
                cx.because(rules::RECOVER);
                Acceptor { promised, announced: accepted.clone(), accepted }
            }
            _ => {
                cx.because(rules::START);
                Acceptor::default()
            }
        }
    }

    pub(super) fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        match msg {
            Msg::Prepare { ballot } => self.on_prepare(from, ballot, cx),
            Msg::Accept(vote) => self.on_accept(from, vote, cx),
            _ => cx.because(rules::NOT_ADDRESSED),
        }
    }

    /// What it has to remember goes to stable storage before it answers (§2.5).
    fn save(&mut self, cx: &mut Ctx<'_>) {
        if cx.params().persist_acceptor {
            let (promised, accepted) = (self.promised, self.accepted.clone());
            cx.persist(Durable::Acceptor { promised, accepted });
        } else {
            self.announced.clone_from(&self.accepted);
        }
    }

    /// A ballot that is promised already is promised again: the first answer may be lost.
    fn on_prepare(&mut self, from: NodeId, ballot: u64, cx: &mut Ctx<'_>) {
        if ballot < self.promised {
            cx.because(rules::REFUSE_PROMISE);
            return self.reject(from, ballot, cx);
        }
        cx.because(rules::PROMISE);
        self.promised = ballot;
        self.save(cx);
        cx.send(from, Msg::Promise { ballot, accepted: self.accepted.clone() });
    }

    fn on_accept(&mut self, from: NodeId, vote: Vote, cx: &mut Ctx<'_>) {
        let promised_higher = vote.ballot < self.promised;
        if promised_higher && cx.params().keep_promise {
            cx.because(rules::KEEP_PROMISE);
            return self.reject(from, vote.ballot, cx);
        }
        cx.because(if promised_higher { rules::BREAK_PROMISE } else { rules::ACCEPT });
        self.promised = self.promised.max(vote.ballot);
        self.accepted = Some(vote.clone());
        self.save(cx);
        for learner in learners(cx.cast(), cx.params()) {
            cx.send(learner, Msg::Accepted(vote.clone()));
        }
    }

    fn reject(&self, from: NodeId, ballot: u64, cx: &mut Ctx<'_>) {
        if cx.params().reject {
            cx.send(from, Msg::Rejected { ballot, promised: self.promised });
        }
    }
}
