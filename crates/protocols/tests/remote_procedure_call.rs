//! The remote procedure call, run by the simulator: its golden scripts, and random runs with every fault.

use faultline_model::{Chance, Habitat, Latency, Params, Protocol, Span};
use faultline_protocols::remote_procedure_call::{BANK, RemoteProcedureCall};
use faultline_sim::{Action, AnyWorld, Disk, Setup, World};

#[expect(dead_code, reason = "each test binary uses its own part")]
mod golden;

#[test]
fn golden_scripts() {
    golden::play_all::<RemoteProcedureCall>(11);
}

/// A bank whose disk takes a while, that crashes again and again, on a network that loses and repeats.
fn storm(seed: u64, set: &[(&str, &str)]) -> World<RemoteProcedureCall> {
    let mut params = <RemoteProcedureCall as Protocol>::Params::default();
    let usual = [("clients", "3"), ("retries", "5"), ("execution", "15ms")];
    for (knob, value) in usual.iter().chain(set) {
        params.set(knob, value).unwrap();
    }
    let habitat = Habitat {
        latency: Latency::Exponential(Span::millis(30)),
        loss: Chance(150_000),
        duplication: Chance(150_000),
        disk: Span::millis(4),
        ..Habitat::default()
    };
    let cast = RemoteProcedureCall::cast(&params, 2);
    let clients: Vec<_> = cast.of_kind(faultline_model::Kind::Client).collect();
    let mut world = World::new(Setup { cast, params, habitat, seed });
    for round in 0..40 {
        let _ = world.apply(&Action::Invoke(clients[round % clients.len()], "credit 1".to_owned()));
        for _ in 0..10 {
            world.step();
        }
        if round % 4 == 3 {
            world.apply(&Action::Crash(BANK)).unwrap();
            world.apply(&Action::Restart(BANK, Disk::Kept)).unwrap();
        }
    }
    while world.step().is_some() {}
    world
}

#[test]
fn with_identifiers_on_disk_every_call_takes_effect_once_whatever_happens() {
    for seed in 0..60 {
        for threads in ["1", "3"] {
            let world = storm(seed, &[("threads", threads)]);
            assert_eq!(world.broken(None), None, "seed {seed}, {threads} threads");
            assert!(world.history().iter().all(|operation| operation.result.is_some()), "seed {seed}");
        }
    }
}

#[test]
fn without_them_or_in_memory_only_the_same_storms_execute_calls_twice() {
    for (dedup, least) in [("off", 55), ("memory", 30)] {
        let broken = (0..60)
            .filter(|&seed| storm(seed, &[("dedup", dedup)]).broken(Some("exactly-once-effect")).is_some());
        let count = broken.count();
        assert!(count >= least, "{dedup}: {count} of 60");
    }
}
