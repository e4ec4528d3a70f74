//! The specification `TwoPhase` of Gray and Lamport (*Consensus on Transaction Commit*, 2006) as a protocol.
//!
//! It has one global state and no network: messages are a set that only grows. So the first node holds that
//! state; the actions of the next-state relation are its timers, armed while the action is enabled and would
//! change something. The resource managers are nodes that do nothing by themselves, so that a search knows
//! who is interchangeable.

use std::collections::BTreeSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use faultline_model::{
    About, Caption, Cast, Cx, Evidence, Glance, KnobKind, Lens, NodeId, OpId, Piece, Property, Protocol,
    Renaming, Scope, Span, StableHasher, Standing, choice, params,
};
use faultline_sim::{Setup, World};
use serde::Serialize;

choice! {
    /// In which order a state's hash goes through the resource managers.
    pub enum Managers {
        /// In that of their numbers.
        ByNumber = "by-number",
        /// Sorted by their states alone, as in stateright's example `2pc`.
        ByState = "by-state",
    }
}

params! {
    /// The constant RM of the specification, and how states are compared.
    pub struct Constants {
        /// How many resource managers there are.
        "rm" rm: u64 = 3, KnobKind::Count { min: 1, max: 16 };
        /// In which order a state's hash goes through them.
        "managers" managers: Managers = Managers::ByNumber, KnobKind::Choice { options: Managers::WORDS };
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum RmState {
    Working,
    Prepared,
    Committed,
    Aborted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum TmState {
    Init,
    Committed,
    Aborted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Message {
    Prepared(u8),
    Commit,
    Abort,
}

/// The actions of the next-state relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Step {
    TmRcvPrepared(u8),
    TmCommit,
    TmAbort,
    RmPrepare(u8),
    RmChooseToAbort(u8),
    RmRcvCommitMsg(u8),
    RmRcvAbortMsg(u8),
}

/// Which actions are enabled follows from the state, so nothing is lost by leaving out for whom; and
/// states that differ in numbers only have the same hash.
impl Hash for Step {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
    }
}

/// The variables of the specification.
#[derive(Clone, Debug, Serialize)]
pub struct TwoPhase {
    rm_state: Vec<RmState>,
    tm_state: TmState,
    tm_prepared: Vec<bool>,
    msgs: BTreeSet<Message>,
    order: Managers,
}

impl TwoPhase {
    /// What the state says of one resource manager.
    fn about(&self, rm: u8) -> (RmState, bool, bool) {
        let said = self.msgs.contains(&Message::Prepared(rm));
        (self.rm_state[usize::from(rm)], self.tm_prepared[usize::from(rm)], said)
    }

    fn managers(&self) -> impl Iterator<Item = u8> + use<> {
        0..self.rm_state.len() as u8
    }

    /// The actions that are enabled and change something.
    fn steps(&self) -> Vec<Step> {
        let mut steps = vec![];
        let init = self.tm_state == TmState::Init;
        let (commit, abort) = (self.msgs.contains(&Message::Commit), self.msgs.contains(&Message::Abort));
        if init && self.tm_prepared.iter().all(|&prepared| prepared) {
            steps.push(Step::TmCommit);
        }
        if init {
            steps.push(Step::TmAbort);
        }
        for rm in self.managers() {
            let (state, known, said) = self.about(rm);
            if init && said && !known {
                steps.push(Step::TmRcvPrepared(rm));
            }
            if state == RmState::Working {
                steps.push(Step::RmPrepare(rm));
                steps.push(Step::RmChooseToAbort(rm));
            }
            if commit && state != RmState::Committed {
                steps.push(Step::RmRcvCommitMsg(rm));
            }
            if abort && state != RmState::Aborted {
                steps.push(Step::RmRcvAbortMsg(rm));
            }
        }
        steps
    }

    fn take(&mut self, step: Step) {
        let mut now = |rm: u8, state| self.rm_state[usize::from(rm)] = state;
        match step {
            Step::TmRcvPrepared(rm) => {
                self.tm_prepared[usize::from(rm)] = true;
            }
            Step::TmCommit => {
                self.tm_state = TmState::Committed;
                self.msgs.insert(Message::Commit);
            }
            Step::TmAbort => {
                self.tm_state = TmState::Aborted;
                self.msgs.insert(Message::Abort);
            }
            Step::RmPrepare(rm) => {
                now(rm, RmState::Prepared);
                self.msgs.insert(Message::Prepared(rm));
            }
            Step::RmRcvCommitMsg(rm) => now(rm, RmState::Committed),
            Step::RmChooseToAbort(rm) | Step::RmRcvAbortMsg(rm) => now(rm, RmState::Aborted),
        }
    }

    /// In the order of the steps, so that a search tries them in it.
    fn arm(&self, cx: &mut Cx<'_, TwoPhase>) {
        for (place, step) in self.steps().into_iter().enumerate() {
            cx.arm(step, Span::micros(place as u64 + 1));
        }
    }
}

impl Hash for TwoPhase {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut managers: Vec<_> = self.managers().map(|rm| self.about(rm)).collect();
        if self.order == Managers::ByState {
            managers.sort_by_key(|&(rm_state, ..)| rm_state);
        }
        let (commit, abort) = (self.msgs.contains(&Message::Commit), self.msgs.contains(&Message::Abort));
        (managers, self.tm_state, commit, abort).hash(state);
    }
}

/// There are no operations and no network.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Nothing {}

impl fmt::Display for Nothing {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}
impl FromStr for Nothing {
    type Err = String;
    fn from_str(_: &str) -> Result<Nothing, String> {
        Err("nothing can be asked".to_owned())
    }
}

impl Protocol for TwoPhase {
    type Msg = Nothing;
    type Timer = Step;
    type Op = Nothing;
    type Ret = Nothing;
    type Durable = ();
    type Witness = ();
    type Params = Constants;

    const ABOUT: About = About {
        slug: "tla-two-phase",
        name: "TwoPhase",
        claim: "No resource manager commits while another aborts.",
        source: "Gray, Lamport: Consensus on Transaction Commit. ACM TODS 31(1), 2006.",
        rules: &[],
    };

    fn cast(constants: &Constants, _: usize) -> Cast {
        let mut names = vec!["TwoPhase".to_owned()];
        names.extend((1..=constants.rm).map(|rm| format!("RM{rm}")));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        Cast::of(&names)
    }
    fn default_nodes() -> usize {
        1
    }
    fn boot(_: Option<()>, cx: &mut Cx<'_, Self>) -> TwoPhase {
        let holds_the_state = cx.me() == NodeId(0);
        let managers = if holds_the_state { cx.params().rm as usize } else { 0 };
        let start = TwoPhase {
            rm_state: vec![RmState::Working; managers],
            tm_state: TmState::Init,
            tm_prepared: vec![false; managers],
            msgs: BTreeSet::new(),
            order: cx.params().managers,
        };
        if holds_the_state {
            start.arm(cx);
        }
        start
    }

    fn interchangeable(cast: &Cast, _: &Constants) -> Vec<NodeId> {
        cast.iter().map(|(node, _)| node).filter(|&node| node != NodeId(0)).collect()
    }

    /// Timers follow from the state, and nothing else is there.
    fn hash_renamed(piece: Piece<'_, Self>, names: &Renaming, state: &mut StableHasher) {
        let Piece::State(all) = piece else {
            return piece.plain(state);
        };
        let name = |rm: u8| names.of(NodeId(u16::from(rm) + 1));
        let mut managers: Vec<_> = all.managers().map(|rm| (name(rm), all.about(rm))).collect();
        managers.sort_unstable();
        let (commit, abort) = (all.msgs.contains(&Message::Commit), all.msgs.contains(&Message::Abort));
        (managers, all.tm_state, commit, abort).hash(state);
    }

    fn on_timer(&mut self, step: Step, cx: &mut Cx<'_, Self>) {
        let before = self.steps();
        self.take(step);
        if self.order == Managers::ByState {
            // The order in which steps are tried is that of the specification.
            before.into_iter().for_each(|armed| cx.disarm(armed));
            return self.arm(cx);
        }
        let after = self.steps();
        before.iter().filter(|armed| !after.contains(armed)).for_each(|&armed| cx.disarm(armed));
        after.iter().filter(|new| !before.contains(new)).for_each(|&new| cx.arm(new, Span::micros(1)));
    }
    fn on_message(&mut self, _: NodeId, msg: Nothing, _: &mut Cx<'_, Self>) {
        match msg {}
    }
    fn on_request(&mut self, _: OpId, op: Nothing, _: &mut Cx<'_, Self>) {
        match op {}
    }
    fn glance(&self, _: &Constants, _: &Cast) -> Glance {
        Glance::default()
    }
    fn caption(msg: &Nothing, _: &Cast) -> Caption {
        match *msg {}
    }
    fn properties() -> Vec<Property<TwoPhase>> {
        vec![Property {
            id: "consistent",
            sentence: "No resource manager has committed while another has aborted",
            source: "TCConsistent",
            scope: Scope::Always,
            check: consistent,
        }]
    }
}

fn consistent(lens: &Lens<'_, TwoPhase>) -> Standing {
    let state = &(lens.node)(NodeId(0)).0.rm_state;
    let clash = state.contains(&RmState::Committed) && state.contains(&RmState::Aborted);
    if clash { Err(Evidence::default()) } else { Ok(()) }
}

/// The specification with so many resource managers.
pub fn world(rm: u64, managers: Managers) -> World<TwoPhase> {
    let params = Constants { rm, managers };
    let cast = TwoPhase::cast(&params, 1);
    World::new(Setup { cast, params, habitat: TwoPhase::habitat(), seed: 1 })
}
