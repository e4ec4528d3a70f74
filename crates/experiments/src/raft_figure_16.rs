//! Raft Figure 16: how long a cluster is without a leader, for five ranges of election timeouts.

use faultline_model::{NodeId, Purpose, Span};
use faultline_sim::Action;

use crate::{Arm, Axis, Claim, Curve, Drawn, Experiment, Mark, Results, Tolerance, Trial, Unit};

/// When within a heartbeat interval the leader crashes.
const CRASH: Purpose = Purpose::new("figure 16 crash");

/// The election timeouts compared, milliseconds.
const TIMEOUTS: [(u64, u64); 5] = [(150, 150), (150, 151), (150, 155), (150, 200), (12, 24)];

/// A trial ends after so much simulated time without a leader, as the paper's axis does: "over 10 s".
const CAP: Span = Span::secs(10);

const EQUAL: usize = 0;
const ONE: usize = 1;
const FIVE: usize = 2;
const FIFTY: usize = 3;
const SHORT: usize = 4;

const TOP: &str = "Raft (extended) §9.3, Fig. 16 top";
const BOTTOM: &str = "Raft (extended) §9.3, Fig. 16 bottom";

/// Raft Figure 16.
pub static EXPERIMENT: Experiment = Experiment {
    slug: "raft-figure-16",
    protocol: "raft",
    title: "Raft Figure 16: the time without a leader",
    about: "The leader of five broadcasts a heartbeat and crashes within the next half of the shortest timeout; \
            two of the four others have logs too short to win. One way takes 2.75 ms ± 10 %, a disk write \
            9.5 ms: the paper gives only their sum, and the split decides the curves. A trial ends after 10 s.",
    source: "Diego Ongaro, John Ousterhout: In Search of an Understandable Consensus Algorithm (Extended \
             Version). 2014",
    arms: &[
        Arm::new("150–150 ms"),
        Arm::new("150–151 ms"),
        Arm::new("150–155 ms"),
        Arm::new("150–200 ms"),
        Arm::new("12–24 ms"),
    ],
    measures: &["time without a leader, ms"],
    trials: 1_000,
    seed: 1,
    trial: downtime,
    x: Axis::logarithmic("time without a leader", Unit::Millis, (10.0, 10_000.0)),
    y: Axis::SHARE,
    curves,
    references,
    claims: CLAIMS,
};

const CLAIMS: &[Claim] = &[
    Claim {
        oracle: "E1",
        what: "150–150 ms: elections that take longer than 10 s",
        printed: "> 10 s",
        expected: 1.0,
        tolerance: Tolerance::Between(0.95, 1.0),
        unit: Unit::Share,
        mark: Mark::P,
        place: TOP,
        measured: |results| results.of(EQUAL).share(|millis| millis >= CAP.0 as f64 / 1_000.0),
    },
    Claim {
        oracle: "E5",
        what: "150–151 ms: median (the paper’s curve; the number is our own simulation’s)",
        printed: "3.7 s",
        expected: 3_700.0,
        tolerance: Tolerance::Between(2_500.0, 5_000.0),
        unit: Unit::Millis,
        mark: Mark::C,
        place: TOP,
        measured: |results| results.of(ONE).median(),
    },
    Claim {
        oracle: "E2",
        what: "150–155 ms: median",
        printed: "287 ms",
        expected: 287.0,
        tolerance: Tolerance::Between(270.0, 305.0),
        unit: Unit::Millis,
        mark: Mark::P,
        place: TOP,
        measured: |results| results.of(FIVE).median(),
    },
    Claim {
        oracle: "E3",
        what: "150–200 ms: worst of 1000",
        printed: "513 ms",
        expected: 513.0,
        tolerance: Tolerance::Between(360.0, 700.0),
        unit: Unit::Millis,
        mark: Mark::P,
        place: TOP,
        measured: |results| results.of(FIFTY).worst(),
    },
    Claim {
        oracle: "E6",
        what: "150–200 ms: shortest, about half of the shortest timeout",
        printed: "75 ms",
        expected: 75.0,
        tolerance: Tolerance::Between(75.0, 100.0),
        unit: Unit::Millis,
        mark: Mark::P,
        place: "Raft (extended) §9.3",
        measured: |results| results.of(FIFTY).least(),
    },
    Claim {
        oracle: "E4",
        what: "12–24 ms: mean",
        printed: "35 ms",
        expected: 35.0,
        tolerance: Tolerance::Between(32.0, 48.0),
        unit: Unit::Millis,
        mark: Mark::P,
        place: BOTTOM,
        measured: |results| results.of(SHORT).mean(),
    },
    Claim {
        oracle: "E4",
        what: "12–24 ms: worst of 1000",
        printed: "152 ms",
        expected: 152.0,
        tolerance: Tolerance::Between(110.0, 200.0),
        unit: Unit::Millis,
        mark: Mark::P,
        place: BOTTOM,
        measured: |results| results.of(SHORT).worst(),
    },
];

/// How long the cluster is without a leader, milliseconds; at most [`CAP`].
fn downtime(trial: &Trial<'_>) -> Vec<f64> {
    let (min, max) = TIMEOUTS[trial.arm];
    let heartbeat = min / 2;
    let mut world = trial.world(
        "raft",
        5,
        &[
            ("start", "shorter-logs"),
            ("clients", "0"),
            ("election-min", &format!("{min}ms")),
            ("election-max", &format!("{max}ms")),
            ("heartbeat", &format!("{heartbeat}ms")),
            ("latency", "uniform 2475us 3025us"),
            ("disk", "9500us"),
        ],
    );
    // The synchronized heartbeat leaves, and the leader is gone. Nothing that happens before the first
    // timeout depends on when: the crash is drawn afterwards, and the wait until then taken off.
    world.step();
    world.apply(&Action::Crash(NodeId(0))).expect("S1 leads");
    let crash = trial.draw(CRASH, 0).between(0, heartbeat * 1_000);
    let end = crash + CAP.0;
    while let Some(event) = world.step() {
        if event.at.0 >= end {
            break;
        }
        if world.measures().iter().any(|measure| measure.series == "leader") {
            debug_assert!(event.node.0 <= 2, "the logs of S4 and S5 are too short to win");
            return vec![(event.at.0 - crash) as f64 / 1_000.0];
        }
    }
    vec![CAP.0 as f64 / 1_000.0]
}

fn curves(results: &Results) -> Vec<Curve> {
    let curve = |(arm, name): (usize, &Arm)| {
        let mut points = results.of(arm).distribution(250);
        // Those that were stopped have not found a leader.
        points.retain(|point| point.0 < CAP.0 as f64 / 1_000.0);
        Curve::measured(name.name, arm, Drawn::Steps, points)
    };
    EXPERIMENT.arms.iter().enumerate().map(curve).collect()
}

/// The points of its curves that the paper's text states.
fn references() -> Vec<Curve> {
    let stated = |name: &str, arm, point, place| {
        Curve::of_source(name, Some(arm), Drawn::Points, vec![point], (place, Mark::P))
    };
    vec![
        stated("the paper’s median, 150–155 ms", FIVE, (287.0, 0.5), TOP),
        stated("the paper’s worst, 150–200 ms", FIFTY, (513.0, 1.0), TOP),
        stated("the paper’s worst, 12–24 ms", SHORT, (152.0, 1.0), BOTTOM),
    ]
}
