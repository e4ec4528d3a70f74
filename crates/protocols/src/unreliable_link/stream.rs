//! A sends a stream of messages, B takes what comes.

use faultline_model::{Cell, Cx, Glance, Hue, OpId, Shape, SortedMap, SortedSet};
use serde::Serialize;

use super::rules;
use super::{Knobs, Label, Msg, Ret, Timer, UnreliableLink, other, role, short};

/// What a node has said and is owed an answer for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Outstanding {
    /// What it said: 0 the message itself, 1 its acknowledgement, 2 the acknowledgement of that …
    pub depth: u8,
    /// How many copies of it have left.
    pub copies: u64,
}

/// What a node has said and is owed an answer for, by label. Without sequence numbers two messages with
/// the same text cannot be told apart and share an entry.
type Open = SortedMap<Label, Outstanding>;

/// A: the end that sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Sender {
    /// What has left, in order.
    pub sent: Vec<Label>,
    /// How many of the planned messages have left.
    pub planned: u64,
    /// What has not been acknowledged; always empty without acknowledgements.
    pub unacknowledged: Open,
    /// Without acknowledgements: messages of which more copies will leave, and how many have left.
    pub repeating: SortedMap<Label, u64>,
    /// Requests that are answered when the acknowledgement comes.
    pub calls: SortedMap<Label, Vec<OpId>>,
}

/// B: the end that listens. This is everything that B knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Receiver {
    /// What has arrived, in order of arrival.
    pub received: Vec<Label>,
    /// With sequence numbers: the highest that has arrived; 0 before the first.
    pub highest: u32,
    /// With sequence numbers: numbers below the highest that have not arrived.
    pub missing: SortedSet<u32>,
    /// Its acknowledgements that have not been acknowledged in turn.
    pub unacknowledged: Open,
}

fn message(depth: u8, label: Label) -> Msg {
    if depth == 0 { Msg::Message { label } } else { Msg::Ack { depth, label } }
}

/// Whether what is said at that depth is acknowledged.
fn is_answered(depth: u8, cx: &Cx<'_, UnreliableLink>) -> bool {
    u64::from(depth) < cx.params().ack_depth
}

/// Says something for the first time, and waits for the answer if there is to be one.
fn say(open: &mut Open, depth: u8, label: Label, cx: &mut Cx<'_, UnreliableLink>) {
    cx.send(other(cx), message(depth, label.clone()));
    if is_answered(depth, cx) {
        cx.arm(Timer::Retry(label.clone()), cx.params().retry_timeout);
        open.insert(label, Outstanding { depth, copies: 1 });
    }
}

/// The answer is overdue: sends another copy; false when there are no copies left.
fn say_again(open: &mut Open, label: Label, cx: &mut Cx<'_, UnreliableLink>) -> bool {
    let Some(said) = open.get_mut(&label).filter(|said| said.copies <= cx.params().retries) else {
        cx.because(rules::GIVE_UP);
        return false;
    };
    cx.because(rules::RETRY);
    said.copies += 1;
    cx.send(other(cx), message(said.depth, label.clone()));
    cx.arm(Timer::Retry(label), cx.params().retry_timeout);
    true
}

/// An acknowledgement arrives; true when it answers what this node said last under that label.
fn hear(open: &mut Open, depth: u8, label: &Label, cx: &mut Cx<'_, UnreliableLink>) -> bool {
    let said = open.get(label).map(|outstanding| outstanding.depth);
    if said.is_some_and(|said| said + 1 == depth) {
        open.remove(label);
        cx.disarm(Timer::Retry(label.clone()));
        if is_answered(depth, cx) {
            cx.because(rules::ACK_THE_ACK);
            say(open, depth + 1, label.clone(), cx);
        } else {
            cx.because(rules::HEARD);
        }
        return true;
    }
    let answer = depth + 1;
    let answered = said == Some(answer) || said.is_none() && u64::from(answer) == cx.params().ack_depth;
    if answered {
        cx.because(rules::ANSWER_AGAIN);
        cx.send(other(cx), message(answer, label.clone()));
    } else {
        cx.because(rules::OLD_NEWS);
    }
    false
}

impl Sender {
    pub(super) fn boot(cx: &mut Cx<'_, UnreliableLink>) -> Sender {
        let mut sender = Sender::default();
        if cx.params().messages > 0 {
            sender.send_next(cx);
        }
        sender
    }

    /// The next planned message: m1, m2, m3 …
    pub(super) fn send_next(&mut self, cx: &mut Cx<'_, UnreliableLink>) {
        cx.because(rules::SEND);
        self.planned += 1;
        self.send(format!("m{}", self.planned), cx);
        if self.planned < cx.params().messages {
            cx.arm(Timer::Next, cx.params().interval);
        }
    }

    fn send(&mut self, text: String, cx: &mut Cx<'_, UnreliableLink>) -> Label {
        let number = cx.params().sequence_numbers.then_some(self.sent.len() as u32 + 1);
        let label = Label { number, text };
        self.sent.push(label.clone());
        say(&mut self.unacknowledged, 0, label.clone(), cx);
        if !is_answered(0, cx) && cx.params().retries > 0 {
            self.repeating.insert(label.clone(), 1);
            cx.arm(Timer::Retry(label.clone()), cx.params().retry_timeout);
        }
        label
    }

    pub(super) fn on_request(&mut self, id: OpId, text: String, cx: &mut Cx<'_, UnreliableLink>) {
        cx.because(rules::SEND);
        let label = self.send(text, cx);
        if is_answered(0, cx) {
            self.calls.entry(label).or_default().push(id);
        } else {
            cx.reply(id, Ret::Sent);
        }
    }

    pub(super) fn on_ack(&mut self, depth: u8, label: Label, cx: &mut Cx<'_, UnreliableLink>) {
        // A restart has made this node forget what it sent.
        if !self.sent.contains(&label) {
            cx.because(rules::OLD_NEWS);
            return;
        }
        if hear(&mut self.unacknowledged, depth, &label, cx) {
            self.answer(&label, &Ret::Acknowledged, cx);
        }
    }

    pub(super) fn on_retry(&mut self, label: Label, cx: &mut Cx<'_, UnreliableLink>) {
        if is_answered(0, cx) {
            if !say_again(&mut self.unacknowledged, label.clone(), cx) {
                self.answer(&label, &Ret::Unknown, cx);
            }
            return;
        }
        let Some(copies) = self.repeating.get_mut(&label) else {
            return;
        };
        cx.because(rules::BLIND_COPY);
        *copies += 1;
        let more = *copies <= cx.params().retries;
        cx.send(other(cx), message(0, label.clone()));
        if more {
            cx.arm(Timer::Retry(label), cx.params().retry_timeout);
        } else {
            self.repeating.remove(&label);
        }
    }

    fn answer(&mut self, label: &Label, ret: &Ret, cx: &mut Cx<'_, UnreliableLink>) {
        for call in self.calls.remove(label).unwrap_or_default() {
            cx.reply(call, ret.clone());
        }
    }

    pub(super) fn glance(&self, params: &Knobs) -> Glance {
        let mut cells = vec![Cell::new("sent", short(self.sent.iter()))];
        if params.ack_depth > 0 {
            cells.push(Cell::new("unacked", short(self.unacknowledged.keys())));
        }
        Glance { arc: Some("retry"), ..role("sender", Shape::Ringed, Hue::Amber, cells) }
    }
}

impl Receiver {
    pub(super) fn on_message(&mut self, label: Label, cx: &mut Cx<'_, UnreliableLink>) {
        let again = label.number.is_some() && self.received.contains(&label);
        if again {
            cx.because(rules::DUPLICATE);
            // The sender repeats itself because the acknowledgement did not reach it.
            if is_answered(0, cx) {
                cx.because(rules::ANSWER_AGAIN);
                cx.send(other(cx), message(1, label));
            }
            return;
        }
        cx.because(rules::RECEIVE);
        if let Some(number) = label.number {
            self.count(number, cx);
        }
        self.received.push(label.clone());
        if is_answered(0, cx) {
            say(&mut self.unacknowledged, 1, label, cx);
        }
    }

    /// Compares a number that arrives for the first time with those that arrived before.
    fn count(&mut self, number: u32, cx: &mut Cx<'_, UnreliableLink>) {
        if self.missing.remove(&number) {
            cx.because(rules::LATE_NOT_LOST);
        } else if number > self.highest {
            if number > self.highest + 1 {
                cx.because(rules::GAP);
            }
            self.missing.extend(self.highest + 1..number);
            self.highest = number;
        }
    }

    pub(super) fn on_ack(&mut self, depth: u8, label: Label, cx: &mut Cx<'_, UnreliableLink>) {
        // A restart has made this node forget what it received.
        if self.received.contains(&label) {
            hear(&mut self.unacknowledged, depth, &label, cx);
        } else {
            cx.because(rules::OLD_NEWS);
        }
    }

    pub(super) fn on_retry(&mut self, label: Label, cx: &mut Cx<'_, UnreliableLink>) {
        say_again(&mut self.unacknowledged, label, cx);
    }

    pub(super) fn glance(&self, params: &Knobs) -> Glance {
        let mut cells = vec![Cell::new("got", short(self.received.iter()))];
        if params.sequence_numbers {
            let missing: Vec<String> = self.missing.iter().take(5).map(u32::to_string).collect();
            let text = if missing.is_empty() { "–".to_owned() } else { missing.join(" ") };
            cells.push(Cell::new("missing", text));
        }
        if params.ack_depth > 1 {
            cells.push(Cell::new("unacked", short(self.unacknowledged.keys())));
        }
        role("receiver", Shape::Circle, Hue::Sky, cells)
    }
}
