//! Where in Raft's values servers are named.

use std::hash::Hash;

use faultline_model::{NodeId, Renamed, Renaming, StableHasher, renamed, sort};

use super::log::{Entry, Log};
use super::machine::{Command, Machine, Op, Ret, Session, Ticket};
use super::message::{
    AppendEntries, AppendEntriesReply, Confirm, InstallSnapshot, InstallSnapshotReply, Msg, Outcome, Request,
    RequestVote, RequestVoteReply, Response, Snapshot, Timer,
};
use super::reads::Read;
use super::server::{Durable, Role, Server};
use super::witness::{Clash, Commit, Incomplete, Reign, Rivals, Witness};
use super::{Client, Halted, Open, Raft};

renamed!(nameless Role, Timer, Op, Ret, Session, Open, Halted, Request, AppendEntriesReply);
renamed!(nameless RequestVote, RequestVoteReply, InstallSnapshotReply, Confirm);
renamed!(struct Ticket { client, serial });
renamed!(struct Read { ticket, register, index, confirmed });
renamed!(struct Entry { term, command });
renamed!(struct Machine { store, sessions });
renamed!(struct Snapshot { last_included_index, last_included_term, machine });
renamed!(struct AppendEntries { term, prev_log_index, prev_log_term, entries, leader_commit });
renamed!(struct InstallSnapshot { term, snapshot });
renamed!(struct Response { serial, outcome });
renamed!(
    enum Outcome {
        Done(result),
        NotLeader(leader),
    }
);
renamed!(
    enum Msg {
        RequestVote(it),
        RequestVoteReply(it),
        PreVote(it),
        PreVoteReply(it),
        AppendEntries(it),
        AppendEntriesReply(it),
        InstallSnapshot(it),
        InstallSnapshotReply(it),
        Request(it),
        Response(it),
        Confirm(it),
        ConfirmReply(it),
    }
);
renamed!(struct Client { open, asks, queue });
renamed!(
    enum Raft {
        Server(server),
        Client(client),
        Halted(halted),
    }
);
renamed!(struct Reign { leader, log });
renamed!(struct Rivals { term, first, second });
renamed!(struct Commit { through, term, leader });
renamed!(struct Clash { index, first, second });
renamed!(struct Incomplete { index, committed_in, committed_by, leader, term });
renamed!(struct Durable { current_term, voted_for, log, snapshot, staged_leader, damaged });
renamed!(struct Server {
    role, current_term, voted_for, log, commit_index, last_applied, leader, votes, next_index, match_index,
    machine, snapshot, heard, waiting, reads
});

impl Renamed for Command {
    fn hash_renamed(&self, names: &Renaming, state: &mut StableHasher) {
        let Command::Do(op, ticket) = self else {
            return false.hash(state);
        };
        op.hash(state);
        ticket.hash_renamed(names, state);
    }
}

impl Renamed for Log {
    fn hash_renamed(&self, names: &Renaming, state: &mut StableHasher) {
        let base = self.base_index();
        (base, self.term(base), self.last_index()).hash(state);
        self.iter().for_each(|(_, entry)| entry.hash_renamed(names, state));
    }
}

impl Renamed for Witness {
    fn hash_renamed(&self, names: &Renaming, state: &mut StableHasher) {
        let Witness { leaders, rivals, ledger, commits, clash, incomplete, applied } = self;
        leaders.hash_renamed(names, state);
        rivals.hash_renamed(names, state);
        ledger.hash_renamed(names, state);
        commits.hash_renamed(names, state);
        clash.hash_renamed(names, state);
        incomplete.hash_renamed(names, state);
        // It has a place for every server: each is noted when it boots.
        let mut by_name: Vec<(NodeId, u64)> = (0..)
            .map(NodeId)
            .zip(applied.iter().copied())
            .map(|(node, index)| (names.of(node), index))
            .collect();
        sort(&mut by_name);
        by_name.hash(state);
    }
}
