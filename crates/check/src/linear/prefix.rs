//! The shortest prefix of one key's history that cannot be ordered.
//!
//! Every prefix of a linearizable history is linearizable, with what had not ended as unknown. So the
//! shortest one that is not ends with the end of an operation, and is found by halving. Where a search
//! was stuck says where to look first.

use super::order::{Farthest, Found, Orders, Step};
use super::{Disorder, OrderVerdict};
use crate::history::{History, Operation, Outcome};
use crate::spec::{Model, Ret, Verb, Word};

/// The judgement of one key.
pub(super) struct Prefix {
    model: Model,
    key: Word,
    /// The operations on that key.
    operations: Vec<usize>,
    /// The events at which one of them ended, in order, up to where the history is judged.
    ends: Vec<u32>,
    /// Prefixes that end with an earlier one of `ends` can be ordered.
    low: usize,
    /// The prefix that ends with this one cannot, and how far its search came.
    high: Option<(usize, Farthest)>,
    /// The order of the longest prefix known to have one, when it was searched for itself.
    explained: Vec<usize>,
    /// The one being searched.
    now: usize,
    orders: Orders<Model>,
    bytes: usize,
}

impl Prefix {
    /// The judgement of the operations on a key, up to the event `end`.
    pub fn new(
        history: &History,
        model: Model,
        key: Word,
        operations: Vec<usize>,
        end: u32,
        bytes: usize,
    ) -> Prefix {
        let all = history.operations();
        let mut ends: Vec<u32> = operations.iter().filter_map(|&place| all[place].returned).collect();
        ends.retain(|&event| event <= end);
        ends.sort_unstable();
        let orders = Orders::new(model, steps(history, &operations, end), 1, bytes);
        Prefix {
            model,
            key,
            operations,
            now: ends.len().saturating_sub(1),
            ends,
            low: 0,
            high: None,
            explained: vec![],
            orders,
            bytes,
        }
    }

    /// Goes on; the verdict once there is one.
    pub fn go_on(&mut self, history: &History, portion: &mut u32) -> Option<OrderVerdict> {
        loop {
            let found = self.orders.go_on(portion)?;
            match (found, &self.high) {
                (Found::Order, None) => {
                    return Some(OrderVerdict::Holds { order: self.orders.order() });
                }
                (Found::Order, Some(_)) => {
                    self.low = self.now + 1;
                    self.explained = self.orders.order();
                }
                (Found::TooMuch, None) => {
                    return Some(OrderVerdict::Undecided { bytes: self.bytes });
                }
                (Found::TooMuch, Some((high, _))) => {
                    return Some(OrderVerdict::Broken(self.disorder(history, *high, false)));
                }
                (Found::None, _) => {
                    let farthest = self.orders.farthest().clone();
                    // Everything before the return that blocked the way was ordered.
                    self.low = self.low.max(self.ends.partition_point(|&event| event < farthest.measure));
                    self.high = Some((self.now, farthest));
                }
            }
            let Some((high, farthest)) = &self.high else {
                continue;
            };
            if self.low >= *high {
                return Some(OrderVerdict::Broken(self.disorder(history, *high, true)));
            }
            // Most often the return that blocked the way is the culprit.
            let likely = found == Found::None && self.ends[self.low] == farthest.measure;
            self.now = if likely { self.low } else { self.low.midpoint(*high) };
            let steps = steps(history, &self.operations, self.ends[self.now]);
            self.orders = Orders::new(self.model, steps, 1, self.bytes);
        }
    }

    fn disorder(&self, history: &History, high: usize, shortest: bool) -> Disorder {
        let all = history.operations();
        let end = self.ends[high];
        let ended = |operation: &Operation| operation.returned == Some(end);
        let last = self.operations.iter().copied().find(|&place| ended(&all[place]));
        let open = |operation: &Operation| {
            operation.invoked < end && operation.returned.is_none_or(|returned| returned >= end)
        };
        let open = self.operations.iter().copied().filter(|&place| open(&all[place]));
        // A search may be stuck before the last end: what it takes for known was not known there.
        let order = match &self.high {
            Some((_, farthest)) if farthest.measure == end || !shortest => farthest.order.clone(),
            _ => self.explained.clone(),
        };
        let change = order.iter().copied().rfind(|&place| !all[place].call.is_read());
        let mut concerned: Vec<usize> = change.into_iter().chain(open).collect();
        concerned.sort_unstable();
        concerned.dedup();
        Disorder { key: Some(self.key.clone()), prefix: Some(end), shortest, last, concerned, order }
    }
}

/// The operations of a prefix that ends with the event `end`.
fn steps(history: &History, operations: &[usize], end: u32) -> Vec<Step<Verb, Ret>> {
    let mut steps = vec![];
    for &place in operations {
        let operation = &history.operations()[place];
        let ended = operation.returned.is_some_and(|returned| returned <= end);
        let without_effect = ended && operation.outcome == Outcome::Failed;
        if operation.invoked > end || without_effect || !ended && operation.call.is_read() {
            continue;
        }
        steps.push(Step {
            operation: place,
            call: operation.call.verb.clone(),
            result: operation.result().filter(|_| ended).cloned(),
            list: 0,
            invoked: operation.invoked,
            returned: operation.returned.filter(|_| ended),
        });
    }
    steps
}
