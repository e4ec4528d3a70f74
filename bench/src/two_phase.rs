//! The specification `TwoPhase` of Gray and Lamport for stateright.

use std::collections::BTreeSet;

use stateright::{Model, Property};

/// With so many resource managers.
pub struct TwoPhase {
    pub managers: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Manager {
    Working,
    Prepared,
    Committed,
    Aborted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    Init,
    Committed,
    Aborted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Message {
    Prepared(usize),
    Commit,
    Abort,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    managers: Vec<Manager>,
    phase: Phase,
    prepared: Vec<bool>,
    messages: BTreeSet<Message>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    HearPrepared(usize),
    Commit,
    Abort,
    Prepare(usize),
    ChooseToAbort(usize),
    HearCommit(usize),
    HearAbort(usize),
}

impl Model for TwoPhase {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            managers: vec![Manager::Working; self.managers],
            phase: Phase::Init,
            prepared: vec![false; self.managers],
            messages: BTreeSet::new(),
        }]
    }

    /// Those that are enabled and change something.
    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let init = state.phase == Phase::Init;
        if init && state.prepared.iter().all(|prepared| *prepared) {
            actions.push(Action::Commit);
        }
        if init {
            actions.push(Action::Abort);
        }
        for (rm, manager) in state.managers.iter().enumerate() {
            if init && !state.prepared[rm] && state.messages.contains(&Message::Prepared(rm)) {
                actions.push(Action::HearPrepared(rm));
            }
            if *manager == Manager::Working {
                actions.push(Action::Prepare(rm));
                actions.push(Action::ChooseToAbort(rm));
            }
            if *manager != Manager::Committed && state.messages.contains(&Message::Commit) {
                actions.push(Action::HearCommit(rm));
            }
            if *manager != Manager::Aborted && state.messages.contains(&Message::Abort) {
                actions.push(Action::HearAbort(rm));
            }
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut state = state.clone();
        match action {
            Action::HearPrepared(rm) => state.prepared[rm] = true,
            Action::Commit => {
                state.phase = Phase::Committed;
                state.messages.insert(Message::Commit);
            }
            Action::Abort => {
                state.phase = Phase::Aborted;
                state.messages.insert(Message::Abort);
            }
            Action::Prepare(rm) => {
                state.managers[rm] = Manager::Prepared;
                state.messages.insert(Message::Prepared(rm));
            }
            Action::HearCommit(rm) => state.managers[rm] = Manager::Committed,
            Action::ChooseToAbort(rm) | Action::HearAbort(rm) => state.managers[rm] = Manager::Aborted,
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<TwoPhase>> {
        vec![Property::always("consistent", |_, state: &State| {
            !(state.managers.contains(&Manager::Committed) && state.managers.contains(&Manager::Aborted))
        })]
    }
}
