//! The checkers agree with checkers too simple to be wrong, on every small history.
//!
//! Whether a history is linearizable depends only on what is asked and answered and on which operations
//! end before which begin. So histories are made up to that, and every one of them once: with any number
//! of processes, and any interleaving. The number of ways in which n operations can overlap is the n-th
//! Fishburn number (1, 2, 5, 15, 53, 217), by which the making itself is tested.
#![expect(clippy::disallowed_types, reason = "these tests say how long they took")]

use std::time::Instant;

use faultline_check::history::{History, Operation, Outcome};
use faultline_check::linear::{Check, Order, OrderVerdict};
use faultline_check::spec::{Call, Model, Ret, Verb, Word};

/// An operation on a register with the values 0 and 1; `None` is the empty register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    Read(Option<u8>),
    Write(u8),
    Cas(u8, u8),
    /// A compare-and-set that found something else.
    Mismatch(u8),
    WriteUnknown(u8),
    CasUnknown(u8, u8),
    /// A write that did not take effect.
    WriteFailed(u8),
}

use Asked::{Cas, CasUnknown, Mismatch, Read, Write, WriteFailed, WriteUnknown};

impl Asked {
    fn known(self) -> bool {
        !matches!(self, WriteUnknown(_) | CasUnknown(..))
    }

    /// The state after it, if it can have happened in `state`.
    fn after(self, state: Option<u8>) -> Option<Option<u8>> {
        match self {
            Read(value) => (value == state).then_some(state),
            Write(value) | WriteUnknown(value) => Some(Some(value)),
            Cas(old, new) => (state == Some(old)).then_some(Some(new)),
            Mismatch(old) => (state != Some(old)).then_some(state),
            CasUnknown(old, new) => Some(if state == Some(old) { Some(new) } else { state }),
            WriteFailed(_) => Some(state),
        }
    }

    fn operation(self, process: &str, invoked: u32, returned: Option<u32>) -> Operation {
        let word = |value: u8| Word::from(value.to_string());
        let (verb, outcome) = match self {
            Read(value) => (Verb::Read, Outcome::Returned(Ret::Value(value.map(word)))),
            Write(value) => (Verb::Write(word(value)), Outcome::Returned(Ret::Done)),
            Cas(old, new) => (Verb::Cas(Some(word(old)), word(new)), Outcome::Returned(Ret::Done)),
            Mismatch(old) => (Verb::Cas(Some(word(old)), word(1 - old)), Outcome::Returned(Ret::Mismatch)),
            WriteUnknown(value) => (Verb::Write(word(value)), Outcome::Unknown),
            CasUnknown(old, new) => (Verb::Cas(Some(word(old)), word(new)), Outcome::Unknown),
            WriteFailed(value) => (Verb::Write(word(value)), Outcome::Failed),
        };
        Operation {
            process: process.into(),
            call: Call { key: "x".into(), verb },
            outcome,
            invoked,
            returned,
        }
    }
}

const PLAIN: &[Asked] = &[Read(None), Read(Some(0)), Read(Some(1)), Write(0), Write(1)];
const UNKNOWN: &[Asked] =
    &[Read(None), Read(Some(0)), Read(Some(1)), Write(0), Write(1), WriteUnknown(0), WriteUnknown(1)];
const EVERYTHING: &[Asked] = &[
    Read(None),
    Read(Some(0)),
    Read(Some(1)),
    Write(0),
    Write(1),
    Cas(0, 1),
    Cas(1, 0),
    Mismatch(0),
    Mismatch(1),
    WriteUnknown(0),
    WriteUnknown(1),
    CasUnknown(0, 1),
    CasUnknown(1, 0),
    WriteFailed(1),
];

/// An operation and its events.
#[derive(Clone, Copy, Debug)]
struct Interval {
    asked: Asked,
    invoked: u32,
    returned: Option<u32>,
}

/// Whether there is an order, by trying all.
fn can_be_ordered(left: &[Interval], state: Option<u8>) -> bool {
    let must = |interval: &Interval| interval.returned.is_some();
    if !left.iter().any(must) {
        return true;
    }
    (0..left.len()).any(|i| {
        let first = left.iter().all(|other| other.returned.is_none_or(|returned| returned > left[i].invoked));
        let Some(next) = left[i].asked.after(state).filter(|_| first) else {
            return false;
        };
        let mut rest = left.to_vec();
        rest.remove(i);
        can_be_ordered(&rest, next)
    })
}

/// The history up to an event, with what has not ended as unknown.
fn prefix(intervals: &[Interval], end: u32) -> Vec<Interval> {
    let begun = intervals.iter().filter(|interval| interval.invoked <= end);
    let cut = |interval: &Interval| {
        if interval.returned.is_some_and(|returned| returned <= end) {
            return Some(*interval);
        }
        let asked = match interval.asked {
            Read(_) => return None,
            Write(value) | WriteFailed(value) => WriteUnknown(value),
            Cas(old, new) => CasUnknown(old, new),
            Mismatch(old) => CasUnknown(old, 1 - old),
            unknown => unknown,
        };
        Some(Interval { asked, returned: None, ..*interval })
    };
    begun.filter_map(cut).collect()
}

/// Every history of `count` operations from `alphabet`, up to what does not matter, to `judge`.
///
/// Invocations and returns come in turns: a group of invocations, a group of returns, and so on. An
/// operation is the pair of its groups; one without a return may also begin behind all of them.
fn every_history(count: usize, alphabet: &[Asked], judge: &mut impl FnMut(&[Interval])) {
    for groups in 0..=count as u32 {
        let mut shapes = vec![];
        for invoked in 0..=groups {
            for &asked in alphabet {
                if !asked.known() {
                    shapes.push(Interval { asked, invoked, returned: None });
                } else {
                    let ends = invoked..groups;
                    shapes.extend(ends.map(|end| Interval { asked, invoked, returned: Some(end) }));
                }
            }
        }
        choose(count, groups, &shapes, &mut vec![], judge);
    }
}

fn choose(
    left: usize,
    groups: u32,
    shapes: &[Interval],
    chosen: &mut Vec<Interval>,
    judge: &mut impl FnMut(&[Interval]),
) {
    // Shapes stand in the order of their invocations: a group that was passed over stays empty.
    let begun = chosen.iter().map(|shape| shape.invoked + 1).max().unwrap_or(0);
    let mut there = vec![false; groups as usize];
    chosen.iter().filter_map(|shape| shape.returned).for_each(|group| there[group as usize] = true);
    let empty = there.iter().filter(|there| !**there).count();
    if empty.max(groups.saturating_sub(begun) as usize) > left {
        return;
    }
    if left == 0 {
        judge(&numbered(chosen));
        return;
    }
    for (place, shape) in shapes.iter().enumerate().take_while(|(_, shape)| shape.invoked <= begun) {
        chosen.push(*shape);
        choose(left - 1, groups, &shapes[place..], chosen, judge);
        chosen.pop();
    }
}

/// With events in place of groups.
fn numbered(groups: &[Interval]) -> Vec<Interval> {
    let mut events: Vec<(u32, bool, usize)> = vec![];
    for (place, interval) in groups.iter().enumerate() {
        events.push((interval.invoked, false, place));
        events.extend(interval.returned.map(|group| (group, true, place)));
    }
    events.sort_unstable();
    let mut intervals = groups.to_vec();
    for (event, (_, is_return, place)) in (1u32..).zip(events) {
        if is_return {
            intervals[place].returned = Some(event);
        } else {
            intervals[place].invoked = event;
        }
    }
    intervals.sort_by_key(|interval| interval.invoked);
    intervals
}

fn history(intervals: &[Interval]) -> History {
    let operation = |(i, interval): (usize, &Interval)| {
        interval.asked.operation(&i.to_string(), interval.invoked, interval.returned)
    };
    History::new(intervals.iter().enumerate().map(operation).collect()).unwrap()
}

/// What the checker says, compared with trying everything; whether there is an order.
fn compare(intervals: &[Interval]) -> bool {
    let mut check =
        Check::new(history(intervals), Model::CasRegister, Order::Linearizable, Check::BYTES).unwrap();
    match check.finish() {
        OrderVerdict::Holds { order } => {
            assert!(can_be_ordered(intervals, None), "there is no order: {intervals:?}");
            explains(intervals, order);
            true
        }
        OrderVerdict::Broken(disorder) => {
            let end = disorder.prefix.unwrap();
            assert!(disorder.shortest);
            assert!(!can_be_ordered(&prefix(intervals, end), None), "its prefix has an order: {intervals:?}");
            assert!(
                can_be_ordered(&prefix(intervals, end - 1), None),
                "a shorter one has none: {intervals:?}"
            );
            assert_eq!(intervals[disorder.last.unwrap()].returned, Some(end));
            explains(&prefix_in_place(intervals, end - 1), &disorder.order);
            false
        }
        OrderVerdict::Undecided { .. } => panic!("{intervals:?} is small"),
    }
}

/// The history up to an event, its operations still at their places: those left out must not be ordered.
fn prefix_in_place(intervals: &[Interval], end: u32) -> Vec<Interval> {
    let cut = prefix(intervals, end);
    let find = |interval: &Interval| cut.iter().find(|cut| cut.invoked == interval.invoked).copied();
    let absent = |interval: &Interval| Interval { returned: None, ..*interval };
    intervals.iter().map(|interval| find(interval).unwrap_or(absent(interval))).collect()
}

/// An order must hold every operation that took effect, keep to real time and explain the answers.
fn explains(intervals: &[Interval], order: &[usize]) {
    let without_effect = |interval: &Interval| matches!(interval.asked, WriteFailed(_));
    for (place, interval) in intervals.iter().enumerate() {
        let times = order.iter().filter(|&&other| other == place).count();
        let must = interval.returned.is_some() && !without_effect(interval);
        assert!(times == 1 || times == 0 && !must, "{order:?} of {intervals:?}");
    }
    let mut state = None;
    for (nth, &place) in order.iter().enumerate() {
        let ends_before = |other: &usize| {
            intervals[*other].returned.is_some_and(|returned| returned < intervals[place].invoked)
        };
        assert!(!order[nth + 1..].iter().any(ends_before), "{order:?} of {intervals:?}");
        state = intervals[place].asked.after(state).unwrap_or_else(|| panic!("{order:?} of {intervals:?}"));
    }
}

fn compare_all(longest: usize, alphabet: &[Asked]) {
    let start = Instant::now();
    let (mut histories, mut linearizable) = (0u64, 0u64);
    for count in 1..=longest {
        every_history(count, alphabet, &mut |intervals| {
            histories += 1;
            linearizable += u64::from(compare(intervals));
        });
    }
    let share =
        format!("{linearizable} of {histories} histories of 1 to {longest} operations are linearizable");
    println!("{share}, and both say so, in {:?}", start.elapsed());
    assert!(0 < linearizable && linearizable < histories);
}

#[test]
fn operations_overlap_in_as_many_ways_as_there_should_be() {
    for (count, fishburn) in [(1, 1), (2, 2), (3, 5), (4, 15), (5, 53), (6, 217)] {
        let mut ways = 0;
        every_history(count, &[Write(0)], &mut |_| ways += 1);
        assert_eq!(ways, fishburn);
    }
}

#[test]
fn every_history_with_compare_and_set_and_every_outcome() {
    compare_all(3, EVERYTHING);
}

#[test]
fn every_history_with_unknown_outcomes() {
    compare_all(4, UNKNOWN);
}

#[test]
fn every_history_of_reads_and_writes() {
    compare_all(5, PLAIN);
}

#[test]
#[ignore = "millions of histories: run it with --release"]
fn every_history_of_six_operations() {
    compare_all(6, UNKNOWN);
    compare_all(5, EVERYTHING);
}
