//! Log replication, named after the sentences of the extended Raft paper (§5.3, Fig. 2).

mod one_server;

use faultline_model::SortedMap;

use faultline_model::{NodeId, OpId};
use faultline_protocols::raft::{AppendEntries, Conflict, Durable, Log, Msg, RaftParams, Ret, Role, Timer};
use one_server::*;

fn only_append(sent: &[(NodeId, Msg)]) -> &AppendEntries {
    match sent {
        [(_, Msg::AppendEntries(append))] => append,
        other => panic!("expected one AppendEntries, got {other:?}"),
    }
}

fn appends(sent: &[(NodeId, Msg)]) -> Vec<(NodeId, u64, usize)> {
    sent.iter()
        .filter_map(|(to, msg)| match msg {
            Msg::AppendEntries(append) => Some((*to, append.prev_log_index, append.entries.len())),
            _ => None,
        })
        .collect()
}

// §5.3, the leader

#[test]
fn the_leader_appends_the_command_and_issues_append_entries_in_parallel_to_each_other_server() {
    let mut bench = Bench::leader(5, 3, log(&[1, 1]));
    let sent = bench.request(7, "write x=1").to_vec();
    assert_eq!(appends(&sent), [S2, S3, S4, S5].map(|peer| (peer, 2, 1)));
    let [(_, Msg::AppendEntries(first)), ..] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!((first.term, first.prev_log_term, first.entries[0].term), (3, 1, 3));
    assert_eq!(bench.terms(), [1, 1, 3]);
    assert_eq!(bench.disk.as_ref().map(|disk| terms(&disk.log)), Some(vec![1, 1, 3]));
    assert!(bench.replies.is_empty(), "no answer before the entry is committed");
}

#[test]
fn the_leader_replicates_while_its_own_write_is_under_way_and_does_not_count_itself_before() {
    let mut bench = Bench::leader(5, 1, Log::default());
    bench.slow_disk = true;
    assert_eq!(bench.request(1, "write x=1").len(), 4);
    bench.receive(S2, matched(1, 1));
    bench.receive(S3, matched(1, 1));
    assert_eq!(bench.server().commit_index, 0, "two of five, its own replica is not on disk");
    bench.sync();
    assert_eq!(bench.server().commit_index, 1);
    assert_eq!(bench.replies, [(OpId(1), Ret::Ok)]);
}

#[test]
fn when_the_entry_has_been_safely_replicated_the_leader_applies_it_and_returns_the_result() {
    let mut bench = Bench::leader(5, 1, Log::default());
    bench.request(1, "write x=1");
    bench.receive(S2, matched(1, 1));
    assert_eq!((bench.server().commit_index, bench.replies.len()), (0, 0));
    bench.receive(S3, matched(1, 1));
    assert_eq!((bench.server().commit_index, bench.server().last_applied), (1, 1));
    assert_eq!(bench.rule, "commit-current-term");
    assert_eq!(bench.replies, [(OpId(1), Ret::Ok)]);
    bench.request(2, "read x");
    bench.receive(S2, matched(1, 2));
    bench.receive(S4, matched(1, 2));
    assert_eq!(bench.replies, [(OpId(2), Ret::Value("1".into()))]);
}

#[test]
fn committing_an_entry_commits_all_preceding_entries_in_the_leaders_log() {
    let mut bench = Bench::leader(3, 4, log(&[1, 2, 2]));
    bench.request(1, "write x=9");
    bench.receive(S2, matched(4, 4));
    assert_eq!((bench.server().commit_index, bench.server().last_applied), (4, 4));
    assert_eq!(&*bench.server().machine.store["x"], "9");
}

#[test]
fn the_leader_includes_its_commit_index_in_later_append_entries_so_that_others_find_out() {
    let mut bench = Bench::leader(3, 1, Log::default());
    bench.request(1, "write x=1");
    bench.receive(S2, matched(1, 1));
    let sent = bench.fire(Timer::Heartbeat).to_vec();
    let commits: Vec<u64> = sent
        .iter()
        .map(|(_, msg)| match msg {
            Msg::AppendEntries(append) => append.leader_commit,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(commits, [1, 1]);
}

#[test]
fn the_leader_retries_append_entries_indefinitely_until_all_followers_store_all_entries() {
    let mut bench = Bench::leader(3, 1, Log::default());
    bench.request(1, "write x=1");
    bench.receive(S2, matched(1, 1));
    assert_eq!(bench.replies.len(), 1, "even after it has responded to the client");
    for _ in 0..5 {
        let sent = bench.fire(Timer::Heartbeat).to_vec();
        assert_eq!(appends(&sent), [(S2, 1, 0), (S3, 0, 1)]);
    }
}

#[test]
fn a_batch_carries_no_more_entries_than_the_knob_says_and_the_next_follows_the_answer() {
    let params = RaftParams { max_batch: 2, ..RaftParams::default() };
    let mut bench = Bench::leader_with(3, 2, log(&[1; 5]), params);
    let sent = bench.receive(S2, refused(2, 5, None)).to_vec();
    assert_eq!(appends(&sent), [(S2, 4, 1)]);
    for prev in (0..4).rev() {
        bench.receive(S2, refused(2, prev + 1, None));
    }
    assert_eq!(bench.server().next_index[&S2], 1);
    let sent = bench.receive(S2, matched(2, 2)).to_vec();
    assert_eq!(appends(&sent), [(S2, 2, 2)]);
    let sent = bench.receive(S2, matched(2, 4)).to_vec();
    assert_eq!(appends(&sent), [(S2, 4, 1)]);
    assert!(bench.receive(S2, matched(2, 5)).is_empty());
}

// §5.3, the follower

#[test]
fn the_follower_refuses_entries_if_it_does_not_find_the_entry_before_them() {
    for (mine, prev) in [(&[][..], (1, 1)), (&[1, 1], (3, 1)), (&[1, 2], (2, 1)), (&[1, 1], (2, 2))] {
        let mut bench = Bench::follower(3, 2, log(mine));
        assert_eq!(bench.answer(S2, append(3, prev, &[3], 0)), refused(3, prev.0, None));
        assert_eq!(bench.rule, "consistency-check");
        assert_eq!(bench.terms(), mine, "nothing is appended or deleted");
    }
}

#[test]
fn the_follower_appends_entries_that_are_not_in_its_log_and_answers_when_they_are_on_disk() {
    let mut bench = Bench::follower(3, 2, log(&[1]));
    bench.slow_disk = true;
    assert!(bench.receive(S2, append(2, (1, 1), &[2, 2], 0)).is_empty());
    assert_eq!(bench.terms(), [1, 2, 2]);
    assert_eq!(bench.sync().to_vec(), [(S2, matched(2, 3))]);
    assert_eq!(bench.rule, "append-entries");
    assert_eq!(bench.restart().terms(), [1, 2, 2]);
}

#[test]
fn a_heartbeat_is_not_answered_before_the_entries_that_its_answer_vouches_for_are_on_disk() {
    let mut bench = Bench::follower(3, 2, log(&[1]));
    bench.slow_disk = true;
    bench.receive(S2, append(2, (1, 1), &[2], 0));
    assert!(bench.receive(S2, append(2, (2, 2), &[], 0)).is_empty());
    assert_eq!(bench.sync().to_vec(), [(S2, matched(2, 2)), (S2, matched(2, 2))]);
}

#[test]
fn heartbeats_are_answered() {
    let mut bench = Bench::follower(3, 2, log(&[1, 2]));
    assert_eq!(bench.answer(S3, append(2, (2, 2), &[], 0)), matched(2, 2));
    assert_eq!(bench.rule, "hear-heartbeat");
}

#[test]
fn an_entry_that_conflicts_is_deleted_with_all_that_follow_it() {
    let mut bench = Bench::follower(3, 5, log(&[1, 2, 2, 2, 2]));
    assert_eq!(bench.answer(S2, append(5, (1, 1), &[2, 4], 0)), matched(5, 3));
    assert_eq!(bench.rule, "repair-conflict");
    assert_eq!(bench.terms(), [1, 2, 4]);
    assert_eq!(bench.disk.as_ref().map(|disk| terms(&disk.log)), Some(vec![1, 2, 4]));
}

#[test]
fn a_delayed_append_entries_whose_entries_match_deletes_nothing() {
    let mut bench = Bench::follower(3, 2, log(&[1]));
    bench.receive(S2, append(2, (1, 1), &[2, 2, 2], 0));
    assert_eq!(bench.answer(S2, append(2, (1, 1), &[2], 0)), matched(2, 2));
    assert_eq!(bench.rule, "entries-known");
    assert_eq!(bench.terms(), [1, 2, 2, 2]);
    assert_eq!(bench.answer(S2, append(2, (0, 0), &[], 0)), matched(2, 0));
    assert_eq!(bench.terms(), [1, 2, 2, 2]);
}

#[test]
fn the_followers_commit_index_is_the_minimum_of_leader_commit_and_the_index_of_the_last_new_entry() {
    for (msg, commit) in [
        (append(3, (1, 1), &[], 9), 1),
        (append(3, (2, 2), &[], 9), 2),
        (append(3, (2, 2), &[3], 9), 3),
        (append(3, (2, 2), &[3, 3], 3), 3),
        (append(3, (3, 2), &[], 2), 2),
    ] {
        // The third entry may be another than the leader's: only what was checked is committed.
        let mut bench = Bench::follower(3, 3, log(&[1, 2, 2]));
        bench.receive(S2, msg.clone());
        assert_eq!(bench.server().commit_index, commit, "{msg:?}");
        assert_eq!(bench.server().last_applied, commit, "{msg:?}");
    }
}

#[test]
fn the_commit_index_never_goes_back() {
    let mut bench = Bench::follower(3, 2, log(&[1, 2]));
    bench.receive(S2, append(2, (2, 2), &[], 2));
    bench.receive(S2, append(2, (2, 2), &[], 1));
    bench.receive(S2, append(2, (1, 1), &[], 2));
    assert_eq!(bench.server().commit_index, 2);
}

#[test]
fn once_a_follower_learns_that_an_entry_is_committed_it_applies_it_in_log_order() {
    let mut bench = Bench::follower(3, 2, log(&[1, 1, 2]));
    bench.receive(S2, append(2, (3, 2), &[], 2));
    assert_eq!(bench.rule, "learn-commit");
    assert_eq!(&*bench.server().machine.store["x"], "1.2", "the second entry's value, not the third's");
    bench.receive(S2, append(2, (3, 2), &[], 3));
    assert_eq!(&*bench.server().machine.store["x"], "2.3");
}

// §5.3, inconsistent logs

#[test]
fn when_a_leader_comes_to_power_it_initializes_all_next_index_values_to_the_index_after_its_last() {
    let bench = Bench::leader(3, 4, log(&[1, 1, 2]));
    assert_eq!(bench.server().next_index, SortedMap::from([(S2, 4), (S3, 4)]));
    assert_eq!(bench.server().match_index, SortedMap::from([(S1, 3), (S2, 0), (S3, 0)]));
}

#[test]
fn after_a_rejection_the_leader_decrements_next_index_and_retries() {
    let mut bench = Bench::leader(3, 4, log(&[1, 1, 2]));
    for prev in [3, 2, 1] {
        let retry = only_append(bench.receive(S2, refused(4, prev, None))).clone();
        assert_eq!((retry.prev_log_index, retry.entries.len() as u64), (prev - 1, 4 - prev));
        assert_eq!(bench.rule, "back-up");
    }
    assert_eq!(bench.server().next_index[&S2], 1);
    bench.receive(S2, matched(4, 3));
    assert_eq!((bench.server().next_index[&S2], bench.server().match_index[&S2]), (4, 3));
}

#[test]
fn a_rejection_that_was_overtaken_moves_nothing() {
    let mut bench = Bench::leader(3, 4, log(&[1, 1, 2]));
    bench.receive(S2, refused(4, 3, None));
    assert!(bench.receive(S2, refused(4, 3, None)).is_empty(), "a duplicate");
    assert_eq!(bench.rule, "stale-refusal");
    assert_eq!(bench.server().next_index[&S2], 3);
    bench.receive(S2, matched(4, 3));
    bench.receive(S2, refused(4, 2, None));
    assert_eq!((bench.server().next_index[&S2], bench.server().match_index[&S2]), (4, 3));
    bench.receive(S2, matched(4, 2));
    assert_eq!(bench.server().match_index[&S2], 3, "matchIndex increases monotonically");
}

#[test]
fn the_follower_can_include_the_term_of_the_conflicting_entry_and_the_first_index_it_stores_for_it() {
    let params = RaftParams { conflict_term: true, ..RaftParams::default() };
    let disk = Durable { current_term: 4, log: log(&[1, 1, 1, 4, 4, 4, 4]), ..Durable::default() };
    let mut bench = Bench::with(7, params, Some(disk));
    let conflict = Conflict { term: Some(4), index: 4 };
    assert_eq!(bench.answer(S2, append(8, (7, 5), &[6], 0)), refused(8, 7, Some(conflict)));
    let short = Conflict { term: None, index: 8 };
    assert_eq!(bench.answer(S2, append(8, (10, 6), &[], 0)), refused(8, 10, Some(short)));
}

#[test]
fn with_this_information_the_leader_bypasses_all_of_the_conflicting_entries_in_that_term() {
    let mut bench = Bench::leader(3, 8, log(&[1, 1, 1, 4, 4, 5, 5, 6, 6, 6]));
    let short = Conflict { term: None, index: 8 };
    assert_eq!(only_append(bench.receive(S2, refused(8, 10, Some(short)))).prev_log_index, 7);
    let conflict = Conflict { term: Some(4), index: 4 };
    let retry = only_append(bench.receive(S2, refused(8, 7, Some(conflict)))).clone();
    assert_eq!((retry.prev_log_index, retry.entries.len()), (3, 7));
    assert_eq!(bench.rule, "back-up-term");
}

#[test]
fn a_leader_never_overwrites_or_deletes_entries_in_its_own_log() {
    let mut bench = Bench::leader(3, 4, log(&[1, 1, 2]));
    let before = bench.server().log.clone();
    // No correct run holds a second leader of term 4; even so nothing is deleted.
    assert!(bench.receive(S2, append(4, (1, 1), &[4, 4], 3)).is_empty());
    assert_eq!(bench.rule, "rival-leader");
    assert_eq!((bench.role(), &bench.server().log), (Role::Leader, &before));
}
