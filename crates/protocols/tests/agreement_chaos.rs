//! Two-phase commit, Paxos and the lease lock under faults of every kind, with disks that take their time:
//! what each promises always holds, and with a rule off the same runs break it.

use faultline_model::{Chance, Draw, Habitat, Latency, NodeId, Params, Protocol, Purpose, Span};
use faultline_protocols::lease_lock::LeaseLock;
use faultline_protocols::paxos::Paxos;
use faultline_protocols::two_phase_commit::TwoPhaseCommit;
use faultline_sim::{Action, AnyWorld, Disk, Setup, World};

const CHAOS: Purpose = Purpose::new("chaos of agreement");
const SEEDS: u64 = 600;

/// How one run of chaos went.
#[derive(Default)]
struct Tally {
    /// Runs in which each of the asked-for properties was broken.
    broken: Vec<u32>,
    /// Operations that got the answer that was asked for.
    answered: u32,
}

fn world<P: Protocol>(seed: u64, nodes: usize, set: &[(&str, &str)]) -> World<P> {
    let mut params = P::Params::default();
    for (knob, value) in set {
        params.set(knob, value).expect("a knob of the protocol");
    }
    let habitat = Habitat {
        latency: Latency::Exponential(Span::millis(15)),
        loss: Chance(30_000),
        duplication: Chance(50_000),
        fifo: false,
        disk: Span(seed % 3 * 10_000),
        ..Habitat::default()
    };
    World::new(Setup { cast: P::cast(&params, nodes), params, habitat, seed })
}

/// A fault or an operation. Disks are kept: no protocol promises anything without them.
fn act<P: Protocol>(world: &World<P>, draw: &mut Draw, operations: &[String]) -> Action {
    let nodes = world.cast().len() as u64;
    let mut node = || NodeId(draw.between(0, nodes - 1) as u16);
    let (one, two) = (node(), node());
    match draw.between(0, 19) {
        0 | 1 => Action::Crash(one),
        2..=4 => Action::Restart(one, Disk::Kept),
        5 => Action::Pause(one),
        6 | 7 => Action::Resume(one),
        8 => Action::Cut(one, two),
        9 | 10 => Action::HealAll,
        11 => Action::Drift(one, draw.between(0, 800_000) as i32 - 400_000),
        _ => {
            let place = draw.between(0, operations.len() as u64 - 1) as usize;
            let (who, op) = operations[place].split_once(": ").expect("a node and an operation");
            Action::Invoke(world.cast().find(who).expect("a node"), op.to_owned())
        }
    }
}

/// Lets up to 60 ms pass, and shows the world after every event.
fn a_while<P: Protocol>(world: &mut World<P>, draw: &mut Draw, mut see: impl FnMut(&World<P>)) {
    let until = world.now() + Span(draw.between(1_000, 60_000));
    while world.next_due().is_some_and(|due| due <= until) {
        world.step();
        see(world);
    }
    world.wait(until);
}

/// 600 seeds of 200 faults and operations each, in about six seconds.
fn chaos<P: Protocol>(
    nodes: usize,
    set: &[(&str, &str)],
    operations: &[&str],
    properties: &[&str],
    answer: &str,
) -> Tally {
    let operations: Vec<String> = operations.iter().map(|op| (*op).to_owned()).collect();
    let mut tally = Tally { broken: vec![0; properties.len()], answered: 0 };
    for seed in 0..SEEDS {
        let mut world = world::<P>(seed, nodes, set);
        let mut broken = vec![false; properties.len()];
        for ordinal in 0..200 {
            let mut draw = Draw::new(seed, CHAOS, 0, ordinal);
            a_while(&mut world, &mut draw, |world| {
                for (place, property) in properties.iter().enumerate() {
                    broken[place] |= world.broken(Some(property)).is_some();
                }
            });
            let _ = world.apply(&act(&world, &mut draw, &operations));
        }
        for (total, once) in tally.broken.iter_mut().zip(broken) {
            *total += u32::from(once);
        }
        let got = |operation: &faultline_sim::Operation| {
            operation.result.as_ref().is_some_and(|result| result.starts_with(answer))
        };
        tally.answered += world.history().iter().filter(|operation| got(operation)).count() as u32;
    }
    println!("{} {set:?}: broken {:?}, {} answered {answer}", P::ABOUT.slug, tally.broken, tally.answered);
    tally
}

const TRANSFERS: [&str; 4] =
    ["C: transfer 5 P1 P2", "C: transfer 7 P2 P3", "C: transfer 3 P3 P1 P2", "C: transfer 200 P2 P1"];

#[test]
fn two_phase_commit_is_atomic_and_keeps_the_money_together() {
    for set in [("cooperative", "off"), ("cooperative", "on"), ("coordinators", "3")] {
        let set = [set];
        let properties = ["atomic-commit", "conservation", "non-blocking"];
        let tally = chaos::<TwoPhaseCommit>(4, &set, &TRANSFERS, &properties, "committed");
        assert_eq!(tally.broken[..2], [0, 0]);
        assert!(tally.broken[2] > 0, "it blocks");
        assert!(tally.answered > 200, "only {} transfers were committed", tally.answered);
    }
}

#[test]
fn each_rule_of_two_phase_commit_is_needed() {
    for rule in ["wait-for-decision", "log-vote", "log-decision"] {
        for coordinators in ["1", "3"] {
            let set = [(rule, "off"), ("coordinators", coordinators)];
            let tally = chaos::<TwoPhaseCommit>(4, &set, &TRANSFERS, &["atomic-commit"], "committed");
            assert!(tally.broken[0] > 0, "{rule} with {coordinators} coordinators");
        }
    }
}

const PROPOSALS: [&str; 3] = ["P1: propose A", "P2: propose B", "P3: propose C"];
const CHOSEN: [&str; 4] = ["agreement", "validity", "learned-is-chosen", "chosen-value-stays"];

#[test]
fn paxos_chooses_one_value() {
    for nodes in [3, 5] {
        let set = [("proposers", "3"), ("learners", "2")];
        let tally = chaos::<Paxos>(nodes, &set, &PROPOSALS, &CHOSEN, "");
        assert_eq!(tally.broken, [0, 0, 0, 0]);
        assert!(tally.answered > 200, "only {} were answered", tally.answered);
    }
}

#[test]
fn each_rule_of_paxos_is_needed() {
    for rule in ["adopt-highest", "keep-promise", "persist-acceptor"] {
        let set = [("proposers", "3"), ("learners", "2"), (rule, "off")];
        let tally = chaos::<Paxos>(3, &set, &PROPOSALS, &CHOSEN, "");
        assert!(tally.broken[0] > 0, "{rule}");
    }
}

/// A client that does not hold the lock does not write, so it is asked to more often.
const LOCKED: [&str; 14] = [
    "C1: lock",
    "C1: lock",
    "C1: write red",
    "C1: write amber",
    "C1: write rose",
    "C1: write ruby",
    "C1: unlock",
    "C2: lock",
    "C2: lock",
    "C2: write blue",
    "C2: write teal",
    "C2: write navy",
    "C2: write cyan",
    "C2: unlock",
];

#[test]
fn fencing_keeps_effects_apart_and_not_beliefs() {
    let properties = ["exclusion-of-effect", "exclusion-of-belief"];
    for (fencing, renew) in [("on", "0s"), ("on", "150ms"), ("off", "0s")] {
        let set = [("lease", "500ms"), ("retry", "50ms"), ("renew", renew), ("fencing", fencing)];
        let tally = chaos::<LeaseLock>(2, &set, &LOCKED, &properties, "ok");
        assert_eq!(tally.broken[0] > 0, fencing == "off", "fencing {fencing}: {:?}", tally.broken);
        assert!(tally.broken[1] > 0, "clocks drift and clients pause, so beliefs overlap");
        assert!(tally.answered > 200, "only {} were ok", tally.answered);
    }
}

/// With clocks alike and nobody paused, leases do what they are for.
#[test]
fn beliefs_do_not_overlap_while_clocks_are_alike_and_nobody_stands_still() {
    for seed in 0..SEEDS {
        let mut world = world::<LeaseLock>(seed, 2, &[("lease", "500ms"), ("retry", "50ms")]);
        let operations = LOCKED.map(str::to_owned);
        for ordinal in 0..200 {
            let mut draw = Draw::new(seed, CHAOS, 1, ordinal);
            a_while(&mut world, &mut draw, |world| {
                assert_eq!(world.broken(None), None, "seed {seed}");
            });
            let action = act(&world, &mut draw, &operations);
            if !matches!(action, Action::Pause(_) | Action::Drift(..)) {
                let _ = world.apply(&action);
            }
        }
    }
}
