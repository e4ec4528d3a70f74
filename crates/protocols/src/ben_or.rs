//! Ben-Or's randomised consensus, and without its coin the game that no deterministic protocol wins.
//!
//! Processes agree on one bit although messages take arbitrarily long and a minority may crash. Fischer,
//! Lynch and Paterson (*Impossibility of Distributed Consensus with One Faulty Process*, JACM 1985) show
//! that no deterministic protocol can do it in every run: an adversary who chooses which message comes
//! next can keep them undecided for ever, and yet deliver every message and crash nobody. Ben-Or
//! (*Another Advantage of Free Choice*, PODC 1983, the protocol for crashes) tosses a coin where the
//! adversary would have its way, and decides with probability 1.
//!
//! A round has two phases: processes report their estimates, then propose a value that more than half of
//! all reported, or nothing. Each phase waits for all but `f` of the processes, for those may be dead.

mod properties;
mod rules;

use std::fmt;
use std::str::FromStr;

use faultline_model::{
    About, Caption, Cast, Cell, Cx, Glance, Hue, KnobKind, NodeId, OpId, Property, Protocol, Purpose, Shape,
    SortedMap, SortedSet, choice, params,
};
use serde::Serialize;

pub use rules::RULES;

const COIN: Purpose = Purpose::new("Ben-Or's coin");

choice! {
    /// What the processes want when the run begins.
    pub enum Inputs {
        /// The first 0, the second 1, the third 0, and so on.
        Split = "split",
        /// Everybody 0.
        Zeros = "zeros",
        /// Everybody 1.
        Ones = "ones",
    }
}

choice! {
    /// What a process does that has heard no proposal in a round.
    pub enum Coin {
        /// It keeps its estimate: a deterministic protocol.
        Kept = "none",
        /// It tosses a coin.
        Tossed = "random",
    }
}

params! {
    /// The knobs of Ben-Or's protocol.
    pub struct Knobs {
        /// What the processes want when the run begins.
        "inputs" inputs: Inputs = Inputs::Split, KnobKind::Choice { options: Inputs::WORDS };
        /// What a process does that has heard no proposal in a round.
        "coin" coin: Coin = Coin::Tossed, KnobKind::Choice { options: Coin::WORDS };
        /// Whether a process decides only on proposals of more than f processes (step 2).
        "enough-proposals" enough_proposals: bool = true, KnobKind::Rule { rule: "decide" };
    }
}

/// A half of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Phase {
    /// Estimates are told.
    Report,
    /// What a majority reported is proposed.
    Proposal,
}

/// What processes say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// "In this round my estimate is …".
    Report {
        /// The round, from 1.
        round: u64,
        /// The estimate.
        value: bool,
    },
    /// "In this round more than half reported …", or no such thing.
    Proposal {
        /// The round, from 1.
        round: u64,
        /// What more than half reported, if anything.
        value: Option<bool>,
    },
    /// "I have decided."
    Decided {
        /// What.
        value: bool,
    },
}

/// There is nothing to wait for: the protocol knows no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {}

/// There is nothing to ask: what the processes want, a knob says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {}

impl fmt::Display for Op {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(_: &str) -> Result<Op, String> {
        Err("nothing can be asked of these processes: what they want, the knob `inputs` says".to_owned())
    }
}

/// What a process has heard in one phase of one round, from whom. A report always has a value.
type Heard = SortedMap<NodeId, Option<bool>>;

/// One process.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Process {
    /// What it wanted at first.
    pub input: bool,
    /// What it would decide on now.
    pub estimate: bool,
    /// The round that it is in, from 1.
    pub round: u64,
    /// Which half of it.
    pub phase: Phase,
    /// What it has heard in this phase and in later ones.
    pub heard: SortedMap<(u64, Phase), Heard>,
    /// What it has gone on without: from whom, in which round and phase, while it may still come.
    pub overdue: SortedSet<(u64, Phase, NodeId)>,
    /// How many messages have been delivered to it.
    pub deliveries: u64,
    /// What it has decided, for good.
    pub decided: Option<bool>,
}

/// How many may crash: fewer than half.
pub fn faults(servers: usize) -> usize {
    servers.saturating_sub(1) / 2
}

fn bit(value: bool) -> char {
    if value { '1' } else { '0' }
}

impl Process {
    fn note(&mut self, from: NodeId, round: u64, phase: Phase, value: Option<bool>) {
        if !self.overdue.remove(&(round, phase, from)) && (round, phase) >= (self.round, self.phase) {
            self.heard.entry((round, phase)).or_default().insert(from, value);
        }
    }

    /// Tells the others and itself.
    fn say(&mut self, msg: &Msg, cx: &mut Cx<'_, Process>) {
        let me = cx.me();
        match *msg {
            Msg::Report { round, value } => self.note(me, round, Phase::Report, Some(value)),
            Msg::Proposal { round, value } => self.note(me, round, Phase::Proposal, value),
            Msg::Decided { .. } => {}
        }
        cx.broadcast(msg);
    }

    /// Goes on for as long as it has heard enough.
    fn go_on(&mut self, cx: &mut Cx<'_, Process>) {
        let enough = cx.servers() - faults(cx.servers());
        while self.decided.is_none() {
            let now = (self.round, self.phase);
            if self.heard.get(&now).is_none_or(|heard| heard.len() < enough) {
                return;
            }
            let heard = self.heard.remove(&now).unwrap_or_default();
            let missing = cx.peers().filter(|peer| !heard.contains_key(peer));
            self.overdue.extend(missing.map(|peer| (now.0, now.1, peer)));
            match self.phase {
                Phase::Report => self.propose(&heard, cx),
                Phase::Proposal => self.conclude(&heard, cx),
            }
        }
    }

    /// Step 2: "If more than N/2 messages have the same v, send (2, r, v, D) to all, else (2, r, ?)".
    fn propose(&mut self, reports: &Heard, cx: &mut Cx<'_, Process>) {
        let most = |value| reports.values().filter(|&&each| each == Some(value)).count() > cx.servers() / 2;
        let value = [false, true].into_iter().find(|&value| most(value));
        cx.because(if value.is_some() { rules::PROPOSE } else { rules::PROPOSE_NOTHING });
        self.phase = Phase::Proposal;
        self.say(&Msg::Proposal { round: self.round, value }, cx);
    }

    /// Step 3: decide on more than f proposals of a value, take it over from one, else toss the coin.
    fn conclude(&mut self, proposals: &Heard, cx: &mut Cx<'_, Process>) {
        // Two majorities share a process, and that one reported one value: proposals never differ.
        let value = proposals.values().find_map(|value| *value);
        let count = proposals.values().filter(|value| value.is_some()).count();
        let needed = if cx.params().enough_proposals { faults(cx.servers()) + 1 } else { 1 };
        match value {
            Some(value) if count >= needed => {
                let backed = count > faults(cx.servers());
                cx.because(if backed { rules::DECIDE } else { rules::DECIDE_ALONE });
                return self.decide(value, cx);
            }
            Some(value) => {
                cx.because(rules::TAKE_OVER);
                self.estimate = value;
            }
            None => match cx.params().coin {
                Coin::Kept => cx.because(rules::KEEP),
                Coin::Tossed => {
                    cx.because(rules::TOSS);
                    self.estimate = cx.pick(COIN, 0, 1) == 1;
                }
            },
        }
        self.round += 1;
        self.phase = Phase::Report;
        self.say(&Msg::Report { round: self.round, value: self.estimate }, cx);
    }

    fn decide(&mut self, value: bool, cx: &mut Cx<'_, Process>) {
        self.decided = Some(value);
        self.estimate = value;
        // What else comes changes nothing any more.
        self.heard.clear();
        self.overdue.clear();
        self.say(&Msg::Decided { value }, cx);
    }
}

impl Protocol for Process {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Op;
    type Durable = ();
    type Witness = ();
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "ben-or",
        name: "Consensus without time",
        claim: "Nobody decides differently; with a coin everybody decides, with probability 1.",
        source: "Ben-Or: Another Advantage of Free Choice: Completely Asynchronous Agreement Protocols. PODC 1983. \
                 Fischer, Lynch, Paterson: Impossibility of Distributed Consensus with One Faulty Process. \
                 JACM 32(2), 1985.",
        rules: RULES,
    };

    fn cast(_: &Knobs, nodes: usize) -> Cast {
        Cast::servers_and_clients(nodes.max(1), 0)
    }

    fn default_nodes() -> usize {
        3
    }

    /// A process that crashes stays out: it has no disk, and the protocol is for crashes for good.
    fn boot(_: Option<()>, cx: &mut Cx<'_, Self>) -> Process {
        let input = match cx.params().inputs {
            Inputs::Split => cx.me().0 % 2 == 1,
            Inputs::Zeros => false,
            Inputs::Ones => true,
        };
        let mut process = Process {
            input,
            estimate: input,
            round: 1,
            phase: Phase::Report,
            heard: SortedMap::new(),
            overdue: SortedSet::new(),
            deliveries: 0,
            decided: None,
        };
        cx.because(rules::REPORT);
        process.say(&Msg::Report { round: 1, value: input }, cx);
        process.go_on(cx);
        process
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Cx<'_, Self>) {
        self.deliveries += 1;
        if self.decided.is_some() {
            cx.because(rules::OVER);
            return;
        }
        let before = (self.round, self.phase);
        let (round, phase, value) = match msg {
            Msg::Report { round, value } => (round, Phase::Report, Some(value)),
            Msg::Proposal { round, value } => (round, Phase::Proposal, value),
            Msg::Decided { value } => {
                cx.because(rules::LEARN);
                return self.decide(value, cx);
            }
        };
        cx.because(if (round, phase) < before { rules::TOO_LATE } else { rules::HEAR });
        self.note(from, round, phase, value);
        self.go_on(cx);
    }

    fn on_timer(&mut self, timer: Timer, _: &mut Cx<'_, Self>) {
        match timer {}
    }

    fn on_request(&mut self, _: OpId, op: Op, _: &mut Cx<'_, Self>) {
        match op {}
    }

    fn glance(&self, _: &Knobs, _: &Cast) -> Glance {
        let mut cells = vec![Cell::new("x", bit(self.estimate))];
        if !self.overdue.is_empty() {
            cells.push(Cell::new("late", self.overdue.len()));
        }
        let (role, shape, hue) = match (self.decided, self.phase) {
            (Some(_), _) => ("decided", Shape::Ringed, Hue::Green),
            (None, Phase::Report) => ("reporting", Shape::Circle, Hue::Sky),
            (None, Phase::Proposal) => ("proposing", Shape::Hexagon, Hue::Violet),
        };
        Glance {
            role: role.to_owned(),
            shape,
            hue,
            epoch: Some(self.round),
            epoch_name: "round",
            cells,
            arc: None,
        }
    }

    fn caption(msg: &Msg, _: &Cast) -> Caption {
        let (verb, text, hue) = match *msg {
            Msg::Report { round, value } => ("report", format!("{} in round {round}", bit(value)), Hue::Sky),
            Msg::Proposal { round, value } => {
                ("propose", format!("{} in round {round}", value.map_or('?', bit)), Hue::Violet)
            }
            Msg::Decided { value } => ("decided", bit(value).to_string(), Hue::Green),
        };
        Caption { verb: verb.to_owned(), text, hue, reply: false }
    }

    fn epoch(msg: &Msg) -> Option<u64> {
        match *msg {
            Msg::Report { round, .. } | Msg::Proposal { round, .. } => Some(round),
            Msg::Decided { .. } => None,
        }
    }

    fn properties() -> Vec<Property<Self>> {
        properties::all()
    }
}
