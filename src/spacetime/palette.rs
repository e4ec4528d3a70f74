//! Which hue each kind of message has. Events are kept without their payloads, and only a payload
//! knows its caption: so the hue is learnt from a message in flight, once for each kind.

use faultline_lessons::catalogue;
use faultline_model::{Hue, MsgId, SortedMap, sort};
use faultline_sim::{FlightView, Run, Timeline};

use super::picture::Ink;
use super::trace::Trace;

/// A message that was sent later than this is not looked up: its kind stays grey until it is seen.
const LATEST: u32 = 20_000;

/// So many messages of a kind are looked up at most.
const TRIES: usize = 4;

/// What is known about the kinds of message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Palette {
    known: SortedMap<String, Ink>,
    /// How many messages of a kind have been looked up.
    tried: SortedMap<&'static str, usize>,
}

impl Palette {
    /// How a kind is drawn; grey while it is unknown.
    pub fn ink(&self, kind: &str) -> Ink {
        self.known.get(kind).copied().unwrap_or(Ink { hue: Hue::Grey, reply: false })
    }

    /// Notes what messages in flight look like. A refusal is red whatever its kind: the hue of the kind
    /// is that of one that is no refusal, if there is one.
    fn learn(&mut self, flights: &[FlightView]) {
        for flight in flights {
            let ink = Ink { hue: flight.hue, reply: flight.reply };
            match self.known.get_mut(&flight.kind) {
                None => {
                    self.known.insert(flight.kind.clone(), ink);
                }
                Some(known) if known.hue == Hue::Red => *known = ink,
                Some(_) => {}
            }
        }
    }

    fn is_settled(&self, kind: &str) -> bool {
        self.known.get(kind).is_some_and(|ink| ink.hue != Hue::Red)
    }

    /// Looks up the kinds of `trace` that are still unknown: plays the run again up to the moment
    /// when a message of that kind was in flight. That is early in nearly every run.
    pub fn complete(&mut self, trace: &Trace, timeline: &Timeline) {
        for (index, &kind) in trace.kinds().iter().enumerate() {
            let tried = self.tried.get(kind).copied().unwrap_or(0);
            if tried >= TRIES || self.is_settled(kind) {
                continue;
            }
            // A message of that kind may be in flight just now.
            if tried == 0 && !self.known.contains_key(kind) {
                self.learn(&timeline.world().view().flights);
            }
            // The first of each flow: looking through all messages would take longer than drawing them.
            let flows = trace.flows().filter(|(flow, _)| usize::from(flow.kind) == index);
            let mut first: Vec<u32> =
                flows.flat_map(|(_, wires)| wires.iter().take(TRIES)).copied().collect();
            sort(&mut first);
            let of_kind = first.iter().filter_map(|&wire| trace.wires().get(wire as usize));
            for wire in of_kind.skip(tried).take(TRIES - tried) {
                *self.tried.entry(kind).or_default() += 1;
                self.learn(&in_flight(timeline, wire.cause, wire.msg).unwrap_or_default());
                if self.is_settled(kind) {
                    break;
                }
            }
        }
    }
}

/// The messages in flight just after event `cause` of this run, if `msg` is among them.
fn in_flight(timeline: &Timeline, cause: u32, msg: MsgId) -> Option<Vec<FlightView>> {
    if cause > LATEST {
        return None;
    }
    let world = catalogue::build(timeline.scenario()).ok()?;
    let before = |interventions: &[faultline_sim::Intervention]| {
        interventions.iter().take_while(|done| done.after < cause).cloned().collect()
    };
    let run = Run {
        version: Run::VERSION,
        scenario: timeline.scenario().clone(),
        interventions: before(timeline.interventions()),
        cursor: cause,
        length: cause,
        plan: vec![],
    };
    let then = Timeline::restore(&run, world).ok()?;
    let flights = then.world().view().flights;
    flights.iter().any(|flight| flight.msg == msg).then_some(flights)
}

/// What `data-hue` says, see `style/tokens.css`.
pub fn hue_word(hue: Hue) -> &'static str {
    match hue {
        Hue::Sky => "sky",
        Hue::Amber => "amber",
        Hue::Rose => "rose",
        Hue::Violet => "violet",
        Hue::Teal => "teal",
        Hue::Green => "green",
        Hue::Red => "red",
        Hue::Grey => "grey",
    }
}
