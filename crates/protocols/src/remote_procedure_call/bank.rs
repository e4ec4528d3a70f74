//! The bank: it executes calls, and remembers which, as far as it is told to.

use faultline_model::{Fact, NodeId, OpId, RuleId, Span};
use serde::Serialize;

use super::{Ctx, Dedup, Msg, Op, Timer, rules};

/// A request that is to be executed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Job {
    /// Who asks.
    pub from: NodeId,
    /// The call's identifier.
    pub call: OpId,
    /// The procedure.
    pub what: Op,
}

/// A call that the bank remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Seen {
    /// Its identifier.
    pub call: OpId,
    /// What was answered.
    pub balance: u64,
}

/// One line of the account's statement. It is for whoever audits the run; the bank does not read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Entry {
    /// The call that it comes from.
    pub call: OpId,
    /// What was added.
    pub amount: u64,
}

/// What the bank keeps on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Account {
    /// The money.
    pub balance: u64,
    /// Where it came from.
    pub statement: Vec<Entry>,
    /// The calls that it remembers through a crash.
    pub seen: Vec<Seen>,
}

/// The state of the bank.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Bank {
    /// The money. On disk.
    pub balance: u64,
    /// Where it came from. On disk.
    pub statement: Vec<Entry>,
    /// The calls that it has executed, as far as it remembers.
    pub seen: Vec<Seen>,
    /// What each thread executes now.
    pub running: Vec<Option<Job>>,
    /// Requests for which no thread is free.
    pub waiting: Vec<Job>,
}

impl Bank {
    pub(super) fn boot(saved: Option<Account>, cx: &mut Ctx<'_>) -> Bank {
        if saved.is_some() {
            cx.because(rules::RECOVER);
        }
        let Account { balance, statement, seen } = saved.unwrap_or_default();
        let bank = Bank {
            balance,
            statement,
            seen,
            running: vec![None; cx.params().threads as usize],
            waiting: vec![],
        };
        bank.seen.iter().for_each(|seen| keep_for_a_while(seen.call, cx));
        bank
    }

    fn remembered(&self, call: OpId) -> Option<u64> {
        self.seen.iter().find(|seen| seen.call == call).map(|seen| seen.balance)
    }

    /// Answers a call that has been executed before; false when it does not remember one.
    fn answer_again(&self, job: &Job, cx: &mut Ctx<'_>) -> bool {
        let Some(balance) = self.remembered(job.call) else {
            return false;
        };
        cx.because(rules::ANSWER_AGAIN);
        // The effect may still be on its way to the disk.
        cx.flush();
        cx.send(job.from, Msg::Reply { call: job.call, balance });
        true
    }

    pub(super) fn on_request(&mut self, job: Job, cx: &mut Ctx<'_>) {
        if self.answer_again(&job, cx) {
            return;
        }
        match self.running.iter().position(Option::is_none) {
            Some(thread) => self.start(thread, job, cx),
            None => {
                cx.because(rules::QUEUE);
                self.waiting.push(job);
            }
        }
    }

    fn start(&mut self, thread: usize, job: Job, cx: &mut Ctx<'_>) {
        let execution = cx.params().execution;
        if execution == Span::ZERO {
            let rule = self.finish(&job, cx);
            return cx.because(rule);
        }
        cx.because(rules::BEGIN);
        self.running[thread] = Some(job);
        cx.arm(Timer::Executed(thread as u64), execution);
    }

    pub(super) fn on_executed(&mut self, thread: u64, cx: &mut Ctx<'_>) {
        let thread = thread as usize;
        let Some(job) = self.running.get_mut(thread).and_then(Option::take) else {
            return cx.because(rules::NOT_ADDRESSED);
        };
        let rule = self.finish(&job, cx);
        while !self.waiting.is_empty() && self.running[thread].is_none() {
            let next = self.waiting.remove(0);
            if !self.answer_again(&next, cx) {
                self.start(thread, next, cx);
            }
        }
        cx.because(rule);
    }

    /// The call takes effect and is answered; returns the rule by which.
    fn finish(&mut self, job: &Job, cx: &mut Ctx<'_>) -> RuleId {
        let &Job { from, call, ref what } = job;
        let dedup = cx.params().dedup;
        let mut rule = rules::READ;
        if let Op::Credit(amount) = *what {
            // One step with the effect: whoever is second finds what the first has written.
            if dedup == Dedup::Durable && self.answer_again(job, cx) {
                return rules::ANSWER_AGAIN;
            }
            rule = if dedup == Dedup::Off { rules::EXECUTE_ANY } else { rules::EXECUTE };
            self.balance += amount;
            self.statement.push(Entry { call, amount });
            cx.testify(Fact::TakesEffect(call));
            if dedup != Dedup::Off {
                self.seen.push(Seen { call, balance: self.balance });
                keep_for_a_while(call, cx);
            }
            self.save(cx);
        }
        // What is read may still be on its way to the disk.
        cx.flush();
        cx.send(from, Msg::Reply { call, balance: self.balance });
        rule
    }

    fn save(&self, cx: &mut Ctx<'_>) {
        let seen = if cx.params().dedup == Dedup::Durable { self.seen.clone() } else { vec![] };
        cx.persist(Account { balance: self.balance, statement: self.statement.clone(), seen });
    }

    pub(super) fn on_forget(&mut self, call: OpId, cx: &mut Ctx<'_>) {
        cx.because(rules::FORGET);
        self.seen.retain(|seen| seen.call != call);
        if cx.params().dedup == Dedup::Durable {
            self.save(cx);
        }
    }
}

/// Begins the lifetime of an identifier, if it has an end.
fn keep_for_a_while(call: OpId, cx: &mut Ctx<'_>) {
    if cx.params().id_lifetime > Span::ZERO {
        cx.arm(Timer::Forget(call), cx.params().id_lifetime);
    }
}
