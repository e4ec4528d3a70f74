//! A participant: one account, its lock, and its log.

use std::hash::Hash;

use faultline_model::{Fact, NodeId, OpId, Renamed, Renaming, SortedMap, StableHasher, Time, Unordered};
use serde::Serialize;

use super::properties::{ABORTS, COMMITS};
use super::{COORDINATOR, Ctx, Log, Msg, Outcome, Timer, Tx, coordinators, rules};

/// What a participant has promised to do or to leave, as it will be told.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Part {
    /// By how much the balance changes on commit.
    pub delta: i64,
    /// The other participants.
    pub others: Vec<NodeId>,
}

impl Renamed for Part {
    fn hash_renamed(&self, names: &Renaming, state: &mut StableHasher) {
        self.delta.hash(state);
        Unordered(&self.others).hash_renamed(names, state);
    }
}

/// The state of a participant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    /// What the account holds. On disk.
    pub balance: i64,
    /// The transactions that it has voted yes on and knows no outcome of: it is in doubt about them, and
    /// the account is locked meanwhile. On disk.
    pub prepared: SortedMap<Tx, Part>,
    /// The transactions that have ended here. On disk.
    pub outcomes: SortedMap<Tx, Outcome>,
    /// Those outcomes that have reached the disk.
    pub logged: SortedMap<Tx, Outcome>,
    /// Since when the account is locked, by its clock.
    pub locked_since: Option<Time>,
}

impl Participant {
    pub(super) fn boot(saved: Option<Log>, cx: &mut Ctx<'_>) -> Participant {
        let Some(Log::Participant { balance, prepared, outcomes }) = saved else {
            // The knob's range keeps this far below the limit.
            let balance = cx.params().balance as i64;
            let (prepared, outcomes) = (SortedMap::new(), SortedMap::new());
            return Participant { balance, prepared, logged: SortedMap::new(), outcomes, locked_since: None };
        };
        cx.because(rules::RECOVER_PARTICIPANT);
        for &tx in prepared.keys() {
            cx.arm(Timer::Doubt(tx), cx.params().doubt_timeout);
        }
        let locked_since = (!prepared.is_empty()).then(|| cx.now());
        Participant { balance, prepared, logged: outcomes.clone(), outcomes, locked_since }
    }

    /// For how long the account has been locked, for the charts.
    fn measure_lock(&self, cx: &mut Ctx<'_>) {
        if let Some(since) = self.locked_since {
            cx.measure("lock held, ms", (cx.now().since(since).0 / 1_000) as i64);
        }
    }

    fn save(&self, cx: &mut Ctx<'_>) {
        let prepared = if cx.params().log_vote { self.prepared.clone() } else { SortedMap::new() };
        let (balance, outcomes) = (self.balance, self.outcomes.clone());
        cx.persist(Log::Participant { balance, prepared, outcomes });
    }

    pub(super) fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        match msg {
            Msg::Prepare { tx, delta, others } => self.on_prepare(tx, Part { delta, others }, cx),
            Msg::Commit { tx } => self.on_commit(tx, cx),
            Msg::Abort { tx } => self.on_abort(tx, cx),
            Msg::Inquire { tx } => self.on_inquiry(from, tx, cx),
            _ => cx.because(rules::NOT_ADDRESSED),
        }
    }

    fn on_prepare(&mut self, tx: Tx, part: Part, cx: &mut Ctx<'_>) {
        match self.outcomes.get(&tx) {
            Some(Outcome::Committed) => return cx.because(rules::ENDED_ALREADY),
            Some(Outcome::Aborted) => {
                cx.because(rules::ENDED_ALREADY);
                cx.flush();
                return cx.send(COORDINATOR, Msg::No { tx });
            }
            None => {}
        }
        if self.prepared.contains_key(&tx) {
            cx.because(rules::VOTED_ALREADY);
            cx.flush();
            cx.send(COORDINATOR, Msg::Yes { tx });
            return;
        }
        let refusal = if !self.prepared.is_empty() {
            Some(rules::LOCKED)
        } else if self.balance + part.delta < 0 {
            Some(rules::VOTE_NO)
        } else {
            None
        };
        cx.because(refusal.unwrap_or(rules::VOTE_YES));
        if refusal.is_some() {
            self.end(tx, Outcome::Aborted, cx);
            cx.send(COORDINATOR, Msg::No { tx });
            return;
        }
        cx.testify(Fact::Reads(OpId(tx.0), cx.cast().name(cx.me()).into(), self.version()));
        self.prepared.insert(tx, part);
        self.locked_since = Some(cx.now());
        self.save(cx);
        cx.send(COORDINATOR, Msg::Yes { tx });
        cx.arm(Timer::Doubt(tx), cx.params().doubt_timeout);
    }

    /// How often the account has been changed: the lock is held from the vote on, so what it is then is
    /// what the transaction reads.
    fn version(&self) -> u32 {
        self.outcomes.values().filter(|outcome| **outcome == Outcome::Committed).count() as u32
    }

    /// The end of a transaction here, on disk before anything else is said.
    fn end(&mut self, tx: Tx, outcome: Outcome, cx: &mut Ctx<'_>) {
        if let Some(part) = self.prepared.remove(&tx) {
            self.measure_lock(cx);
            self.locked_since = None;
            if outcome == Outcome::Committed {
                self.balance += part.delta;
                let version = self.version() + 1;
                cx.testify(Fact::Writes(OpId(tx.0), cx.cast().name(cx.me()).into(), version));
            }
        }
        let did = if outcome == Outcome::Committed { COMMITS } else { ABORTS };
        cx.testify(Fact::Did(did, tx.0.into()));
        self.outcomes.insert(tx, outcome);
        cx.disarm(Timer::Doubt(tx));
        self.save(cx);
    }

    fn on_commit(&mut self, tx: Tx, cx: &mut Ctx<'_>) {
        match self.outcomes.get(&tx) {
            Some(Outcome::Committed) => {
                cx.because(rules::ENDED_ALREADY);
                cx.flush();
            }
            Some(Outcome::Aborted) => cx.because(rules::TOO_LATE),
            None if self.prepared.contains_key(&tx) => {
                cx.because(rules::COMMIT);
                self.end(tx, Outcome::Committed, cx);
            }
            None => {
                cx.because(rules::PART_LOST);
                self.end(tx, Outcome::Aborted, cx);
            }
        }
        cx.send(COORDINATOR, Msg::Ack { tx });
    }

    fn on_abort(&mut self, tx: Tx, cx: &mut Ctx<'_>) {
        match self.outcomes.get(&tx) {
            Some(Outcome::Aborted) => cx.because(rules::ENDED_ALREADY),
            Some(Outcome::Committed) => cx.because(rules::TOO_LATE),
            // Also before its Prepare has come: it must not vote yes any more.
            None => {
                cx.because(rules::ABORT);
                self.end(tx, Outcome::Aborted, cx);
            }
        }
    }

    pub(super) fn on_doubt(&mut self, tx: Tx, cx: &mut Ctx<'_>) {
        let Some(part) = self.prepared.get(&tx) else {
            cx.because(rules::TIMER_OVERTAKEN);
            return;
        };
        if !cx.params().wait_for_decision {
            cx.because(rules::ABORT_BY_ITSELF);
            self.end(tx, Outcome::Aborted, cx);
            return;
        }
        cx.because(rules::ASK_COORDINATOR);
        self.measure_lock(cx);
        for coordinator in coordinators(cx.cast(), cx.params()) {
            cx.send(coordinator, Msg::Inquire { tx });
        }
        if cx.params().cooperative {
            cx.because(rules::ASK_EVERYONE);
            part.others.iter().for_each(|&other| cx.send(other, Msg::Inquire { tx }));
        }
        cx.arm(Timer::Doubt(tx), cx.params().doubt_timeout);
    }

    fn on_inquiry(&mut self, from: NodeId, tx: Tx, cx: &mut Ctx<'_>) {
        match self.outcomes.get(&tx) {
            Some(&outcome) => {
                cx.because(rules::TELL);
                cx.flush();
                let committed = outcome == Outcome::Committed;
                cx.send(from, if committed { Msg::Commit { tx } } else { Msg::Abort { tx } });
            }
            None if self.prepared.contains_key(&tx) => cx.because(rules::AS_MUCH_IN_DOUBT),
            None => {
                cx.because(rules::ABORT_FOR_ANOTHER);
                self.end(tx, Outcome::Aborted, cx);
                cx.send(from, Msg::Abort { tx });
            }
        }
    }
}
