//! Whether a goal is reached, and how each of its parts stands.

use std::cell::OnceCell;
use std::cmp::Ordering;

use faultline_model::{Offset, Span};
use serde::Serialize;

use super::{Compare, Predicate};
use crate::{AnyWorld, Facts, FlightView, NodeView, Operation, Status, Tree, VerdictView, WorldView};

/// One moment of a run, looked at by as many goals as there are: what is costly is had once.
pub struct Moment<'w> {
    world: &'w dyn AnyWorld,
    facts: &'w Facts,
    view: OnceCell<WorldView>,
    verdicts: OnceCell<Vec<VerdictView>>,
    history: OnceCell<Vec<Operation>>,
}

/// How far the sequences ([`Predicate::Then`]) of one goal have come. Feed it every moment of the run
/// in order, the start included; for another branch or an earlier moment, begin anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// For each sequence, outermost and leftmost first: how many of its parts have been reached.
    reached: Vec<usize>,
}

/// A goal taken apart: what it says and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Truth {
    /// What must be true, in words.
    pub text: String,
    /// Whether it is true now (of a sequence: whether it has been reached).
    pub met: bool,
    /// How things stand, in words; empty for combinations.
    pub now: String,
    /// The parts of a combination.
    pub parts: Vec<Truth>,
}

impl<'w> Moment<'w> {
    /// The moment at which `world` stands.
    pub fn new(world: &'w dyn AnyWorld, facts: &'w Facts) -> Moment<'w> {
        Moment { world, facts, view: OnceCell::new(), verdicts: OnceCell::new(), history: OnceCell::new() }
    }

    /// The world.
    pub fn world(&self) -> &'w dyn AnyWorld {
        self.world
    }

    /// What the run has cost so far.
    pub fn facts(&self) -> &'w Facts {
        self.facts
    }

    /// Everything that can be seen.
    pub fn view(&self) -> &WorldView {
        self.view.get_or_init(|| self.world.view())
    }

    fn verdict(&self, property: &str) -> Option<&VerdictView> {
        let verdicts = match self.view.get() {
            Some(view) => &view.verdicts,
            None => self.verdicts.get_or_init(|| self.world.verdicts()),
        };
        verdicts.iter().find(|verdict| verdict.property == property)
    }

    fn history(&self) -> &[Operation] {
        self.history.get_or_init(|| self.world.history())
    }

    /// The nodes that have a role and are not down.
    pub(super) fn in_role<'m>(&'m self, role: &'m str) -> impl Iterator<Item = &'m NodeView> {
        let nodes = self.view().nodes.iter();
        nodes.filter(move |node| node.status != Status::Down && node.role.eq_ignore_ascii_case(role))
    }

    pub(super) fn flights<'m>(
        &'m self,
        from: Option<&'m str>,
        to: Option<&'m str>,
        kind: Option<&'m str>,
    ) -> impl Iterator<Item = &'m FlightView> {
        let same = |wanted: Option<&str>, found: &str| wanted.is_none_or(|w| w.eq_ignore_ascii_case(found));
        self.view().flights.iter().filter(move |flight| {
            same(from, &flight.from.name) && same(to, &flight.to.name) && same(kind, &flight.kind)
        })
    }

    pub(super) fn operations(
        &self,
        process: Option<&str>,
        call: Option<&str>,
        result: Option<&str>,
    ) -> usize {
        let same = |wanted: Option<&str>, found: &str| wanted.is_none_or(|w| w.eq_ignore_ascii_case(found));
        let matching = self.history().iter().filter(|operation| {
            same(process, &operation.process)
                && same(call, &operation.call)
                && same(result, operation.result.as_deref().unwrap_or(OPEN))
        });
        matching.count()
    }

    /// How much is under way: messages in flight, inputs that wait, writes not yet on disk.
    pub(super) fn under_way(&self) -> (usize, usize, usize) {
        let view = self.view();
        let inbox = view.nodes.iter().map(|node| node.inbox).sum();
        let writing = view.nodes.iter().map(|node| node.writing).sum();
        (view.flights.len(), inbox, writing)
    }

    /// A part of a node's state, or why it is not there.
    pub fn value(&self, node: &str, path: &str) -> Result<Tree, String> {
        let id = self.world.cast().find(node).ok_or_else(|| format!("there is no node {node}"))?;
        let seen = || self.view().nodes.iter().find(|view| view.node == id);
        let special = match path {
            "role" => seen().map(|view| view.role.clone()),
            "status" => seen().map(|view| status_word(view.status).to_owned()),
            "operation" => {
                let name = self.world.cast().name(id);
                let last = self.history().iter().rev().find(|operation| operation.process == name);
                Some(last.map_or_else(
                    || "none".to_owned(),
                    |operation| operation.result.clone().unwrap_or_else(|| OPEN.to_owned()),
                ))
            }
            _ => None,
        };
        if let Some(word) = special {
            return Ok(Tree::Text(word));
        }
        let state = self.world.detail(id).ok_or_else(|| format!("{node} has no state"))?;
        let part = state.get(path, self.world.cast()).map_err(|absent| absent.to_string())?;
        Ok(part.into_owned())
    }

    /// Whether a part of a node's state compares so; false when it is not there.
    pub fn compares(&self, node: &str, path: &str, compare: Compare, value: &str) -> bool {
        self.value(node, path).is_ok_and(|found| {
            let order = || order(&found, value);
            match compare {
                Compare::Is => self.equals(&found, value),
                Compare::IsNot => !self.equals(&found, value),
                Compare::Less => order() == Some(Ordering::Less),
                Compare::AtMost => matches!(order(), Some(Ordering::Less | Ordering::Equal)),
                Compare::More => order() == Some(Ordering::Greater),
                Compare::AtLeast => matches!(order(), Some(Ordering::Greater | Ordering::Equal)),
            }
        })
    }

    fn equals(&self, found: &Tree, value: &str) -> bool {
        let named = matches!(found, Tree::Variant(name, _) | Tree::Record(name, _)
            if name.eq_ignore_ascii_case(value));
        named
            || order(found, value) == Some(Ordering::Equal)
            || found.text(self.world.cast()).eq_ignore_ascii_case(value)
    }
}

/// What `operation` and `result` say of an operation without an answer.
pub(super) const OPEN: &str = "open";

pub(super) fn status_word(status: Status) -> &'static str {
    match status {
        Status::Up => "up",
        Status::Busy => "busy",
        Status::Paused => "paused",
        Status::Down => "down",
        Status::Left => "left",
    }
}

/// How a number or time compares to the value written; none for what has no order.
fn order(found: &Tree, value: &str) -> Option<Ordering> {
    match found {
        Tree::Int(number) => value.parse::<i64>().ok().map(|value| number.cmp(&value)),
        Tree::Time(micros) => value.parse::<Span>().ok().map(|value| micros.cmp(&value.0)),
        Tree::Offset(micros) => value.parse::<Offset>().ok().map(|value| micros.cmp(&value.0)),
        _ => None,
    }
}

impl Progress {
    /// The beginning, for a goal.
    pub fn new(goal: &Predicate) -> Progress {
        Progress { reached: vec![0; goal.sequences()] }
    }

    /// Takes note of one moment.
    pub fn observe(&mut self, goal: &Predicate, moment: &Moment<'_>) {
        if !self.reached.is_empty() {
            self.advance(goal, moment, 0);
        }
    }

    /// Advances the sequences of `goal`, the first of which is number `first`.
    fn advance(&mut self, goal: &Predicate, moment: &Moment<'_>, first: usize) {
        let is_sequence = matches!(goal, Predicate::Then(_));
        let mut number = first + usize::from(is_sequence);
        let mut next = None;
        for (i, part) in goal.parts().iter().enumerate() {
            self.advance(part, moment, number);
            if is_sequence && self.reached.get(first) == Some(&i) {
                next = Some((part, number));
            }
            number += part.sequences();
        }
        if let Some((part, number)) = next
            && part.met_from(moment, self, number)
        {
            self.reached[first] += 1;
        }
    }
}

impl Predicate {
    /// Whether it is true at this moment. `progress` must be this goal's, fed with every moment up to
    /// and including this one; a goal without sequences needs none fed.
    pub fn met(&self, moment: &Moment<'_>, progress: &Progress) -> bool {
        self.met_from(moment, progress, 0)
    }

    fn met_from(&self, moment: &Moment<'_>, progress: &Progress, first: usize) -> bool {
        match self {
            Predicate::Role { role, amount } => amount.holds(moment.in_role(role).count() as u32),
            Predicate::Field { node, path, compare, value } => moment.compares(node, path, *compare, value),
            Predicate::Violated(id) => moment.world.broken(Some(id)).is_some(),
            Predicate::Holds(id) => moment.verdict(id).is_some_and(|verdict| verdict.holds),
            Predicate::Operation { process, call, result, amount } => {
                let found = moment.operations(process.as_deref(), call.as_deref(), result.as_deref());
                amount.holds(found as u32)
            }
            Predicate::Fault { verb, amount } => amount.holds(used(moment.facts, verb)),
            Predicate::InFlight { from, to, kind } => {
                moment.flights(from.as_deref(), to.as_deref(), kind.as_deref()).next().is_some()
            }
            Predicate::Quiet => moment.under_way() == (0, 0, 0),
            Predicate::Before(time) => moment.world.now() < *time,
            Predicate::After(time) => moment.world.now() >= *time,
            Predicate::Within { events, faults } => {
                events.is_none_or(|most| moment.facts.events <= most)
                    && faults.is_none_or(|most| moment.facts.faults() <= most)
            }
            Predicate::All(parts) => each(parts, first).all(|(part, n)| part.met_from(moment, progress, n)),
            Predicate::Any(parts) => each(parts, first).any(|(part, n)| part.met_from(moment, progress, n)),
            Predicate::Not(part) => !part.met_from(moment, progress, first),
            Predicate::Then(parts) => {
                progress.reached.get(first).is_some_and(|&reached| reached >= parts.len())
            }
        }
    }

    /// The goal with the truth of all its parts.
    pub fn truth(&self, moment: &Moment<'_>, progress: &Progress) -> Truth {
        self.truth_from(moment, progress, 0)
    }

    fn truth_from(&self, moment: &Moment<'_>, progress: &Progress, first: usize) -> Truth {
        let met = self.met_from(moment, progress, first);
        let text = self.describe(moment.world.cast());
        let inner = first + usize::from(matches!(self, Predicate::Then(_)));
        let mut parts: Vec<Truth> =
            each(self.parts(), inner).map(|(part, n)| part.truth_from(moment, progress, n)).collect();
        if let Predicate::Then(_) = self {
            // A part of a sequence is met once it has had its turn, whether or not it is still true.
            let reached = progress.reached.get(first).copied().unwrap_or(0);
            for (i, part) in parts.iter_mut().enumerate() {
                part.met = i < reached;
            }
        }
        Truth { text, met, now: self.standing(moment), parts }
    }

    /// The verdict that a goal about a property looks at.
    pub(super) fn verdict<'m>(id: &str, moment: &'m Moment<'_>) -> Option<&'m VerdictView> {
        moment.verdict(id)
    }
}

/// Each part with the number of the first sequence in it.
fn each(parts: &[Predicate], first: usize) -> impl Iterator<Item = (&Predicate, usize)> {
    parts.iter().scan(first, |number, part| {
        let this = *number;
        *number += part.sequences();
        Some((part, this))
    })
}

/// How often something was done by hand.
pub(super) fn used(facts: &Facts, verb: &str) -> u32 {
    if verb == "any" { facts.faults() } else { facts.done(verb) }
}
