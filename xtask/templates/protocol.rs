//! __Title__: say in two or three sentences what it promises, and over which network.
//!
//! Fields are the paper's variables and match arms its rules: whoever reads this file beside the paper
//! should find one in the other.

use std::fmt;
use std::str::FromStr;

use faultline_model::{
    About, Caption, Cast, Cell, Cx, Evidence, Glance, Hue, Kind, Lens, NodeId, OpForm, OpId, Property,
    Protocol, Scope, Shape, Span, Standing,
};
use serde::Serialize;

mod rules {
    //! What a handler names when it acts; these sentences are what a learner reads.
    faultline_model::rules! {
        /// One server knows something from the start.
        BEGIN = "begin", "tells everyone what it knows", "Author Year §1";
        /// Everyone else learns it.
        LEARN = "learn", "learns it", "Author Year §2";
        /// Nobody answered yet.
        REPEAT = "repeat", "says it again: it may have been lost", "Author Year §3";
    }
}

faultline_model::params! {
    /// What can be set before a run.
    pub struct Knobs {
        /// How long the first server waits before it says it again.
        "repeat-after" repeat_after: Span = Span::millis(100),
            faultline_model::KnobKind::Span { min: Span::millis(1), max: Span::secs(10) };
    }
}

/// What servers say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// What is to be known.
    Rumour,
}

/// What a server waits for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// The rumour is due once more.
    Repeat,
}

/// What can be asked of a server.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {
    /// Whether it knows.
    Ask,
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ask")
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(text: &str) -> Result<Op, String> {
        match text.trim() {
            "ask" => Ok(Op::Ask),
            _ => Err("write `ask`".to_owned()),
        }
    }
}

/// What it answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Ret {
    /// Whether it knows.
    Known(bool),
}

impl fmt::Display for Ret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ret::Known(known) = self;
        f.write_str(if *known { "known" } else { "unknown" })
    }
}

/// One server.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct __Name__ {
    known: bool,
}

const FIRST: NodeId = NodeId(0);

impl Protocol for __Name__ {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Ret;
    /// What survives a crash: nothing here.
    type Durable = ();
    type Witness = ();
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "__slug__",
        name: "__Title__",
        claim: "One line: what it promises.",
        source: "Author: Title. Where, year.",
        rules: rules::RULES,
    };

    fn cast(_: &Knobs, nodes: usize) -> Cast {
        Cast::servers_and_clients(nodes, 0)
    }

    fn default_nodes() -> usize {
        3
    }

    fn boot(_: Option<()>, cx: &mut Cx<'_, Self>) -> Self {
        let known = cx.me() == FIRST;
        if known {
            cx.because(rules::BEGIN);
            cx.broadcast(&Msg::Rumour);
            cx.arm(Timer::Repeat, cx.params().repeat_after);
        }
        __Name__ { known }
    }

    fn on_message(&mut self, _: NodeId, msg: Msg, cx: &mut Cx<'_, Self>) {
        match msg {
            // The rule is named but not applied: the test that came with this file fails until it is.
            Msg::Rumour => cx.because(rules::LEARN),
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Cx<'_, Self>) {
        match timer {
            Timer::Repeat => {
                cx.because(rules::REPEAT);
                cx.broadcast(&Msg::Rumour);
            }
        }
    }

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Cx<'_, Self>) {
        match op {
            Op::Ask => cx.reply(id, Ret::Known(self.known)),
        }
    }

    fn operations(_: Kind) -> Vec<OpForm> {
        vec![OpForm { name: "Ask", example: Op::Ask.to_string(), template: "ask" }]
    }

    fn glance(&self, _: &Knobs, _: &Cast) -> Glance {
        Glance {
            role: "server".to_owned(),
            shape: Shape::Circle,
            hue: if self.known { Hue::Green } else { Hue::Sky },
            cells: vec![Cell::new("knows", if self.known { "yes" } else { "no" })],
            ..Glance::default()
        }
    }

    fn caption(msg: &Msg, _: &Cast) -> Caption {
        match msg {
            Msg::Rumour => Caption { verb: "rumour".to_owned(), hue: Hue::Teal, ..Caption::default() },
        }
    }

    fn properties() -> Vec<Property<Self>> {
        vec![Property {
            id: "everyone-knows",
            sentence: "When nothing is in flight, every server that is up knows",
            source: "Author Year §2",
            scope: Scope::Always,
            check: everyone_knows,
        }]
    }
}

fn everyone_knows(lens: &Lens<'_, __Name__>) -> Standing {
    match lens.up().find(|(_, server)| lens.quiet && !server.known) {
        Some((id, _)) => Err(Evidence { why: format!("{} does not know", lens.name(id)), nodes: vec![id] }),
        None => Ok(()),
    }
}
