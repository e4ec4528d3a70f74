//! State machine replication: the same commands in the same order give the same state.
//!
//! Every replica holds one bank account. A command is applied to all copies; what differs is the order
//! in which a replica may apply what it hears: as it comes, in the order of each sender, in causal order,
//! or in the one order that a sequencer gives out (Lamport, *Time, Clocks, and the Ordering of Events*,
//! CACM 1978; Schneider, *Implementing Fault-Tolerant Services Using the State Machine Approach*, ACM
//! Computing Surveys 1990, §2–3). Only the last is a total order, and it lasts as long as its sequencer.
//!
//! Links are taken to deliver what they carry: without the sequencer nothing is sent twice.

mod order;
mod properties;
mod rules;

use std::fmt;
use std::str::FromStr;

use faultline_model::{
    About, Caption, Cast, Cell, CellBox, Cx, Glance, Hue, Kind, KnobKind, NodeId, OpForm, OpId, Property,
    Protocol, Shape, SortedMap, Span, choice, params,
};
use serde::Serialize;

pub use rules::RULES;

/// What stands on every account when the run begins, in cents.
pub const OPENING: u64 = 100_000;
/// The replica that gives out the order.
pub const SEQUENCER: NodeId = NodeId(0);

choice! {
    /// In which order a replica applies what it hears.
    pub enum Order {
        /// As it comes.
        Arrival = "none",
        /// Commands of one replica as that one issued them.
        Fifo = "fifo",
        /// A command after all that its issuer had applied before it.
        Causal = "causal",
        /// As the sequencer, the first replica, numbers them.
        Sequencer = "sequencer",
    }
}

params! {
    /// The knobs of the replicated account.
    pub struct Knobs {
        /// In which order commands are applied.
        "order" order: Order = Order::Arrival, KnobKind::Choice { options: Order::WORDS };
        /// After how long a replica asks the sequencer again.
        "retry" retry: Span = Span::millis(200), KnobKind::Span { min: Span::millis(1), max: Span::secs(60) };
    }
}

/// What can be done to the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {
    /// So many whole units are paid in.
    Deposit(u32),
    /// So many per cent are added.
    Interest(u32),
    /// The balance is read at this replica; no command.
    Read,
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Deposit(amount) => write!(f, "deposit {amount}"),
            Op::Interest(rate) => write!(f, "interest {rate}"),
            Op::Read => f.write_str("read"),
        }
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        let right = || "write `deposit 100`, `interest 10` (per cent, up to 100) or `read`".to_owned();
        let words: Vec<&str> = text.split_whitespace().collect();
        let number = |text: &str, most: u32| text.parse().ok().filter(|&n| n <= most).ok_or_else(right);
        match words[..] {
            ["read"] => Ok(Op::Read),
            ["deposit", amount] => Ok(Op::Deposit(number(amount, 1_000_000)?)),
            ["interest", rate] => Ok(Op::Interest(number(rate, 100)?)),
            _ => Err(right()),
        }
    }
}

/// What comes back: the balance at this replica, in cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Balance(pub u64);

impl fmt::Display for Balance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// A command on its way to all replicas.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Command {
    /// Who issued it.
    pub issuer: NodeId,
    /// The how-manieth of that replica, from 1.
    pub number: u64,
    /// What is to be done.
    pub op: Op,
    /// How many commands of each replica the issuer had applied when it issued this one.
    pub after: SortedMap<NodeId, u64>,
}

impl Command {
    fn is(&self, other: &Command) -> bool {
        (self.issuer, self.number) == (other.issuer, other.number)
    }
}

/// What replicas say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// Apply this, in the order that is agreed on.
    Apply(Command),
    /// To the sequencer: give this a place.
    Submit(Command),
    /// From the sequencer: this has that place, from 1.
    Ordered(u64, Command),
    /// To the sequencer: what stands from this place on has not come.
    Missing(u64),
}

/// What a replica waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// The sequencer's answer is overdue.
    Retry,
}

/// What a replica keeps through a crash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Disk {
    /// What it has applied, in that order.
    pub log: Vec<Command>,
    /// How many commands it has issued.
    pub issued: u64,
}

/// One copy of the account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Replica {
    /// The account, in cents.
    pub balance: u64,
    /// What it has applied, in that order. On disk.
    pub log: Vec<Command>,
    /// How many commands it has issued. On disk.
    pub issued: u64,
    /// How many commands of each replica it has applied.
    pub applied: SortedMap<NodeId, u64>,
    /// What has come too early, with its place if it has one.
    pub held_back: Vec<(u64, Command)>,
    /// Its own commands that have no place yet, and which operations wait for them.
    pub submitted: Vec<(Command, OpId)>,
    /// Whether it gives out the order.
    pub sequencer: bool,
}

impl Protocol for Replica {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Balance;
    type Durable = Disk;
    type Witness = ();
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "state-machine",
        name: "Replicated state machine",
        claim: "The same commands in the same order give the same state at every replica.",
        source: "Schneider: Implementing Fault-Tolerant Services Using the State Machine Approach: A Tutorial. ACM \
                 Computing Surveys 22(4), 1990. Lamport: Time, Clocks, and the Ordering of Events in a \
                 Distributed System. CACM 21(7), 1978.",
        rules: RULES,
    };

    fn cast(_: &Knobs, nodes: usize) -> Cast {
        Cast::servers_and_clients(nodes.max(1), 0)
    }

    fn default_nodes() -> usize {
        2
    }

    fn boot(saved: Option<Disk>, cx: &mut Cx<'_, Self>) -> Replica {
        let Disk { log, issued } = saved.unwrap_or_default();
        let mut replica = Replica {
            balance: OPENING,
            log: vec![],
            issued,
            applied: SortedMap::new(),
            held_back: vec![],
            submitted: vec![],
            sequencer: cx.params().order == Order::Sequencer && cx.me() == SEQUENCER,
        };
        for command in log {
            replica.execute(command);
        }
        replica.catch_up(cx);
        replica
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Cx<'_, Self>) {
        match msg {
            Msg::Apply(command) => self.take(0, command, cx),
            Msg::Submit(command) => self.give_place(from, command, cx),
            Msg::Ordered(place, command) => self.take(place, command, cx),
            Msg::Missing(place) => self.tell_again(from, place, cx),
        }
    }

    fn on_timer(&mut self, Timer::Retry: Timer, cx: &mut Cx<'_, Self>) {
        self.submit_again(cx);
    }

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Cx<'_, Self>) {
        if op == Op::Read {
            cx.because(rules::READ);
            cx.flush();
            cx.reply(id, Balance(self.balance));
            return;
        }
        self.issue(id, op, cx);
    }

    fn operations(kind: Kind) -> Vec<OpForm> {
        match kind {
            Kind::Client => vec![],
            Kind::Server => vec![
                OpForm::new("Deposit", "deposit 100", "deposit {value}"),
                OpForm::new("Add interest", "interest 10", "interest 1"),
                OpForm::fixed("Read", "read"),
            ],
        }
    }

    fn glance(&self, _: &Knobs, cast: &Cast) -> Glance {
        const MOST: usize = 10;
        let from = self.log.len().saturating_sub(MOST);
        let names: Vec<String> =
            self.log[from..].iter().map(|c| format!("{}{}", cast.name(c.issuer), c.number)).collect();
        // What the boxes show: which replica's command it is by its colour, and what it does.
        let entry = |command: &Command| CellBox {
            text: match command.op {
                Op::Interest(_) => "%".to_owned(),
                Op::Deposit(_) | Op::Read => "+".to_owned(),
            },
            epoch: Some(u64::from(command.issuer.0) + 1),
            firm: true,
        };
        let boxes = self.log[from..].iter().map(entry).collect();
        let log = if names.is_empty() { "empty".to_owned() } else { names.join(" ") };
        let mut cells = vec![Cell::new("balance", Balance(self.balance)), Cell::row("log", log, boxes)];
        if !self.held_back.is_empty() {
            cells.push(Cell::new("held back", self.held_back.len()));
        }
        let (role, shape, hue) = if self.sequencer {
            ("sequencer", Shape::Ringed, Hue::Amber)
        } else {
            ("replica", Shape::Circle, Hue::Sky)
        };
        Glance { role: role.to_owned(), shape, hue, cells, arc: Some("retry"), ..Glance::default() }
    }

    fn caption(msg: &Msg, _: &Cast) -> Caption {
        let (verb, text, hue) = match msg {
            Msg::Apply(command) => ("apply", command.op.to_string(), Hue::Teal),
            Msg::Submit(command) => ("submit", command.op.to_string(), Hue::Violet),
            Msg::Ordered(place, command) => ("order", format!("{place}: {}", command.op), Hue::Amber),
            Msg::Missing(place) => ("missing", format!("from {place}"), Hue::Red),
        };
        Caption { verb: verb.to_owned(), text, hue, reply: false }
    }

    fn properties() -> Vec<Property<Self>> {
        properties::all()
    }
}
