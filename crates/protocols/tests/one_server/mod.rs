//! One server of Raft on a bench: messages are handed to it, and what it says, writes and arms is kept
//! for inspection. There is no network here and no schedule.

#![allow(dead_code, reason = "each test binary uses its own part of the bench")]

use std::collections::VecDeque;

use faultline_model::{
    Cast, Clock, Cx, Effect, NodeId, OpId, Outbox, Protocol, Span, Surroundings, Time, TimerChange,
};
use faultline_protocols::raft::{
    AppendEntries, AppendEntriesReply, Appended, Command, Conflict, Durable, Entry, Log, Msg, Op, Raft,
    RaftParams, RequestVote, RequestVoteReply, Ret, Role, Server, Timer, rules,
};

pub const S1: NodeId = NodeId(0);
pub const S2: NodeId = NodeId(1);
pub const S3: NodeId = NodeId(2);
pub const S4: NodeId = NodeId(3);
pub const S5: NodeId = NodeId(4);

/// S1 of a cluster, and everything around it.
pub struct Bench {
    pub raft: Raft,
    pub params: RaftParams,
    pub cast: Cast,
    pub now: Time,
    /// Messages that the last input made it send, in order.
    pub sent: Vec<(NodeId, Msg)>,
    /// Operations that the last input made it answer.
    pub replies: Vec<(OpId, Ret)>,
    /// What has reached its disk.
    pub disk: Option<Durable>,
    /// Whether writes wait for [`Bench::sync`].
    pub slow_disk: bool,
    /// Timers that run, with what they were armed with.
    pub timers: Vec<(Timer, Span)>,
    /// The id of the rule that the last input named.
    pub rule: &'static str,
    seed: u64,
    picks: u64,
    writing: VecDeque<(Durable, Vec<Effect<Raft>>)>,
}

/// Entries of these terms with different commands.
pub fn entries(first: u64, terms: &[u64]) -> Vec<Entry> {
    (first..)
        .zip(terms)
        .map(|(index, &term)| {
            let op = Op::Write("x".into(), format!("{term}.{index}").into());
            Entry { term, command: Command::Do(op, None) }
        })
        .collect()
}

/// A log with entries of these terms from index 1 on.
pub fn log(terms: &[u64]) -> Log {
    Log::of(entries(1, terms))
}

/// The terms of a log's entries.
pub fn terms(log: &Log) -> Vec<u64> {
    log.iter().map(|(_, entry)| entry.term).collect()
}

pub fn request_vote(term: u64, last_log_index: u64, last_log_term: u64) -> Msg {
    Msg::RequestVote(RequestVote { term, last_log_index, last_log_term })
}

pub fn vote(term: u64, vote_granted: bool) -> Msg {
    Msg::RequestVoteReply(RequestVoteReply { term, vote_granted })
}

/// AppendEntries of `term` with entries of these terms behind `prev` (index and term).
pub fn append(term: u64, prev: (u64, u64), terms: &[u64], leader_commit: u64) -> Msg {
    Msg::AppendEntries(AppendEntries {
        term,
        prev_log_index: prev.0,
        prev_log_term: prev.1,
        entries: entries(prev.0 + 1, terms),
        leader_commit,
    })
}

pub fn matched(term: u64, match_index: u64) -> Msg {
    Msg::AppendEntriesReply(AppendEntriesReply { term, outcome: Appended::Success { match_index } })
}

pub fn refused(term: u64, prev_log_index: u64, conflict: Option<Conflict>) -> Msg {
    let outcome = Appended::Failure { prev_log_index, conflict };
    Msg::AppendEntriesReply(AppendEntriesReply { term, outcome })
}

impl Bench {
    /// S1 of so many servers, with an empty disk.
    pub fn new(servers: usize) -> Bench {
        Bench::with(servers, RaftParams::default(), None)
    }

    /// S1 of so many servers, with that term and log on its disk.
    pub fn follower(servers: usize, term: u64, log: Log) -> Bench {
        let disk = Durable { current_term: term, log, ..Durable::default() };
        Bench::with(servers, RaftParams::default(), Some(disk))
    }

    /// S1 as the leader of `term`, which it won with the votes of everyone.
    pub fn leader(servers: usize, term: u64, log: Log) -> Bench {
        Bench::leader_with(servers, term, log, RaftParams::default())
    }

    pub fn leader_with(servers: usize, term: u64, log: Log, params: RaftParams) -> Bench {
        let disk = Durable { current_term: term - 1, log, ..Durable::default() };
        let mut bench = Bench::with(servers, params, Some(disk));
        bench.fire(Timer::Election);
        for peer in 1..servers {
            if bench.role() == Role::PreCandidate {
                let willing = RequestVoteReply { term, vote_granted: true };
                bench.receive(NodeId(peer as u16), Msg::PreVoteReply(willing));
            }
        }
        for peer in 1..servers {
            bench.receive(NodeId(peer as u16), vote(term, true));
        }
        assert_eq!(bench.role(), Role::Leader);
        bench
    }

    pub fn with(servers: usize, params: RaftParams, disk: Option<Durable>) -> Bench {
        Bench::seeded(1, servers, params, disk)
    }

    pub fn seeded(seed: u64, servers: usize, params: RaftParams, disk: Option<Durable>) -> Bench {
        let cast = Cast::servers_and_clients(servers, 2);
        let mut out = Outbox::default();
        let mut picks = 0;
        let clock = Clock::default();
        let around = Surroundings {
            me: S1,
            true_now: Time::ZERO,
            clock: &clock,
            cast: &cast,
            seed,
            picks: &mut picks,
        };
        let raft = Raft::boot(disk.clone(), &mut Cx::new(around, &params, &mut out));
        let mut bench = Bench {
            raft,
            params,
            cast,
            now: Time::ZERO,
            sent: vec![],
            replies: vec![],
            disk,
            slow_disk: false,
            timers: vec![],
            rule: "",
            seed,
            picks,
            writing: VecDeque::new(),
        };
        bench.carry_out(out);
        bench
    }

    /// A crash and a restart with what is on the disk.
    pub fn restart(&self) -> Bench {
        Bench::with(self.servers(), self.params.clone(), self.disk.clone())
    }

    fn servers(&self) -> usize {
        self.cast.of_kind(faultline_model::Kind::Server).count()
    }

    pub fn client(&self, number: usize) -> NodeId {
        NodeId((self.servers() + number - 1) as u16)
    }

    pub fn server(&self) -> &Server {
        match &self.raft {
            Raft::Server(server) => server,
            Raft::Halted(_) | Raft::Client(_) => unreachable!("S1 is a server on a sound disk"),
        }
    }

    pub fn role(&self) -> Role {
        self.server().role
    }

    pub fn terms(&self) -> Vec<u64> {
        terms(&self.server().log)
    }

    fn run(&mut self, handler: impl FnOnce(&mut Raft, &mut Cx<'_, Raft>)) {
        let mut out = Outbox::default();
        let clock = Clock::default();
        let around = Surroundings {
            me: S1,
            true_now: self.now,
            clock: &clock,
            cast: &self.cast,
            seed: self.seed,
            picks: &mut self.picks,
        };
        handler(&mut self.raft, &mut Cx::new(around, &self.params, &mut out));
        self.carry_out(out);
    }

    fn input(&mut self, handler: impl FnOnce(&mut Raft, &mut Cx<'_, Raft>)) -> &[(NodeId, Msg)] {
        self.sent.clear();
        self.replies.clear();
        self.rule = "";
        self.run(handler);
        &self.sent
    }

    /// Hands it a message; returns what it sends.
    pub fn receive(&mut self, from: NodeId, msg: Msg) -> &[(NodeId, Msg)] {
        self.input(|raft, cx| raft.on_message(from, msg, cx))
    }

    /// Hands it a message and returns its only answer, which must go back to the sender.
    pub fn answer(&mut self, from: NodeId, msg: Msg) -> Msg {
        match self.receive(from, msg) {
            [(to, answer)] if *to == from => answer.clone(),
            other => panic!("expected one answer to {from:?}, got {other:?}"),
        }
    }

    /// Whether it grants a vote.
    pub fn votes(&mut self, from: NodeId, msg: Msg) -> bool {
        match self.answer(from, msg) {
            Msg::RequestVoteReply(reply) | Msg::PreVoteReply(reply) => reply.vote_granted,
            other => panic!("no vote: {other:?}"),
        }
    }

    pub fn fire(&mut self, timer: Timer) -> &[(NodeId, Msg)] {
        self.timers.retain(|(running, _)| *running != timer);
        self.input(|raft, cx| raft.on_timer(timer, cx))
    }

    pub fn request(&mut self, op: u32, text: &str) -> &[(NodeId, Msg)] {
        let parsed = text.parse().expect("an operation");
        self.input(|raft, cx| raft.on_request(OpId(op), parsed, cx))
    }

    /// The oldest write reaches the disk.
    pub fn sync(&mut self) -> &[(NodeId, Msg)] {
        self.sent.clear();
        let (durable, then) = self.writing.pop_front().expect("a write on its way");
        self.disk = Some(durable.clone());
        self.run(|raft, cx| raft.on_saved(&durable, cx));
        for effect in then {
            self.let_out(effect);
        }
        &self.sent
    }

    pub fn armed(&self, timer: Timer) -> Option<Span> {
        self.timers.iter().find(|(running, _)| *running == timer).map(|&(_, span)| span)
    }

    fn let_out(&mut self, effect: Effect<Raft>) {
        match effect {
            Effect::Send { to, msg } => self.sent.push((to, msg)),
            Effect::Reply { op, ret } => self.replies.push((op, ret)),
            Effect::Persist(_) | Effect::Flush => unreachable!("writes are not held"),
        }
    }

    fn carry_out(&mut self, out: Outbox<Raft>) {
        if let Some(rule) = out.rule {
            self.rule = rules::RULES[usize::from(rule.0)].id;
        }
        for change in out.timers {
            let (TimerChange::Arm(timer, _) | TimerChange::Disarm(timer)) = change;
            self.timers.retain(|(running, _)| *running != timer);
            if let TimerChange::Arm(timer, span) = change {
                self.timers.push((timer, span));
            }
        }
        let mut held = false;
        for effect in out.effects {
            match effect {
                Effect::Persist(durable) if self.slow_disk => {
                    self.writing.push_back((durable, vec![]));
                    held = true;
                }
                Effect::Persist(durable) => {
                    self.disk = Some(durable.clone());
                    self.run(|raft, cx| raft.on_saved(&durable, cx));
                }
                Effect::Flush => held |= !self.writing.is_empty(),
                effect if held => {
                    self.writing.back_mut().expect("held behind a write").1.push(effect);
                }
                effect => self.let_out(effect),
            }
        }
    }
}
