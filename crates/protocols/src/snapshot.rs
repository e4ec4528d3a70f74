//! Chandy and Lamport's snapshot: a photograph of a system that does not hold still.
//!
//! No process sees the whole state at one moment, and money that is on its way belongs to no process. If
//! everybody saves his state when he hears of it, money is counted twice or not at all. The algorithm sends a
//! marker along every channel behind what was sent before the recording: a process that sees a marker for the
//! first time records its state and sends markers of its own; what comes on a channel between its recording
//! and the channel's marker is the recorded state of that channel (K. M. Chandy, L. Lamport, "Distributed
//! Snapshots: Determining Global States of Distributed Systems", ACM TOCS 3(1), 1985, §3).
//!
//! The recorded state need not have occurred at any moment, but it could have. The algorithm assumes that
//! channels keep order and lose nothing, and that no process fails.

mod look;
mod message;
mod process;
mod properties;
pub mod rules;

use faultline_model::{
    About, Caption, Cast, Cx, Glance, Kind, KnobKind, NodeId, OpForm, OpId, Property, Protocol, SortedMap,
    SortedSet, Span, choice, params,
};
use serde::Serialize;

pub use message::{Msg, Op, Ret, Timer};
pub use process::{Channel, Local, Process, Recording};

type Ctx<'a> = Cx<'a, Snapshot>;

choice! {
    /// What the processes hold at the start.
    pub enum Start {
        /// The first has a single token, the others nothing (the paper's Example 2.1).
        Token = "token",
        /// Each is a bank with 100.
        Banks = "banks",
    }
}

params! {
    /// The knobs of the snapshot.
    pub struct Knobs {
        /// Markers tell what belongs to the snapshot; without them everybody saves his own state when told.
        "markers" markers: bool = true, KnobKind::Rule { rule: "markers" };
        /// A channel hands messages over in the order in which they were sent.
        "ordered-channels" ordered_channels: bool = true, KnobKind::Rule { rule: "ordered-channels" };
        /// What the processes hold at the start.
        "start" start: Start = Start::Token, KnobKind::Choice { options: Start::WORDS };
        /// How often each process pays another something by itself; 0 is never.
        "pay-every" pay_every: Span = Span::ZERO, KnobKind::Span { min: Span::ZERO, max: Span::secs(60) };
    }
}

impl Knobs {
    /// What a process holds at the start.
    pub fn opening(&self, rank: usize) -> u64 {
        match self.start {
            Start::Token => u64::from(rank == 0),
            Start::Banks => 100,
        }
    }
}

/// The most global states that are noted of one snapshot.
const MOST_STATES: usize = 200;

/// What an observer who sees everything at once notes while a snapshot is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Witness {
    /// The state of each process at which something has happened.
    pub now: SortedMap<NodeId, Local>,
    /// The snapshot that is under way, or was last.
    pub snapshot: u64,
    /// Every state of the whole system from its beginning to its end; a process that is not in it is as it was at the start.
    pub passed: SortedSet<SortedMap<NodeId, Local>>,
    /// The processes that have recorded all that they must.
    pub complete: SortedSet<NodeId>,
    /// Whether all have.
    pub is_over: bool,
}

impl Witness {
    /// Notes the present state of the system while a snapshot is under way.
    fn note(&mut self) {
        if self.snapshot > 0 && !self.is_over && self.passed.len() < MOST_STATES {
            self.passed.insert(self.now.clone());
        }
    }
}

/// A node: all are processes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Snapshot(pub Process);

/// p, q … z or A, B … Z, then numbers.
fn name(start: Start, index: usize) -> String {
    let (first, most) = if start == Start::Token { (b'p', 11) } else { (b'A', 26) };
    if index < most { char::from(first + index as u8).to_string() } else { format!("N{}", index + 1) }
}

impl Protocol for Snapshot {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Ret;
    type Durable = ();
    type Witness = Witness;
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "snapshot",
        name: "Distributed snapshot",
        claim: "The photograph may show a moment that never was, but no money is missing in it.",
        source: "Chandy, Lamport: Distributed Snapshots: Determining Global States of Distributed Systems. ACM TOCS \
                 3(1), 1985.",
        rules: rules::RULES,
    };

    fn cast(params: &Knobs, nodes: usize) -> Cast {
        let names: Vec<String> = (0..nodes).map(|index| name(params.start, index)).collect();
        Cast::of(&names.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn default_nodes() -> usize {
        2
    }

    fn boot(_: Option<()>, cx: &mut Ctx<'_>) -> Snapshot {
        Snapshot(Process::boot(cx))
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        self.0.on_message(from, msg, cx);
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Ctx<'_>) {
        match timer {
            Timer::Pay => self.0.on_pay_time(cx),
        }
    }

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Ctx<'_>) {
        self.0.on_request(id, op, cx);
    }

    fn operations(_: Kind) -> Vec<OpForm> {
        vec![OpForm::fixed("Pay", "pay 1"), OpForm::fixed("Snapshot", "snapshot")]
    }

    fn glance(&self, _: &Knobs, _: &Cast) -> Glance {
        look::process(&self.0)
    }

    fn caption(msg: &Msg, _: &Cast) -> Caption {
        look::caption(msg)
    }

    fn witness(&self, me: NodeId, seen: &mut Witness) {
        let Process { local, recordings, .. } = &self.0;
        seen.now.insert(me, local.clone());
        let Some((&number, recording)) = recordings.last_key_value() else {
            // Before the first snapshot, or not touched by it yet.
            return seen.note();
        };
        if number > seen.snapshot {
            let now = std::mem::take(&mut seen.now);
            *seen = Witness { now, snapshot: number, ..Witness::default() };
        }
        seen.note();
        if number == seen.snapshot && recording.is_complete() && !recording.channels.is_empty() {
            seen.complete.insert(me);
            seen.is_over = seen.complete.len() > recording.channels.len();
        }
    }

    fn failed(ret: &Ret) -> bool {
        matches!(ret, Ret::Refused)
    }

    fn properties() -> Vec<Property<Snapshot>> {
        properties::all()
    }
}
