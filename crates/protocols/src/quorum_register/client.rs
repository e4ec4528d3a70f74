//! A client, which drives its operations itself.

use std::collections::VecDeque;
use std::rc::Rc;

use faultline_model::{Cx, Glance, Kind, NodeId, OpId, RuleId, SortedMap, SortedSet};
use serde::Serialize;

use super::{Disk, Msg, QuorumRegister, Timer, replicas, rules, standby};
use crate::register::client::{self, Progress};
use crate::register::{Call, Done, Op, Ret, Stamp, Version};

type Context<'c, 'a> = &'c mut Cx<'a, QuorumRegister>;

/// A client: one operation at a time, in order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Client {
    /// Whether it may write.
    pub writes: bool,
    /// The number of its last write.
    pub number: u64,
    /// Its operations; the first is under way.
    pub calls: VecDeque<Call>,
    /// How far the first has come.
    pub phase: Option<Phase>,
    /// The last operation that is over.
    pub last: Option<Done>,
    /// The last read that is over, for answers that are still to come.
    pub last_read: Option<LastRead>,
}

/// What the client waits for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Phase {
    /// R say what they hold.
    Query {
        /// Who has said, and how late it was.
        heard: SortedMap<NodeId, Stamp>,
        /// The latest of what was said.
        newest: Version,
    },
    /// W hold a version.
    Update {
        /// Who does.
        heard: SortedSet<NodeId>,
        /// Which.
        version: Version,
    },
}

/// A read that is over.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct LastRead {
    /// Its number.
    pub id: OpId,
    /// What it returned.
    pub version: Version,
}

impl Client {
    /// The first clients of the cast write; `number` is that of this one's last write.
    pub(super) fn boot(number: u64, cx: Context<'_, '_>) -> Client {
        let nth = cx.cast().of_kind(Kind::Client).take_while(|&id| id != cx.me()).count() as u64;
        let writes = nth < cx.params().writers;
        Client { writes, number, calls: VecDeque::new(), phase: None, last: None, last_read: None }
    }

    pub(super) fn on_request(&mut self, id: OpId, op: Op, cx: Context<'_, '_>) {
        if op != Op::Read && !self.writes {
            cx.because(rules::NOT_FOR_ME);
            cx.reply(id, Ret::Refused);
            return;
        }
        self.calls.push_back(Call { id, op });
        if self.calls.len() == 1 {
            self.begin(cx);
        } else {
            cx.because(rules::QUEUE);
        }
    }

    /// Begins the first operation in line.
    fn begin(&mut self, cx: Context<'_, '_>) {
        let Some(call) = self.calls.front() else {
            return;
        };
        match &call.op {
            Op::Write(value) if cx.params().writers == 1 => {
                cx.because(rules::NUMBER);
                let value = Rc::clone(value);
                self.write(value, 0, cx);
            }
            op => {
                cx.because(if *op == Op::Read { rules::READ } else { rules::ASK_FIRST });
                self.phase = Some(Phase::Query { heard: SortedMap::new(), newest: Version::default() });
                self.tell_the_silent(false, cx);
            }
        }
    }

    /// Writes with a number above its own last one and above `known`.
    fn write(&mut self, value: Rc<str>, known: u64, cx: Context<'_, '_>) {
        self.number = self.number.max(known) + 1;
        let stamp = Stamp { number: self.number, writer: cx.me() };
        // A number must not be used again after a crash, when what was written may be half written.
        let noted = Version { stamp, value: None };
        cx.persist(Disk { held: noted, hints: SortedMap::new() });
        let version = Version { stamp, value: Some(value) };
        self.phase = Some(Phase::Update { heard: SortedSet::new(), version });
        self.tell_the_silent(false, cx);
    }

    /// Sends what this phase says to all replicas that have not answered it, and, if asked to, to the
    /// standby in their stead.
    fn tell_the_silent(&self, sloppy: bool, cx: Context<'_, '_>) {
        let (Some(call), Some(phase)) = (self.calls.front(), &self.phase) else {
            return;
        };
        let op = call.id;
        let has_answered = |id: &NodeId| match phase {
            Phase::Query { heard, .. } => heard.contains_key(id),
            Phase::Update { heard, .. } => heard.contains(id),
        };
        let msg = |meant_for| match phase {
            Phase::Query { .. } => Msg::Query { op },
            Phase::Update { version, .. } => Msg::Update { op, version: version.clone(), meant_for },
        };
        let silent: Vec<NodeId> = replicas(cx.cast()).filter(|id| !has_answered(id)).collect();
        for &replica in &silent {
            cx.send(replica, msg(vec![]));
        }
        if let Some(standby) = standby(cx.cast()).filter(|id| sloppy && !has_answered(id)) {
            cx.send(standby, msg(silent));
        }
        if cx.params().retry_after.0 > 0 {
            cx.arm(Timer::Retry, cx.params().retry_after);
        }
    }

    /// R or W, as far as there are replicas.
    fn enough(asked: u64, cx: Context<'_, '_>) -> usize {
        replicas(cx.cast()).count().min(asked as usize)
    }

    fn is_under_way(&self, op: OpId) -> bool {
        self.calls.front().is_some_and(|call| call.id == op)
    }

    /// Whether answers to that operation's query still matter to it.
    pub(super) fn asks(&self, op: OpId) -> bool {
        let waits = self.is_under_way(op) && matches!(self.phase, Some(Phase::Query { .. }));
        waits || self.last_read.as_ref().is_some_and(|read| read.id == op)
    }

    /// Whether it waits for acknowledgements of that operation's update.
    pub(super) fn writes_to(&self, op: OpId) -> bool {
        self.is_under_way(op) && matches!(self.phase, Some(Phase::Update { .. }))
    }

    pub(super) fn on_answer(&mut self, from: NodeId, op: OpId, version: Version, cx: Context<'_, '_>) {
        let under_way = self.is_under_way(op);
        let Some(Phase::Query { heard, newest }) = self.phase.as_mut().filter(|_| under_way) else {
            self.on_late_answer(from, op, &version, cx);
            return;
        };
        heard.insert(from, version.stamp);
        if version.stamp > newest.stamp {
            *newest = version;
        }
        if heard.len() < Self::enough(cx.params().r, cx) {
            cx.because(rules::WAIT);
            return;
        }
        if let Some(Op::Write(value)) = self.calls.front().map(|call| &call.op) {
            cx.because(rules::HIGHER);
            let (value, known) = (Rc::clone(value), newest.stamp.number);
            self.write(value, known, cx);
            return;
        }
        let (heard, newest) = (std::mem::take(heard), newest.clone());
        if cx.params().read_repair {
            for (&replica, _) in heard.iter().filter(|&(_, &stamp)| stamp < newest.stamp) {
                repair(replica, &newest, cx);
            }
            self.last_read = Some(LastRead { id: op, version: newest.clone() });
        }
        self.done(Ret::Value(newest.value), rules::READ_DONE, cx);
    }

    /// An answer to a read that is over shows whether that replica is behind.
    fn on_late_answer(&mut self, from: NodeId, op: OpId, version: &Version, cx: Context<'_, '_>) {
        let read = self.last_read.as_ref().filter(|read| read.id == op);
        match read.filter(|read| version.stamp < read.version.stamp) {
            Some(read) => {
                cx.because(rules::READ_REPAIR);
                repair(from, &read.version, cx);
            }
            None => cx.because(rules::LATE),
        }
    }

    pub(super) fn on_ack(&mut self, from: NodeId, op: OpId, cx: Context<'_, '_>) {
        let under_way = self.is_under_way(op);
        let Some(Phase::Update { heard, .. }) = self.phase.as_mut().filter(|_| under_way) else {
            cx.because(rules::LATE);
            return;
        };
        heard.insert(from);
        if heard.len() < Self::enough(cx.params().w, cx) {
            cx.because(rules::WAIT);
            return;
        }
        self.done(Ret::Ok, rules::WRITTEN, cx);
    }

    /// Answers the first operation and begins the next; the event is named after the first.
    fn done(&mut self, ret: Ret, rule: RuleId, cx: Context<'_, '_>) {
        self.phase = None;
        cx.disarm(Timer::Retry);
        let Some(call) = self.calls.pop_front() else {
            return;
        };
        cx.reply(call.id, ret.clone());
        self.last = Some(Done { id: call.id, ret });
        self.begin(cx);
        cx.because(rule);
    }

    pub(super) fn on_retry(&mut self, cx: Context<'_, '_>) {
        let sloppy = !cx.params().strict;
        cx.because(match (&self.phase, sloppy) {
            (None, _) => rules::NOTHING_TO_RETRY,
            (Some(_), true) => rules::SLOPPY_QUORUM,
            (Some(_), false) => rules::STRICT_QUORUM,
        });
        self.tell_the_silent(sloppy, cx);
    }

    pub(super) fn glance(&self) -> Glance {
        let progress = self.phase.as_ref().map(|phase| match phase {
            Phase::Query { heard, newest } => Progress::Queried(heard.len(), newest),
            Phase::Update { heard, version } => Progress::Updated(heard.len(), version),
        });
        client::glance(self.writes, self.calls.front(), self.last.as_ref(), progress)
    }
}

fn repair(replica: NodeId, newest: &Version, cx: Context<'_, '_>) {
    // The standby's answer is what it keeps for others; they are told themselves.
    if Some(replica) != standby(cx.cast()) {
        cx.send(replica, Msg::Repair { version: newest.clone() });
    }
}
