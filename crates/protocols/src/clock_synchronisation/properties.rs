//! What can be claimed of a clock that was read over a network, and of timestamps.

use faultline_model::{Evidence, Lens, NodeId, Property, Scope, Span, Standing, Time};
use serde::Serialize;

use super::{ClockSynchronisation, Happened, Machine, Stamp, TIME_SERVER, look};

type View<'l, 'w> = &'l Lens<'w, ClockSynchronisation>;

/// From here on a clock counts as far off: the difference of 10 and 50 ms makes so much (row T6).
const FAR: u64 = 20_000;

/// Two stamps in the wrong order: that of what happened before, and that of what came after it at this machine.
type Backwards = Option<(Stamp, Stamp, NodeId)>;

/// What an observer who knows what happened before what notes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Witness {
    /// Something happened before something else and has a later reading of a clock.
    pub clocks: Backwards,
    /// The same of hybrid clocks, whose readings must grow.
    pub hybrid: Backwards,
    /// A hybrid time that was ahead of the clock by the most: at whom, and by how much.
    pub ahead: Option<(Span, NodeId)>,
}

impl Witness {
    /// What an event adds. Whatever happened before it did so by way of the event before at the same machine,
    /// or of the sending: it is enough to look at these two.
    fn with(&self, me: NodeId, Happened { at, after, heard }: Happened) -> Witness {
        let mut seen = self.clone();
        for before in after.into_iter().chain(heard) {
            if at.clock < before.clock {
                seen.clocks.get_or_insert((before, at, me));
            }
            if at.hybrid <= before.hybrid {
                seen.hybrid.get_or_insert((before, at, me));
            }
        }
        let ahead = at.hybrid.l.since(at.clock);
        if seen.ahead.is_none_or(|(most, _)| ahead > most) && ahead > Span::ZERO {
            seen.ahead = Some((ahead, me));
        }
        seen
    }

    pub(super) fn note(&mut self, me: NodeId, last: Happened) {
        *self = self.with(me, last);
    }

    pub(super) fn would_note(&self, me: NodeId, last: Happened) -> bool {
        self.with(me, last) != *self
    }
}

pub(super) fn all() -> Vec<Property<ClockSynchronisation>> {
    vec![
        Property {
            id: "claimed-interval",
            sentence: "The time server’s time lies within what each synchronised machine claims",
            source: "RFC 5905 §8: the error is at most δ/2, and grows by the drift",
            scope: Scope::Always,
            check: claimed_interval,
        },
        Property {
            id: "far-off",
            sentence: "A machine that has synchronised its clock is off by 20 ms or more",
            source: "RFC 5905 §8: half the difference between the two ways",
            scope: Scope::Sometimes,
            check: far_off,
        },
        Property {
            id: "time-goes-on",
            sentence: "No stopwatch measures less than nothing",
            source: "Kleppmann 2017, ch. 8: time-of-day clocks and monotonic clocks",
            scope: Scope::Always,
            check: time_goes_on,
        },
        Property {
            id: "clock-order",
            sentence: "What happened before something else has no later reading of a clock",
            source: "Kulkarni et al. 2014 §1: physical clocks do not promise it",
            scope: Scope::Always,
            check: clock_order,
        },
        Property {
            id: "hybrid-order",
            sentence: "What happened before something else has the smaller hybrid timestamp",
            source: "Kulkarni et al. 2014 §3, Theorem 1",
            scope: Scope::Always,
            check: hybrid_order,
        },
        Property {
            id: "near-physical-time",
            sentence: "No hybrid timestamp is ahead of its machine’s clock by more than ε",
            source: "Kulkarni et al. 2014 §3, Corollary 1: if clocks are within ε of each other",
            scope: Scope::Always,
            check: near_physical_time,
        },
    ]
}

fn broken(why: String, nodes: &[NodeId]) -> Standing {
    Err(Evidence { why, nodes: nodes.to_vec() })
}

/// The machines that have synchronised their clocks, and by how much they are ahead of the time server's.
fn synchronised<'l, 'w>(lens: View<'l, 'w>) -> impl Iterator<Item = (NodeId, &'w Machine, i64)> + 'l {
    let server = (lens.clock)(TIME_SERVER).reading(lens.now);
    lens.up().filter(|(_, node)| node.0.sample.is_some()).map(move |(id, ClockSynchronisation(machine))| {
        (id, machine, (lens.clock)(id).reading(lens.now) - server)
    })
}

fn ahead(lens: View<'_, '_>, id: NodeId, by: i64) -> String {
    let way = if by < 0 { "behind" } else { "ahead of" };
    let (name, server) = (lens.name(id), lens.name(TIME_SERVER));
    format!("{name}’s clock is {} {way} {server}’s", look::signed(by.abs()))
}

fn claimed_interval(lens: View<'_, '_>) -> Standing {
    for (id, machine, by) in synchronised(lens) {
        let reading: Time = (lens.clock)(id).local(lens.now);
        let bound = machine.bound(reading, lens.params).unwrap_or_default();
        if by.unsigned_abs() > bound.0 {
            let why =
                format!("{}, and it claims at most {}", ahead(lens, id, by), look::signed(bound.0 as i64));
            return broken(why, &[id, TIME_SERVER]);
        }
    }
    Ok(())
}

fn far_off(lens: View<'_, '_>) -> Standing {
    if synchronised(lens).any(|(_, _, by)| by.unsigned_abs() >= FAR) {
        return Ok(());
    }
    match synchronised(lens).max_by_key(|(_, _, by)| by.unsigned_abs()) {
        None => broken("no machine has synchronised its clock".to_owned(), &[]),
        Some((id, _, by)) => broken(ahead(lens, id, by), &[id]),
    }
}

fn time_goes_on(lens: View<'_, '_>) -> Standing {
    let measured = |node: &ClockSynchronisation| node.0.elapsed.filter(|elapsed| elapsed.0 < 0);
    match lens.up().find_map(|(id, node)| measured(node).map(|elapsed| (id, elapsed))) {
        None => Ok(()),
        Some((id, elapsed)) => {
            broken(format!("{} has measured {}", lens.name(id), look::signed(elapsed.0)), &[id])
        }
    }
}

fn clock_order(lens: View<'_, '_>) -> Standing {
    let Some((before, after, at)) = lens.witness.clocks else {
        return Ok(());
    };
    let (before, after) = (look::reading(before.clock), look::reading(after.clock));
    broken(format!("what was stamped {before} happened before what {} stamped {after}", lens.name(at)), &[at])
}

fn hybrid_order(lens: View<'_, '_>) -> Standing {
    let Some((before, after, at)) = lens.witness.hybrid else {
        return Ok(());
    };
    let (before, after) = (look::hybrid(before.hybrid), look::hybrid(after.hybrid));
    broken(
        format!("what was stamped ({before}) happened before what {} stamped ({after})", lens.name(at)),
        &[at],
    )
}

fn near_physical_time(lens: View<'_, '_>) -> Standing {
    match lens.witness.ahead {
        Some((ahead, id)) if ahead > lens.params.epsilon => {
            let why = format!(
                "{}’s hybrid time was {} ahead of its clock",
                lens.name(id),
                look::signed(ahead.0 as i64)
            );
            broken(why, &[id])
        }
        _ => Ok(()),
    }
}
