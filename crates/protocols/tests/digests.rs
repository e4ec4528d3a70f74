//! The same seed gives the same trace digest natively and in WebAssembly.
//!
//! The same test runs in both: 200 seeds of every protocol, each with faults of every kind, against
//! pinned digests. A change of a digest breaks shared links: it belongs in the change log.

use faultline_model::{
    Chance, Draw, Habitat, Latency, NodeId, OpForm, Protocol, Purpose, Span, StableHasher,
};
use faultline_sim::{Action, AnyWorld, Disk, Setup, World};

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const CHAOS: Purpose = Purpose::new("chaos of the digest test");
const SEEDS: u64 = 200;
const EVENTS: u32 = 1_500;

/// Every kind of fault, chosen by keyed draws, on a network that uses every distribution in turn.
fn digest<P: Protocol>(seed: u64) -> u64 {
    let params = P::Params::default();
    let latency = match seed % 5 {
        0 => Latency::Constant(Span::millis(10)),
        1 => Latency::Uniform(Span::millis(3), Span::millis(30)),
        2 => Latency::Normal(Span::millis(10), Span::millis(4)),
        3 => Latency::Exponential(Span::millis(10)),
        _ => Latency::Pareto(Span::millis(4), 1_800),
    };
    let habitat = Habitat {
        latency,
        loss: Chance(20_000),
        duplication: Chance(20_000),
        fifo: seed.is_multiple_of(2),
        disk: Span(seed % 3 * 2_500),
        ..Habitat::default()
    };
    let cast = P::cast(&params, P::default_nodes());
    let mut world = World::<P>::new(Setup { cast, params, habitat, seed });
    let mut ordinal = 0;
    while world.events() < EVENTS {
        ordinal += 1;
        let mut draw = Draw::new(seed, CHAOS, 0, ordinal);
        for _ in 0..draw.between(1, 40) {
            if world.step().is_none() {
                break;
            }
        }
        let _ = world.apply(&fault::<P>(&world, &mut draw));
        if ordinal > u64::from(EVENTS) {
            break;
        }
    }
    world.digest()
}

fn fault<P: Protocol>(world: &World<P>, draw: &mut Draw) -> Action {
    let nodes = world.cast().len() as u64;
    let mut node = || NodeId(draw.between(0, nodes - 1) as u16);
    let (one, two) = (node(), node());
    let message = world.enabled().into_iter().find_map(|action| match action {
        Action::Deliver(msg) => Some(msg),
        _ => None,
    });
    let operation = |form: &OpForm| form.example.clone();
    match (draw.between(0, 15), message) {
        (0, Some(msg)) => Action::Drop(msg),
        (1, Some(msg)) => Action::Duplicate(msg),
        (2, Some(msg)) => Action::Delay(msg, Span(draw.between(0, 50_000))),
        (3, Some(msg)) => Action::Deliver(msg),
        (4, _) => Action::Crash(one),
        (5, _) => Action::Restart(one, Disk::Kept),
        (6, _) => Action::Restart(one, Disk::Empty),
        (7, _) => Action::Pause(one),
        (8, _) => Action::Resume(one),
        (9, _) => Action::Cut(one, two),
        (10, _) => Action::HealAll,
        (11, _) => Action::Skew(one, draw.between(0, 10_000_000) as i64 - 5_000_000),
        (12, _) => Action::Drift(one, draw.between(0, 1_000_000) as i32 - 500_000),
        (13, _) => Action::Slow(one, draw.between(50, 400) as u32),
        _ => {
            let forms = P::operations(world.cast().kind(one));
            let text = forms.get(draw.between(0, 7) as usize % forms.len().max(1)).map(operation);
            Action::Invoke(one, text.unwrap_or_default())
        }
    }
}

/// One digest of all digests.
fn digest_of_all<P: Protocol>() -> String {
    let mut all = StableHasher::new();
    for seed in 0..SEEDS {
        all.word(digest::<P>(seed));
    }
    format!("{:016x}", all.state())
}

macro_rules! pinned {
    ($($test:ident: $protocol:ty = $digest:literal;)+) => {$(
        #[cfg_attr(not(target_arch = "wasm32"), test)]
        #[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
        fn $test() {
            assert_eq!(digest_of_all::<$protocol>(), $digest);
        }
    )+};
}

pinned! {
    lamport_clocks: faultline_protocols::lamport_clocks::LamportClocks = "ffbc3705babe8d10";
    dynamo_versions: faultline_protocols::dynamo_versions::DynamoVersions = "99af1dba1aa17b4c";
    causal_broadcast: faultline_protocols::causal_broadcast::CausalBroadcast = "1eab2fb742bb6f14";
    snapshot: faultline_protocols::snapshot::Snapshot = "3cfb4500e0d12c9e";
    unreliable_link: faultline_protocols::unreliable_link::UnreliableLink = "73b281ca6f3341d9";
    remote_procedure_call: faultline_protocols::remote_procedure_call::RemoteProcedureCall = "32d3331f65accccc";
    request_chain: faultline_protocols::request_chain::RequestChain = "16752c11bc91ce6a";
    heartbeat_monitor: faultline_protocols::heartbeat_monitor::HeartbeatMonitor = "eeab72e8f72cbf06";
    failure_detector: faultline_protocols::failure_detector::FailureDetector = "dc5e45904361a8fc";
    swim: faultline_protocols::swim::Swim = "9919df693e523a39";
    gossip: faultline_protocols::gossip::Gossip = "40d2f412949d3940";
    clock_synchronisation: faultline_protocols::clock_synchronisation::ClockSynchronisation = "5befcf45500e1256";
    last_writer_wins: faultline_protocols::last_writer_wins::LastWriterWins = "51b1f4c766532140";
    lease_lock: faultline_protocols::lease_lock::LeaseLock = "e5cc3a235944bc3e";
    paxos: faultline_protocols::paxos::Paxos = "2ac34454bb99f92f";
    raft: faultline_protocols::raft::Raft = "3aa1affab5ebbd76";
    two_phase_commit: faultline_protocols::two_phase_commit::TwoPhaseCommit = "18b9c48d23ec3917";
    abd_register: faultline_protocols::abd_register::AbdRegister = "8ae7d7b57310989f";
    state_machine: faultline_protocols::state_machine::Replica = "3b5875a777feaf18";
    ben_or: faultline_protocols::ben_or::Process = "010f30fa84cf37ee";
    quorum_register: faultline_protocols::quorum_register::QuorumRegister = "d75c0874eee0c651";
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn different_seeds_give_different_traces() {
    let digests: std::collections::BTreeSet<u64> =
        (0..SEEDS).map(digest::<faultline_protocols::unreliable_link::UnreliableLink>).collect();
    assert_eq!(digests.len() as u64, SEEDS);
}
