//! Two lamps that switch themselves on and off: roles, a broken property and operations, without chance.

use std::fmt;
use std::str::FromStr;

use faultline_model::{
    About, Caption, Cast, Cx, Evidence, Glance, Habitat, Kind, Latency, Lens, NoParams, NodeId, OpForm, OpId,
    Property, Protocol, Scope, Span, Standing, Time,
};
use faultline_sim::{Scenario, Setup, Timeline, World};
use serde::Serialize;

faultline_model::rules! {
    /// A lamp switches.
    FLIP = "flip", "switches", "none";
}

/// A goes on and off every 10 ms, B every 15 ms; each change is told to the other, who asks back.
#[derive(Clone, Debug, Hash, Serialize)]
struct Lamp {
    lit: bool,
    since: Time,
    log: Vec<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
enum Told {
    Flipped,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
enum Timer {
    Flip,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
struct Ask;

impl FromStr for Ask {
    type Err = String;
    fn from_str(text: &str) -> Result<Ask, String> {
        if text == "ask" { Ok(Ask) } else { Err("write ask".to_owned()) }
    }
}
impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ask")
    }
}

impl Lamp {
    fn arm(cx: &mut Cx<'_, Lamp>) {
        let period = if cx.me() == NodeId(0) { 10 } else { 15 };
        cx.arm(Timer::Flip, Span::millis(period));
    }
}

fn never_both(lens: &Lens<'_, Lamp>) -> Standing {
    let lit: Vec<NodeId> = lens.up().filter(|(_, lamp)| lamp.lit).map(|(node, _)| node).collect();
    if lit.len() < 2 { Ok(()) } else { Err(Evidence { why: "A and B are lit".to_owned(), nodes: lit }) }
}

impl Protocol for Lamp {
    type Msg = Told;
    type Timer = Timer;
    type Op = Ask;
    type Ret = bool;
    type Durable = ();
    type Witness = ();
    type Params = NoParams;
    const ABOUT: About = About { slug: "lamp", name: "Lamp", claim: "shines", source: "none", rules: RULES };

    fn cast(_: &NoParams, _: usize) -> Cast {
        Cast::of(&["A", "B"])
    }
    fn default_nodes() -> usize {
        2
    }
    fn boot(_: Option<()>, cx: &mut Cx<'_, Self>) -> Lamp {
        Lamp::arm(cx);
        Lamp { lit: false, since: Time::ZERO, log: vec![] }
    }
    fn on_message(&mut self, _: NodeId, _: Told, cx: &mut Cx<'_, Self>) {
        self.log.push(cx.now().0 / 1_000);
    }
    fn on_timer(&mut self, _: Timer, cx: &mut Cx<'_, Self>) {
        cx.because(FLIP);
        self.lit = !self.lit;
        self.since = cx.now();
        cx.broadcast(&Told::Flipped);
        Lamp::arm(cx);
    }
    fn on_request(&mut self, id: OpId, _: Ask, cx: &mut Cx<'_, Self>) {
        if self.lit {
            cx.reply(id, true);
        }
    }
    fn operations(_: Kind) -> Vec<OpForm> {
        vec![OpForm { name: "Ask", example: "ask".to_owned(), template: "ask" }]
    }
    fn glance(&self, _: &NoParams, _: &Cast) -> Glance {
        Glance { role: (if self.lit { "lit" } else { "dark" }).to_owned(), ..Glance::default() }
    }
    fn caption(_: &Told, _: &Cast) -> Caption {
        Caption { verb: "flipped".to_owned(), ..Caption::default() }
    }
    fn properties() -> Vec<Property<Self>> {
        let property = |id, scope| Property {
            id,
            sentence: "Never both",
            source: "none",
            scope,
            check: never_both as fn(&Lens<'_, Lamp>) -> Standing,
        };
        vec![property("never-both", Scope::Always), property("one-at-most", Scope::Sometimes)]
    }
}

/// A run of the two lamps that has not begun.
pub fn lamps() -> Timeline {
    let habitat = Habitat { latency: Latency::Constant(Span::millis(2)), ..Habitat::default() };
    let setup = Setup::<Lamp> { cast: Lamp::cast(&NoParams {}, 2), params: NoParams {}, habitat, seed: 1 };
    let scenario = Scenario { protocol: "lamp".to_owned(), ..Scenario::default() };
    Timeline::new(scenario, Box::new(World::<Lamp>::new(setup)))
}
