//! Several coordinators: the decision is one decree of Paxos among them, so that it outlives any minority of
//! them (Gray and Lamport, *Consensus on Transaction Commit*, 2006; the decree is that of Lamport, *Paxos
//! Made Simple*, 2001, §2.2).
//!
//! Ballot 0 belongs to the first coordinator, which proposes to commit in it once every vote is yes. A
//! coordinator that is asked and does not know begins a higher ballot. If none of a majority has accepted
//! commit, commit was never decided and never will be: then it proposes to abort.

use faultline_model::{NodeId, SortedMap, SortedSet, Span};
use serde::Serialize;

use super::{Ctx, Log, Msg, Outcome, Timer, Tx, coordinators, rules};

/// An outcome accepted in a ballot; the higher ballot is the greater.
pub type Vote = (u64, Outcome);

/// What a coordinator must not forget about one decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Decree {
    /// It accepts nothing of a lower ballot.
    pub promised: u64,
    /// What it has accepted last.
    pub accepted: Option<Vote>,
    /// What it knows to be decided.
    pub decided: Option<Outcome>,
}

/// A ballot that this coordinator leads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ballot {
    /// Its number.
    pub number: u64,
    /// Who has promised, and what each has accepted last.
    pub promises: SortedMap<NodeId, Option<Vote>>,
    /// What it has proposed.
    pub proposal: Option<Outcome>,
    /// Who has accepted that.
    pub accepted_by: SortedSet<NodeId>,
}

/// The part of a coordinator that has others beside it; a standby is nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Council {
    /// Each decision as far as it has come. On disk.
    pub decrees: SortedMap<Tx, Decree>,
    /// Who takes part in the transactions that it has proposed to commit. On disk.
    pub participants: SortedMap<Tx, SortedSet<NodeId>>,
    /// The ballots that it leads.
    pub ballots: SortedMap<Tx, Ballot>,
    /// Who waits for an answer.
    pub asked: SortedMap<Tx, SortedSet<NodeId>>,
}

impl Council {
    pub(super) fn boot(saved: Option<Log>, cx: &mut Ctx<'_>) -> Council {
        let Some(Log::Council { decrees, participants }) = saved else {
            return Council::default();
        };
        cx.because(rules::RECOVER_COUNCIL);
        Council { decrees, participants, ..Council::default() }
    }

    fn save(&self, cx: &mut Ctx<'_>) {
        if cx.params().log_decision {
            let (decrees, participants) = (self.decrees.clone(), self.participants.clone());
            cx.persist(Log::Council { decrees, participants });
        }
    }

    fn tell_others(msg: &Msg, cx: &mut Ctx<'_>) {
        let me = cx.me();
        for other in coordinators(cx.cast(), cx.params()).filter(|&other| other != me) {
            cx.send(other, msg.clone());
        }
    }

    /// What is decided, if it knows.
    pub(super) fn decided(&self, tx: Tx) -> Option<Outcome> {
        self.decrees.get(&tx)?.decided
    }

    /// Every vote is yes: ballot 0 needs no promises, for there is none below it.
    pub(super) fn propose_commit(&mut self, tx: Tx, participants: SortedSet<NodeId>, cx: &mut Ctx<'_>) {
        cx.because(rules::PROPOSE_COMMIT);
        let (ballot, outcome) = (0, Outcome::Committed);
        self.decrees.entry(tx).or_default().accepted = Some((ballot, outcome));
        self.participants.insert(tx, participants);
        let accepted_by = SortedSet::from([cx.me()]);
        self.ballots.insert(tx, Ballot { proposal: Some(outcome), accepted_by, ..Ballot::default() });
        self.save(cx);
        Council::tell_others(&Msg::Propose { tx, ballot, outcome }, cx);
    }

    /// Takes a message; says what has been decided if that is news.
    pub(super) fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) -> Option<Outcome> {
        match msg {
            Msg::Inquire { tx } => self.on_inquiry(from, tx, cx),
            Msg::TakeOver { tx, ballot } => self.on_take_over(from, tx, ballot, cx),
            Msg::Promise { tx, ballot, accepted } => self.on_promise(from, tx, ballot, accepted, cx),
            Msg::Propose { tx, ballot, outcome } => self.on_propose(from, tx, ballot, outcome, cx),
            Msg::Accepted { tx, ballot } => return self.on_accepted(from, tx, ballot, cx),
            Msg::Commit { tx } => return self.on_decided(tx, Outcome::Committed, cx),
            Msg::Abort { tx } => return self.on_decided(tx, Outcome::Aborted, cx),
            Msg::Prepare { .. } | Msg::Yes { .. } | Msg::No { .. } | Msg::Ack { .. } => {
                cx.because(rules::NOT_ADDRESSED);
            }
        }
        None
    }

    fn tell(&self, to: NodeId, tx: Tx, outcome: Outcome, cx: &mut Ctx<'_>) {
        cx.because(rules::TELL);
        cx.flush();
        cx.send(to, Msg::outcome(tx, outcome));
    }

    /// The second coordinator tries at once, the others only if it does not get there.
    pub(super) fn on_inquiry(&mut self, from: NodeId, tx: Tx, cx: &mut Ctx<'_>) {
        if let Some(outcome) = self.decided(tx) {
            return self.tell(from, tx, outcome, cx);
        }
        cx.because(rules::FIND_OUT);
        self.asked.entry(tx).or_default().insert(from);
        let me = cx.me();
        let rank = coordinators(cx.cast(), cx.params()).position(|node| node == me).unwrap_or(0);
        let patience = rank.saturating_sub(1) + usize::from(self.ballots.contains_key(&tx));
        cx.arm(Timer::TakeOver(tx), Span(cx.params().resend.0 * patience as u64));
    }

    /// "Phase 1(a)" of Paxos: a ballot that nobody else has, above all that it has promised.
    pub(super) fn take_over(&mut self, tx: Tx, cx: &mut Ctx<'_>) {
        let (count, me) = (cx.params().coordinators, cx.me());
        let rank = coordinators(cx.cast(), cx.params()).position(|node| node == me).unwrap_or(0);
        let decree = self.decrees.entry(tx).or_default();
        if decree.decided.is_some() {
            cx.because(rules::TIMER_OVERTAKEN);
            return;
        }
        cx.because(rules::TAKE_OVER);
        let number = (decree.promised / count + 1) * count + rank as u64;
        decree.promised = number;
        let promises = SortedMap::from([(me, decree.accepted)]);
        self.ballots.insert(tx, Ballot { number, promises, ..Ballot::default() });
        self.save(cx);
        Council::tell_others(&Msg::TakeOver { tx, ballot: number }, cx);
    }

    fn on_take_over(&mut self, from: NodeId, tx: Tx, ballot: u64, cx: &mut Ctx<'_>) {
        if let Some(outcome) = self.decided(tx) {
            return self.tell(from, tx, outcome, cx);
        }
        let decree = self.decrees.entry(tx).or_default();
        if ballot < decree.promised {
            cx.because(rules::REFUSE_BALLOT);
            return;
        }
        cx.because(rules::PROMISE_BALLOT);
        decree.promised = ballot;
        let accepted = decree.accepted;
        self.save(cx);
        cx.send(from, Msg::Promise { tx, ballot, accepted });
    }

    fn on_promise(&mut self, from: NodeId, tx: Tx, ballot: u64, accepted: Option<Vote>, cx: &mut Ctx<'_>) {
        let own = self.ballots.get_mut(&tx).filter(|own| own.number == ballot && own.proposal.is_none());
        let (Some(own), Some(decree)) = (own, self.decrees.get_mut(&tx)) else {
            cx.because(rules::LATE_BALLOT);
            return;
        };
        own.promises.insert(from, accepted);
        if (own.promises.len() as u64) <= cx.params().coordinators / 2 {
            cx.because(rules::COUNT_BALLOT);
            return;
        }
        let highest = own.promises.values().flatten().max();
        cx.because(if highest.is_some() { rules::ADOPT_DECISION } else { rules::PROPOSE_ABORT });
        let outcome = highest.map_or(Outcome::Aborted, |(_, outcome)| *outcome);
        own.proposal = Some(outcome);
        if decree.promised == ballot {
            decree.accepted = Some((ballot, outcome));
            own.accepted_by.insert(cx.me());
            self.save(cx);
        }
        Council::tell_others(&Msg::Propose { tx, ballot, outcome }, cx);
    }

    fn on_propose(&mut self, from: NodeId, tx: Tx, ballot: u64, outcome: Outcome, cx: &mut Ctx<'_>) {
        let decree = self.decrees.entry(tx).or_default();
        if ballot < decree.promised {
            cx.because(rules::REFUSE_BALLOT);
            return;
        }
        cx.because(rules::ACCEPT_DECISION);
        decree.promised = ballot;
        decree.accepted = Some((ballot, outcome));
        self.save(cx);
        cx.send(from, Msg::Accepted { tx, ballot });
    }

    fn on_accepted(&mut self, from: NodeId, tx: Tx, ballot: u64, cx: &mut Ctx<'_>) -> Option<Outcome> {
        let Some(own) = self.ballots.get_mut(&tx).filter(|own| own.number == ballot) else {
            cx.because(rules::LATE_BALLOT);
            return None;
        };
        own.accepted_by.insert(from);
        if (own.accepted_by.len() as u64) <= cx.params().coordinators / 2 {
            cx.because(rules::COUNT_BALLOT);
            return None;
        }
        let outcome = own.proposal?;
        let news = self.on_decided(tx, outcome, cx);
        cx.because(rules::DECIDED);
        Council::tell_others(&Msg::outcome(tx, outcome), cx);
        news
    }

    /// On disk before anybody is told.
    fn on_decided(&mut self, tx: Tx, outcome: Outcome, cx: &mut Ctx<'_>) -> Option<Outcome> {
        cx.because(rules::HEAR_DECISION);
        let decree = self.decrees.entry(tx).or_default();
        if decree.decided.is_some() {
            return None;
        }
        decree.decided = Some(outcome);
        self.ballots.remove(&tx);
        cx.disarm(Timer::TakeOver(tx));
        self.save(cx);
        for node in self.asked.remove(&tx).unwrap_or_default() {
            cx.send(node, Msg::outcome(tx, outcome));
        }
        Some(outcome)
    }
}
