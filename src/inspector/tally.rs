//! Counting what happened, for the charts. Plain data.

use std::collections::{BTreeMap, BTreeSet};

use faultline_model::Time;
use faultline_sim::{Event, Operation, What};

/// How many messages of one kind there were in each slice of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The kind.
    pub kind: &'static str,
    /// Messages that arrived, slice by slice.
    pub arrived: Vec<u32>,
    /// Messages that were lost, slice by slice.
    pub lost: Vec<u32>,
}

impl Series {
    /// All that arrived.
    pub fn total_arrived(&self) -> u32 {
        self.arrived.iter().sum()
    }

    /// All that were lost.
    pub fn total_lost(&self) -> u32 {
        self.lost.iter().sum()
    }
}

/// Counts messages by kind and by the slice of time in which they arrived or were lost; `slices` equal
/// slices up to `until`. Kinds stand in the order of their first appearance.
pub fn messages(events: &[Event], until: Time, slices: usize) -> Vec<Series> {
    let slices = slices.max(1);
    let mut order: Vec<Series> = vec![];
    let mut places: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut waiting = BTreeSet::new();
    for event in events {
        let lost = match event.what {
            // One that waits in an inbox has arrived; it is not counted again when it is handled.
            What::Queued => {
                waiting.insert(event.msg);
                false
            }
            What::Delivered if waiting.remove(&event.msg) => continue,
            What::Delivered => false,
            What::Lost(_) => true,
            _ => continue,
        };
        let place = *places.entry(event.kind).or_insert_with(|| {
            order.push(Series { kind: event.kind, arrived: vec![0; slices], lost: vec![0; slices] });
            order.len() - 1
        });
        let slice = slice_of(event.at, until, slices);
        let counts = if lost { &mut order[place].lost } else { &mut order[place].arrived };
        counts[slice] += 1;
    }
    order
}

fn slice_of(at: Time, until: Time, slices: usize) -> usize {
    let share = u128::from(at.0) * slices as u128 / u128::from(until.0.max(1));
    (share as usize).min(slices - 1)
}

/// How long the operations that returned took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latencies {
    /// How many returned.
    pub returned: usize,
    /// How many are open.
    pub open: usize,
    /// Half of them took at most so long, microseconds.
    pub median: u64,
    /// The longest took so long, microseconds.
    pub longest: u64,
}

/// Sums up a history; `None` when nothing has been asked.
pub fn latencies(history: &[Operation]) -> Option<Latencies> {
    if history.is_empty() {
        return None;
    }
    let mut took: Vec<u64> = history.iter().filter_map(latency).collect();
    took.sort_unstable();
    Some(Latencies {
        returned: took.len(),
        open: history.len() - took.len(),
        median: if took.is_empty() { 0 } else { took[(took.len() - 1) / 2] },
        longest: took.last().copied().unwrap_or(0),
    })
}

/// How long an operation took, microseconds; `None` while it is open.
pub fn latency(operation: &Operation) -> Option<u64> {
    operation.returned.map(|returned| returned.since(operation.invoked).0)
}

/// The next larger of 1, 2, 5, 10, 20, 50 …: where an axis ends.
pub fn round_up(value: u64) -> u64 {
    let mut ten = 1u64;
    loop {
        for step in [ten, ten.saturating_mul(2), ten.saturating_mul(5)] {
            if step >= value {
                return step;
            }
        }
        ten = ten.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use faultline_model::{MsgId, NodeId};
    use faultline_sim::Loss;

    use super::*;

    fn event(at: u64, what: What, kind: &'static str) -> Event {
        Event {
            at: Time(at),
            what,
            node: NodeId(0),
            peer: None,
            msg: None,
            cause: 0,
            kind,
            rule: None,
            epoch: None,
        }
    }

    fn operation(invoked: u64, returned: Option<u64>) -> Operation {
        Operation {
            process: "C1".to_owned(),
            call: "read x".to_owned(),
            result: returned.map(|_| "1".to_owned()),
            invoked: Time(invoked),
            returned: returned.map(Time),
        }
    }

    #[test]
    fn messages_are_counted_by_kind_slice_and_fate() {
        let events = [
            event(0, What::Delivered, "Ping"),
            event(10, What::Fired, "Tick"),
            event(49, What::Lost(Loss::Cut), "Ping"),
            event(50, What::Delivered, "Pong"),
            event(100, What::Delivered, "Ping"),
        ];
        let series = messages(&events, Time(100), 4);
        assert_eq!(series.len(), 2);
        assert_eq!(
            (series[0].kind, &series[0].arrived, &series[0].lost),
            ("Ping", &vec![1, 0, 0, 1], &vec![0, 1, 0, 0])
        );
        assert_eq!((series[1].kind, &series[1].arrived), ("Pong", &vec![0, 0, 1, 0]));
        assert_eq!((series[0].total_arrived(), series[0].total_lost()), (2, 1));
    }

    #[test]
    fn a_message_that_waited_is_counted_once() {
        let first = Event { msg: Some(MsgId(1)), ..event(10, What::Queued, "Ping") };
        let handled = Event { msg: Some(MsgId(1)), ..event(90, What::Delivered, "Ping") };
        let other = Event { msg: Some(MsgId(2)), ..event(95, What::Delivered, "Ping") };
        assert_eq!(messages(&[first, handled, other], Time(100), 2)[0].arrived, [1, 1]);
    }

    #[test]
    fn a_run_of_no_time_has_one_slice_with_everything() {
        let series = messages(&[event(0, What::Delivered, "Ping")], Time(0), 4);
        assert_eq!(series[0].arrived, [1, 0, 0, 0]);
    }

    #[test]
    fn open_operations_have_no_latency() {
        assert_eq!(latencies(&[]), None);
        let history =
            [operation(0, Some(30)), operation(10, Some(20)), operation(15, None), operation(20, Some(120))];
        assert_eq!(latencies(&history), Some(Latencies { returned: 3, open: 1, median: 30, longest: 100 }));
        assert_eq!(
            latencies(&[operation(5, None)]),
            Some(Latencies { returned: 0, open: 1, median: 0, longest: 0 })
        );
    }

    #[test]
    fn axes_end_at_round_numbers() {
        let ends = [0, 1, 3, 6, 11, 51, 999, 1_001].map(round_up);
        assert_eq!(ends, [1, 1, 5, 10, 20, 100, 1_000, 2_000]);
        assert_eq!(round_up(u64::MAX), u64::MAX);
    }
}
