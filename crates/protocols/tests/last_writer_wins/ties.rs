//! Two writes with the same timestamp.

use super::*;

/// Both clients write within the second that both clocks call 7.
fn tie(rule: &str, more: &[(&str, &str)]) -> Lab {
    let mut lab = Lab::new(&[&[("resolution", "1s"), ("tie", rule)], more].concat());
    lab.run_to(Time(7_200_000));
    lab.invoke(C1, "write x=red");
    lab.invoke(C2, "write x=blue");
    lab.settle();
    for replica in [A, B] {
        assert_eq!(lab.replica(replica).x.as_ref().unwrap().timestamp, secs(7));
    }
    lab
}

#[test]
fn with_equal_timestamps_and_keep_the_replicas_never_agree() {
    let lab = tie("keep", &[]);
    assert_eq!(lab.both(), (Some("red"), Some("blue")));
    let verdict = lab.verdict("convergence");
    assert!(verdict.broken());
    assert_eq!(verdict.why, "Nothing is in flight, and yet A holds red while B holds blue.");
    assert!(lab.holds("tie"));
}

#[test]
fn with_equal_timestamps_and_incoming_the_replicas_swap_their_values() {
    let lab = tie("incoming", &[]);
    assert_eq!(lab.both(), (Some("blue"), Some("red")));
    assert!(lab.verdict("convergence").broken());
}

#[test]
fn with_equal_timestamps_and_no_rule_nobody_notices() {
    let lab = tie("none", &[]);
    assert_eq!(lab.both(), (Some("red"), Some("blue")));
    assert!(lab.verdict("convergence").broken());
    assert!(!lab.holds("tie"), "the writes are taken for one");
    assert_eq!((lab.replica(A).ties, lab.replica(B).ties), (0, 0));
}

#[test]
fn with_equal_timestamps_and_node_ids_the_replicas_agree_and_one_write_is_gone() {
    let lab = tie("node-id", &[]);
    assert_eq!(lab.both(), (Some("blue"), Some("blue")));
    assert!(lab.holds("convergence"));
    assert!(lab.holds(LOST), "the writes were concurrent: neither was later");
    assert_eq!((lab.result(0).as_deref(), lab.result(1).as_deref()), (Some("ok"), Some("ok")));
}

#[test]
fn anti_entropy_cannot_settle_a_tie_that_the_rule_does_not_settle() {
    let mut keep = tie("keep", &[("anti-entropy", "10s")]);
    let mut swap = tie("incoming", &[("anti-entropy", "10s")]);
    for round in 1..=4 {
        keep.run_to(secs(10 * round + 5));
        swap.run_to(secs(10 * round + 5));
        assert_eq!(keep.both(), (Some("red"), Some("blue")));
        let swapped = (Some("blue"), Some("red"));
        assert_eq!(
            swap.both(),
            if round % 2 == 0 { swapped } else { (swapped.1, swapped.0) },
            "round {round}"
        );
    }
}

#[test]
fn two_writes_that_one_node_stamps_alike_are_ordered_by_value_at_every_replica() {
    let mut lab = Lab::new(&[("resolution", "10s")]);
    lab.invoke(C1, "write x=a");
    lab.invoke(C1, "write x=b");
    let first = lab.next_flight("Replicate");
    lab.act(&Action::Delay(first, Span::secs(1)));
    lab.run_to(secs(5));
    assert_eq!(lab.both(), (Some("b"), Some("b")), "the copies arrived in the other order");
    assert!(lab.holds("convergence"));
}
