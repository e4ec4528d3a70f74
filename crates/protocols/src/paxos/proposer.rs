//! A proposer: begins ballots, and proposes what it must.

use faultline_model::{Kind, NodeId, OpId, Purpose, SortedMap, Span};
use serde::Serialize;

use super::{Ctx, Durable, Msg, Op, Ret, Timer, Value, Vote, rules};

const RETRY: Purpose = Purpose::new("paxos retry");

/// How far a proposer has come in its ballot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// In no ballot.
    #[default]
    Idle,
    /// Phase 1: waits for promises.
    Preparing,
    /// Phase 2: has proposed a value.
    Proposing,
}

/// The state of a proposer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Proposer {
    /// Its number, from 1. Its ballots are those that leave this remainder, so that no other has them.
    pub number: u64,
    /// The value that it would like to have chosen.
    pub wish: Option<Value>,
    /// The operations that wait for an answer.
    pub waiting: Vec<OpId>,
    /// Its ballot; 0 is none. On disk before it is said.
    pub ballot: u64,
    /// The highest ballot that it has heard of.
    pub heard: u64,
    /// How far it has come in its ballot.
    pub phase: Phase,
    /// Who has promised, and what each has accepted last.
    pub promises: SortedMap<NodeId, Option<Vote>>,
    /// What it has proposed in its ballot.
    pub proposal: Option<Value>,
    /// What it knows to be chosen.
    pub chosen: Option<Value>,
}

impl Proposer {
    pub(super) fn boot(number: u64, saved: Option<Durable>, cx: &mut Ctx<'_>) -> Proposer {
        let mut proposer = Proposer { number, ..Proposer::default() };
        if let Some(Durable::Proposer { ballot }) = saved {
            cx.because(rules::RECOVER_PROPOSER);
            proposer.ballot = ballot;
            proposer.heard = ballot;
        }
        proposer
    }

    pub(super) fn on_request(&mut self, id: OpId, Op::Propose(value): Op, cx: &mut Ctx<'_>) {
        if let Some(chosen) = &self.chosen {
            cx.because(rules::KNOWN_ALREADY);
            cx.reply(id, Ret::Chosen(chosen.clone()));
            return;
        }
        self.waiting.push(id);
        if self.wish.is_some() {
            cx.because(rules::WAIT_TURN);
            return;
        }
        self.wish = Some(value);
        cx.because(rules::PREPARE);
        self.prepare(cx);
    }

    /// Its lowest ballot above all that it has heard of. "The different proposers choose their numbers from
    /// disjoint sets of numbers" (§2.5).
    fn prepare(&mut self, cx: &mut Ctx<'_>) {
        let (every, highest) = (cx.params().proposers, self.heard.max(self.ballot));
        let mut ballot = highest / every * every + self.number;
        if ballot <= highest {
            ballot += every;
        }
        self.ballot = ballot;
        self.heard = ballot;
        self.phase = Phase::Preparing;
        self.promises.clear();
        self.proposal = None;
        cx.persist(Durable::Proposer { ballot });
        for acceptor in cx.cast().of_kind(Kind::Server) {
            cx.send(acceptor, Msg::Prepare { ballot });
        }
        let (low, high) = (cx.params().retry_min.0, cx.params().retry_max.0);
        let wait = cx.pick(RETRY, low, high.max(low));
        cx.arm(Timer::Retry, Span(wait));
    }

    pub(super) fn on_retry(&mut self, cx: &mut Ctx<'_>) {
        // A timer that ran out while the node stood still comes after what has arrived before it.
        if self.chosen.is_some() {
            cx.because(rules::KNOWN_ALREADY);
            return;
        }
        cx.because(rules::PREPARE_AGAIN);
        self.prepare(cx);
    }

    pub(super) fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        match msg {
            Msg::Promise { ballot, accepted } => self.on_promise(from, ballot, accepted, cx),
            Msg::Rejected { ballot, promised } => self.on_rejected(ballot, promised, cx),
            Msg::Chosen { value } => self.on_chosen(&value, cx),
            _ => cx.because(rules::NOT_ADDRESSED),
        }
    }

    fn on_promise(&mut self, from: NodeId, ballot: u64, accepted: Option<Vote>, cx: &mut Ctx<'_>) {
        if ballot != self.ballot || self.phase != Phase::Preparing {
            cx.because(rules::LATE_PROMISE);
            return;
        }
        self.promises.insert(from, accepted);
        if self.promises.len() < cx.majority() {
            cx.because(rules::COUNT_PROMISE);
            return;
        }
        let highest = self.promises.values().flatten().max();
        let value = match highest {
            Some(_) if !cx.params().adopt_highest => {
                cx.because(rules::IGNORE_ACCEPTED);
                self.wish.clone()
            }
            Some(vote) => {
                cx.because(rules::ADOPT_HIGHEST);
                Some(vote.value.clone())
            }
            None => {
                cx.because(rules::PROPOSE_OWN);
                self.wish.clone()
            }
        };
        // There is a wish, or no ballot would have been begun.
        let Some(value) = value else { return };
        self.phase = Phase::Proposing;
        self.proposal = Some(value.clone());
        for acceptor in cx.cast().of_kind(Kind::Server) {
            cx.send(acceptor, Msg::Accept(Vote { ballot, value: value.clone() }));
        }
    }

    /// The next ballot begins when the timer fires: two proposers that outbid each other at once would
    /// never get anything chosen (§2.4).
    fn on_rejected(&mut self, ballot: u64, promised: u64, cx: &mut Ctx<'_>) {
        self.heard = self.heard.max(promised);
        if ballot != self.ballot || self.phase == Phase::Idle {
            cx.because(rules::LATE_REFUSAL);
            return;
        }
        cx.because(rules::ABANDON);
        self.phase = Phase::Idle;
        self.promises.clear();
    }

    fn on_chosen(&mut self, value: &Value, cx: &mut Ctx<'_>) {
        cx.because(rules::HEAR_CHOSEN);
        cx.disarm(Timer::Retry);
        self.chosen = Some(value.clone());
        for op in std::mem::take(&mut self.waiting) {
            cx.reply(op, Ret::Chosen(value.clone()));
        }
    }
}
