//! Elections (Raft §5.2, §5.4.1) and Pre-Vote (dissertation §9.6).

use faultline_model::{Fact, NodeId};

use super::Ctx;
use super::machine::Command;
use super::message::{Msg, RequestVote, RequestVoteReply};
use super::properties::LEADS;
use super::rules;
use super::server::{Role, Server};

impl Server {
    fn ballot(&self, term: u64) -> RequestVote {
        RequestVote { term, last_log_index: self.log.last_index(), last_log_term: self.log.last_term() }
    }

    /// "To begin an election, a follower increments its current term and transitions to candidate state.
    /// It then votes for itself and issues RequestVote RPCs in parallel to each of the other servers"
    /// (§5.2).
    ///
    /// The requests leave while the candidate's own vote is being written; that vote counts once it is on
    /// disk. Waiting first would add a disk write to every election (compare Fig. 16).
    pub(super) fn start_election(&mut self, cx: &mut Ctx<'_>) {
        cx.because(match self.role {
            Role::Candidate => rules::RESTART_ELECTION,
            _ => rules::START_ELECTION,
        });
        self.current_term += 1;
        self.role = Role::Candidate;
        self.voted_for = Some(cx.me());
        self.leader = None;
        self.votes.clear();
        cx.measure("term", self.current_term as i64);
        self.reset_election_timer(cx);
        cx.broadcast(&Msg::RequestVote(self.ballot(self.current_term)));
        self.save(cx);
    }

    /// "Each server will vote for at most one candidate in a given term, on a first-come-first-served
    /// basis" (§5.2), and only for one whose log is at least as up-to-date as its own (§5.4.1).
    pub(super) fn on_request_vote(&mut self, from: NodeId, ask: RequestVote, newer: bool, cx: &mut Ctx<'_>) {
        let refusal = if ask.term < self.current_term {
            Some(rules::STALE_REQUEST)
        } else if self.voted_for.is_some_and(|candidate| candidate != from) {
            Some(rules::VOTE_GIVEN)
        } else if cx.params().up_to_date && !self.log.is_at_most(ask.last_log_term, ask.last_log_index) {
            Some(rules::UP_TO_DATE)
        } else {
            None
        };
        cx.because(refusal.unwrap_or(rules::GRANT_VOTE));
        let vote_granted = refusal.is_none();
        let first = vote_granted && self.voted_for.is_none();
        if vote_granted {
            self.voted_for = Some(from);
            self.follow(self.current_term, cx);
            self.reset_election_timer(cx);
        }
        let reply = RequestVoteReply { term: self.current_term, vote_granted };
        self.answer(from, Msg::RequestVoteReply(reply), newer || first, cx);
    }

    pub(super) fn on_vote(&mut self, from: NodeId, reply: RequestVoteReply, cx: &mut Ctx<'_>) {
        if reply.term < self.current_term {
            cx.because(rules::STALE_REPLY);
        } else if self.role != Role::Candidate {
            cx.because(rules::ELECTION_OVER);
        } else if !reply.vote_granted {
            cx.because(rules::NOTE_REFUSAL);
        } else {
            cx.because(rules::COUNT_VOTE);
            self.votes.insert(from);
            self.win_with_majority(cx);
        }
    }

    pub(super) fn on_own_vote_saved(&mut self, cx: &mut Ctx<'_>) {
        if self.votes.insert(cx.me()) {
            self.win_with_majority(cx);
        }
    }

    /// "A candidate wins an election if it receives votes from a majority of the servers in the full
    /// cluster for the same term" (§5.2).
    ///
    /// Its own vote must be among them: a leader whose term is not on disk could crash, begin the same
    /// term again, be granted the same votes, and write another entry at the same index and term.
    fn win_with_majority(&mut self, cx: &mut Ctx<'_>) {
        if self.votes.len() < cx.majority() || !self.votes.contains(&cx.me()) {
            return;
        }
        cx.because(rules::WIN_ELECTION);
        cx.measure("leader", self.current_term as i64);
        cx.testify(Fact::Did(LEADS, self.current_term));
        self.take_office(cx);
        if cx.params().no_op {
            self.append_own(Command::NoOp, cx);
        } else {
            for peer in cx.peers() {
                self.replicate(peer, cx);
            }
        }
    }

    /// "A candidate only increments its term if it first learns from a majority of the cluster that they
    /// would be willing to grant the candidate their votes" (dissertation §9.6). So a server that comes
    /// back from behind a partition does not depose a leader by its high term.
    pub(super) fn start_pre_vote(&mut self, cx: &mut Ctx<'_>) {
        cx.because(rules::START_PRE_VOTE);
        self.role = Role::PreCandidate;
        self.leader = None;
        self.votes.clear();
        self.votes.insert(cx.me());
        self.reset_election_timer(cx);
        cx.broadcast(&Msg::PreVote(self.ballot(self.current_term + 1)));
        self.elect_with_majority(cx);
    }

    pub(super) fn on_pre_vote(&mut self, from: NodeId, ask: RequestVote, cx: &mut Ctx<'_>) {
        let recently = |heard| cx.now().since(heard) < cx.params().election_min;
        let free = ask.term > self.current_term
            || ask.term == self.current_term && self.voted_for.is_none_or(|candidate| candidate == from);
        let log_is_fine =
            !cx.params().up_to_date || self.log.is_at_most(ask.last_log_term, ask.last_log_index);
        let refusal = if self.role == Role::Leader || self.heard.is_some_and(recently) {
            Some(rules::LEADER_ALIVE)
        } else if !free || !log_is_fine {
            Some(rules::REFUSE_PRE_VOTE)
        } else {
            None
        };
        cx.because(refusal.unwrap_or(rules::GRANT_PRE_VOTE));
        let vote_granted = refusal.is_none();
        let term = if vote_granted { ask.term } else { self.current_term };
        // Nothing is promised, so nothing needs to be on disk.
        cx.send(from, Msg::PreVoteReply(RequestVoteReply { term, vote_granted }));
    }

    pub(super) fn on_pre_vote_reply(&mut self, from: NodeId, reply: RequestVoteReply, cx: &mut Ctx<'_>) {
        if self.role != Role::PreCandidate {
            cx.because(rules::ELECTION_OVER);
        } else if !reply.vote_granted {
            cx.because(rules::NOTE_REFUSAL);
        } else if reply.term != self.current_term + 1 {
            cx.because(rules::STALE_REPLY);
        } else {
            cx.because(rules::COUNT_VOTE);
            self.votes.insert(from);
            self.elect_with_majority(cx);
        }
    }

    fn elect_with_majority(&mut self, cx: &mut Ctx<'_>) {
        if self.votes.len() >= cx.majority() {
            self.start_election(cx);
        }
    }
}
