//! A client of ABD: a reader or a writer.

use std::collections::VecDeque;
use std::rc::Rc;

use faultline_model::{Cx, Glance, Kind, NodeId, OpId, RuleId, SortedSet};
use serde::Serialize;

use super::{AbdRegister, Msg, Timer, rules};
use crate::register::client::{self, Progress};
use crate::register::{Call, Done, Op, Ret, Stamp, Version};

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
}

/// What the client waits for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Phase {
    /// A majority says what it holds.
    Query {
        /// Who has said.
        heard: SortedSet<NodeId>,
        /// The latest of what was said.
        newest: Version,
    },
    /// A majority holds a version.
    Update {
        /// Who does.
        heard: SortedSet<NodeId>,
        /// Which.
        version: Version,
    },
}

impl Client {
    /// The first clients of the cast write; `number` is that of this one's last write.
    pub(super) fn boot(number: u64, cx: &mut Cx<'_, AbdRegister>) -> Client {
        let nth = cx.cast().of_kind(Kind::Client).take_while(|&id| id != cx.me()).count() as u64;
        let writes = nth < cx.params().writers;
        Client { writes, number, calls: VecDeque::new(), phase: None, last: None }
    }

    pub(super) fn on_request(&mut self, id: OpId, op: Op, cx: &mut Cx<'_, AbdRegister>) {
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
    fn begin(&mut self, cx: &mut Cx<'_, AbdRegister>) {
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
                self.phase = Some(Phase::Query { heard: SortedSet::new(), newest: Version::default() });
                self.tell_the_silent(cx);
            }
        }
    }

    /// Writes with a number above its own last one and above `known`.
    fn write(&mut self, value: Rc<str>, known: u64, cx: &mut Cx<'_, AbdRegister>) {
        self.number = self.number.max(known) + 1;
        // Without ids all writers sign alike.
        let writer = if cx.params().writer_id { cx.me() } else { NodeId(0) };
        let version = Version { stamp: Stamp { number: self.number, writer }, value: Some(value) };
        // A number must not be used again after a crash, when what was written may be half written.
        cx.persist(Version { stamp: version.stamp, value: None });
        self.update(version, cx);
    }

    fn update(&mut self, version: Version, cx: &mut Cx<'_, AbdRegister>) {
        self.phase = Some(Phase::Update { heard: SortedSet::new(), version });
        self.tell_the_silent(cx);
    }

    /// Sends what this phase says to all replicas that have not answered it.
    fn tell_the_silent(&mut self, cx: &mut Cx<'_, AbdRegister>) {
        let (Some(call), Some(phase)) = (self.calls.front(), &self.phase) else {
            return;
        };
        let (heard, msg) = match phase {
            Phase::Query { heard, .. } => (heard, Msg::Query { op: call.id }),
            Phase::Update { heard, version } => {
                (heard, Msg::Update { op: call.id, version: version.clone() })
            }
        };
        for replica in cx.peers().filter(|replica| !heard.contains(replica)) {
            cx.send(replica, msg.clone());
        }
        if cx.params().retry_after.0 > 0 {
            cx.arm(Timer::Retry, cx.params().retry_after);
        }
    }

    fn is_under_way(&self, op: OpId) -> bool {
        self.calls.front().is_some_and(|call| call.id == op)
    }

    /// Whether it waits for answers to that operation's query.
    pub(super) fn asks(&self, op: OpId) -> bool {
        self.is_under_way(op) && matches!(self.phase, Some(Phase::Query { .. }))
    }

    /// Whether it waits for acknowledgements of that operation's update.
    pub(super) fn writes_to(&self, op: OpId) -> bool {
        self.is_under_way(op) && matches!(self.phase, Some(Phase::Update { .. }))
    }

    pub(super) fn on_answer(
        &mut self,
        from: NodeId,
        op: OpId,
        version: Version,
        cx: &mut Cx<'_, AbdRegister>,
    ) {
        let under_way = self.is_under_way(op);
        let Some(Phase::Query { heard, newest }) = self.phase.as_mut().filter(|_| under_way) else {
            cx.because(rules::LATE);
            return;
        };
        heard.insert(from);
        if version.stamp > newest.stamp {
            *newest = version;
        }
        if heard.len() < cx.majority() {
            cx.because(rules::WAIT);
            return;
        }
        let newest = newest.clone();
        match self.calls.front().map(|call| &call.op) {
            Some(Op::Write(value)) => {
                cx.because(rules::HIGHER);
                let value = Rc::clone(value);
                self.write(value, newest.stamp.number, cx);
            }
            _ if cx.params().write_back => {
                cx.because(rules::WRITE_BACK);
                self.update(newest, cx);
            }
            _ => {
                self.done(Ret::Value(newest.value), rules::RETURN_AT_ONCE, cx);
            }
        }
    }

    pub(super) fn on_ack(&mut self, from: NodeId, op: OpId, cx: &mut Cx<'_, AbdRegister>) {
        let under_way = self.is_under_way(op);
        let Some(Phase::Update { heard, version }) = self.phase.as_mut().filter(|_| under_way) else {
            cx.because(rules::LATE);
            return;
        };
        heard.insert(from);
        if heard.len() < cx.majority() {
            cx.because(rules::WAIT);
            return;
        }
        let read = Ret::Value(version.value.clone());
        let is_read = self.calls.front().is_some_and(|call| call.op == Op::Read);
        if is_read {
            self.done(read, rules::READ_DONE, cx);
        } else {
            self.done(Ret::Ok, rules::WRITTEN, cx);
        }
    }

    /// Answers the first operation and begins the next; the event is named after the first.
    fn done(&mut self, ret: Ret, rule: RuleId, cx: &mut Cx<'_, AbdRegister>) {
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

    pub(super) fn on_retry(&mut self, cx: &mut Cx<'_, AbdRegister>) {
        cx.because(if self.phase.is_some() { rules::RETRY } else { rules::NOTHING_TO_RETRY });
        self.tell_the_silent(cx);
    }

    pub(super) fn glance(&self) -> Glance {
        let progress = self.phase.as_ref().map(|phase| match phase {
            Phase::Query { heard, newest } => Progress::Queried(heard.len(), newest),
            Phase::Update { heard, version } => Progress::Updated(heard.len(), version),
        });
        client::glance(self.writes, self.calls.front(), self.last.as_ref(), progress)
    }
}
