//! Failure detectors: who was suspected when, against who was really down.
//!
//! Chandra and Toueg, *Unreliable Failure Detectors for Reliable Distributed Systems*, JACM 1996, §2: *strong
//! completeness*, every process that crashes is in the end suspected by every correct one for good;
//! *accuracy*, nobody is suspected who has not crashed. A run ends, so completeness is asked for within a
//! time, and both can be judged of what has been seen only.

use faultline_model::{NodeId, Span, Time};
use serde::Serialize;

/// What happened, in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Note {
    /// A node goes down.
    Down(NodeId),
    /// A node is up again.
    Up(NodeId),
    /// The first begins to suspect the second.
    Suspects(NodeId, NodeId),
    /// The first no longer suspects the second.
    Trusts(NodeId, NodeId),
}

/// What is wrong with a failure detector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Mistake {
    /// Accuracy: the first suspected the second, which was up, at that time.
    Wrong(NodeId, NodeId, Time),
    /// Completeness: the first, which was up, did not suspect the second until that time, though it had been
    /// down for as long as allowed.
    Missed(NodeId, NodeId, Time),
}

/// Every mistake until `end`, in the order in which they came about: a suspicion of a node that is up, and a
/// node down for `within` that somebody who was up all that time did not suspect at its end.
pub fn mistakes(nodes: usize, notes: &[(Time, Note)], end: Time, within: Span) -> Vec<Mistake> {
    let mut wrong = vec![];
    let mut missed = vec![];
    // Since when each is down; since when each is up.
    let mut down: Vec<Option<Time>> = vec![None; nodes];
    let mut up = vec![Time::ZERO; nodes];
    let mut suspects = vec![vec![false; nodes]; nodes];
    let mut told = vec![vec![false; nodes]; nodes];
    let all = notes.iter().copied().map(Some).chain([None]);
    for note in all {
        let now = note.map_or(end, |(at, _)| at.min(end));
        for target in 0..nodes {
            let Some(due) = down[target].map(|since| Time(since.0.saturating_add(within.0))) else {
                continue;
            };
            for judge in (0..nodes).filter(|&judge| judge != target && due <= now) {
                let awake = down[judge].is_none() && up[judge].0.saturating_add(within.0) <= due.0;
                if awake && !suspects[judge][target] && !told[judge][target] {
                    missed.push(Mistake::Missed(NodeId(judge as u16), NodeId(target as u16), due));
                }
                told[judge][target] = true;
            }
        }
        match note.map(|(_, note)| note) {
            Some(Note::Down(node)) => {
                down[node.index()] = Some(now);
                // A node that is down believes nothing.
                suspects[node.index()].fill(false);
                told.iter_mut().for_each(|told| told[node.index()] = false);
            }
            Some(Note::Up(node)) => {
                down[node.index()] = None;
                up[node.index()] = now;
            }
            Some(Note::Suspects(judge, target)) => {
                suspects[judge.index()][target.index()] = true;
                if down[target.index()].is_none() {
                    wrong.push(Mistake::Wrong(judge, target, now));
                }
            }
            Some(Note::Trusts(judge, target)) => suspects[judge.index()][target.index()] = false,
            None => {}
        }
    }
    let at = |mistake: &Mistake| match *mistake {
        Mistake::Wrong(_, _, at) | Mistake::Missed(_, _, at) => at,
    };
    wrong.extend(missed);
    wrong.sort_by_key(at);
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: NodeId = NodeId(0);
    const B: NodeId = NodeId(1);
    const C: NodeId = NodeId(2);

    fn judge(notes: &[(u64, Note)]) -> Vec<Mistake> {
        let notes: Vec<(Time, Note)> = notes.iter().map(|&(at, note)| (Time(at), note)).collect();
        mistakes(3, &notes, Time(100), Span(20))
    }

    #[test]
    fn a_crash_that_all_notice_in_time_is_no_mistake() {
        let notes = [(30, Note::Down(C)), (40, Note::Suspects(A, C)), (49, Note::Suspects(B, C))];
        assert_eq!(judge(&notes), []);
    }

    #[test]
    fn to_suspect_who_is_up_is_wrong() {
        assert_eq!(judge(&[(30, Note::Suspects(A, C))]), [Mistake::Wrong(A, C, Time(30))]);
        // Also when it was down once.
        let notes = [(10, Note::Down(C)), (15, Note::Up(C)), (18, Note::Suspects(B, C))];
        assert_eq!(judge(&notes), [Mistake::Wrong(B, C, Time(18))]);
    }

    #[test]
    fn not_to_suspect_who_has_been_down_for_long_is_a_mistake_of_whoever_was_up() {
        let notes = [(30, Note::Down(C)), (40, Note::Suspects(A, C))];
        assert_eq!(judge(&notes), [Mistake::Missed(B, C, Time(50))]);
        // Who gave up a suspicion does not suspect; who was down meanwhile cannot have noticed.
        let gave_up = [(30, Note::Down(C)), (35, Note::Suspects(A, C)), (45, Note::Trusts(A, C))];
        let gave_up = [&gave_up[..], &[(46, Note::Down(B))]].concat();
        assert_eq!(judge(&gave_up), [Mistake::Missed(A, C, Time(50)), Mistake::Missed(A, B, Time(66))]);
    }

    #[test]
    fn a_node_that_is_soon_back_need_not_be_noticed() {
        assert_eq!(judge(&[(30, Note::Down(C)), (45, Note::Up(C))]), []);
    }
}
