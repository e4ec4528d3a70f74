//! Whether the operations of a history can be put into one order that explains every answer.
//!
//! *Linearizable*: into an order that also keeps to real time (Herlihy and Wing, TOPLAS 1990).
//! *Sequentially consistent*: into one that keeps to the order of each process (Lamport, *How to Make a
//! Multiprocessor Computer That Correctly Executes Multiprocess Programs*, 1979). The first is judged key
//! by key, since it is local; the second over all keys at once, since it is not.
//!
//! An operation with an unknown outcome may have its place anywhere after its invocation, or nowhere; that
//! includes one that has not ended. The problem is NP-complete (Gibbons and Korach, *Testing Shared
//! Memories*, 1997): a [`Check`] goes on in portions, and gives up at a bound on memory, never with a wrong
//! answer.

mod order;
mod prefix;
mod seen;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::history::{History, HistoryError, Operation, Outcome};
use crate::spec::{Model, Store, Word};
use order::{Found, Orders, Step};
use prefix::Prefix;

/// What is asked of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// One order that keeps to real time.
    Linearizable,
    /// One order that keeps to each process's own.
    Sequential,
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "verdict")]
pub enum OrderVerdict {
    /// There is such an order: places in [`History::operations`]. Operations with an unknown outcome that
    /// are not in it need not have taken effect.
    Holds {
        /// The order.
        order: Vec<usize>,
    },
    /// There is none.
    Broken(Disorder),
    /// The bound on memory was reached before an answer was found.
    Undecided {
        /// The bound.
        bytes: usize,
    },
}

/// Why operations cannot be ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Disorder {
    /// The key whose operations cannot be ordered; `None` when all keys are judged together.
    pub key: Option<Word>,
    /// How many events the shortest prefix of the history has that cannot be ordered. `None` for
    /// sequential consistency, which a longer history may have when its prefix has not: a read may
    /// return what is written later.
    pub prefix: Option<u32>,
    /// Whether there is surely no shorter one; false when the bound on memory was reached while looking.
    pub shortest: bool,
    /// The operation whose end makes it impossible, the last of the prefix. `None` without a prefix.
    pub last: Option<usize>,
    /// The operations concerned: the last, those that were under way when it ended, and the last change in
    /// the order; or, without a prefix, the next of each process. Places in [`History::operations`].
    pub concerned: Vec<usize>,
    /// A longest order that was found, of operations on that key: one that explains everything before
    /// the end of the prefix.
    pub order: Vec<usize>,
}

/// A check that goes on as long as its owner lets it.
///
/// It holds the history, and at most about the bytes it is given for what it has seen: exceeding them
/// ends it with [`OrderVerdict::Undecided`].
pub struct Check {
    history: History,
    work: Work,
    bytes: usize,
    verdict: Option<OrderVerdict>,
}

enum Work {
    Keys(Box<Keys>),
    Together(Box<Orders<Store>>),
}

/// Keys are judged one after the other. Once one is broken, the others are judged only up to there.
struct Keys {
    model: Model,
    left: Vec<(Word, Vec<usize>)>,
    now: Option<Prefix>,
    /// The orders found, key by key.
    orders: Vec<Vec<usize>>,
    worst: Option<Disorder>,
    /// Whether a key could not be decided.
    undecided: bool,
}

impl Check {
    /// What a check may hold, in bytes, if nothing else is said: 256 MiB, which a browser's tab can spare.
    pub const BYTES: usize = 256 << 20;

    /// A check of a history of that model, with a bound on what it may hold, in bytes.
    pub fn new(history: History, model: Model, order: Order, bytes: usize) -> Result<Check, HistoryError> {
        history.check_model(model)?;
        // What is seen is known by the place of its first word, which has 32 bits.
        let bytes = bytes.min((u32::MAX as usize).saturating_mul(size_of::<u64>()));
        let work = match order {
            Order::Linearizable => {
                let mut left: Vec<_> = by_key(&history).into_iter().collect();
                left.reverse();
                Work::Keys(Box::new(Keys {
                    model,
                    left,
                    now: None,
                    orders: vec![],
                    worst: None,
                    undecided: false,
                }))
            }
            Order::Sequential => Work::Together(Box::new(together(&history, model, bytes))),
        };
        Ok(Check { history, work, bytes, verdict: None })
    }

    /// The history that is judged.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Looks at about so many possibilities; the verdict once there is one.
    pub fn go_on(&mut self, portion: u32) -> Option<&OrderVerdict> {
        let mut left = portion;
        if self.verdict.is_none() {
            self.verdict = match &mut self.work {
                Work::Keys(keys) => keys.go_on(&self.history, self.bytes, &mut left),
                Work::Together(orders) => orders.go_on(&mut left).map(|found| match found {
                    Found::Order => OrderVerdict::Holds { order: orders.order() },
                    Found::None => OrderVerdict::Broken(stuck(orders)),
                    Found::TooMuch => OrderVerdict::Undecided { bytes: self.bytes },
                }),
            };
        }
        self.verdict.as_ref()
    }

    /// Goes on to the end.
    pub fn finish(&mut self) -> &OrderVerdict {
        while self.verdict.is_none() {
            self.go_on(1 << 16);
        }
        self.verdict.as_ref().expect("there is a verdict now")
    }

    /// The verdict in one sentence, once there is one.
    pub fn sentence(&self) -> Option<String> {
        Some(match self.verdict.as_ref()? {
            OrderVerdict::Holds { order } => {
                format!("one order of {} operations explains every answer", order.len())
            }
            OrderVerdict::Undecided { bytes } => {
                format!("undecided: an answer needs more than {} MiB", bytes >> 20)
            }
            OrderVerdict::Broken(Disorder { prefix, last, concerned, key, order, .. }) => {
                let all = self.history.operations();
                let of_key = key.as_ref().filter(|key| !key.is_empty());
                let of_key = of_key.map_or(String::new(), |key| format!(" on {key}"));
                match (prefix, last) {
                    (Some(prefix), Some(last)) => format!(
                        "the first {prefix} events cannot be ordered: when `{}` ends, no order of the operations{of_key} \
                         explains every answer; {} can be ordered before it does",
                        all[*last].describe(),
                        order.len()
                    ),
                    _ => {
                        let next: Vec<String> = concerned.iter().map(|&at| all[at].describe()).collect();
                        format!(
                            "no order that keeps to each process's own explains every answer: after {} operations none of \
                             these can be next: {}",
                            order.len(),
                            next.join("; ")
                        )
                    }
                }
            }
        })
    }
}

fn by_key(history: &History) -> BTreeMap<Word, Vec<usize>> {
    let mut keys: BTreeMap<Word, Vec<usize>> = BTreeMap::new();
    for (place, operation) in history.operations().iter().enumerate() {
        keys.entry(operation.call.key.clone()).or_default().push(place);
    }
    keys
}

impl Keys {
    fn go_on(&mut self, history: &History, bytes: usize, portion: &mut u32) -> Option<OrderVerdict> {
        loop {
            let Some(now) = &mut self.now else {
                let Some((key, operations)) = self.left.pop() else {
                    return Some(self.conclude(history, bytes));
                };
                let end = self
                    .worst
                    .as_ref()
                    .and_then(|worst| worst.prefix)
                    .map_or(history.events(), |prefix| prefix - 1);
                self.now = Some(Prefix::new(history, self.model, key, operations, end, bytes));
                continue;
            };
            match now.go_on(history, portion)? {
                OrderVerdict::Holds { order } => self.orders.push(order),
                OrderVerdict::Broken(disorder) => self.worst = Some(disorder),
                // Another key may still be broken, and that is an answer.
                OrderVerdict::Undecided { .. } => self.undecided = true,
            }
            self.now = None;
        }
    }

    /// Joins the orders of the keys into one. An operation's point is its invocation or that of the last
    /// one before it in its key's order, whichever is later; that is before its return, so the points of
    /// all keys together keep to real time.
    fn conclude(&mut self, history: &History, bytes: usize) -> OrderVerdict {
        if let Some(mut worst) = self.worst.take() {
            worst.shortest &= !self.undecided;
            return OrderVerdict::Broken(worst);
        }
        if self.undecided {
            return OrderVerdict::Undecided { bytes };
        }
        let mut points = vec![];
        for order in &self.orders {
            let mut point = 0;
            for &place in order {
                point = point.max(history.operations()[place].invoked);
                points.push((point, place));
            }
        }
        points.sort_by_key(|&(point, _)| point);
        OrderVerdict::Holds { order: points.into_iter().map(|(_, place)| place).collect() }
    }
}

/// All keys as one object, a list a process.
fn together(history: &History, model: Model, bytes: usize) -> Orders<Store> {
    let mut keys: BTreeMap<&Word, u32> = BTreeMap::new();
    let mut processes: BTreeMap<&Word, u32> = BTreeMap::new();
    let mut steps = vec![];
    for (place, operation) in history.operations().iter().enumerate() {
        let Operation { process, call, outcome, invoked, returned } = operation;
        let (known_keys, known_processes) = (keys.len() as u32, processes.len() as u32);
        let key = *keys.entry(&call.key).or_insert(known_keys);
        let list = *processes.entry(process).or_insert(known_processes);
        if *outcome == Outcome::Failed || returned.is_none() && call.is_read() {
            continue;
        }
        steps.push(Step {
            operation: place,
            call: (key, call.verb.clone()),
            result: operation.result().cloned(),
            list,
            invoked: *invoked,
            returned: *returned,
        });
    }
    let store = Store { model, keys: keys.len() as u32 };
    Orders::new(store, steps, processes.len() as u32, bytes)
}

fn stuck(orders: &Orders<Store>) -> Disorder {
    let farthest = orders.farthest();
    Disorder {
        key: None,
        prefix: None,
        shortest: false,
        last: None,
        concerned: farthest.blocked.clone(),
        order: farthest.order.clone(),
    }
}
