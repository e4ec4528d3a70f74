//! Two generals and the last messenger.

use faultline_model::{Cell, Cx, Glance, Hue, Shape};
use serde::Serialize;

use super::{A, Label, LastWord, Msg, Timer, UnreliableLink, other, role, rules};

/// What a general does in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Attack.
    Attack,
    /// Wait.
    Wait,
}

impl Decision {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Decision::Attack => "attack",
            Decision::Wait => "wait",
        }
    }
}

/// A general. The messages of the exchange are numbered from 0, the proposal; the last is `ack-depth`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct General {
    /// The latest message of the exchange that has arrived here.
    pub heard: Option<u8>,
    /// The latest message of the exchange that this general has sent.
    pub said: Option<u8>,
    /// How many times it has sent that, unasked.
    pub copies: u64,
    /// The decision that is being written down.
    pub deciding: Option<Decision>,
    /// The decision, once it is on disk. It stands.
    pub decided: Option<Decision>,
}

impl General {
    pub(super) fn boot(saved: Option<Decision>, cx: &mut Cx<'_, UnreliableLink>) -> General {
        let mut general = General { heard: None, said: None, copies: 0, deciding: saved, decided: saved };
        if saved.is_none() {
            cx.arm(Timer::Deadline, cx.params().deadline);
            if proposes(cx) {
                cx.because(rules::PROPOSE);
                general.say(0, cx);
            }
        }
        general
    }

    /// Sends that message of the exchange for the first time.
    fn say(&mut self, level: u8, cx: &mut Cx<'_, UnreliableLink>) {
        self.said = Some(level);
        self.copies = 1;
        if is_last(level, cx) {
            cx.because(rules::LAST_WORD);
            // The decision is on disk before the messenger leaves: what he says stays true.
            self.decide(Decision::Attack, cx);
        }
        cx.send(other(cx), message(level));
        // Nobody answers the proposal at depth 0, and more copies are all that can be done. Otherwise the
        // last message is sent again when the other general repeats the one before it.
        let repeats_blindly = is_last(level, cx) && level == 0 && cx.params().retries > 0;
        if repeats_blindly || !is_last(level, cx) {
            cx.arm(retry(), cx.params().retry_timeout);
        }
    }

    fn decide(&mut self, decision: Decision, cx: &mut Cx<'_, UnreliableLink>) {
        self.deciding = Some(decision);
        cx.disarm(Timer::Deadline);
        cx.disarm(retry());
        cx.persist(decision);
    }

    pub(super) fn on_saved(&mut self, saved: Decision) {
        self.decided = Some(saved);
    }

    /// A messenger arrives with that message of the exchange.
    pub(super) fn on_level(&mut self, level: u8, cx: &mut Cx<'_, UnreliableLink>) {
        if self.deciding == Some(Decision::Wait) {
            cx.because(rules::TOO_LATE);
        } else if self.heard.is_some_and(|heard| level <= heard) {
            self.hear_again(level, cx);
        } else if self.deciding.is_some() {
            // Restarted with its decision and without its memory: it has nothing to add.
            cx.because(rules::OLD_NEWS);
        } else {
            self.heard = Some(level);
            cx.disarm(retry());
            if is_last(level, cx) {
                cx.because(rules::ATTACK);
                self.decide(Decision::Attack, cx);
            } else {
                cx.because(rules::CONFIRM);
                self.say(level + 1, cx);
            }
        }
    }

    /// The other general repeats itself, because it is owed an answer.
    fn hear_again(&mut self, level: u8, cx: &mut Cx<'_, UnreliableLink>) {
        if self.said == Some(level + 1) {
            cx.because(rules::ANSWER_AGAIN);
            cx.flush();
            cx.send(other(cx), message(level + 1));
        } else {
            cx.because(rules::OLD_NEWS);
        }
    }

    pub(super) fn on_retry(&mut self, cx: &mut Cx<'_, UnreliableLink>) {
        let Some(said) = self.said else { return };
        if self.copies > cx.params().retries {
            cx.because(rules::GIVE_UP);
            return;
        }
        self.copies += 1;
        cx.because(if is_last(said, cx) { rules::BLIND_COPY } else { rules::RETRY });
        cx.flush();
        cx.send(other(cx), message(said));
        if !is_last(said, cx) || self.copies <= cx.params().retries {
            cx.arm(retry(), cx.params().retry_timeout);
        }
    }

    pub(super) fn on_deadline(&mut self, cx: &mut Cx<'_, UnreliableLink>) {
        cx.because(rules::WAIT);
        self.decide(Decision::Wait, cx);
    }

    pub(super) fn glance(&self) -> Glance {
        let hue = match self.decided {
            None => Hue::Sky,
            Some(Decision::Attack) => Hue::Green,
            Some(Decision::Wait) => Hue::Grey,
        };
        let decided = self.decided.map_or("–", Decision::word);
        let level = |level: Option<u8>| match level {
            None => "–".to_owned(),
            Some(0) => "proposal".to_owned(),
            Some(depth) => format!("ack {depth}"),
        };
        let cells = vec![
            Cell::new("decided", decided),
            Cell::new("said", level(self.said)),
            Cell::new("heard", level(self.heard)),
        ];
        Glance { arc: Some("deadline"), ..role("general", Shape::Circle, hue, cells) }
    }
}

/// Whether nobody answers that message.
fn is_last(level: u8, cx: &Cx<'_, UnreliableLink>) -> bool {
    u64::from(level) >= cx.params().ack_depth
}

/// The messages alternate: with an even last number, who sends the last sent the first too.
fn proposes(cx: &Cx<'_, UnreliableLink>) -> bool {
    let has_last_word = (cx.params().last_word == LastWord::A) == (cx.me() == A);
    has_last_word == cx.params().ack_depth.is_multiple_of(2)
}

fn label() -> Label {
    Label { number: None, text: "attack".to_owned() }
}

fn retry() -> Timer {
    Timer::Retry(label())
}

fn message(level: u8) -> Msg {
    if level == 0 { Msg::Attack } else { Msg::Ack { depth: level, label: label() } }
}
