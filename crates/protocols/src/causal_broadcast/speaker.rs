//! A speaker: what it has heard, and what waits.

use faultline_model::{NodeId, OpId, sort_by_key};
use serde::Serialize;

use super::message::{Msg, Op, Post, PostId, Ret, Vector};
use super::{Ctx, Delivery, rules};

/// The process that numbers messages in total order.
const SEQUENCER: NodeId = NodeId(0);
/// How many of the messages that it has delivered a speaker remembers.
pub const REMEMBERED: usize = 24;

/// A message that was delivered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Heard {
    /// Which.
    pub id: PostId,
    /// What it says.
    pub text: String,
}

/// The state of a speaker. It keeps nothing on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Speaker {
    /// The last messages that it has delivered, its own included, oldest first.
    pub heard: Vec<Heard>,
    /// How many messages of each process it has delivered.
    pub vector: Vector,
    /// How many messages it has sent.
    pub said: u32,
    /// What has come and may not be delivered yet.
    pub waiting: Vec<Post>,
    /// How many messages have a number: given, at the sequencer; delivered, elsewhere.
    pub numbered: u32,
}

impl Speaker {
    pub(super) fn on_request(&mut self, id: OpId, op: Op, cx: &mut Ctx<'_>) {
        let me = cx.me();
        let (text, asks) = match op {
            Op::Say(word) => (word, None),
            Op::Ask(whom, word) => {
                let Some(whom) = cx.cast().find(&whom).filter(|&node| node != me) else {
                    cx.because(rules::REFUSE);
                    return cx.reply(id, Ret::Refused);
                };
                (format!("{word}?"), Some(whom))
            }
        };
        self.say(text, asks, cx);
        cx.reply(id, Ret::Said);
    }

    /// Sends a message to everybody, or to the sequencer.
    fn say(&mut self, text: String, asks: Option<NodeId>, cx: &mut Ctx<'_>) {
        let me = cx.me();
        self.said += 1;
        let id = PostId { author: me, number: self.said };
        let mut vector = self.vector.clone();
        vector.raise(me, self.said);
        let post = Post { id, text, asks, vector, place: None };
        if cx.params().delivery != Delivery::Total {
            cx.because(rules::SAY);
            cx.broadcast(&Msg::Post(post.clone()));
            self.hear(post);
        } else if me == SEQUENCER {
            self.sequence(post, cx);
        } else {
            cx.because(rules::ASK_SEQUENCER);
            cx.send(SEQUENCER, Msg::Submit(post));
        }
    }

    /// Gives the next number, tells everybody, and hears it.
    fn sequence(&mut self, mut post: Post, cx: &mut Ctx<'_>) {
        cx.because(rules::SEQUENCE);
        self.numbered += 1;
        post.place = Some(self.numbered);
        cx.broadcast(&Msg::Post(post.clone()));
        self.hear_and_answer(post, cx);
    }

    fn hear(&mut self, post: Post) {
        self.vector.raise(post.id.author, post.id.number);
        if self.heard.len() == REMEMBERED {
            self.heard.remove(0);
        }
        self.heard.push(Heard { id: post.id, text: post.text });
    }

    fn hear_and_answer(&mut self, post: Post, cx: &mut Ctx<'_>) {
        let answer = (post.asks == Some(cx.me())).then(|| format!("{} yes", post.text.trim_end_matches('?')));
        self.hear(post);
        if let Some(answer) = answer {
            self.say(answer, None, cx);
            cx.because(rules::REPLY);
        }
    }

    pub(super) fn on_message(&mut self, msg: Msg, cx: &mut Ctx<'_>) {
        let (Msg::Post(post) | Msg::Submit(post)) = &msg;
        if self.knows(post.id, cx) {
            return cx.because(rules::COPY);
        }
        cx.because(rules::HOLD_BACK);
        let (Msg::Post(post) | Msg::Submit(post)) = msg;
        self.waiting.push(post);
        // In which order they came must leave no trace in what waits.
        sort_by_key(&mut self.waiting, |post| post.id);
        while let Some(place) = self.waiting.iter().position(|post| self.may_deliver(post, cx)) {
            let post = self.waiting.remove(place);
            match cx.params().delivery {
                Delivery::Total if post.place.is_none() => {
                    self.sequence(post, cx);
                    continue;
                }
                Delivery::Total => cx.because(rules::DELIVER_NUMBERED),
                Delivery::Causal => cx.because(rules::DELIVER),
                Delivery::Fifo => cx.because(rules::DELIVER_NEXT),
                Delivery::None => cx.because(rules::DELIVER_ANYHOW),
            }
            self.numbered = post.place.unwrap_or(self.numbered);
            self.hear_and_answer(post, cx);
        }
    }

    /// Whether it has come before.
    fn knows(&self, id: PostId, cx: &Ctx<'_>) -> bool {
        let waits = self.waiting.iter().any(|post| post.id == id);
        let delivered = match cx.params().delivery {
            // Without an order a later number does not mean that this one has come.
            Delivery::None => self.heard.iter().any(|heard| heard.id == id),
            _ => id.number <= self.vector.count(id.author),
        };
        waits || delivered
    }

    /// The test of the hold-back queue.
    fn may_deliver(&self, post: &Post, cx: &Ctx<'_>) -> bool {
        let author = post.id.author;
        let next = post.id.number == self.vector.count(author) + 1;
        match cx.params().delivery {
            Delivery::None => true,
            Delivery::Fifo => next,
            Delivery::Causal => {
                let seen =
                    |(&node, &count): (&NodeId, &u32)| node == author || count <= self.vector.count(node);
                next && post.vector.0.iter().all(seen)
            }
            // The sequencer takes each author's messages in order, and everybody takes the sequencer's.
            Delivery::Total => post.place.map_or(next, |place| place == self.numbered + 1),
        }
    }
}
