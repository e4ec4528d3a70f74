//! Taking away what a violation does not need.
//!
//! A run that was found depth first may contain much that has nothing to do with its end. What is taken
//! away is whatever can be without losing the violation, until nothing more can (Zeller and Hildebrandt,
//! *Simplifying and Isolating Failure-Inducing Input*, 2002, whose result is 1-minimal as this one is).
//! Numbers of messages change with what went before, so actions are told by what they do to whom.

use faultline_model::NodeId;
use faultline_sim::{Action, AnyWorld, Disk, FlightView};

use crate::answer::Counterexample;

/// An action without numbers that depend on what went before.
#[derive(Clone, Debug, PartialEq)]
enum Mark {
    /// What is done to the so-manieth of the messages that look like this.
    Message(Verb, String, usize),
    /// The so-manieth running timer of that kind of a node fires.
    Timer(NodeId, String, usize),
    /// Anything else.
    Same(Action),
}

/// What is done to a message.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Verb {
    Deliver,
    Drop,
    Duplicate,
}

/// A counterexample from which nothing can be left out, from where the search began.
#[must_use]
pub fn shrink(start: &dyn AnyWorld, found: &Counterexample) -> Counterexample {
    let start = start.by_hand();
    let Some(mut kept) = marks(start.as_ref(), &found.actions) else { return found.clone() };
    let mut best = found.actions.clone();
    let mut place = kept.len();
    // From the end: what comes last depends on the most.
    while place > 0 {
        place -= 1;
        for width in [1, 2] {
            if place + width > kept.len() {
                continue;
            }
            let rest: Vec<Mark> = [&kept[..place], &kept[place + width..]].concat();
            if let Some(actions) = replay(start.as_ref(), &rest, found) {
                kept = rest;
                kept.truncate(actions.len());
                best = actions;
                // Something before may be of no more use now.
                place = kept.len();
                break;
            }
        }
    }
    Counterexample { steps: steps(&best), actions: best, ..found.clone() }
}

/// How many steps these are: a crash with its restart is one.
pub(crate) fn steps(actions: &[Action]) -> u32 {
    let together =
        |pair: &&[Action]| matches!(pair, [Action::Crash(a), Action::Restart(b, Disk::Kept)] if a == b);
    (actions.len() - actions.windows(2).filter(together).count()) as u32
}

fn marks(start: &dyn AnyWorld, actions: &[Action]) -> Option<Vec<Mark>> {
    let mut world = start.fork();
    let mut marks = vec![];
    for action in actions {
        marks.push(mark(world.as_ref(), action)?);
        world.apply(action).ok()?;
    }
    Some(marks)
}

fn look(flight: &FlightView) -> String {
    let FlightView { from, to, kind, text, epoch, .. } = flight;
    format!("{} {} {kind} {text} {epoch:?}", from.name, to.name)
}

fn mark(world: &dyn AnyWorld, action: &Action) -> Option<Mark> {
    let view = world.view();
    Some(match action {
        Action::Deliver(msg) | Action::Drop(msg) | Action::Duplicate(msg) => {
            let wanted = look(view.flights.iter().find(|flight| flight.msg == *msg)?);
            let alike = view.flights.iter().filter(|flight| look(flight) == wanted);
            let place = alike.take_while(|flight| flight.msg != *msg).count();
            let verb = match action {
                Action::Deliver(_) => Verb::Deliver,
                Action::Drop(_) => Verb::Drop,
                _ => Verb::Duplicate,
            };
            Mark::Message(verb, wanted, place)
        }
        Action::Fire(node, arming) => {
            let view = view.nodes.iter().find(|other| other.node == *node)?;
            let kind = view.timers.iter().find(|timer| timer.arming == *arming)?.kind.clone();
            let alike = view.timers.iter().filter(|timer| timer.kind == kind);
            let place = alike.take_while(|timer| timer.arming != *arming).count();
            Mark::Timer(*node, kind, place)
        }
        other => Mark::Same(other.clone()),
    })
}

fn find(world: &dyn AnyWorld, mark: &Mark) -> Option<Action> {
    let view = world.view();
    match mark {
        Mark::Message(verb, wanted, place) => {
            let msg = view.flights.iter().filter(|flight| look(flight) == *wanted).nth(*place)?.msg;
            Some(match verb {
                Verb::Deliver => Action::Deliver(msg),
                Verb::Drop => Action::Drop(msg),
                Verb::Duplicate => Action::Duplicate(msg),
            })
        }
        Mark::Timer(node, kind, place) => {
            let view = view.nodes.iter().find(|other| other.node == *node)?;
            let timer = view.timers.iter().filter(|timer| timer.kind == *kind).nth(*place)?;
            Some(Action::Fire(*node, timer.arming))
        }
        Mark::Same(action) => Some(action.clone()),
    }
}

/// The actions up to the violation, if it comes about.
fn replay(start: &dyn AnyWorld, marks: &[Mark], found: &Counterexample) -> Option<Vec<Action>> {
    let mut world = start.fork();
    let mut actions = vec![];
    for mark in marks {
        let action = find(world.as_ref(), mark)?;
        world.apply(&action).ok()?;
        actions.push(action);
        if found.shows_in(world.as_ref()) {
            return Some(actions);
        }
    }
    None
}
