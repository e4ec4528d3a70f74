//! A small protocol that uses everything the engine offers: random timers, messages, writes that hold
//! back answers, work that fills inboxes, clients with operations. And random interventions on it.

use std::fmt;
use std::str::FromStr;

use faultline_model::{
    About, Bandwidth, Caption, Cast, Chance, Cx, Draw, Glance, Habitat, Kind, Latency, Lie, Member, MsgId,
    NoParams, NodeId, OpForm, OpId, Property, Protocol, Purpose, Span,
};
use faultline_sim::{Action, AnyWorld, Correction, Disk, Pace, Scenario, Setup, Timeline, Workload, World};
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

/// Set in a record that no longer fits its checksum.
const DAMAGED: u64 = 1 << 63;

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
        // A record that does not fit its checksum counts for nothing.
        let beats = saved.filter(|saved| saved & DAMAGED == 0).unwrap_or(0);
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
    fn on_saved(&mut self, saved: &u64, cx: &mut Cx<'_, Self>) {
        self.saved = *saved;
        cx.measure("saved", *saved as i64);
    }
    fn corrupt(durable: &mut u64, _: &mut Draw) -> Result<(), &'static str> {
        *durable |= DAMAGED;
        Ok(())
    }
    fn operations(kind: Kind) -> Vec<OpForm> {
        match kind {
            Kind::Client => {
                vec![OpForm { name: "Add", example: "add 1".to_owned(), template: "add {value}" }]
            }
            Kind::Server => vec![],
        }
    }
    fn newcomer(cast: &Cast, _: &NoParams) -> Option<Member> {
        let servers = cast.iter().filter(|(_, member)| member.kind == Kind::Server).count();
        (servers < 8).then(|| Member::new(format!("S{}", servers + 1), Kind::Server))
    }
    fn on_join(&mut self, cx: &mut Cx<'_, Self>) {
        cx.broadcast(&Msg::Restart);
    }
    fn lies(kind: Kind) -> &'static [Lie] {
        match kind {
            Kind::Server => &[Lie { id: "exaggerate", sentence: "counts ten beats where there is one" }],
            Kind::Client => &[],
        }
    }
    fn lie(&self, _: &'static str, _: NodeId, msg: &Msg, _: &Cast) -> Option<Msg> {
        match msg {
            Msg::Beat { count } => Some(Msg::Beat { count: count * 10 + 10 }),
            Msg::Added(total) => Some(Msg::Added(total * 10)),
            _ => None,
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
        ..Habitat::default()
    }
}

pub fn world(seed: u64) -> World<Toy> {
    World::new(setup(seed, habitat()))
}

pub fn timeline(seed: u64) -> Timeline {
    let scenario = Scenario { protocol: "toy".to_owned(), nodes: 3, seed, ..Scenario::default() };
    Timeline::new(scenario, Box::new(world(seed)))
}

fn any_workload() -> impl Strategy<Value = Workload> {
    let pace = prop_oneof![
        (10_000u32..500_000).prop_map(Pace::Open),
        (1u16..4, 0u64..30_000, 1u64..100_000).prop_map(|(outstanding, think, patience)| {
            Pace::Closed { outstanding, think: Span(think), patience: Span(patience) }
        }),
    ];
    (pace, 1u32..40).prop_map(|(pace, total)| Workload { total: Some(total), ..Workload::new(pace) })
}

/// What a learner without plan might do: any action, possible or not.
pub fn any_action() -> impl Strategy<Value = Action> {
    let node = (0u16..5).prop_map(NodeId);
    prop_oneof![2 => any_passing_action(node.clone()), 1 => any_lasting_fault(node)]
}

fn any_passing_action(
    node: impl Strategy<Value = NodeId> + Clone + 'static,
) -> impl Strategy<Value = Action> {
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
        (node.clone(), 1u32..1_000).prop_map(|(node, percent)| Action::Slow(node, percent)),
        any_workload().prop_map(|spec| Action::Workload(Box::new(spec))),
        Just(Action::EndWorkload),
        (0u32..4).prop_map(Action::Arrive),
        Just(Action::Add),
        node.clone().prop_map(Action::Remove),
        node.clone().prop_map(|node| Action::Lie(node, "exaggerate".to_owned())),
        node.prop_map(Action::Honest),
        Just(Action::Skip("crash S1: S1 is already down".to_owned())),
    ]
}

/// Rules on links, and faults of processes, clocks and disks.
fn any_lasting_fault(node: impl Strategy<Value = NodeId> + Clone + 'static) -> impl Strategy<Value = Action> {
    let link = (node.clone(), node.clone());
    let kind = prop::sample::select(vec!["Beat", "answer", "Added", "Nothing"]);
    let how = prop_oneof![Just(Correction::Step), Just(Correction::Slew)];
    prop_oneof![
        (link.clone(), kind.clone()).prop_map(|((a, b), kind)| Action::DropAll(a, b, kind.to_owned())),
        (link.clone(), kind).prop_map(|((a, b), kind)| Action::LetThrough(a, b, kind.to_owned())),
        link.clone().prop_map(|(a, b)| Action::Hold(a, b)),
        link.clone().prop_map(|(a, b)| Action::Release(a, b)),
        (link.clone(), prop::option::of(1_000u64..100_000)).prop_map(|((a, b), bytes)| Action::Bandwidth(
            a,
            b,
            bytes.map(Bandwidth)
        )),
        node.clone().prop_map(Action::Kill),
        (node.clone(), -5_000_000i64..5_000_000).prop_map(|(node, by)| Action::Jump(node, by)),
        (link, how).prop_map(|((a, b), how)| Action::SyncClock(a, b, how)),
        (node.clone(), prop::option::of(0u64..20_000))
            .prop_map(|(node, latency)| Action::DiskLatency(node, latency.map(Span))),
        (node.clone(), 1u32..1_000).prop_map(|(node, percent)| Action::DiskSlow(node, percent)),
        (node.clone(), any::<bool>()).prop_map(|(node, full)| Action::DiskFull(node, full)),
        node.prop_map(Action::Corrupt),
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
