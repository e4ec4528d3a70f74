//! Faultline's search beside stateright's: the same models, one thread each, every state within the same
//! bounds. Each measurement is a process of its own, so that its memory can be told.
//!
//! The models are two-phase commit as Gray and Lamport specify it, and Paxos with one decree, two proposers
//! with one ballot each and three acceptors. That both see as many distinct states shows that they are the
//! same.

mod paxos;
#[path = "../../crates/check/tests/tla/mod.rs"]
mod tla;
mod two_phase;

use std::process::Command;

use faultline_check::{Bounds, Request, Search, Verdict};
use faultline_model::{NodeId, Params, Protocol};
use faultline_protocols::paxos::{Knobs, Paxos};
use faultline_sim::{AnyWorld, Setup, World};
use stateright::{Checker, Model};

/// How many resource managers: 4⁷ + 6⁷ + 2⁷ states.
const MANAGERS: u64 = 7;

const MEASURED: [(&str, fn() -> u64); 6] = [
    ("two-phase commit   faultline", || {
        ours(&tla::world(MANAGERS, tla::Managers::ByNumber), "consistent", two_phase_bounds())
    }),
    ("two-phase commit   stateright", || theirs(two_phase::TwoPhase { managers: MANAGERS as usize })),
    ("paxos              faultline", || ours(&our_paxos(), "agreement", paxos_bounds())),
    ("paxos              faultline, sleep sets", || asleep(&our_paxos(), "agreement", paxos_bounds())),
    ("paxos              stateright", || theirs(paxos::model())),
    ("paxos              faultline, symmetry", || {
        ours(&our_paxos(), "agreement", Bounds { symmetry: true, ..paxos_bounds() })
    }),
];

fn main() {
    if let Some(place) = std::env::args().nth(1) {
        let place: usize = place.parse().expect("a place in the list");
        return measure(place);
    }
    let this = std::env::current_exe().expect("this program");
    for place in 0..MEASURED.len() {
        let done = Command::new(&this).arg(place.to_string()).status().expect("it runs");
        assert!(done.success());
    }
}

fn measure(place: usize) {
    let (name, search) = MEASURED[place];
    let states = search();
    let seconds = processor_seconds();
    let rate = states as f64 / seconds;
    println!(
        "{name:<42} {states:>8} states {seconds:>7.2} s {rate:>10.0} states/s {:>5} MiB",
        peak_mebibytes()
    );
}

/// How long processors have worked for this process, in user and system mode; Linux counts hundredths.
fn processor_seconds() -> f64 {
    let said = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = said.rsplit(')').next().unwrap_or_default();
    let ticks = |field: usize| after_name.split_whitespace().nth(field)?.parse::<f64>().ok();
    // utime and stime are fields 14 and 15 of proc(5), the name being the second.
    (ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) / 100.0
}

/// The most memory that this process has had, where the system says so.
fn peak_mebibytes() -> u64 {
    let said = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = said.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kibibytes| kibibytes.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn finish(mut search: Search) -> u64 {
    assert_eq!(search.finish(), &Verdict::Exhausted);
    assert!(!search.cut_off());
    search.progress().states.into()
}

fn ours(world: &dyn AnyWorld, property: &str, bounds: Bounds) -> u64 {
    finish(Search::new(world, Some(property), bounds).expect("it can be searched"))
}

fn asleep(world: &dyn AnyWorld, property: &str, bounds: Bounds) -> u64 {
    finish(Search::new(world, Some(property), bounds).expect("it can be searched").sleeping())
}

fn theirs<M>(model: M) -> u64
where
    M: Model + Send + Sync + 'static,
    M::State: Clone + std::hash::Hash + std::fmt::Debug + PartialEq + Send + Sync + 'static,
    M::Action: Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static,
{
    let checker = model.checker().threads(1).spawn_bfs().join();
    checker.assert_properties();
    checker.unique_state_count() as u64
}

fn two_phase_bounds() -> Bounds {
    Bounds { timeouts: u8::MAX, depth: 3 * MANAGERS as u32 + 2, ..Bounds::default() }
}

fn our_paxos() -> World<Paxos> {
    let mut params = Knobs::default();
    for (knob, value) in [("learners", "0"), ("reject", "off")] {
        params.set(knob, value).expect("a knob of Paxos");
    }
    World::new(Setup { cast: Paxos::cast(&params, 3), params, habitat: Paxos::habitat(), seed: 1 })
}

fn paxos_bounds() -> Bounds {
    let request = |(node, op): (u16, &str)| Request { node: NodeId(node), op: op.to_owned() };
    let requests = [(3, "propose A"), (4, "propose B")].map(request).to_vec();
    Bounds { timeouts: 0, requests, ..Bounds::default() }
}
