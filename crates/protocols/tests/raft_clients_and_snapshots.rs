//! Log compaction and clients, named after the sentences of the extended Raft paper (§7, §8).

mod one_server;

use std::sync::Arc;

use faultline_model::NodeId;
use faultline_protocols::raft::{
    Durable, InstallSnapshot, InstallSnapshotReply, Log, Machine, Msg, Outcome, RaftParams, Request,
    Response, Ret, Snapshot, Timer,
};
use one_server::*;

// §7

fn compacting(after: u64) -> RaftParams {
    RaftParams { snapshot_after: after, ..RaftParams::default() }
}

fn snapshot(index: u64, term: u64, x: &str) -> Arc<Snapshot> {
    let mut machine = Machine::default();
    machine.store.insert("x".into(), x.into());
    Arc::new(Snapshot { last_included_index: index, last_included_term: term, machine })
}

fn install(term: u64, snapshot: &Arc<Snapshot>) -> Msg {
    Msg::InstallSnapshot(InstallSnapshot { term, snapshot: Arc::clone(snapshot) })
}

fn installed(term: u64, last_included_index: u64) -> Msg {
    Msg::InstallSnapshotReply(InstallSnapshotReply { term, last_included_index })
}

/// A follower with six entries, of which a snapshot has replaced the first four.
fn compacted() -> Bench {
    let disk = Durable { current_term: 2, log: log(&[1, 1, 1, 2, 2, 2]), ..Durable::default() };
    let mut bench = Bench::with(3, compacting(3), Some(disk));
    bench.receive(S2, append(2, (6, 2), &[], 4));
    bench.receive(S2, append(2, (6, 2), &[], 5));
    bench
}

#[test]
fn each_server_takes_snapshots_independently_covering_just_the_committed_entries() {
    let bench = compacted();
    let server = bench.server();
    let snapshot = server.snapshot.as_ref().expect("taken");
    assert_eq!((snapshot.last_included_index, snapshot.last_included_term), (4, 2));
    assert_eq!(&*snapshot.machine.store["x"], "2.4", "the state after entry 4, not after entry 5");
    assert_eq!((server.log.base_index(), server.log.last_index()), (4, 6));
    assert_eq!((server.last_applied, server.commit_index), (5, 5));
    let disk = bench.disk.as_ref().expect("written");
    assert_eq!((&disk.log, &disk.snapshot), (&server.log, &server.snapshot));
}

#[test]
fn a_server_restarts_from_its_snapshot() {
    let restarted = compacted().restart();
    let server = restarted.server();
    assert_eq!((server.last_applied, server.commit_index), (4, 4));
    assert_eq!(&*server.machine.store["x"], "2.4");
    assert_eq!(terms(&server.log), [2, 2]);
}

#[test]
fn the_last_included_index_and_term_support_the_consistency_check_for_the_first_entry_that_follows() {
    let mut bench = compacted();
    assert_eq!(bench.answer(S2, append(2, (4, 2), &[2, 2, 2], 5)), matched(2, 7));
    assert_eq!(bench.answer(S2, append(2, (2, 1), &[1, 2, 2], 5)), matched(2, 5));
    assert_eq!(bench.rule, "entries-known", "what the snapshot covers is committed and matches");
    assert_eq!(bench.server().log.last_index(), 7);
}

#[test]
fn the_leader_sends_a_snapshot_when_it_has_discarded_the_next_entry_that_a_follower_needs() {
    let disk = Durable { current_term: 1, ..Durable::default() };
    let mut bench = Bench::with(3, compacting(2), Some(disk));
    bench.fire(Timer::Election);
    bench.receive(S2, vote(2, true));
    for op in 1..=4 {
        bench.request(op, &format!("write x={op}"));
        bench.receive(S2, matched(2, u64::from(op)));
    }
    assert_eq!(bench.server().log.base_index(), 2);
    let sent = bench.fire(Timer::Heartbeat).to_vec();
    let (to, Msg::InstallSnapshot(sent)) = &sent[1] else { panic!("{sent:?}") };
    assert_eq!((*to, sent.term, sent.snapshot.last_included_index), (S3, 2, 2));
    let next = bench.receive(S3, installed(2, 2)).to_vec();
    let [(S3, Msg::AppendEntries(next))] = &next[..] else { panic!("{next:?}") };
    assert_eq!((next.prev_log_index, next.entries.len()), (2, 2));
    assert_eq!(bench.server().match_index[&S3], 2);
}

#[test]
fn a_snapshot_with_new_information_makes_the_follower_discard_its_entire_log() {
    for mine in [&[][..], &[1, 1], &[1, 1, 1, 1, 1, 1, 1]] {
        let mut bench = Bench::follower(3, 2, log(mine));
        assert_eq!(bench.answer(S2, install(2, &snapshot(5, 2, "5"))), installed(2, 5));
        assert_eq!(bench.rule, "install-snapshot");
        let server = bench.server();
        assert_eq!((server.log.base_index(), server.log.last_index(), server.log.last_term()), (5, 5, 2));
        assert_eq!((server.last_applied, server.commit_index), (5, 5));
        assert_eq!(&*server.machine.store["x"], "5");
        assert_eq!(bench.restart().server().last_applied, 5);
    }
}

#[test]
fn a_snapshot_of_a_prefix_deletes_what_it_covers_and_retains_the_entries_that_follow() {
    let mut bench = Bench::follower(3, 2, log(&[1, 1, 2, 2]));
    bench.receive(S2, append(2, (4, 2), &[], 4));
    assert_eq!(bench.answer(S2, install(2, &snapshot(2, 1, "1.2"))), installed(2, 2));
    assert_eq!(bench.rule, "snapshot-prefix");
    let server = bench.server();
    assert_eq!((server.log.base_index(), server.log.last_index()), (2, 4));
    assert_eq!((server.last_applied, &*server.machine.store["x"]), (4, "2.4"), "nothing is undone");
}

#[test]
fn an_old_snapshot_and_one_of_an_old_leader_change_nothing() {
    let mut bench = compacted();
    let before = bench.server().log.clone();
    assert_eq!(bench.answer(S2, install(2, &snapshot(3, 1, "old"))), installed(2, 3));
    assert_eq!(bench.rule, "snapshot-known");
    assert_eq!(bench.answer(S2, install(1, &snapshot(9, 1, "stale"))), installed(2, 0));
    assert_eq!(bench.rule, "reject-stale-term");
    assert_eq!(bench.server().log, before);
    assert_eq!(&*bench.server().machine.store["x"], "2.5");
}

#[test]
fn a_snapshot_is_answered_when_it_is_on_disk() {
    let mut bench = Bench::follower(3, 2, Log::default());
    bench.slow_disk = true;
    assert!(bench.receive(S2, install(2, &snapshot(5, 2, "5"))).is_empty());
    assert_eq!(bench.sync().to_vec(), [(S2, installed(2, 5))]);
}

// §8, the server

fn ask(serial: u32, op: &str) -> Msg {
    Msg::Request(Request { serial, op: op.parse().expect("an operation") })
}

fn done(serial: u32, ret: Ret) -> Msg {
    Msg::Response(Response { serial, outcome: Outcome::Done(ret) })
}

fn not_leader(serial: u32, hint: Option<NodeId>) -> Msg {
    Msg::Response(Response { serial, outcome: Outcome::NotLeader(hint) })
}

#[test]
fn a_server_that_does_not_lead_rejects_the_request_and_tells_of_the_leader_it_has_heard_from() {
    let mut bench = Bench::new(3);
    let client = bench.client(1);
    assert_eq!(bench.answer(client, ask(1, "write x=1")), not_leader(1, None));
    bench.receive(S3, append(1, (0, 0), &[], 0));
    assert_eq!(bench.answer(client, ask(1, "write x=1")), not_leader(1, Some(S3)));
    bench.receive(S2, request_vote(2, 0, 0));
    assert_eq!(bench.answer(client, ask(1, "write x=1")), not_leader(1, None));
    assert_eq!(bench.terms(), [] as [u64; 0]);
    bench.request(9, "read x");
    assert_eq!(bench.replies, [(faultline_model::OpId(9), Ret::NotLeader)]);
}

#[test]
fn if_the_state_machine_receives_a_command_that_has_been_executed_it_responds_without_reexecuting() {
    let mut bench = Bench::leader(3, 1, Log::default());
    let client = bench.client(1);
    bench.receive(client, ask(1, "write x=1"));
    bench.receive(client, ask(2, "cas x 1 2"));
    let sent = bench.receive(S2, matched(1, 2)).to_vec();
    assert_eq!(sent, [(client, done(1, Ret::Ok)), (client, done(2, Ret::Ok))]);
    let length = bench.server().log.last_index();
    assert_eq!(bench.answer(client, ask(2, "cas x 1 2")), done(2, Ret::Ok));
    assert_eq!(bench.rule, "duplicate-request");
    assert_eq!(bench.server().log.last_index(), length);
}

#[test]
fn a_retry_that_reaches_a_new_leader_is_not_executed_twice() {
    let mut bench = Bench::follower(3, 1, Log::default());
    let client = bench.client(1);
    let mut other = Bench::leader(3, 1, Log::default());
    other.receive(client, ask(1, "write x=0"));
    other.receive(client, ask(2, "cas x 0 1"));
    let [(_, Msg::AppendEntries(both)), _] = other.fire(Timer::Heartbeat) else { panic!("two peers") };
    bench.receive(S2, Msg::AppendEntries(both.clone()));
    bench.fire(Timer::Election);
    bench.receive(S3, vote(2, true));
    bench.receive(client, ask(2, "cas x 0 1"));
    assert_eq!(bench.terms(), [1, 1, 2], "the new leader cannot know whether it is committed");
    let sent = bench.receive(S3, matched(2, 3)).to_vec();
    assert_eq!(sent, [(client, done(2, Ret::Ok))], "executed again it would have failed");
    assert_eq!(&*bench.server().machine.store["x"], "1");
}

#[test]
fn a_retry_at_the_same_leader_adds_no_entry() {
    let mut bench = Bench::leader(3, 1, Log::default());
    let client = bench.client(1);
    bench.receive(client, ask(1, "write x=1"));
    assert!(bench.receive(client, ask(1, "write x=1")).is_empty());
    assert_eq!(bench.rule, "request-in-progress");
    assert_eq!(bench.terms(), [1]);
}

#[test]
fn sessions_survive_in_snapshots() {
    let mut bench = Bench::leader_with(3, 1, Log::default(), compacting(1));
    let client = bench.client(1);
    bench.receive(client, ask(5, "write x=1"));
    bench.receive(S2, matched(1, 1));
    bench.receive(client, ask(6, "write x=2"));
    bench.receive(S2, matched(1, 2));
    let restarted = bench.restart();
    assert_eq!(restarted.server().log.base_index(), 1);
    assert_eq!(restarted.server().machine.sessions[&client].serial, 5);
}

#[test]
fn a_deposed_leader_forgets_whom_to_answer() {
    let mut bench = Bench::leader(3, 1, Log::default());
    let client = bench.client(1);
    bench.receive(client, ask(1, "write x=1"));
    let sent = bench.receive(S2, append(2, (1, 1), &[], 1)).to_vec();
    assert_eq!(sent, [(S2, matched(2, 1))], "the client asks the new leader");
    assert!(bench.server().waiting.is_empty());
}
