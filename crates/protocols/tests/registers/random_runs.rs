//! Thousands of runs with faults: the promises hold, and what is called moot is.

use std::collections::BTreeSet;

use faultline_model::{Draw, MsgId, NodeId, Params, Protocol, Purpose};
use faultline_protocols::abd_register::AbdRegister;
use faultline_protocols::quorum_register::QuorumRegister;
use faultline_sim::{Action, AnyWorld, Disk, Setup, World};

const CHAOS: Purpose = Purpose::new("chaos of the registers' tests");

/// A world in which anything happens in any order.
struct Chaos<P: Protocol> {
    world: World<P>,
    seed: u64,
    ordinal: u64,
    values: u32,
}

impl<P: Protocol> Chaos<P> {
    fn new(seed: u64, set: &[(&str, &str)]) -> Chaos<P> {
        let mut params = P::Params::default();
        for (knob, value) in set {
            params.set(knob, value).expect("a knob");
        }
        let cast = P::cast(&params, 3);
        let world = World::new(Setup { cast, params, habitat: P::habitat(), seed });
        Chaos { world, seed, ordinal: 0, values: 0 }
    }

    /// Mostly what is enabled, in any order; now and then a request or a fault.
    fn step(&mut self) {
        self.ordinal += 1;
        let mut draw = Draw::new(self.seed, CHAOS, 0, self.ordinal);
        let nodes = self.world.cast().len() as u64;
        let node = NodeId(draw.between(0, nodes - 1) as u16);
        let enabled = self.world.enabled();
        let any = |draw: &mut Draw, from: &[Action]| {
            (!from.is_empty()).then(|| from[draw.between(0, from.len() as u64 - 1) as usize].clone())
        };
        let (fires, others): (Vec<_>, Vec<_>) =
            enabled.into_iter().partition(|action| matches!(action, Action::Fire(..)));
        let action = match draw.between(0, 99) {
            0..12 => {
                self.values += 1;
                let write = draw.between(0, 2) == 0;
                let op = if write { format!("write x=v{}", self.values) } else { "read x".to_owned() };
                Some(Action::Invoke(node, op))
            }
            12..15 => Some(Action::Crash(node)),
            15..24 => Some(Action::Restart(node, Disk::Kept)),
            24..30 => any(&mut draw, &fires),
            30..33 => match any(&mut draw, &others) {
                Some(Action::Deliver(msg)) => Some(Action::Drop(msg)),
                other => other,
            },
            33..36 => match any(&mut draw, &others) {
                Some(Action::Deliver(msg)) => Some(Action::Duplicate(msg)),
                other => other,
            },
            _ => any(&mut draw, &others),
        };
        if let Some(action) = action {
            // A node that is down cannot crash, and so on: then nothing happens.
            let _ = self.world.apply(&action);
        }
    }

    fn answered(&self) -> usize {
        self.world.history().iter().filter(|op| op.result.as_deref().is_some_and(|r| r != "refused")).count()
    }
}

fn promise_holds<P: Protocol>(set: &[(&str, &str)], promise: Option<&str>) {
    let mut answered = 0;
    for seed in 0..300 {
        let mut chaos = Chaos::<P>::new(seed, set);
        for _ in 0..400 {
            chaos.step();
            assert_eq!(chaos.world.broken(promise), None, "{set:?}, seed {seed}, step {}", chaos.ordinal);
        }
        answered += chaos.answered();
    }
    assert!(answered > 1_000, "{set:?}: only {answered} operations were answered");
}

/// How many of 300 runs break a promise.
fn breaks<P: Protocol>(set: &[(&str, &str)], promise: &str) -> usize {
    let broken = |seed: &u64| {
        let mut chaos = Chaos::<P>::new(*seed, set);
        (0..400).for_each(|_| chaos.step());
        chaos.world.broken(Some(promise)).is_some()
    };
    (0..300).filter(broken).count()
}

#[test]
fn abd_is_one_register_whatever_happens() {
    promise_holds::<AbdRegister>(&[], None);
    promise_holds::<AbdRegister>(&[("writers", "2")], None);
}

#[test]
fn strict_quorums_that_overlap_read_nothing_stale_whatever_happens() {
    promise_holds::<QuorumRegister>(&[], Some("no-stale-read"));
    promise_holds::<QuorumRegister>(&[("r", "1"), ("w", "3")], Some("no-stale-read"));
    promise_holds::<QuorumRegister>(&[("writers", "2"), ("clients", "3")], Some("no-stale-read"));
}

#[test]
fn what_is_switched_off_is_missed() {
    assert!(breaks::<AbdRegister>(&[("write-back", "off")], "linearizable") > 0);
    assert!(breaks::<QuorumRegister>(&[("r", "1"), ("w", "1")], "no-stale-read") > 0);
    assert!(breaks::<QuorumRegister>(&[("strict-quorum", "off")], "no-stale-read") > 0);
    assert!(breaks::<QuorumRegister>(&[("clients", "4"), ("read-repair", "off")], "linearizable") > 0);
}

/// The messages that are said to be moot now.
fn moot<P: Protocol>(world: &World<P>) -> BTreeSet<MsgId> {
    let global = world.global();
    let is_moot = |from, to, msg| P::is_moot(msg, from, to, &|node| global.node(node));
    let all = global.in_flight().filter(|&(_, from, to, msg)| is_moot(from, to, msg));
    all.map(|(id, ..)| id).collect()
}

/// Moot messages stay moot; to deliver one changes no node and sends only messages that are moot.
fn moot_messages_make_no_difference<P: Protocol>(set: &[(&str, &str)]) {
    let mut seen = 0;
    for seed in 0..60 {
        let mut chaos = Chaos::<P>::new(seed, set);
        let mut before = BTreeSet::new();
        for step in 0..300 {
            chaos.step();
            let now = moot(&chaos.world);
            let at = format!("{set:?}, seed {seed}, step {step}");
            let in_flight: BTreeSet<MsgId> = chaos.world.global().in_flight().map(|(id, ..)| id).collect();
            let revived: Vec<_> = before.intersection(&in_flight).filter(|&id| !now.contains(id)).collect();
            assert!(revived.is_empty(), "{at}: {revived:?} matter again");
            for &msg in &now {
                let mut after = chaos.world.clone();
                after.apply(&Action::Deliver(msg)).expect("it is in flight");
                for (node, _) in chaos.world.cast().iter() {
                    let states =
                        [&chaos.world, &after].map(|world| format!("{:?}", world.global().node(node)));
                    assert_eq!(states[0], states[1], "{at}: {msg:?} changes a node");
                }
                assert_eq!(chaos.world.history(), after.history(), "{at}");
                let still = moot(&after);
                let sent = after.global().in_flight().map(|(id, ..)| id).filter(|id| !in_flight.contains(id));
                assert!(sent.into_iter().all(|id| still.contains(&id)), "{at}: {msg:?} causes what matters");
                seen += 1;
            }
            before = now;
        }
    }
    assert!(seen > 1_000, "{set:?}: only {seen}");
}

#[test]
fn what_is_moot_makes_no_difference_then_or_later() {
    moot_messages_make_no_difference::<AbdRegister>(&[]);
    moot_messages_make_no_difference::<AbdRegister>(&[("writers", "2"), ("write-back", "off")]);
    moot_messages_make_no_difference::<QuorumRegister>(&[]);
    moot_messages_make_no_difference::<QuorumRegister>(&[("strict-quorum", "off"), ("writers", "2")]);
}
