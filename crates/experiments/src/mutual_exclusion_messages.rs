//! How many messages an entry into the critical section takes.

use faultline_model::NodeId;
use faultline_sim::What;

use crate::drive::invoke;
use crate::{Arm, Axis, Basis, Curve, Drawn, Experiment, Mark, Results, Tolerance, Trial, Unit};

/// Processes, by arm.
const PROCESSES: [u16; 4] = [2, 3, 5, 10];

/// What a trial measures.
const LAMPORT: usize = 0;
const RICART_AGRAWALA: usize = 1;
const ALGORITHMS: [&str; 2] = ["lamport", "ricart-agrawala"];

/// The messages of mutual exclusion.
pub static EXPERIMENT: Experiment = Experiment {
    slug: "mutual-exclusion-messages",
    protocol: "lamport-clocks",
    title: "What an entry into the critical section costs",
    about: "Every one of N processes enters and leaves once, one after the other, nothing lost. Every message that \
            arrives is counted and divided by the entries.",
    source: "Lamport: Time, Clocks, and the Ordering of Events in a Distributed System. 1978; Ricart, Agrawala: An \
             Optimal Algorithm for Mutual Exclusion in Computer Networks. 1981",
    arms: &[Arm::once("N = 2"), Arm::once("N = 3"), Arm::once("N = 5"), Arm::once("N = 10")],
    measures: &["messages per entry, Lamport", "messages per entry, Ricart and Agrawala"],
    trials: 1,
    seed: 1,
    trial: entries,
    x: Axis::linear("processes", Unit::Count, (0.0, 10.0)),
    y: Axis::linear("messages per entry", Unit::Count, (0.0, 30.0)),
    curves,
    references,
    claims: &[
        COUNTED
            .claim("N = 2: request, acknowledgement, release", "3(N − 1) = 3", 3.0, |all| lamport(all, 0)),
        COUNTED
            .claim("N = 3: request, acknowledgement, release", "3(N − 1) = 6", 6.0, |all| lamport(all, 1)),
        COUNTED.claim("N = 5: request, acknowledgement, release", "3(N − 1) = 12", 12.0, |all| {
            lamport(all, 2)
        }),
        COUNTED.claim("N = 10: request, acknowledgement, release", "3(N − 1) = 27", 27.0, |all| {
            lamport(all, 3)
        }),
        COUNTED.claim("N = 2: request, reply", "2(N − 1) = 2", 2.0, |all| ricart_agrawala(all, 0)),
        COUNTED.claim("N = 3: request, reply", "2(N − 1) = 4", 4.0, |all| ricart_agrawala(all, 1)),
        COUNTED.claim("N = 5: request, reply", "2(N − 1) = 8", 8.0, |all| ricart_agrawala(all, 2)),
        COUNTED.claim("N = 10: request, reply", "2(N − 1) = 18", 18.0, |all| ricart_agrawala(all, 3)),
    ],
};

/// The numbers of messages: those of the algorithms.
const COUNTED: Basis = Basis {
    oracle: "E19",
    tolerance: Tolerance::Exact,
    unit: Unit::Count,
    mark: Mark::R,
    place: "the algorithm",
};

fn lamport(results: &Results, arm: usize) -> f64 {
    results.measure(arm, LAMPORT).mean()
}

fn ricart_agrawala(results: &Results, arm: usize) -> f64 {
    results.measure(arm, RICART_AGRAWALA).mean()
}

fn entries(trial: &Trial<'_>) -> Vec<f64> {
    let processes = PROCESSES[trial.arm];
    let per_entry = |algorithm: &str| {
        let mut world = trial.world("lamport-clocks", processes, &[("algorithm", algorithm)]);
        let mut messages = 0_u32;
        for process in (0..processes).map(NodeId) {
            for op in ["request", "release"] {
                invoke(world.as_mut(), process, op);
                while let Some(event) = world.step() {
                    messages += u32::from(event.what == What::Delivered);
                }
            }
        }
        f64::from(messages) / f64::from(processes)
    };
    ALGORITHMS.into_iter().map(per_entry).collect()
}

fn curves(results: &Results) -> Vec<Curve> {
    let curve = |(measure, name): (usize, &&str)| {
        let points = results.means(measure, PROCESSES.map(f64::from));
        Curve::measured(name, measure, Drawn::Points, points)
    };
    EXPERIMENT.measures.iter().enumerate().map(curve).collect()
}

fn references() -> Vec<Curve> {
    let line = |(measure, times): (usize, f64)| {
        let name = format!("{times}(N − 1)");
        let points = vec![(1.0, 0.0), (10.0, times * 9.0)];
        Curve::of_source(&name, Some(measure), Drawn::Line, points, ("the algorithm", Mark::R))
    };
    [3.0, 2.0].into_iter().enumerate().map(line).collect()
}
