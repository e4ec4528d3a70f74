//! How many rounds a rumor takes until everybody knows, when nobody ever loses interest.

use faultline_model::NodeId;

use crate::drive::{epidemic, heard_in};
use crate::{Arm, Axis, Basis, Claim, Curve, Experiment, Mark, Results, Tolerance, Trial, Unit};

/// Sites and the way that updates go, by arm.
const ARMS: [(u16, &str); 5] =
    [(16, "push"), (64, "push"), (256, "push"), (1_000, "push"), (64, "push-pull")];

const PLACE: &str = "Doerr & Künnemann 2014, abstract; simulated";

/// Push, and push–pull for comparison.
pub static EXPERIMENT: Experiment = Experiment {
    slug: "gossip-rounds",
    protocol: "gossip",
    title: "Rounds until everybody knows",
    about: "One of n sites has news. Once a round everyone who knows tells one other, chosen at random, for ever; \
            with push–pull everyone also asks. Rounds are synchronous: what is heard in one is told in the next.",
    source: "Doerr, Künnemann: Tight Analysis of Randomized Rumor Spreading in Complete Graphs. 2014; Demers et \
             al.: Epidemic Algorithms for Replicated Database Maintenance. PODC 1987",
    arms: &[
        Arm::new("push, n = 16"),
        Arm::new("push, n = 64"),
        Arm::new("push, n = 256"),
        Arm::new("push, n = 1000"),
        Arm::new("push–pull, n = 64"),
    ],
    measures: &["rounds until all know"],
    trials: 1_000,
    seed: 1,
    trial: rounds,
    x: Axis::linear("rounds until all know", Unit::Count, (0.0, 25.0)),
    y: Axis::SHARE,
    curves,
    references: Vec::new,
    claims: &[
        ROUNDS.claim("push, n = 16", "7.43", 7.43, |results| results.of(0).mean()),
        ROUNDS.claim("push, n = 64", "11.20", 11.20, |results| results.of(1).mean()),
        ROUNDS.claim("push, n = 256", "14.64", 14.64, |results| results.of(2).mean()),
        ROUNDS.claim("push, n = 1000", "17.99", 17.99, |results| results.of(3).mean()),
        Claim {
            tolerance: Tolerance::Between(16.0, 20.7),
            mark: Mark::P,
            place: "Doerr & Künnemann 2014, abstract",
            ..ROUNDS.claim(
                "push, n = 1000: between the bounds of the theorem",
                "15 … 19.7 + o(1)",
                17.99,
                |results| results.of(3).mean(),
            )
        },
        Basis { oracle: "G3", ..ROUNDS }
            .claim("push–pull, n = 64", "5.98", 5.98, |results| results.of(4).mean()),
    ],
};

/// Rounds until everybody knows, as an independent simulation gave them.
const ROUNDS: Basis = Basis {
    oracle: "G4",
    tolerance: Tolerance::Within(0.13),
    unit: Unit::Number,
    mark: Mark::C,
    place: PLACE,
};

fn rounds(trial: &Trial<'_>) -> Vec<f64> {
    let (nodes, mode) = ARMS[trial.arm];
    let mut world = epidemic(trial, nodes, &[("mode", mode)]);
    let mut left = nodes - 1;
    let mut known = vec![false; usize::from(nodes)];
    known[NodeId(0).index()] = true;
    loop {
        let event = world.step().expect("nobody loses interest");
        if let Some(round) = heard_in(world.as_ref(), &event)
            && !std::mem::replace(&mut known[event.node.index()], true)
        {
            left -= 1;
            if left == 0 {
                return vec![round];
            }
        }
    }
}

fn curves(results: &Results) -> Vec<Curve> {
    Curve::distributions(EXPERIMENT.arms, results)
}
