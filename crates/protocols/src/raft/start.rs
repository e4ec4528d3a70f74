//! What the disks hold when a staged run begins.

use faultline_model::{Cast, Kind, NodeId, Span};

use super::log::{Entry, Log};
use super::machine::{Command, Op};
use super::params::Start;
use super::server::Durable;

/// The followers of Figure 7 by name, with the terms of their logs.
const FIGURE_7: [(&str, &[u64]); 7] = [
    ("S1", &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6]),
    ("a", &[1, 1, 1, 4, 4, 5, 5, 6, 6]),
    ("b", &[1, 1, 1, 4]),
    ("c", &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6]),
    ("d", &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7]),
    ("e", &[1, 1, 1, 4, 4, 4, 4]),
    ("f", &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3]),
];

/// The nodes of a run. The figures of the paper bring their own servers, whatever `nodes` says.
pub fn cast(start: Start, nodes: usize, clients: usize) -> Cast {
    let names: Vec<String> = (1..=clients).map(|i| format!("C{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match start {
        Start::Figure7 => Cast::of(&FIGURE_7.map(|(name, _)| name)).with_clients(&names),
        Start::Figure8 => Cast::servers_and_clients(5, clients),
        Start::Empty | Start::ShorterLogs => Cast::servers_and_clients(nodes.max(1), clients),
    }
}

/// An entry such as every server of that term would have: `x=405` at index 5 with term 4.
fn entry(index: u64, term: u64) -> Entry {
    let value = format!("{}", term * 100 + index);
    Entry { term, command: Command::Do(Op::Write("x".into(), value.into()), None) }
}

fn log(terms: &[u64]) -> Log {
    Log::of((1..).zip(terms).map(|(index, &term)| entry(index, term)))
}

/// What is on the disk of a node when the run begins.
pub fn disk(start: Start, node: NodeId, cast: &Cast) -> Option<Durable> {
    if cast.kind(node) != Kind::Server {
        return None;
    }
    match start {
        Start::Empty => None,
        Start::Figure7 => figure_7(node),
        Start::Figure8 => Some(figure_8(node)),
        Start::ShorterLogs => Some(shorter_logs(node, cast)),
    }
}

/// "When the leader at the top comes to power, it is possible that any of scenarios (a–f) could occur in
/// follower logs" (Raft Fig. 7). S1 has yet to come to power: it knows of term 7, because it voted for d
/// in it, and stands for term 8. The others know of no later term than that of their last entry.
fn figure_7(node: NodeId) -> Option<Durable> {
    let (name, terms) = FIGURE_7.get(node.index())?;
    let d = NodeId(4);
    let stands = *name == "S1";
    Some(Durable {
        current_term: if stands { 7 } else { *terms.last()? },
        voted_for: (stands || node == d).then_some(d),
        log: log(terms),
        ..Durable::default()
    })
}

/// "In (a) S1 is leader and partially replicates the log entry at index 2" (Raft Fig. 8).
fn figure_8(node: NodeId) -> Durable {
    let s1 = NodeId(0);
    let terms: &[u64] = if node.0 < 2 { &[1, 2] } else { &[1] };
    Durable {
        current_term: 2,
        voted_for: Some(s1),
        log: log(terms),
        // The first heartbeat comes at its usual time, so that the learner can act before it.
        staged_leader: (node == s1).then_some(Span::millis(50)),
        ..Durable::default()
    }
}

/// "The servers in each trial had different log lengths, so some candidates were not eligible to become
/// leader. Furthermore, to encourage split votes, our test script triggered a synchronized broadcast of
/// heartbeat RPCs from the leader before terminating its process" (Raft §9.3).
///
/// S1 leads and has the longest log together with S2; from there on each server has one entry less than
/// the one before it. Of five servers S4 and S5 cannot win once S1 is gone: too few have logs as short.
fn shorter_logs(node: NodeId, cast: &Cast) -> Durable {
    let servers = cast.of_kind(Kind::Server).count();
    let length = servers - node.index().max(1);
    let leader = NodeId(0);
    Durable {
        current_term: 1,
        voted_for: Some(leader),
        log: log(&vec![1; length]),
        staged_leader: (node == leader).then_some(Span::ZERO),
        ..Durable::default()
    }
}
