//! Sequential consistency, causal consistency and the session guarantees: on every small history the
//! checkers agree with their definitions tried out.
#![expect(clippy::disallowed_types, reason = "these tests say how long they took")]

mod small;

use std::time::Instant;

use faultline_check::linear::{Check, Order, OrderVerdict};
use faultline_check::sessions::{Age, Guarantee, Sessions};
use faultline_check::spec::Model;
use small::{Op, What, history};

use Guarantee::{Causal, MonotonicReads, MonotonicWrites, ReadYourWrites, WritesFollowReads};

const GUARANTEES: [Guarantee; 5] =
    [ReadYourWrites, MonotonicReads, MonotonicWrites, WritesFollowReads, Causal];

use What::{Read, Write};

fn holds(ops: &[Op], order: Order) -> Option<Vec<usize>> {
    let mut check = Check::new(history(ops), Model::Register, order, Check::BYTES).unwrap();
    match check.finish() {
        OrderVerdict::Holds { order } => Some(order.clone()),
        OrderVerdict::Broken(_) => None,
        OrderVerdict::Undecided { .. } => panic!("{ops:?} is small"),
    }
}

/// Every history of `count` operations of up to three processes on two keys, with values written once.
fn every_history(count: usize, processes: usize, judge: &mut impl FnMut(&[Op])) {
    fn go(count: usize, processes: usize, chosen: &mut Vec<Op>, judge: &mut impl FnMut(&[Op])) {
        if chosen.len() == count {
            return reads(0, chosen, judge);
        }
        let known = chosen.iter().map(|op| op.process + 1).max().unwrap_or(0);
        for process in 0..=known.min(processes - 1) {
            for key in 0..2 {
                for what in [Write(chosen.len() as u8), Read(None)] {
                    chosen.push(Op { process, key, what });
                    go(count, processes, chosen, judge);
                    chosen.pop();
                }
            }
        }
    }
    fn reads(from: usize, ops: &mut Vec<Op>, judge: &mut impl FnMut(&[Op])) {
        let Some(at) = (from..ops.len()).find(|&at| matches!(ops[at].what, Read(_))) else {
            return judge(ops);
        };
        let key = ops[at].key;
        let written = ops.iter().filter(|op| op.key == key).filter_map(|op| match op.what {
            Write(value) => Some(Some(value)),
            Read(_) => None,
        });
        for value in written.chain([None]).collect::<Vec<_>>() {
            ops[at].what = Read(value);
            reads(at + 1, ops, judge);
        }
        ops[at].what = Read(None);
    }
    go(count, processes, &mut vec![], judge);
}

/// The state of both keys after the operations, if they can have happened in this order.
fn replay(order: &[Op]) -> Option<[Option<u8>; 2]> {
    order.iter().try_fold([None, None], |mut state, op| {
        match op.what {
            Write(value) => state[op.key] = Some(value),
            Read(value) if state[op.key] != value => return None,
            Read(_) => {}
        }
        Some(state)
    })
}

/// Whether some interleaving of the processes explains every answer, by trying all.
fn is_sequential(ops: &[Op]) -> bool {
    fn go(left: &[Op], order: &mut Vec<Op>) -> bool {
        if left.is_empty() {
            return replay(order).is_some();
        }
        (0..left.len()).any(|i| {
            let first = left[..i].iter().all(|op| op.process != left[i].process);
            let mut rest = left.to_vec();
            order.push(rest.remove(i));
            let found = first && go(&rest, order);
            order.pop();
            found
        })
    }
    go(ops, &mut vec![])
}

/// The causal order, as a matrix.
fn causal_order(ops: &[Op]) -> Vec<Vec<bool>> {
    let count = ops.len();
    let reads_from = |i: usize, j: usize| match (ops[i].what, ops[j].what) {
        (Write(written), Read(Some(read))) => ops[i].key == ops[j].key && written == read,
        _ => false,
    };
    let direct = |i: usize, j: usize| i < j && ops[i].process == ops[j].process || reads_from(i, j);
    let mut before: Vec<Vec<bool>> = (0..count).map(|i| (0..count).map(|j| direct(i, j)).collect()).collect();
    for _ in 0..count {
        for (i, j, k) in triples(count) {
            before[i][k] |= before[i][j] && before[j][k];
        }
    }
    before
}

fn triples(count: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    (0..count * count * count).map(move |n| (n / count / count, n / count % count, n % count))
}

/// Causal consistency as it is defined (Bouajjani et al., §2.2): for every operation there is an order of
/// what is causally before it after which it answers as it did.
fn is_causal(ops: &[Op]) -> bool {
    let before = causal_order(ops);
    (0..ops.len()).all(|at| {
        let past: Vec<usize> = (0..ops.len()).filter(|&i| i != at && before[i][at]).collect();
        !before[at][at] && explains(ops, &before, at, &past, [None, None])
    })
}

fn explains(ops: &[Op], before: &[Vec<bool>], at: usize, left: &[usize], state: [Option<u8>; 2]) -> bool {
    if left.is_empty() {
        return matches!(ops[at].what, Write(_)) || ops[at].what == Read(state[ops[at].key]);
    }
    left.iter().any(|&i| {
        let first = left.iter().all(|&j| !before[j][i]);
        let mut state = state;
        if let Write(value) = ops[i].what {
            state[ops[i].key] = Some(value);
        }
        let rest: Vec<usize> = left.iter().copied().filter(|&j| j != i).collect();
        first && explains(ops, before, at, &rest, state)
    })
}

/// The guarantees as they are stated in words.
fn keeps(ops: &[Op], guarantee: Guarantee) -> bool {
    let before = causal_order(ops);
    let all = || 0..ops.len();
    let source = |i: usize| match ops[i].what {
        Read(Some(value)) => all().find(|&j| ops[j].key == ops[i].key && ops[j].what == Write(value)),
        _ => None,
    };
    let session = |i: usize, j: usize| i < j && ops[i].process == ops[j].process;
    let is_write = |i: usize| matches!(ops[i].what, Write(_));
    // Whether the read shows something older than the write.
    let misses = |read: usize, due: usize| {
        ops[read].key == ops[due].key
            && match source(read) {
                None => ops[read].what == Read(None),
                Some(shown) => before[shown][due] && !before[due][shown],
            }
    };
    let replaced = |read: usize, due: usize, by: usize| {
        source(read) == Some(due) && ops[due].key == ops[by].key && ops[by].key == ops[read].key && due != by
    };
    let cyclic = all().any(|i| before[i][i]);
    let broken = all().filter(|&i| !is_write(i)).any(|read| {
        all().filter(|&earlier| session(earlier, read)).any(|earlier| match guarantee {
            ReadYourWrites => is_write(earlier) && misses(read, earlier),
            MonotonicReads => source(earlier).is_some_and(|due| misses(read, due)),
            _ => source(earlier).is_some_and(|seen| {
                all().filter(|&i| session(i, seen)).any(|i| {
                    let due = if guarantee == MonotonicWrites { is_write(i).then_some(i) } else { source(i) };
                    due.is_some_and(|due| misses(read, due) || replaced(read, due, seen))
                })
            }),
        })
    });
    !(broken || guarantee == WritesFollowReads && cyclic)
}

fn compare(ops: &[Op], seen: &mut [u64; 3]) {
    let sequential = holds(ops, Order::Sequential);
    assert_eq!(sequential.is_some(), is_sequential(ops), "sequential: {ops:?}");
    if let Some(order) = &sequential {
        let order: Vec<Op> = order.iter().map(|&at| ops[at]).collect();
        assert!(order.len() == ops.len() && replay(&order).is_some(), "{order:?} of {ops:?}");
    }
    let history = history(ops);
    let sessions = Sessions::new(&history, Age::Causal).unwrap();
    let causal = sessions.judge(Causal).is_none();
    assert_eq!(causal, is_causal(ops), "causal: {ops:?}");
    for guarantee in &GUARANTEES[..4] {
        let kept = sessions.judge(*guarantee).is_none();
        assert_eq!(kept, keeps(ops, *guarantee), "{guarantee:?}: {ops:?}");
        assert!(kept || !causal, "causal consistency includes {guarantee:?}: {ops:?}");
    }
    let linearizable = holds(ops, Order::Linearizable).is_some();
    assert_eq!(linearizable, replay(ops).is_some(), "one after the other: {ops:?}");
    assert!(!linearizable || sequential.is_some(), "{ops:?}");
    assert!(sequential.is_none() || causal, "{ops:?}");
    if linearizable {
        let by_time = Sessions::new(&history, Age::RealTime).unwrap();
        assert!(GUARANTEES.into_iter().all(|guarantee| by_time.judge(guarantee).is_none()), "{ops:?}");
    }
    seen[0] += 1;
    seen[1] += u64::from(sequential.is_some());
    seen[2] += u64::from(causal);
}

fn compare_all(longest: usize) {
    let start = Instant::now();
    let mut seen = [0; 3];
    (1..=longest).for_each(|count| every_history(count, 3, &mut |ops| compare(ops, &mut seen)));
    let [all, sequential, causal] = seen;
    println!(
        "{all} histories: {sequential} sequential, {causal} causal, and both say so, in {:?}",
        start.elapsed()
    );
    assert!(0 < sequential && sequential < causal && causal < all);
}

#[test]
fn every_history_of_four_operations() {
    compare_all(4);
}

#[test]
#[ignore = "hundreds of thousands of histories: run it with --release"]
fn every_history_of_five_operations() {
    compare_all(5);
}
