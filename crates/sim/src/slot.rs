//! One node as the simulator keeps it: its state, and everything around it that is not the protocol's.

use std::collections::VecDeque;
use std::rc::Rc;

use faultline_model::{Clock, Effect, NodeId, OpId, Protocol, Span, Time};

use crate::network::{Carried, Flight};

/// Whether a node runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    Up,
    Paused,
    Down,
}

/// A running timer.
#[derive(Clone, Debug)]
pub(crate) struct Armed<T> {
    pub timer: T,
    pub armed_at: Time,
    pub due: Time,
    /// Which arming at this node it is.
    pub arming: u32,
    /// The number of the event that armed it.
    pub cause: u32,
}

/// A write that is not yet on disk, and what waits for it.
#[derive(Clone, Debug)]
pub(crate) struct Write<P: Protocol> {
    pub durable: P::Durable,
    pub then: Vec<Effect<P>>,
}

/// Something that arrived while the node was busy or paused.
#[derive(Clone, Debug)]
pub(crate) enum Input<P: Protocol> {
    Message(Flight, P::Msg),
    Timer(P::Timer, u32),
    Request(OpId, P::Op),
}

/// One node.
#[derive(Clone, Debug)]
pub(crate) struct Slot<P: Protocol> {
    /// The protocol's state; of a node that is down, as it was.
    pub state: P,
    pub health: Health,
    pub clock: Clock,
    pub timers: Vec<Armed<P::Timer>>,
    /// How many timers were armed here so far.
    pub armings: u32,
    /// What has reached the disk.
    pub disk: Option<Rc<P::Durable>>,
    /// Writes on their way, the first `batch` of them being written now.
    pub writing: VecDeque<Write<P>>,
    pub batch: usize,
    pub sync_due: Option<Time>,
    pub inbox: VecDeque<Input<P>>,
    pub busy_until: Time,
    pub take_due: Option<Time>,
    /// Per cent of the usual time that work takes.
    pub slow: u32,
    /// Random values drawn so far.
    pub picks: u64,
    /// What each outgoing link has carried, by receiver.
    pub carried: Vec<Carried>,
}

impl<P: Protocol> Slot<P> {
    pub fn new(state: P, disk: Option<P::Durable>) -> Slot<P> {
        Slot {
            state,
            health: Health::Up,
            clock: Clock::default(),
            timers: vec![],
            armings: 0,
            disk: disk.map(Rc::new),
            writing: VecDeque::new(),
            batch: 0,
            sync_due: None,
            inbox: VecDeque::new(),
            busy_until: Time::ZERO,
            take_due: None,
            slow: 100,
            picks: 0,
            carried: vec![],
        }
    }

    #[inline]
    pub fn is_up(&self) -> bool {
        self.health != Health::Down
    }

    /// Whether an input must wait in the inbox.
    #[inline]
    pub fn must_wait(&self, now: Time) -> bool {
        self.health == Health::Paused || self.busy_until > now || !self.inbox.is_empty()
    }

    #[inline]
    pub fn carried(&mut self, to: NodeId) -> &mut Carried {
        if self.carried.len() <= to.index() {
            self.carried.resize(to.index() + 1, Carried::default());
        }
        &mut self.carried[to.index()]
    }

    /// Memory, timers, inbox and unfinished writes are gone.
    pub fn crash(&mut self) {
        self.health = Health::Down;
        self.timers.clear();
        self.inbox.clear();
        self.writing.clear();
        self.batch = 0;
        self.sync_due = None;
        self.take_due = None;
        self.busy_until = Time::ZERO;
    }

    /// How long work takes here.
    pub fn slowed(&self, work: Span) -> Span {
        Span(work.0.saturating_mul(u64::from(self.slow)) / 100)
    }
}
