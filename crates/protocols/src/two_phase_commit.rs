//! Two-phase commit: several banks carry out one transfer, all of them or none.
//!
//! The coordinator asks every participant to prepare; each votes, and who votes yes has given its word: it
//! can do either from then on, also after a crash. When all have voted yes the coordinator writes the
//! decision to its log and tells them; one no, or a vote that does not come in time, aborts (Gray, *Notes
//! on Data Base Operating Systems*, 1978; Bernstein, Hadzilacos and Goodman, *Concurrency Control
//! and Recovery in Database Systems*, 1987, ch. 7).
//!
//! Aborts are presumed: the coordinator logs none of them, and answers a question about a transaction of
//! which it has no record with abort (Mohan, Lindsay and Obermarck, *Transaction Management in the R\*
//! Distributed Database Management System*, 1986).
//!
//! What it cannot do: while the coordinator is down and every participant that is up has voted yes, nobody
//! may commit and nobody may abort. They wait, and hold their locks. No rule that is left out makes that
//! happen; it can only be had away by replicating the coordinator (Gray and Lamport, *Consensus on
//! Transaction Commit*, 2006): the knob `coordinators`.

mod coordinator;
mod council;
mod knobs;
mod look;
mod message;
mod participant;
mod properties;
pub mod rules;

use faultline_model::{
    About, Caption, Cast, Cx, Glance, Kind, Lens, Mark, NodeId, OpForm, OpId, Piece, Property, Protocol,
    Renaming, SortedMap, SortedSet, StableHasher, renamed,
};
use serde::Serialize;

pub use coordinator::{Coordinator, Phase, Transaction};
pub use council::{Ballot, Council, Decree, Vote};
pub use knobs::Knobs;
pub use message::{Msg, Op, Outcome, Ret, Timer, Tx};
pub use participant::{Part, Participant};

type Ctx<'a> = Cx<'a, TwoPhaseCommit>;

/// The coordinator is the first node of the cast.
pub const COORDINATOR: NodeId = NodeId(0);

/// What a node keeps through a crash.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Log {
    /// The coordinator's: the transactions that it has decided to commit, with their participants.
    Coordinator {
        /// Presumed abort: only commits are written down.
        committed: SortedMap<Tx, SortedSet<NodeId>>,
    },
    /// A participant's.
    Participant {
        /// What the account holds.
        balance: i64,
        /// The transactions for which it has voted yes and knows no outcome.
        prepared: SortedMap<Tx, Part>,
        /// The transactions that have ended here.
        outcomes: SortedMap<Tx, Outcome>,
    },
    /// A coordinator's that has others beside it.
    Council {
        /// Each decision as far as it has come.
        decrees: SortedMap<Tx, Decree>,
        /// Who takes part in the transactions that it has proposed to commit.
        participants: SortedMap<Tx, SortedSet<NodeId>>,
    },
}

/// How transactions have ended at participants, ever; noted when it is on their disks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Witness {
    /// Where each transaction was committed first.
    pub committed: SortedMap<Tx, NodeId>,
    /// Where each transaction was aborted first.
    pub aborted: SortedMap<Tx, NodeId>,
}

/// A node of two-phase commit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum TwoPhaseCommit {
    /// Asks, counts the votes, decides.
    Coordinator(Coordinator),
    /// Holds an account.
    Participant(Participant),
    /// Stands by for the coordinator.
    Standby(Council),
}

/// All coordinators, the first one first; the others stand behind the participants in the cast.
fn coordinators(cast: &Cast, params: &Knobs) -> impl Iterator<Item = NodeId> + use<> {
    let end = cast.len() as u16;
    let standbys = params.coordinators as u16 - 1;
    std::iter::once(COORDINATOR).chain((end - standbys..end).map(NodeId))
}

renamed!(nameless Tx, Outcome, Timer, Ret, Phase, Decree);
renamed!(struct Ballot { number, promises, proposal, accepted_by });
renamed!(struct Council { decrees, participants, ballots, asked });
renamed!(struct Transaction { phase, participants, yes, unacknowledged });
renamed!(struct Coordinator { transactions, council });
renamed!(struct Participant { balance, prepared, outcomes, logged, locked_since });
renamed!(
    enum TwoPhaseCommit {
        Coordinator(coordinator),
        Participant(participant),
        Standby(council),
    }
);
renamed!(
    enum Log {
        Coordinator { committed },
        Participant { balance, prepared, outcomes },
        Council { decrees, participants },
    }
);
renamed!(struct Witness { committed, aborted });

impl Protocol for TwoPhaseCommit {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Ret;
    type Durable = Log;
    type Witness = Witness;
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "two-phase-commit",
        name: "Two-phase commit",
        claim: "A transaction commits at all of its participants or at none; it may have to wait for the \
                coordinator to come back.",
        source: "Jim Gray: Notes on Data Base Operating Systems. 1978. Bernstein, Hadzilacos, Goodman: \
                 Concurrency Control and Recovery in Database Systems. 1987, ch. 7. Mohan, Lindsay, Obermarck: \
                 Transaction Management in the R* Distributed Database Management System. ACM TODS 11(4), 1986. Gray, \
                 Lamport: Consensus on Transaction Commit. ACM TODS 31(1), 2006.",
        rules: rules::RULES,
    };

    fn cast(params: &Knobs, nodes: usize) -> Cast {
        let mut names = vec!["C".to_owned()];
        names.extend((1..nodes).map(|number| format!("P{number}")));
        names.extend((2..=params.coordinators).map(|number| format!("C{number}")));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        Cast::of(&names)
    }

    fn default_nodes() -> usize {
        3
    }

    fn boot(saved: Option<Log>, cx: &mut Ctx<'_>) -> TwoPhaseCommit {
        let me = cx.me();
        if me == COORDINATOR {
            TwoPhaseCommit::Coordinator(Coordinator::boot(saved, cx))
        } else if coordinators(cx.cast(), cx.params()).any(|node| node == me) {
            TwoPhaseCommit::Standby(Council::boot(saved, cx))
        } else {
            TwoPhaseCommit::Participant(Participant::boot(saved, cx))
        }
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Ctx<'_>) {
        match self {
            TwoPhaseCommit::Coordinator(coordinator) => coordinator.on_message(from, msg, cx),
            TwoPhaseCommit::Participant(participant) => participant.on_message(from, msg, cx),
            TwoPhaseCommit::Standby(council) => {
                council.on_message(from, msg, cx);
            }
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Ctx<'_>) {
        match (self, timer) {
            (TwoPhaseCommit::Coordinator(coordinator), Timer::Votes(tx)) => coordinator.on_no_votes(tx, cx),
            (TwoPhaseCommit::Coordinator(coordinator), Timer::Resend(tx)) => coordinator.resend(tx, cx),
            (TwoPhaseCommit::Participant(participant), Timer::Doubt(tx)) => participant.on_doubt(tx, cx),
            (TwoPhaseCommit::Coordinator(coordinator), Timer::TakeOver(tx)) => {
                coordinator.on_take_over(tx, cx)
            }
            (TwoPhaseCommit::Standby(council), Timer::TakeOver(tx)) => council.take_over(tx, cx),
            (node, timer) => debug_assert!(false, "{timer:?} fired at {node:?}"),
        }
    }

    fn on_request(&mut self, id: OpId, op: Op, cx: &mut Ctx<'_>) {
        match self {
            TwoPhaseCommit::Coordinator(coordinator) => coordinator.on_request(id, &op, cx),
            TwoPhaseCommit::Participant(_) | TwoPhaseCommit::Standby(_) => {
                cx.because(rules::NOT_THE_COORDINATOR);
                cx.reply(id, Ret::Refused);
            }
        }
    }

    fn on_saved(&mut self, saved: &Log, _: &mut Ctx<'_>) {
        if let (TwoPhaseCommit::Participant(participant), Log::Participant { outcomes, .. }) = (self, saved) {
            participant.logged.clone_from(outcomes);
        }
    }

    fn operations(_: Kind) -> Vec<OpForm> {
        vec![OpForm {
            name: "Transfer",
            example: "transfer 30 P1 P2".to_owned(),
            template: "transfer 1 P1 P2",
        }]
    }

    fn glance(&self, _: &Knobs, _: &Cast) -> Glance {
        match self {
            TwoPhaseCommit::Coordinator(coordinator) => look::coordinator(coordinator),
            TwoPhaseCommit::Participant(participant) => look::participant(participant),
            TwoPhaseCommit::Standby(council) => look::standby(council),
        }
    }

    fn caption(msg: &Msg, _: &Cast) -> Caption {
        look::caption(msg)
    }

    fn witness(&self, me: NodeId, seen: &mut Witness) {
        if let TwoPhaseCommit::Participant(participant) = self {
            for (&tx, outcome) in &participant.logged {
                let noted = match outcome {
                    Outcome::Committed => &mut seen.committed,
                    Outcome::Aborted => &mut seen.aborted,
                };
                noted.entry(tx).or_insert(me);
            }
        }
    }

    /// Participants, as far as transfers treat them alike.
    fn interchangeable(cast: &Cast, params: &Knobs) -> Vec<NodeId> {
        let decides = |node: &NodeId| coordinators(cast, params).any(|other| other == *node);
        cast.of_kind(Kind::Server).filter(|node| !decides(node)).collect()
    }

    fn hash_renamed(piece: Piece<'_, Self>, names: &Renaming, state: &mut StableHasher) {
        piece.renamed(names, state);
    }

    fn failed(ret: &Ret) -> bool {
        matches!(ret, Ret::Refused)
    }

    fn marks(property: &'static str, lens: &Lens<'_, TwoPhaseCommit>) -> Vec<Mark> {
        properties::marks(property, lens.witness)
    }

    fn properties() -> Vec<Property<TwoPhaseCommit>> {
        properties::all()
    }
}
