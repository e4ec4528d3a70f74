//! An unreliable link between two nodes, and what either of them can know.
//!
//! In `stream` mode A sends numbered or unnumbered messages to B, with acknowledgements to any depth
//! and copies after a timeout. What B knows is B's state and nothing else: a message that was lost, one
//! that is late and one that was never sent leave B in the same state.
//!
//! In `generals` mode A and B agree on an attack by messengers that may be captured (Gray, *Notes on
//! Data Base Operating Systems*, 1978; the impossibility is due to Akkoyunlu, Ekanadham and Huber, SOSP
//! 1975). With `ack-depth` d the exchange has d+1 messages. Every message but the last is answered; a
//! general who is owed an answer sends its message again. Therefore
//!
//! - who sends the last message attacks without knowing whether it arrives, for nothing will tell, and
//! - who is to receive it attacks only when it has arrived, and waits at its deadline otherwise.
//!
//! Make the exchange longer, and the new last message takes the place of the old one. With `retries` r
//! every copy of the last message can be lost by r+1 drops, and one general attacks alone. Which one is
//! set by `last-word`, so that the same ending (A attacks, B waits) can be reached at every depth: at an
//! even depth the one who has the last word proposes, at an odd depth the other one does.

mod generals;
mod knobs;
mod properties;
mod rules;
mod stream;
mod wire;

use faultline_model::{
    About, Caption, Cast, Cell, Cx, Glance, Habitat, Hue, Kind, Latency, NodeId, OpForm, OpId, Property,
    Protocol, Shape, SortedMap, Span,
};
use serde::Serialize;

pub use generals::{Decision, General};
pub use knobs::{Knobs, LastWord, Mode};
pub use rules::RULES;
pub use stream::{Outstanding, Receiver, Sender};
pub use wire::{Label, MAX_TEXT, Msg, Op, Ret, Timer};

/// One of the two nodes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum UnreliableLink {
    /// A in `stream` mode.
    Sender(Sender),
    /// B in `stream` mode.
    Receiver(Receiver),
    /// Either node in `generals` mode.
    General(General),
}

/// What every general has ever decided, in order: known to the observer only.
pub type Decisions = SortedMap<NodeId, Vec<Decision>>;

/// The first node of the cast sends the stream.
pub(crate) const A: NodeId = NodeId(0);

/// The other end of the link.
fn other(cx: &Cx<'_, UnreliableLink>) -> NodeId {
    NodeId(1 - cx.me().0)
}

impl Protocol for UnreliableLink {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Ret;
    /// A general's decision, which a crash must not undo.
    type Durable = Decision;
    type Witness = Decisions;
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "unreliable-link",
        name: "Unreliable link",
        claim: "Silence carries no information: no number of acknowledgements makes both ends certain.",
        source: "Akkoyunlu, Ekanadham, Huber: Some Constraints and Tradeoffs in the Design of Network \
                 Communications. SOSP 1975. Gray: Notes on Data Base Operating Systems. 1978. Saltzer, Reed, \
                 Clark: End-to-End Arguments in System Design. TOCS 1984.",
        rules: RULES,
    };

    fn cast(_: &Knobs, _: usize) -> Cast {
        Cast::of(&["A", "B"])
    }

    fn default_nodes() -> usize {
        2
    }

    fn habitat() -> Habitat {
        Habitat { latency: Latency::Uniform(Span::millis(3), Span::millis(7)), ..Habitat::default() }
    }

    fn boot(saved: Option<Decision>, cx: &mut Cx<'_, Self>) -> Self {
        match cx.params().mode {
            Mode::Generals => UnreliableLink::General(General::boot(saved, cx)),
            Mode::Stream if cx.me() == A => UnreliableLink::Sender(Sender::boot(cx)),
            Mode::Stream => UnreliableLink::Receiver(Receiver::default()),
        }
    }

    fn on_message(&mut self, _: NodeId, msg: Msg, cx: &mut Cx<'_, Self>) {
        match (self, msg) {
            (UnreliableLink::Sender(sender), Msg::Ack { depth, label }) => {
                sender.on_ack(depth, label, cx);
            }
            (UnreliableLink::Receiver(receiver), Msg::Message { label }) => {
                receiver.on_message(label, cx);
            }
            (UnreliableLink::Receiver(receiver), Msg::Ack { depth, label }) => {
                receiver.on_ack(depth, label, cx);
            }
            (UnreliableLink::General(general), Msg::Attack) => general.on_level(0, cx),
            (UnreliableLink::General(general), Msg::Ack { depth, .. }) => {
                general.on_level(depth, cx);
            }
            // The mode is the same at both ends for the whole run.
            (node, msg) => debug_assert!(false, "{node:?} got {msg:?}"),
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Cx<'_, Self>) {
        match (self, timer) {
            (UnreliableLink::Sender(sender), Timer::Next) => sender.send_next(cx),
            (UnreliableLink::Sender(sender), Timer::Retry(label)) => sender.on_retry(label, cx),
            (UnreliableLink::Receiver(receiver), Timer::Retry(label)) => {
                receiver.on_retry(label, cx);
            }
            (UnreliableLink::General(general), Timer::Retry(_)) => general.on_retry(cx),
            (UnreliableLink::General(general), Timer::Deadline) => general.on_deadline(cx),
            (node, timer) => debug_assert!(false, "{timer:?} fired at {node:?}"),
        }
    }

    fn on_request(&mut self, id: OpId, Op::Send(text): Op, cx: &mut Cx<'_, Self>) {
        match self {
            UnreliableLink::Sender(sender) => sender.on_request(id, text, cx),
            UnreliableLink::Receiver(_) | UnreliableLink::General(_) => {
                cx.because(rules::NOT_A_SENDER);
                cx.reply(id, Ret::Refused);
            }
        }
    }

    fn on_saved(&mut self, saved: &Decision, _: &mut Cx<'_, Self>) {
        if let UnreliableLink::General(general) = self {
            general.on_saved(*saved);
        }
    }

    fn operations(_: Kind) -> Vec<OpForm> {
        vec![OpForm::new("Send", "send hello", "send m{value}")]
    }

    fn glance(&self, params: &Knobs, _: &Cast) -> Glance {
        match self {
            UnreliableLink::Sender(sender) => sender.glance(params),
            UnreliableLink::Receiver(receiver) => receiver.glance(params),
            UnreliableLink::General(general) => general.glance(),
        }
    }

    fn caption(msg: &Msg, _: &Cast) -> Caption {
        match msg {
            Msg::Message { label } => Caption {
                verb: "message".to_owned(),
                text: label.to_string(),
                hue: Hue::Teal,
                ..Caption::default()
            },
            Msg::Attack => Caption { verb: "attack?".to_owned(), hue: Hue::Amber, ..Caption::default() },
            Msg::Ack { depth, label } => Caption {
                verb: if *depth == 1 { "ack".to_owned() } else { format!("ack {depth}") },
                text: label.to_string(),
                hue: Hue::Violet,
                reply: true,
            },
        }
    }

    fn witness(&self, me: NodeId, seen: &mut Decisions) {
        let UnreliableLink::General(General { decided: Some(decided), .. }) = self else {
            return;
        };
        let decisions = seen.entry(me).or_default();
        if decisions.last() != Some(decided) {
            decisions.push(*decided);
        }
    }

    fn failed(ret: &Ret) -> bool {
        matches!(ret, Ret::Unknown | Ret::Refused)
    }

    fn properties() -> Vec<Property<Self>> {
        properties::all()
    }
}

/// A few labels for a cell under a node: all of them, or dots and the last ones.
fn short<'a>(labels: impl DoubleEndedIterator<Item = &'a Label>) -> String {
    const MOST: usize = 5;
    let mut shown: Vec<String> = labels.rev().take(MOST + 1).map(ToString::to_string).collect();
    if shown.len() > MOST {
        shown.truncate(MOST - 1);
        shown.push("…".to_owned());
    }
    shown.reverse();
    if shown.is_empty() { "–".to_owned() } else { shown.join(" ") }
}

/// The glance of a node in that role, without cells.
fn role(word: &str, shape: Shape, hue: Hue, cells: Vec<Cell>) -> Glance {
    Glance { role: word.to_owned(), shape, hue, cells, ..Glance::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use faultline_model::Params;

    fn label(number: Option<u32>, text: &str) -> Label {
        Label { number, text: text.to_owned() }
    }

    #[test]
    fn a_cell_shows_the_last_labels_and_says_that_there_are_more() {
        let labels: Vec<Label> = (1..=7).map(|n| label(Some(n), &format!("m{n}"))).collect();
        assert_eq!(short(labels[..4].iter()), "1:m1 2:m2 3:m3 4:m4");
        assert_eq!(short(labels[..5].iter()), "1:m1 2:m2 3:m3 4:m4 5:m5");
        assert_eq!(short(labels.iter()), "… 4:m4 5:m5 6:m6 7:m7");
        assert_eq!(short([].iter()), "–");
    }

    #[test]
    fn every_knob_has_a_sentence_and_reads_back_its_default() {
        for knob in Knobs::knobs() {
            assert!(knob.about.ends_with('.'), "{}", knob.about);
            let mut knobs = Knobs::default();
            knobs.set(knob.name, &Knobs::default().get(knob.name).unwrap()).unwrap();
            assert_eq!(knobs, Knobs::default(), "{}", knob.name);
        }
        assert!(Knobs::default().set("ack-depth", "8").unwrap_err().to_string().contains("from 0 to 7"));
    }
}
