//! The failure detector: ping, ask others to ping, judge (§3.1), in turn if wanted (§4.3).

use faultline_model::{Cx, Fact, NodeId};

use super::{Detector, Health, Msg, Opinion, Probe, Swim, Timer, Update, patience, rules};

impl Swim {
    pub(super) fn on_period(&mut self, cx: &mut Cx<'_, Swim>) {
        cx.arm(Timer::Period, cx.params().period);
        cx.measure("messages in a period", self.load as i64);
        self.load = 0;
        if cx.params().detector == Detector::AllToAll {
            cx.because(rules::HEARTBEAT);
            for peer in cx.peers() {
                self.send(peer, Msg::Heartbeat, cx);
            }
            return;
        }
        cx.because(rules::PING);
        if let Some(Probe { target, answered: false }) = self.probe {
            self.no_answer(target, cx);
        }
        self.helping.clear();
        self.probe = self.next_target(cx).map(|target| Probe { target, answered: false });
        if let Some(Probe { target, .. }) = self.probe {
            let news = self.tell(cx);
            self.send(target, Msg::Ping { news }, cx);
            cx.arm(Timer::Late, cx.params().ping_timeout);
        }
    }

    fn next_target(&mut self, cx: &mut Cx<'_, Swim>) -> Option<NodeId> {
        let me = cx.me();
        if !cx.params().round_robin {
            return self.choose(1, &[me], cx).pop();
        }
        while let Some(target) = self.turn.pop() {
            if self.opinion(target).health != Health::Faulty {
                return Some(target);
            }
        }
        self.turn = self.choose(usize::MAX, &[me], cx);
        self.turn.pop()
    }

    /// The target of the period that ends has not answered, by whatever way.
    fn no_answer(&mut self, target: NodeId, cx: &mut Cx<'_, Swim>) {
        let old = self.opinion(target);
        let (health, rule) = match (cx.params().suspicion, old.health) {
            (true, Health::Alive) => (Health::Suspect, rules::SUSPECT),
            (false, Health::Alive | Health::Suspect) => (Health::Faulty, rules::DECLARE),
            _ => return,
        };
        let opinion = Opinion { health, incarnation: old.incarnation };
        self.accept(Update { about: target, opinion }, cx);
        cx.because(rule);
    }

    pub(super) fn on_late(&mut self, cx: &mut Cx<'_, Swim>) {
        cx.because(rules::ASK_OTHERS);
        let Some(Probe { target, answered: false }) = self.probe else {
            return;
        };
        for helper in self.choose(cx.params().helpers as usize, &[cx.me(), target], cx) {
            let news = self.tell(cx);
            self.send(helper, Msg::PingReq { target, news }, cx);
        }
    }

    pub(super) fn on_ack(&mut self, of: NodeId, cx: &mut Cx<'_, Swim>) {
        cx.because(rules::LATE_ANSWER);
        if let Some(probe) = self.probe.as_mut().filter(|probe| probe.target == of) {
            cx.because(rules::ANSWERED);
            probe.answered = true;
            cx.disarm(Timer::Late);
        }
        for asker in self.helping.remove(&of).unwrap_or_default() {
            cx.because(rules::PASS_ON);
            let news = self.tell(cx);
            self.send(asker, Msg::Ack { of, news }, cx);
        }
    }

    pub(super) fn on_expire(&mut self, member: NodeId, cx: &mut Cx<'_, Swim>) {
        cx.because(rules::CONFIRM);
        let opinion = Opinion { health: Health::Faulty, ..self.opinion(member) };
        self.accept(Update { about: member, opinion }, cx);
    }

    pub(super) fn on_heartbeat(&mut self, from: NodeId, cx: &mut Cx<'_, Swim>) {
        cx.because(rules::HEAR);
        if self.members.remove(&from).is_some() {
            cx.testify(Fact::Trusts(from));
        }
        cx.arm(Timer::Expire(from), patience(cx));
    }
}
