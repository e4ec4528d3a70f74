//! A process: its money, and what it has recorded.

use faultline_model::{NodeId, OpId, Purpose, SortedMap, SortedSet, Span};
use serde::Serialize;

use super::message::{Msg, Op, Ret, Timer};
use super::{Ctx, rules};
use crate::ordered_channels::{Arrival, Channels};

/// How many snapshots a process remembers.
const REMEMBERED: usize = 3;
const PAYMENT: Purpose = Purpose::new("whom a process pays how much");

/// Payments in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Sum {
    /// How many.
    pub count: u32,
    /// How much together.
    pub amount: u64,
}

impl Sum {
    fn add(&mut self, amount: u64) {
        self.count += 1;
        self.amount = self.amount.saturating_add(amount);
    }
}

/// What is recorded of a process: its own state, and what it has said and heard.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Local {
    /// What it holds.
    pub money: u64,
    /// What it has paid to each other process.
    pub paid: SortedMap<NodeId, Sum>,
    /// What it has received from each other process.
    pub got: SortedMap<NodeId, Sum>,
}

/// The recorded state of a channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Channel {
    /// The payments on it.
    pub payments: Vec<u64>,
    /// Whether its marker has come.
    pub closed: bool,
}

/// A process's part of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Recording {
    /// Its own state.
    pub local: Local,
    /// The state of the channels to it.
    pub channels: SortedMap<NodeId, Channel>,
    /// The operation that began it here.
    pub op: Option<OpId>,
}

impl Recording {
    /// Whether the markers of all channels have come.
    pub fn is_complete(&self) -> bool {
        self.channels.values().all(|channel| channel.closed)
    }

    /// What was on its way to the process.
    pub fn coming(&self) -> u64 {
        self.channels.values().flat_map(|channel| &channel.payments).sum()
    }
}

/// The state of a process. It keeps nothing on disk: the algorithm assumes that processes do not fail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Process {
    /// What it holds, and what has come and gone.
    pub local: Local,
    /// What it has recorded, by the number of the snapshot.
    pub recordings: SortedMap<u64, Recording>,
    /// What it has numbered, and what it holds back.
    pub channels: Channels<Msg>,
}

impl Process {
    pub(super) fn boot(cx: &mut Ctx<'_>) -> Process {
        let money = cx.params().opening(cx.cast().rank(cx.me()));
        Self::rearm(cx);
        Process { local: Local { money, ..Local::default() }, ..Process::default() }
    }

    fn rearm(cx: &mut Ctx<'_>) {
        let every = cx.params().pay_every;
        if every > Span::ZERO {
            cx.arm(Timer::Pay, every);
        }
    }

    pub(super) fn on_request(&mut self, id: OpId, op: Op, cx: &mut Ctx<'_>) {
        let me = cx.me();
        let ret = match op {
            Op::Snapshot => return self.begin(id, cx),
            Op::Pay(to, amount) => {
                let next = || cx.peers().find(|&peer| peer > me).or_else(|| cx.peers().next());
                let to = match to {
                    None => next(),
                    Some(name) => cx.cast().find(&name).filter(|&to| to != me),
                };
                match to.filter(|_| amount <= self.local.money) {
                    Some(to) => {
                        self.pay(to, amount, cx);
                        Ret::Paid
                    }
                    None => {
                        cx.because(rules::REFUSE);
                        Ret::Refused
                    }
                }
            }
        };
        cx.reply(id, ret);
    }

    fn pay(&mut self, to: NodeId, amount: u64, cx: &mut Ctx<'_>) {
        cx.because(rules::PAY);
        self.local.money -= amount;
        self.local.paid.entry(to).or_default().add(amount);
        let number = self.channels.number(to);
        cx.send(to, Msg::Pay { number, amount });
    }

    pub(super) fn on_pay_time(&mut self, cx: &mut Ctx<'_>) {
        Self::rearm(cx);
        let peers: Vec<NodeId> = cx.peers().collect();
        if self.local.money == 0 || peers.is_empty() {
            return cx.because(rules::IDLE);
        }
        let to = peers[cx.pick(PAYMENT, 0, peers.len() as u64 - 1) as usize];
        let amount = cx.pick(PAYMENT, 1, self.local.money.div_ceil(4));
        self.pay(to, amount, cx);
    }

    /// The process begins a snapshot by itself.
    fn begin(&mut self, op: OpId, cx: &mut Ctx<'_>) {
        let last = self.recordings.last_key_value();
        if last.is_some_and(|(_, recording)| !recording.is_complete()) {
            cx.because(rules::REFUSE);
            return cx.reply(op, Ret::Refused);
        }
        let snapshot = last.map_or(1, |(number, _)| number + 1);
        cx.because(if cx.params().markers { rules::BEGIN } else { rules::SAVE_ALL });
        self.record(snapshot, Some(op), cx);
        if !cx.params().markers {
            cx.broadcast(&Msg::Save { snapshot });
        }
        self.answer_if_complete(snapshot, cx);
    }

    /// Records its own state and opens the record of every channel; with markers it sends them, and before
    /// anything else.
    fn record(&mut self, snapshot: u64, op: Option<OpId>, cx: &mut Ctx<'_>) {
        let mut channels = SortedMap::new();
        if cx.params().markers {
            channels.extend(cx.peers().map(|peer| (peer, Channel::default())));
            for to in cx.peers() {
                let number = self.channels.number(to);
                cx.send(to, Msg::Marker { number, snapshot });
            }
        }
        self.recordings.insert(snapshot, Recording { local: self.local.clone(), channels, op });
        while self.recordings.len() > REMEMBERED {
            self.recordings.pop_first();
        }
    }

    pub(super) fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        let number = match msg {
            Msg::Save { snapshot } => return self.on_save(snapshot, cx),
            Msg::Pay { number, .. } | Msg::Marker { number, .. } => number,
        };
        if !cx.params().ordered_channels {
            return self.take(from, msg, cx);
        }
        match self.channels.arrive(from, number, msg) {
            Arrival::Copy => cx.because(rules::COPY),
            Arrival::Early => cx.because(rules::HOLD_BACK),
            Arrival::Ready(all) => all.into_iter().for_each(|msg| self.take(from, msg, cx)),
        }
    }

    fn take(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        match msg {
            Msg::Pay { amount, .. } => {
                cx.because(rules::RECEIVE);
                self.local.money = self.local.money.saturating_add(amount);
                self.local.got.entry(from).or_default().add(amount);
                let open =
                    self.recordings.values_mut().filter_map(|recording| recording.channels.get_mut(&from));
                for channel in open.filter(|channel| !channel.closed) {
                    cx.because(rules::RECORD_PAYMENT);
                    channel.payments.push(amount);
                }
            }
            Msg::Marker { snapshot, .. } => self.on_marker(from, snapshot, cx),
            Msg::Save { .. } => {}
        }
    }

    /// The marker-receiving rule.
    fn on_marker(&mut self, from: NodeId, snapshot: u64, cx: &mut Ctx<'_>) {
        if self.recordings.first_key_value().is_some_and(|(&oldest, _)| snapshot < oldest) {
            return cx.because(rules::LATE_MARKER);
        }
        let is_first = !self.recordings.contains_key(&snapshot);
        if is_first {
            cx.because(rules::RECORD);
            self.record(snapshot, None, cx);
        }
        let Some(recording) = self.recordings.get_mut(&snapshot) else { return };
        if let Some(channel) = recording.channels.get_mut(&from) {
            channel.closed = true;
        }
        if !is_first {
            cx.because(if recording.is_complete() { rules::COMPLETE } else { rules::CLOSE_CHANNEL });
        }
        self.answer_if_complete(snapshot, cx);
    }

    /// Without markers: saves its own state, once.
    fn on_save(&mut self, snapshot: u64, cx: &mut Ctx<'_>) {
        if self.recordings.keys().any(|&known| known >= snapshot) {
            return cx.because(rules::COPY);
        }
        cx.because(rules::SAVE);
        self.record(snapshot, None, cx);
    }

    fn answer_if_complete(&mut self, snapshot: u64, cx: &mut Ctx<'_>) {
        let Some(recording) = self.recordings.get_mut(&snapshot).filter(|recording| recording.is_complete())
        else {
            return;
        };
        if let Some(op) = recording.op.take() {
            let ret = Ret::Recorded { money: recording.local.money, coming: recording.coming() };
            cx.reply(op, ret);
        }
    }

    /// The numbers of the snapshots of which this process has recorded everything.
    pub fn complete(&self) -> SortedSet<u64> {
        let complete = self.recordings.iter().filter(|(_, recording)| recording.is_complete());
        complete.map(|(&number, _)| number).collect()
    }
}
