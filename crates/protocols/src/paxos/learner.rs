//! A learner: finds out what is chosen.

use faultline_model::{NodeId, SortedMap};
use serde::Serialize;

use super::{Ctx, Msg, Value, Vote, proposers, rules};

/// The state of a learner. It needs no disk: what is chosen can always be learned again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Learner {
    /// The highest vote of each acceptor that it has heard of.
    pub accepted: SortedMap<NodeId, Vote>,
    /// The chosen value. Two of them only with a rule switched off.
    pub learned: Vec<Value>,
}

impl Learner {
    pub(super) fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        let Msg::Accepted(vote) = msg else {
            cx.because(rules::NOT_ADDRESSED);
            return;
        };
        let higher = self.accepted.get(&from).is_none_or(|known| known.ballot < vote.ballot);
        if higher {
            self.accepted.insert(from, vote.clone());
        }
        let votes = self.accepted.values().filter(|other| **other == vote).count();
        if votes < cx.majority() {
            cx.because(rules::COUNT_ACCEPTED);
            return;
        }
        cx.because(rules::LEARN);
        if !self.learned.contains(&vote.value) {
            self.learned.push(vote.value.clone());
        }
        // Also when it is known already: a proposer that asks again has not heard it.
        for proposer in proposers(cx.cast(), cx.params()) {
            cx.send(proposer, Msg::Chosen { value: vote.value.clone() });
        }
    }
}
