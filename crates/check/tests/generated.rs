//! Histories of a store that does work, with any overlap, are never called broken, and the order that is
//! found explains them; one wrong answer in them is found where it stands.

use std::collections::BTreeMap;

use faultline_check::history::{History, Operation, Outcome};
use faultline_check::linear::{Check, Order, OrderVerdict};
use faultline_check::spec::{Call, Model, Ret, Spec, Verb, Word};
use proptest::prelude::*;

/// What a process does next: invoke, take effect, return or be cut off.
#[derive(Clone, Copy, Debug)]
struct Turn {
    process: usize,
    key: usize,
    verb: u8,
    value: u8,
    cut_off: bool,
}

/// Runs processes against a store of three keys; each operation takes effect at one moment between its
/// invocation and its return, or, if it is cut off, at any later one or never.
fn run(turns: &[Turn]) -> Vec<Operation> {
    let mut store: BTreeMap<Word, Option<Word>> = BTreeMap::new();
    let mut open: BTreeMap<usize, (usize, Option<Ret>)> = BTreeMap::new();
    let mut operations: Vec<Operation> = vec![];
    let mut names: BTreeMap<usize, usize> = BTreeMap::new();
    for (event, turn) in (1u32..).zip(turns) {
        let Some((place, answer)) = open.get_mut(&turn.process) else {
            let word = |value: u8| Word::from(value.to_string());
            let verb = match turn.verb {
                0 => Verb::Write(word(turn.value)),
                1 => Verb::Append(word(turn.value)),
                2 => Verb::Cas(Some(word(turn.value)), word(turn.value + 1)),
                3 => Verb::Delete,
                _ => Verb::Read,
            };
            let process = format!("{}.{}", turn.process, names.entry(turn.process).or_default());
            let call = Call { key: ["a", "b", "c"][turn.key].into(), verb };
            open.insert(turn.process, (operations.len(), None));
            let (process, outcome) = (process.as_str().into(), Outcome::Unknown);
            operations.push(Operation { process, call, outcome, invoked: event, returned: None });
            continue;
        };
        let operation = &mut operations[*place];
        if turn.cut_off && operation.call.verb != Verb::Read {
            // Its process goes on under another name.
            open.remove(&turn.process);
            *names.entry(turn.process).or_default() += 1;
        } else if let Some(ret) = answer.take() {
            operation.outcome = Outcome::Returned(ret);
            operation.returned = Some(event);
            open.remove(&turn.process);
        } else {
            let state = store.entry(operation.call.key.clone()).or_default();
            let (next, ret) = Model::Kv.apply(state, &operation.call.verb);
            *state = next;
            *answer = Some(ret);
        }
    }
    operations
}

fn explains(operations: &[Operation], order: &[usize], by_time: bool) {
    let mut store: BTreeMap<&Word, Option<Word>> = BTreeMap::new();
    let mut placed = vec![false; operations.len()];
    for (nth, &place) in order.iter().enumerate() {
        let operation = &operations[place];
        assert!(!std::mem::replace(&mut placed[place], true), "twice: {order:?}");
        let late = |&other: &usize| {
            let other = &operations[other];
            other.precedes(operation) && (by_time || other.process == operation.process)
        };
        assert!(!order[nth + 1..].iter().any(late), "not in time: {order:?} of {operations:?}");
        let state = store.entry(&operation.call.key).or_default();
        let after = Model::Kv.after(state, &operation.call.verb, operation.result());
        *state = after.unwrap_or_else(|| panic!("{order:?} does not explain {operations:?}"));
    }
    let must = |(operation, placed): (&Operation, &bool)| *placed || operation.returned.is_none();
    assert!(operations.iter().zip(&placed).all(must), "left out: {order:?} of {operations:?}");
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let turn = (0usize..5, 0usize..3, 0u8..8, 0u8..3, prop::bool::weighted(0.04));
    let turn =
        turn.prop_map(|(process, key, verb, value, cut_off)| Turn { process, key, verb, value, cut_off });
    prop::collection::vec(turn, 2..300)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn what_a_working_store_does_can_be_ordered(turns in turns()) {
        let operations = run(&turns);
        let history = History::new(operations.clone()).unwrap();
        let mut check = Check::new(history, Model::Kv, Order::Linearizable, Check::BYTES).unwrap();
        match check.finish() {
            OrderVerdict::Holds { order } => explains(&operations, order, true),
            other => panic!("{other:?} of {operations:?}"),
        }
    }

    #[test]
    fn it_is_sequential_too(turns in turns()) {
        let operations = run(&turns[..turns.len().min(60)]);
        let history = History::new(operations.clone()).unwrap();
        let mut check = Check::new(history, Model::Kv, Order::Sequential, 64 << 20).unwrap();
        match check.finish() {
            OrderVerdict::Holds { order } => explains(&operations, order, false),
            OrderVerdict::Undecided { .. } => {}
            other => panic!("{other:?} of {operations:?}"),
        }
    }

    #[test]
    fn of_several_wrong_answers_the_first_is_named(turns in turns(), keys in prop::collection::vec(any::<bool>(), 3)) {
        let mut operations = run(&turns);
        let mut ends = vec![];
        for operation in &mut operations {
            let wrong = operation.call.is_read() && keys[usize::from(operation.call.key.as_bytes()[0] - b'a')];
            if let Some(end) = operation.returned.filter(|_| wrong) {
                operation.outcome = Outcome::Returned(Ret::Value(Some("never written".into())));
                ends.push(end);
            }
        }
        prop_assume!(!ends.is_empty());
        let mut check =
            Check::new(History::new(operations).unwrap(), Model::Kv, Order::Linearizable, Check::BYTES).unwrap();
        let OrderVerdict::Broken(disorder) = check.finish() else { panic!("{:?}", check.history()) };
        prop_assert_eq!(disorder.prefix, ends.into_iter().min());
    }

    #[test]
    fn one_wrong_answer_is_found_where_it_stands(turns in turns(), which in any::<prop::sample::Index>()) {
        let mut operations = run(&turns);
        let reads: Vec<usize> = (0..operations.len())
            .filter(|&at| operations[at].call.is_read() && operations[at].returned.is_some())
            .collect();
        prop_assume!(!reads.is_empty());
        let wrong = reads[which.index(reads.len())];
        operations[wrong].outcome = Outcome::Returned(Ret::Value(Some("never written".into())));
        let history = History::new(operations.clone()).unwrap();
        let mut check = Check::new(history, Model::Kv, Order::Linearizable, Check::BYTES).unwrap();
        match check.finish() {
            OrderVerdict::Broken(disorder) => {
                prop_assert_eq!((disorder.last, disorder.prefix), (Some(wrong), operations[wrong].returned));
                prop_assert!(disorder.shortest && disorder.concerned.contains(&wrong));
            }
            other => panic!("{other:?} of {operations:?}"),
        }
    }
}
