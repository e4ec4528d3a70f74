//! Commitment, named after the sentences of the extended Raft paper (§5.4.2, §8).

mod one_server;

use faultline_protocols::raft::{Command, Log, RaftParams, Role, Timer};
use one_server::*;

#[test]
fn only_log_entries_from_the_leaders_current_term_are_committed_by_counting_replicas() {
    let mut bench = Bench::leader(5, 4, log(&[1, 2]));
    bench.receive(S2, matched(4, 2));
    bench.receive(S3, matched(4, 2));
    assert_eq!(bench.server().commit_index, 0, "on a majority, but of term 2");
    assert_eq!(bench.rule, "old-term-waits");
    bench.request(1, "write x=1");
    bench.receive(S2, matched(4, 3));
    assert_eq!(bench.server().commit_index, 0);
    bench.receive(S3, matched(4, 3));
    assert_eq!(bench.server().commit_index, 3, "with it all prior entries are committed indirectly");
}

#[test]
fn without_the_rule_an_entry_of_an_earlier_term_is_committed_by_counting() {
    let params = RaftParams { commit_current_term: false, ..RaftParams::default() };
    let mut bench = Bench::leader_with(5, 4, log(&[1, 2]), params);
    bench.receive(S2, matched(4, 2));
    bench.receive(S3, matched(4, 2));
    assert_eq!(bench.server().commit_index, 2);
    assert_eq!(bench.rule, "commit-by-count");
}

#[test]
fn a_leader_can_have_a_blank_entry_committed_at_the_start_of_its_term() {
    let params = RaftParams { no_op: true, ..RaftParams::default() };
    let mut bench = Bench::leader_with(3, 4, log(&[1, 2]), params);
    assert_eq!(bench.terms(), [1, 2, 4]);
    assert_eq!(bench.server().log.get(3).map(|entry| &entry.command), Some(&Command::NoOp));
    bench.receive(S2, matched(4, 3));
    assert_eq!(bench.server().commit_index, 3);
    assert_eq!(&*bench.server().machine.store["x"], "2.2", "the blank entry changes nothing");
}

#[test]
fn entries_of_an_earlier_leadership_do_not_count_as_stored_by_itself_when_they_were_deleted() {
    let mut bench = Bench::leader(3, 1, Log::default());
    bench.slow_disk = true;
    bench.request(1, "write x=1");
    bench.request(2, "write x=2");
    bench.receive(S2, append(2, (0, 0), &[2], 0));
    assert_eq!((bench.role(), bench.terms()), (Role::Follower, vec![2]));
    bench.fire(Timer::Election);
    for _ in 0..4 {
        bench.sync();
    }
    bench.receive(S3, vote(3, true));
    assert_eq!(bench.role(), Role::Leader);
    assert_eq!(bench.server().match_index[&S1], 1);
}

#[test]
fn an_answer_from_an_earlier_leadership_vouches_for_nothing() {
    let mut bench = Bench::leader(3, 4, log(&[1, 2, 2]));
    bench.request(1, "write x=1");
    // What S2 had in term 3 may have been deleted since.
    assert!(bench.receive(S2, matched(3, 4)).is_empty());
    assert!(bench.receive(S2, refused(3, 3, None)).is_empty());
    assert_eq!(bench.rule, "ignore-stale-reply");
    assert_eq!((bench.server().commit_index, bench.server().match_index[&S2]), (0, 0));
    assert_eq!(bench.server().next_index[&S2], 4);
}
