//! What quorums must overlap for, found by search.

use faultline_check::{Bounds, Request, Search, Verdict};
use faultline_model::{NodeId, Params, Protocol};
use faultline_protocols::quorum_register::{Knobs, QuorumRegister};
use faultline_sim::{AnyWorld, Setup, World};

/// Three replicas S1 to S3, the standby H, the writer C1 and the reader C2.
fn world(set: &[(&str, &str)]) -> World<QuorumRegister> {
    let mut params = Knobs::default();
    for (knob, value) in [("read-repair", "off"), ("handoff-every", "0s")].iter().chain(set) {
        params.set(knob, value).expect("a knob of the quorum register");
    }
    let (cast, habitat) = (QuorumRegister::cast(&params, 3), QuorumRegister::habitat());
    World::new(Setup { cast, params, habitat, seed: 1 })
}

fn bounds(timeouts: u8, requests: &[(u16, &str)]) -> Bounds {
    let request = |&(node, op): &(u16, &str)| Request { node: NodeId(node), op: op.to_owned() };
    Bounds { timeouts, requests: requests.iter().map(request).collect(), ..Bounds::default() }
}

fn search(set: &[(&str, &str)], property: &str, bounds: Bounds) -> Search {
    let mut search = Search::new(&world(set), Some(property), bounds).expect("a property");
    search.finish();
    search
}

const WRITE_AND_READ: [(u16, &str); 2] = [(4, "write x=red"), (5, "read x")];

fn steps(set: &[(&str, &str)], property: &str, bounds: Bounds) -> u32 {
    let mut found = search(set, property, bounds);
    let Verdict::Found(counterexample) = found.finish().clone() else { panic!("not found") };
    let mut played = world(set);
    for (place, action) in counterexample.actions.iter().enumerate() {
        assert_eq!(played.broken(Some(property)), None, "broken before action {place}");
        played.apply(action).expect("every action can be done");
    }
    assert_eq!(played.broken(Some(property)), Some(property));
    counterexample.steps
}

fn states(set: &[(&str, &str)], property: &str, bounds: Bounds) -> u32 {
    let mut exhausted = search(set, property, bounds);
    assert_eq!(exhausted.finish(), &Verdict::Exhausted);
    assert!(!exhausted.cut_off());
    exhausted.progress().states
}

#[test]
fn one_and_one_of_three_read_what_is_stale() {
    let one = [("r", "1"), ("w", "1")];
    // M14's par.
    assert_eq!(steps(&one, "no-stale-read", bounds(0, &WRITE_AND_READ)), 6);
}

#[test]
fn only_quorums_that_overlap_are_safe() {
    // The prediction of lesson L22: (R, W) of N = 3.
    for (r, w, stale) in [
        ("1", "1", true),
        ("1", "2", true),
        ("2", "1", true),
        ("1", "3", false),
        ("3", "1", false),
        ("2", "2", false),
    ] {
        let set = [("r", r), ("w", w)];
        let mut search = search(&set, "no-stale-read", bounds(0, &WRITE_AND_READ));
        let found = matches!(search.finish(), Verdict::Found(_));
        assert_eq!(found, stale, "R = {r}, W = {w}");
    }
}

#[test]
fn a_sloppy_quorum_reads_what_is_stale_although_r_plus_w_exceeds_n() {
    // M15's par is 10: there a write goes to the standby without further ado. Here the client first takes
    // a replica for silent, which is a step of its own: its timer fires.
    let sloppy = [("strict-quorum", "off")];
    assert_eq!(steps(&sloppy, "no-stale-read", bounds(1, &WRITE_AND_READ)), 11);
}

#[test]
fn a_strict_quorum_does_not_within_one_write_one_read_and_one_timeout() {
    assert_eq!(states(&[], "no-stale-read", bounds(1, &WRITE_AND_READ)), 46_058);
}

#[test]
fn a_strict_quorum_is_no_register_all_the_same() {
    let requests = [(4, "write x=red"), (5, "read x"), (5, "read x")];
    // As M16: the same two reads, of which the second takes back what the first returned.
    assert_eq!(steps(&[], "linearizable", bounds(0, &requests)), 12);
    assert_eq!(states(&[], "no-stale-read", bounds(0, &requests)), 26_732);
}
