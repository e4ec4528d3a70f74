//! The trace of one client's request, as distributed tracing draws it: a span for each message, timer
//! and write that follows from the request, each under the one that caused it (Sigelman et al.,
//! "Dapper", 2010). Here nothing has to be carried along to know the parent: the run knows it.

use faultline_model::{MsgId, NodeId, SortedMap, SortedSet, Time, sort_by_key};

use crate::causes::{Tie, at, cause, chain};
use crate::life::ends;
use crate::{Event, FlightView, Loss, What};

/// What a span is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanOf {
    /// The client's request, from its call to its answer.
    Request,
    /// A message, from its sending to the end of its way.
    Message(MsgId),
    /// A timer, from its arming to its firing.
    Timer,
    /// A write, from its asking to the disk.
    Write,
    /// Something else that began a part of the trace: a restart, an intervention.
    Other,
}

/// One span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceSpan {
    /// What it is about.
    pub of: SpanOf,
    /// How deep it lies under its root, which is at 0.
    pub depth: u16,
    /// Where it began; of a message, the sender.
    pub node: NodeId,
    /// The receiver of a message.
    pub to: Option<NodeId>,
    /// The name of the message's or timer's variant.
    pub kind: String,
    /// When it began, true time.
    pub begin: Time,
    /// When it ended, true time; `None` while it lasts.
    pub end: Option<Time>,
    /// Since when it waited in the receiver's inbox, if it did.
    pub waited: Option<Time>,
    /// Why it was lost, if it was.
    pub lost: Option<Loss>,
    /// The event with which it began; 0 is the start of the run.
    pub opened: u32,
    /// The event with which it ended, or the last that concerned it.
    pub event: Option<u32>,
}

/// A request whose trace is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Root {
    /// The event of the request.
    pub event: u32,
    /// The event with which it was answered, if it was.
    pub answered: Option<u32>,
}

/// What follows is looked for among so many events after the answer, or after the request without one.
const MOST_LATER: u32 = 100_000;

/// The spans of a request, each under its cause and before what began later under the same one.
///
/// Followed are messages, writes, and the timers of the client itself (its retries); what began after
/// the answer is left out. If the answer did not come of the request (a leader may collect requests and
/// send them with its next heartbeat), the chain that led to the answer follows as a second tree.
/// `flights` are the messages still under way behind the last event. At most `most` spans are given.
pub fn trace(events: &[Event], flights: &[FlightView], root: Root, most: usize) -> Vec<TraceSpan> {
    let Some(first) = at(events, root.event) else {
        return vec![];
    };
    let mut tracing = Tracing {
        events,
        most,
        client: first.node,
        answered: root.answered,
        spans: vec![],
        parents: vec![],
        span_of: SortedMap::new(),
        of_message: SortedMap::new(),
    };
    let answer = root.answered.and_then(|answer| at(events, answer)).map(|event| event.at);
    tracing.open(None, TraceSpan { end: answer, ..blank(SpanOf::Request, first, root.event) });
    tracing.follow(root.event, None);
    tracing.add_flights(flights);
    if let Some(answer) = root.answered.filter(|answer| !tracing.span_of.contains_key(answer)) {
        tracing.add_way_to(answer);
    }
    tracing.in_order()
}

fn blank(of: SpanOf, event: &Event, opened: u32) -> TraceSpan {
    TraceSpan {
        of,
        depth: 0,
        node: event.node,
        to: None,
        kind: event.kind.to_owned(),
        begin: event.at,
        end: None,
        waited: None,
        lost: None,
        opened,
        event: Some(opened),
    }
}

struct Tracing<'e> {
    events: &'e [Event],
    most: usize,
    client: NodeId,
    answered: Option<u32>,
    spans: Vec<TraceSpan>,
    parents: Vec<Option<usize>>,
    /// Which span each event ended, of those whose causes are followed.
    span_of: SortedMap<u32, usize>,
    of_message: SortedMap<MsgId, usize>,
}

impl Tracing<'_> {
    fn open(&mut self, parent: Option<usize>, span: TraceSpan) -> usize {
        let depth = parent.map_or(0, |parent| self.spans[parent].depth.saturating_add(1));
        self.spans.push(TraceSpan { depth, ..span });
        self.parents.push(parent);
        self.spans.len() - 1
    }

    /// A second tree: the chain of causes that led to an event.
    fn add_way_to(&mut self, answer: u32) {
        // What armed the timer at the head of the chain has no part in it.
        let causes = chain(self.events, answer).into_iter().filter(|cause| cause.tie != Tie::Armed);
        let took_part = |event: &u32| {
            // A timer that ran out and waited is the same timer when it fires.
            at(self.events, *event).is_some_and(|event| event.what != What::FireQueued)
        };
        let way: SortedSet<u32> = causes.map(|cause| cause.event).chain([answer]).filter(took_part).collect();
        if let Some((start, event)) = way.first().and_then(|&start| Some((start, at(self.events, start)?))) {
            let of = if event.what == What::Fired { SpanOf::Timer } else { SpanOf::Other };
            self.open(None, TraceSpan { end: Some(event.at), ..blank(of, event, start) });
            self.follow(start, Some(&way));
        }
    }

    /// Takes in everything that follows from an event; of the events in `only`, when that is given.
    fn follow(&mut self, start: u32, only: Option<&SortedSet<u32>>) {
        let root = self.spans.len() - 1;
        self.span_of.insert(start, root);
        let last = self.answered.unwrap_or(start).saturating_add(MOST_LATER);
        let end = (self.events.len() as u32).min(last);
        for number in (start + 1..=end).filter(|number| only.is_none_or(|only| only.contains(number))) {
            let event = self.events[number as usize - 1];
            if let Some(msg) = event.msg {
                self.take_message(msg, number, &event);
                continue;
            }
            let opened = match event.what {
                What::Invoked => cause(self.events, number).map_or(0, |cause| cause.event),
                _ => event.cause,
            };
            let follows = self.span_of.get(&opened).copied();
            if let Some(parent) = follows.filter(|_| self.spans.len() < self.most) {
                self.take(parent, opened, number, &event);
            }
        }
    }

    /// What was sent, armed or asked for after the answer no longer belongs to the request.
    fn in_time(&self, opened: u32) -> bool {
        self.answered.is_none_or(|answered| opened < answered)
    }

    fn take_message(&mut self, msg: MsgId, number: u32, event: &Event) {
        let known = self.of_message.get(&msg).copied();
        let parent = self.span_of.get(&event.cause).copied().filter(|_| self.in_time(event.cause));
        let span = match (known, parent) {
            (Some(span), _) => span,
            (None, Some(parent)) if self.spans.len() < self.most => {
                let Some((from, to)) = ends(event) else { return };
                let begin = at(self.events, event.cause).map_or(Time::ZERO, |sender| sender.at);
                let span =
                    TraceSpan { begin, to: Some(to), ..blank(SpanOf::Message(msg), event, event.cause) };
                let span = self.open(Some(parent), TraceSpan { node: from, ..span });
                self.of_message.insert(msg, span);
                span
            }
            _ => return,
        };
        self.spans[span].event = Some(number);
        match event.what {
            What::Queued => self.spans[span].waited = Some(event.at),
            What::Delivered => {
                self.spans[span].end = Some(event.at);
                self.span_of.insert(number, span);
            }
            What::Lost(loss) => (self.spans[span].end, self.spans[span].lost) = (Some(event.at), Some(loss)),
            // A copy made by hand stands beside the message that was copied.
            What::Duplicated => {
                if let Some(parent) = self.parents[span] {
                    self.span_of.insert(number, parent);
                }
            }
            _ => {}
        }
    }

    /// A timer of the client, a write, or an operation that waited.
    fn take(&mut self, parent: usize, opened: u32, number: u32, event: &Event) {
        let of = match event.what {
            What::Fired if event.node == self.client => SpanOf::Timer,
            What::Synced => SpanOf::Write,
            What::Invoked => {
                self.spans[parent].waited = Some(self.spans[parent].begin);
                self.span_of.insert(number, parent);
                return;
            }
            _ => return,
        };
        if !self.in_time(opened) || self.answered.is_some_and(|answered| number > answered) {
            return;
        }
        let begin = at(self.events, opened).map_or(Time::ZERO, |opener| opener.at);
        let span = TraceSpan { begin, end: Some(event.at), event: Some(number), ..blank(of, event, opened) };
        let span = self.open(Some(parent), span);
        self.span_of.insert(number, span);
    }

    /// What still flies behind the last event, undisturbed so far.
    fn add_flights(&mut self, flights: &[FlightView]) {
        for flight in flights {
            let Some(&parent) = self.span_of.get(&flight.cause) else { continue };
            let unknown = !self.of_message.contains_key(&flight.msg);
            if unknown && self.in_time(flight.cause) && self.spans.len() < self.most {
                let span = TraceSpan {
                    of: SpanOf::Message(flight.msg),
                    depth: 0,
                    node: flight.from.node,
                    to: Some(flight.to.node),
                    kind: flight.kind.clone(),
                    begin: flight.sent_at,
                    end: None,
                    waited: None,
                    lost: None,
                    opened: flight.cause,
                    event: None,
                };
                self.open(Some(parent), span);
            }
        }
    }

    /// The spans, each followed by all that lies under it.
    fn in_order(self) -> Vec<TraceSpan> {
        let mut under: SortedMap<Option<usize>, Vec<usize>> = SortedMap::new();
        for (index, parent) in self.parents.iter().enumerate() {
            under.entry(*parent).or_default().push(index);
        }
        let by_begin = |index: &usize| (self.spans[*index].begin, self.spans[*index].opened, *index);
        // The request comes first, whatever the second tree begins with.
        let mut open: Vec<usize> = under.remove(&None).unwrap_or_default();
        under.values_mut().for_each(|children| sort_by_key(children, by_begin));
        open.reverse();
        let mut ordered = Vec::with_capacity(self.spans.len());
        while let Some(index) = open.pop() {
            ordered.push(self.spans[index].clone());
            open.extend(under.remove(&Some(index)).unwrap_or_default().into_iter().rev());
        }
        ordered
    }
}

/// Whether some node's log has a line that tells of a span's end: of what is lost or still flies, none has.
pub fn in_a_log(span: &TraceSpan) -> bool {
    span.lost.is_none() && span.end.is_some()
}
