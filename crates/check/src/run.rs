//! Judges of a whole run, by what its nodes testified ([`faultline_model::Fact`]): whichever of them the
//! testimony allows. No protocol is known here, only that somebody has suspicions, effects or transactions.

use std::collections::{BTreeMap, BTreeSet};

use faultline_model::{Cast, Fact, NodeId, OpId, Span, Time};
use faultline_sim::{Event, Operation, Testimony, What};

use crate::detector::{Mistake, Note, mistakes};
use crate::effects::{Wrong, not_exactly_once};
use crate::registry::Judgement;
use crate::transactions::{Dependency, Isolation, Transaction, judge};

/// A run up to its cursor, as judges read it.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The nodes.
    pub cast: &'a Cast,
    /// The client operations; the number of an [`OpId`] is its place from 1.
    pub operations: &'a [Operation],
    /// The events, the first of which is number 1.
    pub events: &'a [Event],
    /// What was testified.
    pub testimony: &'a [Testimony],
    /// True time at the cursor.
    pub now: Time,
}

impl Record<'_> {
    /// Every verdict that the testimony allows.
    pub fn judge(&self) -> Vec<Judgement> {
        let mut all = self.detectors();
        all.extend(self.effects());
        all.extend(self.transactions());
        all
    }

    fn place(&self, op: OpId) -> Option<usize> {
        (op.0 as usize).checked_sub(1).filter(|&place| place < self.operations.len())
    }

    /// The last event not after a time.
    fn event_at(&self, at: Time) -> u32 {
        self.events.partition_point(|event| event.at <= at) as u32
    }

    /// K20.
    fn detectors(&self) -> Vec<Judgement> {
        let mut watches: BTreeMap<(NodeId, NodeId), Span> = BTreeMap::new();
        let mut notes: Vec<(u32, Time, Note)> = vec![];
        for Testimony { event, node, at, fact } in self.testimony {
            let note = match fact {
                Fact::Watches(other, within) => {
                    watches.insert((*node, *other), *within);
                    Note::Trusts(*node, *other)
                }
                Fact::Suspects(other) => Note::Suspects(*node, *other),
                Fact::Trusts(other) => Note::Trusts(*node, *other),
                _ => continue,
            };
            notes.push((*event, *at, note));
        }
        if watches.is_empty() {
            return vec![];
        }
        for (event, number) in self.events.iter().zip(1..) {
            let note = match event.what {
                What::Crashed | What::Killed | What::Left => Note::Down(event.node),
                What::Restarted | What::RestartedEmpty => Note::Up(event.node),
                _ => continue,
            };
            notes.push((number, event.at, note));
        }
        // Of one event, what happened to the node comes before what it says.
        notes.sort_by_key(|&(event, _, note)| (event, !matches!(note, Note::Down(_) | Note::Up(_))));
        let standing = standing_errors(self.cast.len(), &notes);
        let notes: Vec<(Time, Note)> = notes.into_iter().map(|(_, at, note)| (at, note)).collect();
        let (mut wrong, mut missed) = (vec![], vec![]);
        for (&(judge, target), &within) in &watches {
            let own = |mistake: &Mistake| match *mistake {
                Mistake::Wrong(a, b, _) | Mistake::Missed(a, b, _) => (a, b) == (judge, target),
            };
            for mistake in mistakes(self.cast.len(), &notes, self.now, within).into_iter().filter(own) {
                match mistake {
                    Mistake::Wrong(_, _, at) => wrong.push((at, judge, target)),
                    Mistake::Missed(_, _, at) => missed.push((at, judge, target)),
                }
            }
        }
        let longest = watches.values().copied().max().unwrap_or(Span::ZERO);
        let soon = format!("was down for {longest} and not suspected by");
        vec![
            self.detector("Strong completeness", missed, &soon, "Everyone who crashed was suspected in time"),
            self.detector(
                "Eventual accuracy",
                standing,
                "is up and suspected by",
                "Nobody who is up is suspected now",
            ),
            self.detector(
                "Strong accuracy",
                wrong,
                "was up when suspected by",
                "Nobody was suspected before it crashed",
            ),
        ]
    }

    fn detector(
        &self,
        name: &'static str,
        mut found: Vec<(Time, NodeId, NodeId)>,
        how: &str,
        fine: &str,
    ) -> Judgement {
        found.sort_unstable();
        let name_of = |node| self.cast.name(node);
        let why = match found.first() {
            None => fine.to_owned(),
            Some(&(_, judge, target)) => {
                let more = match found.len() {
                    1 => String::new(),
                    count => format!("; {} more such cases", count - 1),
                };
                format!("{} {how} {}{more}", name_of(target), name_of(judge))
            }
        };
        let nodes = found.first().map_or_else(Vec::new, |&(_, judge, target)| vec![judge, target]);
        let events = found.first().map_or_else(Vec::new, |&(at, ..)| vec![self.event_at(at)]);
        Judgement { holds: Some(found.is_empty()), why, nodes, events, ..Judgement::new("K20", name) }
    }

    /// K15. A copy in memory is gone with a crash, and what is executed anew then takes effect once.
    fn effects(&self) -> Option<Judgement> {
        let mut effects: BTreeMap<OpId, Vec<(NodeId, u32)>> = BTreeMap::new();
        let mut copies: BTreeMap<(OpId, NodeId), Vec<u32>> = BTreeMap::new();
        let mut any = false;
        let mut crashes = self.events.iter().zip(1_u32..).filter(|(event, _)| down(event)).peekable();
        for Testimony { event, node, fact, .. } in self.testimony {
            while let Some((crash, _)) = crashes.next_if(|&(_, number)| number <= *event) {
                copies.retain(|&(_, at), _| at != crash.node);
            }
            match fact {
                Fact::TakesEffect(op) => effects.entry(*op).or_default().push((*node, *event)),
                Fact::Applies(op) => {
                    let copy = copies.entry((*op, *node)).or_default();
                    copy.push(*event);
                    let known = effects.entry(*op).or_default();
                    if copy.len() > known.len() {
                        *known = copy.iter().map(|&event| (*node, event)).collect();
                    }
                }
                _ => continue,
            }
            any = true;
        }
        if !any {
            return None;
        }
        // A protocol may have operations that change nothing, of which none takes effect: only of those whose
        // like did is it asked that they did, too.
        let verb = |operation: &Operation| operation.call.split(' ').next().map(str::to_owned);
        let kinds: BTreeSet<Option<String>> =
            effects.keys().filter_map(|op| Some(verb(&self.operations[self.place(*op)?]))).collect();
        let told = |operation: &Operation| {
            operation.result.is_some() && !operation.failed && kinds.contains(&verb(operation))
        };
        let asked: Vec<(OpId, bool)> =
            self.operations.iter().zip(1..).map(|(operation, id)| (OpId(id), told(operation))).collect();
        let all: Vec<OpId> = effects.iter().flat_map(|(op, known)| known.iter().map(|_| *op)).collect();
        let wrong = not_exactly_once(&asked, &all);
        let mut verdict =
            Judgement { holds: Some(wrong.is_empty()), ..Judgement::new("K15", "Exactly once") };
        let Some(&(op, how)) = wrong.first() else {
            verdict.why = format!("each of {} operations took effect once", effects.len());
            return Some(verdict);
        };
        let place = self.place(op)?;
        let text = &self.operations[place].call;
        verdict.operations = vec![place];
        if let Wrong::Repeated(times) = how {
            let known = &effects[&op];
            verdict.why = format!("`{text}` took effect {times} times");
            verdict.nodes = known.iter().map(|(node, _)| *node).collect();
            verdict.nodes.dedup();
            verdict.events = known.iter().map(|(_, event)| *event).collect();
        } else {
            verdict.why = format!("the client was told that `{text}` was done, and it never took effect");
            verdict.events = self.operations[place].returned_event.into_iter().collect();
        }
        Some(verdict)
    }

    /// K13.
    fn transactions(&self) -> Vec<Judgement> {
        let mut all: BTreeMap<OpId, (Transaction, Option<u32>)> = BTreeMap::new();
        for Testimony { event, fact, .. } in self.testimony {
            match fact {
                Fact::Reads(tx, key, version) => {
                    all.entry(*tx).or_default().0.reads.push((key.as_ref().into(), *version));
                }
                Fact::Writes(tx, key, version) => {
                    all.entry(*tx).or_default().0.writes.push((key.as_ref().into(), *version));
                }
                Fact::Commits(tx) => all.entry(*tx).or_default().1 = Some(*event),
                _ => {}
            }
        }
        if all.is_empty() {
            return vec![];
        }
        let (mut ids, mut events, mut committed) = (vec![], vec![], vec![]);
        for (tx, (mut transaction, commit)) in all {
            let (Some(commit), Some(place)) = (commit, self.place(tx)) else { continue };
            let operation = &self.operations[place];
            transaction.began = operation.invoked_event;
            transaction.ended = operation.returned_event.unwrap_or(u32::MAX);
            ids.push(place);
            events.push(commit);
            committed.push(transaction);
        }
        let levels = [
            ("Strictly serializable", Isolation::Strict),
            ("Serializable", Isolation::Serializable),
            ("Snapshot isolation", Isolation::Snapshot),
        ];
        let level = |(name, isolation)| {
            let mut verdict = Judgement::new("K13", name);
            match judge(&committed, isolation) {
                Err(unjudged) => verdict.why = unjudged.to_string(),
                Ok(None) => {
                    verdict.holds = Some(true);
                    let count = committed.len();
                    let plural = if count == 1 { "transaction depends" } else { "transactions depend" };
                    verdict.why = format!("{count} committed {plural} on each other in no circle");
                }
                Ok(Some(cycle)) => {
                    verdict.holds = Some(false);
                    let step = |&(place, why): &(usize, Dependency)| {
                        format!("`{}` {}", self.operations[ids[place]].call, reason(why))
                    };
                    let steps: Vec<String> = cycle.iter().map(step).collect();
                    verdict.why = format!("a circle: {}", steps.join(", "));
                    verdict.operations = cycle.iter().map(|(place, _)| ids[*place]).collect();
                    verdict.events = cycle.iter().map(|(place, _)| events[*place]).collect();
                    verdict.events.sort_unstable();
                }
            }
            verdict
        };
        levels.map(level).into()
    }
}

fn down(event: &Event) -> bool {
    matches!(event.what, What::Crashed | What::Killed)
}

/// Why a transaction comes before the next one of its circle.
fn reason(why: Dependency) -> &'static str {
    match why {
        Dependency::WriteWrite => "wrote before",
        Dependency::WriteRead => "was read by",
        Dependency::ReadWrite => "read what was replaced by",
        Dependency::RealTime => "had ended before",
    }
}

/// Suspicions of nodes that are up which stand now: since when, who, whom.
fn standing_errors(nodes: usize, notes: &[(u32, Time, Note)]) -> Vec<(Time, NodeId, NodeId)> {
    let mut down = vec![false; nodes];
    let mut suspects: BTreeMap<(NodeId, NodeId), Time> = BTreeMap::new();
    for &(_, at, note) in notes {
        match note {
            Note::Down(node) => {
                down[node.index()] = true;
                suspects.retain(|&(judge, _), _| judge != node);
            }
            Note::Up(node) => down[node.index()] = false,
            Note::Suspects(judge, target) => {
                suspects.entry((judge, target)).or_insert(at);
            }
            Note::Trusts(judge, target) => {
                suspects.remove(&(judge, target));
            }
        }
    }
    let wrong = suspects.into_iter().filter(|((_, target), _)| !down[target.index()]);
    wrong.map(|((judge, target), at)| (at, judge, target)).collect()
}
