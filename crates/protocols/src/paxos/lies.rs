//! How an acceptor can lie. Paxos tolerates acceptors that stop, not acceptors that lie ("non-Byzantine",
//! Paxos Made Simple §2.1): with one liar among three, two values can be chosen.

use faultline_model::{Cast, Lie, NodeId};

use super::{Msg, Vote};

const FORGET: &str = "forget-promises";
const INVENT: &str = "invent-vote";
const TWO_FACED: &str = "two-faced";

/// What a liar makes up.
const FORGED: &str = "forged";

pub(super) const OF_ACCEPTORS: &[Lie] = &[
    Lie { id: FORGET, sentence: "promises every ballot, and says that it has accepted nothing" },
    Lie { id: INVENT, sentence: "says that in the ballot before it accepted a value that nobody proposed" },
    Lie {
        id: TWO_FACED,
        sentence: "tells the first learner, and every second one after it, that it has accepted another value",
    },
];

/// What an acceptor says in place of `msg`.
pub(super) fn told(lie: &str, to: NodeId, msg: &Msg, cast: &Cast) -> Option<Msg> {
    match (lie, msg) {
        (FORGET, Msg::Promise { ballot, .. } | Msg::Rejected { ballot, .. }) => {
            Some(Msg::Promise { ballot: *ballot, accepted: None })
        }
        (INVENT, Msg::Promise { ballot, .. }) => {
            let vote = Vote { ballot: ballot.saturating_sub(1), value: FORGED.to_owned() };
            Some(Msg::Promise { ballot: *ballot, accepted: Some(vote) })
        }
        (TWO_FACED, Msg::Accepted(vote)) if is_fooled(to, cast) => {
            Some(Msg::Accepted(Vote { ballot: vote.ballot, value: FORGED.to_owned() }))
        }
        _ => None,
    }
}

/// Whether a learner is one of those who are told something else: the first, the third, and so on.
fn is_fooled(learner: NodeId, cast: &Cast) -> bool {
    let is_before =
        |&(node, member): &(NodeId, &faultline_model::Member)| node < learner && member.name.starts_with('L');
    cast.iter().filter(is_before).count() % 2 == 0
}
