//! SWIM: who is in the group, asked one at a time, and told in passing.
//!
//! Das, Gupta, Motivala, *SWIM: Scalable Weakly-consistent Infection-style Process Group Membership Protocol*,
//! DSN 2002. Once a protocol period every member pings one other. When no answer comes in time, it asks k
//! others to ping for it, and only if that fails too, declares it faulty (§3.1). News travels piggybacked on
//! these messages (§4.1). With suspicion (§4.2) a member is suspected first and may refute that with a higher
//! incarnation number, which only itself may raise. With round-robin (§4.3) targets come in turn. For
//! contrast there is the detector where everybody sends heartbeats to everybody.

mod knobs;
mod look;
mod news;
mod probe;
mod properties;
mod rules;

use std::fmt;
use std::str::FromStr;

use faultline_model::{
    About, Caption, Cast, Cx, Fact, Glance, NodeId, OpId, Property, Protocol, Purpose, SortedMap, SortedSet,
    Span,
};
use serde::Serialize;

pub use knobs::{Detector, Knobs};
pub use rules::RULES;

const CHOICE: Purpose = Purpose::new("swim choice");

/// What a member thinks of another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// It answers.
    #[default]
    Alive,
    /// It has not answered; it may say otherwise.
    Suspect,
    /// It is out of the group. The paper's word is Confirm.
    Faulty,
}

/// What is said of a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Opinion {
    /// How it is.
    pub health: Health,
    /// In which of its incarnations.
    pub incarnation: u64,
}

impl Opinion {
    /// Whether this replaces `old` (§4.2). Beyond the paper, who was declared faulty and is alive may come
    /// back in a higher incarnation, as in HashiCorp's memberlist.
    fn overrides(self, old: Opinion) -> bool {
        match (self.health, old.health) {
            (Health::Faulty, Health::Faulty) | (Health::Alive, _) => self.incarnation > old.incarnation,
            (Health::Suspect, Health::Suspect) => self.incarnation > old.incarnation,
            (Health::Suspect, Health::Alive) => self.incarnation >= old.incarnation,
            (Health::Suspect, Health::Faulty) => false,
            (Health::Faulty, _) => self.incarnation >= old.incarnation,
        }
    }
}

/// An opinion as it travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Update {
    /// Of whom.
    pub about: NodeId,
    /// What.
    pub opinion: Opinion,
}

/// What members say to each other; each message carries news.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Msg {
    /// Are you there?
    Ping {
        /// News in passing.
        news: Vec<Update>,
    },
    /// Ping that member for me.
    PingReq {
        /// Whom.
        target: NodeId,
        /// News in passing.
        news: Vec<Update>,
    },
    /// That member is there.
    Ack {
        /// Who: the sender, or somebody whom it has pinged for the receiver.
        of: NodeId,
        /// News in passing.
        news: Vec<Update>,
    },
    /// I am there; for the detector without SWIM.
    Heartbeat,
}

/// What members wait for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// The next protocol period begins.
    Period,
    /// The direct ping has not been answered.
    Late,
    /// That suspect has had its time; or, with heartbeats, that member has been silent for too long.
    Expire(NodeId),
}

/// SWIM takes no operations: the group watches itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Op {}

impl fmt::Display for Op {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(_: &str) -> Result<Op, String> {
        Err("SWIM takes no operations: crash, pause or cut off a member and watch the group".to_owned())
    }
}

/// The ping of this period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Probe {
    /// Whom.
    pub target: NodeId,
    /// Whether an answer has come, by whatever way.
    pub answered: bool,
}

/// Of larger groups nobody testifies who watches whom: that would be one fact for each pair.
const WATCHED: usize = 40;

/// A member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Swim {
    /// Its own incarnation; only itself raises it.
    pub incarnation: u64,
    /// The ping of this period.
    pub probe: Option<Probe>,
    /// What it thinks of others; of whom nothing stands here, that they are alive in incarnation 0.
    pub members: SortedMap<NodeId, Opinion>,
    /// News that it still passes on: about whom, and how often it has.
    pub news: SortedMap<NodeId, u64>,
    /// Whom it has pinged for whom.
    pub helping: SortedMap<NodeId, SortedSet<NodeId>>,
    /// How many messages it has sent in this period.
    pub load: u64,
    /// Whom it pings in turn, from the last to the first.
    #[serde(skip)]
    pub turn: Vec<NodeId>,
}

impl Swim {
    /// What this member thinks of another.
    pub fn opinion(&self, of: NodeId) -> Opinion {
        self.members.get(&of).copied().unwrap_or_default()
    }

    /// So many different members that are not declared faulty, but `except`, at random.
    fn choose(&self, count: usize, except: &[NodeId], cx: &mut Cx<'_, Swim>) -> Vec<NodeId> {
        let fits = |id: &NodeId| !except.contains(id) && self.opinion(*id).health != Health::Faulty;
        let mut rest: Vec<NodeId> = cx.peers().filter(fits).collect();
        let mut chosen = vec![];
        while chosen.len() < count && !rest.is_empty() {
            let place = cx.pick(CHOICE, 0, rest.len() as u64 - 1);
            chosen.push(rest.swap_remove(place as usize));
        }
        chosen
    }

    fn send(&mut self, to: NodeId, msg: Msg, cx: &mut Cx<'_, Swim>) {
        self.load += 1;
        cx.send(to, msg);
    }
}

impl Protocol for Swim {
    type Msg = Msg;
    type Timer = Timer;
    type Op = Op;
    type Ret = Op;
    type Durable = ();
    type Witness = ();
    type Params = Knobs;

    const ABOUT: About = About {
        slug: "swim",
        name: "SWIM",
        claim: "Two messages a member and period find who has failed, however large the group is.",
        source: "Das, Gupta, Motivala: SWIM: Scalable Weakly-consistent Infection-style Process Group Membership \
                 Protocol. DSN 2002.",
        rules: RULES,
    };

    fn cast(_: &Knobs, nodes: usize) -> Cast {
        Cast::servers_and_clients(nodes, 0)
    }

    fn default_nodes() -> usize {
        12
    }

    fn boot(_: Option<()>, cx: &mut Cx<'_, Self>) -> Self {
        let knobs = cx.params();
        cx.arm(Timer::Period, knobs.period);
        if knobs.detector == Detector::AllToAll {
            for peer in cx.peers() {
                cx.arm(Timer::Expire(peer), knobs.suspicion_timeout + knobs.period);
            }
        }
        if cx.cast().len() <= WATCHED {
            // In turn it takes two turns at most; at random it may, rarely, take longer.
            let within = knobs.suspicion_timeout + knobs.period.times(2 * cx.cast().len() as u64);
            for peer in cx.peers() {
                cx.testify(Fact::Watches(peer, within));
            }
        }
        Swim::default()
    }

    fn on_message(&mut self, from: NodeId, msg: Msg, cx: &mut Cx<'_, Self>) {
        match msg {
            Msg::Ping { news } => {
                cx.because(rules::ANSWER);
                self.learn(&news, cx);
                let (of, news) = (cx.me(), self.tell(cx));
                self.send(from, Msg::Ack { of, news }, cx);
            }
            Msg::PingReq { target, news } => {
                cx.because(rules::HELP);
                self.learn(&news, cx);
                self.helping.entry(target).or_default().insert(from);
                let news = self.tell(cx);
                self.send(target, Msg::Ping { news }, cx);
            }
            Msg::Ack { of, news } => {
                self.on_ack(of, cx);
                self.learn(&news, cx);
            }
            Msg::Heartbeat => self.on_heartbeat(from, cx),
        }
    }

    fn on_timer(&mut self, timer: Timer, cx: &mut Cx<'_, Self>) {
        match timer {
            Timer::Period => self.on_period(cx),
            Timer::Late => self.on_late(cx),
            Timer::Expire(member) => self.on_expire(member, cx),
        }
    }

    fn on_request(&mut self, _: OpId, op: Op, _: &mut Cx<'_, Self>) {
        match op {}
    }

    fn glance(&self, params: &Knobs, cast: &Cast) -> Glance {
        look::member(self, params, cast)
    }

    fn caption(msg: &Msg, cast: &Cast) -> Caption {
        look::message(msg, cast)
    }

    /// In the paper's order of magnitude: a few bytes for a piece of news, and the headers of UDP.
    fn size(msg: &Msg) -> Option<u32> {
        let news = match msg {
            Msg::Ping { news } | Msg::PingReq { news, .. } | Msg::Ack { news, .. } => news.len(),
            Msg::Heartbeat => 0,
        };
        Some(50 + 6 * news as u32)
    }

    fn properties() -> Vec<Property<Self>> {
        properties::all()
    }
}

/// How long a suspect has: some periods.
fn patience(cx: &Cx<'_, Swim>) -> Span {
    cx.params().suspicion_timeout
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(health: Health, incarnation: u64) -> Opinion {
        Opinion { health, incarnation }
    }

    /// §4.2, sentence by sentence.
    #[test]
    fn what_overrides_what() {
        use Health::{Alive, Faulty, Suspect};
        assert!(of(Alive, 2).overrides(of(Suspect, 1)) && !of(Alive, 1).overrides(of(Suspect, 1)));
        assert!(of(Alive, 2).overrides(of(Alive, 1)) && !of(Alive, 1).overrides(of(Alive, 1)));
        assert!(of(Suspect, 2).overrides(of(Suspect, 1)) && !of(Suspect, 1).overrides(of(Suspect, 1)));
        assert!(of(Suspect, 1).overrides(of(Alive, 1)) && !of(Suspect, 0).overrides(of(Alive, 1)));
        assert!(of(Faulty, 1).overrides(of(Alive, 1)) && of(Faulty, 1).overrides(of(Suspect, 1)));
        // Beyond the paper: a faulty member comes back in a higher incarnation only.
        assert!(of(Alive, 2).overrides(of(Faulty, 1)) && !of(Suspect, 5).overrides(of(Faulty, 1)));
        assert!(!of(Faulty, 1).overrides(of(Alive, 2)), "or it could not come back");
    }
}
