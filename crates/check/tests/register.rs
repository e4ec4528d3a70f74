//! The direct judgement of a register agrees with the search of Wing and Gong on histories of every shape.

use faultline_check::history::{History, Operation, Outcome};
use faultline_check::linear::{Check, Order, OrderVerdict};
use faultline_check::spec::{Call, Model, Ret, Verb, Word};
use faultline_model::{NodeId, OpId};
use faultline_protocols::register::{self, Judge};
use proptest::prelude::*;

/// What happens next at a process: it invokes if it is idle, else it returns.
#[derive(Clone, Copy, Debug)]
struct Turn {
    process: u16,
    write: bool,
    /// Which of the values written so far a read returns, the empty register included.
    seen: usize,
    /// An operation that is given up stays open; its process goes on under another name.
    give_up: bool,
}

struct Running {
    place: usize,
    id: OpId,
    write: bool,
}

/// Plays the turns to a judge, and writes them down as a history. With `unique` no value is written twice.
fn play(turns: &[Turn], unique: bool) -> (Judge, Vec<Operation>) {
    let mut judge = Judge::default();
    let mut operations: Vec<Operation> = vec![];
    let mut running: [Option<Running>; 4] = [const { None }; 4];
    let mut lives = [0; 4];
    let mut written: Vec<String> = vec![];
    for (event, turn) in (1u32..).zip(turns) {
        let process = usize::from(turn.process);
        let Some(Running { place, id, write }) = running[process].take() else {
            let id = OpId(event);
            let value = if unique { written.len() } else { turn.seen % 2 }.to_string();
            let (op, verb) = match turn.write {
                true => (register::Op::Write(value.as_str().into()), Verb::Write(value.as_str().into())),
                false => (register::Op::Read, Verb::Read),
            };
            if turn.write {
                written.push(value);
            }
            judge.invoked(id, &op);
            running[process] = Some(Running { place: operations.len(), id, write: turn.write });
            let name = Word::from(format!("{process}.{}", lives[process]).as_str());
            let call = Call { key: "x".into(), verb };
            let outcome = Outcome::Unknown;
            operations.push(Operation { process: name, call, outcome, invoked: event, returned: None });
            continue;
        };
        if turn.give_up {
            lives[process] += 1;
            continue;
        }
        let (mine, theirs) = if write {
            (register::Ret::Ok, Ret::Done)
        } else {
            // The last few values are the interesting ones.
            let value = written.len().checked_sub(turn.seen).map(|i| written.get(i));
            let value = value.flatten().map(String::as_str);
            (register::Ret::Value(value.map(Into::into)), Ret::Value(value.map(Into::into)))
        };
        judge.returned(NodeId(turn.process), id, &mine);
        operations[place].outcome = Outcome::Returned(theirs);
        operations[place].returned = Some(event);
    }
    (judge, operations)
}

fn is_linearizable(operations: Vec<Operation>) -> bool {
    let history = History::new(operations).expect("numbered events");
    let mut check = Check::new(history, Model::Register, Order::Linearizable, Check::BYTES).unwrap();
    match check.finish() {
        OrderVerdict::Holds { .. } => true,
        OrderVerdict::Broken { .. } => false,
        other => panic!("{other:?}"),
    }
}

fn turns(most: usize) -> impl Strategy<Value = Vec<Turn>> {
    let turn = (0..4u16, prop::bool::weighted(0.4), 0..4usize, prop::bool::weighted(0.05));
    let turn = turn.prop_map(|(process, write, seen, give_up)| Turn { process, write, seen, give_up });
    prop::collection::vec(turn, 1..most)
}

#[test]
fn both_answers_are_common_among_the_histories_that_are_compared() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut broken = 0;
    for _ in 0..500 {
        let turns = turns(30).new_tree(&mut runner).unwrap().current();
        broken += u32::from(play(&turns, true).0.not_one().is_some());
    }
    assert!((100..=400).contains(&broken), "{broken} of 500 are not linearizable");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn a_history_of_unique_writes_is_judged_as_wing_and_gong_judge_it(turns in turns(30)) {
        let (judge, operations) = play(&turns, true);
        prop_assert_eq!(judge.not_one().is_none(), is_linearizable(operations));
    }

    #[test]
    fn no_linearizable_history_is_called_broken_when_values_are_written_twice(turns in turns(24)) {
        let (judge, operations) = play(&turns, false);
        if is_linearizable(operations) {
            prop_assert_eq!(judge.not_one(), None);
            prop_assert_eq!(judge.stale(), None);
            prop_assert_eq!(judge.inverted(), None);
        }
    }

    #[test]
    fn a_stale_or_inverted_read_is_never_linearizable(turns in turns(30)) {
        let (judge, operations) = play(&turns, true);
        if judge.stale().is_some() || judge.inverted().is_some() {
            prop_assert!(judge.not_one().is_some());
            prop_assert!(!is_linearizable(operations));
        }
    }
}
