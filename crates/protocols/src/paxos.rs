//! Paxos, one decree: several proposers, and at most one of their values is ever chosen (Lamport, *Paxos
//! Made Simple*, 2001, §2; *The Part-Time Parliament*, 1998).
//!
//! A value is chosen when a majority of acceptors has accepted it in one ballot. A proposer first asks for
//! promises (phase 1): an acceptor that promises accepts nothing of a lower ballot any more, and says what
//! it has accepted last. From a majority of promises the proposer must take up the value of the highest
//! ballot among them; only if there is none is it free to propose its own (phase 2). Learners hear what is
//! accepted and tell the proposers what is chosen (§2.3).
//!
//! Acceptors are the servers. Proposers and learners are nodes of their own, drawn like clients: crashing
//! one for good is no different from losing its messages.

mod acceptor;
mod knobs;
mod learner;
mod lies;
mod look;
mod message;
mod properties;
mod proposer;
pub mod rules;

use faultline_model::{
    About, Caption, Cast, Cx, Glance, Kind, Lie, NodeId, OpForm, OpId, Piece, Property, Protocol, Renaming,
    SortedMap, SortedSet, StableHasher, renamed,
};
use serde::Serialize;

pub use acceptor::Acceptor;
pub use knobs::Knobs;
pub use learner::Learner;
pub use message::{Msg, Op, Ret, Timer, Value, Vote};
pub use proposer::{Phase, Proposer};

type Ctx<'a> = Cx<'a, Paxos>;

/// What a node keeps through a crash.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Durable {
    /// An acceptor: its promise and what it has accepted (§2.5).
    Acceptor {
        /// It accepts nothing of a lower ballot.
        promised: u64,
        /// What it has accepted last.
        accepted: Option<Vote>,
    },
    /// A proposer: the highest ballot that it has begun, so that it never begins it again (§2.5).
    Proposer {
        /// That ballot.
        ballot: u64,
    },
}

/// The history of a run as far as the properties need it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Witness {
    /// What somebody wished for.
    pub wishes: SortedSet<Value>,
    /// The ballots that were begun.
    pub ballots: SortedSet<u64>,
    /// What was proposed in each ballot, and by whom.
    pub proposals: SortedMap<u64, (Value, NodeId)>,
    /// Which acceptors have said that they accepted a vote. From what is **sent**: a value is chosen as
    /// soon as a majority has, whether or not anybody learns it.
    pub votes: SortedMap<Vote, SortedSet<NodeId>>,
    /// What each learner has learned, in order.
    pub learned: SortedMap<NodeId, Vec<Value>>,
}

/// A node of Paxos.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Paxos {
    /// Promises and accepts.
    Acceptor(Acceptor),
    /// Wants a value chosen.
    Proposer(Proposer),
    /// Finds out what is chosen.
    Learner(Learner),
}

renamed!(nameless Durable, Acceptor, Vote, Msg, Timer, Op, Ret, Phase);
renamed!(struct Proposer { number, wish, waiting, ballot, heard, phase, promises, proposal, chosen });
renamed!(struct Learner { accepted, learned });
renamed!(
    enum Paxos {
        Acceptor(acceptor),
        Proposer(proposer),
        Learner(learner),
    }
);
renamed!(struct Witness { wishes, ballots, proposals, votes, learned });

/// The proposers of a run.
fn proposers(cast: &Cast, params: &Knobs) -> impl Iterator<Item = NodeId> + use<> {
    let first = cast.of_kind(Kind::Server).count() as u16;
    (first..first + params.proposers as u16).map(NodeId)
}

/// The learners of a run.
fn learners(cast: &Cast, params: &Knobs) -> impl Iterator<Item = NodeId> + use<> {
    let first = cast.of_kind(Kind::Server).count() as u16 + params.proposers as u16;
    (first..cast.len() as u16).map(NodeId)
}

impl Protocol for Paxos {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Ret;
    type Durable = Durable;
    type Witness = Witness;
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "paxos",
        name: "Paxos, one decree",
        claim: "At most one of the proposed values is ever chosen, whatever is lost, late or crashed.",
        source: "Leslie Lamport: Paxos Made Simple. ACM SIGACT News 32(4), 2001, §2. Leslie Lamport: The Part-Time \
                 Parliament. ACM TOCS 16(2), 1998.",
        rules: rules::RULES,
    };

    fn cast(params: &Knobs, nodes: usize) -> Cast {
        let named = |prefix: &str, count: usize| -> Vec<String> {
            (1..=count).map(|number| format!("{prefix}{number}")).collect()
        };
        let acceptors = named("A", nodes);
        let mut others = named("P", params.proposers as usize);
        others.extend(named("L", params.learners as usize));
        let acceptors: Vec<&str> = acceptors.iter().map(String::as_str).collect();
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        Cast::of(&acceptors).with_clients(&others)
    }

    fn default_nodes() -> usize {
        3
    }

    /// Nodes of different roles reach each other. A role is the first letter of a name.
    fn linked(cast: &Cast, from: NodeId, to: NodeId) -> bool {
        cast.name(from).chars().next() != cast.name(to).chars().next()
    }

    fn boot(saved: Option<Durable>, cx: &mut Ctx<'_>) -> Paxos {
        if cx.kind() == Kind::Server {
            return Paxos::Acceptor(Acceptor::boot(saved, cx));
        }
        match proposers(cx.cast(), cx.params()).position(|node| node == cx.me()) {
            Some(place) => Paxos::Proposer(Proposer::boot(place as u64 + 1, saved, cx)),
            None => Paxos::Learner(Learner::default()),
        }
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        match self {
            Paxos::Acceptor(acceptor) => acceptor.on_message(from, msg, cx),
            Paxos::Proposer(proposer) => proposer.on_message(from, msg, cx),
            Paxos::Learner(learner) => learner.on_message(from, msg, cx),
        }
    }

    fn on_timer(&mut self, Timer::Retry: Timer, cx: &mut Ctx<'_>) {
        match self {
            Paxos::Proposer(proposer) => proposer.on_retry(cx),
            Paxos::Acceptor(_) | Paxos::Learner(_) => cx.because(rules::NOT_ADDRESSED),
        }
    }

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Ctx<'_>) {
        match self {
            Paxos::Proposer(proposer) => proposer.on_request(id, op, cx),
            Paxos::Acceptor(_) | Paxos::Learner(_) => {
                cx.because(rules::NOT_A_PROPOSER);
                cx.reply(id, Ret::Refused);
            }
        }
    }

    fn on_saved(&mut self, saved: &Durable, _: &mut Ctx<'_>) {
        if let (Paxos::Acceptor(acceptor), Durable::Acceptor { accepted, .. }) = (self, saved) {
            acceptor.announced.clone_from(accepted);
        }
    }

    fn operations(kind: Kind) -> Vec<OpForm> {
        match kind {
            Kind::Server => vec![],
            Kind::Client => {
                vec![OpForm::new("Propose", "propose A", "propose {value}")]
            }
        }
    }

    fn glance(&self, _: &Knobs, cast: &Cast) -> Glance {
        let majority = cast.of_kind(Kind::Server).count() / 2 + 1;
        match self {
            Paxos::Acceptor(acceptor) => look::acceptor(acceptor),
            Paxos::Proposer(proposer) => look::proposer(proposer, majority, cast),
            Paxos::Learner(learner) => look::learner(learner),
        }
    }

    fn caption(msg: &Msg, _: &Cast) -> Caption {
        look::caption(msg)
    }

    fn epoch(msg: &Msg) -> Option<u64> {
        msg.ballot()
    }

    fn witness(&self, me: NodeId, seen: &mut Witness) {
        match self {
            Paxos::Acceptor(acceptor) => {
                if let Some(vote) = &acceptor.announced
                    && !seen.votes.get(vote).is_some_and(|by| by.contains(&me))
                {
                    seen.votes.entry(vote.clone()).or_default().insert(me);
                }
            }
            Paxos::Proposer(proposer) => {
                seen.wishes.extend(proposer.wish.clone());
                if proposer.ballot > 0 {
                    seen.ballots.insert(proposer.ballot);
                }
                if let Some(value) = &proposer.proposal {
                    seen.proposals.entry(proposer.ballot).or_insert_with(|| (value.clone(), me));
                }
            }
            Paxos::Learner(learner) => {
                let known = seen.learned.entry(me).or_default();
                let new = learner.learned.iter().filter(|value| !known.contains(value)).cloned();
                let new: Vec<Value> = new.collect();
                known.extend(new);
            }
        }
    }

    fn has_news(&self, me: NodeId, seen: &Witness) -> bool {
        match self {
            Paxos::Acceptor(acceptor) => {
                let noted =
                    |vote| seen.votes.get(vote).is_some_and(|by: &SortedSet<NodeId>| by.contains(&me));
                acceptor.announced.as_ref().is_some_and(|vote| !noted(vote))
            }
            Paxos::Proposer(proposer) => {
                proposer.wish.as_ref().is_some_and(|wish| !seen.wishes.contains(wish))
                    || proposer.ballot > 0 && !seen.ballots.contains(&proposer.ballot)
                    || proposer.proposal.is_some() && !seen.proposals.contains_key(&proposer.ballot)
            }
            Paxos::Learner(learner) => {
                let known = seen.learned.get(&me);
                known.is_none_or(|known| learner.learned.iter().any(|value| !known.contains(value)))
            }
        }
    }

    /// Acceptors: proposers differ in their ballots.
    fn interchangeable(cast: &Cast, _: &Knobs) -> Vec<NodeId> {
        cast.of_kind(Kind::Server).collect()
    }

    fn hash_renamed(piece: Piece<'_, Self>, names: &Renaming, state: &mut StableHasher) {
        piece.renamed(names, state);
    }

    /// All of it are sets, or belong to one node or to one ballot, which is one proposer's.
    fn notes_in_any_order() -> bool {
        true
    }

    fn failed(ret: &Ret) -> bool {
        matches!(ret, Ret::Refused)
    }

    fn lies(kind: Kind) -> &'static [Lie] {
        match kind {
            Kind::Server => lies::OF_ACCEPTORS,
            Kind::Client => &[],
        }
    }

    fn lie(&self, lie: &'static str, to: NodeId, msg: &Msg, cast: &Cast) -> Option<Msg> {
        lies::told(lie, to, msg, cast)
    }

    fn properties() -> Vec<Property<Paxos>> {
        properties::all()
    }
}
