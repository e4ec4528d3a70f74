//! What an all-seeing observer notes over the whole run: who led which term, what was committed in which
//! term, and what was applied first at each index. It costs next to nothing while nothing changes.

use faultline_model::{NodeId, SortedMap};
use serde::Serialize;

use super::log::Log;
use super::server::{Role, Server};

/// The history of a run as far as the properties of Raft Fig. 3 need it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Witness {
    /// The first leader of each term.
    pub leaders: SortedMap<u64, Reign>,
    /// The first two leaders of one term.
    pub rivals: Option<Rivals>,
    /// The entry that was applied first at each index.
    pub ledger: Log,
    /// By whom and in which term the entries of the ledger were committed, in order of their indices.
    pub commits: Vec<Commit>,
    /// The first entry that was applied where another had been.
    pub clash: Option<Clash>,
    /// The first leader that lacked a committed entry.
    pub incomplete: Option<Incomplete>,
    /// Up to where each node's applied entries have been noted.
    pub applied: Vec<u64>,
}

/// One leadership.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Reign {
    /// The leader.
    pub leader: NodeId,
    /// Its log when it came to power. It only appends to it while it leads.
    pub log: Log,
}

/// Two leaders of one term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Rivals {
    /// The term.
    pub term: u64,
    /// Who led it first.
    pub first: NodeId,
    /// Who led it too.
    pub second: NodeId,
}

/// Entries that were committed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Commit {
    /// The last of them.
    pub through: u64,
    /// The term **in which** they were committed: that of the leader which committed them, not their own.
    pub term: u64,
    /// That leader.
    pub leader: NodeId,
}

/// Two nodes applied different entries at one index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Clash {
    /// Where.
    pub index: u64,
    /// Who committed the entry that was applied first.
    pub first: NodeId,
    /// Who applied the other.
    pub second: NodeId,
}

/// A leader lacks an entry that was committed in an earlier term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Incomplete {
    /// The entry's index.
    pub index: u64,
    /// The term in which it was committed.
    pub committed_in: u64,
    /// Who committed it.
    pub committed_by: NodeId,
    /// The leader that lacks it.
    pub leader: NodeId,
    /// That leader's term.
    pub term: u64,
}

impl Witness {
    /// Whether there is anything to note at a server.
    pub fn is_news(&self, me: NodeId, server: &Server) -> bool {
        let reign = || self.leaders.get(&server.current_term);
        self.applied.get(me.index()) != Some(&server.last_applied)
            || server.role == Role::Leader && reign().is_none_or(|reign| reign.leader != me)
    }

    /// Notes what has become true at a server.
    pub fn note(&mut self, me: NodeId, server: &Server) {
        if server.role == Role::Leader {
            self.note_leader(me, server);
        }
        if self.applied.len() <= me.index() {
            self.applied.resize(me.index() + 1, 0);
        }
        let noted = self.applied[me.index()];
        if noted == server.last_applied {
            return;
        }
        self.applied[me.index()] = server.last_applied;
        if noted < server.last_applied {
            self.note_applied(me, server, noted + 1);
        }
    }

    fn note_leader(&mut self, me: NodeId, server: &Server) {
        let term = server.current_term;
        match self.leaders.get(&term) {
            Some(reign) if reign.leader == me => {}
            Some(reign) => {
                let rivals = Rivals { term, first: reign.leader, second: me };
                self.rivals.get_or_insert(rivals);
                self.demand_completeness(me, term, &server.log);
            }
            None => {
                self.demand_completeness(me, term, &server.log);
                self.leaders.insert(term, Reign { leader: me, log: server.log.clone() });
            }
        }
    }

    /// "If a log entry is committed in a given term, then that entry will be present in the logs of the
    /// leaders for all higher-numbered terms" (Raft Fig. 3).
    fn demand_completeness(&mut self, leader: NodeId, term: u64, log: &Log) {
        if self.incomplete.is_some() {
            return;
        }
        let mut first = 1;
        for commit in &self.commits {
            if commit.term < term
                && let Some(index) = (first..=commit.through).find(|&i| lacks(log, &self.ledger, i))
            {
                let (committed_in, committed_by) = (commit.term, commit.leader);
                self.incomplete = Some(Incomplete { index, committed_in, committed_by, leader, term });
                return;
            }
            first = commit.through + 1;
        }
    }

    fn note_applied(&mut self, me: NodeId, server: &Server, first: u64) {
        for index in first..=server.last_applied {
            let Some(entry) = server.log.get(index) else {
                continue;
            };
            match self.ledger.get(index) {
                Some(noted) if noted == entry => {}
                Some(_) => {
                    let first = self.committed(index).map_or(me, |commit| commit.leader);
                    self.clash.get_or_insert(Clash { index, first, second: me });
                }
                None if index == self.ledger.last_index() + 1 => self.ledger.push(entry.clone()),
                None => {}
            }
        }
        let known = self.commits.last().map_or(0, |commit| commit.through);
        if self.ledger.last_index() > known {
            let through = self.ledger.last_index();
            self.commits.push(Commit { through, term: server.current_term, leader: me });
        }
        if server.role == Role::Leader {
            self.demand_of_later_leaders(me, server, first);
        }
    }

    /// A leader that does not know that it is deposed commits entries: those who lead later terms
    /// already must have them.
    fn demand_of_later_leaders(&mut self, me: NodeId, server: &Server, first: u64) {
        let committed_in = server.current_term;
        for (&term, reign) in self.leaders.range(committed_in + 1..) {
            let missing = (first..=server.last_applied).find(|&i| lacks(&reign.log, &server.log, i));
            if let Some(index) = missing {
                let leader = reign.leader;
                self.incomplete.get_or_insert(Incomplete {
                    index,
                    committed_in,
                    committed_by: me,
                    leader,
                    term,
                });
                return;
            }
        }
    }

    fn committed(&self, index: u64) -> Option<&Commit> {
        self.commits.get(self.commits.partition_point(|commit| commit.through < index))
    }
}

/// Whether `log` lacks the entry that `other` has at an index. By the Log Matching Property index and
/// term identify an entry.
fn lacks(log: &Log, other: &Log, index: u64) -> bool {
    index > log.base_index() && other.get(index).is_some_and(|e| log.term(index) != Some(e.term))
}
