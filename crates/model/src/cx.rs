//! The only way in which a rule can touch the world.

use crate::{Cast, Clock, Correction, Draw, Fact, Kind, NodeId, OpId, Protocol, Purpose, RuleId, Span, Time};

/// What leaves a node, in the order in which the handler said it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Effect<P: Protocol> {
    /// A message goes out.
    Send {
        /// To whom.
        to: NodeId,
        /// What.
        msg: P::Msg,
    },
    /// A client's operation is answered.
    Reply {
        /// Which.
        op: OpId,
        /// With what.
        ret: P::Ret,
    },
    /// The durable state goes to disk; what stands behind this leaves only when it is there.
    Persist(P::Durable),
    /// What stands behind this leaves only when every earlier write is on disk.
    Flush,
}

/// A change to a node's timers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimerChange<T> {
    /// Fires after that span of the node's own clock; replaces the same timer if it runs.
    Arm(T, Span),
    /// No longer fires.
    Disarm(T),
}

/// What one handler did; the simulator empties it after each event.
#[derive(Clone, Debug)]
pub struct Outbox<P: Protocol> {
    /// Messages, replies and writes, in order.
    pub effects: Vec<Effect<P>>,
    /// Changes to timers, in order.
    pub timers: Vec<TimerChange<P::Timer>>,
    /// The rule that was applied last.
    pub rule: Option<RuleId>,
    /// How long the node is busy with this input.
    pub work: Span,
    /// By how many microseconds it corrects its own clock, and how.
    pub correction: Option<(i64, Correction)>,
    /// Values measured: series name and value.
    pub measures: Vec<(&'static str, i64)>,
    /// What it said for those who judge whole runs.
    pub facts: Vec<Fact>,
}

impl<P: Protocol> Default for Outbox<P> {
    fn default() -> Self {
        let (measures, facts) = (vec![], vec![]);
        let (rule, work, correction) = (None, Span::ZERO, None);
        Outbox { effects: vec![], timers: vec![], rule, work, correction, measures, facts }
    }
}

/// What surrounds the node while a handler runs.
#[derive(Debug)]
pub struct Surroundings<'a> {
    /// The node itself.
    pub me: NodeId,
    /// True time; the node never sees it, only its clock's reading.
    pub true_now: Time,
    /// The node's clock.
    pub clock: &'a Clock,
    /// All nodes.
    pub cast: &'a Cast,
    /// The seed of the run.
    pub seed: u64,
    /// How many random values this node has drawn so far.
    pub picks: &'a mut u64,
}

/// The context of one handler call: everything a node may see and do.
#[derive(Debug)]
pub struct Cx<'a, P: Protocol> {
    around: Surroundings<'a>,
    params: &'a P::Params,
    out: &'a mut Outbox<P>,
}

impl<'a, P: Protocol> Cx<'a, P> {
    /// A context; called by whoever drives the protocol.
    #[inline]
    pub fn new(around: Surroundings<'a>, params: &'a P::Params, out: &'a mut Outbox<P>) -> Self {
        Cx { around, params, out }
    }

    /// This node.
    #[inline]
    pub fn me(&self) -> NodeId {
        self.around.me
    }

    /// The part that this node plays.
    #[inline]
    pub fn kind(&self) -> Kind {
        self.around.cast.kind(self.around.me)
    }

    /// The time on this node's own clock, right or wrong.
    #[inline]
    pub fn now(&self) -> Time {
        self.around.clock.local(self.around.true_now)
    }

    /// The knobs.
    #[inline]
    pub fn params(&self) -> &'a P::Params {
        self.params
    }

    /// All nodes of the run.
    pub fn cast(&self) -> &'a Cast {
        self.around.cast
    }

    /// How many servers there are, this node included if it is one.
    pub fn servers(&self) -> usize {
        self.around.cast.of_kind(Kind::Server).count()
    }

    /// More than half of the servers.
    pub fn majority(&self) -> usize {
        self.servers() / 2 + 1
    }

    /// All servers but this node, ascending.
    pub fn peers(&self) -> impl Iterator<Item = NodeId> + use<'a, P> {
        let me = self.around.me;
        self.around.cast.of_kind(Kind::Server).filter(move |&id| id != me)
    }

    /// Sends a message. To itself it arrives at once, as an event of its own.
    #[inline]
    pub fn send(&mut self, to: NodeId, msg: P::Msg) {
        self.out.effects.push(Effect::Send { to, msg });
    }

    /// Sends the same message to every other server.
    pub fn broadcast(&mut self, msg: &P::Msg) {
        for to in self.peers() {
            self.send(to, msg.clone());
        }
    }

    /// Starts a timer, or restarts it: it fires after `after` on this node's own clock.
    #[inline]
    pub fn arm(&mut self, timer: P::Timer, after: Span) {
        self.out.timers.push(TimerChange::Arm(timer, after));
    }

    /// Stops a timer; nothing happens when it does not run.
    #[inline]
    pub fn disarm(&mut self, timer: P::Timer) {
        self.out.timers.push(TimerChange::Disarm(timer));
    }

    /// Writes the durable state to disk. Messages and replies that come after this in the handler
    /// leave only when the write is on disk; a crash before that loses the write and them.
    #[inline]
    pub fn persist(&mut self, durable: P::Durable) {
        self.out.effects.push(Effect::Persist(durable));
    }

    /// Holds what comes after this in the handler until every earlier write is on disk: for an answer
    /// that rests on state which an earlier handler persisted.
    #[inline]
    pub fn flush(&mut self) {
        self.out.effects.push(Effect::Flush);
    }

    /// Answers a client's operation and closes it in the history. The node must be the one that the
    /// operation was handed to.
    pub fn reply(&mut self, op: OpId, ret: P::Ret) {
        self.out.effects.push(Effect::Reply { op, ret });
    }

    /// Names the rule that this handler applies; the last one named counts.
    #[inline]
    pub fn because(&mut self, rule: RuleId) {
        self.out.rule = Some(rule);
    }

    /// Adds a value to a series that the charts show.
    pub fn measure(&mut self, series: &'static str, value: i64) {
        self.out.measures.push((series, value));
    }

    /// Says, for those who judge whole runs, what has just come about here.
    #[inline]
    pub fn testify(&mut self, fact: Fact) {
        self.out.facts.push(fact);
    }

    /// Corrects this node's own clock by so many microseconds, as the daemon of a time service does. It takes
    /// effect when the handler ends; the last correction that it asks for counts.
    pub fn correct_clock(&mut self, by: i64, how: Correction) {
        self.out.correction = Some((by, how));
    }

    /// Keeps the node busy for that long; what arrives meanwhile waits in its inbox.
    pub fn work(&mut self, span: Span) {
        self.out.work = self.out.work + span;
    }

    /// A random whole number from `low` to `high`, both included.
    #[inline]
    pub fn pick(&mut self, purpose: Purpose, low: u64, high: u64) -> u64 {
        let ordinal = *self.around.picks;
        *self.around.picks += 1;
        Draw::new(self.around.seed, purpose, u64::from(self.around.me.0), ordinal).between(low, high)
    }
}
