//! Paxos, one decree, for stateright: what `crates/protocols/src/paxos` is without learners and refusals.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use stateright::Expectation;
use stateright::actor::{Actor, ActorModel, Envelope, Id, Network, Out};

const ACCEPTORS: usize = 3;
const PROPOSERS: usize = 2;
const MAJORITY: usize = ACCEPTORS / 2 + 1;

type Vote = (u64, char);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Msg {
    Propose(char),
    Prepare(u64),
    Promise(u64, Option<Vote>),
    Accept(Vote),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum State {
    Acceptor {
        promised: u64,
        accepted: Option<Vote>,
        /// All that it has ever accepted: what is chosen is judged by it.
        votes: BTreeSet<Vote>,
    },
    Proposer {
        wish: Option<char>,
        promises: BTreeMap<Id, Option<Vote>>,
        proposal: Option<char>,
    },
}

/// An acceptor, or the proposer of one ballot.
#[derive(Clone)]
pub enum Node {
    Acceptor,
    Proposer(u64),
}

impl Actor for Node {
    type Msg = Msg;
    type State = State;
    type Timer = ();
    type Random = ();
    type Storage = ();

    fn on_start(&self, _: Id, _: &Option<()>, _: &mut Out<Self>) -> State {
        match self {
            Node::Acceptor => State::Acceptor { promised: 0, accepted: None, votes: BTreeSet::new() },
            Node::Proposer(_) => State::Proposer { wish: None, promises: BTreeMap::new(), proposal: None },
        }
    }

    fn on_msg(&self, _: Id, state: &mut Cow<'_, State>, from: Id, msg: Msg, out: &mut Out<Self>) {
        // A message that changes nothing is delivered all the same: then it is no longer in flight.
        match (self, state.to_mut(), msg) {
            (Node::Acceptor, State::Acceptor { promised, accepted, .. }, Msg::Prepare(ballot)) => {
                if ballot >= *promised {
                    *promised = ballot;
                    out.send(from, Msg::Promise(ballot, *accepted));
                }
            }
            (Node::Acceptor, State::Acceptor { promised, accepted, votes }, Msg::Accept(vote)) => {
                if vote.0 >= *promised {
                    *promised = vote.0;
                    *accepted = Some(vote);
                    votes.insert(vote);
                }
            }
            (Node::Proposer(ballot), State::Proposer { wish, .. }, Msg::Propose(value)) => {
                *wish = Some(value);
                (0..ACCEPTORS).for_each(|acceptor| out.send(acceptor.into(), Msg::Prepare(*ballot)));
            }
            (
                Node::Proposer(ballot),
                State::Proposer { wish: Some(wish), promises, proposal: proposal @ None },
                Msg::Promise(promised, accepted),
            ) if promised == *ballot => {
                promises.insert(from, accepted);
                if promises.len() == MAJORITY {
                    let highest = promises.values().flatten().max();
                    let value = highest.map_or(*wish, |vote| vote.1);
                    *proposal = Some(value);
                    (0..ACCEPTORS)
                        .for_each(|acceptor| out.send(acceptor.into(), Msg::Accept((*ballot, value))));
                }
            }
            _ => {}
        }
    }
}

/// In which order the proposers were asked: Faultline's history of a run tells that, too.
type Asked = Vec<Id>;

pub fn model() -> ActorModel<Node, (), Asked> {
    let ask = |proposer: usize, value| {
        let proposer = Id::from(ACCEPTORS + proposer);
        Envelope { src: proposer, dst: proposer, msg: Msg::Propose(value) }
    };
    ActorModel::new((), vec![])
        .actors((0..ACCEPTORS).map(|_| Node::Acceptor))
        .actors((0..PROPOSERS as u64).map(|number| Node::Proposer(number + 1)))
        .init_network(Network::new_unordered_nonduplicating([ask(0, 'A'), ask(1, 'B')]))
        .record_msg_in(|_, asked, envelope| {
            matches!(envelope.msg, Msg::Propose(_)).then(|| [&asked[..], &[envelope.dst]].concat())
        })
        .property(Expectation::Always, "agreement", |_, state| {
            let mut by: BTreeMap<Vote, usize> = BTreeMap::new();
            for node in &state.actor_states {
                if let State::Acceptor { votes, .. } = &**node {
                    votes.iter().for_each(|vote| *by.entry(*vote).or_default() += 1);
                }
            }
            let chosen: BTreeSet<char> =
                by.iter().filter(|(_, count)| **count >= MAJORITY).map(|(vote, _)| vote.1).collect();
            chosen.len() <= 1
        })
}
