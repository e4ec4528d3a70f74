//! The whole life of one message, read from the recorded events.

use faultline_model::{MsgId, NodeId};

use crate::causes::at;
use crate::{Event, Loss, What};

/// How a message ended, as far as the recorded events tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is still under way.
    Flying,
    /// It waits in the receiver's inbox.
    Waiting,
    /// Its handler ran.
    Handled,
    /// It was lost on its way.
    Lost(Loss),
    /// It waited in the receiver's inbox when the receiver lost its memory.
    Forgotten,
}

/// One message from its sending to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// The message.
    pub msg: MsgId,
    /// The name of its variant.
    pub kind: &'static str,
    /// Sender.
    pub from: NodeId,
    /// Receiver.
    pub to: NodeId,
    /// The number of the event that sent it; 0 is the start of the run. Of a copy made by hand, the event
    /// that made it.
    pub sent: u32,
    /// The events that happened to it, in order: delayed, duplicated, queued, delivered, lost.
    pub steps: Vec<u32>,
    /// How it ended.
    pub fate: Fate,
}

impl Life {
    /// The event with which it ended; `None` while it has not.
    pub fn end(&self) -> Option<u32> {
        match self.fate {
            Fate::Flying | Fate::Waiting => None,
            Fate::Handled | Fate::Lost(_) | Fate::Forgotten => self.steps.last().copied(),
        }
    }
}

/// The life of a message as far as `events` go; `None` when none of them concerns it, because it still
/// flies undisturbed or never was.
pub fn life(events: &[Event], msg: MsgId) -> Option<Life> {
    let mut of_it = (1..).zip(events).filter(|(_, event)| event.msg == Some(msg));
    let (number, first) = of_it.next()?;
    let (from, to) = ends(first)?;
    let mut life =
        Life { msg, kind: first.kind, from, to, sent: first.cause, steps: vec![], fate: Fate::Flying };
    for (number, event) in std::iter::once((number, first)).chain(of_it) {
        life.steps.push(number);
        life.fate = match event.what {
            What::Queued => Fate::Waiting,
            What::Delivered => Fate::Handled,
            What::Lost(loss) => Fate::Lost(loss),
            _ => life.fate,
        };
    }
    if life.fate == Fate::Waiting
        && let Some(forgot) = forgotten(events, to, life.steps[life.steps.len() - 1])
    {
        life.steps.push(forgot);
        life.fate = Fate::Forgotten;
    }
    Some(life)
}

/// Sender and receiver of the message that an event concerns.
pub(crate) fn ends(event: &Event) -> Option<(NodeId, NodeId)> {
    let peer = event.peer?;
    Some(match event.what {
        What::Delivered | What::Queued => (peer, event.node),
        _ => (event.node, peer),
    })
}

/// The first event after `since` with which a node lost its memory.
fn forgotten(events: &[Event], node: NodeId, since: u32) -> Option<u32> {
    let later = (since + 1..).zip(&events[since as usize..]);
    let forgets = |what: What| matches!(what, What::Crashed | What::Killed | What::Left);
    let mut ends = later.filter(|(_, event)| event.node == node && forgets(event.what));
    ends.next().map(|(number, _)| number)
}

/// Whether a message is a copy that somebody made by hand; then the message that was copied.
pub fn copied_from(events: &[Event], life: &Life) -> Option<MsgId> {
    at(events, life.sent).filter(|event| event.what == What::Duplicated)?.msg
}
