//! Last writer wins, run by the simulator.

use faultline_model::{Chance, Draw, Habitat, Latency, NodeId, Params, Protocol, Purpose, Span, Time};
use faultline_protocols::last_writer_wins::{LastWriterWins, Replica, Version};
use faultline_sim::{Action, AnyWorld, Disk, Setup, VerdictView, World};

#[path = "last_writer_wins/random_runs.rs"]
mod random_runs;
#[path = "last_writer_wins/ties.rs"]
mod ties;

const A: NodeId = NodeId(0);
const B: NodeId = NodeId(1);
const C1: NodeId = NodeId(2);
const C2: NodeId = NodeId(3);

const LOST: &str = "no-lost-acknowledged-write";

struct Lab(World<LastWriterWins>);

impl Lab {
    fn with(nodes: usize, seed: u64, habitat: Habitat, knobs: &[(&str, &str)]) -> Lab {
        let mut params = <LastWriterWins as Protocol>::Params::default();
        for (name, value) in knobs {
            params.set(name, value).unwrap();
        }
        Lab(World::new(Setup { cast: LastWriterWins::cast(&params, nodes), params, habitat, seed }))
    }

    /// Two replicas; every message takes 50 ms, so that gaps between writes are exact.
    fn new(knobs: &[(&str, &str)]) -> Lab {
        let habitat = Habitat { latency: Latency::Constant(Span::millis(50)), ..Habitat::default() };
        Lab::with(2, 1, habitat, knobs)
    }

    fn run_to(&mut self, time: Time) {
        while self.0.next_due().is_some_and(|due| due <= time) {
            self.0.step();
        }
        self.0.wait(time);
    }

    /// Runs until nothing is in flight.
    fn settle(&mut self) {
        while !self.0.view().flights.is_empty() {
            self.0.step().unwrap();
        }
    }

    fn act(&mut self, action: &Action) {
        self.0.apply(action).unwrap();
    }

    fn invoke(&mut self, client: NodeId, op: &str) {
        self.act(&Action::Invoke(client, op.to_owned()));
    }

    fn replica(&self, node: NodeId) -> &Replica {
        match self.0.global().node(node) {
            LastWriterWins::Replica(replica) => replica,
            other => panic!("{other:?}"),
        }
    }

    fn x(&self, node: NodeId) -> Option<&str> {
        self.replica(node).x.as_ref().and_then(|version| version.value.as_deref())
    }

    fn both(&self) -> (Option<&str>, Option<&str>) {
        (self.x(A), self.x(B))
    }

    fn verdict(&self, property: &str) -> VerdictView {
        let found = self.0.verdicts().into_iter().find(|verdict| verdict.property == property);
        found.unwrap_or_else(|| panic!("no property {property}"))
    }

    fn holds(&self, property: &str) -> bool {
        self.verdict(property).holds
    }

    fn result(&self, nth: usize) -> Option<String> {
        self.0.history()[nth].result.clone()
    }

    /// Runs until a message of that kind is in flight, and gives it.
    fn next_flight(&mut self, kind: &str) -> faultline_model::MsgId {
        loop {
            if let Some(flight) = self.0.view().flights.iter().find(|flight| flight.kind == kind) {
                return flight.msg;
            }
            self.0.step().unwrap();
        }
    }
}

fn secs(seconds: u64) -> Time {
    Time(seconds * 1_000_000)
}

/// The lesson's start: at 10 s C1 writes red at A, `gap` later C2 writes blue at B.
fn two_writes(skew_a: i64, gap: Span, knobs: &[(&str, &str)]) -> Lab {
    let mut lab = Lab::new(knobs);
    lab.act(&Action::Skew(A, skew_a));
    lab.run_to(secs(10));
    lab.invoke(C1, "write x=red");
    lab.run_to(secs(10) + gap);
    lab.invoke(C2, "write x=blue");
    lab.settle();
    lab
}

#[test]
fn an_acknowledged_later_write_disappears_when_the_other_clock_is_ahead() {
    let lab = two_writes(5_000_000, Span::secs(1), &[]);
    assert_eq!(lab.both(), (Some("red"), Some("red")));
    assert_eq!(
        (lab.result(0).as_deref(), lab.result(1).as_deref()),
        (Some("ok"), Some("ok")),
        "no error anywhere"
    );
    assert_eq!(
        lab.replica(A).x.as_ref().unwrap().timestamp,
        Time(15_050_000),
        "10.05 s by a clock 5 s ahead"
    );
    assert!(lab.holds("convergence"));
    let lost = lab.verdict(LOST);
    assert!(lost.broken());
    assert_eq!(
        lost.why,
        "C2's `write x=blue` was acknowledged at 11.1s and is gone: A holds red and B holds red, which was written \
         before 11s, when it began."
    );
    assert_eq!(lost.nodes, ["C2", "A", "B"]);
}

#[test]
fn b_rejects_its_own_clients_newer_write_and_tells_nobody() {
    let mut lab = Lab::new(&[]);
    lab.act(&Action::Skew(A, 5_000_000));
    lab.run_to(secs(10));
    lab.invoke(C1, "write x=red");
    lab.run_to(secs(11));
    lab.invoke(C2, "write x=blue");
    let event = lab.0.step().unwrap();
    let sentence = lab.0.narrate(&event, None);
    assert_eq!(sentence.rule, "outdated-on-arrival", "{sentence:?}");
    let kinds: Vec<String> = lab.0.view().flights.into_iter().map(|flight| flight.kind).collect();
    assert_eq!(kinds, ["Response"], "it acknowledges and replicates nothing");
}

#[test]
fn with_equal_clocks_the_later_write_stays() {
    let lab = two_writes(0, Span::secs(1), &[]);
    assert_eq!(lab.both(), (Some("blue"), Some("blue")));
    assert!(lab.holds("convergence") && lab.holds(LOST));
}

#[test]
fn a_later_write_is_lost_exactly_while_the_gap_is_smaller_than_the_skew() {
    for (gap, lost) in [(1_000_000, true), (4_999_999, true), (5_000_000, false), (5_000_001, false)] {
        let lab = two_writes(5_000_000, Span::micros(gap), &[]);
        assert_eq!(!lab.holds(LOST), lost, "gap {gap} µs");
        assert_eq!(lab.x(B), Some(if lost { "red" } else { "blue" }), "gap {gap} µs");
    }
}

#[test]
fn the_later_write_is_lost_with_probability_2d_minus_g_squared_over_8_d_squared() {
    const OFFSETS: Purpose = Purpose::new("test: clock offsets");
    let d = 5.0;
    for (gap_s, nth) in [(1u64, 0), (2, 1), (5, 2)] {
        let mut lost = 0u32;
        for trial in 0..1_000 {
            let offset =
                |place| Draw::new(7 + nth, OFFSETS, place, trial).between(0, 10_000_000) as i64 - 5_000_000;
            let mut lab = Lab::new(&[]);
            lab.act(&Action::Skew(A, offset(0)));
            lab.act(&Action::Skew(B, offset(1)));
            lab.run_to(secs(10));
            lab.invoke(C1, "write x=red");
            lab.run_to(secs(10 + gap_s));
            lab.invoke(C2, "write x=blue");
            lab.settle();
            lost += u32::from(!lab.holds(LOST));
        }
        let expected = (2.0 * d - gap_s as f64) * (2.0 * d - gap_s as f64) / (8.0 * d * d);
        let (share, tolerance) =
            (f64::from(lost) / 1_000.0, 3.0 * (expected * (1.0 - expected) / 1_000.0).sqrt());
        println!("gap {gap_s} s: lost {share}, expected {expected} ± {tolerance:.3}");
        assert!(
            (share - expected).abs() <= tolerance,
            "gap {gap_s} s: {share} instead of {expected} ± {tolerance}"
        );
    }
}

#[test]
fn a_lost_copy_is_made_up_for_by_anti_entropy_only() {
    for (every, converges) in [("0s", false), ("1s", true)] {
        let mut lab = Lab::new(&[("anti-entropy", every)]);
        lab.invoke(C1, "write x=red");
        let copy = lab.next_flight("Replicate");
        lab.act(&Action::Drop(copy));
        lab.run_to(Time(2_500_000));
        assert_eq!(lab.x(B), converges.then_some("red"), "every {every}");
        assert_eq!(lab.holds("convergence"), converges, "every {every}");
        assert!(lab.holds(LOST), "A still has it");
    }
}

#[test]
fn without_a_tombstone_a_late_copy_brings_a_deleted_value_back() {
    for (tombstones, expected) in [("on", None), ("off", Some("red"))] {
        let mut lab = Lab::new(&[("tombstones", tombstones)]);
        lab.run_to(secs(10));
        lab.invoke(C1, "write x=red");
        let copy = lab.next_flight("Replicate");
        lab.act(&Action::Delay(copy, Span::secs(5)));
        lab.run_to(secs(11));
        lab.invoke(C1, "delete x");
        lab.run_to(secs(20));
        assert_eq!(lab.both(), (None, expected), "tombstones {tombstones}");
        assert_eq!(lab.holds("convergence"), expected.is_none(), "tombstones {tombstones}");
        assert_eq!(
            lab.replica(A).x.is_some(),
            tombstones == "on",
            "a tombstone is a version without a value"
        );
    }
}

#[test]
fn the_clients_clock_decides_when_clients_stamp() {
    let mut lab = Lab::new(&[("stamped-by", "client")]);
    lab.act(&Action::Skew(C1, 5_000_000));
    lab.run_to(secs(10));
    lab.invoke(C1, "write x=red");
    lab.run_to(secs(11));
    lab.invoke(C2, "write x=blue");
    lab.settle();
    assert_eq!(lab.both(), (Some("red"), Some("red")));
    assert!(lab.verdict(LOST).broken());
    let expected = Version { value: Some("red".to_owned()), timestamp: secs(15), writer: C1 };
    assert_eq!(lab.replica(B).x.as_ref(), Some(&expected));
}

#[test]
fn a_repeated_request_is_answered_and_not_stamped_again() {
    let mut lab = Lab::new(&[]);
    lab.run_to(secs(10));
    lab.invoke(C1, "write x=red");
    let answer = lab.next_flight("Response");
    lab.act(&Action::Drop(answer));
    lab.run_to(secs(11));
    assert_eq!(lab.result(0).as_deref(), Some("ok"));
    assert_eq!(lab.0.history()[0].returned, Some(Time(10_300_000)), "asked again after 200 ms");
    assert_eq!(lab.replica(A).x.as_ref().unwrap().timestamp, Time(10_050_000));
}

#[test]
fn an_operation_that_gets_no_answer_stays_open_and_the_next_one_goes_on() {
    let mut lab = Lab::new(&[("client-retries", "1")]);
    lab.act(&Action::Cut(A, C1));
    lab.invoke(C1, "write x=red");
    lab.invoke(C1, "read x");
    lab.run_to(Time(410_000));
    lab.act(&Action::Heal(A, C1));
    lab.run_to(secs(2));
    assert_eq!(lab.result(0), None, "it took effect, and the client cannot know");
    assert_eq!(lab.x(A), Some("red"));
    assert_eq!(lab.result(1).as_deref(), Some("red"));
}

#[test]
fn an_acknowledged_write_is_on_disk_before_it_is_acknowledged() {
    let habitat = Habitat {
        latency: Latency::Constant(Span::millis(50)),
        disk: Span::millis(20),
        ..Habitat::default()
    };
    let mut lab = Lab::with(2, 1, habitat, &[("client-retries", "0")]);
    lab.invoke(C1, "write x=red");
    lab.run_to(Time(60_000));
    lab.act(&Action::Crash(A));
    lab.act(&Action::Restart(A, Disk::Kept));
    lab.run_to(secs(1));
    assert_eq!((lab.result(0), lab.x(A)), (None, None), "it crashed 10 ms before the write was on disk");

    lab.invoke(C1, "write x=blue");
    lab.run_to(secs(2));
    lab.act(&Action::Crash(A));
    lab.act(&Action::Restart(A, Disk::Kept));
    lab.run_to(secs(3));
    assert_eq!((lab.result(1).as_deref(), lab.x(A)), (Some("ok"), Some("blue")));
    assert!(lab.holds(LOST));
}

#[test]
fn a_client_reads_its_replicas_copy_and_not_the_other_replicas() {
    let mut lab = Lab::new(&[]);
    lab.act(&Action::Cut(A, B));
    lab.invoke(C1, "write x=red");
    lab.settle();
    lab.invoke(C1, "read x");
    lab.invoke(C2, "read x");
    lab.settle();
    assert_eq!((lab.result(1).as_deref(), lab.result(2).as_deref()), (Some("red"), Some("nothing")));
}

#[test]
fn clients_reach_their_own_replica_only() {
    let lab = Lab::new(&[]);
    let links: Vec<String> =
        lab.0.view().links.iter().map(|link| format!("{}{}", link.from.name, link.to.name)).collect();
    assert_eq!(links, ["AB", "AC1", "BA", "BC2", "C1A", "C2B"]);
    let many = LastWriterWins::cast(&<LastWriterWins as Protocol>::Params::default(), 28);
    let names: Vec<&str> = [0, 25, 26, 27, 28].map(|id| many.name(NodeId(id))).to_vec();
    assert_eq!(names, ["A", "Z", "AA", "AB", "C1"]);
}

#[test]
fn what_is_no_operation_is_refused_with_an_example() {
    let mut lab = Lab::new(&[]);
    for text in ["", "write", "write y=1", "write x=", "write x=1 2", "read y", "erase x", &"x".repeat(150)] {
        let refused = lab.0.apply(&Action::Invoke(C1, text.to_owned())).unwrap_err().to_string();
        assert!(refused.contains("write x=red"), "{text}: {refused}");
    }
    assert!(
        lab.0.apply(&Action::Invoke(A, "read x".to_owned())).is_err(),
        "operations are handed to clients"
    );
}
