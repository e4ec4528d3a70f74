//! Dissemination: opinions ride on pings and answers (§4.1), and who is doubted objects (§4.2).

use faultline_model::{Cx, Fact, NodeId, sort};

use super::{Detector, Health, Opinion, Swim, Timer, Update, patience, rules};

/// How often a piece of news is passed on: λ log₂ n.
fn often_enough(cx: &Cx<'_, Swim>) -> u64 {
    let members = cx.cast().len().max(2) as u64;
    cx.params().lambda * u64::from(members.next_power_of_two().ilog2())
}

impl Swim {
    /// The news for one message: what has been passed on least.
    pub(super) fn tell(&mut self, cx: &Cx<'_, Swim>) -> Vec<Update> {
        if self.news.is_empty() {
            return vec![];
        }
        let mut fresh: Vec<(u64, NodeId)> = self.news.iter().map(|(&about, &told)| (told, about)).collect();
        sort(&mut fresh);
        fresh.truncate(cx.params().piggyback as usize);
        let enough = often_enough(cx);
        let mut updates = vec![];
        for (told, about) in fresh {
            let opinion = match about == cx.me() {
                true => Opinion { health: Health::Alive, incarnation: self.incarnation },
                false => self.opinion(about),
            };
            updates.push(Update { about, opinion });
            if told + 1 >= enough {
                self.news.remove(&about);
            } else {
                self.news.insert(about, told + 1);
            }
        }
        updates
    }

    pub(super) fn learn(&mut self, news: &[Update], cx: &mut Cx<'_, Swim>) {
        for &update in news {
            if update.about != cx.me() {
                self.accept(update, cx);
            } else if update.opinion.health != Health::Alive && update.opinion.incarnation >= self.incarnation
            {
                cx.because(rules::REFUTE);
                self.incarnation = update.opinion.incarnation + 1;
                self.news.insert(cx.me(), 0);
            }
        }
    }

    /// Takes over an opinion if it overrides what this member thinks, and passes it on.
    pub(super) fn accept(&mut self, update: Update, cx: &mut Cx<'_, Swim>) {
        let Update { about, opinion } = update;
        let old = self.opinion(about);
        if !opinion.overrides(old) {
            return;
        }
        self.members.insert(about, opinion);
        match (old.health == Health::Faulty, opinion.health == Health::Faulty) {
            (false, true) => cx.testify(Fact::Suspects(about)),
            (true, false) => cx.testify(Fact::Trusts(about)),
            _ => {}
        }
        if cx.params().detector == Detector::AllToAll {
            return;
        }
        self.news.insert(about, 0);
        match opinion.health {
            Health::Suspect => {
                cx.because(rules::HEAR_SUSPICION);
                cx.arm(Timer::Expire(about), patience(cx));
            }
            health => {
                cx.because(if health == Health::Alive { rules::TRUST_AGAIN } else { rules::HEAR_FAULTY });
                cx.disarm(Timer::Expire(about));
            }
        }
    }
}
