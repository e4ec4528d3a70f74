//! Why an event happened, read from the recorded events: the event it follows from, the chain of those
//! back to a client's request, a timer or somebody's intervention, and what came of it.
//!
//! This is the chain of *direct* causes: one message, one timer or one write at a time. The happens-before
//! relation, which also counts everything that a node has seen before, is another question.

use faultline_model::NodeId;

use crate::{Event, What};

/// How an event follows from the one that is its cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// The cause sent the message.
    Sent,
    /// The cause armed the timer.
    Armed,
    /// The cause asked for the write.
    Wrote,
    /// The cause is the same input as it came to the inbox.
    Waited,
}

/// A direct cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The number of the event; 0 is the start of the run.
    pub event: u32,
    /// How what followed depends on it.
    pub tie: Tie,
}

/// Event number `event`, counted from 1.
pub(crate) fn at(events: &[Event], event: u32) -> Option<&Event> {
    events.get((event as usize).checked_sub(1)?)
}

/// The direct cause of an event; `None` for what somebody did from outside (a request, a fault), and for
/// an event that does not exist.
pub fn cause(events: &[Event], event: u32) -> Option<Cause> {
    let this = at(events, event)?;
    let sent = Cause { event: this.cause, tie: Tie::Sent };
    let cause = match this.what {
        What::Delivered => waited(events, event, this).unwrap_or(sent),
        What::Fired => waited(events, event, this).unwrap_or(Cause { tie: Tie::Armed, ..sent }),
        What::FireQueued => Cause { tie: Tie::Armed, ..sent },
        What::Synced => Cause { tie: Tie::Wrote, ..sent },
        What::Invoked => queued_request(events, event, this.node)?,
        _ if this.msg.is_some() => sent,
        _ => return None,
    };
    // A cause lies before its effect. Anything else would be a bug of the engine, and must not hang.
    (cause.event < event).then_some(cause)
}

/// The event with which the same message or timer came to the inbox.
fn waited(events: &[Event], event: u32, this: &Event) -> Option<Cause> {
    let queued = if this.what == What::Fired { What::FireQueued } else { What::Queued };
    let same = |earlier: &Event| {
        (earlier.what, earlier.node, earlier.msg, earlier.kind, earlier.cause)
            == (queued, this.node, this.msg, this.kind, this.cause)
    };
    let from = (this.cause as usize).min(event as usize - 1);
    let found = events[from..event as usize - 1].iter().rposition(same)?;
    Some(Cause { event: (from + found) as u32 + 1, tie: Tie::Waited })
}

/// The event with which an operation came to a node's inbox, first in first out; `None` when the node
/// took it at once.
fn queued_request(events: &[Event], event: u32, node: NodeId) -> Option<Cause> {
    let before = &events[..event as usize - 1];
    let mut waiting = std::collections::VecDeque::new();
    for (number, earlier) in (1..).zip(before).filter(|(_, earlier)| earlier.node == node) {
        match earlier.what {
            What::InvokeQueued => waiting.push_back(number),
            What::Invoked => {
                waiting.pop_front();
            }
            // Memory is lost, and the inbox with it.
            What::Crashed | What::Killed | What::Restarted | What::RestartedEmpty => waiting.clear(),
            _ => {}
        }
    }
    waiting.pop_front().map(|event| Cause { event, tie: Tie::Waited })
}

/// The direct causes of an event, the nearest first: back to a client's request, to somebody's
/// intervention, to the start of the run, or to the event that armed the first timer on the way.
pub fn chain(events: &[Event], event: u32) -> Vec<Cause> {
    let mut chain = vec![];
    let mut here = event;
    while let Some(next) = cause(events, here) {
        chain.push(next);
        if next.tie == Tie::Armed || next.event == 0 {
            break;
        }
        here = next.event;
    }
    chain
}

/// What came of an event: the numbers of later events whose direct cause it is, at most `most`. A message
/// counts once, with its arrival or loss; that somebody delayed or copied it did not come of its sending.
pub fn effects(events: &[Event], event: u32, most: usize) -> Vec<u32> {
    let Some(this) = at(events, event) else {
        return vec![];
    };
    let may_be = |later: &Event| match (this.what, later.what) {
        (_, What::Delayed | What::Duplicated) => false,
        (What::Queued, what) => what == What::Delivered && later.msg == this.msg,
        (What::FireQueued, what) => what == What::Fired && later.node == this.node,
        (What::InvokeQueued, what) => what == What::Invoked && later.node == this.node,
        _ => later.cause == event,
    };
    let is = |number: u32| cause(events, number).is_some_and(|cause| cause.event == event);
    let later = (event + 1..).zip(&events[event as usize..]);
    later
        .filter(|(number, later)| may_be(later) && is(*number))
        .map(|(number, _)| number)
        .take(most)
        .collect()
}
