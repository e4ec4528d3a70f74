//! How many messages a transaction takes under two-phase commit.

use faultline_model::NodeId;
use faultline_sim::What;

use crate::drive::invoke;
use crate::{Arm, Axis, Basis, Curve, Drawn, Experiment, Mark, Results, Tolerance, Trial, Unit};

/// Participants, by arm.
const PARTICIPANTS: [u16; 4] = [2, 3, 5, 10];

/// What a trial measures.
const DECIDED: usize = 0;
const ACKNOWLEDGED: usize = 1;

/// The messages of two-phase commit.
pub static EXPERIMENT: Experiment = Experiment {
    slug: "two-phase-commit-messages",
    protocol: "two-phase-commit",
    title: "What a transaction costs under two-phase commit",
    about: "One transfer among n participants, nothing lost, everybody votes yes. Every message that arrives is \
            counted.",
    source: "Counted from the protocol; Jim Gray: Notes on Data Base Operating Systems. 1978",
    arms: &[Arm::once("n = 2"), Arm::once("n = 3"), Arm::once("n = 5"), Arm::once("n = 10")],
    measures: &["messages until all know the decision", "messages with acknowledgements"],
    trials: 1,
    seed: 1,
    trial: transfer,
    x: Axis::linear("participants", Unit::Count, (0.0, 10.0)),
    y: Axis::linear("messages", Unit::Count, (0.0, 40.0)),
    curves,
    references,
    claims: &[
        COUNTED.claim("n = 2: prepare, vote, decision", "3n = 6", 6.0, |results| decided(results, 0)),
        COUNTED.claim("n = 3: prepare, vote, decision", "3n = 9", 9.0, |results| decided(results, 1)),
        COUNTED.claim("n = 5: prepare, vote, decision", "3n = 15", 15.0, |results| decided(results, 2)),
        COUNTED.claim("n = 10: prepare, vote, decision", "3n = 30", 30.0, |results| decided(results, 3)),
        COUNTED.claim("n = 2: with acknowledgements", "4n = 8", 8.0, |results| acknowledged(results, 0)),
        COUNTED.claim("n = 3: with acknowledgements", "4n = 12", 12.0, |results| acknowledged(results, 1)),
        COUNTED.claim("n = 5: with acknowledgements", "4n = 20", 20.0, |results| acknowledged(results, 2)),
        COUNTED.claim("n = 10: with acknowledgements", "4n = 40", 40.0, |results| acknowledged(results, 3)),
    ],
};

/// The numbers of messages: counted from the protocol.
const COUNTED: Basis =
    Basis { oracle: "S19", tolerance: Tolerance::Exact, unit: Unit::Count, mark: Mark::C, place: "counted" };

fn decided(results: &Results, arm: usize) -> f64 {
    results.measure(arm, DECIDED).mean()
}

fn acknowledged(results: &Results, arm: usize) -> f64 {
    results.measure(arm, ACKNOWLEDGED).mean()
}

fn transfer(trial: &Trial<'_>) -> Vec<f64> {
    let participants = PARTICIPANTS[trial.arm];
    let mut world = trial.world("two-phase-commit", participants + 1, &[]);
    let names: Vec<String> = (1..=participants).map(|number| format!("P{number}")).collect();
    invoke(world.as_mut(), NodeId(0), &format!("transfer 1 {}", names.join(" ")));
    let (mut all, mut acks) = (0_u32, 0_u32);
    while let Some(event) = world.step() {
        if event.what == What::Delivered {
            all += 1;
            acks += u32::from(event.kind == "Ack");
        }
    }
    vec![f64::from(all - acks), f64::from(all)]
}

fn curves(results: &Results) -> Vec<Curve> {
    let curve = |(measure, name): (usize, &&str)| {
        let points = results.means(measure, PARTICIPANTS.map(f64::from));
        Curve::measured(name, measure, Drawn::Points, points)
    };
    EXPERIMENT.measures.iter().enumerate().map(curve).collect()
}

fn references() -> Vec<Curve> {
    let line = |(arm, times): (usize, f64)| {
        let name = format!("{times} n");
        let points = vec![(0.0, 0.0), (10.0, times * 10.0)];
        Curve::of_source(&name, Some(arm), Drawn::Line, points, ("counted", Mark::C))
    };
    [3.0, 4.0].into_iter().enumerate().map(line).collect()
}
