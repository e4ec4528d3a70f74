//! Pre-Vote, named after the sentences of the Raft dissertation (§9.6).

mod one_server;

use faultline_model::Time;
use faultline_protocols::raft::{Durable, Log, Msg, RaftParams, RequestVote, RequestVoteReply, Role, Timer};
use one_server::*;

fn careful() -> RaftParams {
    RaftParams { pre_vote: true, ..RaftParams::default() }
}

fn pre_vote(term: u64, last_log_index: u64, last_log_term: u64) -> Msg {
    Msg::PreVote(RequestVote { term, last_log_index, last_log_term })
}

fn would_vote(term: u64, vote_granted: bool) -> Msg {
    Msg::PreVoteReply(RequestVoteReply { term, vote_granted })
}

#[test]
fn a_candidate_only_increments_its_term_if_a_majority_would_be_willing_to_grant_their_votes() {
    let mut bench = Bench::with(5, careful(), None);
    let sent = bench.fire(Timer::Election).to_vec();
    assert_eq!(sent, [S2, S3, S4, S5].map(|peer| (peer, pre_vote(1, 0, 0))));
    assert_eq!((bench.role(), bench.server().current_term), (Role::PreCandidate, 0));
    assert_eq!(bench.disk, None, "nothing is promised, nothing is written");
    bench.fire(Timer::Election);
    assert_eq!(bench.server().current_term, 0, "however often it tries");
    bench.receive(S2, would_vote(1, true));
    assert_eq!(bench.role(), Role::PreCandidate);
    bench.receive(S3, would_vote(1, true));
    assert_eq!((bench.role(), bench.server().current_term), (Role::Candidate, 1));
}

#[test]
fn a_pre_vote_is_refused_while_a_leader_is_heard() {
    let mut bench = Bench::with(3, careful(), None);
    bench.receive(S2, append(1, (0, 0), &[], 0));
    bench.now = Time(149_999);
    assert!(!bench.votes(S3, pre_vote(2, 0, 0)));
    assert_eq!(bench.rule, "leader-alive");
    bench.now = Time(150_000);
    assert!(bench.votes(S3, pre_vote(2, 0, 0)));
    assert_eq!(bench.server().current_term, 1, "a pre-vote changes no term");
    assert_eq!(bench.server().voted_for, None);
    assert!(!Bench::leader_with(3, 2, Log::default(), careful()).votes(S3, pre_vote(3, 0, 0)));
}

#[test]
fn a_pre_vote_is_refused_to_a_log_or_a_term_that_could_not_win() {
    let disk = Durable { current_term: 3, voted_for: Some(S2), log: log(&[1, 2]), ..Durable::default() };
    let mut bench = Bench::with(3, careful(), Some(disk));
    assert!(!bench.votes(S3, pre_vote(4, 1, 1)), "shorter log");
    assert!(!bench.votes(S3, pre_vote(2, 2, 2)), "old term");
    assert!(!bench.votes(S3, pre_vote(3, 2, 2)), "vote already given");
    assert!(bench.votes(S2, pre_vote(3, 2, 2)));
    assert_eq!(bench.answer(S3, pre_vote(4, 2, 2)), would_vote(4, true));
}

#[test]
fn a_pre_candidate_that_hears_from_the_leader_stays_in_its_term() {
    let mut bench = Bench::with(3, careful(), None);
    bench.receive(S2, append(1, (0, 0), &[], 0));
    bench.fire(Timer::Election);
    assert_eq!(bench.role(), Role::PreCandidate);
    bench.receive(S2, append(1, (0, 0), &[], 0));
    assert_eq!((bench.role(), bench.server().current_term), (Role::Follower, 1));
    bench.receive(S3, would_vote(2, true));
    assert_eq!(bench.role(), Role::Follower);
}

#[test]
fn a_pre_candidate_that_votes_for_another_gives_up_its_own_attempt() {
    let mut bench = Bench::with(3, careful(), None);
    bench.receive(S2, append(1, (0, 0), &[], 0));
    bench.fire(Timer::Election);
    assert!(bench.votes(S3, request_vote(1, 0, 0)));
    assert_eq!(bench.role(), Role::Follower);
    bench.receive(S2, would_vote(2, true));
    assert_eq!((bench.role(), bench.server().current_term), (Role::Follower, 1));
    assert_eq!(bench.rule, "election-over");
}

#[test]
fn a_pre_vote_for_a_term_that_has_begun_since_does_not_count() {
    let mut bench = Bench::with(3, careful(), None);
    bench.fire(Timer::Election);
    bench.receive(S2, append(3, (0, 0), &[], 0));
    bench.fire(Timer::Election);
    bench.receive(S3, would_vote(1, true));
    assert_eq!(bench.rule, "ignore-stale-reply");
    assert_eq!((bench.role(), bench.server().current_term), (Role::PreCandidate, 3));
    bench.receive(S3, would_vote(4, true));
    assert_eq!((bench.role(), bench.server().current_term), (Role::Candidate, 4));
}
