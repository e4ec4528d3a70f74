//! A small protocol that uses everything the engine offers: random timers, messages, writes that hold
//! back answers, work that fills inboxes, clients with operations. And random interventions on it.

use std::fmt;
use std::str::FromStr;

use faultline_model::{
    About, Caption, Cast, Chance, Cx, Glance, Habitat, Kind, Latency, MsgId, NoParams, NodeId, OpForm, OpId,
    Property, Protocol, Purpose, Span,
};
use faultline_sim::{Action, AnyWorld, Disk, Scenario, Setup, Timeline, World};
use proptest::prelude::*;
use serde::Serialize;

faultline_model::rules! {
    /// A beat goes to a random peer.
    BEAT = "beat", "sends a beat to a random peer", "Toy §1";
    /// A beat is counted, written down, and answered.
    COUNT = "count", "counts the beat and answers once that is on disk", "Toy §2";
}

const PEER: Purpose = Purpose::new("peer");
const PAUSE: Purpose = Purpose::new("pause");

#[derive(Clone, Debug, Hash, Serialize)]
pub struct Toy {
    pub beats: u64,
    pub saved: u64,
    pub answers: u64,
    waiting: Option<OpId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    Beat {
        count: u64,
    },
    Answer,
    Add(u32),
    Added(u64),
    /// Asks a server to start its pulse anew.
    Restart,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    Pulse,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Add(Option<u32>);

impl FromStr for Add {
    type Err = String;
    fn from_str(text: &str) -> Result<Add, String> {
        if text == "restart" {
            return Ok(Add(None));
        }
        let number = text.strip_prefix("add ").and_then(|n| n.parse().ok());
        number
            .map(|number| Add(Some(number)))
            .ok_or_else(|| format!("`{text}` is no operation: write `add 3`"))
    }
}
impl fmt::Display for Add {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(number) => write!(f, "add {number}"),
            None => f.write_str("restart"),
        }
    }
}

impl Toy {
    fn pulse(cx: &mut Cx<'_, Toy>) {
        let after = cx.pick(PAUSE, 10_000, 30_000);
        cx.arm(Timer::Pulse, Span(after));
    }
}

impl Protocol for Toy {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Add;
    type Ret = u64;
    type Durable = u64;
    type Witness = u64;
    type Params = NoParams;
    const ABOUT: About = About { slug: "toy", name: "Toy", claim: "beats", source: "none", rules: RULES };

    fn cast(_: &NoParams, nodes: usize) -> Cast {
        Cast::servers_and_clients(nodes, 2)
    }
    fn default_nodes() -> usize {
        3
    }
    fn boot(saved: Option<u64>, cx: &mut Cx<'_, Self>) -> Toy {
        if cx.kind() == Kind::Server {
            Toy::pulse(cx);
        }
        let beats = saved.unwrap_or(0);
        Toy { beats, saved: beats, answers: 0, waiting: None }
    }
    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Cx<'_, Self>) {
        match msg {
            Msg::Beat { .. } => {
                cx.because(COUNT);
                cx.work(Span::millis(2));
                self.beats += 1;
                cx.persist(self.beats);
                cx.send(from, Msg::Answer);
            }
            Msg::Answer => self.answers += 1,
            Msg::Add(count) => {
                self.beats += u64::from(count);
                cx.persist(self.beats);
                cx.send(from, Msg::Added(self.beats));
            }
            Msg::Restart => Toy::pulse(cx),
            Msg::Added(total) => {
                if let Some(op) = self.waiting.take() {
                    cx.reply(op, total);
                }
            }
        }
    }
    fn on_timer(&mut self, Timer::Pulse: Timer, cx: &mut Cx<'_, Self>) {
        cx.because(BEAT);
        let peers: Vec<NodeId> = cx.peers().collect();
        if let Some(last) = peers.len().checked_sub(1) {
            let to = peers[cx.pick(PEER, 0, last as u64) as usize];
            cx.send(to, Msg::Beat { count: self.beats });
        }
        Toy::pulse(cx);
    }
    fn on_request(&mut self, id: OpId, op: Add, cx: &mut Cx<'_, Self>) {
        self.waiting = Some(id);
        cx.send(NodeId(0), op.0.map_or(Msg::Restart, Msg::Add));
    }
    fn on_saved(&mut self, saved: &u64, _: &mut Cx<'_, Self>) {
        self.saved = *saved;
    }
    fn operations(kind: Kind) -> Vec<OpForm> {
        match kind {
            Kind::Client => vec![OpForm { name: "Add", example: "add 1".to_owned() }],
            Kind::Server => vec![],
        }
    }
    fn glance(&self, _: &NoParams, _: &Cast) -> Glance {
        Glance { role: "beater".to_owned(), arc: Some("pulse"), ..Glance::default() }
    }
    fn caption(_: &Msg, _: &Cast) -> Caption {
        Caption { verb: "beat".to_owned(), ..Caption::default() }
    }
    fn witness(&self, _: NodeId, seen: &mut u64) {
        *seen = (*seen).max(self.beats);
    }
    fn properties() -> Vec<Property<Self>> {
        vec![]
    }
}

pub fn setup(seed: u64, habitat: Habitat) -> Setup<Toy> {
    Setup { cast: Toy::cast(&NoParams {}, 3), params: NoParams {}, habitat, seed }
}

pub fn habitat() -> Habitat {
    Habitat {
        latency: Latency::Exponential(Span::millis(5)),
        loss: Chance(50_000),
        duplication: Chance(50_000),
        fifo: false,
        disk: Span::millis(3),
    }
}

pub fn world(seed: u64) -> World<Toy> {
    World::new(setup(seed, habitat()))
}

pub fn timeline(seed: u64) -> Timeline {
    let scenario = Scenario { protocol: "toy".to_owned(), nodes: 3, seed, ..Scenario::default() };
    Timeline::new(scenario, Box::new(world(seed)))
}

/// What a learner without plan might do: any action, possible or not.
pub fn any_action() -> impl Strategy<Value = Action> {
    let node = (0u16..5).prop_map(NodeId);
    let msg = (1u32..300).prop_map(MsgId);
    prop_oneof![
        msg.clone().prop_map(Action::Drop),
        msg.clone().prop_map(Action::Deliver),
        msg.clone().prop_map(Action::Duplicate),
        (msg, 0u64..50_000).prop_map(|(msg, by)| Action::Delay(msg, Span(by))),
        (node.clone(), 0u32..40).prop_map(|(node, arming)| Action::Fire(node, arming)),
        node.clone().prop_map(Action::Sync),
        node.clone().prop_map(Action::Take),
        (node.clone(), 0u32..9).prop_map(|(node, n)| Action::Invoke(node, format!("add {n}"))),
        (node.clone(), node.clone()).prop_map(|(from, to)| Action::Cut(from, to)),
        (node.clone(), node.clone()).prop_map(|(from, to)| Action::Heal(from, to)),
        Just(Action::HealAll),
        Just(Action::Partition(vec![vec![NodeId(0)], vec![NodeId(1), NodeId(2)]])),
        (node.clone(), node.clone(), 0u32..1_000_000).prop_map(|(from, to, chance)| Action::Lose(
            from,
            to,
            Chance(chance)
        )),
        (node.clone(), node.clone(), 0u32..1_000_000).prop_map(|(from, to, chance)| Action::Repeat(
            from,
            to,
            Chance(chance)
        )),
        (node.clone(), node.clone(), any::<bool>())
            .prop_map(|(from, to, kept)| Action::Order(from, to, kept)),
        (node.clone(), node.clone(), 0u64..20_000).prop_map(|(from, to, l)| Action::Latency(
            from,
            to,
            Some(Latency::Constant(Span(l)))
        )),
        node.clone().prop_map(Action::Crash),
        (node.clone(), any::<bool>())
            .prop_map(|(node, kept)| Action::Restart(node, if kept { Disk::Kept } else { Disk::Empty })),
        node.clone().prop_map(Action::Pause),
        node.clone().prop_map(Action::Resume),
        (node.clone(), -5_000_000i64..5_000_000).prop_map(|(node, offset)| Action::Skew(node, offset)),
        (node.clone(), -900_000i32..900_000).prop_map(|(node, drift)| Action::Drift(node, drift)),
        (node, 1u32..1_000).prop_map(|(node, percent)| Action::Slow(node, percent)),
    ]
}

/// Runs a while, with interventions after so many events each; what is refused is skipped.
pub fn play(timeline: &mut Timeline, plan: &[(u8, Action)], tail: u32) {
    for (events, action) in plan {
        for _ in 0..*events {
            timeline.step();
        }
        let _ = timeline.act(action.clone());
    }
    for _ in 0..tail {
        timeline.step();
    }
}

/// What can be told apart about a moment from outside.
pub fn fingerprint(world: &dyn AnyWorld) -> (u64, u32, String) {
    (world.digest(), world.events(), format!("{:?}", world.view()))
}
