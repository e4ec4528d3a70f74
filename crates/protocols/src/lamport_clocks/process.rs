//! A process: its logical clock, and its part in mutual exclusion.

use faultline_model::{NodeId, OpId, SortedMap, SortedSet, Span};
use serde::Serialize;

use super::knobs::Algorithm;
use super::message::{Msg, Op, Ret, Sent, Stamp, Timer};
use super::{Ctx, rules};
use crate::ordered_channels::{Arrival, Channels};

/// How many of its last events a process remembers.
const REMEMBERED: usize = 8;

/// An event of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Happened {
    /// Its timestamp.
    pub at: u64,
    /// For the receipt of a message: the sending.
    pub heard: Option<Stamp>,
}

/// A process wants the critical section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Want {
    /// The operation that asks.
    pub op: OpId,
    /// The timestamp of its request.
    pub at: u64,
    /// Whether it is in.
    pub inside: bool,
}

/// The state of a process. It keeps nothing on disk: the algorithms assume that processes do not fail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Process {
    /// Its logical clock, C.
    pub clock: u64,
    /// Its last events, oldest first.
    pub events: Vec<Happened>,
    /// The requests that it knows of and that are not released, its own included.
    pub queue: SortedSet<Stamp>,
    /// The latest timestamp that it has heard from each other process.
    pub latest: SortedMap<NodeId, u64>,
    /// What it wants, or has.
    pub want: Option<Want>,
    /// Who has permitted its request (Ricart and Agrawala).
    pub permits: SortedSet<NodeId>,
    /// Whom it has put off (Ricart and Agrawala).
    pub deferred: SortedSet<NodeId>,
    /// What it has numbered, and what it holds back.
    pub channels: Channels<Msg>,
}

impl Process {
    /// Whether it is in the critical section.
    pub fn is_inside(&self) -> bool {
        self.want.is_some_and(|want| want.inside)
    }

    /// A new input: of the events before it only the last few are remembered.
    fn begin(&mut self) {
        let forgotten = self.events.len().saturating_sub(REMEMBERED - 1);
        self.events.drain(..forgotten);
    }

    /// IR1 and IR2: the clock moves with every event, and beyond the timestamp of what was heard.
    fn tick(&mut self, heard: Option<Stamp>, cx: &Ctx<'_>) -> u64 {
        let knobs = cx.params();
        let size = match cx.cast().rank(cx.me()) {
            0 => knobs.tick_p,
            1 => knobs.tick_q,
            _ => knobs.tick_r,
        };
        self.clock += size;
        if let Some(Stamp { at, .. }) = heard.filter(|_| knobs.receive_rule) {
            self.clock = self.clock.max(at + 1);
        }
        self.events.push(Happened { at: self.clock, heard });
        self.clock
    }

    fn send(&mut self, to: NodeId, kind: fn(Sent) -> Msg, at: u64, cx: &mut Ctx<'_>) {
        let number = self.channels.number(to);
        cx.send(to, kind(Sent { at, number }));
    }

    /// One event: the same timestamp to everyone.
    fn send_to_all(&mut self, kind: fn(Sent) -> Msg, at: u64, cx: &mut Ctx<'_>) {
        for to in cx.peers() {
            self.send(to, kind, at, cx);
        }
    }

    pub(super) fn on_request(&mut self, id: OpId, op: Op, cx: &mut Ctx<'_>) {
        self.begin();
        let ret = match op {
            Op::Event => {
                cx.because(rules::TICK);
                Some(Ret::At(self.tick(None, cx)))
            }
            Op::Send(to) => Some(self.on_send(to.as_deref(), cx)),
            Op::Request if self.want.is_none() => {
                self.ask(id, cx);
                None
            }
            Op::Release if self.is_inside() => {
                self.leave(cx);
                Some(Ret::Left)
            }
            Op::Request | Op::Release => {
                cx.because(rules::REFUSE);
                Some(Ret::Refused)
            }
        };
        if let Some(ret) = ret {
            cx.reply(id, ret);
        }
    }

    fn on_send(&mut self, to: Option<&str>, cx: &mut Ctx<'_>) -> Ret {
        let me = cx.me();
        let next = || cx.peers().find(|&peer| peer > me).or_else(|| cx.peers().next());
        let to = match to {
            None => next(),
            Some(name) => cx.cast().find(name).filter(|&to| to != me),
        };
        let Some(to) = to else {
            cx.because(rules::REFUSE);
            return Ret::Refused;
        };
        cx.because(rules::SEND);
        let at = self.tick(None, cx);
        self.send(to, Msg::Message, at, cx);
        Ret::At(at)
    }

    /// Rule 1.
    fn ask(&mut self, op: OpId, cx: &mut Ctx<'_>) {
        cx.because(rules::REQUEST);
        let at = self.tick(None, cx);
        self.want = Some(Want { op, at, inside: false });
        self.permits.clear();
        if cx.params().algorithm == Algorithm::Lamport {
            self.queue.insert(Stamp { at, by: cx.me() });
        }
        self.send_to_all(Msg::Request, at, cx);
        // A process that is alone has nobody to wait for.
        if cx.peers().next().is_none() {
            self.enter_if_it_may(cx);
        }
    }

    /// Rule 3, or the replies that were put off.
    fn leave(&mut self, cx: &mut Ctx<'_>) {
        let Some(want) = self.want.take() else { return };
        cx.disarm(Timer::Leave);
        let at = self.tick(None, cx);
        match cx.params().algorithm {
            Algorithm::Lamport => {
                cx.because(rules::RELEASE);
                self.queue.remove(&Stamp { at: want.at, by: cx.me() });
                self.send_to_all(Msg::Release, at, cx);
            }
            Algorithm::RicartAgrawala => {
                cx.because(rules::PERMIT_DEFERRED);
                for to in std::mem::take(&mut self.deferred) {
                    self.send(to, Msg::Reply, at, cx);
                }
            }
        }
    }

    pub(super) fn on_leave(&mut self, cx: &mut Ctx<'_>) {
        self.begin();
        if self.is_inside() {
            self.leave(cx);
        } else {
            cx.because(rules::REFUSE);
        }
    }

    pub(super) fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        self.begin();
        if !cx.params().ordered_channels {
            return self.receive(from, msg, cx);
        }
        match self.channels.arrive(from, msg.sent().number, msg) {
            Arrival::Copy => cx.because(rules::COPY),
            Arrival::Early => cx.because(rules::HOLD_BACK),
            Arrival::Ready(all) => all.into_iter().for_each(|msg| self.receive(from, msg, cx)),
        }
    }

    fn receive(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        let heard = Stamp { at: msg.sent().at, by: from };
        cx.because(if cx.params().receive_rule { rules::RECEIVE } else { rules::RECEIVE_ANYHOW });
        self.tick(Some(heard), cx);
        let latest = self.latest.entry(from).or_default();
        *latest = heard.at.max(*latest);
        match (msg, cx.params().algorithm) {
            (Msg::Message(_), _) => return,
            (Msg::Request(_), Algorithm::Lamport) => {
                cx.because(rules::ACKNOWLEDGE);
                self.queue.insert(heard);
                let at = self.tick(None, cx);
                self.send(from, Msg::Ack, at, cx);
            }
            (Msg::Request(_), Algorithm::RicartAgrawala) => return self.permit_or_defer(heard, cx),
            (Msg::Release(_), Algorithm::Lamport) => {
                cx.because(rules::HEAR_RELEASE);
                // A process has one request at a time, so this is the one.
                self.queue.retain(|request| request.by != from);
            }
            (Msg::Reply(_), Algorithm::RicartAgrawala) => {
                self.permits.insert(from);
            }
            (Msg::Ack(_), Algorithm::Lamport) => {}
            // A run keeps to one algorithm.
            (Msg::Ack(_) | Msg::Release(_) | Msg::Reply(_), _) => return cx.because(rules::NO_EFFECT),
        }
        self.enter_if_it_may(cx);
    }

    fn permit_or_defer(&mut self, request: Stamp, cx: &mut Ctx<'_>) {
        let mine_is_earlier = self.want.is_some_and(|want| Stamp { at: want.at, by: cx.me() } < request);
        if mine_is_earlier {
            cx.because(rules::DEFER);
            self.deferred.insert(request.by);
            return;
        }
        cx.because(rules::PERMIT);
        let at = self.tick(None, cx);
        self.send(request.by, Msg::Reply, at, cx);
    }

    /// Rule 5, with Lamport's footnote: a process that comes later in the order of processes need only have
    /// said something with the same timestamp.
    fn enter_if_it_may(&mut self, cx: &mut Ctx<'_>) {
        let Some(want) = self.want.filter(|want| !want.inside) else { return };
        let own = Stamp { at: want.at, by: cx.me() };
        let later = |peer| self.latest.get(&peer).is_some_and(|&at| Stamp { at, by: peer } > own);
        let (may, rule) = match cx.params().algorithm {
            Algorithm::Lamport => (self.queue.first() == Some(&own) && cx.peers().all(later), rules::ENTER),
            Algorithm::RicartAgrawala => {
                (cx.peers().all(|peer| self.permits.contains(&peer)), rules::ENTER_PERMITTED)
            }
        };
        if !may {
            return;
        }
        cx.because(rule);
        self.want = Some(Want { inside: true, ..want });
        cx.reply(want.op, Ret::Entered(want.at));
        let hold = cx.params().hold;
        if hold > Span::ZERO {
            cx.arm(Timer::Leave, hold);
        }
    }
}
