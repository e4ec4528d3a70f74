//! Who gets a vote and how it is kept, named after the sentences of the extended Raft paper (§5.4.1, Fig. 2,
//! §5.5).

mod one_server;

use faultline_protocols::raft::{Durable, RaftParams, Role};
use one_server::*;

// §5.4.1

#[test]
fn the_voter_denies_its_vote_if_its_own_log_is_more_up_to_date() {
    let cases: [(&[u64], (u64, u64), bool); 8] = [
        (&[], (0, 0), true),
        (&[1, 1], (2, 1), true),
        (&[1, 1], (3, 1), true),
        (&[1, 1], (1, 1), false),
        (&[1, 1, 1], (1, 2), true),
        (&[1, 2], (5, 1), false),
        (&[1, 2], (2, 2), true),
        (&[1], (0, 0), false),
    ];
    for (mine, (last_index, last_term), granted) in cases {
        let mut bench = Bench::follower(3, 2, log(mine));
        let got = bench.votes(S2, request_vote(3, last_index, last_term));
        assert_eq!(got, granted, "{mine:?} asked by {last_index}, term {last_term}");
        if !granted {
            assert_eq!(bench.rule, "up-to-date");
            assert_eq!(bench.server().voted_for, None);
            assert_eq!(bench.disk.as_ref().map(|disk| disk.current_term), Some(3));
            assert_eq!(bench.server().current_term, 3, "the term is adopted all the same");
        }
    }
}

#[test]
fn without_the_rule_a_candidate_with_a_shorter_log_gets_the_vote() {
    let params = RaftParams { up_to_date: false, ..RaftParams::default() };
    let disk = Durable { current_term: 2, log: log(&[1, 2]), ..Durable::default() };
    let mut bench = Bench::with(3, params, Some(disk));
    assert!(bench.votes(S2, request_vote(3, 0, 0)));
}

// Persistent state: Fig. 2 and §5.5

#[test]
fn a_vote_is_on_disk_before_it_is_given() {
    let mut bench = Bench::new(3);
    bench.slow_disk = true;
    assert!(bench.receive(S2, request_vote(1, 0, 0)).is_empty());
    assert_eq!(bench.disk, None);
    let sent = bench.sync().to_vec();
    assert_eq!(sent, [(S2, vote(1, true))]);
    let mut restarted = bench.restart();
    assert!(!restarted.votes(S3, request_vote(1, 0, 0)), "it remembers its vote");
}

#[test]
fn a_vote_in_a_term_that_is_known_already_is_written_too() {
    let mut bench = Bench::new(3);
    bench.receive(S2, append(1, (0, 0), &[], 0));
    assert_eq!(bench.disk.as_ref().map(|disk| (disk.current_term, disk.voted_for)), Some((1, None)));
    assert!(bench.votes(S3, request_vote(1, 0, 0)));
    assert!(!bench.restart().votes(S2, request_vote(1, 0, 0)));
}

#[test]
fn an_answer_that_rests_on_an_unsaved_vote_waits_for_it() {
    let mut bench = Bench::new(3);
    bench.slow_disk = true;
    bench.receive(S2, request_vote(1, 0, 0));
    assert!(bench.receive(S2, request_vote(1, 0, 0)).is_empty(), "granted again, but not yet on disk");
    assert_eq!(bench.sync().len(), 2);
}

#[test]
fn without_the_rule_a_restarted_server_votes_twice_in_one_term() {
    let params = RaftParams { persist_vote: false, ..RaftParams::default() };
    let mut bench = Bench::with(3, params, None);
    assert!(bench.votes(S2, request_vote(1, 0, 0)));
    let mut restarted = bench.restart();
    assert_eq!(restarted.rule, "forget-vote");
    assert_eq!(restarted.server().current_term, 1, "the term is still durable");
    assert!(restarted.votes(S3, request_vote(1, 0, 0)));
}

#[test]
fn a_leader_that_crashes_comes_back_as_a_follower_with_its_log() {
    let mut bench = Bench::leader(3, 2, log(&[1]));
    bench.request(1, "write x=1");
    let restarted = bench.restart();
    assert_eq!((restarted.role(), restarted.terms()), (Role::Follower, vec![1, 2]));
    assert_eq!(restarted.server().commit_index, 0, "commitIndex is volatile");
}
