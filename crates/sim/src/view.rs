//! What everything above the erasure boundary sees of a world: plain, serializable data.
//!
//! Field names in JSON are part of the public contract (`window.faultline.view()`).

use std::sync::Arc;

use faultline_model::{Cell, Fact, Hue, Lie, Mark, MsgId, NodeId, Shape, Span, Time};
use serde::{Serialize, Serializer};

use crate::{Action, PlanView, WorkloadView};

/// The whole world at the cursor.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorldView {
    /// True time, microseconds.
    pub time: Time,
    /// How many events have happened.
    pub event: u32,
    /// All nodes, in the order of the cast.
    pub nodes: Vec<NodeView>,
    /// Messages in flight, in the order in which they were sent.
    pub flights: Vec<FlightView>,
    /// All links of a small system; only the special ones (cut, lossy, slow) beyond 40 nodes.
    pub links: Arc<[LinkView]>,
    /// Every property, judged now.
    pub verdicts: Vec<VerdictView>,
    /// What happens next, soonest first; of more than 500 things the first 500.
    pub next: Vec<NextView>,
    /// What the last event was and why; `None` at the start.
    pub because: Option<Sentence>,
    /// The workload that runs or has ended by itself; `None` before there is one and after it was stopped.
    pub workload: Option<WorkloadView>,
    /// Whether nodes can join ([`Action::Add`]) and leave ([`Action::Remove`]) here.
    pub elastic: bool,
    /// What is planned on this branch, soonest first, what has been done included. Only a timeline knows:
    /// see [`crate::Timeline::view`].
    pub plan: Vec<PlanView>,
}

/// A node's health.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Running.
    Up,
    /// Running, but occupied with an input; others wait.
    Busy,
    /// Standing still without knowing it.
    Paused,
    /// Crashed.
    Down,
    /// Gone for good; it keeps its place in the list and its name.
    Left,
}

/// One node.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeView {
    /// Its id within the engine.
    #[serde(skip)]
    pub node: NodeId,
    /// Its name, "S2".
    pub id: String,
    /// Whether it is a client.
    pub client: bool,
    /// Its health.
    pub status: Status,
    /// Its role in one word; as it was before the crash when it is down.
    pub role: String,
    /// The shape of the role.
    pub shape: Shape,
    /// The hue of the role.
    pub hue: Hue,
    /// Its term, ballot, view, if the protocol has one.
    pub epoch: Option<u64>,
    /// What the epoch is called.
    pub epoch_name: &'static str,
    /// Short values under it.
    pub cells: Vec<Cell>,
    /// Its running timers.
    pub timers: Vec<TimerView>,
    /// Which of the timers the arc shows, an index.
    pub arc: Option<usize>,
    /// How far its clock is ahead of true time now, microseconds.
    pub offset: i64,
    /// Its clock's drift, parts per million.
    pub drift: i32,
    /// How many inputs wait in its inbox.
    pub inbox: usize,
    /// How many writes are not yet on disk.
    pub writing: usize,
    /// Its speed: per cent of the usual time that work takes.
    pub slow: u32,
    /// How its clock was last corrected by another's.
    pub synced: Option<SyncView>,
    /// Until when, in true time, its clock is slewed.
    pub slewing: Option<Time>,
    /// How long a write on its disk takes, if that was set.
    pub disk_latency: Option<Span>,
    /// Per cent of its time that a write really takes.
    pub disk_slow: u32,
    /// Whether its disk has no room, so that writes wait.
    pub disk_full: bool,
    /// How many records on its disk were damaged since it was last read.
    pub disk_damaged: usize,
    /// The names of those whom it takes to have failed.
    pub suspects: Vec<String>,
    /// What it takes as operations, as examples: "write x=1".
    pub operations: Vec<String>,
    /// The lies that it can be made to tell ([`Action::Lie`]); none where the protocol offers none.
    pub lies: &'static [Lie],
    /// The lie that it tells, by its name.
    pub lying: Option<&'static str>,
}

/// How a clock was corrected by another's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncView {
    /// The reference's name.
    pub with: String,
    /// How long the exchange took, as the node measured it, microseconds.
    pub round_trip: Span,
    /// By how many microseconds the clock was, or is being, moved.
    pub correction: i64,
    /// The most by which it was off afterwards: half the round trip, microseconds.
    pub error: Span,
}

/// A running timer.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TimerView {
    /// Its kind's name: "election".
    pub kind: String,
    /// True time at which it was armed.
    pub armed_at: Time,
    /// True time at which it fires unless something changes.
    pub due: Time,
    /// Which arming this is, for [`Action::Fire`].
    pub arming: u32,
}

/// A message in flight.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlightView {
    /// Its id within the engine.
    #[serde(skip)]
    pub msg: MsgId,
    /// Its id in this run: "m17".
    pub id: String,
    /// Sender.
    #[serde(serialize_with = "name")]
    pub from: Named,
    /// Receiver.
    #[serde(serialize_with = "name")]
    pub to: Named,
    /// Its kind: "AppendEntries".
    pub kind: String,
    /// What it does, for people: "append".
    pub verb: String,
    /// What it carries, short.
    pub text: String,
    /// Hue of the kind.
    pub hue: Hue,
    /// Whether it answers another message.
    pub reply: bool,
    /// The epoch that it speaks of.
    pub epoch: Option<u64>,
    /// The number of the event that sent it; 0 is the start of the run.
    pub cause: u32,
    /// When it was sent, true time.
    pub sent_at: Time,
    /// When it arrives, or dies, unless something changes.
    pub due: Time,
    /// Until when it queues behind others for the link's bandwidth; `None` when it leaves, or left, at once.
    pub queued_until: Option<Time>,
    /// Its size in bytes, where the link's bandwidth is limited.
    pub bytes: Option<u32>,
    /// Whether it stands still because its link is held; `due` is when it would have arrived.
    pub held: bool,
    /// Whether the network is going to lose it. The receiver does not know; the stage may show it only
    /// once it has happened.
    pub doomed: bool,
    /// Whether it is a lie: its sender was made to lie. Its receiver does not know.
    pub lie: bool,
}

/// A node with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its id.
    pub node: NodeId,
    /// Its name.
    pub name: Arc<str>,
}

fn name<S: Serializer>(named: &Named, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&named.name)
}

/// One directed link.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkView {
    /// Sender's end.
    #[serde(serialize_with = "name")]
    pub from: Named,
    /// Receiver's end.
    #[serde(serialize_with = "name")]
    pub to: Named,
    /// Whether it is cut.
    pub cut: bool,
    /// Share of messages lost, per cent as text ("10%"); `None` for the habitat's.
    pub loss: Option<String>,
    /// Share of messages that arrive twice, per cent as text; `None` for the habitat's.
    pub duplication: Option<String>,
    /// Whether it keeps the order of messages; `None` for the habitat's.
    pub fifo: Option<bool>,
    /// Its latency, as text ("constant 80ms"); `None` for the habitat's.
    pub latency: Option<String>,
    /// Its bandwidth, as text ("100KB/s"); `None` for the habitat's.
    pub bandwidth: Option<String>,
    /// How many messages queue for its bandwidth now.
    pub queue: usize,
    /// Whether it is held: nothing on it arrives until it is released.
    pub held: bool,
    /// The kinds of messages that are dropped on it, until they are let through.
    pub dropped: Vec<String>,
}

/// One property, judged.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerdictView {
    /// Its id: "election-safety".
    pub property: String,
    /// One sentence.
    pub sentence: String,
    /// Paper and section.
    pub source: String,
    /// "always", "eventually" or "sometimes".
    pub scope: &'static str,
    /// Whether it holds (always) or has been reached (eventually, sometimes).
    pub holds: bool,
    /// Why, when it does not hold.
    pub why: String,
    /// The nodes concerned, by name.
    pub nodes: Vec<String>,
    /// What those nodes did to break it; [`crate::Timeline::testimony`] says when.
    #[serde(skip)]
    pub marks: Vec<Mark>,
}

impl VerdictView {
    /// Whether this is a violation: something that must always hold and does not.
    pub fn broken(&self) -> bool {
        self.scope == "always" && !self.holds
    }
}

/// One thing that happens next.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NextView {
    /// For people: "S1's RequestVote arrives at S3".
    pub text: String,
    /// When, true time.
    pub due: Time,
    /// How to do it now.
    #[serde(skip)]
    pub action: Action,
    /// Where it happens.
    #[serde(serialize_with = "name")]
    pub node: Named,
    /// The message, when it is one.
    #[serde(skip)]
    pub msg: Option<MsgId>,
}

/// What happened, in one sentence, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sentence {
    /// "S3 gets RequestVote from S2 (term 3): grants its vote."
    pub text: String,
    /// The rule's paper and section; empty when no rule was named.
    pub source: String,
    /// The rule's id; empty when no rule was named.
    pub rule: String,
}

/// A client operation as people and checkers read it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// The client's name.
    pub process: String,
    /// What was asked: "write x=1".
    pub call: String,
    /// What came back; `None` while it is open.
    pub result: Option<String>,
    /// Whether what came back says that it was not done, or that nobody knows.
    pub failed: bool,
    /// True time of the call.
    pub invoked: Time,
    /// The number of the event that was the call: it orders what happens at the same time.
    pub invoked_event: u32,
    /// True time of the answer.
    pub returned: Option<Time>,
    /// The number of the event that gave the answer.
    pub returned_event: Option<u32>,
}

/// How much there is to do in the whole system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Messages in flight.
    pub in_flight: u32,
    /// Inputs that wait in inboxes.
    pub waiting: u32,
    /// Writes that are not yet on disk.
    pub writing: u32,
    /// Servers that run: neither crashed nor paused.
    pub running: u32,
    /// Servers in all.
    pub servers: u32,
}

/// What a handler testified ([`faultline_model::Cx::testify`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Testimony {
    /// The number of the event in which it came about; 0 is the start of the run.
    pub event: u32,
    /// Where.
    pub node: NodeId,
    /// True time.
    pub at: Time,
    /// What.
    pub fact: Fact,
}

/// One measured value.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Measure {
    /// The number of the event that measured it; 0 is the start of the run.
    pub event: u32,
    /// The series.
    pub series: &'static str,
    /// Where.
    #[serde(skip)]
    pub node: NodeId,
    /// True time.
    pub at: Time,
    /// The value.
    pub value: i64,
}
