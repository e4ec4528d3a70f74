//! The coordinator: asks, counts, decides, and remembers what it must.

use faultline_model::{Fact, NodeId, OpId, SortedMap, SortedSet};
use serde::Serialize;

use super::{Council, Ctx, Log, Msg, Op, Outcome, Ret, Timer, Tx, rules};

/// How far a transaction has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Waits for votes.
    Voting,
    /// Decided: commit.
    Committed,
    /// Decided: abort.
    Aborted,
    /// Every vote is yes, and the other coordinators have not accepted that yet.
    Proposing,
}

/// A transaction as the coordinator knows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// How far it has come.
    pub phase: Phase,
    /// Who takes part.
    pub participants: SortedSet<NodeId>,
    /// Who has voted yes, while it is voted on.
    pub yes: SortedSet<NodeId>,
    /// Who has not acknowledged the commit.
    pub unacknowledged: SortedSet<NodeId>,
}

/// The state of the coordinator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Coordinator {
    /// All transactions that it knows of.
    pub transactions: SortedMap<Tx, Transaction>,
    /// What it has agreed on with others, where it is not the only coordinator.
    pub council: Council,
}

impl Coordinator {
    /// With what its log holds: it says Commit again, because it cannot know who has heard it.
    pub(super) fn boot(saved: Option<Log>, cx: &mut Ctx<'_>) -> Coordinator {
        let mut coordinator = Coordinator::default();
        let committed = match saved {
            None | Some(Log::Participant { .. }) => return coordinator,
            Some(Log::Coordinator { committed }) => committed,
            Some(log @ Log::Council { .. }) => {
                coordinator.council = Council::boot(Some(log), cx);
                let council = &coordinator.council;
                let known = |(tx, _): &(&Tx, _)| council.decided(**tx) == Some(Outcome::Committed);
                council.participants.iter().filter(known).map(|(&tx, parts)| (tx, parts.clone())).collect()
            }
        };
        cx.because(rules::RECOVER_COORDINATOR);
        for (tx, participants) in committed {
            coordinator.transactions.insert(tx, Transaction::committed(participants));
            coordinator.tell_to_commit(tx, cx);
        }
        coordinator
    }

    pub(super) fn on_request(&mut self, id: OpId, op: &Op, cx: &mut Ctx<'_>) {
        let Op::Transfer { amount, from, to } = op;
        // The amount and the number of participants are bounded where the operation is read.
        let paid = amount * to.len() as i64;
        let mut parts: SortedMap<NodeId, i64> = to.iter().map(|&each| (NodeId(each), *amount)).collect();
        parts.insert(NodeId(*from), -paid);
        if parts.keys().any(|node| node.index() + cx.params().coordinators as usize > cx.cast().len()) {
            cx.because(rules::NO_SUCH_PARTICIPANT);
            cx.reply(id, Ret::Refused);
            return;
        }
        cx.because(rules::ASK_FOR_VOTES);
        let tx = Tx::from(id);
        let participants: SortedSet<NodeId> = parts.keys().copied().collect();
        for (&node, &delta) in &parts {
            let others = participants.iter().copied().filter(|&other| other != node).collect();
            cx.send(node, Msg::Prepare { tx, delta, others });
        }
        let (yes, unacknowledged) = (SortedSet::new(), SortedSet::new());
        let transaction = Transaction { phase: Phase::Voting, participants, yes, unacknowledged };
        self.transactions.insert(tx, transaction);
        cx.arm(Timer::Votes(tx), cx.params().vote_timeout);
    }

    pub(super) fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        match msg {
            Msg::Yes { tx } => self.on_yes(from, tx, cx),
            Msg::No { tx } => self.on_no(from, tx, cx),
            Msg::Ack { tx } => self.on_ack(from, tx, cx),
            Msg::Inquire { tx } => self.on_inquiry(from, tx, cx),
            Msg::TakeOver { tx, .. } | Msg::Propose { tx, .. } => self.on_rival(from, tx, msg, cx),
            Msg::Promise { tx, .. } | Msg::Accepted { tx, .. } | Msg::Commit { tx } | Msg::Abort { tx }
                if cx.params().coordinators > 1 =>
            {
                if let Some(outcome) = self.council.on_message(from, msg, cx) {
                    self.conclude(tx, outcome, cx);
                }
            }
            _ => cx.because(rules::NOT_ADDRESSED),
        }
    }

    /// Another coordinator has begun a ballot.
    fn on_rival(&mut self, from: NodeId, tx: Tx, msg: Msg, cx: &mut Ctx<'_>) {
        match self.transactions.get(&tx).map(|transaction| transaction.phase) {
            Some(Phase::Committed | Phase::Aborted) => self.on_inquiry(from, tx, cx),
            Some(Phase::Voting) => {
                self.abort(tx, None, cx);
                cx.because(rules::GIVE_UP);
                cx.send(from, Msg::Abort { tx });
            }
            Some(Phase::Proposing) | None => {
                self.council.on_message(from, msg, cx);
            }
        }
    }

    /// The coordinators have decided.
    fn conclude(&mut self, tx: Tx, outcome: Outcome, cx: &mut Ctx<'_>) {
        let known = self.transactions.get(&tx).map(|transaction| transaction.phase);
        let Some(participants) = self.council.participants.get(&tx).cloned() else {
            return;
        };
        if outcome == Outcome::Committed {
            self.transactions.insert(tx, Transaction::committed(participants));
            self.tell_to_commit(tx, cx);
        } else if let Some(transaction) = self.transactions.get_mut(&tx) {
            transaction.phase = Phase::Aborted;
            participants.iter().for_each(|&node| cx.send(node, Msg::Abort { tx }));
        }
        if known == Some(Phase::Proposing) {
            let committed = outcome == Outcome::Committed;
            cx.reply(OpId(tx.0), if committed { Ret::Committed } else { Ret::Aborted });
        }
    }

    pub(super) fn on_take_over(&mut self, tx: Tx, cx: &mut Ctx<'_>) {
        self.council.take_over(tx, cx);
    }

    fn on_yes(&mut self, from: NodeId, tx: Tx, cx: &mut Ctx<'_>) {
        match self.transactions.get_mut(&tx) {
            Some(transaction) if transaction.phase == Phase::Voting => {
                transaction.yes.insert(from);
                if transaction.yes == transaction.participants {
                    self.commit(tx, cx);
                } else {
                    cx.because(rules::COUNT_VOTE);
                }
            }
            Some(transaction) if transaction.phase != Phase::Aborted => cx.because(rules::LATE_VOTE),
            // It may have forgotten that it has proposed to commit.
            None if cx.params().coordinators > 1 => self.council.on_inquiry(from, tx, cx),
            known => {
                cx.because(if known.is_some() { rules::LATE_VOTE } else { rules::PRESUME_ABORT });
                cx.send(from, Msg::Abort { tx });
            }
        }
    }

    /// All have voted yes: it decides to commit. The decision is in its log before anybody hears of it
    /// (Bernstein et al. ch. 7).
    fn commit(&mut self, tx: Tx, cx: &mut Ctx<'_>) {
        let Some(transaction) = self.transactions.get_mut(&tx) else {
            return;
        };
        if cx.params().coordinators > 1 {
            transaction.phase = Phase::Proposing;
            cx.disarm(Timer::Votes(tx));
            return self.council.propose_commit(tx, transaction.participants.clone(), cx);
        }
        cx.because(rules::DECIDE_COMMIT);
        cx.testify(Fact::Commits(OpId(tx.0)));
        *transaction = Transaction::committed(std::mem::take(&mut transaction.participants));
        cx.disarm(Timer::Votes(tx));
        if cx.params().log_decision {
            cx.persist(self.log());
        }
        self.tell_to_commit(tx, cx);
        cx.reply(OpId(tx.0), Ret::Committed);
    }

    fn log(&self) -> Log {
        let committed = self.transactions.iter().filter(|(_, one)| one.phase == Phase::Committed);
        Log::Coordinator { committed: committed.map(|(&tx, one)| (tx, one.participants.clone())).collect() }
    }

    fn tell_to_commit(&self, tx: Tx, cx: &mut Ctx<'_>) {
        if let Some(transaction) = self.transactions.get(&tx) {
            for &node in &transaction.unacknowledged {
                cx.send(node, Msg::Commit { tx });
            }
            cx.arm(Timer::Resend(tx), cx.params().resend);
        }
    }

    fn on_no(&mut self, from: NodeId, tx: Tx, cx: &mut Ctx<'_>) {
        match self.transactions.get(&tx) {
            Some(transaction) if transaction.phase == Phase::Voting => {
                self.abort(tx, Some(from), cx);
                cx.because(rules::DECIDE_ABORT);
            }
            _ => cx.because(rules::ENDED_ALREADY),
        }
    }

    pub(super) fn on_no_votes(&mut self, tx: Tx, cx: &mut Ctx<'_>) {
        // A timer that ran out while the node stood still comes after what has arrived before it.
        if self.transactions.get(&tx).is_none_or(|one| one.phase != Phase::Voting) {
            cx.because(rules::TIMER_OVERTAKEN);
            return;
        }
        self.abort(tx, None, cx);
        cx.because(rules::VOTES_MISSING);
    }

    /// Nothing is logged and nothing acknowledged: whoever does not hear it will ask, and be told.
    fn abort(&mut self, tx: Tx, knows: Option<NodeId>, cx: &mut Ctx<'_>) {
        let Some(transaction) = self.transactions.get_mut(&tx) else {
            return;
        };
        transaction.phase = Phase::Aborted;
        transaction.yes.clear();
        for &node in transaction.participants.iter().filter(|&&node| Some(node) != knows) {
            cx.send(node, Msg::Abort { tx });
        }
        cx.disarm(Timer::Votes(tx));
        cx.reply(OpId(tx.0), Ret::Aborted);
    }

    fn on_ack(&mut self, from: NodeId, tx: Tx, cx: &mut Ctx<'_>) {
        cx.because(rules::COUNT_ACK);
        if let Some(transaction) = self.transactions.get_mut(&tx) {
            transaction.unacknowledged.remove(&from);
            if transaction.unacknowledged.is_empty() {
                cx.disarm(Timer::Resend(tx));
            }
        }
    }

    pub(super) fn resend(&mut self, tx: Tx, cx: &mut Ctx<'_>) {
        if self.transactions.get(&tx).is_none_or(|one| one.unacknowledged.is_empty()) {
            cx.because(rules::TIMER_OVERTAKEN);
            return;
        }
        cx.because(rules::RESEND);
        self.tell_to_commit(tx, cx);
    }

    fn on_inquiry(&mut self, from: NodeId, tx: Tx, cx: &mut Ctx<'_>) {
        match self.transactions.get(&tx).map(|transaction| transaction.phase) {
            Some(Phase::Voting | Phase::Proposing) => cx.because(rules::UNDECIDED),
            Some(Phase::Committed) => {
                cx.because(rules::TELL);
                // The decision may still be on its way to the disk.
                cx.flush();
                cx.send(from, Msg::Commit { tx });
            }
            Some(Phase::Aborted) => {
                cx.because(rules::TELL);
                cx.send(from, Msg::Abort { tx });
            }
            None if cx.params().coordinators > 1 => self.council.on_inquiry(from, tx, cx),
            None => {
                cx.because(rules::PRESUME_ABORT);
                cx.send(from, Msg::Abort { tx });
            }
        }
    }
}

impl Transaction {
    fn committed(participants: SortedSet<NodeId>) -> Transaction {
        let unacknowledged = participants.clone();
        Transaction { phase: Phase::Committed, participants, yes: SortedSet::new(), unacknowledged }
    }
}
