//! Rumor mongering: hot updates are told until they are old news (Demers et al. 1987, §1.4).

use faultline_model::{Cx, NodeId, Purpose};

use super::{Gossip, Item, Key, Mode, Msg, Stop, Update, rules};

const COIN: Purpose = Purpose::new("gossip coin");

impl Gossip {
    /// A round begins.
    pub(super) fn on_round(&mut self, cx: &mut Cx<'_, Gossip>) {
        self.round += 1;
        let mode = cx.params().mode;
        if mode == Mode::Push && self.hot.is_empty() {
            cx.because(rules::REST);
            return;
        }
        cx.because(match mode {
            Mode::Push => rules::TELL,
            Mode::Pull => rules::ASK,
            Mode::PushPull | Mode::Off => rules::EXCHANGE,
        });
        for _ in 0..cx.params().fan_out {
            let Some(partner) = Gossip::partner(cx) else {
                return;
            };
            match mode {
                Mode::Push => {
                    let updates = self.rumors(&[], cx);
                    if updates.is_empty() {
                        break;
                    }
                    cx.send(partner, Msg::Push { updates });
                }
                Mode::Pull => cx.send(partner, Msg::Pull { updates: vec![] }),
                Mode::PushPull => {
                    let updates = self.rumors(&[], cx);
                    cx.send(partner, Msg::Pull { updates });
                }
                Mode::Off => return,
            }
        }
        self.wait_for_round(cx);
    }

    /// The hot rumors that count as known and are not among `but`. Without feedback, telling them is what
    /// wears them out.
    fn rumors(&mut self, but: &[Update], cx: &mut Cx<'_, Gossip>) -> Vec<Update> {
        let sites = cx.cast().len();
        let ripe = |key: &Key| self.store.get(*key).is_some_and(|item| item.ripe <= self.round);
        let fresh = |update: &Update| !but.iter().any(|b| (b.key, b.stamp) == (update.key, update.stamp));
        let hot = self.hot.keys().copied().filter(ripe);
        let updates: Vec<Update> =
            hot.filter_map(|key| self.store.update(key, sites)).filter(fresh).collect();
        self.sent += updates.len() as u64;
        if !cx.params().feedback && cx.params().stop != Stop::Never {
            for update in &updates {
                self.wear(update.key, cx);
            }
        }
        updates
    }

    pub(super) fn on_push(&mut self, from: NodeId, updates: Vec<Update>, cx: &mut Cx<'_, Gossip>) {
        cx.because(rules::KNOWN);
        let useless: Vec<(Key, bool)> =
            updates.into_iter().map(|u| (u.key, self.hear(from, u, cx))).collect();
        if cx.params().feedback && cx.params().stop != Stop::Never {
            cx.send(from, Msg::Feedback { useless });
        }
    }

    pub(super) fn on_pull(&mut self, from: NodeId, updates: Vec<Update>, cx: &mut Cx<'_, Gossip>) {
        let answer = self.rumors(&updates, cx);
        if updates.is_empty() {
            cx.because(if answer.is_empty() { rules::NOTHING_HOT } else { rules::ANSWER });
        } else {
            self.on_push(from, updates, cx);
        }
        if !answer.is_empty() {
            cx.send(from, Msg::Push { updates: answer });
        }
    }

    /// Hears one rumor; true when it was known before this round.
    fn hear(&mut self, from: NodeId, update: Update, cx: &mut Cx<'_, Gossip>) -> bool {
        let known = self.store.get(update.key).is_some_and(|held| held.stamp >= update.stamp);
        if known {
            self.store.held(update.key, update.stamp, from);
            return self.store.get(update.key).is_some_and(|held| held.ripe <= self.round);
        }
        if self.store.get(update.key).is_some() || !Gossip::is_over(&update, cx) {
            self.adopt(from, update, cx);
        }
        false
    }

    /// Takes over a version that is newer than what is held.
    pub(super) fn adopt(&mut self, from: NodeId, update: Update, cx: &mut Cx<'_, Gossip>) {
        cx.because(rules::LEARN);
        let Update { key, value, stamp, .. } = update;
        self.keep(key, Item::new(value, stamp, self.round + 1, &[cx.me(), from]), cx);
    }

    pub(super) fn on_feedback(&mut self, useless: &[(Key, bool)], cx: &mut Cx<'_, Gossip>) {
        cx.because(rules::USELESS);
        for &(key, knew) in useless {
            if knew {
                self.wear(key, cx);
            } else if let Some(count) = self.hot.get_mut(&key) {
                cx.because(rules::USEFUL);
                *count = 0;
            }
        }
    }

    /// A contact that counts towards losing interest.
    fn wear(&mut self, key: Key, cx: &mut Cx<'_, Gossip>) {
        let k = cx.params().k;
        let Some(count) = self.hot.get_mut(&key) else {
            return;
        };
        *count += 1;
        let over = match cx.params().stop {
            Stop::Never => false,
            Stop::Counter => *count >= k,
            Stop::Coin => cx.pick(COIN, 1, k) == 1,
        };
        if over {
            cx.because(rules::LOSE_INTEREST);
            self.hot.remove(&key);
        }
    }
}
