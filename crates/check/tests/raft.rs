//! Raft with a rule off is broken by a search; with it on it is not, within the same bounds.

use faultline_check::{Bounds, Search, Verdict};
use faultline_model::{Params, Protocol};
use faultline_protocols::raft::{Raft, RaftParams};
use faultline_sim::{Setup, World};

/// Three servers without clients.
fn world(set: &[(&str, &str)]) -> World<Raft> {
    let mut params = RaftParams::default();
    for (knob, value) in [("clients", "0")].iter().chain(set) {
        params.set(knob, value).expect("a knob of Raft");
    }
    World::new(Setup { cast: Raft::cast(&params, 3), params, habitat: Raft::habitat(), seed: 1 })
}

fn search(set: &[(&str, &str)], property: &str, bounds: Bounds) -> Search {
    let mut search = Search::new(&world(set), Some(property), bounds).expect("a property of Raft");
    search.finish();
    search
}

#[test]
fn a_vote_in_memory_lets_two_leaders_be_elected_in_one_term() {
    let bounds = Bounds { timeouts: 2, restarts: 1, ..Bounds::default() };
    let mut found = search(&[("persist-vote", "off")], "election-safety", bounds);
    let Verdict::Found(counterexample) = found.finish() else { panic!("not found") };
    // M25's par: a crash with its restart is one step.
    assert_eq!(counterexample.steps, 7);
}

#[test]
fn a_counterexample_can_be_played() {
    use faultline_sim::AnyWorld;
    let bounds = Bounds { timeouts: 2, restarts: 1, ..Bounds::default() };
    let set = [("persist-vote", "off")];
    let mut found = search(&set, "election-safety", bounds);
    let Verdict::Found(counterexample) = found.finish().clone() else { panic!("not found") };
    let mut played = world(&set);
    for (place, action) in counterexample.actions.iter().enumerate() {
        assert_eq!(played.broken(Some("election-safety")), None, "broken before action {place}");
        played.apply(action).expect("every action can be done");
    }
    assert_eq!(played.broken(Some("election-safety")), Some("election-safety"));
}

#[test]
fn a_vote_on_disk_does_not_within_two_timeouts_and_one_restart() {
    let bounds = Bounds { timeouts: 2, restarts: 1, ..Bounds::default() };
    let mut exhausted = search(&[], "election-safety", bounds);
    assert_eq!(exhausted.finish(), &Verdict::Exhausted);
    assert!(!exhausted.cut_off());
    assert_eq!(exhausted.progress().states, 171_446);
}

#[test]
fn a_bound_on_states_is_kept_and_said() {
    let bounds = Bounds { timeouts: 2, restarts: 1, states: 1_000, ..Bounds::default() };
    let mut stopped = search(&[], "election-safety", bounds);
    assert_eq!(stopped.finish(), &Verdict::TooMany);
    assert_eq!(stopped.progress().states, 1_000);
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_can() {
    let error = Search::new(&world(&[]), Some("election-safty"), Bounds::default()).err();
    let error = error.expect("a misspelt property").to_string();
    assert!(error.contains("election-safety"), "{error}");
}
