//! The dissertation's §9.2 and §9.3: how often votes are split, and what that costs.

use faultline_model::{NodeId, Purpose};
use faultline_sim::Action;

use crate::{Arm, Axis, Claim, Curve, Drawn, Experiment, Mark, Results, Tolerance, Trial, Unit};

/// Servers, those of them that are up, and the one-way latency as thousandths of the range of timeouts.
struct Cluster {
    servers: u16,
    up: u16,
    latency: u16,
}

impl Cluster {
    fn is_like(&self, other: &Cluster) -> bool {
        (self.servers, self.up) == (other.servers, other.up)
    }

    /// The latency as a share.
    fn share(&self) -> f64 {
        f64::from(self.latency) / 1_000.0
    }
}

const fn cluster(servers: u16, up: u16, latency: u16) -> Cluster {
    Cluster { servers, up, latency }
}

const CLUSTERS: [Cluster; 9] = [
    cluster(5, 4, 10),
    cluster(5, 4, 100),
    cluster(5, 4, 200),
    cluster(5, 3, 200),
    cluster(7, 6, 200),
    cluster(9, 7, 200),
    cluster(9, 6, 200),
    cluster(9, 5, 200),
    cluster(9, 5, 100),
];

/// The rarest outcome needs a hundred thousand trials to be seen at all.
const RARE: u32 = 100;

/// When within a heartbeat interval, half of the shortest timeout, the leader crashes.
const CRASH: Purpose = Purpose::new("crash within a heartbeat interval");

/// What a trial measures.
const TERMS: usize = 0;
const TIME: usize = 1;

const RATES: &str = "Ongaro (dissertation) §9.2";

/// How often votes are split.
pub static EXPERIMENT: Experiment = Experiment {
    slug: "raft-split-votes",
    protocol: "raft",
    title: "How often votes are split, and what it costs",
    about: "Some servers of a cluster are down, all logs are alike, timeouts are drawn from 1 to 2 s, every \
            message takes equally long. Votes are split when the first term has no leader. Times count from \
            a crash within the next half of the shortest timeout, in units of that timeout.",
    source: "Diego Ongaro: Consensus: Bridging Theory and Practice (dissertation). 2014",
    arms: &[
        Arm::times("4 of 5 up, latency 1 %", RARE),
        Arm::new("4 of 5 up, latency 10 %"),
        Arm::new("4 of 5 up, latency 20 %"),
        Arm::new("3 of 5 up, latency 20 %"),
        Arm::new("6 of 7 up, latency 20 %"),
        Arm::new("7 of 9 up, latency 20 %"),
        Arm::new("6 of 9 up, latency 20 %"),
        Arm::new("5 of 9 up, latency 20 %"),
        Arm::new("5 of 9 up, latency 10 %"),
    ],
    measures: &["terms until there is a leader", "time until there is a leader, in shortest timeouts"],
    trials: 1_000,
    seed: 1,
    trial: election,
    x: Axis::linear("one-way latency, as a share of the range", Unit::Share, (0.0, 0.4)),
    y: Axis::linear("elections with split votes", Unit::Share, (0.0, 1.0)),
    curves,
    references,
    claims: CLAIMS,
};

/// A claim about how often the votes of an arm are split.
macro_rules! rate {
    ($oracle:literal, $arm:literal, $times:expr, $what:literal, $printed:literal, $expected:literal) => {
        Claim {
            oracle: $oracle,
            what: concat!("split votes, ", $what),
            printed: $printed,
            expected: $expected,
            tolerance: Tolerance::Share($times),
            unit: Unit::Share,
            mark: Mark::P,
            place: RATES,
            measured: |results| split(results, $arm),
        }
    };
}

const CLAIMS: &[Claim] = &[
    rate!("E8", 0, RARE, "4 of 5 up, latency 1 %", "0.06 %", 0.000_592_03),
    rate!("E8", 1, 1, "4 of 5 up, latency 10 %", "5.2 %", 0.052_3),
    rate!("E8", 2, 1, "4 of 5 up, latency 20 %", "18.1 %", 0.180_8),
    rate!("E9", 3, 1, "3 of 5 up, latency 20 %", "about half", 0.488),
    rate!("E9", 4, 1, "6 of 7 up, latency 20 %", "≈ 10 %", 0.098_88),
    rate!("E9", 5, 1, "7 of 9 up, latency 20 %", "≈ 15 %", 0.148_032),
    rate!("E9", 6, 1, "6 of 9 up, latency 20 %", "≈ 35 %", 0.344_64),
    rate!("E9", 7, 1, "5 of 9 up, latency 20 %", "≈ 70 %", 0.672_32),
    rate!("E9", 8, 1, "5 of 9 up, latency 10 %", "≈ 40 %", 0.409_51),
    Claim {
        oracle: "E12",
        what: "terms until there is a leader, 4 of 5 up, latency 20 %",
        printed: "1.22",
        expected: 1.220_7,
        tolerance: Tolerance::Mean(0.52),
        unit: Unit::Number,
        mark: Mark::C,
        place: "by 1/(1 − split), Ongaro (dissertation) §9.3",
        measured: |results| results.measure(2, TERMS).mean(),
    },
    Claim {
        oracle: "E12",
        what: "time until there is a leader, 4 of 5 up, latency 10 %",
        // With disks that take no time, and a crash a quarter of the shortest timeout after the heartbeat.
        printed: "1.22",
        expected: 1.221_8,
        tolerance: Tolerance::Mean(0.35),
        unit: Unit::Number,
        mark: Mark::C,
        place: "by (1 + 1/(s+1) + L)/(1 − split) + L − ¼, Ongaro (dissertation) §9.3",
        measured: |results| results.measure(1, TIME).mean(),
    },
];

/// How often the first term of an arm had no leader.
fn split(results: &Results, arm: usize) -> f64 {
    results.measure(arm, TERMS).share(|terms| terms > 1.0)
}

fn election(trial: &Trial<'_>) -> Vec<f64> {
    let Cluster { servers, up, latency } = CLUSTERS[trial.arm];
    let latency = format!("constant {latency}ms");
    let set = [
        ("clients", "0"),
        ("election-min", "1s"),
        ("election-max", "2s"),
        ("heartbeat", "500ms"),
        ("latency", latency.as_str()),
        ("disk", "0s"),
    ];
    let mut world = trial.world("raft", servers, &set);
    for down in up..servers {
        world.apply(&Action::Crash(NodeId(down))).expect("it is up");
    }
    // Their last heartbeat is the moment at which all start; the leader crashed some time after it.
    let crash = trial.draw(CRASH, 0).between(0, 500_000);
    loop {
        let event = world.step().expect("elections go on until one succeeds");
        if let Some(won) = world.measures().iter().find(|measure| measure.series == "leader") {
            return vec![won.value as f64, (event.at.0 as f64 - crash as f64) / 1e6];
        }
    }
}

/// The clusters that differ in their servers, whatever their latency; each is one curve.
fn families() -> Vec<&'static Cluster> {
    let mut all: Vec<&Cluster> = vec![];
    for cluster in &CLUSTERS {
        if all.iter().all(|other| !other.is_like(cluster)) {
            all.push(cluster);
        }
    }
    all
}

fn curves(results: &Results) -> Vec<Curve> {
    let curve = |(place, family): (usize, &&Cluster)| {
        let own = CLUSTERS.iter().enumerate().filter(|(_, cluster)| cluster.is_like(family));
        let points = own.map(|(arm, cluster)| (cluster.share(), split(results, arm))).collect();
        let name = format!("{} of {} up", family.up, family.servers);
        Curve::measured(&name, place, Drawn::Points, points)
    };
    families().iter().enumerate().map(curve).collect()
}

/// The formula for every size of cluster.
fn references() -> Vec<Curve> {
    let formula = |(place, family): (usize, &&Cluster)| {
        let point = |step: u32| {
            let latency = f64::from(step) / 100.0;
            (latency, rate(family.servers, family.up, latency))
        };
        let points = (0..=40).map(point).collect();
        Curve::of_source("by the formula", Some(place), Drawn::Line, points, (RATES, Mark::P))
    };
    families().iter().enumerate().map(formula).collect()
}

/// Votes are split when, within one latency of the first timeout, so many others run out that a majority
/// is left for nobody: Σ C(s,k) l^k (1−l)^(s−k) for k from c − 1 to s, with c = s − ⌊n/2⌋ + 1.
fn rate(servers: u16, up: u16, latency: f64) -> f64 {
    let term = |k: u16| {
        let ways = (0..k).fold(1.0, |ways, i| ways * f64::from(up - i) / f64::from(i + 1));
        ways * libm::pow(latency, f64::from(k)) * libm::pow(1.0 - latency, f64::from(up - k))
    };
    (up - servers / 2..=up).map(term).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formula_gives_the_numbers_of_the_claims() {
        let claims = CLAIMS.iter().take(CLUSTERS.len());
        for (cluster, claim) in CLUSTERS.iter().zip(claims) {
            let formula = rate(cluster.servers, cluster.up, cluster.share());
            assert!((formula - claim.expected).abs() < 1e-6, "{}: {formula}", claim.what);
        }
        let (split, l) = (rate(5, 4, 0.1), 0.1);
        assert!(((1.2 + l) / (1.0 - split) + l - 0.25 - 1.221_8).abs() < 1e-4);
        assert!((1.0 / (1.0 - rate(5, 4, 0.2)) - 1.220_7).abs() < 1e-4);
    }
}
