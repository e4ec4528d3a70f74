//! What the stage draws of servers, clients and messages.

use faultline_model::{Caption, Cast, Cell, CellBox, Glance, Hue, NodeId, Shape};

use super::client::Client;
use super::message::{AppendEntries, Appended, Msg, Outcome, RequestVote, RequestVoteReply};
use super::server::{Role, Server};

pub fn server(server: &Server, majority: usize) -> Glance {
    let (role, shape, hue) = match server.role {
        Role::Follower => ("follower", Shape::Circle, Hue::Sky),
        Role::PreCandidate => ("pre-candidate", Shape::Hexagon, Hue::Violet),
        Role::Candidate => ("candidate", Shape::Hexagon, Hue::Rose),
        Role::Leader => ("leader", Shape::Ringed, Hue::Amber),
    };
    let log = Cell::row("log", server.log.short(), last_entries(server));
    let mut cells = vec![log, Cell::new("commit", server.commit_index)];
    if matches!(server.role, Role::Candidate | Role::PreCandidate) {
        cells.push(Cell::new("votes", format!("{}/{majority}", server.votes.len())));
    }
    Glance {
        role: role.to_owned(),
        shape,
        hue,
        epoch: Some(server.current_term),
        epoch_name: "term",
        cells,
        arc: Some(if server.role == Role::Leader { "heartbeat" } else { "election" }),
    }
}

/// The end of the log as Figures 6 to 8 draw it: an entry is a box with its term.
fn last_entries(server: &Server) -> Vec<CellBox> {
    const MOST: usize = 12;
    let mut boxes: Vec<CellBox> = server
        .log
        .iter()
        .rev()
        .take(MOST)
        .map(|(index, entry)| CellBox {
            text: entry.term.to_string(),
            epoch: Some(entry.term),
            firm: index <= server.commit_index,
        })
        .collect();
    boxes.reverse();
    boxes
}

/// A server that has found its disk damaged.
pub fn halted(entry: u64) -> Glance {
    Glance {
        role: "halted".to_owned(),
        shape: Shape::Circle,
        hue: Hue::Red,
        epoch: None,
        epoch_name: "term",
        cells: vec![Cell::new("damaged entry", entry)],
        arc: None,
    }
}

pub fn client(client: &Client, cast: &Cast) -> Glance {
    let mut cells = vec![Cell::new("asks", cast.name(client.asks))];
    if let Some(open) = &client.open {
        cells.push(Cell::new("open", &open.op));
    }
    if !client.queue.is_empty() {
        cells.push(Cell::new("queue", client.queue.len()));
    }
    Glance {
        role: "client".to_owned(),
        shape: Shape::Square,
        hue: Hue::Grey,
        epoch: None,
        epoch_name: "",
        cells,
        arc: Some("retry"),
    }
}

fn ballot(verb: &str, ask: &RequestVote) -> Caption {
    let text = match ask.last_log_index {
        0 => "log empty".to_owned(),
        last => format!("log to {last}, term {}", ask.last_log_term),
    };
    Caption { verb: verb.to_owned(), text, hue: Hue::Violet, reply: false }
}

fn vote(grant: &str, refuse: &str, reply: &RequestVoteReply) -> Caption {
    let verb = if reply.vote_granted { grant } else { refuse };
    let hue = if reply.vote_granted { Hue::Violet } else { Hue::Red };
    Caption { verb: verb.to_owned(), text: String::new(), hue, reply: true }
}

fn append(append: &AppendEntries) -> Caption {
    let first = append.prev_log_index + 1;
    let (verb, text) = match &append.entries[..] {
        [] => ("heartbeat", String::new()),
        [entry] => ("append", format!("{first}: {}", entry.command)),
        entries => ("append", format!("{first}–{}", append.prev_log_index + entries.len() as u64)),
    };
    Caption { verb: verb.to_owned(), text, hue: Hue::Teal, reply: false }
}

pub fn caption(msg: &Msg, cast: &Cast) -> Caption {
    let data =
        |verb: &str, text: String, reply| Caption { verb: verb.to_owned(), text, hue: Hue::Teal, reply };
    match msg {
        Msg::RequestVote(ask) => ballot("request vote", ask),
        Msg::RequestVoteReply(reply) => vote("grant vote", "refuse vote", reply),
        Msg::PreVote(ask) => ballot("ask for pre-vote", ask),
        Msg::PreVoteReply(reply) => vote("would vote", "would not vote", reply),
        Msg::AppendEntries(entries) => append(entries),
        Msg::AppendEntriesReply(reply) => match reply.outcome {
            Appended::Success { match_index } => data("match", format!("to {match_index}"), true),
            Appended::Failure { prev_log_index, .. } => {
                Caption { hue: Hue::Red, ..data("refuse", format!("no match at {prev_log_index}"), true) }
            }
        },
        Msg::InstallSnapshot(install) => {
            let through = install.snapshot.last_included_index;
            data("snapshot", format!("1–{through}"), false)
        }
        Msg::InstallSnapshotReply(reply) => data("match", format!("to {}", reply.last_included_index), true),
        Msg::Request(request) => Caption { hue: Hue::Grey, ..data("ask", request.op.to_string(), false) },
        Msg::Response(response) => {
            let name = |leader: NodeId| format!("try {}", cast.name(leader));
            let (verb, text, hue) = match &response.outcome {
                Outcome::Done(result) => ("answer", result.to_string(), Hue::Green),
                Outcome::NotLeader(hint) => ("not leader", hint.map_or_else(String::new, name), Hue::Red),
            };
            Caption { hue, ..data(verb, text, true) }
        }
        Msg::Confirm(_) => data("still leader?", String::new(), false),
        Msg::ConfirmReply(_) => data("confirm", String::new(), true),
    }
}
