//! Two runs from one start: where they part, and the sentence that says so.

use faultline_model::Time;

use crate::run::Intervention;
use crate::{Action, Event, Timeline};

/// How two runs compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How many events both have, alike, from the start.
    pub common: u32,
    /// The time of the last of them; zero when there is none.
    pub until: Time,
    /// The first event that differs, on either side; `None` where that run has ended. Both are `None`
    /// when the runs are the same.
    pub first: Option<u32>,
    /// Whether each run goes on after what they have in common: A, then B.
    pub goes_on: [bool; 2],
    /// The whole of it in one sentence.
    pub sentence: String,
}

impl Timeline {
    /// Compares two branches of this run, which the sentence calls A and B.
    pub fn compare(&self, a: usize, b: usize) -> Comparison {
        let sides = [a, b].map(|index| (self.events_of(index), self.interventions_of(index)));
        let [(a_events, a_done), (b_events, b_done)] = &sides;
        let common = common((a_events, a_done), (b_events, b_done));
        let until = (common as usize).checked_sub(1).map_or(Time::ZERO, |last| a_events[last].at);
        let goes_on = sides.each_ref().map(|(events, _)| events.len() > common as usize);
        let first = (goes_on[0] || goes_on[1]).then_some(common + 1);
        let next = sides.each_ref().map(|(events, done)| {
            let event = events.get(common as usize)?;
            let narrate = |event: &Event| {
                let text = self.world().narrate(event, action_at(done, common)).text;
                text.trim_end_matches('.').to_owned()
            };
            // What happened comes first; the rule behind it only where nothing else tells the two apart.
            Some(Next { what: narrate(&Event { rule: None, ..*event }), whole: narrate(event), at: event.at })
        });
        let sentence = sentence(common, until, next);
        Comparison { common, until, first, goes_on, sentence }
    }
}

/// How many events two runs from the same start have in common: those before the first that differs in
/// what happened, or in what somebody did.
pub fn common(a: (&[Event], &[Intervention]), b: (&[Event], &[Intervention])) -> u32 {
    let shorter = a.0.len().min(b.0.len());
    let alike = a.0.iter().zip(b.0).take_while(|(a, b)| a == b).count();
    let pairs = a.1.iter().map(Some).chain(std::iter::repeat(None));
    let mut pairs = pairs.zip(b.1.iter().map(Some).chain(std::iter::repeat(None)));
    let apart = pairs.find(|(a, b)| a != b || a.is_none());
    let done_alike = match apart {
        Some((Some(a), Some(b))) => a.after.min(b.after) as usize,
        Some((Some(one), None) | (None, Some(one))) => one.after as usize,
        _ => shorter,
    };
    alike.min(done_alike).min(shorter) as u32
}

fn action_at(done: &[Intervention], after: u32) -> Option<&Action> {
    let found = done.binary_search_by_key(&after, |intervention| intervention.after).ok()?;
    Some(&done[found].action)
}

/// The first event that a run does not share.
struct Next {
    what: String,
    whole: String,
    at: Time,
}

fn sentence(common: u32, until: Time, next: [Option<Next>; 2]) -> String {
    let place = format!("event {common} at {}", clock(until));
    let start = match common {
        0 => "The runs differ from the start:".to_owned(),
        _ => format!("The runs are the same up to {place}; then"),
    };
    match next {
        [Some(a), Some(b)] if a.what != b.what => format!("{start} in A {}, in B {}.", a.what, b.what),
        [Some(a), Some(b)] if a.at != b.at => {
            format!("{start} {} at {} in A, at {} in B.", a.what, clock(a.at), clock(b.at))
        }
        [Some(a), Some(b)] => format!("{start} in A {}; in B {}.", a.whole, b.whole),
        [Some(a), None] => format!("{start} B ends, while in A {}.", a.what),
        [None, Some(b)] => format!("{start} A ends, while in B {}.", b.what),
        [None, None] if common == 0 => "Nothing has happened in either run yet.".to_owned(),
        [None, None] => format!("The runs are the same up to {place}, where both end."),
    }
}

/// A point in time to the millisecond, "0.812 s".
fn clock(at: Time) -> String {
    let millis = (at.0 + 500) / 1_000;
    format!("{}.{:03} s", millis / 1_000, millis % 1_000)
}
