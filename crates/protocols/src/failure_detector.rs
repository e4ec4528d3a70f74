//! Failure detectors: is it dead, or only late?
//!
//! Peers send heartbeats to a monitor. The monitor judges each peer twice. The *fixed timeout* suspects who
//! has been silent for so long. The *φ accrual* detector (Hayashibara, Défago, Yared, Katayama, SRDS 2004)
//! keeps a window of the times between arrivals, takes them for a normal distribution, and says how
//! unlikely it is that the next heartbeat is merely late: φ = −log₁₀ P(later). A threshold on φ makes it a
//! suspicion. Neither can be right in an asynchronous system (Chandra, Toueg, JACM 1996): who is late is
//! suspected wrongly, who crashes is suspected late, and a knob only trades one for the other.

mod knobs;
mod look;
mod phi;
mod properties;
mod rules;

use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;

use faultline_model::{
    About, Caption, Cast, Cx, Fact, Glance, Kind, Member, NodeId, OpForm, OpId, Property, Protocol, RuleId,
    SortedMap, Span, Time,
};
use serde::Serialize;

pub use knobs::{Distribution, Knobs};
pub use phi::silence_at;
pub use rules::RULES;

/// The node that watches the others.
pub const MONITOR: NodeId = NodeId(0);

/// φ is followed at least up to here.
const FOLLOWED: u64 = 8;

/// What peers say.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// I am alive.
    Heartbeat {
        /// Its number.
        number: u64,
    },
}

/// What nodes wait for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// A peer's next heartbeat is due.
    Beat,
    /// That peer has been silent for the fixed timeout.
    Timeout(NodeId),
    /// That peer's φ reaches the next whole number.
    Phi(NodeId),
}

/// What the monitor can be told.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {
    /// Another fixed timeout.
    Timeout(Span),
    /// Another threshold of φ.
    Threshold(u64),
    /// Another length of the window.
    Window(u64),
}

/// The highest threshold that can be set, and the longest window.
const MOST: (u64, u64) = (16, 1_000);

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Timeout(span) => write!(f, "timeout {span}"),
            Op::Threshold(phi) => write!(f, "threshold {phi}"),
            Op::Window(count) => write!(f, "window {count}"),
        }
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        let (threshold, window) = MOST;
        let right = || {
            format!(
                "write `timeout 2s`, `threshold 8` (a whole number from 1 to {threshold}) or `window 100` (from 2 to \
                 {window})"
            )
        };
        let number = |text: &str, least, most| {
            text.parse().ok().filter(|n| (least..=most).contains(n)).ok_or_else(right)
        };
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            ["timeout", span] => match span.parse::<Span>() {
                Ok(span) if knobs::in_range(span) => Ok(Op::Timeout(span)),
                _ => Err(right()),
            },
            ["threshold", phi] => Ok(Op::Threshold(number(phi, 1, threshold)?)),
            ["window", count] => Ok(Op::Window(number(count, 2, window)?)),
            _ => Err(right()),
        }
    }
}

/// What comes back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ret {
    /// It is set.
    Ok,
    /// This node is not the monitor.
    Refused,
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Ret::Ok { "ok" } else { "refused" })
    }
}

/// What one of the two detectors thinks of a peer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Opinion {
    /// Whether it takes the peer for dead.
    pub suspects: bool,
    /// After how much silence it does.
    pub after: Span,
    /// How often it heard from a peer that it had taken for dead.
    pub mistakes: u64,
}

/// A peer, as the monitor sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Watched {
    /// When it was heard last, by the monitor's clock.
    pub last: Time,
    /// How many heartbeats have arrived.
    pub heartbeats: u64,
    /// The mean time between arrivals in the window.
    pub mean: Span,
    /// Their standard deviation.
    pub deviation: Span,
    /// The last whole number that φ has reached since.
    pub phi: u64,
    /// The fixed timeout.
    pub timeout: Opinion,
    /// φ against its threshold.
    pub accrual: Opinion,
    /// The times between arrivals, oldest first.
    #[serde(skip)]
    pub window: VecDeque<Span>,
}

/// The monitor.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Monitor {
    /// The fixed timeout.
    pub timeout: Span,
    /// The threshold of φ.
    pub threshold: u64,
    /// How many times between arrivals are kept of a peer.
    pub window: u64,
    /// The peers.
    pub peers: SortedMap<NodeId, Watched>,
}

/// One that is watched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Peer {
    /// How many heartbeats it has sent.
    pub sent: u64,
}

/// The monitor or a peer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum FailureDetector {
    /// Watches.
    Monitor(Monitor),
    /// Is watched.
    Peer(Peer),
}

impl Monitor {
    fn boot(cx: &mut Cx<'_, FailureDetector>) -> Monitor {
        let knobs = cx.params();
        let Knobs { timeout, threshold, window, interval, .. } = *knobs;
        let mut monitor = Monitor { timeout, threshold, window, peers: SortedMap::new() };
        for peer in cx.peers() {
            // Before anything has arrived, a fifth about the interval is assumed; Akka assumes a quarter.
            let fifth = Span(interval.0 / 5);
            let first = [interval - fifth, interval + fifth];
            let watched = Watched { window: first.into(), last: cx.now(), ..Watched::default() };
            monitor.peers.insert(peer, watched);
            // A crash just after a heartbeat is the latest to be found.
            cx.testify(Fact::Watches(peer, timeout + interval));
            monitor.listen(peer, cx);
        }
        monitor
    }

    fn on_heartbeat(&mut self, from: NodeId, cx: &mut Cx<'_, FailureDetector>) {
        let most = self.window as usize;
        let Some(watched) = self.peers.get_mut(&from) else {
            return;
        };
        watched.window.push_back(cx.now().since(watched.last));
        let over = watched.window.len().saturating_sub(most);
        watched.window.drain(..over);
        watched.last = cx.now();
        watched.heartbeats += 1;
        let wrong = watched.timeout.suspects || watched.accrual.suspects;
        if watched.timeout.suspects {
            cx.testify(Fact::Trusts(from));
        }
        for opinion in [&mut watched.timeout, &mut watched.accrual] {
            opinion.mistakes += u64::from(opinion.suspects);
            opinion.suspects = false;
        }
        cx.because(if wrong { rules::WAS_WRONG } else { rules::HEAR });
        self.listen(from, cx);
    }

    /// From now on silence counts.
    fn listen(&mut self, peer: NodeId, cx: &mut Cx<'_, FailureDetector>) {
        let Some(watched) = self.peers.get_mut(&peer) else {
            return;
        };
        let (mean, deviation) = phi::mean_and_deviation(watched.window.iter().copied());
        watched.mean = mean;
        watched.deviation = deviation.max(cx.params().min_deviation);
        watched.phi = 0;
        self.judge(peer, cx);
    }

    /// Sets the timers of both detectors by what is known of the peer.
    fn judge(&mut self, peer: NodeId, cx: &mut Cx<'_, FailureDetector>) {
        let (timeout, threshold) = (self.timeout, self.threshold);
        let Some(watched) = self.peers.get_mut(&peer) else {
            return;
        };
        let at = |level| silence_at(level, watched.mean, watched.deviation, cx.params().distribution);
        let silent = cx.now().since(watched.last);
        let next = at(watched.phi + 1);
        watched.accrual.after = at(threshold);
        watched.timeout.after = timeout;
        if !watched.timeout.suspects {
            cx.arm(Timer::Timeout(peer), timeout - silent);
        }
        if watched.phi < threshold.max(FOLLOWED) {
            cx.arm(Timer::Phi(peer), next - silent);
        }
    }

    fn on_timeout(&mut self, peer: NodeId, cx: &mut Cx<'_, FailureDetector>) {
        cx.because(rules::TIMEOUT);
        if let Some(watched) = self.peers.get_mut(&peer) {
            watched.timeout.suspects = true;
            cx.testify(Fact::Suspects(peer));
        }
    }

    fn on_phi(&mut self, peer: NodeId, cx: &mut Cx<'_, FailureDetector>) {
        let Some(watched) = self.peers.get_mut(&peer) else {
            return;
        };
        watched.phi += 1;
        let reached = watched.phi >= self.threshold && !watched.accrual.suspects;
        watched.accrual.suspects |= reached;
        cx.because(match watched.phi {
            _ if reached => rules::SUSPECT,
            1..=8 => RuleId(rules::PHI_1.0 + watched.phi as u8 - 1),
            _ => rules::PHI_MORE,
        });
        self.judge(peer, cx);
    }

    /// A setting changes; what is suspected stays so until the next heartbeat.
    fn set(&mut self, op: &Op, cx: &mut Cx<'_, FailureDetector>) {
        cx.because(rules::SET);
        match *op {
            Op::Timeout(span) => self.timeout = span,
            Op::Threshold(phi) => self.threshold = phi,
            Op::Window(count) => self.window = count,
        }
        let peers: Vec<NodeId> = self.peers.keys().copied().collect();
        for peer in peers {
            self.judge(peer, cx);
        }
    }
}

impl Protocol for FailureDetector {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Ret;
    type Durable = ();
    type Witness = ();
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "failure-detector",
        name: "Heartbeat failure detectors",
        claim: "Who is silent is suspected: by a fixed timeout, and by how unlikely such silence is.",
        source: "Hayashibara, Défago, Yared, Katayama: The φ Accrual Failure Detector. SRDS 2004. Chandra, Toueg: \
                 Unreliable Failure Detectors for Reliable Distributed Systems. JACM 43(2), 1996.",
        rules: RULES,
    };

    /// The monitor first, then a peer on the local network, a distant one, and an unreliable one.
    fn cast(_: &Knobs, nodes: usize) -> Cast {
        let name = |index| match index {
            0 => "M".to_owned(),
            1 => "LAN".to_owned(),
            2 => "WAN".to_owned(),
            3 => "Flaky".to_owned(),
            more => format!("P{more}"),
        };
        (0..nodes).map(|index| Member::new(name(index), Kind::Server)).collect()
    }

    fn default_nodes() -> usize {
        4
    }

    /// Peers reach the monitor and nobody else.
    fn linked(_: &Cast, from: NodeId, to: NodeId) -> bool {
        from != to && (from == MONITOR || to == MONITOR)
    }

    fn boot(_: Option<()>, cx: &mut Cx<'_, Self>) -> Self {
        if cx.me() == MONITOR {
            return FailureDetector::Monitor(Monitor::boot(cx));
        }
        cx.arm(Timer::Beat, cx.params().interval);
        FailureDetector::Peer(Peer::default())
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Cx<'_, Self>) {
        match (self, msg) {
            (FailureDetector::Monitor(monitor), Msg::Heartbeat { .. }) => monitor.on_heartbeat(from, cx),
            // Heartbeats go to the monitor only.
            (FailureDetector::Peer(_), msg) => debug_assert!(false, "a peer got {msg:?}"),
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Cx<'_, Self>) {
        match (self, timer) {
            (FailureDetector::Peer(peer), Timer::Beat) => {
                cx.because(rules::BEAT);
                peer.sent += 1;
                cx.send(MONITOR, Msg::Heartbeat { number: peer.sent });
                cx.arm(Timer::Beat, cx.params().interval);
            }
            (FailureDetector::Monitor(monitor), Timer::Timeout(peer)) => monitor.on_timeout(peer, cx),
            (FailureDetector::Monitor(monitor), Timer::Phi(peer)) => monitor.on_phi(peer, cx),
            (node, timer) => debug_assert!(false, "{timer:?} fired at {node:?}"),
        }
    }

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Cx<'_, Self>) {
        let FailureDetector::Monitor(monitor) = self else {
            cx.because(rules::NOT_THE_MONITOR);
            cx.reply(id, Ret::Refused);
            return;
        };
        monitor.set(&op, cx);
        cx.reply(id, Ret::Ok);
    }

    fn operations(_: Kind) -> Vec<OpForm> {
        vec![
            OpForm::fixed("Set the timeout", "timeout 10s"),
            OpForm::fixed("Set the threshold", "threshold 8"),
            OpForm::fixed("Set the window", "window 100"),
        ]
    }

    fn glance(&self, _: &Knobs, cast: &Cast) -> Glance {
        look::node(self, cast)
    }

    fn caption(msg: &Msg, _: &Cast) -> Caption {
        look::message(msg)
    }

    fn failed(ret: &Ret) -> bool {
        *ret == Ret::Refused
    }

    fn properties() -> Vec<Property<Self>> {
        properties::all()
    }
}
