//! Elections, named after the sentences of the extended Raft paper (§5.1, §5.2).

mod one_server;

use faultline_model::SortedSet;

use faultline_model::Span;
use faultline_protocols::raft::{Durable, Log, RaftParams, Role, Timer};
use one_server::*;

// §5.1

#[test]
fn if_one_servers_term_is_smaller_than_the_others_it_updates_its_term_to_the_larger_value() {
    for msg in
        [request_vote(7, 0, 0), vote(7, false), append(7, (0, 0), &[], 0), matched(7, 0), refused(7, 3, None)]
    {
        let mut bench = Bench::follower(3, 2, Log::default());
        bench.receive(S2, msg.clone());
        assert_eq!(bench.server().current_term, 7, "{msg:?}");
        let disk = bench.disk.as_ref().expect("written");
        assert_eq!(disk.current_term, 7, "the new term must be on disk: {msg:?}");
    }
}

#[test]
fn if_a_candidate_discovers_that_its_term_is_out_of_date_it_reverts_to_follower() {
    let mut bench = Bench::new(5);
    bench.fire(Timer::Election);
    assert_eq!(bench.role(), Role::Candidate);
    bench.receive(S2, vote(3, false));
    assert_eq!((bench.role(), bench.server().current_term), (Role::Follower, 3));
    assert_eq!(bench.rule, "step-down");
    assert!(bench.server().votes.is_empty());
}

#[test]
fn if_a_leader_discovers_that_its_term_is_out_of_date_it_reverts_to_follower() {
    for msg in [request_vote(9, 0, 0), matched(9, 0), refused(9, 0, None), append(9, (0, 0), &[], 0)] {
        let mut bench = Bench::leader(3, 2, log(&[1]));
        assert!(bench.armed(Timer::Heartbeat).is_some());
        bench.receive(S3, msg.clone());
        assert_eq!(bench.role(), Role::Follower, "{msg:?}");
        assert_eq!(bench.armed(Timer::Heartbeat), None, "{msg:?}");
        assert!(bench.armed(Timer::Election).is_some(), "{msg:?}");
        assert!(bench.server().next_index.is_empty() && bench.server().match_index.is_empty());
    }
}

#[test]
fn if_a_server_receives_a_request_with_a_stale_term_number_it_rejects_the_request() {
    let mut bench = Bench::follower(3, 5, log(&[1]));
    assert!(!bench.votes(S2, request_vote(4, 9, 4)));
    assert_eq!(bench.rule, "reject-stale-term");
    let answer = bench.answer(S2, append(4, (1, 1), &[4], 1));
    assert_eq!(answer, refused(5, 1, None));
    assert_eq!(bench.terms(), [1]);
    assert_eq!(bench.server().leader, None);
}

#[test]
fn a_stale_request_does_not_postpone_the_election() {
    let mut bench = Bench::follower(3, 5, Log::default());
    let before = bench.armed(Timer::Election);
    bench.timers.clear();
    bench.receive(S2, append(4, (0, 0), &[], 0));
    bench.receive(S2, request_vote(4, 0, 0));
    assert!(before.is_some());
    assert_eq!(bench.armed(Timer::Election), None, "armed again by a leader that is none");
}

// §5.2

#[test]
fn when_servers_start_up_they_begin_as_followers() {
    let bench = Bench::new(5);
    assert_eq!((bench.role(), bench.server().current_term), (Role::Follower, 0));
    assert!(bench.armed(Timer::Election).is_some());
    let disk = Durable { current_term: 4, voted_for: Some(S1), ..Durable::default() };
    let restarted = Bench::with(5, RaftParams::default(), Some(disk));
    assert_eq!((restarted.role(), restarted.server().current_term), (Role::Follower, 4));
    assert_eq!(restarted.rule, "persist-vote");
}

#[test]
fn to_begin_an_election_a_follower_increments_its_term_votes_for_itself_and_asks_the_others() {
    let mut bench = Bench::follower(5, 2, log(&[1, 2]));
    let sent = bench.fire(Timer::Election).to_vec();
    let ask = request_vote(3, 2, 2);
    assert_eq!(sent, [S2, S3, S4, S5].map(|peer| (peer, ask.clone())));
    assert_eq!(bench.role(), Role::Candidate);
    assert_eq!(bench.server().voted_for, Some(S1));
    let disk = bench.disk.as_ref().expect("written");
    assert_eq!((disk.current_term, disk.voted_for), (3, Some(S1)));
    assert!(bench.armed(Timer::Election).is_some());
}

#[test]
fn the_requests_for_votes_leave_while_the_own_vote_is_being_written() {
    let mut bench = Bench::new(3);
    bench.slow_disk = true;
    assert_eq!(bench.fire(Timer::Election).len(), 2);
    assert!(bench.server().votes.is_empty(), "the own vote does not count before it is on disk");
    bench.receive(S2, vote(1, true));
    bench.receive(S3, vote(1, true));
    assert_eq!(bench.role(), Role::Candidate, "two of three, but its own term is not on disk");
    bench.sync();
    assert_eq!(bench.role(), Role::Leader);
}

#[test]
fn the_own_vote_of_an_earlier_election_does_not_count() {
    let mut bench = Bench::new(3);
    bench.slow_disk = true;
    bench.fire(Timer::Election);
    bench.fire(Timer::Election);
    bench.receive(S2, vote(2, true));
    bench.sync();
    assert_eq!(bench.role(), Role::Candidate, "term 1 is on disk, term 2 is not");
    bench.sync();
    assert_eq!(bench.role(), Role::Leader);
}

#[test]
fn a_candidate_wins_with_votes_from_a_majority_of_the_full_cluster() {
    for (servers, needed) in [(1, 0), (2, 1), (3, 1), (4, 2), (5, 2), (7, 3), (9, 4)] {
        let mut bench = Bench::new(servers);
        bench.fire(Timer::Election);
        for peer in 1..=needed {
            assert_eq!(bench.role(), Role::Candidate, "{servers} servers, {} others", peer - 1);
            bench.receive(faultline_model::NodeId(peer), vote(1, true));
        }
        assert_eq!(bench.role(), Role::Leader, "{servers} servers");
    }
}

#[test]
fn a_vote_counts_once_however_often_it_arrives() {
    let mut bench = Bench::new(5);
    bench.fire(Timer::Election);
    for _ in 0..4 {
        bench.receive(S2, vote(1, true));
    }
    assert_eq!(bench.role(), Role::Candidate);
    assert_eq!(bench.server().votes, SortedSet::from([S1, S2]));
}

#[test]
fn a_refusal_is_no_vote_and_a_vote_of_an_earlier_term_is_none_either() {
    let mut bench = Bench::new(3);
    bench.fire(Timer::Election);
    bench.fire(Timer::Election);
    bench.receive(S2, vote(2, false));
    assert_eq!(bench.rule, "note-refusal");
    bench.receive(S2, vote(1, true));
    assert_eq!(bench.rule, "ignore-stale-reply");
    assert_eq!(bench.role(), Role::Candidate);
    bench.receive(S2, vote(2, true));
    assert_eq!(bench.role(), Role::Leader);
    bench.receive(S3, vote(2, true));
    assert_eq!(bench.rule, "election-over");
}

#[test]
fn each_server_votes_for_at_most_one_candidate_in_a_term_first_come_first_served() {
    let mut bench = Bench::new(3);
    assert!(bench.votes(S2, request_vote(1, 0, 0)));
    assert_eq!(bench.rule, "grant-vote");
    assert!(!bench.votes(S3, request_vote(1, 0, 0)));
    assert_eq!(bench.rule, "one-vote-per-term");
    assert!(bench.votes(S2, request_vote(1, 0, 0)), "the same candidate, whose answer was lost");
}

#[test]
fn a_new_term_brings_a_new_vote() {
    let mut bench = Bench::new(3);
    assert!(bench.votes(S2, request_vote(1, 0, 0)));
    assert!(bench.votes(S3, request_vote(2, 0, 0)));
    bench.receive(S2, append(3, (0, 0), &[], 0));
    assert_eq!(bench.server().voted_for, None);
}

#[test]
fn once_a_candidate_wins_it_sends_heartbeats_to_all_of_the_other_servers() {
    let mut bench = Bench::follower(5, 1, log(&[1]));
    bench.fire(Timer::Election);
    bench.receive(S2, vote(2, true));
    let sent = bench.receive(S3, vote(2, true)).to_vec();
    let heartbeat = append(2, (1, 1), &[], 0);
    assert_eq!(sent, [S2, S3, S4, S5].map(|peer| (peer, heartbeat.clone())));
    assert_eq!(bench.rule, "win-election");
    assert_eq!(bench.armed(Timer::Heartbeat), Some(Span::millis(50)));
    assert_eq!(bench.armed(Timer::Election), None);
}

#[test]
fn leaders_send_periodic_heartbeats_to_all_followers() {
    let mut bench = Bench::leader(3, 1, Log::default());
    let sent = bench.fire(Timer::Heartbeat).to_vec();
    assert_eq!(sent, [S2, S3].map(|peer| (peer, append(1, (0, 0), &[], 0))));
    assert_eq!(bench.armed(Timer::Heartbeat), Some(Span::millis(50)));
}

#[test]
fn a_candidate_that_hears_from_a_leader_of_its_term_recognizes_it_and_returns_to_follower_state() {
    let mut bench = Bench::new(5);
    bench.fire(Timer::Election);
    assert_eq!(bench.answer(S4, append(1, (0, 0), &[], 0)), matched(1, 0));
    assert_eq!((bench.role(), bench.server().leader), (Role::Follower, Some(S4)));
    bench.receive(S2, vote(1, true));
    bench.receive(S3, vote(1, true));
    assert_eq!(bench.role(), Role::Follower, "late votes do not make a leader");
}

#[test]
fn a_candidate_that_hears_from_a_leader_of_a_smaller_term_continues() {
    let mut bench = Bench::follower(5, 4, Log::default());
    bench.fire(Timer::Election);
    assert_eq!(bench.answer(S4, append(4, (0, 0), &[], 0)), refused(5, 0, None));
    assert_eq!(bench.role(), Role::Candidate);
}

#[test]
fn a_candidate_that_times_out_starts_a_new_election_by_incrementing_its_term() {
    let mut bench = Bench::new(5);
    bench.fire(Timer::Election);
    bench.receive(S2, vote(1, true));
    bench.fire(Timer::Election);
    assert_eq!(bench.rule, "restart-election");
    assert_eq!((bench.role(), bench.server().current_term), (Role::Candidate, 2));
    assert_eq!(bench.server().votes, SortedSet::from([S1]));
}

#[test]
fn election_timeouts_are_chosen_randomly_from_a_fixed_interval() {
    let mut seen = SortedSet::new();
    let mut bench = Bench::new(5);
    for _ in 0..2_000 {
        bench.receive(S2, append(1, (0, 0), &[], 0));
        let timeout = bench.armed(Timer::Election).expect("armed");
        assert!((Span::millis(150)..=Span::millis(300)).contains(&timeout), "{timeout}");
        seen.insert(timeout.0 / 10_000);
    }
    assert!(seen.len() >= 15, "all of the interval is used: {seen:?}");
    let first =
        |seed| Bench::seeded(seed, 5, RaftParams::default(), None).armed(Timer::Election).expect("armed");
    assert_ne!(first(1), first(2));
    assert_eq!(first(1), first(1));
}

#[test]
fn a_follower_remains_one_as_long_as_it_receives_valid_requests() {
    let mut bench = Bench::new(3);
    for msg in [append(1, (0, 0), &[], 0), append(1, (5, 1), &[], 0), request_vote(2, 0, 0)] {
        bench.timers.clear();
        bench.receive(S2, msg.clone());
        assert!(bench.armed(Timer::Election).is_some(), "{msg:?}");
    }
    bench.timers.clear();
    bench.receive(S3, request_vote(2, 0, 0));
    assert_eq!(bench.armed(Timer::Election), None, "a refused vote does not postpone the election");
}
