//! An outside check of the explorer: the specification `TwoPhase` of Gray and Lamport (*Consensus on
//! Transaction Commit*, 2006) has as many states as others have counted.
//!
//! The specification has one global state and no network: messages are a set that only grows. So it is
//! written as a protocol of one node, which holds that state; the actions of the next-state relation are
//! its timers, armed while the action is enabled and would change something. The search fires them in any
//! order, through the same engine, fingerprints and frontier as for every other protocol.

use std::collections::BTreeSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use faultline_check::{Bounds, Search, Verdict};
use faultline_model::{
    About, Caption, Cast, Cx, Evidence, Glance, KnobKind, Lens, NodeId, OpId, Property, Protocol, Scope,
    Span, Standing, choice, params,
};
use faultline_sim::{Setup, World};
use serde::Serialize;

choice! {
    /// Which states are taken for the same.
    pub enum Symmetry {
        /// Equal states only.
        Off = "off",
        /// Those that differ in the numbers of the resource managers only.
        Exact = "exact",
        /// Sorted by the managers' states alone, as in stateright's example `2pc`: some stay apart.
        ByState = "by-state",
    }
}

params! {
    /// The constant RM of the specification, and how states are compared.
    pub struct Constants {
        /// How many resource managers there are.
        "rm" rm: u64 = 3, KnobKind::Count { min: 1, max: 16 };
        /// Which states are taken for the same.
        "symmetry" symmetry: Symmetry = Symmetry::Off, KnobKind::Choice { options: Symmetry::WORDS };
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
enum RmState {
    Working,
    Prepared,
    Committed,
    Aborted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
enum TmState {
    Init,
    Committed,
    Aborted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
enum Message {
    Prepared(u8),
    Commit,
    Abort,
}

/// The actions of the next-state relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Step {
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
struct TwoPhase {
    rm_state: Vec<RmState>,
    tm_state: TmState,
    tm_prepared: BTreeSet<u8>,
    msgs: BTreeSet<Message>,
    symmetry: Symmetry,
}

impl TwoPhase {
    /// What the state says of one resource manager.
    fn about(&self, rm: u8) -> (RmState, bool, bool) {
        let said = self.msgs.contains(&Message::Prepared(rm));
        (self.rm_state[usize::from(rm)], self.tm_prepared.contains(&rm), said)
    }

    fn managers(&self) -> impl Iterator<Item = u8> + use<> {
        0..self.rm_state.len() as u8
    }

    /// The actions that are enabled and change something.
    fn steps(&self) -> Vec<Step> {
        let mut steps = vec![];
        let init = self.tm_state == TmState::Init;
        if init && self.managers().all(|rm| self.tm_prepared.contains(&rm)) {
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
            if self.msgs.contains(&Message::Commit) && state != RmState::Committed {
                steps.push(Step::RmRcvCommitMsg(rm));
            }
            if self.msgs.contains(&Message::Abort) && state != RmState::Aborted {
                steps.push(Step::RmRcvAbortMsg(rm));
            }
        }
        steps
    }

    fn take(&mut self, step: Step) {
        let mut now = |rm: u8, state| self.rm_state[usize::from(rm)] = state;
        match step {
            Step::TmRcvPrepared(rm) => {
                self.tm_prepared.insert(rm);
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
        match self.symmetry {
            Symmetry::Off => {}
            Symmetry::Exact => managers.sort_unstable(),
            Symmetry::ByState => managers.sort_by_key(|&(rm_state, ..)| rm_state),
        }
        let (commit, abort) = (self.msgs.contains(&Message::Commit), self.msgs.contains(&Message::Abort));
        (managers, self.tm_state, commit, abort).hash(state);
    }
}

/// There are no operations and no network.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
enum Nothing {}

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

    fn cast(_: &Constants, _: usize) -> Cast {
        Cast::of(&["TwoPhase"])
    }
    fn default_nodes() -> usize {
        1
    }
    fn boot(_: Option<()>, cx: &mut Cx<'_, Self>) -> TwoPhase {
        let start = TwoPhase {
            rm_state: vec![RmState::Working; cx.params().rm as usize],
            tm_state: TmState::Init,
            tm_prepared: BTreeSet::new(),
            msgs: BTreeSet::new(),
            symmetry: cx.params().symmetry,
        };
        start.arm(cx);
        start
    }
    fn on_timer(&mut self, step: Step, cx: &mut Cx<'_, Self>) {
        self.steps().into_iter().for_each(|armed| cx.disarm(armed));
        self.take(step);
        self.arm(cx);
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

fn search(rm: u64, symmetry: Symmetry) -> Search {
    let params = Constants { rm, symmetry };
    let cast = TwoPhase::cast(&params, 1);
    let world = World::<TwoPhase>::new(Setup { cast, params, habitat: TwoPhase::habitat(), seed: 1 });
    // Every action changes something for good, so a run has at most three steps a manager and one more.
    let bounds = Bounds { timeouts: u8::MAX, depth: 3 * rm as u32 + 2, ..Bounds::default() };
    Search::new(&world, Some("consistent"), bounds).expect("a property")
}

fn states(mut search: Search) -> u32 {
    assert_eq!(search.finish(), &Verdict::Exhausted);
    assert!(!search.cut_off());
    search.progress().states
}

#[test]
fn the_specification_has_the_states_that_others_have_counted() {
    // While the manager is undecided each of n resource managers is in one of 4 conditions, after an abort
    // in one of 6, after a commit in one of 2: 4^n + 6^n + 2^n.
    for (rm, expected) in [(1, 12), (2, 56), (3, 288), (5, 8_832)] {
        assert_eq!(states(search(rm, Symmetry::Off)), expected, "{rm} resource managers");
        assert_eq!(states(search(rm, Symmetry::Off).depth_first()), expected, "{rm} resource managers");
    }
}

#[test]
fn resource_managers_are_interchangeable() {
    // Multisets of n out of 4, 6 and 2 conditions.
    for (rm, expected) in [(3, 20 + 56 + 4), (5, 56 + 252 + 6)] {
        assert_eq!(states(search(rm, Symmetry::Exact)), expected, "{rm} resource managers");
        assert_eq!(states(search(rm, Symmetry::Exact).depth_first()), expected, "{rm} resource managers");
    }
}

#[test]
fn sorted_by_state_alone_and_depth_first_there_are_as_many_as_in_stateright() {
    // It asserts 665, a number of its order of search: that sorting leaves more than one representative
    // of a state, and which of them are met depends on the order.
    assert_eq!(states(search(5, Symmetry::ByState).depth_first()), 665);
    assert_eq!(states(search(5, Symmetry::ByState)), 508);
}
