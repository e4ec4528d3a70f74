//! Happened-before, against the definition followed word by word on random runs.

#![expect(clippy::needless_range_loop, reason = "the definition speaks of pairs of events by number")]

#[expect(dead_code, reason = "each test binary uses its own part")]
mod common;

use common::{any_action, play, timeline};
use faultline_model::{MsgId, NodeId, Time};
use faultline_sim::{Action, Causality, Event, Loss, What};
use proptest::prelude::*;

/// The relation as a matrix, from the definition: the order of each process, the way of each message,
/// and what follows from these two. Kept apart from the crate's own way of finding it.
struct Definition {
    before: Vec<Vec<bool>>,
    at_process: Vec<bool>,
}

impl Definition {
    fn of(events: &[Event]) -> Definition {
        let at_process: Vec<bool> = events.iter().map(|event| stands_at_process(event.what)).collect();
        let count = events.len();
        let mut before = vec![vec![false; count]; count];
        for later in 0..count {
            for earlier in 0..later {
                before[earlier][later] = follows(events, &at_process, earlier, later);
            }
        }
        for middle in 0..count {
            for first in 0..middle {
                if before[first][middle] {
                    for last in middle..count {
                        before[first][last] |= before[middle][last];
                    }
                }
            }
        }
        Definition { before, at_process }
    }

    /// For each node: how many of its events are before `event` or are it.
    fn vector(&self, events: &[Event], event: usize, nodes: usize) -> Vec<u32> {
        let mut vector = vec![0; nodes];
        for (other, record) in events.iter().enumerate() {
            if self.at_process[other] && (other == event || self.before[other][event]) {
                vector[record.node.index()] += 1;
            }
        }
        vector
    }
}

fn stands_at_process(what: What) -> bool {
    matches!(
        what,
        What::Delivered
            | What::Fired
            | What::Synced
            | What::Invoked
            | What::Crashed
            | What::Restarted
            | What::RestartedEmpty
            | What::Paused
            | What::Resumed
            | What::ClockSet
            | What::SpeedSet
            | What::Killed
            | What::ClockSynced
            | What::DiskSet
            | What::Corrupted
            | What::Joined
            | What::Left
            | What::Lies
            | What::Honest
    )
}

/// One step of the definition: the same process, the same message, the sending of a message, or a
/// timer from its arming.
fn follows(events: &[Event], at_process: &[bool], earlier: usize, later: usize) -> bool {
    let (a, b) = (&events[earlier], &events[later]);
    let process = at_process[earlier] && at_process[later] && a.node == b.node;
    let message = a.msg.is_some() && a.msg == b.msg;
    let sender = match b.what {
        What::Delivered | What::Queued => b.peer,
        _ => Some(b.node),
    };
    let sent = b.cause as usize == earlier + 1 && sender == Some(a.node);
    process || message || sent
}

fn run(seed: u64, plan: &[(u8, Action)]) -> Vec<Event> {
    let mut timeline = timeline(seed);
    play(&mut timeline, plan, 60);
    timeline.events().to_vec()
}

fn plans() -> impl Strategy<Value = Vec<(u8, Action)>> {
    prop::collection::vec((0u8..20, any_action()), 0..12)
}

/// A run up to the first timer or request that waits in an inbox: which of them is taken from it later,
/// the events themselves do not say, and the definition above follows them word by word.
fn run_without_waits(seed: u64, plan: &[(u8, Action)]) -> Vec<Event> {
    let waits = |event: &Event| matches!(event.what, What::FireQueued | What::InvokeQueued);
    let events = run(seed, plan);
    let first = events.iter().position(waits).unwrap_or(events.len());
    events[..first].to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_chain_leads_exactly_where_the_definition_says(seed: u64, plan in plans()) {
        let events = run_without_waits(seed, &plan);
        let (causality, definition) = (Causality::of(&events), Definition::of(&events));
        for first in 0..events.len() {
            for last in 0..events.len() {
                let expected = definition.before[first][last];
                let (a, b) = (first as u32 + 1, last as u32 + 1);
                prop_assert_eq!(causality.happened_before(a, b), expected, "{} to {}", a, b);
            }
        }
    }

    #[test]
    fn cones_and_vectors_are_the_sets_of_the_definition(seed: u64, plan in plans()) {
        let events = run_without_waits(seed, &plan);
        let (causality, definition) = (Causality::of(&events), Definition::of(&events));
        let numbers: Vec<u32> = (1..=events.len() as u32).collect();
        let vectors = causality.vectors(&numbers);
        let nodes = vectors.first().map_or(0, Vec::len);
        for event in 0..events.len() {
            let number = event as u32 + 1;
            prop_assert_eq!(&vectors[event], &definition.vector(&events, event, nodes));
            let of = |node: usize, within: &dyn Fn(usize) -> bool| -> Vec<u32> {
                let here = |&other: &usize| {
                    definition.at_process[other] && events[other].node.index() == node
                        && (other == event || within(other))
                };
                (0..events.len()).filter(here).map(|other| other as u32 + 1).collect()
            };
            let (past, future) = (causality.past(number), causality.future(number));
            let (mut before_it, mut after_it) = (0, 0);
            for node in 0..nodes {
                let before = of(node, &|other| definition.before[other][event]);
                let after = of(node, &|other| definition.before[event][other]);
                prop_assert_eq!(past[node], before.last().copied().unwrap_or(0));
                prop_assert_eq!(future[node], after.first().copied().unwrap_or(0));
                before_it += before.iter().filter(|&&other| other != number).count();
                after_it += after.iter().filter(|&&other| other != number).count();
            }
            let all = definition.at_process.iter().filter(|at| **at).count();
            prop_assert_eq!(causality.extent(number), (before_it as u32, after_it as u32, all as u32));
        }
    }

    #[test]
    fn vectors_are_ordered_exactly_as_the_events_of_processes_are(seed: u64, plan in plans()) {
        let events = run(seed, &plan);
        let causality = Causality::of(&events);
        let numbers: Vec<u32> = (1..=causality.len()).filter(|&n| causality.process(n).is_some()).collect();
        let vectors = causality.vectors(&numbers);
        for (a, one) in numbers.iter().zip(&vectors) {
            for (b, other) in numbers.iter().zip(&vectors) {
                let less = one != other && one.iter().zip(other).all(|(x, y)| x <= y);
                prop_assert_eq!(less, causality.happened_before(*a, *b), "{} and {}", a, b);
            }
        }
    }

    #[test]
    fn a_path_is_a_chain_and_logical_time_grows_along_it(seed: u64, plan in plans(), a: u32, b: u32) {
        let events = run(seed, &plan);
        let causality = Causality::of(&events);
        let within = |n: u32| n % causality.len() + 1;
        let (a, b) = (within(a).min(within(b)), within(a).max(within(b)));
        if let Some(path) = causality.path(a, b) {
            prop_assert_eq!((path.first(), path.last()), (Some(&a), Some(&b)));
            for step in path.windows(2) {
                let parents = [causality.before(step[1]), causality.cause(step[1])];
                prop_assert!(parents.contains(&Some(step[0])), "{:?}", path);
                prop_assert!(causality.rank(step[0]) < causality.rank(step[1]));
            }
        }
    }

    #[test]
    fn a_relation_that_grew_is_the_relation_built_at_once(seed: u64, plan in plans(), cut in 0usize..80) {
        let events = run(seed, &plan);
        let mut grown = Causality::default();
        grown.extend(&events[..cut.min(events.len())]);
        grown.extend(&events);
        let whole = Causality::of(&events);
        let last = whole.len();
        prop_assert_eq!(grown.len(), last);
        for event in 1..=last {
            prop_assert_eq!(grown.before(event), whole.before(event));
            prop_assert_eq!(grown.cause(event), whole.cause(event));
            prop_assert_eq!(grown.rank(event), whole.rank(event));
        }
    }
}

fn event(what: What, node: u16, message: Option<(u16, u32, u32)>) -> Event {
    Event {
        peer: message.map(|(peer, ..)| NodeId(peer)),
        msg: message.map(|(_, msg, _)| MsgId(msg)),
        cause: message.map_or(0, |(.., cause)| cause),
        ..Event::new(Time(0), what, NodeId(node))
    }
}

/// S1 asks S2 and S3; both answer; S3's answer is lost. Meanwhile a timer of S3 fires.
fn sample() -> Causality {
    Causality::of(&[
        event(What::Fired, 0, None),
        event(What::Delivered, 1, Some((0, 1, 1))),
        event(What::Fired, 2, None),
        event(What::Delivered, 2, Some((0, 2, 1))),
        event(What::Lost(Loss::Chance), 2, Some((0, 4, 4))),
        event(What::Delivered, 0, Some((1, 3, 2))),
        event(What::Cut, 0, Some((1, 9, 0))),
    ])
}

#[test]
fn what_no_chain_joins_is_concurrent() {
    let sample = sample();
    assert!(sample.happened_before(1, 6) && sample.happened_before(3, 4));
    assert!(!sample.happened_before(3, 6), "what S3 said was lost");
    assert!(!sample.happened_before(6, 3) && !sample.happened_before(1, 3));
    assert!(!sample.happened_before(2, 2) && !sample.happened_before(0, 1) && !sample.happened_before(1, 99));
}

#[test]
fn a_shortest_path_takes_as_few_messages_as_it_can() {
    let sample = sample();
    assert_eq!(sample.path(1, 6), Some(vec![1, 6]), "both are S1's own: no message is needed");
    assert_eq!(sample.path(2, 6), Some(vec![2, 6]));
    assert_eq!(sample.path(4, 6), None);
    assert_eq!(sample.path(2, 2), Some(vec![2]));
}

#[test]
fn a_chain_goes_back_message_by_message_to_what_no_message_caused() {
    let sample = sample();
    assert_eq!(sample.chain(6), [6, 2, 1]);
    assert_eq!(sample.chain(5), [5, 4, 1]);
    assert_eq!(sample.chain(3), [3]);
    assert!(sample.chain(0).is_empty() && sample.chain(99).is_empty());
}

#[test]
fn what_is_lost_is_an_effect_and_no_cause() {
    let sample = sample();
    assert_eq!(sample.vector(5), [1, 0, 2], "that of the event that sent it");
    assert_eq!(sample.process(5), None);
    assert_eq!(sample.future(5), [0, 0, 0]);
    assert_eq!(sample.future(1), [1, 2, 4]);
    assert_eq!(sample.past(6), [6, 2, 0]);
}

#[test]
fn a_timer_that_waited_follows_from_its_waiting() {
    let waited = Causality::of(&[
        event(What::Fired, 0, None),
        event(What::FireQueued, 0, None),
        event(What::Delivered, 0, Some((1, 1, 0))),
        event(What::Fired, 0, None),
    ]);
    assert_eq!(waited.cause(4), Some(2));
    assert_eq!(waited.cause(3), None, "its message was sent before the run began");
}
